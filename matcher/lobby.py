"""The lobby: everything that the matcher decides, as one pure step.

    step(event, now) -> effects

Takes what peers, gates and the broker say, in any order, as often as it comes, and from any life; keeps who is here,
who waits and who talks; and says what the service is to send. A peer that is here is idle, waiting or seated, exactly
one of them. What cannot be is counted and otherwise passed over: nothing that is heard raises an exception.

A service that was restarted knows nobody. Whoever speaks is taken in as if it had said `here`, except to say goodbye.
"""

from collections import Counter
from dataclasses import dataclass, field

from broker.identity import PeerId
from broker.messages import (
    VERSION,
    Cancel,
    Facts,
    Gone,
    Here,
    Join,
    Leave,
    Off,
    On,
    Ping,
    Report,
    Talking,
    Tally,
    Welcome,
)
from broker.seats import SeatKeys
from matcher.address_keys import AddressKeys
from matcher.effects import Beat, Effect, Outbox, Send, Stop
from matcher.events import (
    Connected,
    Event,
    GateFacts,
    Heard,
    PeerMessage,
    PulseHeard,
    Shifted,
    Tick,
    Turned,
    WrongVersion,
)
from matcher.headcount import Heads, Heart, PerMode
from matcher.histogram import Histogram
from matcher.pairing import Move
from matcher.presence import Pace, Peer, Presence
from matcher.randomness import Randomness
from matcher.stamps import Effort, Stamps
from matcher.talks import Talks
from matcher.usher import Usher
from matcher.wishes import Wishes


@dataclass(frozen=True, slots=True)
class LobbyStats:
    """Exact numbers, for the operator's eyes. `counts` has a fixed, small set of names and no ids."""

    here: int
    waiting: int
    waiting_in: PerMode
    awake: int
    talking: int
    talking_in: PerMode
    sessions: int
    remembered_peers: int
    remembered_sessions: int
    address_keys: int
    used_stamps: int
    counts: dict[str, int]
    levels: dict[str, int] = field(default_factory=dict)
    verdicts: dict[tuple[str, str], int] = field(default_factory=dict)
    held_back: dict[str, int] = field(default_factory=dict)
    waited: Histogram = field(default_factory=Histogram)
    talked: Histogram = field(default_factory=Histogram)
    bans: int = 0
    reports: dict[str, int] = field(default_factory=dict)
    reports_waiting: int = 0
    gate: dict[str, int] = field(default_factory=dict)
    storm: bool = False
    effort: int = 0


class Lobby:
    """The state of one epoch.

    Args:
        epoch: higher than any before.
        seat_keys: the keys with which gates verify seats.
        randomness: for tickets, seats, roles and the draw.
        relay: whether there is a TURN server; without one relay-only wishes are refused.
        here_before: how many the epoch before had here, as its last pulse told.
        pace: how long silence may last.
        effort: how much work, in bits, is asked of a peer before a wish of it counts.
    """

    def __init__(
        self,
        epoch: int,
        seat_keys: SeatKeys,
        randomness: Randomness,
        *,
        relay: bool = False,
        here_before: int = 0,
        pace: Pace | None = None,
        effort: Effort = lambda _: 0,
    ) -> None:
        self.epoch = epoch
        self._counts: Counter[str] = Counter()
        self._outbox = Outbox()
        self._pace = pace or Pace()
        self._presence = Presence(self._pace)
        self._address_keys = AddressKeys()
        self._heart = Heart(epoch, here_before)
        self._usher = Usher(seat_keys, randomness)
        self._stamps = Stamps(randomness, effort)
        self._talks = Talks(self._presence, self._outbox, self._counts)
        self._wishes = Wishes(
            self._presence,
            self._talks,
            self._usher,
            self._stamps,
            randomness,
            self._outbox,
            self._counts,
            epoch=epoch,
            relay=relay,
        )

    def step(self, event: Event, now: float) -> list[Effect]:
        """Take in one event and give what is to be done, in order.

        Args:
            event: what happened.
            now: seconds since the Unix epoch, on a clock whose jumps are told as `Shifted` before.
        """
        if isinstance(event, Shifted):
            self._shift(event.by_s)
        self._ring(now)  # before the event, so that nobody is matched with who has just run out of time
        match event:
            case Heard():
                self._hear(event, now)
            case WrongVersion():
                self._correct(event, now)
            case GateFacts():
                self._record(event.facts, now)
            case PulseHeard():
                self._compare(event)
            case Connected():
                self._heart.force()
            case Turned(keys):
                self._usher.turn(keys)
                self._wishes.turn(now)
            case Shifted() | Tick():
                pass
        if isinstance(event, Tick | Connected | PulseHeard) and (pulse := self._heart.beat(self.heads(), now)):
            self._outbox.put(Beat(pulse))
        return self._outbox.take()

    def heads(self) -> Heads:
        """Count the peers, exactly."""
        return Heads(self._presence.here, self._wishes.waiting_in, self._talks.talking_in)

    def stats(self) -> LobbyStats:
        """Give numbers for the operator."""
        heads = self.heads()
        return LobbyStats(
            here=heads.here,
            waiting=heads.waiting,
            waiting_in=heads.waiting_in,
            awake=len(self._wishes.pool),
            talking=heads.talking,
            talking_in=heads.talking_in,
            sessions=self._talks.living,
            remembered_peers=len(self._presence),
            remembered_sessions=len(self._talks),
            address_keys=len(self._address_keys),
            used_stamps=len(self._stamps),
            counts=dict(self._counts),
        )

    # ── peers ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _hear(self, heard: Heard, now: float) -> None:
        message = heard.message
        peer = self._admit(heard.peer, message, now)
        if peer is None:
            return
        if isinstance(message, Here | Ping | Gone):
            self._hear_presence(peer, message, now)
        else:
            self._hear_lobby(peer, message, now)
        if peer.life is not None:
            self._wishes.wake(peer, now)

    def _hear_presence(self, peer: Peer, message: Here | Ping | Gone, now: float) -> None:
        match message:
            case Here(session=session):
                if session is not None:
                    self._talks.claim(peer, session, Move.BACK, now)
            case Ping(want_seat=want_seat):
                if want_seat:
                    self._wishes.give_seat(peer, now)
            case Gone(mood=mood):
                self._depart(peer, Move.GONE if mood == "left" else Move.LOST, now)

    def _hear_lobby(self, peer: Peer, message: Join | Cancel | Talking | Leave | Report, now: float) -> None:
        match message:
            case Join():
                peer.rtt_ms = message.rtt if message.rtt is not None else peer.rtt_ms
                self._wishes.join(peer, message, now)
            case Cancel(ticket=ticket):
                self._wishes.cancel(peer, ticket, now)
            case Talking(session=session):
                self._talks.claim(peer, session, Move.TALKING, now)
            case Leave(session=session, mood=mood):
                self._talks.leave(peer, session, mood, now)
            case Report(session=session):
                self._counts["reports" if self._talks.knows(peer, session) else "stale"] += 1

    def _admit(self, id_: PeerId, message: PeerMessage, now: float) -> Peer | None:
        """Find whose life speaks, or begin it; None when the message does not count."""
        peer = self._presence.get(id_)
        if peer is not None and peer.life == message.life:
            self._presence.sign(peer, now)
            if isinstance(message, Here):
                self._welcome(peer, message, now)
            return peer
        if peer is not None and message.life in peer.past_lives:
            # A Will, or a message that overtook it: the life is over, whatever it says.
            self._counts["stale"] += 1
            return None
        if isinstance(message, Gone | Cancel | Leave | Report):
            self._counts["unknown"] += 1
            if peer is not None and isinstance(message, Gone) and message.life == peer.silent_life:
                self._presence.bury(peer)
            return None
        if peer is not None and peer.life is not None and not isinstance(message, Here):
            # A page says `here` until it is welcomed, and nothing else before. So this is no life that begins but one
            # of an epoch before, whose word comes late: it must not put out the one that is here.
            self._counts["stale"] += 1
            return None
        return self._arrive(id_, message, now)

    def _arrive(self, id_: PeerId, message: Here | Ping | Join | Talking, now: float) -> Peer | None:
        before = self._presence.get(id_)
        if before is not None:
            self._wishes.withdraw(before)  # its ticket was of the life before
        peer = self._presence.arrive(id_, message.life, now)
        if peer is None:
            self._counts["full"] += 1
            return None
        self._resume(peer, message, now)
        self._welcome(peer, message, now)
        return peer

    def _resume(self, peer: Peer, message: Here | Ping | Join | Talking, now: float) -> None:
        """Decide what a new life means for the session that the life before had."""
        if peer.session is None:
            return
        claimed = message.session if isinstance(message, Here | Talking) else None
        if claimed == peer.session.id or (claimed is None and peer.session.talked and not isinstance(message, Here)):
            self._talks.move(Move.BACK, peer, now)  # a ping or join says nothing of the talk: it goes on
        else:
            self._talks.move(Move.LEAVE, peer, now, "lost")

    def _welcome(self, peer: Peer, message: Here | Ping | Join | Talking, now: float) -> None:
        if isinstance(message, Here) and message.rtt is not None:
            peer.rtt_ms = message.rtt
        self._greet(peer.id, message.life, now)

    def _greet(self, id_: PeerId, life: str, now: float) -> None:
        seat, ttl = self._usher.fresh(id_, now)
        welcome = Welcome(
            life=life,
            epoch=self.epoch,
            version=VERSION,
            seat=seat,
            ttl=ttl,
            ping=self._pace.ping_s,
            pulse=self._heart.greeting,
            challenge=self._stamps.challenge(id_, life, now),
        )
        self._outbox.put(Send(id_, welcome))

    def _correct(self, wrong: WrongVersion, now: float) -> None:
        self._counts["version"] += 1
        self._greet(wrong.peer, wrong.life, now)

    def _depart(self, peer: Peer, move: Move, now: float, *, in_silence: bool = False) -> None:
        self._wishes.withdraw(peer)
        self._presence.depart(peer, now, in_silence=in_silence)
        self._talks.move(move, peer, now)

    # ── gates, the pulse, time ───────────────────────────────────────────────────────────────────────────────────────

    def _record(self, facts: Facts, now: float) -> None:
        closed: set[str] = set()
        for fact in facts.facts:
            match fact:
                case On():
                    self._address_keys.record(fact, now)
                    closed.discard(fact.peer)  # it was replaced
                case Off():
                    closed.add(fact.peer)
                case Tally():
                    self._counts["gate"] += fact.count
        # A hint that may be late or early: the Will, or silence, decides. Until then nobody is matched with who may be
        # gone; if it told of an older connection, the next sign of life undoes it.
        for id_ in closed:
            if (peer := self._presence.get(PeerId(id_))) is not None:
                peer.cut = True
                self._wishes.sleep(peer)

    def _compare(self, event: PulseHeard) -> None:
        if event.message.epoch > self.epoch:
            self._outbox.put(Stop("another service has taken over with a higher epoch"))
        elif event.message.epoch < self.epoch or event.message.kind == "down":
            self._heart.hurry()  # the Will of an earlier service, or of our own earlier connection, stands on the topic

    def _ring(self, now: float) -> None:
        self._talks.ring(now)  # before presence: it still finds both peers of what it ends
        for peer, lost in self._presence.silent(now):
            if lost:
                self._depart(peer, Move.LOST, now, in_silence=True)
            else:
                self._wishes.sleep(peer)
        self._wishes.ring(now)
        for id_ in self._address_keys.due(now):
            self._address_keys.settle(id_, here=self._presence.is_here(id_), now=now)

    def _shift(self, by_s: float) -> None:
        self._presence.shift(by_s)
        self._talks.shift(by_s)
        self._wishes.shift()
        self._stamps.shift(by_s)
        self._address_keys.shift(by_s)
        self._heart.shift(by_s)
