"""A crowd, and what it lived through, judged from the peers' own records alone.

Two kinds of people. **Waiters** wait for a topic that nobody shares, for less time than after which the matcher would
widen their wish, then give up and ask for another topic: so there are many who wait and whom nobody may be given.
**Talkers** come at random times (a Poisson process), are matched with another talker, signal, talk for a while, or
skip, and come again later.
"""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from bench.peers import Peer

PATIENCE_S: Final = 3.0
"""How long a waiter waits for one topic; the matcher widens after 5 s, and a busy machine may hear the end late."""

PING_S: Final = 20.0
OFFER_BYTES: Final = (760, 320)
"""What each side of a session sends sealed: a description and the candidates that come after it."""

LOST_S: Final = 5.0
"""A talker who is still not matched by then has been forgotten: talkers come many times a second."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How people behave. Seconds, unless it says otherwise."""

    matches_per_s: float = 20.0
    skip_share: float = 0.3
    skip_after_s: float = 0.3
    talk_mean_s: float = 2.0
    patient: bool = False  # waiters wish once, and wait


@dataclass(slots=True)
class Half:
    """One side of a session, as its peer knows it."""

    peer: str
    ticket: str
    joined: float
    matched: float
    role: str
    seat: str
    to: str


@dataclass(slots=True)
class Record:
    """All that happened. Times are of `perf_counter`."""

    sessions: dict[str, list[Half]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    sealed: Counter[str] = field(default_factory=Counter)
    widened: set[str] = field(default_factory=set)
    joins: int = 0
    waiter_joins: int = 0
    held_back: int = 0


class Crowd:
    """The people at one broker."""

    def __init__(self, host: str, port: int, habits: Habits, dice: random.Random) -> None:
        self._host, self._port = host, port
        self._habits, self._dice = habits, dice
        self.record = Record()
        self.waiters: set[Peer] = set()
        self.idle: list[Peer] = []
        self.looking: dict[str, Peer] = {}
        self.welcomed = 0
        self._arrived: dict[Peer, asyncio.Future[None]] = {}
        self._number = 0
        self._closing = False
        self._ends: dict[Peer, asyncio.TimerHandle] = {}

    async def arrive(self) -> Peer:
        """Let one more come in, from an address of its own: all of 127/8 is this machine (Linux)."""
        loop = asyncio.get_running_loop()
        self._number += 1
        address = f"127.{1 + self._number // 62_500}.{self._number // 250 % 250}.{1 + self._number % 250}"
        peer = Peer(f"{self._host}:{self._port}", self._told, self._sealed, self._lost)
        self._arrived[peer] = loop.create_future()
        async with asyncio.timeout(15):
            await loop.create_connection(lambda: peer, self._host, self._port, local_addr=(address, 0))
            await self._arrived[peer]
        loop.call_later(self._dice.uniform(0, PING_S), self._ping, peer, time.perf_counter())
        return peer

    def wait(self, peer: Peer) -> None:
        """Let a peer be a waiter from now on."""
        self.waiters.add(peer)
        asyncio.get_running_loop().call_later(self._dice.uniform(0, PATIENCE_S), self._wish_again, peer)

    async def come_and_go(self, seconds: float) -> None:
        """Let talkers come at random for so long."""
        deadline = time.perf_counter() + seconds
        due = time.perf_counter()
        while (due := due + self._dice.expovariate(2 * self._habits.matches_per_s)) < deadline:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if self.idle:
                self._join(self.idle.pop(self._dice.randrange(len(self.idle))))
            else:
                self.record.held_back += 1

    async def settle(self) -> None:
        """Let nobody new come, and note who stays without a stranger: of an odd number one may."""
        await asyncio.sleep(2)
        left = [peer for peer in self.looking.values() if time.perf_counter() - peer.joined > 1]
        if len(left) > 2:
            self.record.errors["lost waiter at the end"] += len(left) - 2

    def part(self) -> None:
        """Let all go."""
        self._closing = True
        for handle in self._ends.values():
            handle.cancel()
        for peer in list(self._arrived):
            peer.bye()

    def judge(self) -> Counter[str]:
        """Look for what must not be. Gives what was found, with how often."""
        errors = Counter(self.record.errors)
        tickets: Counter[str] = Counter()
        for session, halves in self.record.sessions.items():
            tickets.update(half.ticket for half in halves)
            if session in self.record.widened:
                continue
            if len(halves) != 2:
                errors["session without two sides"] += 1
                continue
            one, other = halves
            if one.peer == other.peer or {one.role, other.role} != {"a", "b"}:
                errors["wrong roles"] += 1
            if (one.to, other.to) != (other.seat, one.seat):
                errors["wrong seats"] += 1
            for half in halves:
                errors["sealed message lost"] += self.record.sealed[half.seat] < len(OFFER_BYTES)
                errors["sealed message too many"] += self.record.sealed[half.seat] > len(OFFER_BYTES)
                errors["waited too long"] += half.matched - half.joined > LOST_S
        errors["matched twice"] += sum(count - 1 for count in tickets.values())
        return +errors

    # ── what peers are told ──────────────────────────────────────────────────────────────────────────────────────────

    def _told(self, peer: Peer, message: dict[str, Any]) -> None:
        now = time.perf_counter()
        match message["kind"]:
            case "welcome":
                peer.take_seat(message["seat"])
                if not self._arrived[peer].done():
                    self._arrived[peer].set_result(None)
            case "seat":
                peer.take_seat(message["seat"])
            case "matched":
                self._matched(peer, message, now)
            case "ended":
                if message["session"] == peer.session:
                    self._over(peer)
            case kind:
                self.record.errors[f"told: {kind}"] += 1

    def _matched(self, peer: Peer, message: dict[str, Any], now: float) -> None:
        if peer in self.waiters:
            # Its giving up came late, so the wish was widened: the matcher is right. The page would go, too.
            self.record.widened.add(message["session"])
            if message["ticket"] == peer.ticket:
                peer.session = message["session"]
                peer.leave("left")
            return
        if self.looking.pop(peer.ticket, None) is None or message["ticket"] != peer.ticket:
            self.record.errors["matched without a wish"] += 1
            return
        peer.session = message["session"]
        half = Half(peer.name, peer.ticket, peer.joined, now, message["role"], peer.seat, message["to"])
        self.record.sessions.setdefault(peer.session, []).append(half)
        peer.take_seat(message["seat"])
        peer.signal(message["to"], *OFFER_BYTES)
        peer.talking()
        habits = self._habits
        skips = self._dice.random() < habits.skip_share
        after_s = (
            habits.skip_after_s if skips else max(habits.skip_after_s, self._dice.expovariate(1 / habits.talk_mean_s))
        )
        self._ends[peer] = asyncio.get_running_loop().call_later(
            after_s, self._leave, peer, "skipped" if skips else "left"
        )

    def _sealed(self, seat: str) -> None:
        self.record.sealed[seat] += 1

    def _leave(self, peer: Peer, mood: str) -> None:
        peer.leave(mood)
        self._over(peer)

    def _over(self, peer: Peer) -> None:
        self._ends.pop(peer).cancel()
        peer.session = ""
        self.idle.append(peer)

    def _lost(self, peer: Peer) -> None:
        self.record.errors["connection lost"] += 1
        if not self._arrived[peer].done():
            self._arrived[peer].set_exception(ConnectionError("not let in"))

    # ── what they do by themselves ───────────────────────────────────────────────────────────────────────────────────

    def _join(self, peer: Peer) -> None:
        self.record.joins += 1
        peer.join("text", [])
        self.looking[peer.ticket] = peer

    def _wish_again(self, peer: Peer) -> None:
        if self._closing:
            return
        if peer.ticket:
            peer.cancel()
        self.record.waiter_joins += 1
        peer.join("text", [f"only {self.record.waiter_joins}"])
        if self._habits.patient:
            return
        asyncio.get_running_loop().call_later(PATIENCE_S, self._wish_again, peer)

    def _ping(self, peer: Peer, seated: float) -> None:
        if self._closing:
            return
        now = time.perf_counter()
        old = peer in self.waiters and now - seated > 240
        peer.ping(want_seat=old)
        asyncio.get_running_loop().call_later(PING_S, self._ping, peer, now if old else seated)
