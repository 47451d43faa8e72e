"""A fuzzer for the broker's two entrances, fed with what a real peer said.

    recorded: CONNECT SUBSCRIBE here · SUBSCRIBE seat · join · sealed · PINGREQ ─► mutate ─► WebSocket, or internal TCP
                                                                                        meanwhile: two canaries meet,
                                                                                        again and again

A broken case must cost its own connection at most. The same seed makes the same mutations in the same order (peers and
seats are fresh in each run). `python -m tests.faults.fuzz --seconds 600` runs it for long.
"""

import argparse
import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from broker import topics
from broker.engines.mqtt.framing import Framer
from tests.engines.mqtt_probe import DISCONNECT, PINGREQ, UPGRADE, Line, connect, frame, over_websocket, publish
from tests.faults.patience import PatientGate
from tests.faults.walkers import Walker
from tests.journeys.grounds import MosquittoGround
from tests.journeys.house import ENGINES, House

AT_ONCE = 8
CASE_S = 3.0
QUIET_S = 0.05
CANARY_S = 10.0
PACKETS = 1_000_000

Session = list[bytes]
"""The packets of one recorded session, in their order."""


@dataclass
class Report:
    """What was done, and what came of it. `escaped` and `stuck` must stay empty."""

    cases: int = 0
    meetings: int = 0
    slowest_meeting_s: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    stuck: list[str] = field(default_factory=list)
    escaped: list[str] = field(default_factory=list)


class Recording(Line):
    """A line that notes what is said."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.said = bytearray()

    @override
    async def read(self) -> bytes:
        return await self._line.read()

    @override
    async def write(self, data: bytes) -> None:
        self.said += data
        await self._line.write(data)

    @override
    async def close(self) -> None:
        await self._line.close()


async def record(port: int, secret: bytes) -> Session:
    """Walk through a whole session, and give its packets."""
    async with over_websocket(port) as probe:
        walker = Walker(probe, secret)
        probe.line = recording = Recording(probe.line)
        await walker.enter()
        await walker.join()
        await probe.send(publish(topics.session(walker.seat), b"sealed" * 20), PINGREQ)
        await probe.echo()
        await probe.send(DISCONNECT)
    framer, packets = Framer(PACKETS), []
    framer.feed(bytes(recording.said))
    while (packet := framer.next()) is not None:
        packets.append(packet.raw)
    return packets


def _flip(chance: random.Random, packets: Session, _: Sequence[Session]) -> None:
    index = chance.randrange(len(packets))
    broken = bytearray(packets[index])
    for _again in range(chance.randint(1, 4)):
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
    packets[index] = bytes(broken)


def _length(chance: random.Random, packets: Session, _: Sequence[Session]) -> None:
    """The remaining length, or any two bytes that may be the length of a string."""
    index = chance.randrange(len(packets))
    broken = bytearray(packets[index])
    at = chance.choice([1, 1, 2, chance.randrange(len(broken))])
    new = chance.choice([b"\0\0", b"\xff\xff", b"\x7f\xff", b"\x80\x80", b"\xff\xff\xff\x7f", b"\xff" * 5, b"\0\1"])
    broken[at : at + chance.choice([1, 2, len(new)])] = new
    packets[index] = bytes(broken)


def _truncate(chance: random.Random, packets: Session, _: Sequence[Session]) -> None:
    index = chance.randrange(len(packets))
    packets[index] = packets[index][: chance.randrange(len(packets[index]))]


def _splice(chance: random.Random, packets: Session, others: Sequence[Session]) -> None:
    index, other = chance.randrange(len(packets)), chance.choice(chance.choice(others))
    packets[index] = packets[index][: chance.randrange(len(packets[index]))] + other[chance.randrange(len(other)) :]


def _duplicate(chance: random.Random, packets: Session, _: Sequence[Session]) -> None:
    index = chance.randrange(len(packets))
    packets[index:index] = [packets[index]] * chance.randint(1, 30)


def _reorder(chance: random.Random, packets: Session, _: Sequence[Session]) -> None:
    chance.shuffle(packets)


def _insert(chance: random.Random, packets: Session, _: Sequence[Session]) -> None:
    packets.insert(chance.randint(0, len(packets)), chance.randbytes(chance.randint(1, 64)))


MUTATIONS: tuple[Callable[[random.Random, Session, Sequence[Session]], None], ...] = (
    _flip,
    _length,
    _truncate,
    _splice,
    _duplicate,
    _reorder,
    _insert,
)


def mutate(chance: random.Random, sessions: Sequence[Session]) -> tuple[str, bytes]:
    """Make one broken session; often its CONNECT is left whole, so that the rest is looked at."""
    packets = list(chance.choice(sessions))
    head = [packets.pop(0)] if chance.random() < 0.6 else []
    names = []
    for _ in range(chance.randint(1, 3)):
        mutation = chance.choice(MUTATIONS)
        packets = [packet for packet in packets if packet] or [PINGREQ]
        mutation(chance, packets, sessions)
        names.append(mutation.__name__.lstrip("_"))
    return names[-1], b"".join(head + packets)


def in_frames(chance: random.Random, data: bytes) -> bytes:
    """Cut it anywhere into frames of a WebSocket; some of these are broken, too."""
    out = bytearray()
    while data:
        size = chance.choice([1, 7, 125, 126, 2_000, 60_000])
        out += frame(data[:size])
        data = data[size:]
    if chance.random() < 0.15:
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    request = bytearray(UPGRADE)
    if chance.random() < 0.05:
        request[chance.randrange(len(request))] ^= 1 << chance.randrange(8)
    return bytes(request + out)


async def play(port: int, data: bytes) -> str:
    """Say it on a connection of its own, listen until nothing more comes, and leave; tell how that ended."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(CASE_S):
            writer.write(data)
            await writer.drain()
            with contextlib.suppress(TimeoutError):
                while await asyncio.wait_for(reader.read(65536), QUIET_S):
                    pass
                return "ended by the broker"
            writer.write_eof()
            while await reader.read(65536):
                pass
            return "ended by us"
    except ConnectionError:
        return "cut by the broker"
    except TimeoutError:
        return "stuck"
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def _canaries(port: int, report: Report, over: asyncio.Event) -> None:
    """Let two meet again and again, in a mode that no recorded peer asks for."""
    while not over.is_set():
        began = time.monotonic()
        async with asyncio.timeout(CANARY_S), Walker.walk(port) as ana, Walker.walk(port) as bo:
            await asyncio.gather(ana.join(mode="video"), bo.join(mode="video"))
            mine, theirs = await asyncio.gather(ana.told("matched"), bo.told("matched"))
            assert mine["session"] == theirs["session"]
        report.meetings += 1
        report.slowest_meeting_s = max(report.slowest_meeting_s, time.monotonic() - began)


async def fuzz(house: House, seed: int, seconds: float) -> Report:
    """Play broken sessions for so long."""
    chance, report, over = random.Random(seed), Report(), asyncio.Event()
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: report.escaped.append(f"{context['message']}: {context.get('exception')!r}")
    )
    public, internal = house.broker.port, house.broker.service_port
    sessions = [await record(public, bytes([number]) * 32) for number in range(1, 5)]
    sessions_inside = [*sessions, [connect("service", "guessed", will=("v1/pulse", b"down")), *sessions[0][1:]]]
    ends_at = time.monotonic() + seconds

    async def work() -> None:
        while time.monotonic() < ends_at:
            inside = chance.random() < 0.3
            kind, data = mutate(chance, sessions_inside if inside else sessions)
            data = data if inside else in_frames(chance, data)
            number = report.cases = report.cases + 1
            end = await play(internal if inside else public, data)
            report.ends[end] += 1
            report.kinds[kind] += 1
            if end == "stuck":
                report.stuck.append(f"case {number}: {kind}, {data.hex()}")

    flying = asyncio.create_task(_canaries(public, report, over))
    try:
        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    finally:
        over.set()
        await flying
    return report


async def fuzzed(engine: str, seed: int, seconds: float) -> Report:
    """Play broken sessions with a house of this engine for so long."""
    async with House.open(engine, gate=PatientGate) as house:
        report = await fuzz(house, seed, seconds)
        if isinstance(house.broker, MosquittoGround):
            report.escaped += await house.broker.wrong()
        bugs = house.service.stats().counts.get("bugs", 0)
        report.escaped += [f"{bugs} bugs in the service"] if bugs else []
        return report


def main() -> None:
    """Read the command line, fuzz, and print the counts."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60, help="how long")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other cases")
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0], help="which broker")
    given = parser.parse_args()
    report = asyncio.run(fuzzed(given.engine, given.seed, given.seconds))
    print(report)  # noqa: T201  a command
    raise SystemExit(1 if report.stuck or report.escaped else 0)


if __name__ == "__main__":
    main()
