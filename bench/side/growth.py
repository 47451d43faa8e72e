"""What a match costs as ever more wait: time from join to matched, CPU time of each match and each ping, and the curve.

    on the wire    Mosquitto and the matcher, one pair of them for each size, in turns: rest, matches, pings
    in memory      the matcher alone, a process for each size, likewise in turns (`bench.side.memory`)

Tags and languages are in use. On the wire nobody who waits fits who comes; in memory that, and where many do.
"""

import asyncio
import contextlib
import random
import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

from bench.figures import percentile, progress
from bench.processes import allow_files
from bench.side.memory import Kind, Price, furnished
from bench.side.people import Meetings
from bench.side.queues import BROKER, SERVICE, started
from bench.side.section import PASSERBY, Bar, Options, Section, Table, ratio
from bench.side.stretches import Parts, Stretch, costs, exponent, faults, match, ping, rest, spread

AT_MOST: Final = 1.1
FEW: Final = 100
MANY: Final = 10_000
KINDS: Final[tuple[Kind, ...]] = ("apart", "fitting")
MORE_FILES: Final = 1_000

SERVICE_CURVE: Final = "service, on the wire"
BROKER_CURVE: Final = "broker, on the wire"
IN_MEMORY: Final[dict[Kind, str]] = {"apart": "in memory, nobody fits", "fitting": "in memory, many fit"}

Curve = dict[int, float]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    on_wire: tuple[int, ...]
    in_memory: tuple[int, ...]
    rounds: int
    talkers: int
    rate: float
    seconds: float
    rest_s: float
    pings_per_s: float
    pings_s: float
    matches_in_memory: int


FULL: Final = Size(
    on_wire=(FEW, 1_000, MANY),
    in_memory=(FEW, 1_000, MANY, 100_000),
    rounds=5,
    talkers=120,
    rate=40,
    seconds=5,
    rest_s=2,
    pings_per_s=400,
    pings_s=2,
    matches_in_memory=1_000,
)
QUICK: Final = Size(
    on_wire=(FEW, 500),
    in_memory=(FEW, 500),
    rounds=1,
    talkers=40,
    rate=20,
    seconds=1,
    rest_s=0.3,
    pings_per_s=200,
    pings_s=0.3,
    matches_in_memory=100,
)


@dataclass(slots=True)
class Found:
    """All rounds: on the wire by size, in memory by kind and size."""

    matches: dict[int, list[Stretch]] = field(default_factory=dict)
    pings_us: dict[int, list[Parts]] = field(default_factory=dict)
    prices: dict[Kind, dict[int, list[Price]]] = field(default_factory=dict)


async def measure(options: Options) -> Section:
    """Measure, in about eight minutes."""
    size = QUICK if options.quick else FULL
    allow_files(sum(size.on_wire) + len(size.on_wire) * size.talkers + MORE_FILES)
    found = Found()
    await _on_wire(size, found)
    for kind in KINDS:
        await _in_memory(size, kind, found)
    return report(found, size)


async def _on_wire(size: Size, found: Found) -> None:
    async with contextlib.AsyncExitStack() as stack:
        people: dict[int, Meetings] = {}
        for waiting in size.on_wire:
            progress(f"growth: {waiting} come and wait")
            system = await stack.enter_async_context(started(PASSERBY, patient=True))
            meetings = people[waiting] = Meetings(system, random.Random(waiting))
            await stack.enter_async_context(meetings.awake())
            await meetings.let_wait(waiting)
            await meetings.let_in(size.talkers)
            await meetings.meet(size.rate, size.rest_s)  # all is warm
        for turn in range(size.rounds):
            for waiting, meetings in people.items():
                progress(f"growth: round {turn + 1} of {size.rounds}, {waiting} wait")
                with meetings.quiet():
                    idle = await rest(meetings.system, size.rest_s)
                    stretch = await match(meetings, size.rate, size.seconds, idle)
                    pings_us = await ping(meetings, size.pings_per_s, size.pings_s, idle)
                found.matches.setdefault(waiting, []).append(stretch)
                found.pings_us.setdefault(waiting, []).append(pings_us)
        for meetings in people.values():
            meetings.part()


async def _in_memory(size: Size, kind: Kind, found: Found) -> None:
    prices = found.prices[kind] = {waiting: [] for waiting in size.in_memory}
    async with contextlib.AsyncExitStack() as stack:
        progress(f"growth: up to {size.in_memory[-1]} come in memory, {kind}")
        coming = [stack.enter_async_context(furnished(waiting, kind)) for waiting in size.in_memory]
        rooms = dict(zip(size.in_memory, await asyncio.gather(*coming), strict=True))
        for turn in range(size.rounds):
            progress(f"growth: round {turn + 1} of {size.rounds} in memory, {kind}")
            for waiting, room in rooms.items():
                prices[waiting].append(await room.meet(size.matches_in_memory))


def report(found: Found, size: Size) -> Section:
    """Make the section of what was measured."""
    curves, most = _curves(found), size.on_wire[-1]
    return Section(
        "growth",
        (_wire_table(found), _memory_table(found), _curve_table(curves, most)),
        tuple(
            Bar(f"CPU time a match, {most:,} wait over {FEW}: {name}", grown(curves[name], most), at_most=AT_MOST)
            for name in (SERVICE_CURVE, *IN_MEMORY.values())
        ),
        {
            "size": asdict(size),
            "matches": {waiting: [asdict(each) for each in some] for waiting, some in found.matches.items()},
            "pingsUs": found.pings_us,
            "prices": {
                kind: {waiting: [asdict(each) for each in some] for waiting, some in rooms.items()}
                for kind, rooms in found.prices.items()
            },
            "curvesMs": curves,
            "exponents": {name: exponent(curve) for name, curve in curves.items()},
        },
        _notes(size),
    )


def _notes(size: Size) -> tuple[str, ...]:
    return (
        (
            f"On the wire: {size.talkers} people meet {size.rate:g} times a second, beside those who wait; "
            f"{size.rounds} rounds of {size.seconds:g} s, a broker and a service for each size, in turns. CPU time of "
            "all threads (schedstat), less what was used at rest just before; nobody pings meanwhile."
        ),
        f"A ping, of QoS 1: {size.pings_per_s:g} a second for {size.pings_s:g} s by those who wait, and nothing else.",
        "Answer: from the later of the two joins until `matched` is read, with all that the machine does besides.",
        (
            "In memory: payloads in, payloads out, no MQTT. Nobody fits: who waits shares no tag with who meets. Many "
            "fit: who comes names five tags of those who wait, meets one, who then waits anew. More who fit can hardly "
            "wait at the same time: they would have met."
        ),
        (
            "The longest pause is a full collection of Python's garbage, counted with the round that it fell into. "
            "Wishes are not widened: after 5 s that would make pairs of those who wait."
        ),
        "Exponent: slope of the logarithms, by least squares: 0 is flat, 1 is linear.",
    )


def grown(curve: Curve, most: int) -> float | None:
    """Give what a match costs with the most who wait over what it costs with the fewest."""
    return ratio(curve.get(most), curve.get(FEW))


def _curves(found: Found) -> dict[str, Curve]:
    """Give the medians of CPU time a match, in ms, by how many wait."""
    curves: dict[str, Curve] = {
        name: {waiting: statistics.median(costs(some)[part]) for waiting, some in found.matches.items()}
        for name, part in ((SERVICE_CURVE, SERVICE), (BROKER_CURVE, BROKER))
    }
    for kind, rooms in found.prices.items():
        curves[IN_MEMORY[kind]] = {
            waiting: statistics.median(price.match_us for price in some) / 1e3 for waiting, some in rooms.items()
        }
    return curves


def _wire_table(found: Found) -> Table:
    rows = []
    for waiting, some in found.matches.items():
        answers = [ms for stretch in some for ms in stretch.answers_ms]
        pings = [spread([us[part] for us in found.pings_us[waiting]], 0) for part in (SERVICE, BROKER)]
        by_part = costs(some)
        rows.append(
            (
                f"{waiting:,}",
                *(f"{percentile(answers, share):.1f}" if answers else "-" for share in (0.5, 0.99)),
                *(spread(by_part[part], 2) for part in (SERVICE, BROKER)),
                *pings,
                faults(some),
            )
        )
    head = (
        "wait",
        "answer ms, p50",
        "p99",
        "service, CPU ms a match",
        "broker",
        "service, CPU µs a ping",
        "broker",
        "errors",
    )
    return Table("On the wire, Mosquitto", head, tuple(rows))


def _memory_table(found: Found) -> Table:
    rows = [
        (
            IN_MEMORY[kind].removeprefix("in memory, "),
            f"{waiting:,}",
            spread([price.match_us for price in some], 0),
            spread([price.ping_us for price in some], 1),
            f"{max(price.pause_ms for price in some):,.0f}",
        )
        for kind, rooms in found.prices.items()
        for waiting, some in rooms.items()
    ]
    head = ("of those who wait", "wait", "CPU µs a match", "CPU µs a ping", "longest pause, ms")
    return Table("The matcher alone, in memory", head, tuple(rows))


def _curve_table(curves: Mapping[str, Curve], most: int) -> Table:
    rows = [(name, _times(grown(curve, most)), _times(exponent(curve), 3)) for name, curve in curves.items()]
    return Table("How CPU time a match grows", ("what", f"{most:,} over {FEW}", "exponent"), tuple(rows))


def _times(number: float | None, digits: int = 2) -> str:
    return "-" if number is None else f"{number:.{digits}f}"
