"""The plots. matplotlib is imported when one is drawn, and without it a line says so instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bench.figures import PLOTLESS, percentile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.handshake import Cell

COLOURS: Final = {"offer": "#1b6ca8", "mirror": "#c8553d", "contested": "#8a8a8a"}


def handshake(cells: Sequence[Cell], path: Path) -> str:
    """Draw p50 and p95 over the added round trip, a panel for each start. Gives the line to say."""
    starts = list(dict.fromkeys(cell.start for cell in cells if cell.talk_ms))
    drawing = _drawing(len(starts))
    if drawing is None:
        return PLOTLESS
    figure, panels = drawing
    for panel, start in zip(panels, starts, strict=True):
        ways = list(dict.fromkeys(cell.way for cell in cells if cell.start == start))
        for way in ways:
            mine = [cell for cell in cells if (cell.start, cell.way) == (start, way) and cell.talk_ms]
            added = [cell.added_ms for cell in mine]
            for share, style in ((0.5, "-o"), (0.95, ":^")):
                values = [percentile(cell.talk_ms, share) for cell in mine]
                label = f"{way}, p{share * 100:.0f}"
                panel.plot(added, values, style, color=COLOURS[way], label=label, markersize=4)
        panel.set(
            title=start, xlabel="added round trip to the broker, ms", ylabel="until both talk, ms", ylim=(0, None)
        )
        panel.grid(alpha=0.3)
        panel.legend(frameon=False, fontsize=8)
    return _save(figure, path)


def load(waits_ms: Sequence[tuple[float, float]], rates: Sequence[float], path: Path) -> str:
    """Draw the waits over time, how they are spread, and the matches of each second. Gives the line to say."""
    drawing = _drawing(3)
    if drawing is None:
        return PLOTLESS
    figure, (over_time, spread, rate) = drawing
    waits = sorted(wait for _, wait in waits_ms)
    times, values = [at for at, _ in waits_ms], [wait for _, wait in waits_ms]
    over_time.plot(times, values, ".", color=COLOURS["offer"], markersize=2, rasterized=True)  # thousands of points
    over_time.set(xlabel="seconds", ylabel="join to matched, ms", yscale="log", title="each answered join")
    spread.plot(waits, [(i + 1) / len(waits) * 100 for i in range(len(waits))], color=COLOURS["offer"])
    spread.set(xlabel="join to matched, ms", ylabel="% of joins", xscale="log", title="spread")
    for share in (0.5, 0.99):
        value = percentile(waits, share)
        spread.axvline(value, color="#888", linestyle=":")
        spread.text(value, 5, f" p{share * 100:.0f} {value:.0f} ms", fontsize=8)
    rate.step(range(len(rates)), rates, where="post", color=COLOURS["mirror"])
    rate.set(xlabel="seconds", ylabel="matches", title="matches per second", ylim=(0, None))
    for panel in (over_time, spread, rate):
        panel.grid(alpha=0.3)
    return _save(figure, path)


def gate(samples: dict[str, dict[str, list[float]]], path: Path) -> str:
    """Draw what each broker needs, a panel for each thing: the median, and every run. Gives the line to say."""
    drawing = _drawing(len(samples))
    if drawing is None:
        return PLOTLESS
    figure, panels = drawing
    for panel, (what, by_engine) in zip(panels, samples.items(), strict=True):
        engines = [engine for engine, values in by_engine.items() if values]
        medians = [percentile(by_engine[engine], 0.5) for engine in engines]
        panel.bar(engines, medians, color=list(COLOURS.values())[: len(engines)], alpha=0.6)
        for place, engine in enumerate(engines):
            panel.plot([place] * len(by_engine[engine]), by_engine[engine], ".", color="#333", markersize=4)
        panel.set(title=what, ylabel="CPU of the broker, µs")
        panel.tick_params(axis="x", labelrotation=15, labelsize=8)
        panel.grid(alpha=0.3, axis="y")
    return _save(figure, path)


def _drawing(panels: int) -> tuple[Any, list[Any]] | None:
    try:
        import matplotlib as mpl
    except ImportError:
        return None
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "passerby"  # the same figures give the same file
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, panels, figsize=(4.6 * panels, 3.8), squeeze=False, layout="constrained")
    return figure, list(axes[0])


def _save(figure: Any, path: Path) -> str:  # noqa: ANN401  matplotlib may be absent, its types with it
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    return f"drawn in {path}"
