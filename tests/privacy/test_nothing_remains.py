"""Two hundred sessions with canaries in them, on Mosquitto with a matcher beside it: afterwards none of them is found.

Canaries are what could tell who was here: addresses, peers, secrets, passwords, seats, tickets, sessions, nicknames and
texts. The last two never go over MQTT in truth; here they do, unsealed, so that a broker which kept a payload would
show. After each session somebody misbehaves, in every way that makes a broker write about it.
"""

import asyncio
import contextlib
import ipaddress
import json
import re
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from broker import topics
from broker.identity import unb64url
from tests.command.running import Running
from tests.engines.containers import Mosquitto
from tests.engines.mqtt_probe import connect, packet, publish, subscribe, text, through_proxy
from tests.faults.walkers import Walker

SESSIONS = 200
AT_ONCE = 10

RUDE: dict[str, Callable[[Walker], bytes]] = {
    "another's password": lambda walker: connect(walker.peer, "x" * 43),
    "no user name": lambda walker: packet(0x10, text("MQTT") + b"\x04\x02\0\x3c" + text(walker.peer)),
    "MQTT 5": lambda walker: connect(walker.peer, walker.password, level=5),
    "a forbidden Will": lambda walker: connect(walker.peer, walker.password, will=("v1/pulse", b"x")),
    "a second CONNECT": lambda walker: 2 * connect(walker.peer, walker.password),
    "a reserved packet": lambda walker: connect(walker.peer, walker.password) + b"\xf0\x00",
    "a packet too long": lambda walker: (
        connect(walker.peer, walker.password) + publish(topics.lobby(walker.peer), bytes(30_000))
    ),
    "a packet id used twice": lambda walker: (
        connect(walker.peer, walker.password) + 2 * publish(topics.lobby(walker.peer), b"{", packet_id=1)
    ),
    "wildcards and retained": lambda walker: (
        connect(walker.peer, walker.password)
        + subscribe("#", "$SYS/#", "v1/session/+")
        + publish(topics.lobby(walker.peer), b"{}", retain=True)
    ),
    "a flood": lambda walker: connect(walker.peer, walker.password) + 150 * publish(topics.lobby(walker.peer), b"{}"),
}


class Canaries:
    """What must not be found, in every spelling that it could be written in."""

    def __init__(self) -> None:
        self.words: set[bytes] = set()

    def add(self, *words: str) -> None:
        self.words |= {word.encode() for word in words}

    def of(self, walker: Walker, address: str) -> None:
        secret = unb64url(walker.password)
        self.add(walker.peer, walker.password, walker.ticket, walker.life, secret.hex(), address)
        if walker.seat:
            self.add(walker.seat)

    def found_in(self, data: bytes) -> set[bytes]:
        """Look for all of them at once: the words of the text, and their parts, against the set."""
        words = set(re.findall(rb"[A-Za-z0-9_.:-]{8,}", data))
        return {canary for canary in self.words if canary in words} | {
            canary for canary in self.words if any(canary in word for word in words if len(word) > len(canary))
        }


def addresses() -> Iterator[str]:
    """Give an address to each, IPv4 and IPv6 in turns, that stands nowhere else."""
    for number in range(1, 60_000):
        yield str(ipaddress.ip_address("10.77.0.0") + number)
        yield str(ipaddress.ip_address("2001:db8:77::") + (number << 64) + number)


@contextlib.asynccontextmanager
async def walker_at(mosquitto: Mosquitto, address: str, canaries: Canaries) -> AsyncIterator[Walker]:
    async with through_proxy(mosquitto.port, address) as probe:
        walker = Walker(probe, secrets.token_bytes(32))
        yield walker
        canaries.of(walker, address)


async def talk(mosquitto: Mosquitto, source: Iterator[str], canaries: Canaries, number: int) -> None:
    """Let two meet by a tag of their own, and say to each other, in the open, what else stays between them."""
    async with (
        walker_at(mosquitto, next(source), canaries) as one,
        walker_at(mosquitto, next(source), canaries) as other,
    ):
        await asyncio.gather(one.enter(), other.enter())
        tag = f"tag-{secrets.token_hex(6)}"
        await asyncio.gather(one.join(tags=[tag]), other.join(tags=[tag]))
        matched = await asyncio.gather(one.told("matched"), other.told("matched"))
        canaries.add(tag)
        for speaker, told in zip((one, other), matched, strict=True):
            nickname, words = f"NICK-{secrets.token_hex(8)}", f"TEXT-{secrets.token_hex(8)}"
            canaries.add(nickname, words, told["session"], told["to"], told["seat"])
            saying = json.dumps({"nickname": nickname, "text": words}).encode()
            await speaker.probe.send(publish(topics.session(told["to"]), saying, packet_id=20))
        for walker in (one, other):
            await walker.probe.hears_on("v1/session/")
        if number % 2:
            await one.say_in_lobby(
                {"kind": "leave", "life": one.life, "session": matched[0]["session"], "mood": "left"}
            )
        await misbehave(mosquitto, next(source), canaries, list(RUDE)[number % len(RUDE)])


async def misbehave(mosquitto: Mosquitto, address: str, canaries: Canaries, how: str) -> None:
    async with walker_at(mosquitto, address, canaries) as rude:
        await rude.probe.send(RUDE[how](rude))
        with contextlib.suppress(TimeoutError):
            await rude.probe.until(lambda: rude.probe.closed, within_s=0.2)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["a gentle end", "a sudden end"])
async def test_two_hundred_sessions_leave_nothing_anywhere(end: signal.Signals) -> None:
    """Not in the broker's log, nor in the engine's copy of it, nor in a file, nor in the matcher's output."""
    canaries, source = Canaries(), addresses()
    async with Mosquitto() as mosquitto:
        url = f"mqtt://127.0.0.1:{mosquitto.service_port}"
        options = ("--keys", mosquitto.keys_file, "--broker", url, "--log-level", "debug")
        async with Running.start("matcher", *options) as matcher:
            await matcher.says("connected to the broker")
            for done in range(0, SESSIONS, AT_ONCE):
                await asyncio.gather(*(talk(mosquitto, source, canaries, done + each) for each in range(AT_ONCE)))
            left = await mosquitto.end(end)
            await matcher.says("trying again")
            await matcher.ends(end)
        assert len(canaries.words) > 5 * SESSIONS
        assert canaries.found_in(b"x" + next(iter(canaries.words)) + b"x"), "the search finds what there is"
        for what, data in {**left, "the matcher's output": matcher.said.encode()}.items():
            assert canaries.found_in(data) == set(), what
        assert left["files"] == b"", "a container that may write nothing has written nothing"
        assert b"failed" not in left["log"], "no question to the gate has failed"


async def test_all_that_a_stranger_can_write_into_the_log_is_a_name_of_its_own_choice() -> None:
    """Mosquitto 2.1 writes one breach of the protocol down as an error: a password without user name. No page does it.

    It names the ClientID, which is no peer's, and no address. Everything else that can be done wrong is not written.
    """
    hello = packet(0x10, text("MQTT") + b"\x04\x42\0\x3c" + text("chosen-by-the-stranger") + text("x"))
    async with Mosquitto() as mosquitto:
        before = await mosquitto.logs()
        async with through_proxy(mosquitto.port, "10.77.200.1") as probe:
            await probe.send(hello)
            await probe.until(lambda: probe.closed)
        async with asyncio.timeout(10):
            while not (said := (await mosquitto.logs()).removeprefix(before).strip()):
                await asyncio.sleep(0.02)
    assert said.endswith("Protocol error from chosen-by-the-stranger: password without username, closing connection.")
    assert "10.77" not in said
