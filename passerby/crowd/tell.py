"""Tells the outcome of a crowd in a terminal: two plots, a table, what to do, and the verdict last."""

import math
from collections.abc import Sequence
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from passerby.crowd.live import failures
from passerby.crowd.outcome import Outcome
from stranger.crowd.figures import NAMED, percentiles
from stranger.crowd.judge import DOUBLE, Fault

EDGES_MS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
_HEIGHT: Final = 11


def tell(outcome: Outcome, console: Console) -> None:
    """Print it."""
    found = outcome.figures
    if found.waits and console.encoding.startswith("utf"):
        width = min(console.width, 100)
        console.print(_plot("how long they waited: peers", *_spread(found.waits), width))
        console.print(_plot("matches a second, over time", *_over_time(found.per_second), width))
    console.print(_times(outcome))
    console.print(_counts(outcome))
    for line in outcome.advice():
        console.print(Text(line, style="yellow"))
    console.print(verdict(outcome))


def verdict(outcome: Outcome) -> Text:
    """Say whether it is well."""
    judge = outcome.course.judge
    head = f"{len(judge.sessions)} sessions of {len(judge.people)} peers: {outcome.doubles} double matches, "
    head += f"{outcome.faults[Fault.LOST]} lost waiters"
    if outcome.well:
        return Text(f"Well. {head}.", style="bold green")
    text = Text(f"Not well. {head}.", style="bold red")
    for fault, count in outcome.faults.most_common():
        text.append(f"\n  {count} times {fault.value}{' (double match)' if fault in DOUBLE else ''}")
    return text


def _times(outcome: Outcome) -> Table:
    found = outcome.figures
    table = Table("milliseconds", box=SIMPLE_HEAD, pad_edge=False)
    for name, _ in NAMED:
        table.add_column(name, justify="right")
    rows = (
        ("wait, from looking to a match", found.waits),
        ("answer, from both looking to a match", found.answers),
        ("handshake, signaled only", found.signaled),
        ("handshake, WebRTC", found.connected),
    )
    for name, samples in rows:
        if samples:
            table.add_row(name, *(f"{value:.0f}" for value in percentiles(samples).values()))
    return table


def _counts(outcome: Outcome) -> Table:
    judge, found = outcome.course.judge, outcome.figures
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column()
    table.add_row("came in", f"{outcome.here} of {outcome.course.asked.peers}")
    table.add_row("matches a second", f"{found.per_s:.1f}, over {len(found.per_second)} s")
    table.add_row("talks ended", ", ".join(f"{mood} {count}" for mood, count in found.moods.most_common()) or "none")
    table.add_row("went wrong", ", ".join(f"{name} {count}" for name, count in failures(judge).items()))
    for name, counts in (("turned away", judge.turned), ("refused", judge.refused), ("shut out", judge.shut)):
        if counts:
            table.add_row(name, ", ".join(f"{why} {count}" for why, count in counts.most_common(5)))
    if outcome.course.broken_off:
        table.add_row("", "broken off early")
    return table


def _spread(waits_ms: Sequence[float]) -> tuple[list[str], list[float]]:
    counts = [0.0] * (len(EDGES_MS) + 1)
    for wait in waits_ms:
        counts[next((place for place, edge in enumerate(EDGES_MS) if wait <= edge), len(EDGES_MS))] += 1
    used = [place for place, count in enumerate(counts) if count]
    kept = range(used[0], used[-1] + 1)
    names = [_short(edge) for edge in EDGES_MS] + ["more"]
    return [names[place] for place in kept], [counts[place] for place in kept]


def _short(edge_ms: int) -> str:
    return f"{edge_ms}ms" if edge_ms < 1_000 else f"{edge_ms // 1_000}s"  # noqa: PLR2004


def _over_time(per_second: Sequence[int]) -> tuple[list[str], list[float]]:
    per_bar = max(1, math.ceil(len(per_second) / 60))
    starts = range(0, len(per_second), per_bar)
    means = [sum(per_second[start : start + per_bar]) / len(per_second[start : start + per_bar]) for start in starts]
    every = max(1, len(means) // 6)
    return [f"{start}s" if number % every == 0 else "" for number, start in enumerate(starts)], means


def _plot(title: str, names: Sequence[str], heights: Sequence[float], width: int) -> Text:
    import plotext  # type: ignore[import-untyped]  # it carries none

    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(width, _HEIGHT)
    figure.title(title)
    figure.draw(figure.bar(list(range(len(heights))), list(heights)))
    marks = [place for place, name in enumerate(names) if name]
    figure.ruler("x").ticks(marks, [names[place] for place in marks])
    return Text(plotext.uncolorize(str(figure.build())))
