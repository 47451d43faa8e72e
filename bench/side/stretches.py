"""Stretches at one system: how much CPU time each of its processes uses for a match, beyond what it uses at rest.

    at rest ──► so many matches a second, until all have parted ──► CPU time of that, less what rest would have used

Nobody gives a sign of life meanwhile, so that none is counted as part of a match; what a system does by its own clock
is in the rest.
"""

import asyncio
import math
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.side.people import Meetings
from bench.side.queues import System

Parts = dict[str, float]
"""A number for each process of a system."""

TOGETHER: Final = "together"
NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one stretch came to. `match_ms` is CPU time for each match."""

    asked: int
    meetings: int
    match_ms: Parts
    rest_share: Parts
    answers_ms: list[float]
    errors: dict[str, int]


async def rest(system: System, seconds: float) -> Parts:
    """Give the share of a core that each process uses when nothing happens."""
    begun, before = time.perf_counter(), system.cpu_s()
    await asyncio.sleep(seconds)
    lasted, after = time.perf_counter() - begun, system.cpu_s()
    return {part: (after[part] - before[part]) / lasted for part in after}


async def match(meetings: Meetings, rate: float, seconds: float, rest_share: Parts) -> Stretch:
    """Let so many meet in a second, for so long."""
    begun, before = time.perf_counter(), meetings.system.cpu_s()
    tally = await meetings.meet(rate, seconds)
    lasted, after = time.perf_counter() - begun, meetings.system.cpu_s()
    used = {part: after[part] - before[part] - rest_share[part] * lasted for part in after}
    match_ms = {part: cpu_s / max(1, tally.meetings) * 1e3 for part, cpu_s in used.items()}
    return Stretch(tally.asked, tally.meetings, match_ms, rest_share, tally.answers_ms, dict(tally.errors))


async def ping(meetings: Meetings, rate: float, seconds: float, rest_share: Parts) -> Parts:
    """Let so many who wait give a sign of life in a second, for so long. Gives CPU time for each, in microseconds."""
    begun, before = time.perf_counter(), meetings.system.cpu_s()
    pings = await meetings.ping(rate, seconds)
    await asyncio.sleep(0.1)  # the last ones arrive
    lasted, after = time.perf_counter() - begun, meetings.system.cpu_s()
    return {part: (after[part] - before[part] - rest_share[part] * lasted) / pings * 1e6 for part in after}


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def together(parts: Parts) -> Parts:
    """Add the sum of all processes, where there are several."""
    return parts if len(parts) < 2 else {**parts, TOGETHER: sum(parts.values())}


def costs(stretches: Sequence[Stretch]) -> dict[str, list[float]]:
    """Give the CPU time for each match, in ms, of each process and of all of them together, round by round."""
    found: dict[str, list[float]] = {}
    for stretch in stretches:
        for part, match_ms in together(stretch.match_ms).items():
            found.setdefault(part, []).append(match_ms)
    return found


def exponent(points: Mapping[int, float]) -> float | None:
    """Fit a power law by least squares of logarithms: 0 is flat, 1 is linear. None for less than two sizes."""
    if len(points) < 2:
        return None
    sizes = [math.log(size) for size in points]
    return statistics.linear_regression(sizes, [math.log(max(value, NOTHING)) for value in points.values()]).slope


def spread(values: Sequence[float], digits: int) -> str:
    """Write the median of some rounds, and the least and the most."""
    if not values:
        return "-"
    median, least, most = statistics.median(values), min(values), max(values)
    return f"{median:,.{digits}f} ({least:,.{digits}f} to {most:,.{digits}f})"


def median(values: Sequence[float]) -> float | None:
    """Give the median; None of nothing."""
    return statistics.median(values) if values else None


def faults(stretches: Sequence[Stretch]) -> str:
    """Tell how many were asked for and did not take place as they should, and why."""
    errors: dict[str, int] = {}
    for stretch in stretches:
        for what, count in stretch.errors.items():
            errors[what] = errors.get(what, 0) + count
    return ", ".join(f"{count} {what}" for what, count in errors.items()) or "none"
