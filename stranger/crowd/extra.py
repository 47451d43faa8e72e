"""A peer that only signals: what it seals are made-up bytes of the usual size, and nobody opens a channel.

matched ─ offer, candidates ──► the stranger's seat        ◄── theirs: talking … leave{mood}
   └ none came after 2 s: mine once more; none after 6 s: leave{failed}, and another wish, as the page has it

The lobby machine, the connection's lives and their pauses are those of every stranger. Who has role a decides how long
a talk lasts, and the other leaves only when that is long over: so the mean of the talks is what was asked for.
"""

import asyncio
import functools
import os
import secrets
from collections.abc import Callable
from typing import Final

from broker import messages, topics
from broker.identity import b64url
from broker.messages import Challenge, Ended, LeaveMood, Malformed, Matched
from broker.stamps import solve
from stranger.crowd.habits import Dice, Habits
from stranger.crowd.notebook import Noting
from stranger.identity import Identity, token
from stranger.link import Dial, Link, LinkPorts
from stranger.lobby import state as lobby
from stranger.lobby.machine import Lobby
from stranger.place import Place

OFFER_BYTES: Final = (760, 320)
"""What each side of a session sends sealed: a description, and the candidates that come after it."""

REPEAT_AFTER_S: Final = 2.0
FAILED_AFTER_S: Final = 6.0
_EARLY: Final = 16
_LONGER: Final = 3.0
_SEATS: Final = topics.session("")


class Extra:
    """One peer. `run` keeps it there until it is cancelled."""

    def __init__(
        self,
        place: Place,
        habits: Habits,
        dice: Dice,
        machine: Callable[[lobby.Draw, Dice], Noting],
        free: Callable[[], None],
        *,
        dial: Dial,
    ) -> None:
        self._habits, self._dice, self._free = habits, dice, free
        self._identity = Identity()
        self._lobby: Lobby = machine(_draw, dice)
        self._timers: dict[lobby.Timer | str, asyncio.TimerHandle] = {}
        self._turn_due: list[Callable[[], list[lobby.Effect]]] = []
        self._early: set[str] = set()
        self._matched: Matched | None = None
        self._seat = ""
        self._sealed: tuple[bytes, ...] = ()
        self._welcome = False
        self._works: asyncio.Task[None] | None = None
        told = LinkPorts(self._up, self._receive, self._lost, lambda _why, _s: None, self._claim)
        self._link = Link(place, self._identity, told, dial=dial)
        self._peer = self._identity.peer

    async def run(self) -> None:
        """Be there."""
        await self._link.run()

    def look(self) -> None:
        """Look for somebody."""
        if self._lobby.state.phase is None:
            wish = self._habits.wish(real=False, dice=self._dice)
            self._turn(lambda: self._lobby.look(wish, _now()))

    async def leave(self) -> None:
        """Go in good order. `run` is to be cancelled after it."""
        self._over("left")
        self._turn(lambda: self._lobby.cancel(_now()))
        await self._link.leave()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    # ── the lobby's effects ──────────────────────────────────────────────────────────────────────────────────────────

    def _turn(self, step: Callable[[], list[lobby.Effect]]) -> None:
        """Do what a step wants done; what arises meanwhile comes after it."""
        self._turn_due.append(step)
        if len(self._turn_due) > 1:
            return
        while self._turn_due:
            for effect in self._turn_due[0]():
                self._do(effect)
            del self._turn_due[0]

    def _do(self, effect: lobby.Effect) -> None:  # noqa: C901  one case for each effect
        match effect:
            case lobby.Presence(message=sign):
                self._link.sign(topics.presence(self._peer), sign.wire())
            case lobby.Lobbying(message=said):
                self._link.say(topics.lobby(self._peer), said.wire())
            case lobby.Subscribe(seats=seats):
                self._link.listen(*map(topics.session, seats))
            case lobby.Unsubscribe(seats=seats):
                self._link.unlisten(*map(topics.session, seats))
            case lobby.Wake(timer=timer, in_s=in_s):
                self._wake(timer, in_s, lambda: self._turn(lambda: self._lobby.woke(timer, _now())))
            case lobby.Sleep(timer=timer):
                self._sleep(timer)
            case lobby.Prove(challenge=challenge):
                self._works = asyncio.ensure_future(self._prove(challenge))
            case lobby.Meet(matched=matched, seat=seat):
                self._meet(matched, seat)
            case lobby.Part() | lobby.ShutOut():
                self._forget()
            case lobby.Limit(retry_s=retry_s):
                self._link.limit(retry_s)
            case _:
                pass

    def _wake(self, name: lobby.Timer | str, in_s: float, then: Callable[[], None]) -> None:
        self._sleep(name)

        def ring() -> None:
            self._timers.pop(name, None)
            then()

        self._timers[name] = asyncio.get_running_loop().call_later(in_s, ring)

    def _sleep(self, *names: lobby.Timer | str) -> None:
        for name in names:
            if handle := self._timers.pop(name, None):
                handle.cancel()

    async def _prove(self, challenge: Challenge) -> None:
        stamp = await asyncio.to_thread(solve, challenge)
        self._turn(lambda: self._lobby.proved(challenge.seed, stamp, _now()))

    # ── a session ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _meet(self, matched: Matched, seat: str) -> None:
        self._matched, self._seat = matched, seat
        self._sealed = tuple(os.urandom(size) for size in OFFER_BYTES)
        self._say_sealed()
        self._wake("repeat", REPEAT_AFTER_S, self._say_sealed)
        self._wake("failed", FAILED_AFTER_S, self._failed)
        if seat in self._early:
            self._open()
        self._early.clear()

    def _say_sealed(self) -> None:
        if self._matched is not None:
            for payload in self._sealed:
                self._link.say(topics.session(self._matched.to), payload)

    def _open(self) -> None:
        matched = self._matched
        if matched is None or "stay" in self._timers:
            return
        self._sleep("repeat", "failed")
        self._turn(lambda: self._lobby.opened(matched.session, _now()))
        stay_s, mood = self._habits.stay(self._dice)
        if matched.role == "b":
            stay_s = FAILED_AFTER_S + _LONGER * max(stay_s, self._habits.talk_s)
        self._wake("stay", stay_s, lambda: self._over(mood))

    def _failed(self) -> None:
        matched = self._matched
        self._forget()
        if matched is not None:
            self._turn(lambda: self._lobby.failed(matched.session, _now()))

    def _over(self, mood: LeaveMood | None) -> None:
        matched = self._matched
        self._forget()
        if matched is not None:
            self._turn(lambda: self._lobby.over(matched.session, mood, _now()))
            self._free()

    def _forget(self) -> None:
        self._matched, self._sealed = None, ()
        self._sleep("repeat", "failed", "stay")

    # ── what the link tells ──────────────────────────────────────────────────────────────────────────────────────────

    def _up(self, life: str, rtt_ms: int) -> None:
        self._turn(lambda: self._lobby.connected(life, rtt_ms, _now()))

    def _lost(self) -> None:
        self._turn(self._lobby.lost)

    def _claim(self) -> str | None:
        return self._matched.session if self._matched is not None and "stay" in self._timers else None

    def _receive(self, topic: str, payload: bytes) -> None:
        if topic.startswith(_SEATS):
            self._hear_sealed(topic[len(_SEATS) :])
            return
        try:
            message = _pulse(payload) if topic == topics.PULSE else messages.parse(messages.inbox, payload)
        except Malformed:
            return
        self._turn(lambda: self._lobby.hear(message, _now()))
        if isinstance(message, Ended) and self._matched is not None and message.session == self._matched.session:
            self._stranger_left(message)
        if not self._welcome and self._lobby.state.welcomed:
            self._welcome = True
            self._free()

    def _hear_sealed(self, seat: str) -> None:
        if self._matched is not None and seat == self._seat:
            self._open()
        elif isinstance(self._lobby.state.phase, lobby.Search) and len(self._early) < _EARLY:
            self._early.add(seat)

    def _stranger_left(self, ended: Ended) -> None:
        """There is no channel to tell it; that the stranger's connection broke would not have closed one."""
        if ended.mood != "lost":
            self._over(None)


def _now() -> float:
    return asyncio.get_running_loop().time()


@functools.lru_cache(maxsize=4)
def _pulse(payload: bytes) -> messages.Pulse | messages.Down:
    """Read a pulse once: thousands hear the same one at the same moment."""
    return messages.parse(messages.pulse, payload)


def _draw() -> tuple[str, str]:
    """Draw a ticket, and what looks like the public half of a key: nobody will compute with it."""
    return token(), b64url(b"\x04" + secrets.token_bytes(64))
