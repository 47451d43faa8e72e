"""The book: who is what, and what became of whom. Only here stands who is a bot; lobby and gate are never told.

Times are in seconds since the run began. A *rung* is what was done to somebody, and noted when it was decided:

    slow     a wish refused with `slow`
    stamp    work asked for, with a refusal or a welcome
    kick     disconnected by an order about this peer
    banned   told `banned`
    barred   disconnected by an order about its address, or refused at the door because of one
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

PERSON: Final = "person"
VICTIM: Final = "victim"
PEOPLE: Final = (PERSON, VICTIM)
RUNGS: Final = ("slow", "stamp", "kick", "banned", "barred")
SHUT_OUT: Final = ("banned", "barred")
WINDOW_S: Final = 10.0


@dataclass(slots=True, eq=False)
class Entry:
    """One person or bot, whatever names it goes by."""

    kind: str
    where: str
    came: float | None = None
    left: float | None = None
    spoke: float | None = None
    rungs: dict[str, float] = field(default_factory=dict)
    matches: int = 0
    matches_before: int = 0
    waited: Counter[str] = field(default_factory=Counter)
    _held: tuple[str, float] | None = None

    @property
    def is_person(self) -> bool:
        """The truth."""
        return self.kind in PEOPLE

    @property
    def side(self) -> str:
        """The same, as a word."""
        return "people" if self.is_person else "bots"

    @property
    def held_for(self) -> str | None:
        """What keeps it waiting now."""
        return self._held[0] if self._held is not None else None

    @property
    def limited(self) -> float | None:
        """When first anything was done to it."""
        return min(self.rungs.values(), default=None)

    def speak(self, now: float) -> None:
        """Note that it was heard."""
        if self.spoke is None:
            self.spoke = now

    def mark(self, rung: str, now: float) -> None:
        """Note what was done to it; the first time counts."""
        self.rungs.setdefault(rung, now)

    def match(self) -> None:
        """Note that it was given a stranger."""
        self.matches += 1
        self.matches_before += not self.rungs

    def hold(self, cause: str, now: float) -> None:
        """Begin to count time for which it is kept waiting."""
        if self._held is None:
            self._held = (cause, now)

    def free(self, now: float) -> None:
        """End that."""
        if self._held is not None:
            cause, since = self._held
            self.waited[cause] += now - since  # type: ignore[assignment]  # a Counter adds up seconds as well
            self._held = None


class Book:
    """All entries, and what is counted of all together."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.windows: dict[int, list[int]] = {}
        self.counts: Counter[str] = Counter()
        self.talks_s: list[float] = []
        self.shut_out: list[tuple[int, int]] = []
        """How many people were shut out, and how many wanted to be here, each time that it was asked."""
        self.most_here = 0

    def open(self, kind: str, where: str) -> Entry:
        """Begin an entry."""
        entry = Entry(kind, where)
        self.entries.append(entry)
        return entry

    def pair(self, one: Entry, other: Entry, now: float) -> None:
        """Note that two were given each other."""
        window = self.windows.setdefault(int(now // WINDOW_S), [0, 0])
        for entry, stranger in ((one, other), (other, one)):
            entry.match()
            if entry.is_person:
                window[0 if stranger.is_person else 1] += 1

    def talk(self, one: Entry, other: Entry, seconds: float) -> None:
        """Note how long two people talked."""
        if one.is_person and other.is_person:
            self.talks_s.append(seconds)
