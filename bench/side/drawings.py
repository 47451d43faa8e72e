"""The plots of the comparison, one file a section. matplotlib is imported when one is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bench import plots
from bench.figures import PLOTLESS, percentile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

# What draws takes matplotlib's own things, which may be absent, and their types with them: hence Any.

_COLOURS: Final = ("#c8553d", "#e0a458", "#1b6ca8", "#5b8e7d", "#8a8a8a", "#7d5ba6", "#333333")


def draw(name: str, samples: Mapping[str, Any], path: Path) -> str | None:
    """Draw the section of this name. Gives the line to say; nothing where there is nothing to draw."""
    panels, fill = _DRAWN.get(name, (0, None))
    if fill is None:
        return None
    drawing = plots.blank(panels)
    if drawing is None:
        return PLOTLESS
    figure, axes = drawing
    fill(axes, samples)
    return plots.save(figure, path)


def _talk(axes: list[Any], samples: Mapping[str, Any]) -> None:
    cells = [cell for cell in samples["cells"] if cell["openMs"]]
    systems = list(dict.fromkeys(cell["system"] for cell in cells))
    for panel, start in zip(axes, ("warm", "cold"), strict=True):
        here = [cell for cell in cells if cell["start"] == start]
        added = sorted({cell["addedMs"] for cell in here})
        for nth, system in enumerate(systems):
            for cell in here:
                if cell["system"] != system:
                    continue
                across = added.index(cell["addedMs"]) + (nth - (len(systems) - 1) / 2) * 0.12
                low, middle, high = (percentile(cell["openMs"], share) for share in (0.05, 0.5, 0.95))
                first = cell is next(each for each in cells if each["system"] == system)
                panel.plot([across] * 2, [low, high], color=_COLOURS[nth], alpha=0.5)
                panel.plot([across], [middle], "o", color=_COLOURS[nth], markersize=5, label=system if first else None)
        panel.set_xticks(range(len(added)), [f"{each} ms" for each in added])
        panel.set(title=f"{start}: p50, and from p5 to p95", xlabel="added round trip", ylabel="ms until open")
        panel.set_ylim(0, None)
        panel.grid(alpha=0.3, axis="y")
    axes[0].legend(frameon=False, fontsize=8)


def _matches(axes: list[Any], samples: Mapping[str, Any]) -> None:
    (panel,) = axes
    names = list(samples["rounds"])
    for place, name in enumerate(names):
        rounds = samples["rounds"][name]
        bottom = 0.0
        for nth, part in enumerate(rounds[0]["match_ms"]):
            middle = percentile([each["match_ms"][part] for each in rounds], 0.5)
            panel.bar([place], [middle], bottom=bottom, color=_COLOURS[nth], alpha=0.8)
            panel.text(place, bottom + middle / 2, part, ha="center", va="center", fontsize=8)
            bottom += middle
    panel.set_xticks(range(len(names)), names)
    panel.set(title="what a match costs the servers", ylabel="CPU, ms")
    panel.grid(alpha=0.3, axis="y")


def _idle(axes: list[Any], samples: Mapping[str, Any]) -> None:
    memory, wire = axes
    for nth, (name, held) in enumerate(samples["held"].items()):
        counts = list(held["bytes_each"])
        kib = [sum(held["bytes_each"][count].values()) / 1024 for count in counts]
        memory.plot(counts, kib, "-o", color=_COLOURS[nth], label=name, markersize=4)
        wire.bar([name], [held["wire_each"]], color=_COLOURS[nth])
    memory.set(title="memory of the servers", xlabel="who wait", ylabel="KiB each", xscale="log", ylim=(0, None))
    memory.legend(frameon=False, fontsize=8)
    wire.set(title="on the wire, both ways", ylabel="bytes a minute each")
    for panel in axes:
        panel.grid(alpha=0.3, axis="y")


def _growth(axes: list[Any], samples: Mapping[str, Any]) -> None:
    cost, pause = axes
    for nth, (name, curve) in enumerate(samples["curvesMs"].items()):
        cost.plot(list(curve), list(curve.values()), "-o", color=_COLOURS[nth], label=name, markersize=4)
    cost.set(title="CPU a match", xlabel="who wait", ylabel="ms", xscale="log", yscale="log")
    cost.legend(frameon=False, fontsize=8)
    for nth, (kind, rooms) in enumerate(samples["prices"].items()):
        longest = [max(each["pause_ms"] for each in some) for some in rooms.values()]
        pause.plot(list(rooms), longest, "-o", color=_COLOURS[2 + nth], label=kind, markersize=4)
    pause.set(title="longest pause for garbage", xlabel="who wait", ylabel="ms", xscale="log", ylim=(0, None))
    pause.legend(frameon=False, fontsize=8)
    for panel in axes:
        panel.grid(alpha=0.3)


_DRAWN: Final[dict[str, tuple[int, Callable[[list[Any], Mapping[str, Any]], None]]]] = {
    "talk": (2, _talk),
    "matches": (1, _matches),
    "idle": (2, _idle),
    "growth": (2, _growth),
}
