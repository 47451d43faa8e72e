"""Two who have parted and both ask for each other again."""

import pytest

from broker.identity import b64url
from broker.messages import Cancel, Leave, LeaveMood, Matched, Refused, Report, Talking, Tally
from broker.stamps import solve
from matcher.effects import Effect, Send
from matcher.scores import Level
from matcher.standing import PROOF_S
from tests.unit.matcher.world import TURN, World, ended, life_id, peer_id, ticket_id, to

WORD = b64url(bytes(16))
OTHER_WORD = b64url(bytes([1]) * 16)


@pytest.fixture
def world() -> World:
    """A world in which a, b and c are here."""
    world = World()
    for name in "abc":
        world.comes(name, name)
    return world


def part(world: World, session: str, *, who: str = "a", mood: LeaveMood = "skipped") -> None:
    world.now += 30
    world.ping("a", "b", "c")
    world.say(who, Leave(life=life_id(1), session=session, mood=mood))


def ask(world: World, name: str, ticket: int, word: str = WORD, **wish: object) -> list[Effect]:
    return world.join(name, ticket, 1, again=word, **wish)


def test_both_ask_and_meet_although_they_met_last_and_others_wait(world: World) -> None:
    """And nobody hears of it who did not ask."""
    part(world, world.talk())
    assert world.join("c") == []
    assert ask(world, "a", 2) == []
    effects = ask(world, "b", 2)
    assert to(effects, "a", Matched).to == world.seat("b")
    assert to(effects, "b", Matched).to == world.seat("a")
    assert len(effects) == 2


def test_who_asks_alone_meets_nobody_and_nobody_is_told(world: World) -> None:
    """Not the one it asks for, who waits for anybody, nor anybody else, however long it takes."""
    part(world, world.talk())
    assert ask(world, "a", 2) == []
    assert world.join("b", 2, waited=100) == []
    world.ping("a", "b", "c")
    assert world.wait(20) == []
    effects = world.join("c")
    assert {effect.peer for effect in effects if isinstance(effect, Send)} == {peer_id("b"), peer_id("c")}
    assert world.say("a", Cancel(life=life_id(1), ticket=ticket_id(2))) == []


def test_another_word_is_nobody_to_meet(world: World) -> None:
    """Two who ask for two others each wait for theirs."""
    assert ask(world, "a", 1) == []
    assert ask(world, "b", 1, OTHER_WORD) == []
    assert world.heads() == (3, 2, 0)


def test_a_topic_that_is_spelled_like_the_word_is_none(world: World) -> None:
    """Nobody gets to somebody who asks for another by what it likes."""
    word = "a" * 21 + "q"
    ask(world, "a", 1, word)
    assert world.join("b", tags=[word], languages=["en"]) == []


@pytest.mark.parametrize("later", ["a", "b"])
def test_whom_one_blocked_one_does_not_meet_again(world: World, later: str) -> None:
    """Even if both ask, and whoever asks last."""
    session = world.talk()
    part(world, session)
    world.say("b", Leave(life=life_id(1), session=session, mood="blocked"))
    first = "b" if later == "a" else "a"
    assert ask(world, first, 2) == []
    assert ask(world, later, 2) == []
    assert world.wait(10) == []


def test_a_third_who_was_told_the_word_takes_one_place_and_nobody_sits_in_two_sessions(world: World) -> None:
    """Who comes too late waits, and is found by whoever says the word next."""
    part(world, world.talk())
    ask(world, "a", 2)
    effects = ask(world, "c", 1)
    session = to(effects, "a", Matched).session
    assert to(effects, "c", Matched).session == session
    assert ask(world, "b", 2) == []
    assert ask(world, "a", 2) == [Send(peer_id("a"), to(effects, "a", Matched))]
    assert ask(world, "c", 1) == [Send(peer_id("c"), to(effects, "c", Matched))]
    assert world.heads() == (3, 1, 0)
    assert world.lobby.stats(world.now).sessions == 1


def test_a_join_that_is_repeated_asks_once(world: World) -> None:
    """Before the match nothing comes of it, and afterwards the same answer."""
    assert ask(world, "a", 1) == ask(world, "a", 1) == []
    effects = ask(world, "b", 1)
    assert ask(world, "b", 1) == [Send(peer_id("b"), to(effects, "b", Matched))]


def test_who_asks_twice_does_not_meet_itself(world: World) -> None:
    """A second wish with the same word replaces the first."""
    assert ask(world, "a", 1) == []
    assert ask(world, "a", 2) == []
    assert world.heads() == (3, 1, 0)


def test_two_who_are_in_different_circles_meet_all_the_same(world: World) -> None:
    """Both asked, so nobody is protected by keeping them apart. The work that is asked of one is still to be done."""
    part(world, world.talk())
    world.gate(Tally(what="malformed", count=2, peer=peer_id("a")))
    assert ask(world, "b", 2) == []
    challenge = to(ask(world, "a", 2), "a", Refused).challenge
    assert challenge is not None
    assert to(ask(world, "a", 2, stamp=solve(challenge)), "b", Matched) is not None


def test_who_hides_and_who_does_not_meet_again_at_once() -> None:
    """As they may have met before; each decides for itself."""
    world = World(turn=TURN)
    for name in "ab":
        world.here(name)
    assert ask(world, "a", 1, relay=True) == []
    assert to(ask(world, "b", 1), "a", Matched) is not None


def test_to_ask_is_a_wish_and_has_its_pace(world: World) -> None:
    """The seventh at once is refused as any is."""
    refused = [ask(world, "a", n) != [] for n in range(1, 8)]
    assert refused == [False] * 6 + [True]


def test_to_meet_again_and_again_is_no_odd_conduct(world: World) -> None:
    """Nor is it to be left within seconds each time, by the same stranger."""
    part(world, world.talk())
    for ticket in range(2, 22):
        world.now += 20
        world.ping("a", "b")
        ask(world, "a", ticket)
        session = to(ask(world, "b", ticket), "a", Matched).session
        for name in "ab":
            world.say(name, Talking(life=life_id(1), session=session))
        world.now += 2
        assert world.say("b", Leave(life=life_id(1), session=session, mood="left")) == [
            ended("a", session, "left", ticket)
        ]
    radar = world.lobby._watch._radar  # noqa: SLF001
    assert [radar.level(peer_id(name), world.now) for name in "ab"] == [Level.FREE] * 2
    assert not radar.signals


def test_two_programs_that_made_up_a_word_have_proven_nothing_by_talking(world: World) -> None:
    """Else any two could get out of being set apart without ever meeting a person."""
    ask(world, "a", 1)
    session = to(ask(world, "b", 1), "a", Matched).session
    for name in "ab":
        world.say(name, Talking(life=life_id(1), session=session))
    world.now += PROOF_S + 5
    world.ping("a", "b")
    world.say("a", Leave(life=life_id(1), session=session, mood="left"))
    standing = world.lobby._watch._radar._standing  # noqa: SLF001
    assert not any(standing._is_proven(peer_id(name)) for name in "ab")  # noqa: SLF001


def test_who_did_wrong_when_they_met_again_can_be_reported(world: World) -> None:
    """It is a talk like any other to the two."""
    ask(world, "a", 1)
    session = to(ask(world, "b", 1), "a", Matched).session
    for name in "ab":
        world.say(name, Talking(life=life_id(1), session=session))
    world.now += 30
    world.ping("a", "b")
    world.say("a", Report(life=life_id(1), session=session, reason="threat"))
    assert sum(world.lobby.stats(world.now).reports.values()) == 1


def test_who_waits_for_its_last_stranger_is_sent_back_when_its_seat_grows_old(world: World) -> None:
    """As every wish is: that bounds how long one may ask, whatever a page does."""
    ask(world, "a", 1, seat=world.seat("a", ttl_s=70))
    effects = world.wait(10)
    assert [effect.message.kind for effect in effects if isinstance(effect, Send)] == ["seat", "again"]
    assert world.heads()[1] == 0
