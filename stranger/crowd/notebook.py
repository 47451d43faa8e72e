"""The lobby machine of a peer that writes down what happens to it. It decides nothing: the machine does, as ever.

What is heard is written down whether the machine obeys it or not; a service that matches a ticket twice must not be
shielded by peers who ignore it.
"""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from broker.messages import Down, Join, LeaveMood, Limited, Pulse, Welcome
from broker.messages import Matched as SaysMatched
from stranger.crowd.entries import Away, Dropped, Held, Here, Joined, Matched, Opened, Parted, Shut, Turned, What
from stranger.lobby.machine import InboxMessage, Lobby
from stranger.lobby.state import (
    Draw,
    Effect,
    Lobbying,
    Match,
    Outdated,
    Pause,
    Prove,
    Search,
    ShutOut,
    State,
    Talking,
)

P = ParamSpec("P")


class Noting(Lobby):
    """A lobby, with `note` told of all that happens in it."""

    def __init__(self, draw: Draw, dice: Callable[[], float], note: Callable[[What], None]) -> None:
        super().__init__(draw, dice)
        self._note = note
        self._said: Join | None = None
        self._session: str | None = None
        self._open = False

    def lost(self) -> list[Effect]:
        """A life has ended, and with it what the service knew of the wish."""
        self._said = None
        if self.state.life is not None:
            self._note(Away(connected=True))
        return super().lost()

    def hear(self, message: InboxMessage | Pulse | Down, now: float) -> list[Effect]:
        """Write down a match before anybody judges it."""
        if isinstance(message, SaysMatched) and message.life == self.state.life:
            told = Matched(message.ticket, message.session, message.to, message.key, message.role)
            self._note(told)
        known = self._known
        if isinstance(message, Welcome):
            self._said = None  # a service or a life that has not heard the wish
        effects = super().hear(message, now)
        if (isinstance(message, Welcome) and self.state.welcomed) or (self._known and not known):
            self._note(Here())
        if known and not self._known:
            self._note(Away(connected=False))
        if isinstance(message, Limited):
            self._note(Turned("limited by the gate"))
        return effects

    @property
    def _known(self) -> bool:
        return self.state.welcomed and not self.state.down

    def _step(
        self,
        now: float,
        part: Callable[Concatenate[State, P], list[Effect]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> list[Effect]:
        effects = super()._step(now, part, *args, **kwargs)
        self._dropped()
        self._parted(effects)
        for effect in effects:
            self._write(effect, now)
        self._opens()
        return effects

    def _write(self, effect: Effect, now: float) -> None:
        match effect:
            case Lobbying(message=Join() as join) if join != self._said:
                self._said, phase = join, self.state.phase
                waited_s = now - phase.since if isinstance(phase, Search) else 0.0
                wish = (join.mode, tuple(join.tags), tuple(join.languages))
                self._note(Joined(join.ticket, join.seat, join.key, *wish, waited_s))
            case Prove():
                self._said = None
                self._note(Held("stamp"))
            case Pause(reason=reason):
                self._note(Held(reason))
            case ShutOut(message=message):
                self._note(Shut(message.reason))
            case Outdated(version=version):
                self._note(Shut(f"version {version}"))
            case _:
                pass

    def _dropped(self) -> None:
        """See whether the ticket that was asked for last is good no longer; one that was matched has done its work."""
        said, phase = self._said, self.state.phase
        if said is None or isinstance(phase, (Match, Talking)):
            return
        held = phase.ticket.ticket if isinstance(phase, Search) and phase.ticket is not None else None
        if held != said.ticket:
            self._said = None
            if self._session is None:
                self._note(Dropped(said.ticket))

    def _parted(self, effects: list[Effect]) -> None:
        """See whether it is in its session no longer."""
        phase = self.state.phase
        match = phase.match if isinstance(phase, Talking) else phase
        session = match.session if isinstance(match, Match) else None
        if self._session is not None and session != self._session:
            self._note(Parted(self._session, _mood(effects, self._session)))
            self._open = False
        self._session = session

    def _opens(self) -> None:
        phase = self.state.phase
        if isinstance(phase, Talking) and not self._open:
            self._open = True
            self._note(Opened(phase.match.session))


def _mood(effects: list[Effect], session: str) -> LeaveMood | None:
    for effect in effects:
        if isinstance(effect, Lobbying) and effect.message.kind == "leave" and effect.message.session == session:
            return effect.message.mood
    return None
