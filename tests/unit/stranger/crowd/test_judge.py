"""The judge finds what must not be, and nothing else."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stranger.crowd import entries
from stranger.crowd.judge import Fault
from tests.unit.stranger.crowd.records import Records

END_S = 1_000.0


@pytest.fixture
def records() -> Records:
    made = Records()
    made.come(1, 2, 3, 4, 5, 6)
    return made


def end(records: Records) -> None:
    """Let time go on, so that nothing is still on its way."""
    records.write(END_S, 99, entries.Came())


def test_two_who_were_told_the_same_are_well(records: Records) -> None:
    records.meet(1, "s", 1, 2)
    end(records)
    assert not records.faults()


def test_a_ticket_that_was_matched_into_two_sessions_is_found(records: Records) -> None:
    """The peer obeys only the first: the judge hears of the second all the same."""
    for peer in (1, 2, 3):
        records.join(1, peer, f"t{peer}")
    records.match(1.1, "s", (1, "t1"), (2, "t2"))
    records.match(1.2, "z", (1, "t1"), (3, "t3"))
    end(records)
    assert records.faults() == {Fault.TWICE: 1}


def test_the_same_answer_to_a_repeated_wish_is_no_second_match(records: Records) -> None:
    records.join(1, 1, "t1")
    records.join(1, 2, "t2")
    records.match(1.1, "s", (1, "t1"), (2, "t2"))
    records.tell(1.2, 1, "t1", "s", "t2")
    end(records)
    assert not records.faults()


def test_a_peer_in_two_sessions_at_once_is_found(records: Records) -> None:
    """Its old session has not ended when a wish that was its own before is matched."""
    records.join(1, 1, "old")
    records.join(1, 1, "t1")
    for peer in (2, 3):
        records.join(1, peer, f"t{peer}")
    records.match(1.1, "s", (1, "t1"), (2, "t2"))
    records.match(1.2, "z", (1, "old"), (3, "t3"))
    end(records)
    assert records.faults() == {Fault.BOTH: 1}


def match_late(records: Records) -> None:
    """Match peer 1 in s, and then, for a wish that it had given up before, in z."""
    records.join(1, 1, "old")
    records.write(1.05, 1, entries.Dropped("old"))
    records.join(1.1, 1, "t1")
    for peer in (2, 3):
        records.join(1.1, peer, f"t{peer}")
    records.match(1.2, "s", (1, "t1"), (2, "t2"))
    records.match(1.3, "z", (1, "old"), (3, "t3"))


def test_a_match_that_comes_late_for_a_wish_given_up_is_told_apart(records: Records) -> None:
    """A network may hold it up, and no peer goes there."""
    match_late(records)
    end(records)
    assert records.faults() == {Fault.LATE: 1}


def test_who_goes_to_a_match_that_came_late_is_in_two_sessions(records: Records) -> None:
    match_late(records)
    records.write(1.4, 1, entries.Opened("s"))
    records.write(1.5, 1, entries.Opened("z"))
    end(records)
    assert records.faults() == {Fault.LATE: 1, Fault.BOTH: 1}


def test_a_match_that_nobody_asked_for_is_found(records: Records) -> None:
    records.join(1, 2, "t2")
    records.tell(1.1, 1, "made up", "s", "t2")
    assert records.faults()[Fault.UNASKED] == 1


def test_a_session_of_three_is_found(records: Records) -> None:
    for peer in (1, 2, 3):
        records.join(1, peer, f"t{peer}")
    records.match(1.1, "s", (1, "t1"), (2, "t2"))
    records.tell(1.1, 3, "t3", "s", "t1")
    end(records)
    assert records.faults() == {Fault.CROWDED: 1}


def test_a_peer_that_meets_itself_is_found(records: Records) -> None:
    records.join(1, 1, "t1")
    records.match(1.1, "s", (1, "t1"), (1, "t1"))
    records.tell(1.2, 1, "t1", "s", "t1")
    assert records.faults()[Fault.ALONE] == 0
    records.judge.sessions["s"] *= 2
    assert records.faults()[Fault.ITSELF] == 1


def test_one_side_that_never_heard_of_its_session_is_found(records: Records) -> None:
    records.join(1, 1, "t1")
    records.join(1, 2, "t2")
    records.tell(1.1, 1, "t1", "s", "t2")
    end(records)
    assert records.faults()[Fault.ALONE] == 1


@pytest.mark.parametrize("gone", [entries.Away(connected=True), entries.Left(), entries.Shut("flood")])
def test_who_could_not_hear_of_its_session_is_no_fault_of_the_service(records: Records, gone: entries.What) -> None:
    records.join(1, 1, "t1")
    records.join(1, 2, "t2")
    records.write(1.05, 2, gone)
    records.tell(1.1, 1, "t1", "s", "t2")
    end(records)
    assert not records.faults()


def test_a_stranger_from_outside_is_told_apart(records: Records) -> None:
    """Another crowd at the same deployment, perhaps: its records are missing."""
    records.join(1, 1, "t1")
    records.tell(1.1, 1, "t1", "s", "of another crowd")
    end(records)
    assert records.faults() == {Fault.FOREIGN: 1}


def test_sides_that_were_told_different_things_are_found(records: Records) -> None:
    """Here the same role; seats and keys are compared likewise."""
    records.join(1, 1, "t1")
    records.join(1, 2, "t2")
    records.tell(1.1, 1, "t1", "s", "t2", role="a")
    records.tell(1.1, 2, "t2", "s", "t1", role="a")
    end(records)
    assert records.faults() == {Fault.DISAGREED: 1}


def test_crossed_seats_are_found(records: Records) -> None:
    for peer in (1, 2, 3):
        records.join(1, peer, f"t{peer}")
    records.tell(1.1, 1, "t1", "s", "t3", role="a")
    records.tell(1.1, 2, "t2", "s", "t1", role="b")
    end(records)
    assert records.faults()[Fault.DISAGREED] == 1


@pytest.mark.parametrize(("waited_s", "fault"), [(0.0, True), (4.0, True), (6.0, False)])
def test_wishes_that_do_not_fit_are_matched_only_after_they_were_widened(
    records: Records,
    waited_s: float,
    fault: bool,  # noqa: FBT001  a column of the table above
) -> None:
    records.join(1, 1, "t1", tags=("chess",), waited_s=waited_s)
    records.join(1, 2, "t2", tags=("music",), waited_s=waited_s)
    records.match(1.1, "s", (1, "t1"), (2, "t2"))
    end(records)
    assert records.faults() == ({Fault.MISFIT: 1} if fault else {})


def test_tags_fit_without_case_and_surplus_space(records: Records) -> None:
    records.join(1, 1, "t1", tags=("Board  Games",))
    records.join(1, 2, "t2", tags=(" board games ",))
    records.match(1.1, "s", (1, "t1"), (2, "t2"))
    end(records)
    assert not records.faults()


# ── lost waiters ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_who_wait_beside_each_other_are_lost(records: Records) -> None:
    records.join(1, 1, "t1")
    records.join(2, 2, "t2")
    records.write(30, 3, entries.Came())
    assert records.faults() == {Fault.LOST: 2}


def test_nobody_is_lost_before_patience_and_the_time_of_a_message_have_passed(records: Records) -> None:
    records.join(1, 1, "t1")
    records.join(2, 2, "t2")
    records.write(13.9, 3, entries.Came())
    assert not records.faults()


def test_one_who_is_the_only_one_is_not_lost(records: Records) -> None:
    records.join(1, 1, "t1")
    records.join(2, 2, "t2", mode="video")
    end(records)
    assert not records.faults()


def test_two_who_met_each_other_last_may_wait_beside_each_other(records: Records) -> None:
    """Never the same two in a row: for as long as nobody else comes."""
    records.meet(1, "s", 1, 2)
    records.join(3, 1, "t1")
    records.join(3, 2, "t2")
    end(records)
    assert not records.faults()


def test_whom_one_met_before_the_last_is_a_stranger_again(records: Records) -> None:
    records.meet(1, "s", 1, 2)
    records.meet(2, "z", 1, 3)
    records.meet(2, "y", 2, 4)
    records.join(3, 1, "t1")
    records.join(3, 2, "t2")
    end(records)
    assert records.faults() == {Fault.LOST: 2}


def test_one_who_is_passed_over_is_lost(records: Records) -> None:
    """It waits alone, so nobody waits beside it; but two who came later, and fit it, were given to each other."""
    records.join(1, 1, "t1")
    records.meet(20, "s", 2, 3)
    end(records)
    assert records.faults() == {Fault.LOST: 1}


def test_one_of_the_two_who_came_later_was_its_last_stranger_and_may_have_come_first(records: Records) -> None:
    records.meet(0.1, "s", 1, 2)
    records.join(1, 1, "t1")
    records.meet(20, "z", 2, 3)
    end(records)
    assert not records.faults()


def test_two_who_care_for_the_same_may_pass_over_one_who_cares_for_nothing(records: Records) -> None:
    """Their wishes are not open yet: the overdue one does not fit them."""
    records.join(1, 1, "t1")
    records.join(20, 2, "t2", tags=("chess",))
    records.join(20, 3, "t3", tags=("chess",))
    records.match(20.1, "s", (2, "t2"), (3, "t3"))
    records.part(21, "s", 2, 3)
    end(records)
    assert not records.faults()


def test_who_asked_before_it_was_overdue_may_have_found_another_first(records: Records) -> None:
    records.join(1, 1, "t1")
    records.join(2, 2, "t2", tags=("chess",))
    records.join(12, 3, "t3", tags=("chess",))
    records.match(12.1, "s", (2, "t2"), (3, "t3"))
    records.part(13, "s", 2, 3)
    end(records)
    assert not records.faults()


@pytest.mark.parametrize(
    "stop", [entries.Held("slow"), entries.Dropped("t1"), entries.Away(connected=False), entries.Left()]
)
def test_who_waits_no_longer_is_not_lost(records: Records, stop: entries.What) -> None:
    records.join(1, 1, "t1")
    records.join(1, 2, "t2")
    records.write(5, 1, stop)
    end(records)
    assert not records.faults()


def test_a_wish_that_has_to_be_said_anew_begins_anew(records: Records) -> None:
    """A new service has not heard it before."""
    records.join(1, 1, "t1")
    records.join(1, 2, "t2")
    records.write(9, 1, entries.Away(connected=False))
    records.join(10, 1, "t1")
    records.write(20, 3, entries.Came())
    assert not records.faults()
    records.write(40, 3, entries.Came())
    assert records.faults() == {Fault.LOST: 2}


# ── any order ────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.integers(2, 12), st.integers(1, 60), st.randoms(use_true_random=False))
def test_a_service_that_keeps_the_rules_is_never_blamed(peers: int, rounds: int, dice: random.Random) -> None:
    """A matcher in miniature: at once with whoever waits and fits, never the same two in a row."""
    records = Records()
    records.come(*range(peers))
    last: dict[int, int] = {}
    waiting: dict[int, str] = {}
    now = 1.0
    for number in range(rounds):
        now += dice.randint(5, 300) / 10
        peer = dice.randrange(peers)
        if peer in waiting:
            continue
        ticket = f"t{number}"
        records.join(now, peer, ticket)
        fits = [other for other in waiting if last.get(other) != peer and last.get(peer) != other]
        if not fits:
            waiting[peer] = ticket
            continue
        other = dice.choice(fits)
        records.match(now + 0.1, f"s{number}", (peer, ticket), (other, waiting.pop(other)))
        records.part(now + 0.2, f"s{number}", peer, other)
        last[peer], last[other] = other, peer
    records.write(now + 100, 0, entries.Here())
    assert not records.faults()


@given(st.integers(2, 30), st.integers(0, 29), st.floats(13, 60))
def test_of_those_who_wait_all_that_fit_are_lost(peers: int, others: int, until: float) -> None:
    """Whatever their number: only one who is alone in its mode may wait on."""
    records = Records()
    video = min(others, peers)
    for peer in range(peers):
        records.come(peer)
        records.join(0, peer, f"t{peer}", mode="video" if peer < video else "voice")
    records.write(until, 0, entries.Here())
    expected = sum(count for count in (video, peers - video) if count > 1)
    assert records.faults()[Fault.LOST] == expected
