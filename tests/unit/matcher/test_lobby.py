"""What the lobby answers, effect by effect."""

import pytest

from broker.messages import (
    Again,
    Cancel,
    Down,
    Fact,
    Facts,
    Gone,
    Leave,
    Matched,
    NewSeat,
    Off,
    On,
    Ping,
    Pulse,
    Refused,
    Talking,
    Tally,
    Welcome,
)
from broker.networks import read
from broker.orders import Networks
from broker.seats import SeatKeys, verify
from broker.stamps import solve
from matcher.effects import Beat, Effect, Order, Send, Stop
from matcher.events import (
    Connected,
    GateFacts,
    PeerMessage,
    PulseHeard,
    Shifted,
    Turned,
    WrongVersion,
)
from matcher.headcount import PerMode
from matcher.policing import LOOPBACK
from matcher.presence import PEERS_MAX, Company
from matcher.stamps import TTL_S
from matcher.wishes import PATIENCE_S
from tests.unit.matcher.world import EPOCH, KEYS, TURN, World, ended, life_id, peer_id, ticket_id, to


@pytest.fixture
def world() -> World:
    """Two are here."""
    world = World()
    for name in "ab":
        world.here(name)
    return world


# ── arriving ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_here_is_welcomed_with_a_seat_of_its_own() -> None:
    """The welcome names epoch, ping interval, and a seat that only this peer may read."""
    world = World()
    welcome = to(world.here("a"), "a", Welcome)
    assert (welcome.epoch, welcome.life, welcome.ping, welcome.ttl) == (EPOCH, life_id(1), 20, 600)
    seat = verify(KEYS, welcome.seat)
    assert seat is not None
    assert seat.owned_by(peer_id("a"))
    assert not seat.owned_by(peer_id("b"))


def test_here_repeated_is_welcomed_again_and_counted_once(world: World) -> None:
    """A lost welcome is made good."""
    assert to(world.here("a"), "a", Welcome) is not None
    assert world.heads() == (2, 0, 0)


def test_a_page_of_another_version_is_told_ours_and_not_kept() -> None:
    """An old tab meets a clear word instead of silence."""
    world = World()
    effects = world.lobby.step(WrongVersion(peer_id("a"), life_id(1), 2), world.now)
    assert to(effects, "a", Welcome).version == 1
    assert world.heads() == (0, 0, 0)


def test_the_pulse_comes_at_once_and_blurred() -> None:
    """The first tick carries the pulse; a lone pair stays hidden in it."""
    world = World()
    world.here("a")
    world.here("b")
    world.talk()
    effects = world.lobby.step(Connected(), world.now)
    assert effects == [
        Order(Networks(banned=(), never=tuple(map(read, LOOPBACK)))),
        Beat(Pulse(epoch=EPOCH, here=5, waiting=0, talking=0, spread=1)),
    ]


def test_a_full_house_takes_nobody_in_and_keeps_who_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """To be full must not be a way to put others out; who has departed gives way."""
    assert PEERS_MAX > 2
    monkeypatch.setattr("matcher.presence.PEERS_MAX", 2)
    world = World()
    world.here("a")
    world.here("b")
    assert world.here("c") == []
    world.say("b", Gone(life=life_id(1), mood="left"))
    assert to(world.here("c"), "c", Welcome) is not None
    assert world.here("d") == []


# ── matching ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_are_matched_at_once(world: World) -> None:
    """Each is told the other's seat and key, opposite roles, the tags in its own spelling, and one session."""
    assert world.join("a", tags=["Chess", "tea"], rtt=30) == []
    effects = world.join("b", ticket=2, tags=["chess"], rtt=60)
    one, other = to(effects, "a", Matched), to(effects, "b", Matched)
    assert (one.ticket, other.ticket) == (ticket_id(1), ticket_id(2))
    assert one.session == other.session
    assert (one.role, other.role) == ("b", "a")
    assert (one.to, other.to) == (world.seat("b"), world.seat("a"))
    assert (one.tags, other.tags) == (["Chess"], ["chess"])
    assert (one.handshake, other.handshake) == ("mirror", "mirror")
    assert one.seat not in (one.to, other.to, other.seat)


def test_the_older_wish_is_b_whoever_of_the_two_is_looked_for(world: World) -> None:
    """Its peer has had the time to make ready what `b` needs; what it says to have waited before does not count."""
    world.join("a", tags=["chess"])
    world.now += 1
    world.join("b", ticket=2, tags=["tea"], waited=4)
    effects = world.wait(PATIENCE_S)  # a looks again when it is widened itself
    assert (to(effects, "a", Matched).role, to(effects, "b", Matched).role) == ("b", "a")


@pytest.mark.parametrize(("one", "other"), [(None, None), (0, 0), (150, 3)])
def test_two_mirror_however_long_their_roads_are(world: World, one: int | None, other: int | None) -> None:
    """A crossing less, and never behind `offer` where a crossing costs nothing (decision 5)."""
    world.join("a", rtt=one)
    assert to(world.join("b", rtt=other), "a", Matched).handshake == "mirror"


def test_a_round_trip_is_counted_once_a_wish(world: World) -> None:
    """For the operator, who sees how far people are; nobody's is kept."""
    world.join("a", rtt=30, tags=["tea"])
    world.join("a", rtt=30, tags=["tea"])
    world.join("b", tags=["chess"])
    roads = world.lobby.stats(world.now).roads
    assert (sum(roads.counts), roads.total) == (1, 0.03)


def test_join_repeated_while_waiting_says_nothing(world: World) -> None:
    """Patience is all there is to answer."""
    assert world.join("a") == world.join("a") == []
    assert world.heads() == (2, 1, 0)


def test_join_repeated_after_the_match_brings_the_same_answer(world: World) -> None:
    """Byte for byte, so that a lost `matched` is made good and a late one harmless."""
    world.join("a")
    first = to(world.join("b"), "b", Matched)
    world.wait(2)
    assert [effect.message.wire() for effect in world.join("b") if isinstance(effect, Send)] == [first.wire()]


def test_join_repeated_after_the_end_brings_the_end(world: World) -> None:
    """A ticket dies with its session, for who left and for who was left."""
    session = world.meet()
    assert world.say("a", Leave(life=life_id(1), session=session, mood="failed")) == [ended("b", session, "failed")]
    for name in "ab":
        assert world.join(name) == [ended(name, session, "failed")]
    assert world.heads() == (2, 0, 0)


def test_a_new_ticket_replaces_the_one_that_waits(world: World) -> None:
    """Only the newest wish counts, even when the old one is repeated late."""
    world.join("a", ticket=1)
    world.join("a", ticket=2)
    world.join("a", ticket=1)
    assert to(world.join("b"), "a", Matched).ticket == ticket_id(2)


def test_a_new_ticket_of_a_seated_peer_means_that_it_left(world: World) -> None:
    """The word for it was lost."""
    session = world.talk()
    assert world.join("a", ticket=2) == [ended("b", session, "left")]
    assert world.heads() == (2, 1, 0)


@pytest.mark.parametrize("seat", ["A" * 56, "other", "old"])
def test_a_seat_that_is_not_good_is_replaced(world: World, seat: str) -> None:
    """Not ours, not the peer's, or with a minute left: a fresh one, and a refusal that says why."""
    shown = {"other": world.seat("b"), "old": world.seat("a", 60)}.get(seat, seat)
    effects = world.join("a", seat=shown)
    assert [type(effect.message) for effect in effects if isinstance(effect, Send)] == [NewSeat, Refused]
    assert to(effects, "a", Refused).reason == "seat"
    assert world.join("a", seat=to(effects, "a", NewSeat).seat) == []
    assert world.heads() == (2, 1, 0)


def test_relay_only_is_refused_where_there_is_no_relay() -> None:
    """Never faked."""
    world = World()
    world.here("a")
    assert to(world.join("a", relay=True), "a", Refused).reason == "relay"
    assert World(turn=TURN).join("a", relay=True)[1:] == []


def test_different_wishes_meet_when_patience_ends(world: World) -> None:
    """After five seconds both are open to anybody of their class."""
    world.join("a", tags=["chess"], languages=["en"])
    world.join("b", tags=["music"], languages=["de"])
    assert world.wait(4) == []
    assert to(world.wait(1), "a", Matched).tags == []


def test_time_already_waited_counts(world: World) -> None:
    """Who is sent back by a restart does not start anew."""
    world.join("a", tags=["chess"], waited=3)
    world.join("b", waited=100)
    assert world.wait(1) == []
    assert to(world.wait(1), "a", Matched) is not None


def test_who_talked_last_does_not_meet_again_next(world: World) -> None:
    """Another comes between."""
    session = world.talk()
    world.say("a", Leave(life=life_id(1), session=session, mood="skipped"))
    world.join("a", ticket=2)
    world.join("b", ticket=2)
    assert world.wait(10) == []
    world.here("c")
    assert to(world.join("c"), "c", Matched) is not None


@pytest.mark.parametrize("busy", ["a", "b"])
def test_who_has_met_nobody_since_is_spared_the_same_stranger_too(world: World, busy: str) -> None:
    """Twice in a row is seen from either side, also when only the other has met somebody between."""
    world.say("a", Leave(life=life_id(1), session=world.talk(), mood="left"))
    world.here("c")
    world.now += 2  # at once is what no person does
    world.say("c", Leave(life=life_id(1), session=world.talk("c", busy, 2), mood="left"))
    world.now += 2
    world.join("a", ticket=3)
    assert world.join("b", ticket=3) == []


def test_who_was_only_matched_may_meet_again(world: World) -> None:
    """A handshake that failed is no meeting."""
    session = world.meet()
    world.say("a", Leave(life=life_id(1), session=session, mood="failed"))
    assert world.meet(ticket=2) != session


def test_the_blocked_never_meet_again_and_do_not_learn_why() -> None:
    """Even when the block comes after the end, and even when others came between."""
    world = World()
    for name in "abc":
        world.here(name)
    session = world.talk("a", "b")
    assert world.say("b", Leave(life=life_id(1), session=session, mood="left")) == [ended("a", session, "left")]
    assert world.say("a", Leave(life=life_id(1), session=session, mood="blocked")) == []
    for ticket, name in enumerate("ab", start=2):
        other = world.talk(name, "c", ticket)
        world.say(name, Leave(life=life_id(1), session=other, mood="left"))
    world.join("a", ticket=9)
    world.join("b", ticket=9)
    assert world.wait(10) == []


def test_who_sleeps_is_not_matched_until_it_wakes(world: World) -> None:
    """A frozen tab would only disappoint."""
    world.join("a")
    world.wait(20)
    world.ping("b")
    world.wait(10)
    assert world.join("b") == []
    world.ping("b")
    assert to(world.say("a", Ping(life=life_id(1))), "b", Matched) is not None


def test_who_waits_until_its_seat_is_old_is_sent_back(world: World) -> None:
    """A fresh seat, then `again`; the old ticket is dead."""
    world.join("a", seat=world.seat("a", 80))
    effects = [*world.wait(19), *world.wait(1)]
    assert [type(effect.message) for effect in effects if isinstance(effect, Send)] == [NewSeat, Again]
    assert to(world.join("a"), "a", Again).ticket == ticket_id(1)
    assert world.join("a", ticket=2, waited=20) == []
    assert world.heads() == (2, 1, 0)


def test_cancel_counts_only_for_the_ticket_it_names(world: World) -> None:
    """A late word about an old wish does not touch the new one, and a cancelled wish does not rise again."""
    world.join("a", ticket=2)
    world.say("a", Cancel(life=life_id(1), ticket=ticket_id(1)))
    assert world.heads() == (2, 1, 0)
    world.say("a", Cancel(life=life_id(1), ticket=ticket_id(2)))
    assert world.join("a", ticket=2) == []
    assert world.heads() == (2, 0, 0)


def test_cancel_of_a_ticket_just_matched_leaves_the_session(world: World) -> None:
    """The stranger does not wait for who has gone."""
    session = world.meet()
    assert world.say("a", Cancel(life=life_id(1), ticket=ticket_id(1))) == [ended("b", session, "left")]


def test_a_seat_is_given_when_asked_for(world: World) -> None:
    """`ping` with `wantSeat`."""
    assert to(world.say("a", Ping(life=life_id(1), want_seat=True)), "a", NewSeat).ttl == 600


# ── going away ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_match_ends_with_the_connection_of_one(world: World) -> None:
    """The other may join anew at once."""
    session = world.meet()
    assert world.say("a", Gone(life=life_id(1), mood="lost")) == [ended("b", session, "lost")]


def test_a_match_that_nobody_talks_in_expires(world: World) -> None:
    """Both are told, after twenty seconds."""
    session = world.meet()
    world.wait(15)
    world.ping("a", "b")
    effects = world.wait(5)
    assert len(effects) == 2
    assert all(ended(name, session, "expired") in effects for name in "ab")


def test_a_talk_is_kept_for_a_minute_and_claimed_back(world: World) -> None:
    """Nothing is told when the peer comes back with a new life."""
    session = world.talk()
    assert world.say("a", Gone(life=life_id(1), mood="lost")) == []
    assert world.heads() == (1, 0, 1)
    world.wait(20)
    world.ping("b")
    assert to(world.here("a", 2, session), "a", Welcome) is not None
    assert world.heads() == (2, 0, 2)


def test_a_talk_out_of_sight_for_a_minute_is_lost(world: World) -> None:
    """Then it is told, as advice, and to who comes back too late."""
    session = world.talk()
    world.say("a", Gone(life=life_id(1), mood="lost"))
    for _ in range(2):
        assert world.wait(20) == []
        world.ping("b")
    assert world.wait(20) == [ended("b", session, "lost")]
    assert world.here("a", 2, session)[1:] == [ended("a", session, "lost", life=2)]


def test_who_leaves_the_page_ends_its_talk(world: World) -> None:
    """`gone{left}` is a word, not a broken line."""
    session = world.talk()
    assert world.say("a", Gone(life=life_id(1), mood="left")) == [ended("b", session, "left")]


def test_silence_is_taken_for_loss(world: World) -> None:
    """45 s without a sign, whatever the gate says."""
    world.wait(30)
    world.ping("b")
    world.wait(15)
    assert world.heads() == (1, 0, 0)


def test_the_will_of_an_old_life_is_ignored(world: World) -> None:
    """A broker may send it after the new `here`."""
    world.here("a", 2)
    assert world.say("a", Gone(life=life_id(1), mood="lost")) == []
    assert world.heads() == (2, 0, 0)


def test_a_departed_life_raises_no_ghost(world: World) -> None:
    """A late `join` of it is not heard."""
    world.say("a", Gone(life=life_id(1), mood="left"))
    assert world.join("a") == []
    assert world.heads() == (1, 0, 0)


def test_a_life_that_was_only_silent_goes_on_with_its_next_word(world: World) -> None:
    """A page that slept does not know that it was given up: it is welcomed, so that it says its wish again."""
    world.join("a")
    world.wait(45)
    assert world.heads() == (0, 0, 0)
    welcome = to(world.say("a", Ping(life=life_id(1))), "a", Welcome)
    assert welcome.life == life_id(1)
    world.here("b")
    world.join("b")
    assert to(world.join("a"), "b", Matched) is not None


def test_a_silent_life_whose_will_comes_after_all_raises_no_ghost(world: World) -> None:
    """What is late now is of a connection that is known to be over."""
    world.wait(45)
    world.say("a", Gone(life=life_id(1), mood="lost"))
    assert world.say("a", Ping(life=life_id(1))) == []
    assert world.heads() == (0, 0, 0)


def test_only_here_begins_a_life_where_another_is(world: World) -> None:
    """A late `join` of an epoch before must not put out the life that is here."""
    for late in (Ping(life=life_id(2)), Talking(life=life_id(2), session=ticket_id(9))):
        assert world.say("a", late) == []
    assert world.join("a", life=2) == []
    assert world.heads() == (2, 0, 0)
    world.ping("a")
    assert to(world.here("a", 2), "a", Welcome).life == life_id(2)


def test_a_new_life_voids_the_wish_and_the_match_of_the_old(world: World) -> None:
    """It may bring the same wish again; the match is lost for the other."""
    world.join("a")
    world.here("a", 2)
    assert world.heads() == (2, 0, 0)
    assert world.join("a", life=2) == []
    session = to(world.join("b"), "b", Matched).session
    assert world.here("a", 3)[0] == ended("b", session, "lost")


def test_a_new_life_that_does_not_claim_its_talk_has_left_it(world: World) -> None:
    """A page that talks says so in `here`."""
    session = world.talk()
    assert world.here("a", 2)[0] == ended("b", session, "lost")


def test_time_in_which_nobody_could_be_heard_does_not_count(world: World) -> None:
    """After an outage, or a jump of the clock, all are as old as before."""
    session = world.talk()
    world.now += 3600
    assert world.lobby.step(Shifted(3600), world.now) == []
    assert world.heads() == (2, 0, 2)
    world.say("a", Gone(life=life_id(1), mood="lost"))
    world.now -= 7200
    assert world.lobby.step(Shifted(-7200), world.now) == []
    world.wait(40)
    world.ping("b")
    assert world.wait(20) == [ended("b", session, "lost")]


# ── after a restart ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_speaks_to_a_restarted_service_is_welcomed_and_heard(world: World) -> None:
    """Two joins from before the restart make a match after it."""
    world.restart()
    assert to(world.join("a"), "a", Welcome).epoch == EPOCH + 1
    effects = world.join("b")
    assert to(effects, "b", Welcome) is not None
    assert to(effects, "a", Matched).epoch == EPOCH + 1


def test_goodbyes_to_a_restarted_service_register_nobody(world: World) -> None:
    """Nothing is left of who only says that it goes."""
    world.restart()
    goodbyes: list[PeerMessage] = [
        Gone(life=life_id(1), mood="left"),
        Cancel(life=life_id(1), ticket=ticket_id(1)),
        Leave(life=life_id(1), session=ticket_id(9), mood="left"),
    ]
    assert [world.say("a", goodbye) for goodbye in goodbyes] == [[], [], []]
    assert world.heads() == (0, 0, 0)


def test_a_talk_survives_the_restart_with_both_its_sides_and_no_third(world: World) -> None:
    """The first claim seats it anew, the second completes it."""
    session = world.talk()
    world.restart()
    world.here("a", session=session)
    assert world.say("b", Talking(life=life_id(1), session=session))[1:] == []
    world.here("c", session=session)
    assert world.heads() == (3, 0, 2)
    assert world.say("a", Leave(life=life_id(1), session=session, mood="skipped")) == [
        ended("b", session, "left", ticket=None)
    ]


def test_a_claim_of_who_waits_or_sits_elsewhere_changes_nothing(world: World) -> None:
    """A word that was forgotten on the way for minutes raises no session from the dead."""
    world.join("a")
    assert world.say("a", Talking(life=life_id(1), session=ticket_id(9))) == []
    assert world.heads() == (2, 1, 0)
    session = to(world.join("b"), "a", Matched).session
    assert world.here("a", session=ticket_id(9))[1:] == []
    assert world.say("a", Leave(life=life_id(1), session=session, mood="failed")) == [ended("b", session, "failed")]


def test_who_met_last_is_forgotten_with_the_departed(world: World) -> None:
    """Nothing of a peer outlives it in the books of another."""
    session = world.talk()
    world.say("a", Leave(life=life_id(1), session=session, mood="blocked"))
    world.say("a", Gone(life=life_id(1), mood="left"))
    for _ in range(4):
        world.wait(20)
        world.ping("b")
    [left] = world.lobby._presence._peers.values()  # noqa: SLF001
    assert left.company == Company()


def test_a_claim_that_nobody_completes_is_lost_after_a_minute(world: World) -> None:
    """As advice, since the channel may be open."""
    session = world.talk()
    world.restart()
    world.here("a", session=session)
    for _ in range(2):
        world.wait(20)
        world.ping("a")
    assert world.wait(20) == [ended("a", session, "lost", ticket=None)]


# ── counts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_waits_and_talks_is_counted_by_mode(world: World) -> None:
    """For the operator; nothing of it is told."""
    for name in "cdef":
        world.here(name)
    world.join("a", mode="text")
    world.join("b", mode="voice")
    world.join("c", mode="video")
    session = to(world.join("d", mode="video"), "c", Matched).session
    stats = world.lobby.stats(world.now)
    assert (stats.waiting_in, stats.talking_in) == (PerMode(text=1, voice=1), PerMode())
    world.say("c", Talking(life=life_id(1), session=session))
    assert world.lobby.stats(world.now).talking_in == PerMode(video=2)
    world.say("d", Gone(life=life_id(1), mood="lost"))
    assert world.lobby.stats(world.now).talking_in == PerMode(video=1)
    world.say("b", Cancel(life=life_id(1), ticket=ticket_id(1)))
    world.say("c", Leave(life=life_id(1), session=session, mood="left"))
    stats = world.lobby.stats(world.now)
    assert (stats.waiting_in, stats.talking_in) == (PerMode(text=1), PerMode())


def test_after_a_restart_a_talk_is_counted_in_the_mode_in_which_it_began(world: World) -> None:
    """Its peers claim it by its id alone."""
    world.join("a", mode="voice")
    session = to(world.join("b", mode="voice"), "a", Matched).session
    world.restart()
    world.here("a", session=session)
    assert world.lobby.stats(world.now).talking_in == PerMode(voice=1)
    world.here("b", session=session)
    assert world.lobby.stats(world.now).talking_in == PerMode(voice=2)


def test_a_newcomer_is_told_no_newer_counts_than_everybody(world: World) -> None:
    """Or who says `here` again and again would see each single one come and go."""
    world.lobby.step(Connected(), world.now)
    before = to(world.here("a"), "a", Welcome).pulse
    for name in "cdefgh":
        world.here(name)
    assert to(world.here("a"), "a", Welcome).pulse == before
    world.wait(15)
    assert to(world.here("a"), "a", Welcome).pulse.here > before.here


# ── gates and rivals ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_gate_facts_come_in_any_order_and_end_nothing(world: World) -> None:
    """`off` is a hint; the address key is forgotten some time after its peer."""
    address = "k" * 22
    facts: list[Fact] = [
        Off(peer=peer_id("a")),
        On(peer=peer_id("a"), address=address, day=1),
        Tally(what="slow", count=3),
    ]
    assert world.lobby.step(GateFacts(Facts(gate="one", facts=facts)), world.now) == []
    assert (world.heads(), world.lobby.stats(world.now).address_keys) == ((2, 0, 0), 1)
    world.wait(1_200)
    assert world.lobby.stats(world.now).address_keys == 0


def off(*names: str) -> GateFacts:
    return GateFacts(Facts(gate="one", facts=[Off(peer=peer_id(name)) for name in names]))


def test_whose_connection_closed_is_not_matched_until_its_next_sign(world: World) -> None:
    """The Will may be a while behind the gate's word, and may never come."""
    world.join("a")
    assert world.lobby.step(off("a"), world.now) == []
    assert world.join("b") == []
    assert world.heads() == (2, 2, 0)
    assert to(world.say("a", Ping(life=life_id(1))), "b", Matched) is not None


def test_a_late_word_of_an_older_connection_delays_by_one_sign_at_most(world: World) -> None:
    """The repetition of the join is such a sign."""
    world.here("a", 2)
    world.join("a", life=2)
    world.lobby.step(off("a"), world.now)
    assert world.join("b") == []
    assert to(world.join("a", life=2), "b", Matched) is not None


def test_a_new_connection_alone_matches_nobody_who_was_cut_off(world: World) -> None:
    """It has another life, which says `here`; the wish is of the one that was cut."""
    world.join("a")
    world.lobby.step(off("a"), world.now)
    assert world.join("b") == []
    assert world.gate(On(peer=peer_id("a"), address="k" * 22, day=1)) == []
    assert world.heads() == (2, 2, 0)


def test_a_connection_that_was_replaced_within_a_batch_is_not_missed(world: World) -> None:
    """A take-over is `off`, then `on`."""
    world.join("a")
    facts: list[Fact] = [Off(peer=peer_id("a")), On(peer=peer_id("a"), address="k" * 22, day=1)]
    world.lobby.step(GateFacts(Facts(gate="one", facts=facts)), world.now)
    assert to(world.join("b"), "b", Matched) is not None


# ── keys that turn ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_seats_are_minted_with_the_current_key_and_those_of_the_key_before_stay_good(world: World) -> None:
    """Two live at once."""
    old = world.seat("a")
    two = SeatKeys({1: bytes(32), 2: bytes([2]) * 32}, 2)
    assert world.lobby.step(Turned(two), world.now) == []
    assert world.join("a", seat=old) == []
    fresh = to(world.here("b"), "b", Welcome).seat
    assert verify(KEYS, fresh) is None
    assert to(world.join("b", seat=fresh), "a", Matched).to == fresh


def test_who_waits_on_a_seat_of_a_dropped_key_is_sent_back_for_another(world: World) -> None:
    """No gate would let its stranger in."""
    world.join("a")
    three = SeatKeys({2: bytes([2]) * 32, 3: bytes([3]) * 32}, 3)
    effects = world.lobby.step(Turned(three), world.now)
    assert to(effects, "a", Again).ticket == ticket_id(1)
    seat = to(effects, "a", NewSeat).seat
    assert world.join("a", ticket=2, seat=seat) == []
    assert world.heads() == (2, 1, 0)


def test_a_higher_epoch_stops_the_service(world: World) -> None:
    """Clients would no longer obey us."""
    rival = Pulse(epoch=EPOCH + 5, here=0, waiting=0, talking=0, spread=1)
    [effect] = [e for e in world.lobby.step(PulseHeard(rival), world.now) if not isinstance(e, Beat)]
    assert isinstance(effect, Stop)


def test_the_will_of_an_earlier_service_is_corrected(world: World) -> None:
    """Or everybody who connects would think that the service is down."""
    world.wait(2)
    effects = world.lobby.step(PulseHeard(Down(epoch=EPOCH - 1)), world.now)
    assert [type(effect) for effect in effects] == [Beat]
    assert world.lobby.step(PulseHeard(Down(epoch=EPOCH - 1)), world.now) == []


def test_nothing_is_left_when_all_have_gone(world: World) -> None:
    """What is remembered empties after its time."""
    session = world.talk()
    world.say("a", Leave(life=life_id(1), session=session, mood="blocked"))
    for name in "ab":
        world.join(name, ticket=2)
        world.say(name, Gone(life=life_id(1), mood="left"))
    world.wait(61)
    stats = world.lobby.stats(world.now)
    assert (stats.here, stats.waiting, stats.sessions) == (0, 0, 0)
    assert (stats.remembered_peers, stats.remembered_sessions) == (0, 0)


# ── stamps ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def strained() -> World:
    """Two are here, and some work is asked of everybody."""
    world = World(effort=4)
    for name in "ab":
        world.here(name)
    return world


def refused_for_a_stamp(effects: list[Effect], name: str) -> str:
    """Give what answers the challenge that came with the refusal."""
    refused = to(effects, name, Refused)
    assert (refused.reason, refused.retry) == ("stamp", 0)
    assert refused.challenge is not None
    return solve(refused.challenge)


def test_nothing_is_asked_while_it_is_calm() -> None:
    """No challenge comes with the welcome, and a join needs no stamp."""
    world = World()
    assert to(world.here("a"), "a", Welcome).challenge is None
    assert world.join("a") == []
    assert world.heads() == (1, 1, 0)


def test_a_stamp_that_answers_the_welcome_lets_in(strained: World) -> None:
    """The challenge comes with the welcome, and may be answered for two minutes."""
    challenge = to(strained.here("a"), "a", Welcome).challenge
    assert challenge is not None
    assert (challenge.effort, challenge.ttl) == (4, TTL_S)
    assert strained.join("a", stamp=solve(challenge)) == []
    assert strained.heads() == (2, 1, 0)


def test_a_join_without_a_stamp_is_refused_with_a_challenge_for_the_same_ticket(strained: World) -> None:
    """So that the ticket, and what its page has prepared, is not lost."""
    stamp = refused_for_a_stamp(strained.join("a"), "a")
    assert strained.heads() == (2, 0, 0)
    assert strained.join("a", stamp=stamp) == []
    assert strained.heads() == (2, 1, 0)


def test_a_join_repeated_needs_no_second_stamp(strained: World) -> None:
    """Neither while it waits, nor after the match, nor after the end: with the stamp, or without."""
    stamp = refused_for_a_stamp(strained.join("a"), "a")
    for again in (stamp, stamp, None):
        assert strained.join("a", stamp=again) == []
    strained.join("b")
    effects = strained.join("b", stamp=refused_for_a_stamp(strained.join("b"), "b"))
    session = to(effects, "a", Matched).session
    assert to(strained.join("a", stamp=stamp), "a", Matched).session == session
    strained.say("b", Leave(life=life_id(1), session=session, mood="left"))
    assert strained.join("a", stamp=stamp) == [ended("a", session, "left")]


def test_each_ticket_needs_a_stamp_of_its_own(strained: World) -> None:
    """A used one is refused, with a fresh challenge that will do."""
    stamp = refused_for_a_stamp(strained.join("a"), "a")
    strained.join("a", stamp=stamp)
    strained.say("a", Cancel(life=life_id(1), ticket=ticket_id(1)))
    fresh = refused_for_a_stamp(strained.join("a", ticket=2, stamp=stamp), "a")
    assert strained.heads() == (2, 0, 0)
    assert strained.join("a", ticket=2, stamp=fresh) == []
    assert strained.heads() == (2, 1, 0)


def test_what_is_refused_for_another_reason_uses_no_stamp_up(strained: World) -> None:
    """Its seat was too old: the next ticket may bring the same stamp."""
    stamp = refused_for_a_stamp(strained.join("a"), "a")
    assert to(strained.join("a", stamp=stamp, seat=strained.seat("a", 10)), "a", Refused).reason == "seat"
    assert strained.join("a", ticket=2, stamp=stamp) == []
    assert strained.heads() == (2, 1, 0)


def test_who_waits_while_the_service_restarts_gets_in_again(strained: World) -> None:
    """The stamp was for the service before; the one for this comes with its welcome."""
    stamp = refused_for_a_stamp(strained.join("a"), "a")
    strained.join("a", stamp=stamp)
    strained.restart()
    challenge = to(strained.here("a"), "a", Welcome).challenge
    assert challenge is not None
    assert to(strained.join("a", stamp=stamp), "a", Refused).reason == "stamp"
    assert strained.join("a", stamp=solve(challenge)) == []
    assert strained.heads() == (1, 1, 0)


def test_a_stamp_asked_of_one_costs_nobody_else_anything() -> None:
    """Effort is asked peer by peer."""
    world = World()
    facts = Facts(gate="one", facts=[Tally(what="denied-will", count=9, peer=peer_id("a"))])
    world.lobby.step(GateFacts(facts), world.now)
    assert to(world.here("a"), "a", Welcome).challenge is not None
    assert to(world.here("b"), "b", Welcome).challenge is None
    assert world.join("b") == []
    refused_for_a_stamp(world.join("a"), "a")
    assert world.heads() == (2, 1, 0)


def test_a_clock_put_back_voids_what_was_handed_out(strained: World) -> None:
    """And a fresh challenge comes with the refusal."""
    stamp = refused_for_a_stamp(strained.join("a"), "a")
    strained.now -= 60
    strained.lobby.step(Shifted(-60), strained.now)
    assert strained.join("a", stamp=refused_for_a_stamp(strained.join("a", stamp=stamp), "a")) == []
