"""What a section of the comparison gives: a table to read, the bars with the ratios that must hold, and all samples."""

from dataclasses import dataclass, field
from typing import Any, Final

PASSERBY: Final = "Passerby"


@dataclass(frozen=True, slots=True)
class Bar:
    """A ratio that must hold, and what was measured: None where nothing was. Exactly one limit is given."""

    what: str
    measured: float | None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def holds(self) -> bool:
        """Tell whether it was measured and holds."""
        if self.measured is None:
            return False
        if self.at_most is not None:
            return self.measured <= self.at_most
        return self.at_least is not None and self.measured >= self.at_least

    @property
    def limit(self) -> str:
        """The limit, to be read."""
        return f"≤ {self.at_most:g}" if self.at_most is not None else f"≥ {self.at_least:g}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table to read. Cells are texts; each row is as long as the head."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One question, measured."""

    name: str
    tables: tuple[Table, ...]
    bars: tuple[Bar, ...]
    samples: dict[str, Any] = field(default_factory=dict)  # for the JSON file and the plots
    notes: tuple[str, ...] = ()  # what a reader must know to read it rightly


def ratio(ours: float | None, theirs: float | None) -> float | None:
    """Give ours over theirs; None where one of them was not measured."""
    return ours / theirs if ours is not None and theirs else None


@dataclass(frozen=True, slots=True)
class Options:
    """How much is measured. Every section has its own sensible numbers for each."""

    quick: bool = False  # a few of everything: does it work at all?
    n: int = 50  # meetings for each cell of `talk`
    minutes: float = 60.0  # after which `talk` stops, and says so
