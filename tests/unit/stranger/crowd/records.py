"""Writes what peers of a crowd might have written, and the judge's word on it."""

from collections import Counter

from broker.messages import Mode
from stranger.crowd import entries
from stranger.crowd.entries import Entry, What
from stranger.crowd.judge import Fault, Judge

PATIENCE_S, MARGIN_S = 10.0, 2.0


class Records:
    """Peers by number; each wish has a ticket, a seat and a key that follow from its name."""

    def __init__(self) -> None:
        self.judge = Judge()

    def write(self, at: float, peer: int, what: What) -> None:
        self.judge.take(Entry(peer, at, what))

    def come(self, *peers: int, at: float = 0.0) -> None:
        for peer in peers:
            self.write(at, peer, entries.Came())
            self.write(at, peer, entries.Here())

    def join(
        self,
        at: float,
        peer: int,
        ticket: str,
        *,
        tags: tuple[str, ...] = (),
        mode: Mode = "voice",
        waited_s: float = 0,
    ) -> None:
        self.write(at, peer, entries.Joined(ticket, f"seat {ticket}", f"key {ticket}", mode, tags, (), waited_s))

    def tell(self, at: float, peer: int, ticket: str, session: str, other: str, *, role: str = "a") -> None:
        told = entries.Matched(ticket, session, f"seat {other}", f"key {other}", "a" if role == "a" else "b")
        self.write(at, peer, told)

    def match(self, at: float, session: str, one: tuple[int, str], other: tuple[int, str]) -> None:
        self.tell(at, *one, session, other[1])
        self.tell(at, *other, session, one[1], role="b")

    def part(self, at: float, session: str, *peers: int) -> None:
        for peer in peers:
            self.write(at, peer, entries.Parted(session, "left"))

    def meet(self, at: float, session: str, one: int, other: int) -> None:
        """Let two ask, be matched and part, in half a second."""
        tickets = f"{session}-{one}", f"{session}-{other}"
        self.join(at, one, tickets[0])
        self.join(at + 0.1, other, tickets[1])
        self.match(at + 0.2, session, (one, tickets[0]), (other, tickets[1]))
        self.part(at + 0.5, session, one, other)

    def faults(self) -> Counter[Fault]:
        return self.judge.faults(patience_s=PATIENCE_S, margin_s=MARGIN_S)
