"""The pool: who waits, and whom chance gives to whom.

Knows wishes only as sets of keys: two fit iff they share one. Knows nothing of sessions, sleep or time. Two who ask for
each other again share a key that nobody else has.

Every waiter stands in one bucket per key. A stranger is drawn uniformly from the union of one's buckets: a bucket by
its size, a member of it, and then a coin, because a member that shares k keys with us was k times as likely. After a
bounded number of refusals a bounded scan takes over, so that nobody who fits is missed and no draw costs more because
more are waiting.
"""

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Final, NamedTuple

from broker.identity import PeerId
from broker.messages import Mode
from matcher.randomness import Randomness

OPEN: Final = ""
"""The part of a key that says: anybody who says the same. No tag and no language is empty."""

TRIES_PER_BUCKET: Final = 8
TRIES_LEAST: Final = 32
"""Draws before the scan. The coin refuses at most all but one in as many as there are buckets, so with 8 tries each
the scan is needed by chance less than once in a thousand draws."""


class Circle(IntEnum):
    """Among whom a peer looks, as the radar says. In calm all are in one."""

    ALL = 0
    APART = 1  # those under suspicion
    PROVEN = 2  # those who have proven to be people, while there are many of the others
    WARY = 3  # those under little suspicion, while there are: people who are among them find each other


class Key(NamedTuple):
    """One way to fit: the class (mode, relay, circle) must be the same, then a tag and a language.

    `relay` tells among whom: those who hide their address, or those who do not.
    """

    mode: Mode
    relay: bool
    circle: Circle
    tag: str
    language: str


class Reunion(NamedTuple):
    """The one way to fit of who asks for its last stranger: the same mode and the same word.

    Circles part nobody here, and each hides its address or does not.
    """

    mode: Mode
    rendezvous: str


def folded(tag: str) -> str:
    """Write a tag as it is compared: without case and surplus space."""
    return " ".join(tag.casefold().split())


def keys_of(
    mode: Mode,
    tags: Iterable[str],
    languages: Iterable[str],
    *,
    relay: bool,
    widened: bool,
    circle: Circle = Circle.ALL,
) -> tuple[Key, ...]:
    """Give the keys of a wish, sorted. Who gave no tags or languages, or has waited long, is open to others so.

    Who hides its address and has waited long also stands among those who do not: they never wait for it, and where
    they look, they find it.
    """
    by_tag = {folded(tag) for tag in tags} - {OPEN}
    by_language = set(languages)
    if widened or not by_tag:
        by_tag.add(OPEN)
    if widened or not by_language:
        by_language.add(OPEN)
    among = (False, True) if relay and widened else (relay,)
    return tuple(
        Key(mode, hidden, circle, tag, language)
        for hidden in among
        for tag in sorted(by_tag)
        for language in sorted(by_language)
    )


Keys = tuple[Key | Reunion, ...]


class _Bucket:
    """A set from which one can pick by number: a list, and where in it each member stands."""

    __slots__ = ("_places", "members")

    def __init__(self) -> None:
        self.members: list[PeerId] = []
        self._places: dict[PeerId, int] = {}

    def add(self, peer: PeerId) -> None:
        self._places[peer] = len(self.members)
        self.members.append(peer)

    def remove(self, peer: PeerId) -> None:
        place, last = self._places.pop(peer), self.members.pop()
        if last != peer:
            self.members[place] = last
            self._places[last] = place


class Pool:
    """Waiting peers by the keys of their wishes."""

    def __init__(self, randomness: Randomness) -> None:
        self._randomness = randomness
        self._keys: dict[PeerId, Keys] = {}
        self._buckets: dict[Key | Reunion, _Bucket] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, peer: PeerId) -> bool:
        return peer in self._keys

    def put(self, peer: PeerId, keys: Keys) -> None:
        """Let a peer stand under these keys, and no others."""
        self.remove(peer)
        self._keys[peer] = keys
        for key in keys:
            bucket = self._buckets.get(key)
            if bucket is None:
                bucket = self._buckets[key] = _Bucket()
            bucket.add(peer)

    def remove(self, peer: PeerId) -> None:
        """Take a peer out, if it is in."""
        for key in self._keys.pop(peer, ()):
            bucket = self._buckets[key]
            bucket.remove(peer)
            if not bucket.members:
                del self._buckets[key]

    def draw(self, peer: PeerId, keys: Keys, avoids: Callable[[PeerId], bool], avoided: int) -> PeerId | None:
        """Draw a stranger for a peer, uniformly among those who fit; None when there is none.

        Args:
            peer: who looks; it may itself be in the pool, and is never drawn.
            keys: the keys of its wish.
            avoids: tells whom it must not meet.
            avoided: how many peers `avoids` may name at most; it bounds the scan.
        """
        buckets = [(key, self._buckets[key].members) for key in keys if key in self._buckets]
        total = sum(len(members) for _, members in buckets)
        if not total:
            return None
        for _ in range(TRIES_LEAST + TRIES_PER_BUCKET * len(buckets)):
            key, stranger = _nth(buckets, self._randomness.below(total))
            if stranger != peer and not avoids(stranger) and key == self._first_common(keys, stranger):
                return stranger
        return self._scan(peer, buckets, avoids, avoided + 1)

    def _first_common(self, keys: Keys, stranger: PeerId) -> Key | Reunion | None:
        # Accepting only under the first common key is a coin that shows heads once in as many times as keys are
        # common, without asking for more randomness.
        theirs = set(self._keys[stranger])
        return next((key for key in keys if key in theirs), None)

    def _scan(
        self,
        peer: PeerId,
        buckets: list[tuple[Key | Reunion, list[PeerId]]],
        avoids: Callable[[PeerId], bool],
        unfit: int,
    ) -> PeerId | None:
        # A bucket holds each peer once: among `unfit` + 1 members one fits, or the bucket has no more.
        first = self._randomness.below(len(buckets))
        for _, members in buckets[first:] + buckets[:first]:
            start = self._randomness.below(len(members))
            for step in range(min(len(members), unfit + 1)):
                stranger = members[(start + step) % len(members)]
                if stranger != peer and not avoids(stranger):
                    return stranger
        return None


def _nth(buckets: list[tuple[Key | Reunion, list[PeerId]]], index: int) -> tuple[Key | Reunion, PeerId]:
    for key, members in buckets:
        if index < len(members):
            return key, members[index]
        index -= len(members)
    raise IndexError
