"""What somebody costs who only waits: memory of the server's processes, and bytes on the wire.

One system after the other, each started anew. Ever more people come, each asks for what nobody else asks for, and
nothing happens but what keeps them there: signs of life, and the pulse.

    grown memory / people, at each size          bytes both ways / people / minutes, at the largest
"""

import asyncio
import contextlib
import math
import random
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from bench.figures import progress
from bench.processes import allow_files
from bench.side.people import Meetings
from bench.side.queues import SOCKET_IO, SYSTEMS, System, started
from bench.side.section import PASSERBY, Bar, Options, Section, Table, ratio
from bench.side.stretches import Parts, together

AT_MOST: Final = 0.4
WINDOW_S: Final = 60.0
MORE_FILES: Final = 500

_WHAT: Final = "memory of each of {:,} who wait: Passerby's broker and service over Socket.IO's server"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured. `settle_s` is what is waited before memory is read: garbage is collected meanwhile."""

    people: tuple[int, ...]
    settle_s: float
    window_s: float


@dataclass(frozen=True, slots=True)
class Held:
    """What one system holds: bytes for each of so many who wait, and what a minute of waiting takes of each."""

    bytes_each: dict[int, Parts]
    wire_each: float
    cpu_each_ms: Parts
    errors: dict[str, int]


FULL: Final = Size((1_000, 5_000, 10_000), settle_s=10, window_s=WINDOW_S)
QUICK: Final = Size((100, 500), settle_s=0.3, window_s=1)


async def measure(options: Options) -> Section:
    """Measure, in about six minutes."""
    size = QUICK if options.quick else FULL
    allow_files(size.people[-1] + MORE_FILES)
    held: dict[str, Held] = {}
    for name in SYSTEMS:
        progress(f"idle: {name} starts")
        async with started(name, patient=True) as system:
            held[name] = await _hold(system, size)
    return report(held, size)


async def _hold(system: System, size: Size) -> Held:
    await asyncio.sleep(size.settle_s)
    before = system.memory_kib()
    meetings = Meetings(system, random.Random(1))
    bytes_each: dict[int, Parts] = {}
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(meetings.awake(system.pulse_s))
        for count in size.people:
            progress(f"idle: {system.name}, {count} come and wait")
            await meetings.let_wait(count)
            await asyncio.sleep(size.settle_s)
            now = system.memory_kib()
            bytes_each[count] = {part: (now[part] - before[part]) * 1024 / count for part in now}
        progress(f"idle: {system.name}, the wire is watched")
        wire_each, cpu_each_ms = await _minute(meetings, size)
    meetings.part()
    return Held(bytes_each, wire_each, cpu_each_ms, dict(meetings.errors))


async def _minute(meetings: Meetings, size: Size) -> tuple[float, Parts]:
    """Watch for a whole number of the system's own periods. Gives bytes and CPU time, in ms, of each in a minute."""
    system, count = meetings.system, len(meetings.everybody)
    periods = math.ceil(size.window_s / system.pulse_s)
    window_s = periods * system.pulse_s if size.window_s >= system.pulse_s else size.window_s
    begun, before, carried = time.perf_counter(), system.cpu_s(), meetings.carried()
    await asyncio.sleep(window_s)
    minutes, after = (time.perf_counter() - begun) / 60, system.cpu_s()
    cpu_each_ms = {part: (after[part] - before[part]) * 1e3 / count / minutes for part in after}
    return (meetings.carried() - carried) / count / minutes, cpu_each_ms


def report(held: Mapping[str, Held], size: Size) -> Section:
    """Make the section of what was measured."""
    most = size.people[-1]
    waits = (f"KiB each, {count:,} wait" for count in size.people)
    head = ("system", "process", *waits, "bytes a minute each", f"CPU ms a minute each, {most:,} wait", "errors")
    rows: list[tuple[str, ...]] = []
    for name, each in held.items():
        memory = {count: together(each.bytes_each[count]) for count in size.people}
        cpu_ms, errors = together(each.cpu_each_ms), ", ".join(each.errors) or "none"
        for part in memory[most]:
            kib = (f"{memory[count][part] / 1024:.1f}" for count in size.people)
            rows.append((name, part, *kib, f"{each.wire_each:,.0f}", f"{cpu_ms[part]:.2f}", errors))
    return Section(
        "idle",
        (Table("What somebody costs who waits", head, tuple(rows)),),
        tuple(Bar(_WHAT.format(count), _over(held, count), at_most=AT_MOST) for count in size.people),
        {"size": asdict(size), "held": {name: asdict(each) for name, each in held.items()}},
        _notes(size),
    )


def _over(held: Mapping[str, Held], count: int) -> float | None:
    ours, theirs = (sum(held[name].bytes_each[count].values()) for name in (PASSERBY, SOCKET_IO))
    return ratio(ours, theirs)


def _notes(size: Size) -> tuple[str, ...]:
    return (
        f"Memory: resident set, grown since the process stood empty, {size.settle_s:g} s after the last one came.",
        (
            "All are in the same state: connected, and in a queue for what nobody else asks for. At Passerby that is: "
            "welcomed, seated and joined; its wishes are not widened, which after 5 s would make pairs of them."
        ),
        (
            "Bytes: all that TCP carries, both ways, counted at the client. Passerby's page pings every 20 s and hears "
            "the pulse; Socket.IO's server pings every 25 s, that on ws every 30 s, as its README has it."
        ),
    )
