"""Cells: lobbies apart from each other, each under a word of its own before every topic, `berlin/v1/…`. Pure.

    gate, service, peers: v1/…  ── outer ──► berlin/v1/… on the wire ── inner ──► v1/…

It is put on and taken off where the wire begins, so that behind it there is one grammar. What is of another cell comes
in as no topic at all, and no rule allows that. The cell without a name is `v1/…` itself.
"""

import re
from typing import Final

from broker.topics import ROOT

NAME: Final = r"[a-z0-9][a-z0-9-]{0,31}"
"""What a cell may be called."""

_OURS: Final = f"{ROOT}/"


class Cell:
    """One cell.

    Raises:
        ValueError: when the name is none.
    """

    __slots__ = ("_begins", "_prefix", "name")

    def __init__(self, name: str = "") -> None:
        if name and not re.fullmatch(NAME, name):
            message = "a cell is called by up to 32 lower case letters, digits and -"
            raise ValueError(message)
        self.name = name
        """Empty where there is only one."""
        self._prefix = f"{name}/" if name else ""
        self._begins = self._prefix + _OURS

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cell) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def written(self, url: str) -> str:
        """Give the URL of a broker with this cell behind it, as `stranger.place` reads it."""
        return f"{url}#{self.name}" if self.name else url

    def outer(self, topic: str) -> str:
        """Give a topic or filter as it is on the wire; what is none of ours, as `$CONTROL/…`, stays as it is."""
        return self._prefix + topic if topic.startswith(_OURS) else topic

    def inner(self, topic: str) -> str:
        """Give what came from the wire as a topic or filter of ours; nothing at all for what is of another cell."""
        if not self._prefix:
            return topic
        return topic[len(self._prefix) :] if topic.startswith(self._begins) else ""


NAMELESS: Final = Cell()
"""The cell of who has only one."""
