"""Passerby beside what people would pick instead, in one table with ratios: `python -m bench.side`, or `make bench`."""

import argparse
import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from bench.figures import keep, load_average, machine, say
from bench.side import growth, idle, matches, talk, weight
from bench.side.drawings import draw
from bench.side.section import Bar, Options, Section, Table

MEASURES: Final[dict[str, Callable[[Options], Coroutine[Any, Any, Section]]]] = {
    "talk": talk.measure,
    "weight": weight.measure,
    "matches": matches.measure,
    "idle": idle.measure,
    "growth": growth.measure,
}
"""The sections, in the order in which they are measured."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and keep. Gives an exit code: 1 when a bar does not hold."""
    options, wanted, out = _options(arguments)
    report: dict[str, Any] = {"measurement": "side by side", **machine(), "options": asdict(options), "sections": {}}
    bars: list[Bar] = []
    for name in wanted:
        begun, load = time.monotonic(), load_average()
        section = asyncio.run(MEASURES[name](options))
        for line in lines(section):
            say(line)
        bars += section.bars
        report["sections"][name] = {
            **asdict(section),
            "seconds": round(time.monotonic() - begun),
            "loadAverage": [load, load_average()],
        }
        if out is not None:  # after each: an hour of measuring is not lost with the last section
            keep(report, out.with_suffix(".json"))
            drawn = draw(name, section.samples, out.with_name(f"{out.name}-{name}.svg"))
            if drawn is not None:
                say(drawn)
    say("")
    for line in verdict(bars):
        say(line)
    if out is not None:
        say(f"kept in {out.with_suffix('.json')}")
    return 0 if all(bar.holds for bar in bars) else 1


def lines(section: Section) -> list[str]:
    """Give a section as Markdown."""
    said = ["", f"## {section.name}"]
    for table in section.tables:
        said += ["", *_table(table)]
    return [*said, "", *(f"- {note}" for note in section.notes)]


def verdict(bars: Sequence[Bar]) -> list[str]:
    """Give all bars as Markdown, with whether they hold."""
    rows = tuple(
        (
            bar.what,
            "not measured" if bar.measured is None else f"{bar.measured:.2f}",
            bar.limit,
            "✓" if bar.holds else "✗",
        )
        for bar in bars
    )
    missed = sum(not bar.holds for bar in bars)
    told = "every bar holds" if not missed else f"{missed} of {len(bars)} bars do not hold"
    return [
        *_table(Table("The bars", ("ratio", "measured", "bar", "holds"), rows)),
        "",
        f"{told}; load {load_average()}",
    ]


def _table(table: Table) -> list[str]:
    rows = [table.head, tuple("---" for _ in table.head), *table.rows]
    return [f"**{table.title}**", "", *(f"| {' | '.join(row)} |" for row in rows)]


def _options(arguments: Sequence[str] | None) -> tuple[Options, list[str], Path | None]:
    parser = argparse.ArgumentParser(
        prog="python -m bench.side",
        description="Measure Passerby beside Trystero, PeerJS, Socket.IO and a bare WebSocket queue, each with a "
        "server on this machine, in turns. Needs Docker (for Mosquitto), Chromium, and a quiet machine.",
        epilog="talk: from Start to the open channel. weight: JavaScript, frames and bytes. matches: per second of "
        "server CPU. idle: memory and bytes of who waits. growth: with many waiting. "
        "Example: python -m bench.side talk weight --n 10",
    )
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(MEASURES)} (default: all)")
    parser.add_argument("--n", type=int, default=50, help="meetings for each cell of talk (default: 50)")
    parser.add_argument("--minutes", type=float, default=75, help="stop talk after this long (default: 75)")
    parser.add_argument("--quick", action="store_true", help="a few of everything: does it work at all?")
    parser.add_argument("--out", type=Path, metavar="PATH", help="keep PATH.json with all samples, and PATH-*.svg")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.sections if name not in MEASURES]
    if unknown:
        parser.error(f"no section is called {unknown[0]}: there are {', '.join(MEASURES)}")
    if not 1 <= given.n <= 1_000:
        parser.error("--n is 1 to 1000")
    return Options(given.quick, given.n, given.minutes), given.sections or list(MEASURES), given.out


if __name__ == "__main__":
    raise SystemExit(main())
