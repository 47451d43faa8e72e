"""From a match to its end, and what is said of it afterwards: session.test.ts and report.test.ts of the page."""

from collections.abc import Callable

import pytest

from broker.messages import Here, Leave, LeaveMood, Ping, Report, ToldMood
from broker.messages import Talking as SaysTalking
from stranger.lobby.state import (
    Advise,
    Lobbying,
    Meet,
    Part,
    Presence,
    Reach,
    Search,
    ShutOut,
    Sleep,
    Subscribe,
    Timer,
    Unsubscribe,
    Wake,
)
from tests.unit.stranger.walks import (
    LIFE,
    LIFE2,
    SESSION,
    Walk,
    banned,
    connecting,
    ended,
    held,
    idle,
    join,
    matched,
    new_seat,
    opened,
    over,
    parted,
    paused,
    pulse,
    reported,
    seat,
    shut_out,
    talking,
    ticket,
    waiting,
    welcome,
)

SEATS = Unsubscribe((seat("seat3"), seat("seat1"), seat("seat2")))


def leave(mood: LeaveMood, life: str = LIFE) -> Lobbying:
    return Lobbying(Leave(life=life, session=SESSION, mood=mood))


def said(life: str = LIFE) -> Lobbying:
    return Lobbying(Report(life=life, session=SESSION, reason="scam"))


# ── matched ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_matched_meets_the_stranger_at_the_seat_of_the_wish_and_listens_on_the_next_one() -> None:
    assert connecting().effects == [
        Subscribe((seat("seat2"),)),
        Sleep(Timer.JOIN),
        Meet(matched(), seat("seat1")),
    ]


@pytest.mark.parametrize(
    "other", [{"ticket": ticket(2)}, {"life": LIFE2}, {"epoch": 6}], ids=["ticket", "life", "epoch"]
)
def test_matched_is_obeyed_for_the_current_ticket_life_and_epoch_only(other: dict[str, object]) -> None:
    walk = waiting().hear(matched(**other))
    assert walk.effects == []
    assert isinstance(walk.state.phase, Search)


def test_matched_is_obeyed_of_a_newer_epoch() -> None:
    assert waiting().hear(pulse(epoch=8)).hear(matched(epoch=7)).effects == []
    assert len(waiting().hear(pulse(epoch=8)).hear(matched(epoch=8)).did(Meet)) == 1


@pytest.mark.parametrize("make", [idle, held, connecting, talking, over])
def test_matched_means_nothing_to_who_does_not_wait(make: Callable[[], Walk]) -> None:
    walk = make()
    before = repr(walk.state)
    assert walk.hear(matched()).effects == []
    assert repr(walk.state) == before


# ── connecting ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_open_channel_is_told_to_the_service_and_a_seat_to_the_stranger() -> None:
    assert opened().effects == [
        Reach(seat("seat2"), 600),
        Lobbying(SaysTalking(life=LIFE, session=SESSION)),
        Presence(Ping(life=LIFE, want_seat=True)),
    ]


def test_the_session_is_claimed_from_a_service_or_life_that_is_younger_than_the_match() -> None:
    walk = connecting().hear(pulse(epoch=8)).opened()
    assert walk.did(Presence)[0] == Presence(Here(life=LIFE, version=1, rtt=12, session=SESSION))
    later = connecting().lose().connect(LIFE2).opened()
    assert later.did(Presence) == [Presence(Here(life=LIFE2, version=1, rtt=12, session=SESSION))]
    assert later.did(Lobbying) == [Lobbying(SaysTalking(life=LIFE2, session=SESSION))]


def test_a_failed_meeting_looks_for_somebody_else_by_itself_with_a_new_ticket() -> None:
    assert connecting().later(6).failed().effects == [
        leave("failed"),
        join(ticket=ticket(2), seat=seat("seat2"), waited=6),
        Wake(Timer.JOIN, 2),
        Unsubscribe((seat("seat1"),)),
    ]


def test_so_it_does_when_the_service_says_that_the_stranger_has_gone_without_a_word_back() -> None:
    walk = connecting().hear(ended("failed"))
    assert walk.effects[0] == Part()
    assert walk.said() == ["join"]


def test_a_meeting_can_be_left() -> None:
    walk = connecting().over("left")
    assert leave("left") in walk.effects
    assert walk.state.phase is None


def test_nothing_is_heard_of_another_session() -> None:
    walk = connecting()
    before = repr(walk.state)
    for step in (walk.opened, walk.failed):
        assert step("x").effects == []
    assert walk.over("left", "x").effects == []
    assert walk.hear(ended("left", session="x".ljust(22, "a"))).effects == []
    assert repr(walk.state) == before


# ── talking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mood", ["lost", "left", "failed", "expired"])
def test_while_the_channel_is_open_what_the_service_says_of_its_end_is_advice(mood: ToldMood) -> None:
    walk = talking().hear(ended(mood))
    assert walk.talking
    assert walk.effects == [Advise(mood)]


def test_a_new_welcome_or_seat_leaves_the_talk_alone() -> None:
    assert talking().hear(welcome(epoch=8)).talking
    assert talking().hear(new_seat("seat4")).talking


def test_a_talk_that_is_left_ends_all_its_seats_and_the_next_wish_has_one() -> None:
    walk = talking().over("skipped")
    assert walk.effects == [leave("skipped"), Unsubscribe((seat("seat1"), seat("seat2")))]
    assert walk.look().did(Lobbying) == [join(ticket=ticket(2), seat=seat("seat3"))]


def test_who_was_left_says_nothing() -> None:
    assert over().effects == [Unsubscribe((seat("seat1"), seat("seat2")))]


def test_who_looks_again_without_a_link_waits_for_the_next_welcome() -> None:
    walk = talking().lose().over("skipped").look()
    assert walk.did(Lobbying) == []
    walk.connect(LIFE2).hear(welcome(life=LIFE2, seat=seat("seat4")))
    assert walk.did(Lobbying) == [join(life=LIFE2, ticket=ticket(2), seat=seat("seat4"))]


def test_another_seat_is_told_to_the_stranger_before_the_one_before_is_at_its_end() -> None:
    walk = talking().later(421)
    walk.wake(Timer.PING)
    assert walk.did(Presence) == [Presence(Ping(life=LIFE, want_seat=True))]
    walk.hear(new_seat("seat4"))
    assert walk.did(Reach) == [Reach(seat("seat4"), 600)]
    assert {seat("seat2"), seat("seat4")} <= walk.lobby.seats


# ── reports and blocks ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_tells_the_service_the_session_and_the_reason_and_the_talk_goes_on() -> None:
    walk = talking().report()
    assert walk.effects == [said(), Wake(Timer.WORDS, 3)]
    assert walk.talking


def test_a_block_ends_the_talk_and_tells_only_the_service_why() -> None:
    walk = talking().block()
    assert walk.effects == [leave("blocked"), Wake(Timer.WORDS, 3), Unsubscribe((seat("seat1"), seat("seat2")))]
    assert walk.state.phase is None


def test_both_can_come_up_to_50_s_after_the_end_and_no_later() -> None:
    assert over().later(49.999).report().did(Lobbying) == [said()]
    assert over().later(50).report().refused
    assert over().later(50).block().refused
    assert talking().later(3600).report().did(Lobbying) == [said()]


def test_the_time_counts_from_when_the_service_said_that_it_is_over_though_the_channel_lives_on() -> None:
    walk = talking().hear(ended("lost")).later(30).hear(ended("lost"))
    assert not walk.report().refused
    assert walk.later(20).report().refused
    assert walk.over().report().refused
    assert walk.block().refused


def test_neither_is_for_a_service_that_never_knew_the_talk_that_is_over() -> None:
    assert over().hear(pulse(epoch=8)).report().refused
    assert not talking().hear(pulse(epoch=8)).report().refused


@pytest.mark.parametrize("make", [idle, waiting, connecting, shut_out])
def test_neither_means_anything_of_a_talk_that_never_was(make: Callable[[], Walk]) -> None:
    assert make().report().refused
    assert make().block().refused


def test_what_was_said_of_a_stranger_is_said_once_more_a_little_later_and_then_no_more() -> None:
    walk = reported().later(1).block().later(2).wake(Timer.WORDS)
    assert walk.effects == [said(), leave("blocked")]
    assert walk.wake(Timer.WORDS).effects == []
    assert walk.hear(welcome()).did(Lobbying) == []


def test_it_waits_for_the_next_life_when_nobody_is_there_to_hear_it() -> None:
    walk = talking().lose().report()
    assert walk.did(Lobbying) == []
    assert walk.wake(Timer.WORDS).effects == []
    assert walk.connect(LIFE2).wake(Timer.WORDS).effects == []
    assert walk.hear(welcome(life=LIFE2)).did(Lobbying) == [said(LIFE2)]


def test_it_comes_before_the_wish_for_the_next_stranger() -> None:
    walk = talking().lose().block().look().connect(LIFE2)
    assert walk.hear(welcome(life=LIFE2, seat=seat("seat4"))).said() == ["leave", "join"]


def test_it_is_dropped_when_the_service_has_forgotten_of_whom_it_speaks() -> None:
    walk = over().later(40).lose().report()
    assert walk.later(15).connect(LIFE2).hear(welcome(life=LIFE2)).did(Lobbying) == []
    assert walk.state.words == []


# ── a ban ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("make", [idle, waiting, held, connecting, talking, over, reported, parted, paused])
def test_a_ban_ends_everything_and_nothing_is_waited_for_or_said_any_more(make: Callable[[], Walk]) -> None:
    walk = make().hear(banned())
    assert walk.effects[:2] == [ShutOut(banned()), Part()]
    assert {sleep.timer for sleep in walk.did(Sleep)} == set(Timer)
    assert walk.state.phase is None
    for timer in Timer:
        assert walk.wake(timer).effects == []
    assert walk.hear(welcome()).effects == []
    assert walk.hear(pulse(epoch=9)).effects == []
