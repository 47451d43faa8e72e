"""What a crowd came to is said with what to do about it."""

import pytest

from passerby.crowd.outcome import Outcome
from passerby.crowd.show import Asked, Course
from stranger.crowd import entries
from stranger.crowd.entries import Entry, What
from stranger.crowd.figures import Stretch
from stranger.crowd.ground import Ground
from stranger.crowd.habits import Habits
from stranger.crowd.judge import Judge
from stranger.place import read


def outcome(*happened: What, spread: bool = False, lag_s: float = 0.0) -> Outcome:
    ground = Ground(read("ws://10.0.0.1/mqtt"), "10.0.0.1", spread=spread)
    course = Course(Asked(ground, Habits(), 80, 10, 30, 1, 1, 25), Judge(), 0.0, "over", Stretch(0, 10), lag_s)
    for peer in (1, 2):
        course.judge.take(Entry(peer, 1.0, entries.Came()))
        course.judge.take(Entry(peer, 1.0, entries.Joined(f"t{peer}", f"s{peer}", f"k{peer}", "voice", (), (), 0)))
    for peer, other, role in ((1, 2, "a"), (2, 1, "b")):
        told = entries.Matched(f"t{peer}", "session", f"s{other}", f"k{other}", "a" if role == "a" else "b")
        course.judge.take(Entry(peer, 1.5, told))
        course.judge.take(Entry(peer, 1.75, entries.Opened("session")))
    for what in happened:
        course.judge.take(Entry(1, 2.0, what))
    return Outcome.of(course)


def test_a_crowd_that_met_is_well_and_its_times_are_told() -> None:
    found = outcome()
    assert found.well
    report = found.report()
    assert (report["matches"], report["waitMs"]["max"], report["signaledMs"]["p50"]) == (1, 500.0, 250.0)
    assert sum(report["perSecond"]) == 1


@pytest.mark.parametrize("why", ["code 5", "HTTP 429", "HTTP 503", "limited by the gate"])
def test_who_comes_from_one_address_and_is_turned_away_is_told_of_the_setting(why: str) -> None:
    assert "connections_per_address" in outcome(entries.Turned(why)).advice()[0]


def test_where_each_has_an_address_of_its_own_that_setting_is_not_the_reason() -> None:
    advice = outcome(entries.Turned("code 5"), spread=True).advice()
    assert not any("connections_per_address" in line for line in advice)
    assert "turned peers away 1 times" in advice[0]


@pytest.mark.parametrize("what", [entries.Held("slow"), entries.Held("stamp"), entries.Shut("pace")])
def test_who_is_taken_for_a_machine_is_told_of_the_radar(what: What) -> None:
    assert any("dry_run" in line for line in outcome(what).advice())


def test_a_machine_that_was_late_itself_is_named() -> None:
    assert any("up to 3.0 s late" in line for line in outcome(lag_s=3.0).advice())


def test_a_double_match_is_not_well() -> None:
    found = outcome(entries.Matched("t1", "another", "s2", "k2", "a"))
    assert not found.well
    assert found.doubles == 1


def test_nobody_who_was_matched_is_not_well() -> None:
    found = outcome()
    found.course.judge.sessions.clear()
    assert not found.well
    assert any("Nobody was matched" in line for line in found.advice())
