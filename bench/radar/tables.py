"""The tables, as lines of Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bench.radar.book import RUNGS
from bench.radar.summary import SHARES, Summary
from bench.radar.verdicts import Verdict

NOTHING: Final = "-"


def tables(name: str, summary: Summary) -> Iterator[str]:
    """Give the tables of a scenario."""
    yield ""
    if "skipped" in summary:
        yield f"## {name}: skipped, {summary['skipped']}"
        return
    went, seeds = summary["went"], len(summary["seeds"])
    yield f"## {name}: {seeds} seeds, {summary['people']} people, {summary['seconds'] / 60:g} minutes"
    yield ""
    yield (
        f"At most {went['mostHere']} here at once. Talks of people with people: "
        f"{', '.join(f'{share} {_number(value)} s' for share, value in went['talksS'].items())}."
    )
    yield "; ".join(f"{what} {count}" for what, count in went["counts"].items()) + "."
    yield from _classes(summary)
    yield from _crowds(summary)
    yield from _minutes(summary)


def verdict_lines(verdicts: list[Verdict]) -> Iterator[str]:
    """Give a line for each bar."""
    yield ""
    words = {True: "pass  ", False: "MISSED", None: "not judged"}
    for verdict in verdicts:
        yield f"{words[verdict.passed]} {verdict.bar}: {verdict.found}"


def _classes(summary: Summary) -> Iterator[str]:
    if not summary["classes"]:
        return
    yield ""
    yield f"| bots | n | limited in 60 s (95 %) | ever | p50, p95, s | matches before, after | {' | '.join(RUNGS)} |"
    yield "|---|---|---|---|---|---|" + "---|" * len(RUNGS)
    for kind, found in summary["classes"].items():
        limited = found["limitedS"]
        rungs = " | ".join(
            f"{each['n'] / found['n']:.0%}" + (f", {_number(each['p50'])} s" if each["n"] else "")
            for each in found["rungs"].values()
        )
        yield (
            f"| {kind} | {found['n']} | {_share(found['in60'])} | {_share(found['ever'])} "
            f"| {_number(limited['p50'])}, {_number(limited['p95'])} "
            f"| {found['matchesBefore']}, {found['matchesAfter']} | {rungs} |"
        )


def _crowds(summary: Summary) -> Iterator[str]:
    yield ""
    yield f"| people | n | {' | '.join(f'{rung}, %' for rung in SHARES)} | waited, s per person-hour |"
    yield "|---|---|" + "---|" * (len(SHARES) + 1)
    for where, found in summary["crowds"].items():
        shares = " | ".join(_percent(share) for share in found["shares"].values())
        waited = found["waitedSPerHourInAll"]
        causes = ", ".join(f"{cause} {seconds:.2f}" for cause, seconds in found["waitedSPerHour"].items())
        interval = _interval(waited["overSeeds"], 1)
        yield f"| {where} | {found['people']} | {shares} | {waited['mean']:.2f}{interval} {causes} |"


def _minutes(summary: Summary) -> Iterator[str]:
    yield ""
    yield "Of people's matches with people, %, by minute: " + " ".join(
        f"{hits / of * 100:.0f}" if of else NOTHING
        for hits, of in (
            (sum(each["hits"] for each in six), sum(each["of"] for each in six))
            for six in (summary["windows"][first : first + 6] for first in range(0, len(summary["windows"]), 6))
        )
    )


def _share(share: Summary) -> str:
    if share["of"] == 0:
        return NOTHING
    return f"{share['share']:.2f} ({share['low']:.2f} to {share['high']:.2f})"


def _percent(share: Summary) -> str:
    if share["share"] is None:
        return NOTHING
    return f"{share['share'] * 100:.2f}{_interval(share['overSeeds'], 100)}"


def _interval(interval: tuple[float, float] | None, times: float) -> str:
    return "" if interval is None else f" ({max(0.0, interval[0]) * times:.2f} to {interval[1] * times:.2f})"


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.1f}"
