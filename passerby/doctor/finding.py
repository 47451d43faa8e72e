"""What a check has found."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Outcome(StrEnum):
    """How a check came out. A warning is no failure: it works, but not for everybody, or not for long."""

    OK = auto()
    WARNING = auto()
    FAILED = auto()
    SKIPPED = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check says: what was seen, and what to do about it."""

    outcome: Outcome
    seen: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict with the name of its check."""

    name: str
    outcome: Outcome
    seen: str
    todo: str = ""


def ok(seen: str) -> Verdict:
    """As it should be."""
    return Verdict(Outcome.OK, seen)


def warning(seen: str, todo: str) -> Verdict:
    """It works, but."""
    return Verdict(Outcome.WARNING, seen, todo)


def failed(seen: str, todo: str) -> Verdict:
    """It does not work, or does not protect."""
    return Verdict(Outcome.FAILED, seen, todo)


def skipped(reason: str, todo: str = "") -> Verdict:
    """Not looked at."""
    return Verdict(Outcome.SKIPPED, reason, todo)
