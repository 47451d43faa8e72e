"""A seeker: one wish after another, as a page makes them, until it is told of a stranger.

    wish ─► join, repeated ─► matched
      └─ refused{slow}: later · refused{stamp}: work, the same ticket · refused{seat}, again: a new ticket

Mirrors `webclient/src/search.ts`, its times included.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bench.radar import work
from bench.radar.caller import Caller, Phase
from broker.messages import Challenge, Join, Mode, Ping, Refused, Welcome

if TYPE_CHECKING:
    from bench.radar.book import Entry
    from bench.radar.chance import Chance
    from bench.radar.house import House

JOIN_AFTER_S: Final = (2.0, 4.0, 8.0, 15.0)
SEAT_MARGIN_S: Final = 30.0
CHALLENGE_LEAST_S: Final = 60.0

SAME_TICKET_AFTER_SLOW: Final = False
"""Whether a wish that was refused with `slow` comes back with its ticket. (The page draws a new one.)"""

_KEY: Final = "B" + "A" * 86


class Seeker(Caller):
    """A caller that looks for somebody."""

    hashes_per_ms = 0.0
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    mode: Mode = "text"

    def __init__(self, house: House, chance: Chance, entry: Entry, address: str) -> None:
        super().__init__(house, chance, entry, address)
        self.ticket = ""
        self._stamp: str | None = None
        self._joins = 0
        self._held = ""  # back, by "slow", or because of the work for a "stamp"
        self._challenge: tuple[Challenge, float] | None = None

    # ── who sits here ────────────────────────────────────────────────────────────────────────────────────────────────

    def welcomed(self) -> None:
        """The service knows this life."""

    def slowed(self, retry_s: int) -> None:
        """A wish was refused for now: a page tries again when it is told to."""
        self.hold(max(1, retry_s), self.wish_on)

    def asked(self, challenge: Challenge) -> None:
        """Work is asked for: a page does it."""
        self.work(challenge)

    # ── wishes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def wish(self) -> None:
        """Look for somebody, with a new ticket."""
        self.enter(Phase.WAITING)
        self.ticket = self.chance.word(16)
        self.wish_on()

    def wish_on(self) -> None:
        """Look for somebody, with the ticket there is."""
        self._turn += 1
        if not SAME_TICKET_AFTER_SLOW and self._held == "slow":
            self.ticket = self.chance.word(16)
        self._joins, self._held, self._stamp = 0, "", None
        self.entry.free(self.house.clock.elapsed)
        self.submit()

    def hold(self, seconds: float, then: Callable[[], None]) -> None:
        """Keep a wish back for so long."""
        self._turn += 1
        self._held = "slow"
        self.entry.hold("slow", self.house.clock.elapsed)
        self.later(seconds, then)

    def work(self, challenge: Challenge) -> None:
        """Work on a stamp, for as long as that takes here; a challenge that has grown old by then was in vain."""
        self._turn += 1
        self._joins, self._held, self._challenge = 0, "stamp", None
        self.entry.hold("stamp", self.house.clock.elapsed)
        if self.hashes_per_ms <= 0:
            return  # until something else comes of it
        seconds = work.seconds(self.chance, challenge, self.hashes_per_ms)
        if seconds < challenge.ttl:
            self.later(seconds, self._worked, challenge)
        else:
            self.later(challenge.ttl, self.wish_on)

    def _worked(self, challenge: Challenge) -> None:
        self.entry.free(self.house.clock.elapsed)
        self._stamp, self._held = work.stamp(challenge), ""
        self.submit()

    def submit(self) -> None:
        """Send the first `join` of a ticket, as soon as there is all that it needs."""
        if self.phase is not Phase.WAITING or self.line is None or not self.is_welcome or self._held or self._joins:
            return
        now = self.house.clock.now
        if self._stamp is None and self._challenge is not None and self._challenge[1] - now >= CHALLENGE_LEAST_S:
            self.asked(self._challenge[0])
        elif self.seat_until - now < SEAT_MARGIN_S:
            self.house.say(self.line, Ping(life=self.line.life, want_seat=True))
            self.later(JOIN_AFTER_S[0], self.submit)
        else:
            self._join(self._turn)

    def _join(self, turn: int) -> None:
        if turn != self._turn or self.line is None or not self.is_welcome:
            return
        join = Join(
            life=self.line.life,
            ticket=self.ticket,
            seat=self.seat,
            key=_KEY,
            mode=self.mode,
            tags=list(self.tags),
            languages=list(self.languages),
            relay=False,
            stamp=self._stamp,
        )
        self.house.say(self.line, join)
        self.house.clock.after(JOIN_AFTER_S[min(self._joins, 3)], self._join, turn)
        self._joins += 1

    def welcome(self, welcome: Welcome) -> None:
        """Take what a welcome brings."""
        self.take_seat(welcome.seat, welcome.ttl)
        self._take_challenge(welcome.challenge)
        first, self.is_welcome = not self.is_welcome, True
        # A new life, or a new service, has not heard the wish yet; a stamp, or the work on it, was for the one before.
        if first and self.phase is Phase.WAITING and self._held != "slow":
            self.wish_on()
        if first:
            self.welcomed()

    def refused(self, refused: Refused) -> None:
        """Do as a refusal of the current ticket says."""
        if self.phase is not Phase.WAITING or refused.ticket != self.ticket or self._held:
            return
        if refused.reason == "stamp" and refused.challenge is not None:
            if self._stamp is None:
                self.asked(refused.challenge)
            else:
                self._take_challenge(refused.challenge)
                self.wish()
        elif refused.reason == "seat":
            self.wish()
        else:
            self.slowed(refused.retry)

    def renew(self, ticket: str | None) -> None:
        """Draw a new ticket when this one, the current, is void."""
        if self.phase is Phase.WAITING and ticket == self.ticket:
            self.wish()

    def _take_challenge(self, challenge: Challenge | None) -> None:
        self._challenge = None if challenge is None else (challenge, self.house.clock.now + challenge.ttl)

    def take_seat(self, seat: str, ttl_s: int) -> None:
        """Keep the newest seat."""
        self.seat, self.seat_until = seat, self.house.clock.now + ttl_s
