"""People who come, go, vanish and come again, thousands of times, and know at any time what they should be counted as.

Each is one identity with one connection after another, or one over the other. They do what a page may do and what a
network may do to it, at random; what became of their wish and their talk they learn from the service alone.
"""

import asyncio
import contextlib
import json
import random
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from bench.frames import BINARY
from bench.peers import Peer
from broker import topics
from broker.identity import SECRET_BYTES, b64url, peer_of
from broker.messages import VERSION, Mode
from matcher.headcount import PerMode
from tests.engines.mqtt_probe import connect, publish, subscribe

WELCOME_S: Final = 15.0
REPEAT_S: Final = 2.0
ARRIVING: Final = 32
"""How many connect at once."""

_MODES: Final[tuple[Mode, ...]] = ("text", "voice", "video")
_TAGS: Final = 20
_KEY: Final = "B" + "k" * 86


class Line(Peer):
    """One connection of somebody."""

    def __init__(self, host: str, person: "Comer", secret: bytes, claim: str | None) -> None:
        super().__init__(host, person.told, lambda _: None, person.lost)
        self.name, self._password = peer_of(secret), b64url(secret)
        self.claim = claim
        self._wish: tuple[str, list[str]] = ("text", [])

    def here(self) -> None:
        """Say it again, in the same words."""
        self.send(BINARY, self._here())

    def join(self, mode: str, tags: list[str], languages: Sequence[str] = ()) -> None:
        """Ask for a stranger, and remember in which words."""
        self._wish = (mode, tags)
        super().join(mode, tags, languages)

    def join_again(self) -> None:
        """Repeat the same wish."""
        mode, tags = self._wish
        join = {"kind": "join", "ticket": self.ticket, "seat": self.seat, "key": _KEY, "mode": mode, "tags": tags}
        self._say(topics.lobby(self.name), {**join, "languages": [], "relay": False})

    def gone(self, life: str) -> None:
        """Let a Will come late: the broker would say the same in this peer's name."""
        self._say(topics.presence(self.name), {"kind": "gone", "mood": "lost", "life": life}, sure=True)

    def vanish(self) -> None:
        """Break, without a word."""
        self.leaving = True
        if self._transport is not None:
            self._transport.abort()

    def _here(self) -> bytes:
        claim = {"session": self.claim} if self.claim else {}
        here = json.dumps({"kind": "here", "life": self.life, "version": VERSION, **claim}).encode()
        return publish(topics.presence(self.name), here, packet_id=self._next_id())

    def _say(self, topic: str, message: dict[str, Any], *, sure: bool = False) -> None:
        payload = json.dumps({"life": self.life, **message}).encode()
        self.send(BINARY, publish(topic, payload, packet_id=self._next_id() if sure else 0))

    def opened(self) -> None:
        """Come in, and claim a talk back."""
        gone = json.dumps({"kind": "gone", "life": self.life, "mood": "lost"}).encode()
        self.send(
            BINARY,
            connect(self.name, self._password, will=(topics.presence(self.name), gone), keep_alive_s=60)
            + subscribe(topics.inbox(self.name), topics.PULSE)
            + self._here(),
        )


class Comer:
    """One who comes and goes."""

    def __init__(self) -> None:
        self.secret = secrets.token_bytes(SECRET_BYTES)
        self.line: Line | None = None
        self.busy = False
        self.lives: list[str] = []
        self.mode: Mode = "text"
        self.ticket: str | None = None
        self.session: str | None = None
        self.cut_off = 0
        self._welcomed = asyncio.Event()

    async def arrive(self, port: int, *, claim: bool) -> None:
        """Connect, be it over a connection that stands; a talk is claimed back or forgotten."""
        self.ticket = None
        if not claim:
            self.session = None
        before, self.line = self.line, Line(f"127.0.0.1:{port}", self, self.secret, self.session)
        if before is not None:
            before.leaving = True  # the broker will end it
        self.lives.append(self.line.life)
        self._welcomed.clear()
        line = self.line
        async with asyncio.timeout(WELCOME_S):
            await asyncio.get_running_loop().create_connection(lambda: line, "127.0.0.1", port)
            while not self._welcomed.is_set():  # a welcome may get lost between two connections, so a page asks again
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._welcomed.wait(), REPEAT_S)
                    return
                line.here()

    def told(self, peer: Peer, message: dict[str, Any]) -> None:
        """Take in what the service says to this connection."""
        if peer is not self.line or message.get("life") != peer.life:
            return
        match message["kind"]:
            case "welcome":
                if not self._welcomed.is_set():
                    peer.take_seat(message["seat"])
                self._welcomed.set()
            case "matched" if message["ticket"] == self.ticket:
                self.ticket, self.session = None, message["session"]
                peer.session = message["session"]
                peer.take_seat(message["seat"])
                peer.talking()
            case "ended" if message["session"] == self.session:
                self.session = None
            case "again" | "refused" if message["ticket"] == self.ticket:
                self.ticket = None
            case _:
                pass

    def lost(self, peer: Peer) -> None:
        """Note a connection that ended unasked."""
        if peer is self.line:
            self.line = None
            self.cut_off += 1


class Crowd:
    """All of them, and chance."""

    def __init__(self, port: int, size: int, seed: int) -> None:
        self._port = port
        self._dice = random.Random(seed)
        self._doors = asyncio.Semaphore(ARRIVING)
        self._arriving: set[asyncio.Task[None]] = set()
        self.people = [Comer() for _ in range(size)]
        self.done: Counter[str] = Counter()

    async def live(self, deeds: int) -> None:
        """Do this many things, one after another or at once, as it comes."""
        for _ in range(deeds):
            while (person := self._dice.choice(self.people)).busy:
                await asyncio.sleep(0)
            await self._do_something(person)
            await asyncio.sleep(0)  # broker and service get their say
        await self.arrived()

    async def arrived(self) -> None:
        """Wait for all who are about to come in."""
        await asyncio.gather(*self._arriving)

    def part(self) -> None:
        """Let all go, in good order."""
        for person in self.people:
            if person.line is not None:
                person.line.bye()
                person.line = None

    def counted(self) -> tuple[int, PerMode, PerMode]:
        """Give what the operator should see: who is here, waits and talks, as they themselves know it."""
        here = [person for person in self.people if person.line is not None]
        waiting = Counter(person.mode for person in here if person.ticket)
        talking = Counter(person.mode for person in here if person.session)
        return len(here), PerMode.of(waiting), PerMode.of(talking)

    async def _do_something(self, person: Comer) -> None:
        line = person.line
        if line is None:
            await self._come(person, "come")
            return
        deeds = {"go": 6, "vanish": 8, "take over": 8, "here": 5, "late will": 5, **self._wishes(person)}
        [deed] = self._dice.choices(list(deeds), list(deeds.values()))
        if deed == "take over":
            await self._come(person, deed)
            return
        self.done[deed] += 1
        self._deed(deed, person, line)()

    def _wishes(self, person: Comer) -> dict[str, int]:
        if person.session:
            return {"leave": 24}
        return {"cancel": 12, "join again": 12} if person.ticket else {"join": 30}

    def _deed(self, deed: str, person: Comer, line: Line) -> Callable[[], None]:
        return {
            "go": lambda: self._go(person, line),
            "vanish": lambda: self._vanish(person, line),
            "here": line.here,
            "late will": lambda: line.gone(self._dice.choice(person.lives[:-1] or ["L" * 11])),
            "join": lambda: self._join(person, line),
            "join again": line.join_again,
            "cancel": lambda: self._cancel(person, line),
            "leave": lambda: self._leave(person, line),
        }[deed]

    async def _come(self, person: Comer, how: str) -> None:
        self.done[how] += 1
        person.busy = True
        await self._doors.acquire()
        task = asyncio.create_task(self._arrive(person, claim=self._dice.random() < 0.6))
        self._arriving.add(task)
        task.add_done_callback(self._arriving.discard)

    async def _arrive(self, person: Comer, *, claim: bool) -> None:
        try:
            await person.arrive(self._port, claim=claim)
        finally:
            person.busy = False
            self._doors.release()

    def _go(self, person: Comer, line: Line) -> None:
        person.line = person.ticket = person.session = None
        line.bye()

    def _vanish(self, person: Comer, line: Line) -> None:
        person.line = person.ticket = None
        line.vanish()

    def _join(self, person: Comer, line: Line) -> None:
        person.mode = self._dice.choice(_MODES)
        line.join(person.mode, [f"tag {self._dice.randrange(_TAGS)}"])
        person.ticket = line.ticket

    def _cancel(self, person: Comer, line: Line) -> None:
        line.cancel()
        person.ticket = None

    def _leave(self, person: Comer, line: Line) -> None:
        line.session = person.session or ""
        line.leave(self._dice.choice(["left", "skipped", "blocked", "failed"]))
        person.session = None
