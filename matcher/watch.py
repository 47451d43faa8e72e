"""The watch: all that looks after the peace of the lobby, put together. Decides nothing about who meets whom.

gate facts ─► address keys ─┐
nonsense, reports ──────────┴► radar ─► verdicts ─► bouncer ─► notices, orders
an operator ─► desk ─► bouncer, stats                what a minor is concerned in ─► reports, for a person's eyes
"""

from collections import Counter

from broker.identity import PeerId
from broker.messages import Bars, Facts, Off, On, ReportReason, Tally
from matcher.address_keys import AddressKeys
from matcher.bouncer import Bouncer
from matcher.desk import Desk
from matcher.effects import Outbox, Reply
from matcher.events import Asked, Nonsense, Policed, Reopened
from matcher.headcount import Heads
from matcher.histogram import Histogram
from matcher.policing import Policing
from matcher.presence import Presence
from matcher.radar import Radar
from matcher.reports import FOR_EYES, Reports
from matcher.stamps import Stamps
from matcher.stats import LobbyStats, Stats
from matcher.suspicion import Verdict
from matcher.talks import Complaint, Talks
from matcher.wishes import Wishes


class Watch:
    """Radar, bouncer, desk and their books."""

    def __init__(  # noqa: PLR0913  a part of the lobby, which alone makes it, and shares its parts
        self,
        presence: Presence,
        wishes: Wishes,
        talks: Talks,
        addresses: AddressKeys,
        radar: Radar,
        outbox: Outbox,
        *,
        stamps: Stamps,
        counts: Counter[str],
        policing: Policing,
        epoch: int,
    ) -> None:
        self._presence = presence
        self._wishes = wishes
        self._addresses = addresses
        self._radar = radar
        self._outbox = outbox
        self._counts = counts
        self._reports = Reports()
        self._bouncer = Bouncer(presence, wishes, talks, addresses, radar, outbox, policing=policing)
        self._stats = Stats(
            presence,
            wishes,
            talks,
            addresses,
            radar,
            self._bouncer,
            stamps=stamps,
            reports=self._reports,
            counts=counts,
            epoch=epoch,
        )
        self._desk = Desk(presence, self._bouncer, self._reports, self._stats, outbox, policing)
        radar.look_only(dry_run=policing.dry_run)

    def heads(self) -> Heads:
        """Count the peers, exactly."""
        return self._stats.heads()

    def waited(self, now: float) -> Histogram:
        """Give how long those waited who have met lately."""
        return self._stats.waited(now)

    def stats(self, now: float) -> LobbyStats:
        """Give numbers for the operator."""
        return self._stats.stats(self._desk.asked_of_all, now)

    def effort(self, peer: PeerId, now: float) -> int:
        """Tell how much work is asked of a peer before a wish, in bits."""
        return max(self._desk.asked_of_all, self._radar.effort(peer, now))

    def hear(self, event: Nonsense | Asked | Policed | Reopened, now: float) -> None:
        """Take in what concerns nobody's wish or talk."""
        match event:
            case Nonsense(peer):
                self._counts["nonsense"] += 1
                self._radar.denied(peer, "nonsense", 1, now)
            case Asked(operator, ask):
                self._outbox.put(Reply(operator, self._desk.answer(ask, now)))
            case Policed(policing):
                self._radar.look_only(dry_run=policing.dry_run)
                self._desk.policing = policing
                self._bouncer.police(policing)
            case Reopened():
                self._bouncer.remind(now)

    def complain(self, by: PeerId, complaint: Complaint, reason: ReportReason, now: float) -> None:
        """A stranger complains of a peer."""
        self._stats.reports[reason] += 1
        self._radar.reported(complaint.stranger, by, complaint.talked_s, now)
        if reason in FOR_EYES:
            theirs = self._addresses.get(by)  # many names at one address are one stranger
            name = by if theirs is None else theirs.address.key
            self._reports.add(complaint.stranger, self._addresses.get(complaint.stranger), name, reason, now)

    def record(self, facts: Facts, now: float) -> None:
        """Take in what a gate tells."""
        closed: set[PeerId] = set()
        for fact in facts.facts:
            match fact:
                case On():
                    self._came(fact, now)
                    closed.discard(PeerId(fact.peer))  # it was replaced
                case Off():
                    closed.add(PeerId(fact.peer))
                    self._went(PeerId(fact.peer), now)
                case Bars():
                    self._bouncer.learn(fact, now)
                case Tally():
                    self._stats.refused(fact.what, fact.count)
                    if fact.peer is not None:
                        self._radar.denied(PeerId(fact.peer), fact.what, fact.count, now)
        # A hint that may be late or early: the Will, or silence, decides. Until then nobody is matched with who may be
        # gone; if it told of an older connection, the next sign of life undoes it.
        for peer in closed:
            if (gone := self._presence.get(peer)) is not None:
                gone.cut = True
                self._wishes.sleep(gone)

    def act(self, now: float) -> None:
        """Carry out what the radar has come to."""
        for verdict in self._radar.take():
            self._bouncer.carry_out(verdict, now)

    def sentence(self, verdict: Verdict, now: float) -> None:
        """Carry out a verdict as if the radar had come to it: to try what stops it from going too far."""
        self._bouncer.carry_out(verdict, now)

    def listen(self, now: float) -> None:
        """We hear the broker again, after a while in which we did not."""
        self._radar.deaf(now)
        self._bouncer.remind(now)

    def ring(self, now: float) -> None:
        """Forget what is over."""
        for id_ in self._addresses.due(now):
            self._addresses.settle(id_, here=self._presence.is_here(id_), now=now)
        self._bouncer.bans.ring(now)
        self._reports.ring(now)

    def tick(self, now: float) -> None:
        """Time has passed."""
        self._radar.tick(self._presence.here, now)
        self._stats.tick(now)

    def shift(self, by_s: float, now: float) -> None:
        """Follow a clock that was moved, or we were not able to hear."""
        self._addresses.shift(by_s)
        self._radar.shift(by_s)
        self._radar.deaf(now)
        self._bouncer.bans.shift(by_s)
        self._reports.shift(by_s)
        self._stats.shift(by_s)

    def _came(self, fact: On, now: float) -> None:
        peer = PeerId(fact.peer)
        known = peer in self._addresses
        self._addresses.record(fact, now)
        self._radar.came(peer, now, known=known)
        self._wishes.told(peer, now)

    def _went(self, peer: PeerId, now: float) -> None:
        self._radar.went(peer, self._addresses.close(peer, now), now)
