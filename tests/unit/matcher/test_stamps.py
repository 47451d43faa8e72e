"""Stamps: what answers a challenge, and what does not."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.identity import PeerId, b64url, unb64url
from broker.messages import Challenge
from broker.stamps import STAMP_CHARS, read, solve
from matcher import stamps
from matcher.stamps import TTL_S, Stamps

VECTORS: Any = json.loads((Path(__file__).resolve().parents[2] / "vectors/stamps.json").read_text(encoding="utf-8"))
NOW: float = VECTORS["now"]
LIFE: str = VECTORS["life"]
PEER, OTHER = PeerId(VECTORS["peer"]), PeerId("o" * 22)
EFFORT: int = VECTORS["challenge"]["effort"]


class Drawn:
    """Gives the key of the vectors, and then their nonce."""

    def __init__(self) -> None:
        self._tokens = [unb64url(VECTORS["nonce"]), unb64url(VECTORS["key"])]

    def token(self, n_bytes: int) -> bytes:
        token = self._tokens.pop()
        assert len(token) == n_bytes
        return token

    def below(self, n: int) -> int:
        return n - 1


class Counted:
    """Repeatable, and never the same twice."""

    def __init__(self) -> None:
        self._count = 0

    def token(self, n_bytes: int) -> bytes:
        self._count += 1
        return self._count.to_bytes(n_bytes, "big")

    def below(self, n: int) -> int:
        return n - 1


class Office:
    """Stamps, with a clock and an effort to turn."""

    def __init__(self, effort: int = 4) -> None:
        self.effort = effort
        self.stamps = Stamps(Counted(), lambda _, __: self.effort)
        self.now = NOW

    def challenge(self, peer: PeerId = PEER, life: str = LIFE) -> Challenge:
        challenge = self.stamps.challenge(peer, life, self.now)
        assert challenge is not None
        return challenge

    def take(self, stamp: str | None, peer: PeerId = PEER, life: str = LIFE) -> bool:
        return self.stamps.take(peer, life, stamp, self.now)


def drawn() -> Stamps:
    return Stamps(Drawn(), lambda _, __: EFFORT)


def named(part: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", VECTORS[part], ids=lambda case: str(case["why"]))


# ── vectors ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_challenge_is_that_of_the_vectors() -> None:
    """Seed, effort and time to live, to the byte."""
    assert drawn().challenge(PEER, LIFE, NOW) == Challenge.model_validate(VECTORS["challenge"])


@named("accepted")
def test_a_stamp_that_was_worked_for_is_taken(case: Any) -> None:
    """Once."""
    stamps = drawn()
    assert stamps.take(PEER, LIFE, case["stamp"], NOW)
    assert not stamps.take(PEER, LIFE, case["stamp"], NOW)


@named("refused")
def test_what_is_no_answer_is_refused(case: Any) -> None:
    """Foreign, precomputed, spliced, expired, cheaper or malformed; and nothing is remembered of it."""
    stamps = drawn()
    assert not stamps.take(PEER, LIFE, case["stamp"], NOW)
    assert len(stamps) == 0


# ── a stamp's life ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_asked_while_it_is_calm() -> None:
    """Without effort there is no challenge, and any stamp will do, also none."""
    office = Office(effort=0)
    assert office.stamps.challenge(PEER, LIFE, NOW) is None
    assert office.take(None)
    assert office.take("x")
    assert len(office.stamps) == 0


def test_none_is_refused_when_effort_is_asked() -> None:
    """The stamp is missing."""
    assert not Office().take(None)


def test_effort_is_asked_peer_by_peer() -> None:
    """Who is trusted pays nothing."""
    stamps = Stamps(Counted(), lambda peer, _: 4 if peer == PEER else 0)
    assert stamps.challenge(OTHER, LIFE, NOW) is None
    assert stamps.take(OTHER, LIFE, None, NOW)
    assert not stamps.take(PEER, LIFE, None, NOW)


def test_it_is_good_for_two_minutes_and_not_a_second_longer() -> None:
    """A challenge cannot be stored up."""
    office = Office()
    early, late = solve(office.challenge()), solve(office.challenge())
    office.now += TTL_S - 0.1
    assert office.take(early)
    office.now += 0.1
    assert not office.take(late)


def test_a_replay_is_refused_until_it_has_expired_and_then_forgotten() -> None:
    """The memory of used seeds ends with the seeds."""
    office = Office()
    stamp = solve(office.challenge())
    assert office.take(stamp)
    office.now += TTL_S - 1
    assert not office.take(stamp)
    assert len(office.stamps) == 1
    office.now += 1
    assert not office.take(stamp)
    assert len(office.stamps) == 0


def test_one_seed_is_used_by_one_stamp_whatever_its_counter() -> None:
    """Two counters that both will do are still one challenge."""
    office = Office(effort=1)
    challenge = office.challenge()
    stamp = read(solve(challenge))
    assert stamp is not None
    assert office.take(solve(challenge))
    others = [b64url(bytes([1]) + stamp.seed + n.to_bytes(4, "big")) for n in range(stamp.counter + 1, 40)]
    assert not any(map(office.take, others))


def test_it_belongs_to_one_peer_and_one_life() -> None:
    """Nobody can work for another, nor for a later connection; and trying does not use it up."""
    office = Office()
    stamp = solve(office.challenge())
    assert not office.take(stamp, peer=OTHER)
    assert not office.take(stamp, life="x" * 11)
    assert office.take(stamp)


def test_peer_and_life_cannot_be_shifted_into_each_other() -> None:
    """What follows the fixed fields is delimited."""
    office = Office()
    stamp = solve(office.challenge(PeerId("ab"), "c"))
    assert not office.take(stamp, PeerId("a"), "bc")


def test_the_next_life_of_the_service_asks_anew() -> None:
    """Its key is another."""
    office = Office()
    stamp = solve(office.challenge())
    after = Stamps(Drawn(), lambda _, __: 4)
    assert not after.take(PEER, LIFE, stamp, NOW)


def test_when_more_is_asked_than_before_less_is_not_taken() -> None:
    """One cannot store up cheap stamps for a storm. When less is asked, who did more is let in."""
    office = Office(effort=4)
    cheap, dear = solve(office.challenge()), solve(office.challenge())
    office.effort = 5
    assert not office.take(cheap)
    office.effort = 3
    assert office.take(dear)


def test_a_challenge_cannot_be_made_cheaper() -> None:
    """The effort that a stamp tells is under the tag."""
    office = Office(effort=6)
    dear = read(solve(office.challenge()))
    office.effort = 1
    assert dear is not None
    cheap = solve(Challenge(seed=b64url(dear.seed), effort=1, ttl=120))
    assert not office.take(cheap)


def test_a_clock_put_back_revives_nothing() -> None:
    """What had expired and was forgotten would be good again."""
    office = Office()
    stamp = solve(office.challenge())
    assert office.take(stamp)
    office.now += TTL_S
    assert not office.take(None)
    assert not office.take(solve(office.challenge()), life="x" * 11)
    office.now -= TTL_S
    office.stamps.shift(-TTL_S)
    assert not office.take(stamp)
    assert office.take(solve(office.challenge()))


def test_the_memory_of_used_seeds_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is full, all challenges are void at once: nobody is kept out for long, and nothing can be replayed."""
    monkeypatch.setattr(stamps, "USED_MAX", 2)
    office = Office()
    used = [solve(office.challenge()) for _ in range(3)]
    pending = solve(office.challenge())
    assert all(map(office.take, used))
    assert len(office.stamps) == 0
    assert not any(map(office.take, [*used, pending]))
    assert office.take(solve(office.challenge()))


@given(st.one_of(st.text(max_size=60), st.text(st.characters(codec="utf-16"), min_size=50, max_size=50)))
def test_no_text_raises(text: str) -> None:
    """Whatever stands where a stamp should."""
    assert not Office().take(text)


@given(st.binary(min_size=37, max_size=37))
def test_random_bytes_in_the_form_of_a_stamp_are_refused(raw: bytes) -> None:
    """Also when by chance they were worked for."""
    assert len(b64url(raw)) == STAMP_CHARS
    assert not Office(effort=1).take(b64url(raw))


@given(st.integers(0, 8 * 37 - 1))
def test_no_bit_of_a_stamp_can_be_changed(bit: int) -> None:
    """But in the counter, where it may name other work for the same challenge."""
    office = Office()
    good = int.from_bytes(unb64url(solve(office.challenge())), "big")
    changed = b64url((good ^ (1 << bit)).to_bytes(37, "big"))
    assert not office.take(changed) or bit < 32
