"""A peer's time at a deployment: runs what the lobby wants done. The shell of `lobby`, without a face.

    link ── life, messages ──► lobby ── effects ──► link · stamps (a thread) · encounter ──► talk

What arises while effects are run waits for its turn, so that nobody sees a state half done.
"""

import asyncio
import json
import random
import ssl
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from broker import messages, topics
from broker.messages import VERSION, Challenge, LeaveMood, Malformed, Matched
from broker.stamps import solve
from stranger import errors, events, news
from stranger.encounter import Dropped, Encounter, EncounterPorts, Outcome
from stranger.identity import Identity, token
from stranger.link import Dial, Link, LinkPorts
from stranger.lobby import state as lobby
from stranger.lobby.machine import Lobby
from stranger.place import Place
from stranger.seal import SealKeys
from stranger.talk import Talk
from stranger.wire import Wire

EARLY_MOST: Final = 16
"""Sealed messages that may come before the match that they belong to."""

_SEATS: Final = topics.session("")


@dataclass(frozen=True, slots=True)
class VisitPorts:
    """What a visit tells: that it is welcome, talks that open, wishes that come to nothing, its end, and news."""

    welcomed: Callable[[], None]
    opened: Callable[[Talk], None]
    refused: Callable[[errors.Trouble], None]
    ended: Callable[[errors.Trouble], None]
    watch: Callable[[news.News], None]


class Visit:
    """One peer at one deployment. `run` keeps it there until it is cancelled."""

    def __init__(
        self,
        place: Place,
        nickname: str,
        ports: VisitPorts,
        *,
        tls: ssl.SSLContext | None,
        source: str,
        dial: Dial = Wire.open,
        machine: Callable[[lobby.Draw, Callable[[], float]], Lobby] = Lobby,
    ) -> None:
        self._nickname, self._ports = nickname, ports
        self._identity = Identity()
        self._lobby = machine(self._draw, random.random)
        self._keys: dict[str, SealKeys] = {}
        self._timers: dict[lobby.Timer, asyncio.TimerHandle] = {}
        self._turns: deque[Callable[[], list[lobby.Effect]]] = deque()
        self._busy = False
        self._early: deque[tuple[str, bytes]] = deque(maxlen=EARLY_MOST)
        self._encounter: Encounter | None = None
        self._stop_work: Callable[[], None] = _nothing
        self._tasks: set[asyncio.Task[None]] = set()
        told = LinkPorts(self._up, self._receive, self._lost, self._away, self._claim)
        self._link = Link(place, self._identity, told, tls=tls, source=source, dial=dial)

    async def run(self) -> None:
        """Be there."""
        await self._link.run()

    @property
    def counts(self) -> messages.Counts | None:
        """How many are here, as the service last told everybody."""
        return self._lobby.state.counts

    @property
    def busy(self) -> bool:
        """Whether somebody is looked for, met or talked with."""
        return self._lobby.state.phase is not None

    def look(self, wish: lobby.Wish) -> None:
        """Look for somebody; nothing else may go on."""
        self._turn(lambda: self._lobby.look(wish, _now()))

    def stop(self) -> None:
        """Look no longer, or part from whoever there is."""
        if self._encounter is not None:
            self._encounter.leave("left")
        self._turn(lambda: self._lobby.cancel(_now()))

    async def leave(self) -> None:
        """Go, and let go of everything. `run` is to be cancelled after it."""
        self.stop()
        await self._link.leave()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._stop_work()
        self._keys.clear()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # ── the lobby's effects ──────────────────────────────────────────────────────────────────────────────────────────

    def _turn(self, step: Callable[[], list[lobby.Effect]]) -> None:
        self._turns.append(step)
        if self._busy:
            return
        self._busy = True
        try:
            while self._turns:
                for effect in self._turns.popleft()():
                    self._do(effect)
        finally:
            self._busy = False

    def _do(self, effect: lobby.Effect) -> None:  # noqa: C901, PLR0912  one case for each effect
        peer = self._identity.peer
        match effect:
            case lobby.Presence(message=sign):
                self._link.sign(topics.presence(peer), sign.wire())
            case lobby.Lobbying(message=said):
                self._link.say(topics.lobby(peer), said.wire())
                if isinstance(said, messages.Join):
                    self._ports.watch(news.Looking())
            case lobby.Subscribe(seats=seats):
                self._link.listen(*map(topics.session, seats))
            case lobby.Unsubscribe(seats=seats):
                self._link.unlisten(*map(topics.session, seats))
            case lobby.Wake(timer=timer, in_s=in_s):
                self._sleep(timer)
                self._timers[timer] = asyncio.get_running_loop().call_later(in_s, self._woke, timer)
            case lobby.Sleep(timer=timer):
                self._sleep(timer)
            case lobby.Prove(challenge=challenge):
                self._prove(challenge)
            case lobby.Drop(ticket=ticket):
                self._keys.pop(ticket, None)
                self._stop_work()
            case lobby.Meet(matched=matched, seat=seat):
                self._meet(matched, seat)
            case lobby.Part():
                self._drop("failed")
            case lobby.Reach(seat=seat, ttl_s=ttl_s):
                if self._encounter is not None:
                    self._encounter.talk.reach(seat, ttl_s)
            case lobby.Advise(mood=mood):
                if self._encounter is not None:
                    self._encounter.advise(mood)
            case lobby.Pause(reason=reason, seconds=seconds):
                self._ports.watch(news.Paused(reason, seconds))
            case lobby.NoRelay():
                self._ports.refused(errors.NoRelay("there is no relay here to hide the address behind"))
            case lobby.Limit(retry_s=retry_s):
                self._link.limit(retry_s)
            case lobby.ShutOut(message=ban):
                self._drop("banned")
                self._ports.ended(errors.ShutOut(ban.reason, ban.seconds, ban.code, ban.contact))
            case lobby.Outdated(version=version):
                self._ports.ended(_outdated(version))

    def _sleep(self, timer: lobby.Timer) -> None:
        if handle := self._timers.pop(timer, None):
            handle.cancel()

    def _woke(self, timer: lobby.Timer) -> None:
        self._timers.pop(timer, None)
        self._turn(lambda: self._lobby.woke(timer, _now()))

    def _draw(self) -> tuple[str, str]:
        ticket, keys = token(), SealKeys.draw()
        self._keys[ticket] = keys
        return ticket, keys.public

    def _prove(self, challenge: Challenge) -> None:
        self._stop_work()
        stopped = asyncio.Event()
        self._stop_work = stopped.set
        self._ports.watch(news.Working(challenge.effort))

        async def work() -> None:
            stamp = await asyncio.to_thread(solve, challenge, stopped.is_set)
            if stamp is not None:
                self._turn(lambda: self._lobby.proved(challenge.seed, stamp, _now()))

        self._begin(work())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ── the encounter ────────────────────────────────────────────────────────────────────────────────────────────────

    def _meet(self, matched: Matched, seat: str) -> None:
        keys, phase = self._keys.pop(matched.ticket, None), self._lobby.state.phase
        self._stop_work()
        ports = EncounterPorts(
            publish=self._link.say,
            opened=self._opened,
            ended=lambda outcome, mood: self._ended(matched.session, outcome, mood),
            report=lambda session, reason: self._said(self._lobby.report(session, reason, _now())),
            block=lambda session: self._said(self._lobby.block(session, _now())),
        )
        if keys is None or not isinstance(phase, lobby.Match):
            self._ended(matched.session, "failed", "failed")  # never so, and if it were: looked for somebody else
            return
        self._ports.watch(news.Found())
        try:
            encounter = Encounter(
                matched, seat=seat, nickname=self._nickname, keys=keys, relay=phase.search.wish.relay, ports=ports
            )
        except ValueError:  # a key that is none
            self._ended(matched.session, "failed", "failed")
            return
        self._encounter = encounter
        encounter.begin([payload for at, payload in self._early if at == seat])
        self._early.clear()

    def _opened(self, talk: Talk) -> None:
        self._turn(lambda: self._lobby.opened(talk.session, _now()))
        self._ports.opened(talk)

    def _ended(self, session: str, outcome: Outcome, mood: LeaveMood | None) -> None:
        self._let_go()
        if outcome == "failed":
            self._ports.watch(news.Missed())
            self._turn(lambda: self._lobby.failed(session, _now()))
            return
        self._turn(lambda: self._lobby.over(session, mood, _now()))
        if outcome == "relay":
            self._ports.refused(errors.NoRelay("the relay lets nobody through"))
        elif isinstance(outcome, events.Alarm):
            self._ports.refused(errors.Intruder(outcome.reason))

    def _drop(self, mood: Dropped) -> None:
        if self._encounter is not None:
            self._encounter.drop(mood)
            self._let_go()

    def _let_go(self) -> None:
        encounter, self._encounter = self._encounter, None
        if encounter is not None:
            self._begin(encounter.meeting.gone())

    def _said(self, effects: list[lobby.Effect] | None) -> bool:
        if effects is None:
            return False
        self._turn(lambda: effects)
        return True

    # ── what the link tells ──────────────────────────────────────────────────────────────────────────────────────────

    def _up(self, life: str, rtt_ms: int) -> None:
        self._turn(lambda: self._lobby.connected(life, rtt_ms, _now()))

    def _lost(self) -> None:
        self._turn(self._lobby.lost)

    def _away(self, why: str, seconds: float) -> None:
        self._ports.watch(news.Away(why, seconds))

    def _claim(self) -> str | None:
        return self._encounter.session if self._encounter is not None and self._encounter.opened else None

    def _receive(self, topic: str, payload: bytes) -> None:
        if topic.startswith(_SEATS):
            self._sealed(topic[len(_SEATS) :], payload)
            return
        try:
            message = (
                messages.parse(messages.pulse, payload)
                if topic == topics.PULSE
                else messages.parse(messages.inbox, payload)
            )
        except Malformed:
            version = _version_of(payload)
            if version is not None:
                self._ports.ended(_outdated(version))
            return
        self._turn(lambda: self._lobby.hear(message, _now()))
        if isinstance(message, messages.Welcome) and self._lobby.state.welcomed:
            self._ports.watch(news.Here())
            self._ports.welcomed()

    def _sealed(self, seat: str, payload: bytes) -> None:
        encounter = self._encounter
        if encounter is not None and (seat == encounter.seat or seat in self._lobby.seats):
            encounter.meeting.receive(payload, seat)
        elif isinstance(self._lobby.state.phase, lobby.Search):
            self._early.append((seat, payload))


def _now() -> float:
    return asyncio.get_running_loop().time()


def _nothing() -> None: ...


def _outdated(version: int) -> errors.Outdated:
    return errors.Outdated(f"the deployment speaks version {version} of the protocol, and we speak {VERSION}")


def _version_of(payload: bytes) -> int | None:
    """Read the version of a `welcome` that is none of ours."""
    try:
        raw = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or raw.get("kind") != "welcome":
        return None
    version = raw.get("version")
    return version if type(version) is int and version != VERSION else None
