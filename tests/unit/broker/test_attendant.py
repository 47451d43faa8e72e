"""The gate at Mosquitto's side, with a port that notes what it is asked: connections, Wills, kicks, facts."""

import json
from collections.abc import Callable

import pytest
from typing_extensions import override

from broker import topics
from broker.cells import Cell
from broker.engines.mosquitto import BATCHES_PER_TICK, PATIENCE, Attendant, Connection, Port
from broker.facts import FACTS_PER_BATCH
from broker.gate import Gate
from broker.identity import b64url, peer_of
from broker.orders import CONTROL, Ban, Kick, write
from broker.seats import SeatKeys
from tests.unit.broker.test_gate import key_of

NOW = 1_800_000_000.0
HOME = "192.0.2.1"
SERVICE_AT = Connection(1)


class NotingPort(Port):
    """A broker that does nothing but note what it was asked, in order."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.stirs = 0

    @override
    def send(self, topic: str, payload: bytes, *, to: str | None = None) -> None:
        self.asked.append(("send", to or "all", topic, payload.decode()))

    @override
    def kick(self, name: str) -> None:
        self.asked.append(("kick", name))

    @override
    def stir(self) -> None:
        self.stirs += 1

    @property
    def kicked(self) -> list[str]:
        return [asked[1] for asked in self.asked if asked[0] == "kick"]

    @property
    def batches(self) -> list[list[dict[str, object]]]:
        return [json.loads(asked[3])["facts"] for asked in self.asked if asked[0] == "send" and asked[1] == "all"]


class Peer:
    """Somebody, and how the attendant is told of them."""

    def __init__(self, attendant: Attendant, number: int) -> None:
        secret = number.to_bytes(32, "big")
        self.name, self.password = peer_of(secret), b64url(secret)
        self.presence, self.lobby, self.inbox = (
            make(self.name) for make in (topics.presence, topics.lobby, topics.inbox)
        )
        self._attendant = attendant

    def comes(self, at: int, *, address: str = HOME, password: str | None = None, clean: bool = True) -> bool:
        return self._attendant.admits(
            Connection(at), self.name, self.name, password or self.password, address, internal=False, clean=clean
        )


@pytest.fixture
def port() -> NotingPort:
    return NotingPort()


@pytest.fixture
def attendant(gate: Gate, port: NotingPort) -> Attendant:
    return Attendant(gate, port, lambda: NOW)


@pytest.fixture
def ada(attendant: Attendant) -> Peer:
    return Peer(attendant, 1)


@pytest.fixture
def bob(attendant: Attendant) -> Peer:
    return Peer(attendant, 2)


def serve(attendant: Attendant, *, listen: bool = True, at: Connection = SERVICE_AT) -> None:
    assert attendant.admits(at, "service", "service", "s3cret", "127.0.0.1", internal=True, clean=True)
    if listen:
        assert attendant.grants(at, "v1/gate/+")


def says(attendant: Attendant, at: int, topic: str, size: int = 10, *, retain: bool = False) -> bool:
    return attendant.passes(Connection(at), topic, size, retain=retain)


def told(gate: Gate) -> list[dict[str, object]]:
    return [fact for fact in gate.facts() if fact["kind"] in ("on", "off")]


class TestCell:
    """A broker that is one cell: on the wire there is a word before every topic, for the gate there is none."""

    @pytest.fixture
    def attendant(self, gate: Gate, port: NotingPort) -> Attendant:
        return Attendant(gate, port, lambda: NOW, Cell("berlin"))

    def test_what_is_in_it_passes_and_nothing_else(self, attendant: Attendant, ada: Peer) -> None:
        assert ada.comes(10)
        for before, passes in (("berlin/", True), ("", False), ("hamburg/", False), ("berlin/berlin/", False)):
            assert says(attendant, 10, before + ada.lobby) is passes
            assert attendant.grants(Connection(10), before + ada.inbox) is passes

    @pytest.mark.parametrize(("before", "passes"), [("berlin/", True), ("", False)])
    def test_a_will_is_in_it(self, attendant: Attendant, ada: Peer, before: str, passes: bool) -> None:  # noqa: FBT001
        assert ada.comes(10)
        attendant.gone(Connection(10))
        assert says(attendant, 10, before + ada.presence) is passes

    def test_facts_and_last_words_are_in_it(self, attendant: Attendant, port: NotingPort, ada: Peer) -> None:
        serve(attendant, listen=False)
        assert attendant.grants(SERVICE_AT, "berlin/v1/gate/+")
        assert ada.comes(10)
        while says(attendant, 10, f"berlin/{ada.lobby}"):
            pass
        attendant.tick()
        assert {asked[2] for asked in port.asked} == {"berlin/v1/gate/test", f"berlin/{ada.inbox}"}

    def test_orders_are_in_none(self, attendant: Attendant) -> None:
        serve(attendant, listen=False)
        assert says(attendant, SERVICE_AT, CONTROL)


class TestAdmits:
    def test_a_session_that_outlives_its_connection_is_refused(self, ada: Peer) -> None:
        assert not ada.comes(10, clean=False)

    def test_a_client_id_that_is_not_the_user_name_is_refused(self, attendant: Attendant, ada: Peer, bob: Peer) -> None:
        assert not attendant.admits(Connection(10), bob.name, ada.name, ada.password, HOME, internal=False, clean=True)

    def test_the_service_has_no_address_that_counts(self, attendant: Attendant, gate: Gate) -> None:
        assert attendant.admits(SERVICE_AT, "service", "service", "s3cret", "", internal=True, clean=True)
        assert gate.facts() == []

    def test_who_is_asked_about_again_has_not_come_again(self, attendant: Attendant, gate: Gate, ada: Peer) -> None:
        """A reload asks for everybody who is here, as often as an operator likes."""
        assert ada.comes(10)
        told(gate)
        assert all(ada.comes(10) for _ in range(1_000))
        assert gate.facts() == []
        serve(attendant)
        attendant.turn(SeatKeys({1: bytes(32)}, 1), {"service": "another"})
        assert not attendant.admits(SERVICE_AT, "service", "service", "s3cret", "", internal=True, clean=True)


class TestTakeOver:
    def test_the_old_connection_speaks_no_more_and_its_going_is_no_fact(
        self, attendant: Attendant, gate: Gate, ada: Peer
    ) -> None:
        assert ada.comes(10)
        assert ada.comes(11)
        assert not says(attendant, 10, ada.lobby)
        assert says(attendant, 11, ada.lobby)
        attendant.gone(Connection(10))
        assert says(attendant, 11, ada.lobby)
        assert [fact["kind"] for fact in told(gate)] == ["on", "on"]
        attendant.gone(Connection(11))
        assert told(gate) == [{"kind": "off", "peer": ada.name}]

    @pytest.mark.parametrize("before", [True, False], ids=["before gone", "after gone"])
    def test_its_will_is_said(
        self,
        attendant: Attendant,
        ada: Peer,
        before: bool,  # noqa: FBT001  both orders, as of 2.1.2 and of later ones
    ) -> None:
        ada.comes(10)
        ada.comes(11)
        if not before:
            attendant.gone(Connection(10))
        assert says(attendant, 10, ada.presence)

    def test_a_kick_meant_for_the_old_one_does_not_meet_the_new_one(
        self, attendant: Attendant, port: NotingPort, ada: Peer
    ) -> None:
        ada.comes(10)
        serve(attendant)
        attendant.control(SERVICE_AT, write(Kick(ada.name)))
        ada.comes(11)
        attendant.gone(Connection(10))
        attendant.tick()
        assert port.kicked == []

    def test_a_connection_at_the_place_of_another_is_its_own(
        self, attendant: Attendant, gate: Gate, ada: Peer, bob: Peer
    ) -> None:
        """A broker uses the memory of a connection again."""
        ada.comes(10)
        attendant.gone(Connection(10))
        bob.comes(10)
        assert not says(attendant, 10, ada.presence)
        assert says(attendant, 10, bob.presence)
        attendant.gone(Connection(10))
        assert [(fact["kind"], fact["peer"]) for fact in told(gate)] == [
            ("on", ada.name),
            ("off", ada.name),
            ("on", bob.name),
            ("off", bob.name),
        ]

    def test_the_service_may_be_taken_over_and_goes_on_being_told(
        self, attendant: Attendant, port: NotingPort, ada: Peer
    ) -> None:
        serve(attendant)
        serve(attendant, at=Connection(2))
        attendant.gone(SERVICE_AT)
        ada.comes(10)
        attendant.tick()
        assert [fact["peer"] for batch in port.batches for fact in batch] == [ada.name]


class TestWills:
    @pytest.mark.parametrize("before", [True, False], ids=["before gone", "after gone"])
    def test_a_will_is_judged_as_one(
        self,
        attendant: Attendant,
        ada: Peer,
        bob: Peer,
        before: bool,  # noqa: FBT001  both orders, as of 2.1.2 and of later ones
    ) -> None:
        for number, (topic, size, retain, may) in enumerate(
            [
                (ada.presence, 10, False, True),
                (ada.presence, 10, True, False),
                (ada.presence, 4097, False, False),
                (bob.presence, 10, False, False),
                (topics.PULSE, 10, False, False),
                (CONTROL, 10, False, False),
            ],
            start=10,
        ):
            assert ada.comes(number)
            if before:  # of what is asked while it is here, only what is no Will either can be told from a publish
                assert says(attendant, number, topic, size, retain=retain) is may
                attendant.gone(Connection(number))
            else:
                attendant.gone(Connection(number))
                assert says(attendant, number, topic, size, retain=retain) is may

    def test_one_that_was_said_is_not_said_twice(self, attendant: Attendant, ada: Peer) -> None:
        ada.comes(10)
        attendant.gone(Connection(10))
        assert says(attendant, 10, ada.presence)
        assert not says(attendant, 10, ada.presence)

    def test_who_was_never_let_in_says_none(self, attendant: Attendant, ada: Peer, bob: Peer) -> None:
        assert not ada.comes(10, password=bob.password)
        assert not says(attendant, 10, ada.presence)
        attendant.gone(Connection(10))
        assert not says(attendant, 10, ada.presence)

    def test_who_was_never_let_in_has_no_part_in_the_place_where_it_stands(
        self, attendant: Attendant, ada: Peer, bob: Peer
    ) -> None:
        """Ada left without a Will, and the next connection at that place is refused, with a Will in her name."""
        ada.comes(10)
        attendant.gone(Connection(10))
        assert not ada.comes(10, password=bob.password)
        attendant.gone(Connection(10))
        assert not says(attendant, 10, ada.presence)

    def test_a_will_of_another_connection_is_not_that_of_who_just_went(
        self, attendant: Attendant, ada: Peer, bob: Peer
    ) -> None:
        ada.comes(10)
        bob.comes(11)
        attendant.gone(Connection(10))
        assert not says(attendant, 12, ada.presence)
        attendant.gone(Connection(11))
        assert says(attendant, 11, bob.presence)

    def test_the_services_will_is_the_retained_pulse(self, attendant: Attendant) -> None:
        serve(attendant)
        attendant.gone(SERVICE_AT)
        assert says(attendant, SERVICE_AT, topics.PULSE, retain=True)


class TestPublishes:
    def test_over_a_limit_the_last_words_come_at_once_and_the_kick_when_it_is_quiet(
        self, attendant: Attendant, port: NotingPort, ada: Peer
    ) -> None:
        ada.comes(10)
        passed = [says(attendant, 10, ada.lobby) for _ in range(200)]
        assert passed == [True] * 120 + [False] * 80
        [(_, to, topic, words)] = port.asked
        assert (to, topic) == (ada.name, ada.inbox)
        assert json.loads(words) == {"kind": "limited", "reason": "messages", "retry": 30}
        assert port.stirs == 1
        attendant.tick()
        assert port.kicked == [], "closed with something unread, the last words might be lost"
        assert not says(attendant, 10, ada.lobby)
        attendant.tick()
        assert port.kicked == []
        attendant.tick()
        assert port.kicked == [ada.name]
        attendant.gone(Connection(10))
        attendant.tick()
        assert port.kicked == [ada.name]

    def test_who_goes_on_for_too_long_is_not_waited_for_and_costs_the_gate_nothing(
        self, attendant: Attendant, gate: Gate, port: NotingPort, ada: Peer
    ) -> None:
        ada.comes(10)
        for _ in range(121 + PATIENCE):
            says(attendant, 10, "elsewhere")
        attendant.grants(Connection(10), "#")
        attendant.tick()
        assert port.kicked == [ada.name]
        denied = [fact["count"] for fact in gate.facts() if fact.get("what") == "denied-publish"]
        assert denied == [121], "what came after the last words was not asked about"

    def test_who_comes_back_while_it_is_being_cut_off_is_not_kicked(
        self, attendant: Attendant, port: NotingPort, ada: Peer
    ) -> None:
        ada.comes(10)
        for _ in range(200):
            says(attendant, 10, ada.lobby)
        ada.comes(11)
        attendant.gone(Connection(10))
        for _ in range(3):
            attendant.tick()
        assert port.kicked == []
        assert says(attendant, 11, ada.lobby)

    def test_what_a_peer_says_to_control_counts_like_anything_that_is_refused(
        self, attendant: Attendant, port: NotingPort, ada: Peer
    ) -> None:
        ada.comes(10)
        assert not any(says(attendant, 10, CONTROL) for _ in range(200))
        attendant.tick()
        attendant.tick()
        assert port.kicked == [ada.name]

    def test_only_the_service_reaches_control_and_not_retained(self, attendant: Attendant) -> None:
        serve(attendant)
        assert says(attendant, SERVICE_AT, CONTROL)
        assert not says(attendant, SERVICE_AT, CONTROL, retain=True)
        assert not says(attendant, SERVICE_AT, "$CONTROL/broker/v1")

    def test_a_connection_that_nobody_knows_says_and_hears_nothing(self, attendant: Attendant, ada: Peer) -> None:
        assert not says(attendant, 99, ada.presence)
        assert not attendant.grants(Connection(99), "v1/pulse")


class TestOrders:
    def test_a_kick_waits_for_the_tick_and_is_for_that_very_connection(
        self, attendant: Attendant, port: NotingPort, ada: Peer, bob: Peer
    ) -> None:
        for number, peer in enumerate((ada, bob), 10):
            peer.comes(number)
        serve(attendant)
        attendant.control(SERVICE_AT, write(Kick(ada.name)))
        assert port.asked == []
        assert port.stirs == 1
        attendant.tick()
        assert port.kicked == [ada.name]

    def test_who_went_before_the_tick_is_kicked_no_more(
        self, attendant: Attendant, port: NotingPort, ada: Peer
    ) -> None:
        ada.comes(10)
        serve(attendant)
        attendant.control(SERVICE_AT, write(Kick(ada.name)))
        attendant.gone(Connection(10))
        ada.comes(10)  # again, at the very same place
        attendant.tick()
        assert port.kicked == []

    def test_a_ban_kicks_all_who_are_there_and_refuses_the_next(
        self, attendant: Attendant, gate: Gate, port: NotingPort, ada: Peer, bob: Peer
    ) -> None:
        other = Peer(attendant, 3)
        ada.comes(10)
        bob.comes(11)
        other.comes(12, address="192.0.2.2")
        serve(attendant)
        attendant.control(SERVICE_AT, write(Ban(key_of(gate.facts()), 60)))
        attendant.tick()
        assert sorted(port.kicked) == sorted([ada.name, bob.name])
        assert not Peer(attendant, 4).comes(13)
        assert Peer(attendant, 4).comes(13, address="192.0.2.2")

    @pytest.mark.parametrize("at", [10, 99])
    def test_nobody_but_the_service_gives_any(self, attendant: Attendant, port: NotingPort, ada: Peer, at: int) -> None:
        ada.comes(10)
        attendant.control(Connection(at), write(Kick(ada.name)))
        attendant.tick()
        assert port.asked == []

    def test_what_is_none_is_counted_and_changes_nothing(
        self, attendant: Attendant, gate: Gate, port: NotingPort
    ) -> None:
        serve(attendant, listen=False)
        for payload in (b"", b"{}", b"\xff", b"[" * 100_000):
            attendant.control(SERVICE_AT, payload)
        assert gate.facts() == [{"kind": "tally", "what": "malformed", "count": 4}]
        assert port.asked == []


class TestFacts:
    def test_they_wait_until_the_service_listens(self, attendant: Attendant, port: NotingPort, ada: Peer) -> None:
        ada.comes(10)
        attendant.tick()
        serve(attendant, listen=False)
        attendant.tick()
        assert port.batches == []
        attendant.grants(SERVICE_AT, "v1/gate/+")
        attendant.tick()
        assert [fact["peer"] for batch in port.batches for fact in batch] == [ada.name]

    def test_they_wait_again_when_it_goes(self, attendant: Attendant, port: NotingPort, ada: Peer) -> None:
        serve(attendant)
        attendant.gone(SERVICE_AT)
        ada.comes(10)
        attendant.tick()
        assert port.batches == []

    def test_another_filter_or_another_client_is_no_listening(
        self, attendant: Attendant, port: NotingPort, ada: Peer
    ) -> None:
        ada.comes(10)
        serve(attendant, listen=False)
        assert attendant.grants(SERVICE_AT, "v1/presence/+")
        assert not attendant.grants(Connection(10), "v1/gate/+")
        attendant.tick()
        assert port.batches == []

    def test_many_leave_bit_by_bit_and_each_batch_is_bounded(
        self, make_gate: Callable[..., Gate], port: NotingPort
    ) -> None:
        gate = make_gate(connections_per_address=10_000)
        attendant = Attendant(gate, port, lambda: NOW)
        count = (BATCHES_PER_TICK + 1) * FACTS_PER_BATCH + 1
        for number in range(count):
            assert Peer(attendant, number).comes(100 + number)
        serve(attendant)
        attendant.tick()
        assert [len(batch) for batch in port.batches] == [FACTS_PER_BATCH] * BATCHES_PER_TICK
        stirred = port.stirs
        assert stirred > 0
        attendant.tick()
        assert sum(map(len, port.batches)) == count
        assert port.stirs == stirred

    def test_a_full_batch_asks_for_a_tick(self, attendant: Attendant, port: NotingPort) -> None:
        serve(attendant)
        for number in range(FACTS_PER_BATCH):
            assert port.stirs == 0
            Peer(attendant, number).comes(100 + number)
        assert port.stirs == 1
