"""The gate: who is let in, what is counted, what it tells."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from broker import networks, seats, topics
from broker.addresses import DAY_S, AddressKey, Salts
from broker.facts import FACTS_PER_BATCH
from broker.gate import Gate, Verdict
from broker.identity import b64url, peer_of
from broker.messages import Facts
from broker.orders import Ban, BanNetwork, Kick, Lift, LiftNetwork, Networks, Tell
from broker.policy import Action
from broker.seats import SeatKeys

NOW = 1_800_000_000.0
SECRET = bytes(range(32))
PEER, PASSWORD = peer_of(SECRET), b64url(SECRET)
MakeGate = Callable[..., Gate]


def peer(number: int) -> str:
    return peer_of(number.to_bytes(32, "big"))


def drain(gate: Gate) -> list[dict[str, object]]:
    told: list[dict[str, object]] = []
    while batch := gate.facts():
        told += batch
    return told


def key_of(facts: list[dict[str, object]]) -> AddressKey:
    on = next(fact for fact in facts if fact["kind"] == "on")
    assert isinstance(on["day"], int)
    return AddressKey(on["day"], str(on["address"]))


class TestKnows:
    def test_a_peer_is_known_by_its_secret_on_public_listeners(self, gate: Gate) -> None:
        assert gate.knows(PEER, PASSWORD)
        assert not gate.knows(PEER, b64url(bytes(32)))

    def test_service_and_desk_are_known_on_the_internal_listener_only(self, gate: Gate) -> None:
        for name, password in (("service", "s3cret"), ("desk-anna", "anna's")):
            assert gate.knows(name, password, internal=True)
            assert not gate.knows(name, password)
            assert not gate.knows(name, "wrong", internal=True)
            assert not gate.knows(name, "", internal=True)

    def test_who_stands_by_is_known_by_the_services_password_on_the_internal_listener_only(self, gate: Gate) -> None:
        assert gate.knows("standby-0123abcd", "s3cret", internal=True)
        assert not gate.knows("standby-0123abcd", "s3cret")
        assert not gate.knows("standby-0123abcd", "anna's", internal=True)
        assert not gate.knows("standby-", "s3cret", internal=True)

    def test_a_peer_is_not_known_on_the_internal_listener(self, gate: Gate) -> None:
        assert not gate.knows(PEER, PASSWORD, internal=True)

    def test_a_peer_id_that_looks_like_a_desk_is_refused(self, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("broker.identity.proves", lambda *_: True)
        assert gate.knows("A" * 22, PASSWORD)
        assert not gate.knows("desk-" + "a" * 17, PASSWORD)

    def test_of_passwords_that_turn_each_is_good_until_it_is_dropped(self, gate: Gate, keys: SeatKeys) -> None:
        gate.turn(keys, {"service": ("new", "s3cret")})
        assert gate.knows("service", "new", internal=True)
        assert gate.knows("service", "s3cret", internal=True)
        assert not gate.knows("desk-anna", "anna's", internal=True)
        gate.turn(keys, {"service": "newer"})
        assert not gate.knows("service", "s3cret", internal=True)
        assert gate.knows("service", "newer", internal=True)

    def test_a_turn_with_a_name_of_nobody_changes_nothing(self, gate: Gate, keys: SeatKeys) -> None:
        with pytest.raises(ValueError, match="desk-"):
            gate.turn(keys, {"root": "x"})
        assert gate.knows("service", "s3cret", internal=True)

    def test_refused_names_are_counted_and_not_listed(self, gate: Gate) -> None:
        for number in range(5):
            gate.knows(peer(number), "wrong")
        assert drain(gate) == [{"kind": "tally", "what": "unknown", "count": 5}]

    def test_an_internal_name_must_look_like_one(self, keys: SeatKeys) -> None:
        with pytest.raises(ValueError, match="internal"):
            Gate(name="g", keys=keys, salts=Salts(lambda _: bytes(32)), internal={PEER: "x"})


class TestAdmits:
    def test_coming_and_going_are_facts_with_an_address_key(self, gate: Gate) -> None:
        assert gate.admits(PEER, "192.0.2.1", NOW)
        gate.departs(PEER, NOW)
        on, off = drain(gate)
        assert on["kind"] == "on"
        assert on["peer"] == PEER
        assert off == {"kind": "off", "peer": PEER}
        assert "192.0.2.1" not in str(on)

    def test_only_so_many_come_from_one_address(self, make_gate: MakeGate) -> None:
        gate = make_gate(connections_per_address=3)
        assert [gate.admits(peer(n), "192.0.2.1", NOW) for n in range(5)] == [True] * 3 + [False] * 2
        assert gate.admits(peer(9), "192.0.2.2", NOW)
        gate.departs(peer(0), NOW)
        assert gate.admits(peer(4), "192.0.2.1", NOW)

    def test_a_take_over_counts_once(self, make_gate: MakeGate) -> None:
        gate = make_gate(connections_per_address=1)
        assert all(gate.admits(PEER, "192.0.2.1", NOW) for _ in range(3))
        gate.departs(PEER, NOW)
        assert gate.admits(peer(1), "192.0.2.1", NOW)

    def test_one_subscriber_of_ipv6_is_one_address(self, make_gate: MakeGate) -> None:
        gate = make_gate(connections_per_address=1)
        assert gate.admits(peer(1), "2001:db8::1", NOW)
        assert not gate.admits(peer(2), "2001:db8::2", NOW)

    def test_who_connects_too_often_is_refused_and_counted(self, gate: Gate) -> None:
        def come_and_go(number: int, now: float = NOW) -> bool:
            let_in = gate.admits(peer(number), "192.0.2.1", now)
            gate.departs(peer(number), now)
            return let_in

        assert [come_and_go(number) for number in range(130)] == [True] * 128 + [False] * 2
        assert {"kind": "tally", "what": "hurried", "count": 2} in drain(gate)
        assert gate.admits(peer(1), "192.0.2.2", NOW)
        assert [come_and_go(number, NOW + 1) for number in range(2)] == [True, False]

    def test_connects_that_are_remembered_are_bounded(self, make_gate: MakeGate) -> None:
        gate = make_gate(addresses=2, connections_per_address=1)
        for number in range(10):
            assert gate.admits(peer(number), f"192.0.2.{number}", NOW)
        for _ in range(30):  # the first of them was forgotten: it may have all of its burst again
            assert gate.admits(peer(0), "192.0.2.0", NOW)

    def test_who_has_no_address_is_not_let_in(self, gate: Gate) -> None:
        assert not gate.admits(PEER, "", NOW)
        assert drain(gate) == [{"kind": "tally", "what": "no-address", "count": 1}]

    def test_leaving_twice_or_without_having_come_is_no_fact(self, gate: Gate) -> None:
        gate.departs(PEER, NOW)
        assert drain(gate) == []


class TestObey:
    def test_a_ban_shuts_the_address_out_and_names_who_is_in(self, gate: Gate) -> None:
        gate.admits(PEER, "192.0.2.1", NOW)
        gate.admits(peer(2), "192.0.2.2", NOW)
        key = key_of(drain(gate))
        assert gate.obey(Ban(key, 900), NOW) == [PEER]
        assert not gate.admits(peer(3), "192.0.2.1", NOW + 1)
        assert gate.admits(peer(4), "192.0.2.2", NOW + 1)

    def test_a_ban_ends_by_itself_and_outlives_midnight(self, gate: Gate) -> None:
        gate.admits(PEER, "192.0.2.1", NOW)
        gate.obey(Ban(key_of(drain(gate)), 10 * DAY_S), NOW)
        assert not gate.admits(peer(2), "192.0.2.1", NOW + DAY_S - 1)
        assert gate.admits(peer(2), "192.0.2.1", NOW + DAY_S)

    def test_a_ban_can_be_lifted(self, gate: Gate) -> None:
        gate.admits(PEER, "192.0.2.1", NOW)
        key = key_of(drain(gate))
        gate.obey(Ban(key, 900), NOW)
        assert gate.obey(Lift(key), NOW) == []
        assert gate.admits(peer(2), "192.0.2.1", NOW)

    def test_a_kick_names_only_who_is_here(self, gate: Gate) -> None:
        gate.admits(PEER, "192.0.2.1", NOW)
        assert gate.obey(Kick(PEER), NOW) == [PEER]
        assert gate.obey(Kick(peer(2)), NOW) == []

    def test_a_network_is_kept_out_and_its_keys_are_told(self, gate: Gate) -> None:
        """Who is here is put out by the service, which can say why; newcomers are refused at once."""
        assert gate.admits(peer(1), "203.0.113.7", NOW)
        key = key_of(drain(gate))
        assert gate.obey(BanNetwork(networks.read("203.0.113.0/30"), 60, "operator"), NOW) == []
        assert gate.obey(BanNetwork(networks.read("203.0.113.4/30"), 60, "operator"), NOW) == []
        told = drain(gate)
        bars = {"kind": "bars", "address": key.key, "day": key.day, "seconds": 60, "reason": "operator"}
        assert bars in told
        assert len(told) == 8
        assert not gate.admits(peer(2), "203.0.113.2", NOW)
        assert gate.admits(peer(2), "203.0.113.8", NOW)
        drain(gate)
        gate.obey(LiftNetwork(networks.read("203.0.113.0/24")), NOW)
        assert {**bars, "seconds": 0, "reason": "lifted"} in drain(gate)
        assert gate.admits(peer(3), "203.0.113.2", NOW)

    def test_the_operators_networks_are_kept_out_until_the_list_is_another(self, gate: Gate) -> None:
        """In several parts, of any size; a small one also puts out who is here."""
        assert gate.admits(peer(1), "203.0.113.7", NOW)
        assert gate.admits(peer(2), "10.1.2.3", NOW)
        named = (networks.read("203.0.113.0/24"), networks.read("10.0.0.0/8"))
        assert gate.obey(Networks(named[:1], ()), NOW) == [peer(1)]
        assert gate.obey(Networks(named[1:], (), more=True), NOW) == []
        for address in ("203.0.113.9", "10.9.9.9", "::ffff:10.9.9.9"):
            assert not gate.admits(peer(3), address, NOW + DAY_S)
        assert gate.admits(peer(3), "198.51.100.1", NOW)
        gate.obey(Networks((), ()), NOW)
        assert gate.admits(peer(4), "10.9.9.9", NOW)

    def test_who_is_never_banned_stays_and_comes_in(self, gate: Gate) -> None:
        """Whatever is ordered, and the service hears that it is so."""
        assert gate.admits(peer(1), "203.0.113.7", NOW)
        key = key_of(drain(gate))
        gate.obey(Networks((), (networks.read("203.0.113.7"),)), NOW)
        assert [fact.get("spared") for fact in drain(gate)] == [True]
        assert gate.obey(Ban(key, 60), NOW) == []
        assert gate.admits(peer(2), "203.0.113.7", NOW)
        assert [fact.get("spared") for fact in drain(gate)] == [True]

    def test_a_service_that_has_begun_is_told_of_living_bans(self, gate: Gate) -> None:
        """With the seconds that are left and the reason; of those that have ended it is not."""
        keys = [AddressKey(20_000, f"{number:022d}") for number in range(70)]
        for key in keys:
            gate.obey(Ban(key, 90, "rhythm"), NOW)
        gate.obey(Ban(AddressKey(1, "e" * 22), 10), NOW)
        gate.obey(Tell(), NOW + 30)
        told = drain(gate)
        assert {str(fact["address"]) for fact in told} == {key.key for key in keys}
        assert {(fact["seconds"], fact["reason"]) for fact in told} == {(60, "rhythm")}

    def test_bans_are_bounded_and_the_oldest_goes_first(self, make_gate: MakeGate) -> None:
        gate = make_gate(bans=2)
        gate.admits(PEER, "192.0.2.1", NOW)
        first = key_of(drain(gate))
        for key in (first, AddressKey(first.day, "x"), AddressKey(first.day, "y")):
            gate.obey(Ban(key, 900), NOW)
        assert gate.admits(peer(2), "192.0.2.1", NOW)


class TestSpend:
    def test_sizes_are_bounded_by_topic(self, gate: Gate, keys: SeatKeys) -> None:
        seat = seats.mint(keys, PEER, int(NOW) + 60, bytes(12))
        assert gate.spend(PEER, topics.lobby(PEER), 4096, NOW)
        assert not gate.spend(PEER, topics.lobby(PEER), 4097, NOW)
        assert gate.spend(PEER, topics.session(seat), 16_384, NOW)
        assert not gate.spend(PEER, topics.session(seat), 16_385, NOW)

    @pytest.mark.parametrize(("size", "fits"), [(10, 64), (16_000, 16)])
    def test_a_seat_is_no_relay(self, gate: Gate, keys: SeatKeys, size: int, fits: int) -> None:
        topic = topics.session(seats.mint(keys, PEER, int(NOW) + 60, bytes(12)))
        assert [gate.spend(PEER, topic, size, NOW) for _ in range(70)] == [True] * fits + [False] * (70 - fits)
        other = topics.session(seats.mint(keys, PEER, int(NOW) + 60, b"n" * 12))
        assert gate.spend(PEER, other, size, NOW)

    def test_budgets_are_bounded(self, make_gate: MakeGate, keys: SeatKeys) -> None:
        gate = make_gate(seats=2, seat_messages=1)
        first, *others = (topics.session(seats.mint(keys, PEER, int(NOW), bytes([n]) * 12)) for n in range(3))
        assert gate.spend(PEER, first, 1, NOW)
        assert not gate.spend(PEER, first, 1, NOW)
        assert all(gate.spend(PEER, other, 1, NOW) for other in others)
        assert gate.spend(PEER, first, 1, NOW)  # forgotten: the price of a bounded memory


class TestPublish:
    LOBBY = topics.lobby(PEER)

    def test_what_may_and_fits_passes_and_all_else_is_dropped(self, gate: Gate) -> None:
        gate.admits(PEER, "192.0.2.1", NOW)
        assert gate.publish(PEER, self.LOBBY, 4096, NOW) is Verdict.PASS
        assert gate.publish(PEER, self.LOBBY, 4097, NOW) is Verdict.DROP
        assert gate.publish(PEER, self.LOBBY, 10, NOW, retain=True) is Verdict.DROP
        assert gate.publish(PEER, topics.lobby(peer(2)), 10, NOW) is Verdict.DROP

    def test_who_is_over_the_messages_is_cut_off_once_and_dropped_from_then_on(self, gate: Gate) -> None:
        gate.admits(PEER, "192.0.2.1", NOW)
        verdicts = [gate.publish(PEER, self.LOBBY, 10, NOW) for _ in range(130)]
        assert verdicts == [Verdict.PASS] * 120 + [Verdict.CUT] + [Verdict.DROP] * 9
        assert gate.publish(PEER, self.LOBBY, 10, NOW + 3600) is Verdict.DROP
        assert {"kind": "tally", "what": "cut-messages", "count": 1, "peer": PEER} in drain(gate)

    def test_bytes_count_though_they_are_dropped(self, gate: Gate) -> None:
        gate.admits(PEER, "192.0.2.1", NOW)
        verdicts = [gate.publish(PEER, "elsewhere", 128 * 1024, NOW) for _ in range(5)]
        assert verdicts == [Verdict.DROP] * 4 + [Verdict.CUT]
        assert {"kind": "tally", "what": "cut-bytes", "count": 1, "peer": PEER} in drain(gate)

    def test_who_keeps_to_the_rate_is_never_cut_off(self, gate: Gate) -> None:
        gate.admits(PEER, "192.0.2.1", NOW)
        assert all(gate.publish(PEER, self.LOBBY, 10, NOW + n / 10) is Verdict.PASS for n in range(2_000))

    def test_one_peer_uses_up_nothing_of_another(self, gate: Gate) -> None:
        for each in (PEER, peer(2)):
            gate.admits(each, "192.0.2.1", NOW)
        assert Verdict.CUT in [gate.publish(PEER, "elsewhere", 1, NOW) for _ in range(130)]
        assert gate.publish(peer(2), topics.lobby(peer(2)), 10, NOW) is Verdict.PASS

    def test_the_service_has_no_rate(self, gate: Gate) -> None:
        assert all(gate.publish("service", topics.inbox(PEER), 4096, NOW) is Verdict.PASS for _ in range(10_000))

    def test_the_last_words_say_which_limit_and_when_to_come_back(self, gate: Gate) -> None:
        for size, reason in ((1, "messages"), (128 * 1024, "bytes")):
            gate.admits(PEER, "192.0.2.1", NOW)
            while gate.publish(PEER, "elsewhere", size, NOW) is not Verdict.CUT:
                pass
            topic, words = gate.last_words(PEER)
            assert topic == topics.inbox(PEER)
            assert json.loads(words) == {"kind": "limited", "reason": reason, "retry": 30}

    def test_who_comes_again_begins_anew(self, gate: Gate) -> None:
        for _ in range(2):
            gate.admits(PEER, "192.0.2.1", NOW)
            assert gate.publish(PEER, self.LOBBY, 10, NOW) is Verdict.PASS
            assert Verdict.CUT in [gate.publish(PEER, self.LOBBY, 10, NOW) for _ in range(130)]


class TestFacts:
    def test_nonsense_is_counted_by_peer_where_the_peer_is_known(self, gate: Gate) -> None:
        gate.malformed(PEER)
        gate.malformed("")
        told = drain(gate)
        assert {"kind": "tally", "what": "malformed", "count": 1} in told
        assert {"kind": "tally", "what": "malformed", "count": 1, "peer": PEER} in told

    def test_denials_are_counted_per_peer(self, gate: Gate) -> None:
        for _ in range(3):
            assert not gate.may(PEER, Action.SUBSCRIBE, "#", NOW)
        assert gate.may(PEER, Action.SUBSCRIBE, topics.inbox(PEER), NOW)
        assert drain(gate) == [{"kind": "tally", "what": "denied-subscribe", "count": 3, "peer": PEER}]

    def test_a_delivery_that_is_not_for_someone_is_not_their_fault(self, gate: Gate) -> None:
        assert not gate.may(PEER, Action.RECEIVE, topics.inbox(peer(2)), NOW)
        assert drain(gate) == []

    def test_every_batch_is_a_message_within_bounds(self, gate: Gate) -> None:
        for number in range(100):
            gate.admits(peer(number), f"192.0.2.{number}", NOW)
            gate.may(peer(number), Action.PUBLISH_RETAINED, topics.PULSE, NOW)
        batches: list[Any] = []
        while batch := gate.facts():
            batches.append(batch)
        for batch in batches:
            assert len(batch) <= FACTS_PER_BATCH
            message = Facts.model_validate({"kind": "facts", "gate": "test", "facts": batch})
            assert len(message.wire()) <= 4096
        assert sum(map(len, batches)) == 200

    def test_memory_is_bounded_and_what_is_lost_is_counted(self, make_gate: MakeGate) -> None:
        gate = make_gate(facts=10, tallies=5)
        for number in range(50):
            gate.admits(peer(number), f"192.0.2.{number}", NOW)
            gate.may(peer(number), Action.SUBSCRIBE, "#", NOW)
        told = drain(gate)
        assert len(told) <= 10 + 5 + 2
        assert {"kind": "tally", "what": "facts-lost", "count": 40} in told
        assert sum(fact["count"] for fact in told if fact.get("what") == "denied-subscribe") == 50  # type: ignore[misc]


def test_seats_of_a_dropped_key_are_refused_and_those_of_the_one_before_are_not(
    make_gate: MakeGate, keys: SeatKeys
) -> None:
    gate = make_gate()
    old = topics.session(seats.mint(keys, PEER, int(NOW) + 600, bytes(12)))
    for action in (Action.SUBSCRIBE, Action.PUBLISH, Action.RECEIVE):
        assert gate.may(PEER, action, old, NOW)
    before = {keys.current: keys.keys[keys.current]}
    second = SeatKeys({**before, 900: bytes([1]) * 32}, 900)
    gate.turn(second, {})
    young = topics.session(seats.mint(second, PEER, int(NOW) + 600, bytes(12)))
    for action in (Action.SUBSCRIBE, Action.PUBLISH, Action.RECEIVE):
        assert gate.may(PEER, action, old, NOW)
        assert gate.may(PEER, action, young, NOW)
    gate.turn(SeatKeys({900: bytes([1]) * 32, 901: bytes([2]) * 32}, 901), {})
    for action in (Action.SUBSCRIBE, Action.PUBLISH, Action.RECEIVE):
        assert not gate.may(PEER, action, old, NOW)
        assert gate.may(PEER, action, young, NOW)


class TestOfABrokerThatTellsLess:
    def test_who_was_here_before_is_found_with_the_key_that_it_would_have_had(self, make_gate: MakeGate) -> None:
        one, other = make_gate(), make_gate()
        assert one.admits(PEER, "192.0.2.1", NOW)
        assert other.finds(PEER, "192.0.2.1", NOW)
        assert key_of(drain(one)) == key_of(drain(other))
        assert other.obey(Kick(PEER), NOW) == [PEER]

    def test_who_is_kept_out_is_found_and_to_be_put_out_unless_it_is_spared(self, gate: Gate) -> None:
        gate.finds(PEER, "192.0.2.1", NOW)
        gate.obey(Ban(key_of(drain(gate)), 60), NOW)
        assert not gate.finds(peer(1), "192.0.2.1", NOW)
        gate.obey(Networks((), (networks.read("192.0.2.0/24"),)), NOW)
        assert gate.finds(peer(2), "192.0.2.1", NOW)

    def test_what_is_no_address_is_nobody(self, gate: Gate) -> None:
        with pytest.raises(ValueError, match="address"):
            gate.finds(PEER, "undefined", NOW)
        assert set(gate.here) == set()

    def test_who_is_lost_to_another_gate_is_no_fact(self, gate: Gate) -> None:
        gate.admits(PEER, "192.0.2.1", NOW)
        drain(gate)
        gate.loses(PEER)
        gate.departs(PEER, NOW)
        assert drain(gate) == []

    def test_a_publish_of_unknown_kind_is_allowed_where_any_would_be(self, gate: Gate) -> None:
        assert gate.writes("service", topics.PULSE, NOW)  # retained only
        assert gate.writes(PEER, topics.presence(PEER), NOW)
        for topic in (topics.PULSE, topics.inbox(PEER), topics.presence(peer(1)), "v1/lobby/+", ""):
            assert not gate.writes(PEER, topic, NOW)
        assert {"kind": "tally", "what": "denied-publish", "count": 5, "peer": PEER} in drain(gate)
