"""Whom chance gives to whom."""

import random
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.identity import PeerId
from matcher.pool import TRIES_LEAST, TRIES_PER_BUCKET, Key, Pool, keys_of


class Seeded:
    """Repeatable chance that counts how often it is asked."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.asked = 0

    def token(self, n_bytes: int) -> bytes:
        self.asked += 1
        return self._random.randbytes(n_bytes)

    def below(self, n: int) -> int:
        self.asked += 1
        return self._random.randrange(n)


def keys(tags: Iterable[str] = (), languages: Iterable[str] = (), *, widened: bool = False) -> tuple[Key, ...]:
    return keys_of("text", tags, languages, relay=False, widened=widened)


def fit(one: tuple[Key, ...], other: tuple[Key, ...]) -> bool:
    return bool(set(one) & set(other))


def never(_: PeerId) -> bool:
    return False


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (keys(), keys(), True),
        (keys(["Chess"]), keys(["chess "]), True),
        (keys(["chess"]), keys(["music"]), False),
        (keys(["chess"]), keys(), False),
        (keys(["chess"], widened=True), keys(), True),
        (keys(["chess"], widened=True), keys(["music"]), False),
        (keys(["chess"], widened=True), keys(["music"], widened=True), True),
        (keys(["chess"], ["en"]), keys(["chess"], ["de"]), False),
        (keys(["chess"], ["en", "de"]), keys(["chess", "music"], ["de"]), True),
        (keys([" "]), keys(), True),
        (keys_of("text", [], [], relay=True, widened=False), keys(), False),
        (keys_of("text", [], [], relay=True, widened=False), keys(widened=True), False),
        (keys_of("text", [], [], relay=True, widened=True), keys(), True),
        (keys_of("text", [], [], relay=True, widened=True), keys_of("text", [], [], relay=True, widened=False), True),
        (keys_of("text", ["chess"], [], relay=True, widened=True), keys(["chess"]), True),
        (keys_of("text", ["chess"], [], relay=True, widened=True), keys(["music"]), False),
        (keys_of("video", [], [], relay=True, widened=True), keys(), False),
        (keys_of("video", [], [], relay=False, widened=True), keys(), False),
    ],
)
def test_who_fits_whom(one: tuple[Key, ...], other: tuple[Key, ...], *, expected: bool) -> None:
    """The same class, and a tag and a language in common, or both open."""
    assert fit(one, other) is expected


def test_draws_uniformly_however_many_keys_are_shared() -> None:
    """Who shares five tags with us is as likely as who shares one (chi-square, 19 degrees of freedom, p = 0.001)."""
    tags = ["a", "b", "c", "d", "e"]
    pool, peers = Pool(Seeded(1)), [PeerId(f"{n:02}") for n in range(20)]
    for n, peer in enumerate(peers):
        pool.put(peer, keys(tags[: 1 + n % 5], ["en", "de"][: 1 + n % 2]))
    draws = 20_000
    drawn = Counter(pool.draw(PeerId("me"), keys(tags, ["en", "de"]), never, 0) for _ in range(draws))
    expected = draws / len(peers)
    assert set(drawn) == set(peers)
    assert sum((count - expected) ** 2 / expected for count in drawn.values()) < 43.8


def test_draws_uniformly_among_who_is_not_avoided() -> None:
    """Refusing some favours none of the others (chi-square, 9 degrees of freedom, p = 0.001)."""
    pool, peers = Pool(Seeded(2)), [PeerId(f"{n:02}") for n in range(20)]
    for peer in peers:
        pool.put(peer, keys())
    avoided = set(peers[::2])
    draws = 10_000
    drawn = Counter(pool.draw(peers[0], keys(), avoided.__contains__, len(avoided)) for _ in range(draws))
    expected = draws / 10
    assert set(drawn) == set(peers) - avoided
    assert sum((count - expected) ** 2 / expected for count in drawn.values()) < 27.9


def test_finds_the_only_one_who_is_not_avoided() -> None:
    """However unlikely by chance, nobody who fits is missed."""
    pool, peers = Pool(Seeded(3)), [PeerId(str(n)) for n in range(1_000)]
    for peer in peers:
        pool.put(peer, keys())
    assert pool.draw(PeerId("me"), keys(), lambda peer: peer != "777", 999) == "777"


def test_a_draw_costs_no_more_among_many() -> None:
    """The randomness asked for is bounded by the number of keys, with ten waiting or a hundred thousand."""
    wanted = keys(["a", "b"], ["en"], widened=True)
    for waiting in (10, 100_000):
        chance = Seeded(4)
        pool = Pool(chance)
        for n in range(waiting):
            pool.put(PeerId(str(n)), wanted)
        looked_at = Counter[PeerId]()

        def avoids(peer: PeerId, seen: Counter[PeerId] = looked_at) -> bool:
            seen[peer] += 1
            return True

        assert pool.draw(PeerId("me"), wanted, avoids, 3) is None
        tries = TRIES_LEAST + TRIES_PER_BUCKET * len(wanted)
        assert chance.asked <= tries + 1 + len(wanted)
        assert looked_at.total() <= tries + max(10, 3 + 2) * len(wanted)


def test_an_emptied_pool_keeps_nothing() -> None:
    """Buckets go with their last member."""
    pool = Pool(Seeded(5))
    for n in range(50):
        pool.put(PeerId(str(n)), keys([f"tag {n}"], ["en"]))
    for n in range(50):
        pool.remove(PeerId(str(n)))
    assert (len(pool), len(pool._buckets)) == (0, 0)  # noqa: SLF001


TAGS = st.sets(st.sampled_from(["a", "b", "c"]), max_size=3)
LANGUAGES = st.sets(st.sampled_from(["en", "de"]), max_size=2)
WISHES = st.lists(st.tuples(TAGS, LANGUAGES, st.booleans()), max_size=12)


@given(WISHES, st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11))), st.integers(0, 2**32))
def test_nobody_who_fits_is_left_waiting(
    wishes: list[tuple[set[str], set[str], bool]], shunned: set[tuple[int, int]], seed: int
) -> None:
    """When everybody draws on arrival, no two who fit are both left in the pool (against brute force)."""
    pool, waiting = Pool(Seeded(seed)), dict[PeerId, tuple[Key, ...]]()
    both = shunned | {(b, a) for a, b in shunned}
    for n, (tags, languages, widened) in enumerate(wishes):
        me, mine = PeerId(str(n)), keys(tags, languages, widened=widened)
        found = pool.draw(me, mine, lambda other, n=n: (n, int(other)) in both, len(both))  # type: ignore[misc]
        fitting = [other for other, theirs in waiting.items() if fit(mine, theirs) and (n, int(other)) not in both]
        assert (found in fitting) if fitting else (found is None)
        if found is None:
            pool.put(me, mine)
            waiting[me] = mine
        else:
            pool.remove(found)
            del waiting[found]
    assert len(pool) == len(waiting)
