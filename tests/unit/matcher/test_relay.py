"""Who hides behind the relay: whom it meets, and what it is told of the TURN server."""

from dataclasses import replace

import pytest

from broker.addresses import AddressKey
from broker.messages import IceServer, Matched, NewSeat, Ping, Refused, Welcome
from matcher.events import Rerouted
from matcher.turn import Turn
from tests.unit.matcher.world import TURN, World, life_id, on, peer_id, ticket_id, to


@pytest.fixture
def relayed() -> World:
    """Three are here, and there is a relay."""
    world = World(turn=TURN)
    for name in "abc":
        world.here(name)
    return world


def test_who_hides_meets_who_hides_at_once(relayed: World) -> None:
    """And is told of the relay as everybody is."""
    relayed.join("a", relay=True)
    relayed.join("b")
    effects = relayed.join("c", relay=True)
    assert to(effects, "a", Matched).session == to(effects, "c", Matched).session


def test_who_hides_is_open_to_who_does_not_when_its_patience_ends(relayed: World) -> None:
    """Not before; and then it finds who has been waiting."""
    relayed.join("a", relay=True)
    relayed.join("b", tags=["chess"])
    assert relayed.wait(4) == []
    relayed.join("c")
    effects = relayed.wait(1)
    assert to(effects, "a", Matched).session == to(effects, "c", Matched).session


def test_who_does_not_hide_never_waits_for_who_does(relayed: World) -> None:
    """It comes to one who has been patient, and is matched at once; of two who do not hide nobody waits either."""
    relayed.join("a", relay=True, waited=5)
    assert to(relayed.join("b"), "b", Matched) is not None
    relayed.here("d")
    relayed.join("c", relay=True)
    relayed.join("d")
    relayed.here("e")
    effects = relayed.join("e")
    assert to(effects, "d", Matched).session == to(effects, "e", Matched).session


def test_who_hides_and_names_tags_looks_for_them_first(relayed: World) -> None:
    """All of its wish is widened together, not the hiding before the rest."""
    relayed.join("a", relay=True, tags=["chess"])
    relayed.join("b", tags=["music"])
    assert relayed.wait(4) == []
    assert to(relayed.wait(1), "a", Matched).tags == []


def test_without_a_relay_nothing_is_told_of_one() -> None:
    """Neither with the welcome, nor with a seat, nor with a match."""
    world = World()
    welcome = to(world.here("a"), "a", Welcome)
    world.here("b")
    assert (welcome.relay, welcome.ice, welcome.ice_ttl) == ("none", [], None)
    seat = to(world.say("a", Ping(life=life_id(1), want_seat=True)), "a", NewSeat)
    assert (seat.ice, seat.ice_ttl) == ([], None)
    world.join("a")
    matched = to(world.join("b"), "a", Matched)
    assert (matched.ice, matched.ice_ttl) == ([], None)


def test_whenever_a_seat_is_told_so_are_fresh_servers(relayed: World) -> None:
    """With the welcome, on asking, and with a match: credentials made then."""
    welcome = to(relayed.here("a"), "a", Welcome)
    assert (welcome.relay, welcome.ice, welcome.ice_ttl) == ("offered", ice(relayed, "a"), 3600)
    relayed.wait(10)
    seat = to(relayed.say("a", Ping(life=life_id(1), want_seat=True)), "a", NewSeat)
    assert (seat.ice, seat.ice_ttl) == (ice(relayed, "a"), 3600)
    assert seat.ice != welcome.ice
    relayed.wait(10)
    relayed.join("a")
    effects = relayed.join("b")
    for name in "ab":
        matched = to(effects, name, Matched)
        assert (matched.ice, matched.ice_ttl) == (ice(relayed, name), 3600)


def ice(world: World, name: str, address: AddressKey | None = None) -> list[IceServer]:
    return TURN.servers(peer_id(name), address, world.now)[0]


def test_credentials_are_for_the_address_as_soon_as_a_gate_has_told_it(relayed: World) -> None:
    """So that all who come from one address share what a TURN server gives to one."""
    relayed.gate(on("a"), on("b"))
    address = AddressKey(19_000, "k" * 22)
    for name in "ab":
        seat = to(relayed.say(name, Ping(life=life_id(1), want_seat=True)), name, NewSeat)
        assert seat.ice == ice(relayed, name, address)
    assert ice(relayed, "a", address) == ice(relayed, "b", address)


def test_an_operator_may_suggest_to_hide() -> None:
    """The page then begins with that."""
    assert to(World(turn=replace(TURN, preset=True)).here("a"), "a", Welcome).relay == "preset"


def test_another_relay_is_told_from_then_on(relayed: World) -> None:
    """Whoever has been told of the one before goes on with that."""
    other = Turn(("turn:other.example.org",), "another")
    assert relayed.lobby.step(Rerouted(other), relayed.now) == []
    assert to(relayed.here("a"), "a", Welcome).ice == other.servers(peer_id("a"), None, relayed.now)[0]


def test_where_the_relay_goes_nobody_waits_to_be_hidden(relayed: World) -> None:
    """Who hides is refused in words; who does not goes on waiting."""
    relayed.join("a", relay=True)
    relayed.join("b", tags=["chess"])
    effects = relayed.lobby.step(Rerouted(None), relayed.now)
    assert len(effects) == 1
    refused = to(effects, "a", Refused)
    assert (refused.reason, refused.ticket) == ("relay", ticket_id(1))
    assert relayed.heads() == (3, 1, 0)
    assert to(relayed.here("a"), "a", Welcome).relay == "none"
