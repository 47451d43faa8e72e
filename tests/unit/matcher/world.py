"""A lobby and a clock, and peers who say things: what tests of the lobby are written with."""

import random
from typing import TypeVar

from broker.identity import PeerId, b64url
from broker.messages import VERSION, Ended, Fact, Facts, Here, Join, Matched, On, Ping, Talking
from broker.seats import SeatKeys, mint
from matcher.effects import Beat, Effect, InboxMessage, Send
from matcher.events import GateFacts, Heard, PeerMessage, Policed, Tick
from matcher.lobby import Lobby
from matcher.policing import Policing
from matcher.turn import Turn

EPOCH = 1_700_000_000_000
START = 1_700_000_000.0
KEYS = SeatKeys({1: bytes(32)}, 1)
KEY = "B" + "A" * 86
TURN = Turn(("stun:turn.example.org", "turn:turn.example.org", "turns:turn.example.org:443?transport=tcp"), "s3cret")

M = TypeVar("M", bound=InboxMessage)


class Seeded:
    """Repeatable chance."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def token(self, n_bytes: int) -> bytes:
        return self._random.randbytes(n_bytes)

    def below(self, n: int) -> int:
        return self._random.randrange(n)


class World:
    """A lobby and a clock. Peers are named by a letter, lives and tickets by a number."""

    def __init__(self, *, turn: Turn | None = None, effort: int = 0) -> None:
        self.policing = Policing(effort=effort)
        self.lobby = Lobby(EPOCH, KEYS, Seeded(), turn=turn, policing=self.policing)
        self.now = START

    def restart(self) -> None:
        self.lobby = Lobby(EPOCH + 1, KEYS, Seeded(2), policing=self.policing)

    def police(self, policing: Policing) -> None:
        self.policing = policing
        self.lobby.step(Policed(policing), self.now)

    def wait(self, seconds: float) -> list[Effect]:
        """Let time pass by the second, as the service does."""
        effects: list[Effect] = []
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + 1)
            effects += self.lobby.step(Tick(), self.now)
        return [effect for effect in effects if not isinstance(effect, Beat)]

    def say(self, name: str, message: PeerMessage) -> list[Effect]:
        return self.lobby.step(Heard(peer_id(name), message), self.now)

    def here(self, name: str, life: int = 1, session: str | None = None) -> list[Effect]:
        return self.say(name, Here(life=life_id(life), version=VERSION, session=session))

    def ping(self, *names: str) -> None:
        for name in names:
            assert self.say(name, Ping(life=life_id(1))) == []

    def join(self, name: str, ticket: int = 1, life: int = 1, **wish: object) -> list[Effect]:
        fields = {"seat": self.seat(name), "key": KEY, "mode": "text", "tags": [], "languages": [], "relay": False}
        return self.say(name, Join.model_validate(fields | {"life": life_id(life), "ticket": ticket_id(ticket)} | wish))

    def seat(self, name: str, ttl_s: int = 600) -> str:
        return mint(KEYS, peer_id(name), int(self.now) + ttl_s, bytes(12))

    def meet(self, one: str = "a", other: str = "b", ticket: int = 1) -> str:
        """Match two who are here, and give the session."""
        self.join(one, ticket)
        return to(self.join(other, ticket), one, Matched).session

    def talk(self, one: str = "a", other: str = "b", ticket: int = 1) -> str:
        session = self.meet(one, other, ticket)
        for name in (one, other):
            assert self.say(name, Talking(life=life_id(1), session=session)) == []
        return session

    def gate(self, *facts: Fact) -> list[Effect]:
        """Let a gate tell something."""
        return self.lobby.step(GateFacts(Facts(gate="one", facts=list(facts))), self.now)

    def comes(self, name: str, address: str = "k", *, spared: bool = False) -> list[Effect]:
        """Let a peer in at an address, and hear its `here`."""
        return [*self.gate(on(name, address, spared=spared)), *self.here(name)]

    def heads(self) -> tuple[int, int, int]:
        heads = self.lobby.heads()
        return heads.here, heads.waiting, heads.talking


def peer_id(name: str) -> PeerId:
    return PeerId(name * 22)


def on(name: str, address: str = "k", *, spared: bool = False) -> On:
    return On(peer=peer_id(name), address=address * 22, day=19_000, spared=spared or None)


def life_id(n: int) -> str:
    return b64url(n.to_bytes(8, "big"))


def ticket_id(n: int) -> str:
    return b64url(n.to_bytes(16, "big"))


def ended(name: str, session: str, mood: str, ticket: int | None = 1, life: int = 1) -> Send:
    told = {"life": life_id(life), "session": session, "mood": mood}
    return Send(peer_id(name), Ended.model_validate(told | {"ticket": ticket_id(ticket) if ticket else None}))


def to(effects: list[Effect], name: str, kind: type[M]) -> M:
    """Give the one message of this kind to this peer."""
    [found] = [
        effect.message
        for effect in effects
        if isinstance(effect, Send) and effect.peer == peer_id(name) and isinstance(effect.message, kind)
    ]
    return found
