"""The bouncer: carries out what the radar or the operator decided. Says why, orders the gate, ends the talk.

    verdict ─► held back? (dry run, never-ban list, breaker) ─► counted
            ─► KICK  banned{60 s} ─► order: kick                       one peer, which may come back
            ─► BAN   banned{…} to each ─► order: ban                   the address key; if that is too much, a kick

A notice goes to the inbox before the order goes to the gate, on the same connection, so it is read before the door
shuts. A ban of which a restarted gate knows nothing is ordered anew; one of which we know nothing a gate tells us.
"""

from collections import Counter
from typing import Final

from broker import networks, orders
from broker.addresses import AddressKey
from broker.identity import PeerId
from broker.messages import Banned, Bars
from broker.orders import NETWORKS_PER_ORDER
from matcher.address_keys import AddressKeys, Place
from matcher.bans import Bans, Bar, code_of
from matcher.effects import Order, Outbox, Send
from matcher.pairing import Move
from matcher.policing import Policing
from matcher.presence import Presence
from matcher.radar import Radar
from matcher.scores import Level
from matcher.suspicion import Verdict
from matcher.talks import Talks
from matcher.wishes import Wishes

KICK_S: Final = 60
"""A kicked peer is asked to stay away for so long. Its gate would let it in at once."""


class Bouncer:
    """Puts peers out, and keeps the book of it."""

    def __init__(
        self,
        presence: Presence,
        wishes: Wishes,
        talks: Talks,
        addresses: AddressKeys,
        radar: Radar,
        outbox: Outbox,
        *,
        policing: Policing,
    ) -> None:
        self.bans = Bans()
        self.verdicts: Counter[tuple[str, str]] = Counter()
        self.held_back: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self._presence = presence
        self._wishes = wishes
        self._talks = talks
        self._addresses = addresses
        self._radar = radar
        self._outbox = outbox
        self._policing = policing

    def police(self, policing: Policing) -> None:
        """Take up other settings; gates hear of the networks."""
        self._policing = policing
        self._tell_networks()

    def carry_out(self, verdict: Verdict, now: float) -> None:
        """Do what a verdict asks for, or less."""
        reason = verdict.reason.word
        self.verdicts[verdict.level.word, reason] += 1
        if self._policing.dry_run:
            self.held_back["dry-run"] += 1
        elif verdict.place is not None and verdict.place.spared:
            self.held_back["spared"] += 1
        elif verdict.level is Level.BAN and verdict.place is not None:
            address = verdict.place.address
            people = max(1, self._addresses.count(address))
            if self.bans.get(address) is not None:
                return  # it is on its way out
            if self.bans.breaker.holds_ban(people, self._presence.here, self._policing, now):
                self._kick(verdict, now)
            else:
                self._keep_out(self.bans.impose(address, reason, people, now), now)
        else:
            self._kick(verdict, now)

    def ban(self, address: AddressKey, reason: str, seconds: float, now: float) -> Bar:
        """Ban an address key, as a person decided: nothing holds that back."""
        bar = self.bans.impose(address, reason, 0, now, seconds=seconds)
        self._keep_out(bar, now)
        return bar

    def place_of(self, peer: PeerId) -> Place | None:
        """Tell where a peer comes from, if a gate has told."""
        return self._addresses.get(peer)

    def spares(self, address: AddressKey) -> bool:
        """Tell whether somebody comes from there who is never banned."""
        places = map(self._addresses.get, self._addresses.connected(address))
        return any(place is not None and place.spared for place in places)

    def lift(self, address: AddressKey) -> None:
        """Let an address key in again."""
        self.bans.lift(address)
        self._outbox.put(Order(orders.Lift(address)))

    def learn(self, fact: Bars, now: float) -> None:
        """A gate tells of a ban: one from before this service began, or one of a network that an operator named."""
        address = AddressKey(fact.day, fact.address)
        self.bans.learn(address, fact.reason, fact.seconds, now)
        bar = self.bans.get(address)
        if bar is not None and self._addresses.count(address):
            self._keep_out(bar, now)

    def remind(self, now: float) -> None:
        """Tell gates, which may have begun anew, who is kept out."""
        self._tell_networks()
        for bar in self.bans:
            self._outbox.put(Order(orders.Ban(bar.address, max(1.0, bar.until - now), bar.reason)))

    def _tell_networks(self) -> None:
        banned = tuple(map(networks.read, self._policing.banned_networks))
        never = tuple(map(networks.read, self._policing.never_ban))
        # Half an order each, so that no order is too long.
        step = NETWORKS_PER_ORDER // 2
        for at in range(0, max(1, len(banned), len(never)), step):
            part = orders.Networks(banned[at : at + step], never[at : at + step], more=at > 0)
            self._outbox.put(Order(part))

    def _keep_out(self, bar: Bar, now: float) -> None:
        self.done["ban"] += 1
        for peer in sorted(self._addresses.connected(bar.address)):
            place = self._addresses.get(peer)
            if place is not None and not place.spared:
                self._put_out(peer, bar.reason, round(bar.until - now), bar.code, now)
        self._outbox.put(Order(orders.Ban(bar.address, bar.until - now, bar.reason)))

    def _kick(self, verdict: Verdict, now: float) -> None:
        if self.bans.breaker.holds_kick(self._presence.here, self._policing, now):
            self.held_back["breaker"] += 1
            return
        self.bans.breaker.kick(now + KICK_S)
        self.done["kick"] += 1
        place = verdict.place
        code = code_of(verdict.peer) if place is None else code_of(place.address.key, place.address.day)
        self._radar.hold(verdict.peer, KICK_S, now)
        self._put_out(verdict.peer, verdict.reason.word, KICK_S, code, now)
        self._outbox.put(Order(orders.Kick(verdict.peer)))

    def _put_out(self, id_: PeerId, reason: str, seconds: int, code: str, now: float) -> None:
        peer = self._presence.get(id_)
        if peer is None or peer.life is None:
            return
        contact = self._policing.contact
        notice = Banned(life=peer.life, reason=reason, seconds=max(1, seconds), code=code, contact=contact)
        self._outbox.put(Send(id_, notice))
        self._wishes.withdraw(peer)
        self._talks.move(Move.LEAVE, peer, now, "banned")
        self._presence.depart(peer, now)
