"""Wishes: who wants to be matched, and the matching.

    join ──► refused (slow, relay, seat, stamp)
         ──► nothing while the pool has nobody who fits; `matched` to both as soon as it has
             (for a wish with `again` only the one who says the same fits, whom it met last, and no matter the circle)
         ──► again, when the seat has grown too old by waiting

Keeps the pool: in it is exactly who waits and is awake. Knows nothing of how a session goes on.
"""

import math
from collections import Counter
from typing import Final

from broker.identity import PeerId
from broker.messages import Again, Challenge, Handshake, Join, Matched, Mode, NewSeat, Refused, RefusedReason, Role
from matcher import session_ids
from matcher.address_keys import UNTOLD_S
from matcher.alarms import Alarms
from matcher.effects import Outbox, Send
from matcher.headcount import PerMode
from matcher.histogram import ROADS_S, Histogram
from matcher.pairing import Move
from matcher.pool import Circle, Keys, Pool, Reunion, folded, keys_of
from matcher.presence import Asked, Peer, Presence, Wish
from matcher.radar import Radar
from matcher.randomness import Randomness
from matcher.stamps import Stamps
from matcher.talks import Talks
from matcher.usher import SEAT_LEAST_S, Usher

PATIENCE_S: Final = 5.0
"""How long a peer waits for its tags and languages, or, hiding, for others who hide, before it is open to anybody."""

CIRCLE_PATIENCE_S: Final = {Circle.ALL: math.inf, Circle.APART: 20.0, Circle.PROVEN: 10.0, Circle.WARY: 20.0}
"""How long a peer looks in its circle alone. Where few are set apart, none of them is left waiting for long; and where
many are, they find each other long before that."""

WAITED_MAX_S: Final = 120
"""The most time that a peer may say it has waited already: it is not checked."""

HANDSHAKE: Final[Handshake] = "mirror"
"""It saves a crossing, and is level where a crossing costs nothing; a browser that cannot says `plain` (decision 5)."""

RELAY_RETRY_S: Final = 300
"""When to ask again for relay-only where there is no relay: hardly ever."""


class Wishes:
    """The waiting peers, and the pool they are drawn from."""

    def __init__(  # noqa: PLR0913  a part of the lobby, which alone makes it, and shares its parts
        self,
        presence: Presence,
        talks: Talks,
        usher: Usher,
        stamps: Stamps,
        radar: Radar,
        randomness: Randomness,
        outbox: Outbox,
        counts: Counter[str],
        *,
        epoch: int,
    ) -> None:
        self.waited = Histogram()
        self.roads = Histogram(ROADS_S)
        self._presence = presence
        self._talks = talks
        self._usher = usher
        self._stamps = stamps
        self._radar = radar
        self._randomness = randomness
        self._outbox = outbox
        self._counts = counts
        self._epoch = epoch
        self._pool = Pool(randomness)
        self._alarms: Alarms[PeerId] = Alarms()
        self._waiting: Counter[Mode] = Counter()

    @property
    def waiting_in(self) -> PerMode:
        """How many wait, awake or asleep."""
        return PerMode.of(self._waiting)

    @property
    def pool(self) -> Pool:
        """Who waits and is awake."""
        return self._pool

    def join(self, peer: Peer, join: Join, now: float) -> None:
        """A peer wants to be matched. Repeating it does no harm, and brings back an answer that was lost."""
        if join.ticket in peer.dead_tickets:
            answer = peer.dead_tickets[join.ticket]
            if answer is not None and peer.life is not None:
                self._outbox.put(Send(peer.id, answer.model_copy(update={"life": peer.life})))
        elif not self._talks.repeat(peer, join.ticket) and not (peer.wish and peer.wish.join.ticket == join.ticket):
            self._wish(peer, join, now)

    def _wish(self, peer: Peer, join: Join, now: float) -> None:
        self._talks.move(Move.LEAVE, peer, now, "left")  # who wishes anew has left, and the word for it was lost
        if peer.wish is not None:
            peer.bury(peer.wish.join.ticket, None)  # or a late repetition of it would replace this one
            self.withdraw(peer)
        if join.ticket != peer.granted and (wait_s := self._radar.wish(peer.id, now)) > 0:
            self._refuse(peer, join, "slow", wait_s)
            return
        peer.granted = join.ticket  # it may be asked for a stamp, and come again
        expiry = self._usher.expiry(peer.id, join.seat)
        if join.relay and self._usher.relay == "none":
            self._refuse(peer, join, "relay", RELAY_RETRY_S)
            return
        if expiry is None or expiry - now <= SEAT_LEAST_S:
            self.give_seat(peer, now)
            self._refuse(peer, join, "seat", 0)
            return
        if not self._stamps.take(peer.id, join.life, join.stamp, now):  # last: what is refused uses no stamp up
            self._refuse(peer, join, "stamp", 0, self._stamps.challenge(peer.id, join.life, now))
            return
        since = now - min(join.waited or 0, WAITED_MAX_S)
        widened = now - since >= PATIENCE_S
        peer.wish = Wish(Asked.by(join), since, expiry, (), widened, now, self._radar.circle(peer.id, now))
        self._waiting[join.mode] += 1
        self._counts["joined"] += 1
        if join.rtt is not None:
            self.roads.add(join.rtt / 1000)
        self._watch(peer, peer.wish)
        self.seek(peer, now)

    def cancel(self, peer: Peer, ticket: str, now: float) -> None:
        """A wish is withdrawn; when it was fulfilled a moment ago, the peer leaves that session."""
        side = peer.session.side(peer.id) if peer.session else None
        if peer.wish is not None and peer.wish.join.ticket == ticket:
            self.withdraw(peer)
            peer.bury(ticket, None)
        elif side is not None and side.ticket == ticket:
            self._talks.move(Move.LEAVE, peer, now, "left")
        else:
            self._counts["stale"] += 1

    def withdraw(self, peer: Peer) -> None:
        """Take a peer's wish from it, if it has one."""
        if peer.wish is not None:
            self._waiting[peer.wish.join.mode] -= 1
            peer.wish = None
            self._pool.remove(peer.id)
            self._alarms.drop(peer.id)

    def sleep(self, peer: Peer) -> None:
        """Leave a peer out of the pool that has been silent; its next sign brings it back."""
        self._pool.remove(peer.id)

    def wake(self, peer: Peer, now: float) -> None:
        """Look again for a peer that waits and was asleep, or whose standing has changed."""
        if peer.wish is not None and peer.wish.circle != (circle := self._radar.circle(peer.id, now)):
            peer.wish.circle, peer.wish.let_out = circle, False
            self._pool.remove(peer.id)
            self._watch(peer, peer.wish)
        if peer.wish is not None and peer.id not in self._pool:
            self.seek(peer, now)

    def told(self, id_: PeerId, now: float) -> None:
        """A gate has told where a peer comes from, which may change how it stands; it may just have been waiting."""
        peer = self._presence.get(id_)
        # Who was cut off is woken by a sign of its own: this may tell of the connection that has closed.
        if peer is not None and not peer.cut and peer.wish is not None and now < peer.wish.begun + UNTOLD_S:
            self.wake(peer, now)

    def seek(self, peer: Peer, now: float) -> None:
        """Match a waiting peer, or let it wait in the pool."""
        wish = peer.wish
        if wish is None:
            return
        if self._radar.untold(peer.id, now - wish.begun):
            return  # the gate's word, or the next repetition of the join, wakes it
        wish.keys = _keys(wish)
        unfit = (peer.avoids, peer.avoided) if wish.join.again is None else (peer.shuns, peer.shunned)
        found = self._presence.get(self._pool.draw(peer.id, wish.keys, *unfit))
        if found is None or found.wish is None:
            self._pool.put(peer.id, wish.keys)
        else:
            self._match((peer, wish.join), (found, found.wish.join), now)

    def ring(self, now: float) -> None:
        """Widen the wishes that have waited long, and send back who has waited until its seat grew old."""
        for id_ in self._alarms.ring(now):
            peer = self._presence.get(id_)
            if peer is None or peer.wish is None:
                continue
            if peer.wish.seat_expiry - now <= SEAT_LEAST_S:
                self._send_back(peer, peer.wish.join.ticket, now)
                continue
            peer.wish.widened = peer.wish.widened or now >= peer.wish.since + PATIENCE_S
            peer.wish.let_out = now >= peer.wish.begun + CIRCLE_PATIENCE_S[peer.wish.circle]
            self._watch(peer, peer.wish)
            if peer.id in self._pool:
                self.seek(peer, now)

    def shift(self) -> None:
        """Follow a clock that was moved, and the peers' wishes with it. Seats follow nobody: gates judge them."""
        for peer in [peer for id_ in self._alarms if (peer := self._presence.get(id_)) is not None]:
            if peer.wish is not None:
                self._watch(peer, peer.wish)

    def turn(self, now: float) -> None:
        """Follow keys that have turned: whose seat no gate lets in any more is sent back for another."""
        for peer in [peer for id_ in self._alarms if (peer := self._presence.get(id_)) is not None]:
            if peer.wish is not None and self._usher.expiry(peer.id, peer.wish.join.seat) is None:
                self._send_back(peer, peer.wish.join.ticket, now)

    def reroute(self) -> None:
        """Follow a TURN server that has changed: where there is none any more, nobody waits in vain to be hidden."""
        if self._usher.relay != "none":
            return
        for peer in [peer for id_ in self._alarms if (peer := self._presence.get(id_)) is not None]:
            if peer.wish is not None and (join := peer.wish.join).relay:
                self.withdraw(peer)
                self._refuse(peer, join, "relay", RELAY_RETRY_S)

    def give_seat(self, peer: Peer, now: float) -> None:
        """Hand a fresh seat to a peer."""
        if peer.life is not None:
            seat, ttl = self._usher.fresh(peer.id, now)
            ice, ice_ttl = self._usher.servers(peer.id, now)
            self._outbox.put(Send(peer.id, NewSeat(life=peer.life, seat=seat, ttl=ttl, ice=ice, ice_ttl=ice_ttl)))

    def _refuse(
        self, peer: Peer, join: Join | Asked, reason: RefusedReason, retry: int, challenge: Challenge | None = None
    ) -> None:
        self._counts["refused"] += 1
        if reason == "slow":
            self._counts["slowed"] += 1
        refused = Refused(life=join.life, ticket=join.ticket, reason=reason, retry=retry, challenge=challenge)
        self._outbox.put(Send(peer.id, refused))

    def _send_back(self, peer: Peer, ticket: str, now: float) -> None:
        self.withdraw(peer)
        self.give_seat(peer, now)
        if peer.life is not None:
            again = Again(life=peer.life, ticket=ticket)
            peer.bury(ticket, again)
            self._outbox.put(Send(peer.id, again))

    def _watch(self, peer: Peer, wish: Wish) -> None:
        dues: list[float] = [wish.seat_expiry - SEAT_LEAST_S]
        if not wish.widened:
            dues.append(wish.since + PATIENCE_S)
        if wish.circle is not Circle.ALL and not wish.let_out:
            dues.append(wish.begun + CIRCLE_PATIENCE_S[wish.circle])
        self._alarms.set(peer.id, min(dues))

    def _match(self, one: tuple[Peer, Asked], other: tuple[Peer, Asked], now: float) -> None:
        session = session_ids.draw(one[1].mode, self._randomness)
        first, second = _roles(one[0], other[0])
        for peer, _ in (one, other):
            if peer.wish is not None:
                self.waited.add(max(0.0, now - peer.wish.since))
            self.withdraw(peer)
        told = [
            self._matched(peer, join, stranger, session, role, now)
            for (peer, join), (_, stranger), role in ((one, other, first), (other, one, second))
        ]
        self._counts["matched"] += 1
        reunion = one[1].again is not None
        self._talks.begin(session, (one[0], told[0]), (other[0], told[1]), now, reunion=reunion)

    def _matched(self, peer: Peer, join: Asked, stranger: Asked, session: str, role: Role, now: float) -> Matched:
        seat, ttl = self._usher.fresh(peer.id, now)
        ice, ice_ttl = self._usher.servers(peer.id, now)
        theirs = {folded(tag) for tag in stranger.tags}
        return Matched(
            life=join.life,
            epoch=self._epoch,
            ticket=join.ticket,
            session=session,
            to=stranger.seat,
            key=stranger.key,
            role=role,
            handshake=HANDSHAKE,
            tags=[tag for tag in join.tags if folded(tag) in theirs],  # as this peer writes them
            ice=ice,
            ice_ttl=ice_ttl,
            seat=seat,
            ttl=ttl,
        )


def _keys(wish: Wish) -> Keys:
    join = wish.join
    if join.again is not None:
        return (Reunion(join.mode, join.again),)
    keys = _keys_in(wish, wish.circle)
    return (*keys, *_keys_in(wish, Circle.ALL)) if wish.let_out and wish.circle is not Circle.ALL else keys


def _keys_in(wish: Wish, circle: Circle) -> Keys:
    join = wish.join
    return keys_of(join.mode, join.tags, join.languages, relay=join.relay, circle=circle, widened=wish.widened)


def _roles(seeker: Peer, found: Peer) -> tuple[Role, Role]:
    """Let the older wish be `b`: its peer has had the time to get a connection ready that answers, or yields."""
    if seeker.wish is not None and found.wish is not None and seeker.wish.begun < found.wish.begun:
        return "b", "a"
    return "a", "b"
