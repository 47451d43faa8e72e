"""Click to talk: from Start until the channel is open on both sides, between two Chromium pages.

    warm    both have come in, and their connection to the server is open; the one waits: from the other's Start
    cold    the one waits, the other has loaded its page: from the moment it begins to come in, connecting included

The systems take turns, meeting by meeting, so that what else the machine does meets all of them alike.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from playwright.async_api import Error

from bench.figures import percentile, progress, say
from bench.side.meetings import Meetings
from bench.side.section import Bar, Options, Section, Table, ratio
from bench.side.systems import FLOOR, OTHERS, OURS, PEERJS, SOCKET_IO, SYSTEMS, TRYSTERO, System, running_systems
from bench.windows import STARTS, Start, Windows
from tests.journeys.browsers import HOW, chromiums

FAILURES_MAX: Final = 20
"""A system that has failed more often is broken, and not measured any more."""

_ADDED_MS: Final = (0, 50, 150)
_QUICK_ADDED_MS: Final = (0, 50)
_QUICK_N: Final = 2

_NOTES: Final = (
    (
        "Only signaling is delayed, half the added round trip in each direction; pages are loaded without it, and the "
        "channel stays on this machine. No STUN or TURN for anybody. Each pair has fresh profiles. The one has waited "
        "for a second and three round trips, and what its page does at first is done."
    ),
    (
        "The time is until the browser says that the data channel is open, on both sides, however late a library "
        "tells of it."
    ),
    (
        "Passerby: the real page, the default choice of handshake. Warm: welcomed, Start can be pressed. Cold: from "
        "“Come in”. On Mosquitto with our gate in a container, the page and the WebSocket through our edge; embedded: "
        "our broker in Python. The matcher is a process of its own."
    ),
    (
        "Trystero: on a Mosquitto of the same image, open to everybody, without gate and edge. It finds "
        "no stranger: both are told the name of the room. Warm: in another room already, so that its connection is "
        "open and its twenty offers are gathered. Cold: from its first joinRoom."
    ),
    (
        "PeerJS, ids known: its own server, no stranger is found either; warm: both are registered, and one calls. "
        "With a queue: a WebSocket server of thirty lines tells who comes the id of somebody who waits."
    ),
    (
        "Socket.IO: a server of the usual make, which pairs, and relays offer, answer and each candidate as an event; "
        "WebSocket only, uncompressed."
    ),
    (
        "No network: two pages of one browser hand each other descriptions and candidates by a BroadcastChannel, the "
        "offer of the one who waits ready. There is no connecting that could be cold, and no road."
    ),
)


@dataclass(slots=True)
class Cell:
    """What was measured of one system under one condition, in milliseconds."""

    system: str
    start: Start
    added_ms: int
    open_ms: list[float] = field(default_factory=list)

    @property
    def what(self) -> str:
        """To be read."""
        return f"{self.system}, {self.start}, {self.added_ms} ms added"


async def measure(options: Options) -> Section:
    """Let all of them meet, and judge."""
    if options.quick:
        return await compare(SYSTEMS, _QUICK_ADDED_MS, _QUICK_N, options.minutes)
    return await compare(SYSTEMS, _ADDED_MS, options.n, options.minutes)


async def compare(names: Sequence[str], added: Sequence[int], n: int, minutes: float) -> Section:
    """Let these meet `n` times under each condition, or for as long as there is time, and judge."""
    chromium = next(chromiums(), None)
    if chromium is None:
        raise SystemExit(f"bench: {HOW}")
    cells = list(conditions(names, added))
    failures: Counter[str] = Counter()
    async with running_systems(names) as systems, Windows.opening(chromium) as windows:
        pinged = await _pinged(systems, added)
        turns = Turns(
            {system.name: system for system in systems}, Meetings(windows), n, time.monotonic() + minutes * 60
        )
        ended = await turns.take(cells, failures)
        version = windows.browser_version
    return Section(
        name="Click to talk",
        tables=(table(cells, failures),),
        bars=tuple(bars(cells)),
        samples={
            "chromium": version,
            "pingreqMs": pinged,
            "failures": dict(failures),
            "cells": [
                {"system": cell.system, "start": cell.start, "addedMs": cell.added_ms, "openMs": cell.open_ms}
                for cell in cells
            ],
        },
        notes=(*_NOTES, ended),
    )


def conditions(names: Sequence[str], added: Sequence[int]) -> Iterator[Cell]:
    """Give an empty cell for each system under each condition, those of one condition together."""
    for start in STARTS:
        for added_ms in added:
            for name in names:
                if name != FLOOR or (start, added_ms) == ("warm", 0):
                    yield Cell(name, start, added_ms)


async def _pinged(systems: Sequence[System], added: Sequence[int]) -> dict[int, float]:
    """Give the round trips of PINGREQ on Passerby's first road, for each that is added."""
    road = next((system.roads[0] for system in systems if system.name not in (*OTHERS, FLOOR)), None)
    pinged: dict[int, float] = {}
    for added_ms in added if road else ():
        assert road is not None
        road.added_ms = added_ms
        pinged[added_ms] = round(await road.measure(), 1)
    return pinged


@dataclass(frozen=True, slots=True)
class Turns:
    """In each turn all meet once under every condition, until `deadline` of the monotonic clock."""

    systems: Mapping[str, System]
    meetings: Meetings
    n: int
    deadline: float

    async def take(self, cells: Sequence[Cell], failures: Counter[str]) -> str:
        """Fill the cells, and count by system what has failed. Gives how it ended, to be read."""
        for turn in range(self.n):
            for cell in cells:
                if time.monotonic() > self.deadline:
                    ended = f"Stopped before the end, in turn {turn + 1} of {self.n}: the time was up."
                    say(ended)
                    return ended
                if failures[cell.system] <= FAILURES_MAX:
                    progress(f"turn {turn + 1} of {self.n}: {cell.what}")
                    await self._meet(cell, failures)
        return f"All {self.n} turns were taken."

    async def _meet(self, cell: Cell, failures: Counter[str]) -> None:
        try:
            meeting = await self.meetings.meet(self.systems[cell.system], cell.start, cell.added_ms)
        except (TimeoutError, Error) as error:
            failures[cell.system] += 1
            say(f"a meeting failed ({cell.what}): {type(error).__name__}")
            if failures[cell.system] > FAILURES_MAX:
                say(f"{cell.system} has failed too often, and is not measured any more")
        else:
            cell.open_ms.append(meeting.open_ms)


def table(cells: Sequence[Cell], failures: Counter[str]) -> Table:
    """Lay out the figures: a row for each system, a column for each condition."""
    columns = list(dict.fromkeys((cell.start, cell.added_ms) for cell in cells))
    found = {(cell.system, cell.start, cell.added_ms): cell.open_ms for cell in cells}
    rows = [
        (
            name,
            *(_shown(found.get((name, start, added_ms))) for start, added_ms in columns),
            str(failures[name]),
        )
        for name in dict.fromkeys(cell.system for cell in cells)
    ]
    head = ("", *(f"{start}, {added_ms} ms" for start, added_ms in columns), "failed")
    return Table("From Start to an open channel, by added round trip: ms, p50 / p95 (n)", head, tuple(rows))


def _shown(samples: list[float] | None) -> str:
    if not samples:
        return "" if samples is None else "none"
    return f"{percentile(samples, 0.5):.0f} / {percentile(samples, 0.95):.0f} ({len(samples)})"


def bars(cells: Sequence[Cell]) -> Iterator[Bar]:
    """Give the bars of p50 on Mosquitto, of the conditions that there are."""
    asked = {(cell.start, cell.added_ms) for cell in cells}
    p50 = {
        (cell.system, cell.start, cell.added_ms): percentile(cell.open_ms, 0.5) if cell.open_ms else None
        for cell in cells
    }

    def beside(start: Start, added_ms: int, other: str, at_most: float) -> Iterator[Bar]:
        if (start, added_ms) in asked:
            measured = ratio(p50.get((OURS, start, added_ms)), p50.get((other, start, added_ms)))
            yield Bar(f"{start}, {added_ms} ms: p50 / {other}", measured, at_most=at_most)

    def ahead(start: Start, added_ms: int, at_most: float) -> Iterator[Bar]:
        if (start, added_ms) in asked:
            theirs = [value for name in OTHERS if (value := p50.get((name, start, added_ms))) is not None]
            measured = ratio(p50.get((OURS, start, added_ms)), min(theirs, default=None))
            yield Bar(f"{start}, {added_ms} ms: p50 / the fastest other", measured, at_most=at_most)

    yield from ahead("warm", 0, 1.2)
    yield from beside("warm", 50, TRYSTERO, 0.6)
    yield from beside("warm", 50, SOCKET_IO, 0.8)
    yield from beside("warm", 50, PEERJS, 1.0)
    yield from ahead("warm", 150, 1.0)
    yield from beside("cold", 50, TRYSTERO, 0.5)
