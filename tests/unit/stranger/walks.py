"""Walks through the lobby of a stranger, and words of the wire: as webclient/tests/fakes/lobby.ts has them."""

from typing import Any, Final, TypeVar

from broker.messages import (
    Banned,
    Challenge,
    Ended,
    Join,
    Limited,
    Matched,
    NewSeat,
    Pulse,
    Refused,
    RefusedReason,
    ToldMood,
    Welcome,
)
from stranger.lobby import state as lobby
from stranger.lobby.machine import InboxMessage, Lobby
from stranger.lobby.state import Effect, Wish

LIFE: Final = "life1111111"
LIFE2: Final = "life2222222"
SESSION: Final = "session1aaaaaaaaaaaaaa"
SESSION2: Final = "session2aaaaaaaaaaaaaa"
WORD: Final = "rendezvous1aaaaaaaaaaa"
KEY: Final = "B" + "k" * 86
WISH: Final = Wish(tags=("tea",), languages=("en",))

E = TypeVar("E", bound=Effect)


def seat(name: str) -> str:
    return name.ljust(56, "_")


def ticket(number: int) -> str:
    """Give the number-th ticket that a walk draws, from 1."""
    return f"ticket{number}".ljust(22, "a")


def welcome(**other: Any) -> Welcome:
    told = {"life": LIFE, "epoch": 7, "version": 1, "seat": seat("seat1"), "ttl": 600, "ping": 15}
    return Welcome.model_validate(
        told | {"pulse": {"here": 10, "waiting": 2, "talking": 6}, "relay": "none", "ice": []} | other
    )


def matched(**other: Any) -> Matched:
    told = {"life": LIFE, "epoch": 7, "ticket": ticket(1), "session": SESSION, "to": seat("theirs"), "key": KEY}
    ways = {"role": "a", "handshake": "offer", "tags": ["tea"], "ice": [], "seat": seat("seat2"), "ttl": 600}
    return Matched.model_validate(told | ways | other)


def new_seat(name: str = "seat3", **other: Any) -> NewSeat:
    return NewSeat.model_validate({"life": LIFE, "seat": seat(name), "ttl": 600, "ice": []} | other)


def ended(mood: ToldMood, **other: Any) -> Ended:
    return Ended.model_validate({"life": LIFE, "session": SESSION, "mood": mood} | other)


def refused(reason: RefusedReason, retry: int = 0, **other: Any) -> Refused:
    return Refused.model_validate({"life": LIFE, "ticket": ticket(1), "reason": reason, "retry": retry} | other)


def challenge(seed: str = "seed1") -> Challenge:
    return Challenge(seed=seed.ljust(43, "_"), effort=12, ttl=120)


def banned(**other: Any) -> Banned:
    return Banned.model_validate({"life": LIFE, "reason": "pace", "seconds": 600, "code": "abc"} | other)


def limited() -> Limited:
    return Limited(reason="messages", retry=30)


def pulse(**other: Any) -> Pulse:
    return Pulse.model_validate({"epoch": 7, "here": 20, "waiting": 5, "talking": 10, "spread": 10} | other)


def join(**other: Any) -> lobby.Lobbying:
    said = {"life": LIFE, "ticket": ticket(1), "seat": seat("seat1"), "key": KEY, "mode": "text", "tags": ["tea"]}
    return lobby.Lobbying(Join.model_validate(said | {"languages": ["en"], "relay": False, "rtt": 12} | other))


class Walk:
    """A machine that is walked with events, keeping the last effects; time stands still unless it is moved."""

    def __init__(self) -> None:
        self.now, self.dice, self.drawn = 1_000.0, 0.5, 0
        self.lobby = Lobby(self._draw, lambda: self.dice)
        self.effects: list[Effect] = []

    def _draw(self) -> tuple[str, str]:
        self.drawn += 1
        return ticket(self.drawn), KEY

    @property
    def state(self) -> lobby.State:
        return self.lobby.state

    @property
    def search(self) -> lobby.Search:
        assert isinstance(self.state.phase, lobby.Search)
        return self.state.phase

    @property
    def talking(self) -> bool:
        return isinstance(self.state.phase, lobby.Talking)

    def did(self, kind: type[E]) -> list[E]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    def said(self) -> list[str]:
        """Name what was said on the lobby topic."""
        return [effect.message.kind for effect in self.did(lobby.Lobbying)]

    def later(self, seconds: float) -> "Walk":
        self.now += seconds
        return self

    # ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def connect(self, life: str = LIFE, rtt_ms: int | None = 12) -> "Walk":
        return self._did(self.lobby.connected(life, rtt_ms, self.now))

    def lose(self) -> "Walk":
        return self._did(self.lobby.lost())

    def hear(self, message: InboxMessage | Pulse | Any) -> "Walk":
        return self._did(self.lobby.hear(message, self.now))

    def look(self, wish: Wish = WISH) -> "Walk":
        return self._did(self.lobby.look(wish, self.now))

    def cancel(self) -> "Walk":
        return self._did(self.lobby.cancel(self.now))

    def wake(self, timer: lobby.Timer) -> "Walk":
        return self._did(self.lobby.woke(timer, self.now))

    def opened(self, session: str = SESSION) -> "Walk":
        return self._did(self.lobby.opened(session, self.now))

    def failed(self, session: str = SESSION) -> "Walk":
        return self._did(self.lobby.failed(session, self.now))

    def over(self, mood: lobby.Mood | None = None, session: str = SESSION) -> "Walk":
        return self._did(self.lobby.over(session, mood, self.now))

    def proved(self, seed: str = "seed1", stamp: str = "A" * 50) -> "Walk":
        return self._did(self.lobby.proved(challenge(seed).seed, stamp, self.now))

    def report(self, session: str = SESSION) -> "Walk":
        return self._did(self.lobby.report(session, "scam", self.now))

    def block(self, session: str = SESSION) -> "Walk":
        return self._did(self.lobby.block(session, self.now))

    def _did(self, effects: list[Effect] | None) -> "Walk":
        self.refused = effects is None
        self.effects = effects or []
        return self


# ── everywhere that one can be ───────────────────────────────────────────────────────────────────────────────────────


def away() -> Walk:
    return Walk()


def unwelcome() -> Walk:
    return away().connect()


def idle() -> Walk:
    return unwelcome().hear(welcome())


def waiting(wish: Wish = WISH) -> Walk:
    return idle().look(wish)


def proving() -> Walk:
    return unwelcome().hear(welcome(challenge=challenge())).look()


def held() -> Walk:
    return waiting().hear(refused("busy", 9))


def connecting() -> Walk:
    return waiting().hear(matched())


def opened() -> Walk:
    return connecting().opened()


def talking() -> Walk:
    return opened().hear(new_seat())


def over() -> Walk:
    return talking().over()


def reported() -> Walk:
    return talking().report()


def parted() -> Walk:
    return talking().block()


def lost() -> Walk:
    return waiting().lose()


def paused() -> Walk:
    return waiting().hear(refused("slow", 9)).cancel()


def shut_out() -> Walk:
    return idle().hear(banned())


def ask_again() -> Walk:
    return over().look(Wish(again=WORD))


PLACES: Final = (
    away,
    unwelcome,
    idle,
    waiting,
    proving,
    held,
    connecting,
    opened,
    talking,
    over,
    reported,
    parted,
    lost,
    paused,
    shut_out,
    ask_again,
)
