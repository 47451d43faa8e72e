"""The lobby: everything that the matcher decides, as one pure step.

    step(event, now) -> effects

Takes what peers, gates and the broker say, in any order, as often as it comes, and from any life; keeps who is here,
who waits and who talks; and says what the service is to send. A peer that is here is idle, waiting or seated, exactly
one of them. What cannot be is counted and otherwise passed over: nothing that is heard raises an exception.

A service that was restarted knows nobody. Whoever speaks is taken in as if it had said `here`, except to say goodbye.
"""

from collections import Counter

from broker.identity import PeerId
from broker.messages import VERSION, Cancel, Gone, Here, Join, Leave, Ping, Report, Talking, Welcome
from broker.seats import SeatKeys
from matcher.address_keys import AddressKeys
from matcher.effects import Beat, Effect, Outbox, Send, Stop
from matcher.events import (
    Asked,
    Connected,
    Event,
    GateFacts,
    Heard,
    Nonsense,
    PeerMessage,
    Policed,
    PulseHeard,
    Reopened,
    Rerouted,
    Shifted,
    Tick,
    Turned,
    WrongVersion,
)
from matcher.headcount import Heads, Heart
from matcher.pairing import Move
from matcher.policing import Policing
from matcher.presence import Pace, Peer, Presence
from matcher.radar import Radar
from matcher.randomness import Randomness
from matcher.stamps import Stamps
from matcher.stats import LobbyStats
from matcher.suspicion import Verdict
from matcher.talks import Talks
from matcher.turn import Turn
from matcher.usher import Usher
from matcher.watch import Watch
from matcher.wishes import Wishes


class Lobby:
    """The state of one epoch.

    Args:
        epoch: higher than any before.
        seat_keys: the keys with which gates verify seats.
        randomness: for tickets, seats, roles and the draw.
        turn: the TURN server; without one relay-only wishes are refused.
        here_before: how many the epoch before had here, as its last pulse told.
        pace: how long silence may last.
        policing: what the operator wants of the radar.
    """

    def __init__(
        self,
        epoch: int,
        seat_keys: SeatKeys,
        randomness: Randomness,
        *,
        turn: Turn | None = None,
        here_before: int = 0,
        pace: Pace | None = None,
        policing: Policing | None = None,
    ) -> None:
        self.epoch = epoch
        self._counts: Counter[str] = Counter()
        self._outbox = Outbox()
        self._pace = pace or Pace()
        self._presence = Presence(self._pace)
        self._heart = Heart(epoch, here_before)
        addresses = AddressKeys()
        self._usher = Usher(seat_keys, randomness, addresses, turn)
        radar = Radar(addresses)
        self._stamps = Stamps(randomness, self._effort)
        self._talks = Talks(self._presence, radar, self._outbox, self._counts)
        self._wishes = Wishes(
            self._presence,
            self._talks,
            self._usher,
            self._stamps,
            radar,
            randomness,
            self._outbox,
            self._counts,
            epoch=epoch,
        )
        self._watch = Watch(
            self._presence,
            self._wishes,
            self._talks,
            addresses,
            radar,
            self._outbox,
            stamps=self._stamps,
            counts=self._counts,
            policing=policing or Policing(),
            epoch=epoch,
        )

    def step(self, event: Event, now: float) -> list[Effect]:
        """Take in one event and give what is to be done, in order.

        Args:
            event: what happened.
            now: seconds since the Unix epoch, on a clock whose jumps are told as `Shifted` before.
        """
        if isinstance(event, Shifted):
            self._shift(event.by_s, now)
        self._ring(now)  # before the event, so that nobody is matched with who has just run out of time
        self._take_in(event, now)
        self._watch.act(now)
        if isinstance(event, Tick | Connected | PulseHeard):
            pulse = self._heart.beat(self.heads(), self._watch.waited(now), now)
            if pulse:
                self._outbox.put(Beat(pulse))
        return self._outbox.take()

    def heads(self) -> Heads:
        """Count the peers, exactly."""
        return self._watch.heads()

    def stats(self, now: float) -> LobbyStats:
        """Give numbers for the operator."""
        return self._watch.stats(now)

    def sentence(self, verdict: Verdict, now: float) -> list[Effect]:
        """Carry out a verdict as if the radar had come to it: to try what stops it from going too far."""
        self._watch.sentence(verdict, now)
        return self._outbox.take()

    def _take_in(self, event: Event, now: float) -> None:
        match event:
            case Heard():
                self._hear(event, now)
            case WrongVersion():
                self._correct(event, now)
            case Nonsense() | Asked() | Policed() | Reopened():
                self._watch.hear(event, now)
            case GateFacts(facts):
                self._watch.record(facts, now)
            case PulseHeard():
                self._compare(event)
            case Connected():
                self._heart.force()
                self._watch.listen(now)
            case Turned() | Rerouted():
                self._follow(event, now)
            case Tick():
                self._watch.tick(now)
            case Shifted():
                pass  # that came first

    def _follow(self, event: Turned | Rerouted, now: float) -> None:
        match event:
            case Turned(keys):
                self._usher.turn(keys)
                self._wishes.turn(now)
            case Rerouted(turn):
                self._usher.reroute(turn)
                self._wishes.reroute()

    def _effort(self, peer: PeerId, now: float) -> int:
        return self._watch.effort(peer, now)

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
                self._wishes.join(peer, message, now)
            case Cancel(ticket=ticket):
                self._wishes.cancel(peer, ticket, now)
            case Talking(session=session):
                self._talks.claim(peer, session, Move.TALKING, now)
            case Leave(session=session, mood=mood):
                self._talks.leave(peer, session, mood, now)
            case Report(session=session, reason=reason):
                if (complaint := self._talks.complain(peer, session, now)) is not None:
                    self._watch.complain(peer.id, complaint, reason, now)

    def _admit(self, id_: PeerId, message: PeerMessage, now: float) -> Peer | None:
        """Find whose life speaks, or begin it; None when the message does not count."""
        peer = self._presence.get(id_)
        if peer is not None and peer.life == message.life:
            self._presence.sign(peer, now)
            if isinstance(message, Here):
                self._greet(peer.id, message.life, now)
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
        self._greet(peer.id, message.life, now)
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

    def _greet(self, id_: PeerId, life: str, now: float) -> None:
        seat, ttl = self._usher.fresh(id_, now)
        ice, ice_ttl = self._usher.servers(id_, now)
        welcome = Welcome(
            life=life,
            epoch=self.epoch,
            version=VERSION,
            seat=seat,
            ttl=ttl,
            ping=self._pace.ping_s,
            pulse=self._heart.greeting,
            relay=self._usher.relay,
            ice=ice,
            ice_ttl=ice_ttl,
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

    # ── the pulse, time ───────────────────────────────────────────────────────────────────────────────────────────────

    def _compare(self, event: PulseHeard) -> None:
        if event.message.epoch > self.epoch:
            self._outbox.put(Stop())
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
        self._watch.ring(now)

    def _shift(self, by_s: float, now: float) -> None:
        self._presence.shift(by_s)
        self._talks.shift(by_s)
        self._wishes.shift()
        self._stamps.shift(by_s)
        self._watch.shift(by_s, now)
        self._heart.shift(by_s)
