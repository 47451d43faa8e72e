"""Strangers' lobbies against the service's, under everything at once.

Four of `stranger.lobby` play with the real `matcher.lobby` in memory, on a network that loses, repeats and delays what
is sent at QoS 0, with connections that break, a service that restarts and time that passes. After each step what both
sides hold is checked against the promises; at the end the network is whole again, and then nobody may wait in vain.
"""

import random
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from unittest.mock import PropertyMock, patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from broker import messages
from broker.identity import PeerId, b64url, unb64url
from broker.messages import Challenge, Gone, Here, LeaveMood, Matched, Message
from broker.seats import SeatKeys, verify
from broker.stamps import Shown
from matcher.effects import Beat, Send
from matcher.effects import Effect as ServiceEffect
from matcher.events import Connected, Heard, PeerMessage, Tick
from matcher.lobby import Lobby as Service
from stranger.lobby import state as lobby
from stranger.lobby.machine import Lobby
from stranger.lobby.state import Effect, Timer, Wish

KEYS: Final = SeatKeys({1: bytes(32)}, 1)
NAMES: Final = "abcd"
WHO = st.integers(0, len(NAMES) - 1)
FATES = st.sampled_from(["arrives", "arrives", "arrives", "twice", "late", "lost"])
MOODS = st.sampled_from(["left", "skipped", "lost"])
JOINS_MOST: Final = 40
"""In a minute: a join's repetitions, those of tickets that are voided, and those after meetings that failed."""


def idle(challenge: Challenge) -> str:
    """Make a stamp without the work, which takes longer than all else here; while a machine runs it is believed."""
    return b64url(struct.pack(">B32sI", challenge.effort, unb64url(challenge.seed), 0))


class Seeded:
    """Repeatable chance."""

    def __init__(self) -> None:
        self._random = random.Random(1)

    def token(self, n_bytes: int) -> bytes:
        return self._random.randbytes(n_bytes)

    def below(self, n: int) -> int:
        return self._random.randrange(n)

    def dice(self) -> float:
        return self._random.random()


@dataclass
class Person:
    """A lobby with a shell that does what it says, and a line that may be up."""

    peer: PeerId
    chance: Seeded
    lobby: Lobby = field(init=False)
    up: bool = False
    life: str = ""
    timers: dict[Timer, float] = field(default_factory=dict)
    listening: set[str] = field(default_factory=set)
    matched: Matched | None = None
    joins: deque[float] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.lobby = Lobby(lambda: (b64url(self.chance.token(16)), "B" + "A" * 86), self.chance.dice)

    @property
    def session(self) -> str | None:
        return self.matched.session if self.matched else None

    @property
    def talks(self) -> bool:
        return isinstance(self.lobby.state.phase, lobby.Talking)


class PeersAndService(RuleBasedStateMachine):
    """People, a network and the service."""

    def __init__(self) -> None:
        super().__init__()
        self.worked = patch.object(Shown, "worked", new_callable=PropertyMock, return_value=True)
        self.worked.start()
        self.now, self.epoch, self.chance = 1_700_000_000.0, 1, Seeded()
        self.people = [Person(PeerId(name * 22), self.chance) for name in NAMES]
        self.of = {person.peer: person for person in self.people}
        self.service = Service(self.epoch, KEYS, self.chance)
        self.late: list[Callable[[], None]] = []
        self.fate = "arrives"
        self.members: dict[str, set[PeerId]] = {}

    # ── the network ──────────────────────────────────────────────────────────────────────────────────────────────────

    def carry(self, deliver: Callable[[], None], *, sure: bool = False) -> None:
        """Deliver at QoS 0, as fate has it; what is sure is delivered, if perhaps twice."""
        fate = self.fate if not sure else ("twice" if self.fate == "twice" else "arrives")
        if fate == "late":
            self.late.append(deliver)
        elif fate != "lost":
            deliver()
            if fate == "twice":
                deliver()

    def serve(self, effects: list[ServiceEffect]) -> None:
        for effect in effects:
            if isinstance(effect, Send):
                person, message = self.of[effect.peer], effect.message
                if isinstance(message, Matched):
                    self.members.setdefault(message.session, set()).add(effect.peer)
                    assert len(self.members[message.session]) <= 2
                self.carry(lambda person=person, message=message: self.tell(person, message))  # type: ignore[misc]
            elif isinstance(effect, Beat):
                for person in self.people:
                    if person.up:
                        self.do(
                            person, person.lobby.hear(messages.parse(messages.pulse, effect.message.wire()), self.now)
                        )

    def tell(self, person: Person, message: Message) -> None:
        if person.up:
            self.do(person, person.lobby.hear(messages.parse(messages.inbox, message.wire()), self.now))

    def say(self, person: Person, message: PeerMessage, *, sure: bool) -> None:
        assert person.up, f"said without a line: {message}"
        assert message.life == person.life
        self.carry(lambda: self.serve(self.service.step(Heard(person.peer, message), self.now)), sure=sure)

    # ── the shell ────────────────────────────────────────────────────────────────────────────────────────────────────

    def do(self, person: Person, effects: list[Effect]) -> None:  # noqa: C901, PLR0912  one case for each effect
        work: list[Challenge] = []
        for effect in effects:
            match effect:
                case lobby.Prove(challenge=challenge):
                    work.append(challenge)
                case lobby.Presence(message=message):
                    self.say(person, message, sure=True)
                case lobby.Lobbying(message=message):
                    self.lobbying(person, message)
                case lobby.Subscribe(seats=seats):
                    assert person.up
                    person.listening |= set(seats)
                case lobby.Unsubscribe(seats=seats):
                    assert set(seats) <= person.listening
                    person.listening -= set(seats)
                case lobby.Wake(timer=timer, in_s=in_s):
                    assert in_s >= 0
                    person.timers[timer] = self.now + in_s
                case lobby.Sleep(timer=timer):
                    person.timers.pop(timer, None)
                case lobby.Meet(matched=matched, seat=seat):
                    assert person.matched is None
                    assert seat in person.listening  # or what the stranger says at once would be lost
                    person.matched = matched
                case lobby.Part():
                    person.matched = None
                case lobby.Reach(seat=seat):
                    assert seat in person.listening or not person.up
                case lobby.ShutOut() | lobby.Outdated() | lobby.Limit() | lobby.NoRelay():
                    raise AssertionError(effect)
                case _:
                    pass
        for challenge in work:  # the radar asks it of who meets many and talks with none
            self.do(person, person.lobby.proved(challenge.seed, idle(challenge), self.now))

    def lobbying(self, person: Person, message: PeerMessage) -> None:
        if isinstance(message, messages.Join):
            held = verify(KEYS, message.seat)
            assert held
            assert held.owned_by(person.peer)
            assert message.seat in person.listening  # who is spoken to must listen first
            person.joins.append(self.now)
        self.say(person, message, sure=False)

    def wake(self, person: Person) -> None:
        for timer, at in sorted(person.timers.items(), key=lambda each: each[1]):
            if at <= self.now and person.timers.get(timer) == at:
                del person.timers[timer]
                self.do(person, person.lobby.woke(timer, self.now))

    def tick(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self.now += 0.5
            for person in self.people:
                self.wake(person)
            self.serve(self.service.step(Tick(), self.now))

    # ── what happens ─────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(who=WHO, fate=FATES)
    def connect(self, who: int, fate: str) -> None:
        person, self.fate = self.people[who], fate
        if person.up:
            self.lose(who, fate)
        person.up, person.life = True, b64url(self.chance.token(8))
        talk = person.session if person.talks else None
        self.say(person, Here(life=person.life, version=1, session=talk), sure=True)
        self.do(person, person.lobby.connected(person.life, 5, self.now))

    @precondition(lambda self: any(person.up for person in self.people))
    @rule(who=WHO, fate=FATES)
    def lose(self, who: int, fate: str) -> None:
        """The line breaks; the Will has its own fate."""
        person, self.fate = self.people[who], fate
        if not person.up:
            return
        gone = Gone(life=person.life, mood="lost")
        person.up, person.listening = False, set()
        self.do(person, person.lobby.lost())
        self.carry(lambda: self.serve(self.service.step(Heard(person.peer, gone), self.now)))

    @rule(who=WHO, fate=FATES, tags=st.sampled_from([(), ("x",), ("y",)]))
    def look(self, who: int, fate: str, tags: tuple[str, ...]) -> None:
        person, self.fate = self.people[who], fate
        if person.lobby.state.phase is None:
            self.do(person, person.lobby.look(Wish(tags=tags), self.now))

    @rule(who=WHO, fate=FATES)
    def cancel(self, who: int, fate: str) -> None:
        person, self.fate = self.people[who], fate
        self.do(person, person.lobby.cancel(self.now))

    @rule(who=WHO, fate=FATES)
    def open(self, who: int, fate: str) -> None:
        """A channel opens where both obey the same session."""
        self.fate = fate
        pair = [each for each in self.people if each.session and each.session == self.people[who].session]
        for person in pair if len(pair) == 2 else []:
            assert person.session
            self.do(person, person.lobby.opened(person.session, self.now))

    @rule(who=WHO, fate=FATES)
    def fail(self, who: int, fate: str) -> None:
        person, self.fate = self.people[who], fate
        session = person.session
        if session and not person.talks:
            person.matched = None
            self.do(person, person.lobby.failed(session, self.now))

    @rule(who=WHO, fate=FATES, mood=MOODS)
    def leave(self, who: int, fate: str, mood: LeaveMood) -> None:
        """One leaves a talk; over the channel the other hears of it."""
        self.fate, session = fate, self.people[who].session
        if not session or not self.people[who].talks:
            return
        for person in self.people:
            if person.session == session and person.talks:
                person.matched = None
                self.do(person, person.lobby.over(session, mood if person is self.people[who] else None, self.now))

    @rule(fate=FATES)
    def restart(self, fate: str) -> None:
        self.fate = fate
        self.epoch += 1
        self.service = Service(self.epoch, KEYS, self.chance)
        self.serve(self.service.step(Connected(), self.now))

    @precondition(lambda self: bool(self.late))
    @rule(which=st.integers(0, 10**6))
    def come_late(self, which: int) -> None:
        self.fate = "arrives"
        self.late.pop(which % len(self.late))()

    @rule(seconds=st.sampled_from([1, 3, 8, 20, 50, 130, 620]), fate=FATES)
    def wait(self, seconds: int, fate: str) -> None:
        self.fate = fate
        self.tick(seconds)

    # ── the promises ─────────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def a_session_is_obeyed_by_two_at_most_and_by_each_once(self) -> None:
        obeyed = [person.session for person in self.people if person.session]
        assert all(obeyed.count(session) <= 2 for session in obeyed)
        for person in self.people:
            phase = person.lobby.state.phase
            in_one = isinstance(phase, lobby.Match | lobby.Talking)
            assert in_one == (person.matched is not None)
            if isinstance(phase, lobby.Match):
                assert phase.session == person.session
            if isinstance(phase, lobby.Talking):
                assert phase.match.session == person.session

    @invariant()
    def there_is_no_storm(self) -> None:
        for person in self.people:
            while person.joins and person.joins[0] <= self.now - 60:
                person.joins.popleft()
            assert len(person.joins) <= JOINS_MOST

    @invariant()
    def nobody_listens_where_it_need_not(self) -> None:
        for person in self.people:
            assert len(person.listening) <= 5

    @invariant()
    def memory_is_bounded(self) -> None:
        for person in self.people:
            assert len(person.timers) <= len(Timer)
            assert len(person.lobby.state.known) <= 20

    def teardown(self) -> None:
        """When messages flow again, all who look find each other, but for those who just failed with each other."""
        try:
            self.end()
        finally:
            self.worked.stop()

    def end(self) -> None:
        self.fate, self.late = "arrives", []
        for person in self.people:
            if person.session and not person.talks:
                self.fail(self.people.index(person), "arrives")
        for who, person in enumerate(self.people):
            if not person.up:
                self.connect(who, "arrives")
        self.tick(100)  # pauses and sessions that nobody talked in are over
        for who, person in enumerate(self.people):
            if person.talks:
                self.leave(who, "arrives", "left")
            elif person.session:
                self.fail(who, "arrives")
        self.tick(100)
        waiting = [person for person in self.people if isinstance(person.lobby.state.phase, lobby.Search)]
        assert len(waiting) <= 2, "more than two wait, though everybody fits"
        for person in waiting:
            assert person.lobby.state.welcomed
            assert person.joins, "it waits, and the service is not told"


PeersAndService.TestCase.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestPeersAndService = pytest.mark.timeout(200)(PeersAndService.TestCase)
