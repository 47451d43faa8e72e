"""Being here: the cases of webclient/tests/presence.test.ts, and what is asked of a machine without a face."""

import pytest

from broker.messages import Down, Here, Ping
from stranger.lobby.presence import here
from stranger.lobby.state import Limit, Lobbying, Outdated, Presence, Sleep, Subscribe, Timer, Unsubscribe, Wake
from tests.unit.stranger.walks import (
    LIFE,
    LIFE2,
    SESSION,
    Walk,
    connecting,
    idle,
    limited,
    lost,
    new_seat,
    over,
    pulse,
    seat,
    shut_out,
    talking,
    ticket,
    unwelcome,
    waiting,
    welcome,
)

PING = Presence(Ping(life=LIFE))
ASKS = Presence(Ping(life=LIFE, want_seat=True))


def test_here_is_repeated_after_1_2_4_8_s_then_every_8_s_until_the_welcome() -> None:
    walk = unwelcome()
    after = [walk.did(Wake)[0].in_s]
    for _ in range(6):
        after.append(walk.wake(Timer.HERE).did(Wake)[0].in_s)
        assert walk.did(Presence) == [Presence(Here(life=LIFE, version=1, rtt=12))]
    assert after == [1, 2, 4, 8, 8, 8, 8]
    assert walk.hear(welcome()).did(Sleep) == [Sleep(Timer.HERE)]
    assert walk.wake(Timer.HERE).effects == []


def test_here_claims_a_talk_back_and_nothing_else() -> None:
    assert here(talking().state, LIFE2) == Here(life=LIFE2, version=1, rtt=12, session=SESSION)
    for make in (idle, waiting, connecting, over):
        assert here(make().state, LIFE2).session is None


def test_a_welcome_brings_seat_counts_and_pings() -> None:
    walk = idle()
    assert walk.effects == [Subscribe((seat("seat1"),)), Sleep(Timer.HERE), Wake(Timer.PING, 15)]
    assert walk.state.welcomed
    assert walk.state.epoch == 7
    assert walk.state.counts
    assert (walk.state.counts.here, walk.state.counts.waiting, walk.state.counts.talking) == (10, 2, 6)


def test_a_welcome_of_a_lower_epoch_than_one_already_seen_is_ignored() -> None:
    walk = unwelcome().hear(pulse(epoch=9))
    assert walk.hear(welcome(epoch=8)).effects == []
    assert not walk.state.welcomed
    assert walk.hear(welcome(epoch=9)).state.welcomed


def test_a_welcome_of_another_version_ends_it() -> None:
    walk = waiting().hear(welcome(version=2))
    assert walk.did(Outdated) == [Outdated(2)]
    assert walk.did(Lobbying) == []


def test_a_second_welcome_only_exchanges_the_seat() -> None:
    walk = idle().hear(welcome(seat=seat("seat9")))
    assert walk.did(Subscribe) == [Subscribe((seat("seat9"),))]
    assert walk.did(Unsubscribe) == [Unsubscribe((seat("seat1"),))]


def test_pings_go_on_at_the_interval_that_was_told() -> None:
    assert idle().hear(welcome(ping=30)).wake(Timer.PING).effects == [PING, Wake(Timer.PING, 30)]


def test_a_ping_asks_for_a_seat_when_less_than_120_s_are_left_of_the_newest() -> None:
    walk = idle().later(480).wake(Timer.PING)
    assert walk.did(Presence) == [PING]
    assert walk.later(0.001).wake(Timer.PING).did(Presence) == [ASKS]
    assert walk.hear(new_seat("fresh")).effects == [Subscribe((seat("fresh"),)), Unsubscribe((seat("seat1"),))]
    assert walk.wake(Timer.PING).did(Presence) == [PING]


def test_a_seat_that_grew_old_while_no_other_came_is_listened_at_no_longer() -> None:
    """Else each long absence of the service would leave a subscription behind."""
    walk = idle().later(620).wake(Timer.PING)
    assert walk.did(Unsubscribe) == [Unsubscribe((seat("seat1"),))]
    assert walk.hear(new_seat("fresh")).did(Unsubscribe) == []


def test_a_ping_asks_for_fresh_credentials_of_the_relay_likewise() -> None:
    ice = [{"urls": ["turn:turn.example.org"], "username": "u", "credential": "c"}]
    walk = unwelcome().hear(welcome(ice=ice, iceTtl=300)).later(180).wake(Timer.PING)
    assert walk.did(Presence) == [PING]
    assert walk.later(0.001).wake(Timer.PING).did(Presence) == [ASKS]


def test_pings_stop_with_the_link_and_while_a_new_service_has_not_said_welcome() -> None:
    assert idle().lose().wake(Timer.PING).effects == []
    assert idle().hear(pulse(epoch=8)).wake(Timer.PING).effects == []


def test_a_pulse_of_the_same_epoch_only_counts() -> None:
    walk = idle().hear(pulse(here=99, wait=5))
    assert walk.effects == []
    assert walk.state.counts
    assert (walk.state.counts.here, walk.state.counts.wait) == (99, 5)
    assert walk.hear(pulse()).state.counts
    assert walk.state.counts.wait is None


def test_a_new_epoch_brings_everyone_back_within_the_spread_each_at_its_own_moment() -> None:
    walk = idle()
    walk.dice = 0.25
    walk.hear(pulse(epoch=8, spread=40))
    assert walk.effects == [Sleep(Timer.PING), Wake(Timer.HERE, 10)]
    walk.wake(Timer.HERE)
    assert walk.effects == [Presence(Here(life=LIFE, version=1, rtt=12)), Wake(Timer.HERE, 2)]


def test_a_new_epoch_brings_a_talk_back_with_its_session() -> None:
    walk = talking().hear(pulse(epoch=8)).wake(Timer.HERE)
    assert walk.did(Presence) == [Presence(Here(life=LIFE, version=1, rtt=12, session=SESSION))]
    assert walk.talking


def test_a_pulse_of_an_older_epoch_says_nothing() -> None:
    walk = idle()
    before = walk.state.counts
    assert walk.hear(pulse(epoch=6, here=1)).effects == []
    assert walk.hear(Down(epoch=6)).effects == []
    assert walk.state.counts is before
    assert not walk.state.down


def test_a_pulse_before_the_welcome_leaves_the_repetition_of_here_alone() -> None:
    assert unwelcome().hear(pulse(epoch=8)).effects == []


def test_a_pulse_after_here_was_repeated_in_vain_brings_the_next_one_forward() -> None:
    walk = unwelcome().wake(Timer.HERE).wake(Timer.HERE)
    walk.dice = 0.25
    assert walk.hear(pulse(epoch=7, spread=1)).effects == [Wake(Timer.HERE, 0.25)]
    assert walk.wake(Timer.HERE).did(Presence) == [Presence(here(walk.state, LIFE))]
    assert walk.hear(pulse(epoch=7, spread=100)).effects == [Wake(Timer.HERE, 8)], "nor is it put off"
    assert walk.hear(Down(epoch=7)).effects == []
    assert walk.lose().hear(pulse(epoch=7, spread=1)).effects == []


def test_a_service_that_is_down_is_known_to_be_until_it_is_back() -> None:
    walk = waiting().hear(Down(epoch=7))
    assert walk.state.down
    assert walk.search is walk.state.phase
    assert not walk.hear(pulse(epoch=8)).state.down
    assert not idle().hear(Down(epoch=7)).hear(welcome()).state.down


def test_the_service_at_work_is_heard_after_another_one_is_down_that_nobody_has_heard_of() -> None:
    walk = waiting().hear(Down(epoch=9))
    assert walk.state.down
    assert not walk.hear(pulse(epoch=7)).state.down
    newcomer = unwelcome().hear(Down(epoch=9)).hear(welcome())
    assert newcomer.state.welcomed
    assert newcomer.state.epoch == 7
    assert not newcomer.state.down


def test_a_broken_link_does_not_disturb_a_talk_and_is_mended_with_a_claim_and_the_old_seats() -> None:
    walk = talking().lose()
    assert walk.talking
    assert walk.effects == [Sleep(Timer.HERE), Sleep(Timer.PING)]
    walk.connect(LIFE2)
    assert walk.effects == [Subscribe((seat("seat3"), seat("seat1"), seat("seat2"))), Wake(Timer.HERE, 1)]


def test_a_broken_link_keeps_a_wish_which_is_sent_again_as_it_was_after_the_next_welcome() -> None:
    walk = lost()
    assert walk.wake(Timer.JOIN).effects == []
    walk.later(5).connect(LIFE2)
    assert walk.did(Subscribe) == [Subscribe((seat("seat1"),))]
    walk.hear(welcome(life=LIFE2, seat=seat("seat3")))
    [said] = walk.did(Lobbying)
    assert said.message.model_dump(include={"kind", "life", "ticket", "seat", "waited"}) == {
        "kind": "join",
        "life": LIFE2,
        "ticket": ticket(1),
        "seat": seat("seat1"),
        "waited": 5,
    }
    assert walk.did(Unsubscribe) == []


@pytest.mark.parametrize("make", [unwelcome, idle, waiting, connecting, talking])
def test_a_limit_that_is_announced_is_only_handed_on(make: "type[Walk]") -> None:
    """The connection may stay open."""
    walk = make()
    before = repr(walk.state)
    assert walk.hear(limited()).effects == [Limit(30)]
    assert repr(walk.state) == before


def test_a_limit_is_none_of_a_connection_that_is_gone() -> None:
    assert lost().hear(limited()).effects == []
    assert shut_out().hear(limited()).effects == []


def test_a_limit_keeps_a_wish_and_its_place() -> None:
    walk = waiting().hear(limited()).lose()
    assert walk.wake(Timer.JOIN).effects == []
    walk.later(40).connect(LIFE2).hear(welcome(life=LIFE2))
    [said] = walk.did(Lobbying)
    assert said.message.model_dump(include={"kind", "ticket", "waited"}) == {
        "kind": "join",
        "ticket": ticket(1),
        "waited": 40,
    }
