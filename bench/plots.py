"""The plots. matplotlib is imported when one is drawn, and without it a line says so instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bench.figures import PLOTLESS, percentile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bench.handshake import Cell

COLOURS: Final = {"offer": "#1b6ca8", "mirror": "#c8553d", "contested": "#8a8a8a"}


def handshake(cells: Sequence[Cell], path: Path) -> str:
    """Draw p50 and p95 over the added round trip, a panel for each pair and start. Gives the line to say."""
    conditions = list(dict.fromkeys((cell.pair, cell.start) for cell in cells if cell.talk_ms))
    drawing = blank(len(conditions))
    if drawing is None:
        return PLOTLESS
    figure, panels = drawing
    for panel, (pair, start) in zip(panels, conditions, strict=True):
        here = [cell for cell in cells if (cell.pair, cell.start) == (pair, start) and cell.talk_ms]
        for way in dict.fromkeys(cell.way for cell in here):
            mine = [cell for cell in here if cell.way == way]
            added = [cell.added_ms for cell in mine]
            for share, style in ((0.5, "-o"), (0.95, ":^")):
                values = [percentile(cell.talk_ms, share) for cell in mine]
                label = f"{way}, p{share * 100:.0f}"
                panel.plot(added, values, style, color=COLOURS[way], label=label, markersize=4)
        panel.set(
            title=start if pair == "browsers" else f"{start}, a stranger of Python's {pair}",
            xlabel="added round trip to the broker, ms",
            ylabel="until both talk, ms",
            ylim=(0, None),
        )
        panel.grid(alpha=0.3)
        panel.legend(frameon=False, fontsize=8)
    return save(figure, path)


def load(waits_ms: Sequence[tuple[float, float]], rates: Sequence[float], path: Path) -> str:
    """Draw the waits over time, how they are spread, and the matches of each second. Gives the line to say."""
    drawing = blank(3)
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
    return save(figure, path)


def gate(samples: dict[str, dict[str, list[float]]], path: Path) -> str:
    """Draw what each broker needs, a panel for each thing: the median, and every run. Gives the line to say."""
    drawing = blank(len(samples))
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
    return save(figure, path)


def radar(summaries: dict[str, dict[str, Any]], path: Path) -> Iterator[str]:
    """Draw recall, time to limit and people's cost of a town, and a siege over time. Gives the lines to say."""
    played = {name: summary for name, summary in summaries.items() if "skipped" not in summary}
    for name, panels in (("town", 3), ("siege", 1)):
        if name not in played:
            continue
        drawing = blank(panels)
        if drawing is None:
            yield PLOTLESS
            return
        figure, axes = drawing
        if name == "town":
            _recall(axes[0], played[name]["classes"])
            _time_to_limit(axes[1], played[name]["classes"])
            _cost(axes[2], played[name]["crowds"])
        else:
            _over_time(axes[0], played[name])
        yield save(figure, path.with_name(f"{path.stem}-{name}.svg"))


def _recall(panel: Any, classes: dict[str, Any]) -> None:  # noqa: ANN401  matplotlib may be absent, its types with it
    for place, found in enumerate(classes.values()):
        for key, colour, shift in (("in60", COLOURS["offer"], 0.12), ("ever", COLOURS["mirror"], -0.12)):
            share = found[key]
            if share["of"]:
                panel.plot([share["low"], share["high"]], [place + shift] * 2, color=colour)
                label = {"in60": "within 60 s", "ever": "ever"}[key] if place == 0 else None
                panel.plot([share["share"]], [place + shift], "o", color=colour, markersize=4, label=label)
    panel.axvline(0.95, color="#888", linestyle=":")
    panel.set(title="recall, 95 % intervals", xlim=(-0.02, 1.02))
    panel.set_yticks(range(len(classes)), classes, fontsize=8)
    panel.invert_yaxis()
    panel.grid(alpha=0.3, axis="x")
    panel.legend(frameon=False, fontsize=8)


def _time_to_limit(panel: Any, classes: dict[str, Any]) -> None:  # noqa: ANN401  the same
    for number, (kind, found) in enumerate(classes.items()):
        times = [max(0.1, seconds) for seconds in found["timesS"]]
        shares = [(rank + 1) / found["n"] for rank in range(len(times))]
        style = ("-", "--", ":")[number // 10 % 3]
        panel.step(times, shares, where="post", linestyle=style, color=f"C{number % 10}", label=kind)
    panel.axvline(60, color="#888", linestyle=":")
    panel.set(title="limited by then", xlabel="seconds after the first word", xscale="log", ylim=(-0.02, 1.02))
    panel.grid(alpha=0.3)
    panel.legend(frameon=False, fontsize=7)


def _cost(panel: Any, crowds: dict[str, Any]) -> None:  # noqa: ANN401  the same
    rungs = list(next(iter(crowds.values()))["shares"])
    for number, (where, found) in enumerate(crowds.items()):
        for place, rung in enumerate(rungs):
            share = found["shares"][rung]
            across = place + (number - len(crowds) / 2) * 0.15
            low, high = share["low"] * 100, share["high"] * 100
            panel.plot([across] * 2, [low, high], color=f"C{number}", label=where if place == 0 else None)
            panel.plot([across], [(share["share"] or 0) * 100], "o", color=f"C{number}", markersize=3)
    panel.set(title="people ever at each rung, 95 % intervals", ylabel="% of people")
    panel.set_yscale("symlog", linthresh=0.1)
    panel.set_ylim(0, 120)
    panel.set_xticks(range(len(rungs)), rungs, fontsize=8)
    panel.grid(alpha=0.3, axis="y")
    panel.legend(frameon=False, fontsize=8)


def _over_time(panel: Any, summary: dict[str, Any]) -> None:  # noqa: ANN401  the same
    begin = summary["seconds"] / 2
    windows = [window for window in summary["windows"] if window["of"]]
    times = [window["fromS"] - begin for window in windows]
    lows, highs = [window["low"] * 100 for window in windows], [window["high"] * 100 for window in windows]
    panel.fill_between(times, lows, highs, color=COLOURS["offer"], alpha=0.2, linewidth=0)
    panel.plot(times, [window["share"] * 100 for window in windows], color=COLOURS["offer"])
    panel.axvline(0, color=COLOURS["mirror"], linestyle=":")
    panel.axhline(95, color="#888", linestyle=":")
    panel.set(xlabel="seconds since the bots began to come", ylabel="% of people's matches with people", ylim=(0, 101))
    panel.grid(alpha=0.3)


def blank(panels: int) -> tuple[Any, list[Any]] | None:
    """Give a figure with so many panels beside each other; nothing without matplotlib."""
    try:
        import matplotlib as mpl
    except ImportError:
        return None
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "passerby"  # the same figures give the same file
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, panels, figsize=(4.6 * panels, 3.8), squeeze=False, layout="constrained")
    return figure, list(axes[0])


def save(figure: Any, path: Path) -> str:  # noqa: ANN401  matplotlib may be absent, its types with it
    """Keep a figure. Gives the line to say."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    return f"drawn in {path}"
