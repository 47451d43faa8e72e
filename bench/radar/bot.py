"""A bot: a page that a program drives, for as long as it is told to. What sets one kind apart stands in its `Breed`.

Most speak the whole protocol, and hold a channel for as long as it takes to say their line. What they do when they are
found out is told by the breed as well: whether they wait when told to, how much they can hash, and from where they come
back when banned, always at once and under another name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.radar.caller import Phase
from bench.radar.page import Page

if TYPE_CHECKING:
    from bench.radar.book import Entry
    from bench.radar.house import House
    from bench.radar.meeting import Meeting
    from broker.messages import Challenge

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Breed:
    """One kind of bot. Times are in seconds; a span is drawn from uniformly."""

    name: str
    talks: Callable[[Bot], float]
    stays: float
    rests: Span = (0.05, 0.3)  # between a talk and the next wish
    answers: bool = True
    heeds: bool = True  # waits when told `slow`, as a page does; else it tries again in a second
    hashes_per_ms: float = 0.0  # 0: it cannot answer a challenge, and tries again without
    moves: bool = False  # comes back from another address when banned


class Bot(Page):
    """A program before a page."""

    def __init__(self, house: House, entry: Entry, address: str, breed: Breed) -> None:
        super().__init__(house, house.bot_chance, entry, address)
        self.breed = breed
        self.answers, self.hashes_per_ms = breed.answers, breed.hashes_per_ms
        self.pace_s = self.chance.uniform(2, 10)
        self.swing = self.chance.uniform(0.2, 0.6)
        self._gone = False

    @property
    def going(self) -> bool:
        """Whether it is still at work."""
        return not self._gone

    def come(self) -> None:
        """Begin."""
        self.entry.came = self.house.clock.elapsed
        self.arrive()
        self.house.clock.after(self.breed.stays, self.stop)

    def stop(self) -> None:
        """End."""
        self._gone = True
        self.entry.left = self.house.clock.elapsed
        self.close()

    # ── what a page asks of who sits before it ───────────────────────────────────────────────────────────────────────

    def welcomed(self) -> None:
        """Look for somebody at once."""
        if self.phase is Phase.LOBBY:
            self.wish()

    def opened(self, meeting: Meeting) -> None:
        """Say the line, and go."""
        self.later(self.breed.talks(self), self.turn_away_from, meeting)

    def turn_away_from(self, meeting: Meeting) -> None:  # noqa: ARG002  some say more to it
        """End a talk, and look for the next."""
        self.end("skipped")
        self.rest()

    def alone(self) -> None:
        """Look for the next."""
        self.rest()

    def failed(self) -> None:
        """Look for the next."""
        self.rest()

    def rest(self) -> None:
        """Look for somebody in a moment."""
        self.later(self.chance.uniform(*self.breed.rests), self.wish)

    def slowed(self, retry_s: int) -> None:
        """Wait as one was told, or not."""
        self.hold(max(1, retry_s) if self.breed.heeds else 1, self.wish_on)

    def work(self, challenge: Challenge) -> None:
        """Work, if it can; else try again without, now and then."""
        if self.hashes_per_ms > 0:
            super().work(challenge)
        else:
            self.hold(5, self.wish)

    def banned(self, seconds: float) -> None:  # noqa: ARG002  it does not care
        """Come back at once."""
        self._return()

    def broken(self, why: str) -> None:
        """Come back at once: under another name if one was thrown out, else as it was."""
        if why in ("kick", "barred"):
            self.close()
            self._return()
        else:
            self.house.clock.after(self.chance.uniform(0.6, 8) if why == "storm" else 0.2, self.reconnect)

    def turned_away(self) -> None:
        """Come from elsewhere if it can, else knock."""
        self.close()
        self.house.clock.after(0.5 if self.breed.moves else self.chance.uniform(5, 10), self._begin_anew)

    def _return(self) -> None:
        self.house.clock.after(0.2, self._begin_anew)

    def _begin_anew(self) -> None:
        if not self._gone and self.phase is Phase.AWAY:
            if self.breed.moves and self.entry.rungs.keys() & {"banned", "barred", "kick"}:
                self.address = self.house.addresses.home()
            self.arrive()
