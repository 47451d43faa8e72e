"""A call, event by event, as `webclient/tests/call.test.ts` walks the page's; and the two against each other."""

import random
from dataclasses import dataclass, field
from typing import Final, Self

import pytest

from broker.conversation import Accept, Hangup, Ring, Sending
from stranger import events
from stranger.call import (
    ASKED_S,
    REFUSALS_S,
    RING_S,
    Asked,
    Begin,
    Call,
    CallEffect,
    CallEvent,
    Calling,
    CallMessage,
    Dial,
    End,
    HangUp,
    Have,
    Heard,
    Idle,
    Over,
    PickUp,
    Ringing,
    Say,
    Sends,
    Sleep,
    TalkOver,
    Tell,
    Wake,
    Woken,
    sends,
    step,
)

BOTH: Final = Sends(audio=True, video=True)
VOICE: Final = Sends(audio=True)
NONE: Final = Sends()


def sending(what: Sends) -> Sending:
    return Sending(audio=what.audio, video=what.video)


def ring(nth: int, *, video: bool) -> Ring:
    return Ring(call=nth, video=video)


@dataclass
class Walk:
    """A machine that is walked with events, keeping the effects of the last; time stands still unless it is moved."""

    call: Call = field(default_factory=Call)
    effects: tuple[CallEffect, ...] = ()
    now: float = 1_000.0
    told: list[object] = field(default_factory=list)

    def on(self, *events_: CallEvent) -> Self:
        for event in events_:
            self.call, self.effects = step(self.call, event, self.now)
            self.told += [effect.event for effect in self.effects if isinstance(effect, Tell)]
        return self

    def hear(self, *messages: CallMessage) -> Self:
        return self.on(*map(Heard, messages))

    def dial(self, *, video: bool) -> Self:
        return self.on(Have(BOTH if video else VOICE), Dial(video))

    def rung(self, nth: int, *, video: bool) -> Self:
        return self.hear(ring(nth, video=video))

    def pick_up(self, mine: Sends = BOTH) -> Self:
        return self.on(Have(mine), PickUp())

    @property
    def phase(self) -> object:
        return self.call.phase

    @property
    def said(self) -> list[CallMessage]:
        return [effect.message for effect in self.effects if isinstance(effect, Say)]

    @property
    def done(self) -> list[CallEffect]:
        return [effect for effect in self.effects if isinstance(effect, Begin | End)]


def calling(*, video: bool) -> Walk:
    return Walk().dial(video=video).hear(Accept(call=1))


def asked(*, video: bool) -> Walk:
    return Walk().rung(1, video=video)


# ── ringing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("video", [True, False])
def test_who_rings_says_so_and_waits_forty_five_seconds(*, video: bool) -> None:
    walk = Walk().dial(video=video)
    assert walk.phase == Ringing(1, video)
    assert walk.effects == (Say(ring(1, video=video)), Wake(RING_S))
    assert RING_S == 45


def test_a_ring_is_withdrawn_when_nobody_answers() -> None:
    walk = Walk().dial(video=True).on(Woken())
    assert (walk.phase, walk.said, walk.done) == (Idle(), [Hangup(call=1)], [])
    assert walk.told == [events.HungUp("unanswered")]


def test_a_ring_is_withdrawn_by_who_rang() -> None:
    walk = Walk().dial(video=True).on(HangUp())
    assert (walk.phase, walk.said, walk.done) == (Idle(), [Hangup(call=1)], [])
    assert walk.told == [events.HungUp("withdrawn")]


def test_a_ring_ends_when_they_say_no() -> None:
    walk = Walk().dial(video=True).hear(Hangup(call=1))
    assert (walk.phase, walk.said, walk.done) == (Idle(), [], [])
    assert walk.told == [events.HungUp("declined")]
    assert Sleep() in walk.effects


def test_a_ring_becomes_a_call_when_they_say_yes_and_it_is_told_what_is_sent() -> None:
    walk = Walk().dial(video=True).hear(Accept(call=1))
    assert walk.phase == Calling(1, video=True)
    assert walk.effects == (Sleep(), Begin(video=True), Say(sending(BOTH)), Tell(events.Called(video=True)))


def test_each_call_has_a_number_one_more_than_the_highest_yet_whoever_began_it() -> None:
    walk = Walk().rung(1, video=False).hear(Hangup(call=1)).dial(video=False)
    assert walk.said == [ring(2, video=False)]
    assert walk.on(HangUp()).dial(video=True).said == [ring(3, video=True)]


@pytest.mark.parametrize("walk", [Walk().dial(video=True), calling(video=True)], ids=["ringing", "calling"])
def test_who_rings_or_calls_already_does_not_ring_again(walk: Walk) -> None:
    before = walk.phase
    walk.on(Dial(video=False))
    assert (walk.phase, walk.effects) == (before, ())


# ── being asked ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_asked_is_told_so_and_sends_nothing() -> None:
    walk = asked(video=True)
    assert walk.phase == Asked(1, video=True)
    assert walk.effects == (Wake(ASKED_S), Tell(events.Rang(video=True)))
    assert ASKED_S == 60


@pytest.mark.parametrize("mine", [BOTH, VOICE, NONE])
def test_who_is_asked_says_yes_with_as_much_as_there_is_to_send(mine: Sends) -> None:
    walk = asked(video=True).pick_up(mine)
    assert walk.said == [Accept(call=1), sending(mine)]
    assert walk.done == [Begin(video=True)]
    assert walk.phase == Calling(1, video=True)


def test_who_answers_does_not_change_how() -> None:
    walk = asked(video=False).pick_up(BOTH)
    assert walk.said == [Accept(call=1), sending(VOICE)]
    assert walk.done == [Begin(video=False)]


def test_to_ring_who_rings_is_a_yes() -> None:
    walk = asked(video=False).dial(video=True)
    assert walk.said == [Accept(call=1), sending(VOICE)]
    assert walk.phase == Calling(1, video=False)


def test_who_is_asked_can_say_no() -> None:
    walk = asked(video=True).on(HangUp())
    assert (walk.phase, walk.said, walk.done) == (Idle(), [Hangup(call=1)], [])
    assert walk.told == [events.Rang(video=True), events.HungUp("declined")]


def test_to_be_asked_ends_when_they_withdraw() -> None:
    walk = asked(video=True).hear(Hangup(call=1))
    assert (walk.phase, walk.said, walk.done) == (Idle(), [], [])
    assert walk.told[-1] == events.HungUp("withdrawn")


def test_to_be_asked_ends_by_itself_where_their_page_never_withdraws() -> None:
    walk = asked(video=True).on(Woken())
    assert (walk.phase, walk.said) == (Idle(), [Hangup(call=1)])
    assert walk.told[-1] == events.HungUp("missed")


@pytest.mark.parametrize("walk", [calling(video=True), asked(video=True), Walk().dial(video=True)])
def test_a_ring_is_a_no_by_itself_while_another_call_is_on_or_asked_for(walk: Walk) -> None:
    before = walk.phase
    walk.rung(2, video=True)
    assert (walk.phase, walk.said) == (before, [Hangup(call=2)])


def test_nobody_says_yes_to_nothing_nor_hangs_up_nothing() -> None:
    for event in (PickUp(), HangUp(), Woken()):
        walk = Walk().on(event)
        assert (walk.phase, walk.effects) == (Idle(), ())


# ── rings that cross ────────────────────────────────────────────────────────────────────────────────────────────────


def test_rings_that_cross_are_two_yeses() -> None:
    walk = Walk().dial(video=True).rung(1, video=True)
    assert walk.phase == Calling(1, video=True)
    assert walk.said == [sending(BOTH)]
    assert Sleep() in walk.effects


@pytest.mark.parametrize(("mine", "theirs"), [(True, False), (False, True)])
def test_rings_that_cross_are_a_call_by_voice_where_one_had_only_that_in_mind(*, mine: bool, theirs: bool) -> None:
    walk = Walk().on(Have(BOTH)).on(Dial(mine)).rung(1, video=theirs)
    assert walk.phase == Calling(1, video=False)
    assert walk.done == [Begin(video=False)]
    assert walk.said == [sending(VOICE)]


def test_rings_that_cross_come_to_nothing_when_mine_was_withdrawn_on_both_sides() -> None:
    other = Walk().dial(video=True).hear(ring(1, video=True), Hangup(call=1))
    mine = Walk().dial(video=True).on(HangUp()).rung(1, video=True)
    assert (other.phase, mine.phase, mine.said) == (Idle(), Idle(), [])


def test_rings_that_cross_do_not_mix_with_a_later_ring_of_mine() -> None:
    walk = Walk().dial(video=True).on(HangUp()).dial(video=True).rung(1, video=True)
    assert walk.phase == Ringing(2, video=True)


# ── what is late ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("message", [Accept(call=1), Hangup(call=1), ring(1, video=True), sending(BOTH)])
def test_what_is_late_is_nothing(message: CallMessage) -> None:
    walk = Walk().dial(video=True).on(HangUp())
    for again in (walk, walk.dial(video=False)):
        before = again.phase
        again.hear(message)
        assert (again.phase, again.effects) == (before, ())


def test_what_is_late_does_not_end_a_later_call_nor_say_yes_to_it() -> None:
    walk = calling(video=True).on(HangUp()).dial(video=True).hear(Accept(call=2))
    walk.hear(Hangup(call=1), Accept(call=1))
    assert walk.phase == Calling(2, video=True)


def test_nobody_says_yes_to_what_nobody_rang_for() -> None:
    assert Walk().hear(Accept(call=1)).phase == Idle()
    assert asked(video=True).hear(Accept(call=1)).phase == Asked(1, video=True)


# ── the call ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_i_send_is_told_whenever_it_changes_and_only_then() -> None:
    walk = calling(video=True).on(Have(Sends(audio=False, video=True)))
    assert walk.said == [Sending(audio=False, video=True)]
    assert walk.on(Have(Sends(audio=False, video=True))).said == []
    assert walk.on(Have(NONE)).said == [sending(NONE)]
    assert sends(walk.call) == NONE


def test_what_they_send_is_told_and_of_a_call_by_voice_no_picture() -> None:
    seen = calling(video=True).hear(Sending(audio=False, video=True))
    assert seen.phase == Calling(1, video=True, theirs=Sends(audio=False, video=True))
    assert seen.told[-1] == events.Sending(audio=False, video=True)
    heard = calling(video=False).hear(sending(BOTH))
    assert heard.told[-1] == events.Sending(audio=True, video=False)
    assert heard.hear(sending(BOTH)).effects == ()


def test_a_call_by_voice_stays_one() -> None:
    walk = calling(video=False).on(Have(BOTH))
    assert (walk.effects, sends(walk.call)) == ((), VOICE)


def test_a_call_is_ended_by_either_and_another_can_begin() -> None:
    mine = calling(video=True).on(HangUp())
    assert (mine.phase, mine.said, mine.done) == (Idle(), [Hangup(call=1)], [End()])
    assert mine.told[-1] == events.HungUp("ended")
    theirs = calling(video=True).hear(Hangup(call=1))
    assert (theirs.phase, theirs.said, theirs.done) == (Idle(), [], [End()])
    assert theirs.told[-1] == events.HungUp("ended")
    assert sends(theirs.call) == NONE
    assert theirs.dial(video=True).hear(Accept(call=2)).phase == Calling(2, video=True)


# ── who rings for nothing again and again ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", [HangUp(), Heard(Hangup(call=1)), Woken()], ids=["declined", "withdrawn", "missed"])
def test_who_rings_for_nothing_is_not_heard_any_more_after_two_rings(how: CallEvent) -> None:
    walk = Walk()
    for nth in (1, 2):
        assert walk.rung(nth, video=True).phase == Asked(nth, video=True)
        walk.on(Heard(Hangup(call=nth)) if isinstance(how, Heard) else how)
        walk.now += 1
    walk.rung(3, video=True)
    assert (walk.phase, walk.effects) == (Idle(), (Say(Hangup(call=3)),))
    walk.now += REFUSALS_S - 2  # the first is a minute old
    assert walk.rung(4, video=True).phase == Asked(4, video=True)
    assert REFUSALS_S == 60


def test_who_rings_for_nothing_is_forgiven_by_whom_they_rang() -> None:
    walk = asked(video=True).on(HangUp()).rung(2, video=True).on(HangUp()).dial(video=False)
    walk.hear(Hangup(call=3)).rung(4, video=True)
    assert walk.phase == Asked(4, video=True)


# ── the end of the talk ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("walk", "phase"),
    [
        (Walk(), Idle),
        (Walk().dial(video=True), Ringing),
        (asked(video=True), Asked),
        (calling(video=True), Calling),
    ],
)
def test_the_end_of_the_talk_stops_everything_without_a_word_and_nothing_begins_again(walk: Walk, phase: type) -> None:
    assert isinstance(walk.phase, phase)
    walk.told.clear()
    walk.on(TalkOver())
    assert (walk.phase, walk.said, walk.told) == (Over(), [], [])
    assert walk.done == ([End()] if phase is Calling else [])
    assert Sleep() in walk.effects
    walk.rung(9, video=True).dial(video=True)
    assert (walk.phase, walk.effects) == (Over(), ())


# ── two, and a way between them that keeps the order ────────────────────────────────────────────────────────────────


def play(seed: int) -> tuple[Walk, Walk]:
    """Play random wishes on both sides with messages under way, and then let everything arrive."""
    dice = random.Random(seed)
    sides = (Walk(), Walk())
    ways: tuple[list[CallMessage], list[CallMessage]] = ([], [])

    def act(side: int, event: CallEvent) -> None:
        ways[side].extend(sides[side].on(event).said)

    def arrive(origin: int) -> None:
        if ways[origin]:
            act(1 - origin, Heard(ways[origin].pop(0)))

    wishes = (Dial(video=True), Dial(video=False), PickUp(), PickUp(), HangUp(), Have(BOTH), Have(VOICE), Woken())
    for _ in range(60):
        side = dice.randrange(2)
        sides[side].now += dice.randrange(5)
        if dice.randrange(2):
            act(side, dice.choice(wishes))
        else:
            arrive(side)
    while any(ways):
        arrive(0)
        arrive(1)
    return sides


def test_two_never_end_up_one_in_a_call_and_the_other_not_nor_in_another_nor_seen_by_one_alone() -> None:
    calls = 0
    for seed in range(3_000):
        one, other = play(seed)
        a, b = one.phase, other.phase
        assert isinstance(a, Calling) == isinstance(b, Calling), seed
        if isinstance(a, Calling) and isinstance(b, Calling):
            calls += 1
            assert (a.nth, a.video) == (b.nth, b.video), seed
            assert (a.theirs, b.theirs) == (sends(other.call), sends(one.call)), seed
        elif isinstance(a, Ringing):
            assert b == Asked(a.nth, a.video), seed
    assert calls > 100


def test_every_ring_ends_in_a_call_or_comes_to_nothing_and_every_call_ends() -> None:
    for seed in range(1_000):
        for walk in play(seed):
            open_ = False
            for event in walk.told:
                match event:
                    case events.Rang():
                        assert not open_, seed
                        open_ = True
                    case events.Called():
                        open_ = True
                    case events.HungUp():
                        open_ = False
            assert open_ <= isinstance(walk.phase, Asked | Calling | Ringing), seed
