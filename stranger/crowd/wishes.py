"""Whose wishes fit, by the rules of the protocol (docs/reference/protocol.md, "Who meets whom"). Pure.

Written a second time on purpose: who judges the matcher does not ask it. Nobody of a crowd hides its address.
"""

from dataclasses import dataclass
from typing import Final

from broker.messages import Mode

WIDENED_S: Final = 5.0
"""After so long a wish is open to anybody of its mode, whatever its tags and languages."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom a peer would meet, and whether it has waited so long that it is open."""

    mode: Mode
    tags: frozenset[str]
    languages: frozenset[str]

    @classmethod
    def of(cls, mode: Mode, tags: tuple[str, ...], languages: tuple[str, ...]) -> "Wish":
        """Fold tags as they are compared: without case and surplus space."""
        return cls(mode, frozenset(" ".join(tag.casefold().split()) for tag in tags) - {""}, frozenset(languages))


def fit(one: Wish, other: Wish, *, one_open: bool = False, other_open: bool = False) -> bool:
    """Tell whether two wishes fit; an open one has waited long enough."""
    return (
        one.mode == other.mode
        and _meet(one.tags, other.tags, one_open=one_open, other_open=other_open)
        and _meet(one.languages, other.languages, one_open=one_open, other_open=other_open)
    )


def _meet(one: frozenset[str], other: frozenset[str], *, one_open: bool, other_open: bool) -> bool:
    # Who says nothing, or has waited long, also stands where all those stand; and nobody else does.
    return bool(one & other) or ((one_open or not one) and (other_open or not other))
