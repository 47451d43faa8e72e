"""How long from Start until two strangers talk: `python -m bench.handshake`.

The real page in Chromium, the embedded broker and the matcher, with a road of chosen length between browser and broker
(`bench.proxy`); what is measured exactly stands in `bench.couples`. The ways of shaking hands take turns, run by run,
so that what else the machine does meets all of them alike.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Error

from bench import plots
from bench.couples import PAIRS, WAYS, Couples, Pair, Way
from bench.figures import keep, load_average, machine, percentile, progress, say
from bench.windows import STARTS, Start
from stranger.errors import Trouble
from tests.journeys.browsers import HOW, chromiums

FAILURES_MAX: Final = 20
"""After so many failed meetings something is broken, and there is nothing to measure."""

_COLD_MS: Final = (0, 50, 150)
_WARM_MS: Final = (0, 25, 50, 150)


@dataclass(slots=True)
class Cell:
    """What was measured under one condition, in milliseconds."""

    pair: Pair
    start: Start
    way: Way
    added_ms: int
    talk_ms: list[float] = field(default_factory=list)
    open_ms: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Run:
    """One run of this command."""

    cells: list[Cell]
    pinged: dict[int, float] = field(default_factory=dict)
    failures: int = 0
    chromium: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and keep. Gives an exit code."""
    options = _options(arguments)
    chromium = next(chromiums(), None)
    if chromium is None:
        say(HOW)
        return 1
    n = 3 if options.quick else options.n
    cells = [
        Cell(pair, start, way, added)
        for start in options.start
        for added in options.added or ((0, 50) if options.quick else _WARM_MS if start == "warm" else _COLD_MS)
        for way in options.way
        for pair in options.pair
        if (pair, start) != ("comes", "cold")
    ]
    before = machine()
    run = Run(cells)
    asyncio.run(_measure(run, chromium, n, options.minutes * 60))
    for line in _table(run):
        say(line)
    if options.out is not None:
        keep(_report(run, before), options.out.with_suffix(".json"))
        say(f"kept in {options.out.with_suffix('.json')}")
        say(plots.handshake(run.cells, options.out.with_suffix(".svg")))
    return 1 if any(not cell.talk_ms for cell in cells) else 0


async def _measure(run: Run, chromium: str, n: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    async with Couples.gather(chromium) as (couples, road):
        for added in sorted({cell.added_ms for cell in run.cells}):
            road.added_ms = added
            run.pinged[added] = round(await road.measure(), 1)
            say(f"added round trip {added} ms: PINGREQ to PINGRESP through the proxy takes {run.pinged[added]} ms")
        for turn in range(n):
            for cell in run.cells:
                if time.monotonic() > deadline or run.failures > FAILURES_MAX:
                    say("stopped before the end: " + ("too many failures" if run.failures else "the time is up"))
                    return
                what = f"{cell.pair}, {cell.start}, {cell.way}, {cell.added_ms} ms added"
                progress(f"turn {turn + 1} of {n}: {what}")
                try:
                    meeting = await couples.meet(cell.way, cell.start, cell.added_ms, cell.pair)
                except (TimeoutError, Error, Trouble) as error:
                    run.failures += 1
                    say(f"a meeting failed ({what}): {type(error).__name__}")
                    continue
                cell.talk_ms.append(meeting.talk_ms)
                cell.open_ms.append(meeting.open_ms)
            run.chromium = couples.browser_version


def _table(run: Run) -> list[str]:
    lines = [
        "",
        "| pair | start | added ms | handshake | n | channel open, p50 | p95 | both talk, p50 | p95 | max |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for cell in run.cells:
        if cell.talk_ms:
            shown = (*_shares(cell.open_ms), *_shares(cell.talk_ms), max(cell.talk_ms))
            figures = " | ".join(f"{each:.0f}" for each in shown)
            where = f"{cell.pair} | {cell.start} | {cell.added_ms} | {cell.way}"
            lines.append(f"| {where} | {len(cell.talk_ms)} | {figures} |")
    return [*lines, "", f"failed: {run.failures}; load average {load_average()}"]


def _shares(samples: list[float]) -> tuple[float, float]:
    return percentile(samples, 0.5), percentile(samples, 0.95)


def _report(run: Run, before: dict[str, object]) -> dict[str, Any]:
    return {
        "measurement": "handshake",
        **before,
        "loadAverageAfter": load_average(),
        "chromium": run.chromium,
        "pingreqMs": run.pinged,
        "failures": run.failures,
        "cells": [
            {
                "pair": cell.pair,
                "start": cell.start,
                "handshake": cell.way,
                "addedMs": cell.added_ms,
                "n": len(cell.talk_ms),
                "openMs": cell.open_ms,
                "talkMs": cell.talk_ms,
            }
            for cell in run.cells
        ],
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.handshake",
        description="Measure how long it takes two strangers to talk: two windows of a real Chromium, the embedded "
        "broker and the matcher on this machine, and a proxy that makes the way to the broker longer. Only signaling "
        "is delayed, the data channel is not.",
        epilog="browsers: both are windows. waits, comes: one is a stranger of Python's, who waits, or who comes. "
        "warm: both welcomed, from the later Start. cold: from the later “Come in”, with connecting and "
        "gathering. contested: mirror as it is where role b cannot yield the controlling role. Example: "
        "python -m bench.handshake --n 10 --start warm --added 50 --way mirror offer",
    )
    parser.add_argument("--n", type=int, default=50, help="meetings under each condition (default: 50)")
    parser.add_argument("--way", nargs="+", choices=WAYS, default=["offer", "mirror"], help="of shaking hands")
    parser.add_argument("--start", nargs="+", choices=STARTS, default=list(STARTS), help="(default: both)")
    parser.add_argument("--pair", nargs="+", choices=PAIRS, default=["browsers"], help="who meets (default: browsers)")
    parser.add_argument("--added", nargs="+", type=int, metavar="MS", help="added round trips (default: 0 to 150)")
    parser.add_argument("--minutes", type=float, default=30, help="stop after this long (default: 30)")
    parser.add_argument("--quick", action="store_true", help="three meetings each at 0 and 50 ms: does it work at all?")
    parser.add_argument("--out", type=Path, metavar="PATH", help="keep PATH.json with all samples, and PATH.svg")
    options = parser.parse_args(arguments)
    if not 1 <= options.n <= 1_000 or any(not 0 <= added <= 2_000 for added in options.added or ()):
        parser.error("--n is 1 to 1000, --added 0 to 2000 ms")
    return options


if __name__ == "__main__":
    raise SystemExit(main())
