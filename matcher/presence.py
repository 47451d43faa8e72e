"""Presence: which peers are here, which life of theirs is the living one, and what is remembered of them.

    unknown ──arrive──► here ──cut, silent 30 s──► asleep ──silent 45 s, gone, Will──► departed ──60 s──► unknown
                         ▲                           │                                    │
                         └─────────── sign ──────────┴──────────── arrive ────────────────┘

A departed peer is remembered for a minute: its lives, so that a late message does not raise a ghost; its dead tickets,
so that nobody is matched on one; whom it met last and whom it blocked, so that a lost connection is no way round that.

A life that ended in silence may speak again: a page that slept on a connection that lives does not know that it was
given up. A life that ended in words (`gone`, its Will) or was followed by another may not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple, Self

from broker.identity import PeerId
from broker.messages import Again, Ended, Join, Mode
from matcher.alarms import Alarms
from matcher.pairing import Session
from matcher.pool import Circle, Keys

PING_S: Final = 20
"""How often a peer gives a sign of life."""

ASLEEP_S: Final = 1.5 * PING_S
"""After this long without a sign a waiting peer is not matched: a frozen tab would only disappoint a stranger."""

LOST_S: Final = 45.0
"""After this long without a sign a peer is taken for lost: two pings have not come."""

DEPARTED_S: Final = 60.0
"""How long a departed peer is remembered. Not less than a talk is kept for it (`pairing.FADE_S`)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long silence may last, in seconds. The defaults are what the protocol promises; tests may hurry."""

    ping_s: int = PING_S
    asleep_s: float = ASLEEP_S
    lost_s: float = LOST_S


PEERS_MAX: Final = 200_000
"""The most peers in memory, departed ones included: 800 MB at some 4 KiB each, wish and session counted in."""

PAST_LIVES_MAX: Final = 4
"""Connections that a peer may have had within the time in which messages can still be under way."""

DEAD_TICKETS_MAX: Final = 16
"""Wishes whose repetition may still be under way; they are repeated for some seconds only."""

BLOCKS_MAX: Final = 64
"""Strangers that one peer may have blocked; with more, the oldest is forgotten."""

_NONE: Final[Mapping[str, Ended | Again | None]] = MappingProxyType({})


class Asked(NamedTuple):
    """What is kept of a `join` while it waits; the message itself takes four times as much."""

    life: str
    ticket: str
    seat: str
    key: str
    mode: Mode
    tags: tuple[str, ...]
    languages: tuple[str, ...]
    relay: bool
    again: str | None

    @classmethod
    def by(cls, join: Join) -> Self:
        """Keep what counts of a message."""
        tags, languages = tuple(join.tags), tuple(join.languages)
        return cls(join.life, join.ticket, join.seat, join.key, join.mode, tags, languages, join.relay, join.again)


@dataclass(slots=True)
class Wish:
    """A peer waits to be matched. Times are in seconds since the Unix epoch."""

    join: Asked
    since: float
    seat_expiry: int
    keys: Keys
    widened: bool
    begun: float
    circle: Circle
    let_out: bool = False  # of its circle, where it has found nobody for a while


@dataclass(slots=True)
class Company:
    """Whom a peer met last or blocked, and who it. Most who wait have met nobody yet, and have none of this."""

    last: PeerId | None = None
    last_of: set[PeerId] = field(default_factory=set)
    blocks: dict[PeerId, None] = field(default_factory=dict)
    blocked_by: set[PeerId] = field(default_factory=set)

    def everybody(self) -> set[PeerId]:
        """Give all of them."""
        return {*self.last_of, *self.blocks, *self.blocked_by} | ({self.last} if self.last else set())


@dataclass(slots=True)
class Peer:
    """What is known of one peer. Idle, waiting (`wish`) or seated (`session`); departed when it has no `life`."""

    id: PeerId
    life: str | None = None
    seen: float = 0.0
    cut: bool = False  # a gate saw its connection close; until the next sign of life
    silent_life: str | None = None  # the life that ended in silence, while departed
    wish: Wish | None = None
    session: Session | None = None
    past_lives: tuple[str, ...] = ()
    granted: str | None = None  # the last ticket that the radar let through
    dead_tickets: Mapping[str, Ended | Again | None] = field(default_factory=lambda: _NONE)  # one for all who have none
    company: Company | None = None

    @property
    def idle(self) -> bool:
        """Here, and neither waiting nor seated."""
        return self.life is not None and self.wish is None and self.session is None

    @property
    def avoided(self) -> int:
        """How many peers `avoids` names at most."""
        return 1 + self.shunned + (0 if self.company is None else len(self.company.last_of))

    def avoids(self, other: PeerId) -> bool:
        """Tell whether the two must not be matched: one of them met the other last, or blocked it."""
        company = self.company
        return company is not None and (other == company.last or other in company.last_of or self.shuns(other))

    @property
    def shunned(self) -> int:
        """How many peers `shuns` names at most."""
        return 0 if self.company is None else len(self.company.blocks) + len(self.company.blocked_by)

    def shuns(self, other: PeerId) -> bool:
        """Tell whether one of the two blocked the other: then they are not matched even if both ask for it."""
        company = self.company
        return company is not None and (other in company.blocks or other in company.blocked_by)

    def bury(self, ticket: str, answer: Ended | Again | None) -> None:
        """Remember that a ticket is used up, and what to say should it come again."""
        buried = self.dead_tickets if isinstance(self.dead_tickets, dict) else {}
        buried.pop(ticket, None)
        buried[ticket] = answer
        if len(buried) > DEAD_TICKETS_MAX:
            del buried[next(iter(buried))]
        self.dead_tickets = buried

    def meets(self) -> Company:
        """Find its company, or begin it."""
        self.company = self.company or Company()
        return self.company


class Presence:
    """All peers, here or just departed."""

    def __init__(self, pace: Pace | None = None) -> None:
        self._pace = pace or Pace()
        self._peers: dict[PeerId, Peer] = {}
        self._departed: dict[PeerId, None] = {}
        self._alarms: Alarms[PeerId] = Alarms()

    def __len__(self) -> int:
        return len(self._peers)

    @property
    def here(self) -> int:
        """How many are here."""
        return len(self._peers) - len(self._departed)

    def all_here(self) -> Iterator[PeerId]:
        """Give those who are here."""
        return (id_ for id_, peer in self._peers.items() if peer.life is not None)

    def get(self, peer: PeerId | None) -> Peer | None:
        """Find a peer, here or departed."""
        return None if peer is None else self._peers.get(peer)

    def is_here(self, peer: PeerId) -> bool:
        """Tell whether a peer is here."""
        return peer in self._peers and peer not in self._departed

    def arrive(self, id_: PeerId, life: str, now: float) -> Peer | None:
        """Let a life of a peer begin; None when the house is full."""
        peer = self._peers.get(id_)
        if peer is None:
            if len(self._peers) >= PEERS_MAX and not self._make_room():
                return None
            peer = self._peers[id_] = Peer(id_)
        if life == peer.silent_life:
            peer.silent_life = None  # the same connection goes on
        self._end_life(peer)
        self._departed.pop(id_, None)
        peer.life = life
        self.sign(peer, now)
        return peer

    def sign(self, peer: Peer, now: float) -> None:
        """Note a sign of life."""
        peer.seen, peer.cut = now, False
        # An alarm that comes too early is cheap, and set with every message it would not be: `silent` looks again.
        asleep, due = now + self._pace.asleep_s, self._alarms.due(peer.id)
        if due is None or due > asleep:
            self._alarms.set(peer.id, asleep)

    def depart(self, peer: Peer, now: float, *, in_silence: bool = False) -> None:
        """Let the life of a peer end; it is remembered for a while."""
        silent_life = peer.life if in_silence else None
        self._end_life(peer)
        if silent_life is not None:
            peer.past_lives = tuple(life for life in peer.past_lives if life != silent_life)
            peer.silent_life = silent_life
        self._departed[peer.id] = None
        self._alarms.set(peer.id, now + DEPARTED_S)

    def silent(self, now: float) -> Iterator[tuple[Peer, bool]]:
        """Give those here who have long been silent, and whether so long that they are lost; forget the departed."""
        for id_ in self._alarms.ring(now):
            peer = self._peers[id_]
            if peer.life is None:
                self._forget(peer)
            elif now < peer.seen + self._pace.asleep_s:
                self._alarms.set(id_, peer.seen + self._pace.asleep_s)
            elif now < peer.seen + self._pace.lost_s:
                self._alarms.set(id_, peer.seen + self._pace.lost_s)
                yield peer, False
            else:
                yield peer, True

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self._alarms.shift(by_s)
        for peer in self._peers.values():
            peer.seen += by_s
            if peer.wish is not None:
                peer.wish.since += by_s
                peer.wish.begun += by_s

    def met(self, one: Peer, other: Peer) -> None:
        """Note that two have talked, so that they do not meet again next."""
        for peer, stranger in ((one, other), (other, one)):
            company = peer.meets()
            if (before := self.get(company.last)) is not None:
                before.meets().last_of.discard(peer.id)
            company.last = stranger.id
            stranger.meets().last_of.add(peer.id)

    def block(self, peer: Peer, stranger: Peer) -> None:
        """Note that a peer never wants to meet a stranger again."""
        blocks = peer.meets().blocks
        blocks[stranger.id] = None
        stranger.meets().blocked_by.add(peer.id)
        if len(blocks) > BLOCKS_MAX:
            oldest = next(iter(blocks))
            del blocks[oldest]
            if (forgiven := self.get(oldest)) is not None:
                forgiven.meets().blocked_by.discard(peer.id)

    def bury(self, peer: Peer) -> None:
        """Let a life that ended in silence never speak again: the word, or the Will, has come after all."""
        self._end_life(peer)

    def _end_life(self, peer: Peer) -> None:
        over = [life for life in (peer.silent_life, peer.life) if life is not None]
        if over:
            peer.past_lives = (*peer.past_lives, *over)[-PAST_LIVES_MAX:]
        peer.life = peer.silent_life = None

    def _make_room(self) -> bool:
        # Only the departed give way: to be full must not be a way to put out who is here.
        oldest = next((self._peers[id_] for id_ in self._departed if self._peers[id_].session is None), None)
        if oldest is not None:
            self._alarms.drop(oldest.id)
            self._forget(oldest)
        return oldest is not None

    def _forget(self, peer: Peer) -> None:
        for id_ in () if peer.company is None else peer.company.everybody():
            other = self.get(id_)
            if other is not None and (company := other.company) is not None:
                company.last = None if company.last == peer.id else company.last
                company.last_of.discard(peer.id)
                company.blocks.pop(peer.id, None)
                company.blocked_by.discard(peer.id)
        del self._peers[peer.id]
        del self._departed[peer.id]
