"""The matcher alone, in memory: what a match and a ping cost it, however many wait. No broker, no socket, no MQTT.

    payload ──► hear ──► Lobby.step ──► effects ──► payloads        all that the service does, but carry them

Each room is a process of its own, so that none pays for the memory of another, and the rooms are asked in turns. In
each some wait, and some meet, two joins to a match:

    apart      who waits shares no tag with who meets: both who meet come, and find each other past all who wait
    fitting    who comes asks for the tags of five who wait (no more can be named), meets one of them, and goes again;
               who was met waits anew
"""

import asyncio
import contextlib
import gc
import json
import multiprocessing
import random
import secrets
import time
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, Literal

import matcher.wishes
from broker import topics
from broker.identity import b64url, peer_of
from broker.messages import VERSION, Matched, NewSeat, Welcome
from broker.seats import SeatKeys
from matcher.effects import Beat, Effect, Send
from matcher.events import Event, Tick
from matcher.hearing import hear
from matcher.lobby import Lobby
from matcher.policing import Policing
from matcher.system_randomness import SystemRandomness

Kind = Literal["apart", "fitting"]

TALKERS: Final = 400
AT_ONCE: Final = 20
"""So many meet at the same time."""

TAGS_MAX: Final = 5
LANGUAGES: Final = ("en", "de", "fr", "es", "pt", "it", "pl", "tr")
EVENT_S: Final = 0.001
"""From one event to the next by the room's own clock: 200 matches a second."""

COMING_S: Final = 0.000_05
"""The same while all come, or give a sign of life: who was silent for 30 s is taken to be asleep."""

_KEY: Final = "B" + "k" * 86
_OPENED: Final = 1_700_000_000.0

Said = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Price:
    """CPU time for each, in microseconds; and the longest full collection of garbage meanwhile, which is part of it."""

    match_us: float
    ping_us: float
    pause_ms: float


class Person:
    """One of those in the room."""

    def __init__(self, tags: tuple[str, ...], language: str) -> None:
        self.id = peer_of(secrets.token_bytes(32))
        self.tags, self.language = tags, language
        self.seat = self.session = self.last = ""
        self._life = b64url(secrets.token_bytes(8))

    def join(self, tags: Iterable[str]) -> Said:
        """Wish, with a new ticket."""
        wish = {"ticket": b64url(secrets.token_bytes(16)), "seat": self.seat, "key": _KEY, "mode": "text"}
        return self.lobby({"kind": "join", **wish, "tags": [*tags], "languages": [self.language], "relay": False})

    def lobby(self, message: dict[str, Any]) -> Said:
        """Say something in the lobby."""
        return topics.lobby(self.id), self._written(message)

    def presence(self, message: dict[str, Any]) -> Said:
        """Say something of being here."""
        return topics.presence(self.id), self._written(message)

    def _written(self, message: dict[str, Any]) -> bytes:
        return json.dumps({**message, "life": self._life}, separators=(",", ":")).encode()


class Pauses:
    """How long full collections take: the only ones that grow with the memory that is held."""

    def __init__(self) -> None:
        self.longest_s = self._begun = 0.0
        gc.callbacks.append(self._collecting)

    def _collecting(self, phase: Literal["start", "stop"], info: dict[str, int]) -> None:
        if info["generation"] < 2:
            return
        if phase == "start":
            self._begun = time.process_time()
        else:
            self.longest_s = max(self.longest_s, time.process_time() - self._begun)


class Room:
    """A lobby with people in it."""

    def __init__(self, waiting: int, kind: Kind) -> None:
        self.pauses = Pauses()
        self._dice, self._kind = random.Random(waiting), kind
        keys = SeatKeys({1: secrets.token_bytes(32)}, 1)
        self._lobby = Lobby(1, keys, SystemRandomness(), policing=Policing(dry_run=True))
        self._now = self._ticked = _OPENED
        self._met: list[Person] = []
        fitting = kind == "fitting"
        self._waiters = [
            Person((f"only {number}", f"just {number}"), LANGUAGES[0 if fitting else number % len(LANGUAGES)])
            for number in range(waiting)
        ]
        self._talkers = [Person(("music", "films"), LANGUAGES[0]) for _ in range(TALKERS)]
        everybody = (*self._talkers, *self._waiters)
        self._people = {person.id: person for person in everybody}
        self._tell(map(_admitted, everybody), COMING_S)
        self._tell((person.presence({"kind": "here", "version": VERSION}) for person in everybody), COMING_S)
        self._tell((person.join(person.tags) for person in self._waiters), COMING_S)
        if self.waiting != waiting:
            raise RuntimeError("those who wait must not fit each other")

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._lobby.heads().waiting

    def meet(self, matches: int) -> Price:
        """Let so many meet, and then as many who wait give a sign of life."""
        matches -= matches % AT_ONCE
        self.pauses.longest_s = 0.0
        spent_s = sum(self._meet() for _ in range(matches // AT_ONCE))
        pings = [self._dice.choice(self._waiters).presence({"kind": "ping"}) for _ in range(matches)]
        pinged_s = self._tell(pings)
        self._tell((person.presence({"kind": "ping"}) for person in self._people.values()), COMING_S)  # all stay awake
        if self.waiting != len(self._waiters):
            raise RuntimeError("somebody who waits was lost")
        return Price(spent_s / matches * 1e6, pinged_s / matches * 1e6, self.pauses.longest_s * 1e3)

    def _meet(self) -> float:
        """Let some meet, talk and part. Gives the CPU time, in seconds."""
        self._met.clear()
        fitting = self._kind == "fitting"
        come = self._coming(AT_ONCE if fitting else 2 * AT_ONCE)
        if fitting:
            named = self._dice.sample(self._waiters, AT_ONCE * TAGS_MAX)
            wishes = [[other.tags[0] for other in named[at::AT_ONCE]] for at in range(AT_ONCE)]
        else:
            wishes = [[*person.tags] for person in come]
        spent_s = self._tell([person.join(tags) for person, tags in zip(come, wishes, strict=True)])
        met = [*self._met]
        if len(met) != 2 * AT_ONCE:
            raise RuntimeError(f"{AT_ONCE} were to meet, and {len(met) / 2:g} did")
        for one, other in zip(met[::2], met[1::2], strict=True):  # both are told one after the other
            one.last, other.last = other.id, one.id
        spent_s += self._tell([person.lobby({"kind": "talking", "session": person.session}) for person in met])
        parted: dict[str, Person] = {person.session: person for person in come}
        leave = {"kind": "leave", "mood": "left"}
        spent_s += self._tell([person.lobby({**leave, "session": session}) for session, person in parted.items()])
        if fitting:
            comers = set(come)
            spent_s += self._tell([person.join(person.tags) for person in met if person not in comers])
        return spent_s

    def _coming(self, how_many: int) -> list[Person]:
        """Draw who comes. Nobody with whom another met last: these two are not matched in a row, and might be left."""
        drawn: dict[str, Person] = {}
        lasts: set[str] = set()
        for person in self._dice.sample(self._talkers, len(self._talkers)):
            if person.last not in drawn and person.id not in lasts and len(drawn) < how_many:
                drawn[person.id] = person
                lasts.add(person.last)
        return [*drawn.values()]

    def _tell(self, said: Iterable[Said], event_s: float = EVENT_S) -> float:
        """Tell the lobby what was said, and people what it answers. Gives the CPU time of the former, in seconds."""
        said = list(said)
        effects: list[Effect] = []
        begun = time.process_time()
        for topic, payload in said:
            self._now += event_s
            event = hear(topic, payload)
            if event is not None:
                self._step(event, effects)
            if self._now - self._ticked >= 1:
                self._ticked = self._now
                self._step(Tick(), effects)
        spent_s = time.process_time() - begun
        for effect in effects:
            if isinstance(effect, Send):
                self._answered(self._people[effect.peer], effect)
        return spent_s

    def _step(self, event: Event, effects: list[Effect]) -> None:
        some = self._lobby.step(event, self._now)
        for effect in some:
            if isinstance(effect, Send | Beat):
                effect.message.wire()
        effects += some

    def _answered(self, person: Person, effect: Send) -> None:
        match effect.message:
            case Welcome(seat=seat) | NewSeat(seat=seat):
                person.seat = seat
            case Matched(seat=seat, session=session):
                person.seat, person.session = seat, session
                self._met.append(person)


def _admitted(person: Person) -> Said:
    """Say as a gate that somebody came in, each from an address of its own."""
    on = {"kind": "on", "peer": person.id, "address": b64url(secrets.token_bytes(16)), "day": int(_OPENED // 86_400)}
    return "v1/gate/bench", json.dumps({"kind": "facts", "gate": "bench", "facts": [on]}).encode()


# ── each room in a process of its own ────────────────────────────────────────────────────────────────────────────────

_ROOMS: Final[list[Room]] = []


def _furnish(waiting: int, kind: Kind) -> None:
    matcher.wishes.PATIENCE_S = float("inf")  # type: ignore[misc]  # see bench.patient
    _ROOMS.append(Room(waiting, kind))


def _meet(matches: int) -> Price:
    return _ROOMS[0].meet(matches)


class RoomProcess:
    """A room that is asked from here."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    async def meet(self, matches: int) -> Price:
        """See `Room.meet`."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _meet, matches)


@contextlib.asynccontextmanager
async def furnished(waiting: int, kind: Kind) -> AsyncIterator[RoomProcess]:
    """Furnish a room with so many who wait; it takes a moment for each thousand."""
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=spawn)
    try:
        await asyncio.get_running_loop().run_in_executor(pool, _furnish, waiting, kind)
        yield RoomProcess(pool)
    finally:
        pool.shutdown(cancel_futures=True)
