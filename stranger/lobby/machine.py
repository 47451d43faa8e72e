"""The machine that a shell drives: hand it what happens and the time, and do what it answers, in that order."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from broker.messages import (
    Again,
    Banned,
    Down,
    Ended,
    LeaveMood,
    Limited,
    Matched,
    NewSeat,
    Pulse,
    Refused,
    ReportReason,
    Welcome,
)
from stranger.lobby import presence, search, session
from stranger.lobby.state import (
    Draw,
    Effect,
    Limit,
    Part,
    ShutOut,
    Sleep,
    State,
    Subscribe,
    Talking,
    Timer,
    Unsubscribe,
    Wish,
)

P = ParamSpec("P")
InboxMessage = Welcome | Matched | NewSeat | Ended | Again | Refused | Banned | Limited


class Lobby:
    """One peer. Every method gives what is to be done, in order.

    Args:
        draw: gives a new ticket, and the public half of a new sealing key.
        dice: gives a random number in [0, 1).
    """

    def __init__(self, draw: Draw, dice: Callable[[], float]) -> None:
        self.state = State(draw, dice)
        self._heard: list[str] = []  # the seats at which we listen, in this life

    def connected(self, life: str, rtt_ms: int | None, now: float) -> list[Effect]:
        """Begin a life. Its CONNECT, its subscriptions and its first `here` have left."""
        self.state.rtt_ms = rtt_ms
        effects = presence.connected(self.state, life)
        self._heard = seats = presence.used_seats(self.state, now)
        return [Subscribe(tuple(seats)), *effects] if seats else effects

    def lost(self) -> list[Effect]:
        """End a life; another one will come."""
        return presence.lost(self.state)

    def hear(self, message: InboxMessage | Pulse | Down, now: float) -> list[Effect]:
        """Take a message of the service, or of the gate."""
        if isinstance(message, (Pulse, Down)):
            return presence.pulse(self.state, message)
        if isinstance(message, Limited):
            return [Limit(message.retry)] if self.state.life is not None else []
        if message.life != self.state.life:
            return []  # a late answer to a connection that is gone
        return self._step(now, _react, message, now)

    def look(self, wish: Wish, now: float) -> list[Effect]:
        """Look for somebody. Nothing else may go on."""
        return self._step(now, search.look, wish, now)

    def cancel(self, now: float) -> list[Effect]:
        """Look no longer."""
        return self._step(now, search.cancel)

    def opened(self, session_id: str, now: float) -> list[Effect]:
        """The channel of this session is open."""
        return self._step(now, session.opened, session_id, now)

    def failed(self, session_id: str, now: float) -> list[Effect]:
        """No connection came about in this session: another wish follows by itself."""
        return self._step(now, session.failed, session_id, now)

    def over(self, session_id: str, mood: LeaveMood | None, now: float) -> list[Effect]:
        """This talk, or meeting, is over."""
        return self._step(now, session.over, session_id, mood, now)

    def report(self, session_id: str, reason: ReportReason, now: float) -> list[Effect] | None:
        """Report its stranger; None when that is too late."""
        return session.report(self.state, session_id, reason, now)

    def block(self, session_id: str, now: float) -> list[Effect] | None:
        """Never meet its stranger again; None when that is too late."""
        effects = session.block(self.state, session_id, now)
        return None if effects is None else self._heeding(effects, now)

    def proved(self, seed: str, stamp: str, now: float) -> list[Effect]:
        """The work on this challenge is done."""
        return self._step(now, search.proved, seed, stamp, now)

    def woke(self, timer: Timer, now: float) -> list[Effect]:
        """Wake up for what was asked for."""
        return self._step(now, _wake, timer, now)

    @property
    def seats(self) -> frozenset[str]:
        """Where the stranger of the talk that goes on, or comes about, may speak to us."""
        phase = self.state.phase
        if isinstance(phase, Talking):
            held = (phase.match.seat, phase.reach, phase.before)
            return frozenset(each.seat for each in held if each is not None)
        return frozenset()

    def _step(
        self,
        now: float,
        part: Callable[Concatenate[State, P], list[Effect]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> list[Effect]:
        return self._heeding(part(self.state, *args, **kwargs), now)

    def _heeding(self, effects: list[Effect], now: float) -> list[Effect]:
        # Whoever is spoken to must listen first, and whoever left, or has a seat that grew old, need not any longer.
        before, self._heard = self._heard, presence.used_seats(self.state, now)
        if self.state.life is None:
            return effects
        gained = tuple(seat for seat in self._heard if seat not in before)
        freed = tuple(seat for seat in before if seat not in self._heard)
        first: list[Effect] = [Subscribe(gained)] if gained else []
        last: list[Effect] = [Unsubscribe(freed)] if freed else []
        return [*first, *effects, *last]


def _react(state: State, message: InboxMessage, now: float) -> list[Effect]:
    match message:
        case Welcome():
            return presence.welcome(state, message, now)
        case Matched():
            return session.matched(state, message, now)
        case NewSeat():
            return presence.new_seat(state, message, now)
        case Ended():
            return session.ended(state, message, now)
        case Again():
            return search.again(state, message, now)
        case Refused():
            return search.refused(state, message, now)
        case Banned():
            state.phase = state.seat = state.life = None
            state.welcomed = False
            state.words.clear()
            timers: list[Effect] = [Sleep(each) for each in Timer]
            return [ShutOut(message), Part(), *timers]
        case Limited():
            return []


def _wake(state: State, timer: Timer, now: float) -> list[Effect]:
    match timer:
        case Timer.HERE:
            return presence.say_here(state)
        case Timer.PING:
            return presence.ping(state, now)
        case Timer.JOIN:
            return search.join_again(state, now)
        case Timer.RETRY:
            return search.retry(state, now)
        case Timer.WORDS:
            return session.say_again(state, now)
