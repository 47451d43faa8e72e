"""Looking for somebody: the cases of webclient/tests/search.test.ts, and of reunion.test.ts what is the machine's."""

import pytest

from broker.messages import Again, Cancel, Ping, RefusedReason
from stranger.lobby.state import (
    Drop,
    Lobbying,
    NoRelay,
    Pause,
    Presence,
    Prove,
    Sleep,
    Subscribe,
    Timer,
    Unsubscribe,
    Wake,
    Wish,
)
from tests.unit.stranger.walks import (
    LIFE,
    SESSION2,
    WISH,
    WORD,
    Walk,
    ask_again,
    challenge,
    ended,
    held,
    idle,
    join,
    lost,
    matched,
    new_seat,
    paused,
    proving,
    pulse,
    refused,
    seat,
    ticket,
    unwelcome,
    waiting,
    welcome,
)

ASKS = Presence(Ping(life=LIFE, want_seat=True))
STAMP = "A" * 50


def said_again(number: int) -> Again:
    return Again(life=LIFE, ticket=ticket(number))


def asked(seed: str, number: int = 1) -> object:
    return refused("stamp", ticket=ticket(number), challenge=challenge(seed).model_dump())


# ── join ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_wish_is_joined_with_a_ticket_of_its_own() -> None:
    assert waiting().effects == [join(), Wake(Timer.JOIN, 2)]


def test_join_is_the_same_again_after_2_4_8_15_s_then_every_15_s() -> None:
    walk = waiting()
    after = [2.0]
    for _ in range(5):
        assert walk.later(0.01).wake(Timer.JOIN).did(Lobbying) == [join()]
        after.append(walk.did(Wake)[0].in_s)
    assert after == [2, 4, 8, 15, 15, 15]


def test_join_asks_for_a_seat_first_when_the_newest_has_less_than_30_s_left() -> None:
    walk = idle().later(570).look()
    assert walk.effects == [ASKS, Wake(Timer.JOIN, 2)]
    assert walk.hear(new_seat("fresh")).did(Lobbying) == [join(seat=seat("fresh"))]
    assert walk.effects[0] == Subscribe((seat("fresh"),))


def test_join_is_not_kept_busy_by_seats_that_are_too_old_when_they_come() -> None:
    walk = idle().later(590).look()
    assert walk.hear(new_seat("fresh", ttl=20)).did(Presence) == []
    assert len(walk.wake(Timer.JOIN).did(Presence)) == 1


def test_join_with_a_seat_at_its_end_becomes_a_new_ticket_that_tells_the_time_so_far() -> None:
    walk = waiting().later(480).hear(new_seat("fresh"))
    assert walk.did(Unsubscribe) == []
    walk.later(90).wake(Timer.JOIN)
    assert walk.effects == [
        Drop(ticket(1)),
        Sleep(Timer.JOIN),
        join(ticket=ticket(2), seat=seat("fresh"), waited=570),
        Wake(Timer.JOIN, 2),
        Unsubscribe((seat("seat1"),)),
    ]


def test_join_goes_to_a_new_service_with_the_same_ticket_and_the_time_so_far() -> None:
    walk = waiting().later(7.9).hear(pulse(epoch=8)).hear(welcome(epoch=8, seat=seat("seat8")))
    assert walk.did(Lobbying) == [join(waited=7)]
    assert walk.wake(Timer.JOIN).did(Lobbying) == [join(waited=7)]
    assert walk.drawn == 1


def test_join_goes_to_a_new_service_with_a_new_ticket_when_its_seat_is_at_its_end() -> None:
    walk = waiting().later(571).hear(welcome(epoch=8, seat=seat("seat8")))
    assert walk.did(Lobbying) == [join(ticket=ticket(2), seat=seat("seat8"), waited=571)]


def test_a_wish_before_the_welcome_is_joined_with_it() -> None:
    walk = unwelcome().look()
    assert walk.effects == []
    assert walk.hear(welcome()).did(Lobbying) == [join()]


# ── again, and a refused seat ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("message", [said_again(1), refused("seat")])
def test_again_and_a_refused_seat_make_a_new_ticket_with_the_newest_seat_at_once(message: object) -> None:
    walk = waiting().hear(new_seat("fresh")).hear(message)
    assert walk.effects == [
        Drop(ticket(1)),
        Sleep(Timer.JOIN),
        join(ticket=ticket(2), seat=seat("fresh")),
        Wake(Timer.JOIN, 2),
        Unsubscribe((seat("seat1"),)),
    ]


def test_a_refused_seat_is_never_used_a_second_time() -> None:
    walk = waiting().hear(refused("seat"))
    assert walk.did(Lobbying) == []
    assert walk.did(Presence) == [ASKS]


def test_tickets_voided_in_a_row_slow_down() -> None:
    walk = waiting().hear(said_again(1)).hear(said_again(2))
    assert walk.drawn == 2
    assert walk.did(Wake) == [Wake(Timer.RETRY, 1)]
    waits = []
    for _ in range(4):
        walk.wake(Timer.RETRY).hear(said_again(walk.drawn))
        waits.append(walk.did(Wake)[0].in_s)
    assert waits == [2, 4, 8, 8]


def test_a_ticket_that_lived_its_life_is_no_part_of_a_storm() -> None:
    walk = waiting().hear(said_again(1))
    for _ in range(4):
        walk.wake(Timer.JOIN)
    assert walk.hear(said_again(2)).drawn == 3


def test_what_is_said_of_an_old_ticket_is_ignored() -> None:
    walk = waiting()
    before = repr(walk.state)
    walk.hear(said_again(2)).hear(refused("busy", 5, ticket=ticket(2)))
    assert walk.effects == []
    assert repr(walk.state) == before


def test_a_ticket_that_died_with_its_session_is_replaced() -> None:
    assert waiting().hear(ended("left", ticket=ticket(1))).drawn == 2
    assert waiting().hear(ended("left", ticket=ticket(2))).drawn == 1
    assert waiting().hear(ended("left")).drawn == 1


# ── refused ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reason", ["busy", "slow", "stamp"])
def test_refused_holds_for_the_time_it_tells_then_draws_a_new_ticket(reason: RefusedReason) -> None:
    walk = waiting().hear(refused(reason, 9))
    assert walk.effects == [
        Drop(ticket(1)),
        Sleep(Timer.JOIN),
        Wake(Timer.RETRY, 9.75),
        Pause(reason, 9.75),
    ]
    assert walk.wake(Timer.JOIN).did(Lobbying) == []
    assert walk.later(9.75).wake(Timer.RETRY).did(Lobbying) == [join(ticket=ticket(2), waited=9)]


@pytest.mark.parametrize("dice", [0, 0.999])
def test_refused_never_comes_back_before_the_time_it_was_told_and_hardly_later(dice: float) -> None:
    walk = waiting()
    walk.dice = dice
    assert 20.5 <= walk.hear(refused("slow", 20)).did(Wake)[0].in_s <= 21


def test_refused_is_no_shorter_for_who_cancels_and_looks_again() -> None:
    walk = paused().later(2).look()
    assert walk.effects == [Wake(Timer.RETRY, 7.75)]
    assert walk.hear(welcome(seat=seat("seat2"))).did(Lobbying) == []
    assert walk.wake(Timer.RETRY).did(Lobbying) == [join(ticket=ticket(2), seat=seat("seat2"))]


def test_refused_is_forgotten_when_its_time_is_over() -> None:
    assert len(paused().later(9.75).look().did(Lobbying)) == 1


def test_refused_for_want_of_a_relay_withdraws_the_wish() -> None:
    walk = waiting(Wish(relay=True)).hear(refused("relay", 300))
    assert walk.state.phase is None
    assert walk.did(NoRelay) == [NoRelay()]
    assert walk.did(Drop) == [Drop(ticket(1))]
    assert walk.drawn == 1


# ── cancel ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_cancel_withdraws_the_wish() -> None:
    assert waiting().cancel().effects == [
        Sleep(Timer.JOIN),
        Sleep(Timer.RETRY),
        Drop(ticket(1)),
        Lobbying(Cancel(life=LIFE, ticket=ticket(1))),
    ]


def test_cancel_says_nothing_when_nothing_was_joined_yet_or_nobody_is_there_to_hear_it() -> None:
    for walk in (unwelcome().look(), lost(), held()):
        assert walk.cancel().did(Lobbying) == []


# ── stamps ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stamp_is_worked_for_before_the_join_and_goes_with_its_repetitions() -> None:
    walk = proving()
    assert walk.effects == [Prove(challenge()), Wake(Timer.JOIN, 120)]
    assert walk.proved().effects == [join(stamp=STAMP), Wake(Timer.JOIN, 2)]
    assert walk.wake(Timer.JOIN).did(Lobbying) == [join(stamp=STAMP)]


def test_a_stamp_is_worked_for_when_the_join_was_refused_for_want_of_it_and_the_ticket_stays() -> None:
    walk = waiting().hear(asked("seed2"))
    assert walk.effects == [Prove(challenge("seed2")), Wake(Timer.JOIN, 120)]
    assert walk.hear(asked("seed3")).effects == []
    assert walk.proved("seed2").did(Lobbying) == [join(stamp=STAMP)]


def test_a_stamp_that_was_refused_is_followed_by_a_new_ticket_ever_later() -> None:
    walk = proving().proved().hear(asked("seed2"))
    assert walk.did(Prove) == [Prove(challenge("seed2"))]
    walk.proved("seed2")
    assert walk.did(Lobbying) == [join(ticket=ticket(2), stamp=STAMP)]
    walk.hear(asked("seed3", 2))
    assert walk.drawn == 2
    assert walk.did(Wake) == [Wake(Timer.RETRY, 1)]


def test_a_stamp_is_for_one_ticket() -> None:
    walk = proving().proved().cancel().look()
    assert walk.did(Prove) == []
    assert walk.did(Lobbying) == [join(ticket=ticket(2))]


def test_a_stamp_is_not_begun_with_less_than_a_minute_left() -> None:
    walk = unwelcome().hear(welcome(challenge=challenge())).later(60.001).look()
    assert walk.did(Prove) == []
    assert walk.did(Lobbying) == [join()]


def test_a_stamp_that_was_not_ready_in_time_is_begun_anew_on_a_challenge_that_lives() -> None:
    walk = proving().later(120).wake(Timer.JOIN)
    assert walk.did(Lobbying) == [join(waited=120)]
    assert walk.hear(asked("seed2")).did(Prove) == [Prove(challenge("seed2"))]
    assert walk.proved("seed1").effects == []


def test_a_stamp_waits_with_its_join_for_a_seat_that_lives() -> None:
    walk = proving().later(100)
    walk.state.seat = None
    assert walk.proved().did(Presence) == [ASKS]
    assert walk.hear(new_seat("fresh")).did(Lobbying) == [join(seat=seat("fresh"), waited=100, stamp=STAMP)]


def test_a_stamp_is_nobodys_business_after_a_cancel_a_match_a_lost_connection_or_another_service() -> None:
    for end in (Walk.cancel, Walk.lose, lambda walk: walk.hear(pulse(epoch=8))):
        walk = proving()
        end(walk)
        assert walk.proved().did(Lobbying) == []
    assert waiting().hear(asked("seed2")).hear(matched()).proved("seed2").effects == []


def test_a_stamp_goes_on_when_the_same_welcome_comes_twice() -> None:
    walk = proving().hear(welcome(challenge=challenge("seed2")))
    assert walk.did(Prove) == []
    assert len(walk.proved().did(Lobbying)) == 1


def test_a_stamp_is_another_one_for_a_new_service_before_the_same_ticket_joins_there() -> None:
    walk = proving().proved().later(7.9).hear(pulse(epoch=8))
    walk.hear(welcome(epoch=8, seat=seat("seat8"), challenge=challenge("seed8")))
    assert walk.did(Lobbying) == []
    assert walk.did(Prove) == [Prove(challenge("seed8"))]
    assert walk.proved("seed8", "B" * 50).did(Lobbying) == [join(waited=7, stamp="B" * 50)]


def test_a_stamp_is_left_out_at_a_new_service_that_asks_for_none() -> None:
    assert proving().proved().hear(welcome(epoch=8, seat=seat("seat8"))).did(Lobbying) == [join()]


# ── again, the same stranger ─────────────────────────────────────────────────────────────────────────────────────────


def said_word(walk: Walk) -> str | None:
    [said] = walk.did(Lobbying)
    assert said.message.kind == "join"
    return said.message.again


def test_who_asks_for_the_same_stranger_joins_with_the_word_each_time() -> None:
    walk = ask_again()
    assert said_word(walk) == WORD
    assert said_word(walk.wake(Timer.JOIN)) == WORD


def test_who_asks_goes_on_asking_with_every_new_ticket() -> None:
    for message in (said_again(2), ended("lost", ticket=ticket(2))):
        assert said_word(ask_again().hear(message)) == WORD
    paused_ = ask_again().hear(refused("slow", 5, ticket=ticket(2)))
    assert said_word(paused_.later(6).wake(Timer.RETRY)) == WORD
    failed = ask_again().hear(matched(ticket=ticket(2), session=SESSION2)).failed(SESSION2)
    assert [each.message.again for each in failed.did(Lobbying) if each.message.kind == "join"] == [WORD]


def test_who_does_not_ask_says_none() -> None:
    assert said_word(waiting(WISH)) is None
