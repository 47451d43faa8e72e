"""The life of a session, move by move."""

from itertools import product

import pytest

from broker.identity import PeerId
from broker.messages import Matched, Mood, Role
from matcher.pairing import FADE_S, MATCHED_S, OVER_S, TABLE, Move, Session, Side, State, Tell, claimed, matched, told

ANN, BOB = PeerId("ann"), PeerId("bob")


def session(*moves: tuple[Move, PeerId]) -> Session:
    begun = Session("s", (Side(ANN), Side(BOB)), State.MATCHED, 0.0)
    for move, peer in moves:
        begun.move(move, peer, 0.0, "left")
    return begun


def test_over_is_final() -> None:
    """No move leads out of OVER, and every other state has a way there."""
    assert not any(state is State.OVER for state, _ in TABLE)
    for state in set(State) - {State.OVER}:
        assert any(row.state is State.OVER for (start, _), row in TABLE.items() if start is state)


def test_only_the_end_is_told() -> None:
    """Nobody hears of a move that ends nothing; every end is heard by somebody."""
    assert all((row.state is State.OVER) == (row.tell is not Tell.NOBODY) for row in TABLE.values())


@pytest.mark.parametrize(
    ("mood", "heard"),
    [
        ("left", "left"),
        ("skipped", "left"),
        ("blocked", "left"),
        ("banned", "left"),
        ("lost", "lost"),
        ("failed", "failed"),
        ("expired", "expired"),
    ],
)
def test_nobody_learns_that_they_were_skipped_blocked_or_left_with_the_banned(mood: Mood, heard: str) -> None:
    """The stranger hears one of four moods."""
    assert told(mood) == heard


@pytest.mark.parametrize(
    ("states", "mood"), list(product([[], [(Move.TALKING, ANN)]], ["skipped", "blocked", "failed"]))
)
def test_who_leaves_is_not_told_and_the_other_is(states: list[tuple[Move, PeerId]], mood: Mood) -> None:
    """A leave ends the session at once, for the other as told."""
    ended = session(*states)
    assert ended.move(Move.LEAVE, ANN, 1.0, mood) == [BOB]
    assert (ended.state, ended.mood, ended.due) == (State.OVER, told(mood), 1.0 + OVER_S)


def test_a_match_that_nobody_talks_in_expires_for_both() -> None:
    """Who cannot even say that it failed is told so."""
    matched = session()
    assert matched.due == MATCHED_S
    assert matched.move(Move.EXPIRED, None, MATCHED_S) == [ANN, BOB]
    assert matched.mood == "expired"


def test_one_word_makes_it_a_talk() -> None:
    """A channel is open at both ends or at none."""
    talk = session((Move.TALKING, BOB))
    assert (talk.state, talk.due) == (State.TALKING, None)


def test_a_talk_outlives_the_sight_of_one_side() -> None:
    """A broken signaling connection tells nothing until a minute has passed."""
    talk = session((Move.TALKING, BOB))
    assert talk.move(Move.LOST, ANN, 10.0) == []
    assert (talk.state, talk.due) == (State.FADING, 10.0 + FADE_S)
    assert talk.move(Move.BACK, ANN, 20.0) == []
    assert (talk.state, talk.due) == (State.TALKING, None)


def test_a_talk_is_fading_until_both_are_back() -> None:
    """One who comes back does not bring the other."""
    talk = session((Move.TALKING, BOB))
    talk.move(Move.LOST, ANN, 10.0)
    talk.move(Move.LOST, BOB, 12.0)
    talk.move(Move.BACK, ANN, 14.0)
    assert (talk.state, talk.due) == (State.FADING, 12.0 + FADE_S)


def test_the_side_in_sight_may_leave_a_fading_talk() -> None:
    """Nobody is kept waiting for who may never come back."""
    talk = session((Move.TALKING, BOB))
    talk.move(Move.LOST, ANN, 10.0)
    assert talk.move(Move.LEAVE, BOB, 11.0, "left") == [ANN]
    assert talk.state is State.OVER


def test_a_match_does_not_outlive_the_loss_of_a_side() -> None:
    """Without a channel there is nothing to wait for."""
    matched = session()
    assert matched.move(Move.LOST, ANN, 1.0) == [BOB]
    assert matched.mood == "lost"


def test_a_claimed_talk_waits_for_its_second_side() -> None:
    """After a restart the first who names a session holds it for the other."""
    talk = claimed("s", ANN, 5.0)
    assert (talk.state, talk.due) == (State.FADING, 5.0 + FADE_S)
    talk.sides[1].peer = BOB
    talk.move(Move.BACK, BOB, 6.0)
    assert talk.state is State.TALKING


def telling(ticket: str, role: Role) -> Matched:
    return Matched(
        life="l" * 11,
        epoch=1,
        ticket=ticket,
        session="s" * 22,
        to="e" * 56,
        key="B" + "k" * 86,
        role=role,
        handshake="offer",
        tags=[],
        ice=[],
        seat="e" * 56,
        ttl=600,
    )


def test_what_the_two_were_told_is_let_go_when_it_is_over_and_the_tickets_stay() -> None:
    told_of = [telling("t" * 22, "a"), telling("u" * 22, "b")]
    begun = matched("s", (ANN, told_of[0]), (BOB, told_of[1]), 0.0)
    assert [side.matched for side in begun.sides] == told_of
    begun.move(Move.TALKING, ANN, 1.0)
    assert [side.matched for side in begun.sides] == told_of
    begun.move(Move.LEAVE, BOB, 2.0, "left")
    assert [(side.ticket, side.matched) for side in begun.sides] == [("t" * 22, None), ("u" * 22, None)]
