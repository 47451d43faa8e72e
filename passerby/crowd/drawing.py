"""Draws the outcome of a crowd into a file. matplotlib is no part of Passerby: without it a line says so."""

from pathlib import Path
from typing import Any, Final

from passerby.crowd.outcome import Outcome

PLOTLESS: Final = "No plot was drawn: matplotlib is not installed (`pip install matplotlib`)."
_BLUE, _RED = "#1b6ca8", "#c8553d"


def draw(outcome: Outcome, path: Path) -> str:
    """Draw how the waits are spread, and the matches of each second. Gives the line to say."""
    try:
        import matplotlib as mpl
    except ImportError:
        return PLOTLESS
    mpl.use("svg")
    import matplotlib.pyplot as plt

    figure, (spread, rate) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    found = outcome.figures
    curves = (("wait", found.waits, _BLUE), ("answer", found.answers, _RED), ("WebRTC", found.connected, "#6a8f3c"))
    for name, samples, colour in curves:
        if samples:
            _curve(spread, name, samples, colour)
    spread.set(xlabel="milliseconds", ylabel="% of peers", xscale="log", title="how long they waited and connected")
    spread.grid(alpha=0.3)
    spread.legend(frameon=False, fontsize=8)
    rate.step(range(len(found.per_second)), found.per_second, where="post", color=_RED)
    rate.set(xlabel="seconds", ylabel="matches", title=f"matches per second: {found.per_s:.1f}", ylim=(0, None))
    rate.grid(alpha=0.3)
    figure.savefig(path, format="svg", metadata={"Date": None})
    plt.close(figure)
    return f"Drawn into {path}."


def _curve(panel: Any, name: str, samples: list[float], colour: str) -> None:  # noqa: ANN401  matplotlib has no types
    ordered = sorted(max(sample, 0.1) for sample in samples)
    panel.plot(ordered, [(place + 1) / len(ordered) * 100 for place in range(len(ordered))], color=colour, label=name)
