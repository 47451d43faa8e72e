"""Matches for each second of a server's CPU: the same people, the same script, at Passerby, Socket.IO and a bare `ws`.

All run at the same time, and take turns in short rounds at one steady rate, so that what disturbs one disturbs all.
Beside them the matcher alone, in memory, in the same turns.
"""

import contextlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from bench.figures import percentile, progress
from bench.processes import allow_files
from bench.side.memory import furnished
from bench.side.people import TALK_S, Meetings
from bench.side.queues import BARE_WS, SERVER, SERVICE, SOCKET_IO, SYSTEMS, started
from bench.side.section import PASSERBY, Bar, Options, Section, Table, ratio
from bench.side.stretches import TOGETHER, Stretch, costs, faults, match, median, rest, spread

SERVICE_AT_LEAST: Final = 2.0
TOGETHER_AT_LEAST: Final = 1.0
FILES: Final = 4_096
WAIT_IN_MEMORY: Final = 100


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    rounds: int
    talkers: int
    rate: float
    seconds: float
    rest_s: float
    warm_s: float
    in_memory: int


FULL: Final = Size(rounds=5, talkers=200, rate=50, seconds=10, rest_s=3, warm_s=4, in_memory=1_000)
QUICK: Final = Size(rounds=1, talkers=40, rate=20, seconds=1, rest_s=0.3, warm_s=0.5, in_memory=100)


async def measure(options: Options) -> Section:
    """Measure, in about four minutes."""
    size = QUICK if options.quick else FULL
    allow_files(FILES)
    rounds: dict[str, list[Stretch]] = {name: [] for name in SYSTEMS}
    alone_us: list[float] = []
    async with contextlib.AsyncExitStack() as stack:
        people: dict[str, Meetings] = {}
        for name in SYSTEMS:
            progress(f"matches: {name} starts")
            meetings = people[name] = Meetings(await stack.enter_async_context(started(name)), random.Random(1))
            await meetings.let_in(size.talkers)
            await stack.enter_async_context(meetings.awake())
            await meetings.meet(size.rate, size.warm_s)  # Node compiles what is used often
        room = await stack.enter_async_context(furnished(WAIT_IN_MEMORY, "apart"))
        for turn in range(size.rounds):
            for name, meetings in people.items():
                progress(f"matches: round {turn + 1} of {size.rounds}, {name}")
                with meetings.quiet():
                    idle = await rest(meetings.system, size.rest_s)
                    rounds[name].append(await match(meetings, size.rate, size.seconds, idle))
            alone_us.append((await room.meet(size.in_memory)).match_us)
        for meetings in people.values():
            meetings.part()
    return report(rounds, alone_us, size)


def report(rounds: Mapping[str, Sequence[Stretch]], alone_us: Sequence[float], size: Size) -> Section:
    """Make the section of what was measured."""
    head = ("system", "process", "CPU ms a match", "matches a CPU second", "answer ms, p50 / p99", "errors")
    rows = [
        (name, part, spread(each, 2), _round(per_second(each)), _answers(some), faults(some))
        for name, some in rounds.items()
        for part, each in costs(some).items()
    ]
    alone_ms = [us / 1e3 for us in alone_us]
    rows.append((PASSERBY, "service, in memory", spread(alone_ms, 2), _round(per_second(alone_ms)), "-", "none"))
    service, together = (per_second(costs(rounds[PASSERBY]).get(part, ())) for part in (SERVICE, TOGETHER))
    socket_io, bare_ws = (per_second(costs(rounds[name]).get(SERVER, ())) for name in (SOCKET_IO, BARE_WS))
    beside = "matches a CPU second over those of Socket.IO's server"
    samples = {
        "size": asdict(size),
        "rounds": {name: [asdict(stretch) for stretch in some] for name, some in rounds.items()},
        "inMemoryMs": alone_ms,
        "overBareWs": {SERVICE: ratio(service, bare_ws), TOGETHER: ratio(together, bare_ws)},
    }
    return Section(
        "matches",
        (Table("Matches per second of server CPU", head, tuple(rows)),),
        (
            Bar(f"Passerby's service: {beside}", ratio(service, socket_io), at_least=SERVICE_AT_LEAST),
            Bar(f"Passerby's broker and service: {beside}", ratio(together, socket_io), at_least=TOGETHER_AT_LEAST),
        ),
        samples,
        _notes(size, ratio(together, bare_ws)),
    )


def per_second(costs_ms: Sequence[float]) -> float | None:
    """Give how many matches there are for each second of CPU, by the median of the rounds."""
    each = median(costs_ms)
    return 1e3 / each if each is not None and each > 0 else None


def _notes(size: Size, over_ws: float | None) -> tuple[str, ...]:
    return (
        (
            f"{size.rate:g} matches a second among {size.talkers} people at each system, {size.rounds} rounds of "
            f"{size.seconds:g} s in turns; the median of the rounds, and the least and the most."
        ),
        (
            "A match is all that belongs to it: both ask, both are told, a description and two candidates each way, "
            f"{TALK_S:g} s of talk, one leaves, the other is told. CPU time of all threads of a process (schedstat), "
            "less what it used at rest just before."
        ),
        (
            "Two candidates a side are what a Chromium finds on one machine. Passerby's page seals both in one message "
            "and says `talking`; the page of the others sends each as it comes. Nothing is sealed at the others."
        ),
        "Socket.IO and ws at their best: WebSocket only, nothing compressed, strangers by reference, not by room.",
        (
            "Answer: from the later of the two asks until `matched` is read. In memory: all that the service does to a "
            "match but carry its messages."
        ),
        f"Passerby's broker and service over a bare ws: {_round(over_ws, 2)}. Twice Socket.IO is the aim.",
    )


def _answers(stretches: Sequence[Stretch]) -> str:
    answers = [ms for stretch in stretches for ms in stretch.answers_ms]
    return " / ".join(f"{percentile(answers, share):.1f}" for share in (0.5, 0.99)) if answers else "-"


def _round(number: float | None, digits: int = 0) -> str:
    return "-" if number is None else f"{number:,.{digits}f}"
