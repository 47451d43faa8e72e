"""The gate beside RabbitMQ: its questions, what it does not tell, and the list of who is connected."""

import secrets

import pytest

from broker import networks, topics
from broker.addresses import AddressKey
from broker.engines.rabbitmq import ADMINISTRATOR, ALLOW, DENY, MANAGER, Attendant, Found
from broker.gate import Gate
from broker.identity import b64url, peer_of
from broker.networks import Networks
from broker.orders import Ban, Kick
from broker.seats import SeatKeys, mint
from tests.unit.broker.test_gate import drain, key_of

NOW = 1_800_000_000.0
HOME, AWAY, INSIDE = "192.0.2.1", "192.0.2.2", "10.0.0.7"
WORDS = ("the manager's", "the one before")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attendant(gate: Gate, clock: Clock) -> Attendant:
    return Attendant(gate, Networks([networks.read("10.0.0.0/8")]), WORDS, clock)


class Peer:
    """Somebody, and the forms in which RabbitMQ asks about them."""

    def __init__(self, number: int = 1) -> None:
        secret = number.to_bytes(32, "big")
        self.name, self.password = str(peer_of(secret)), b64url(secret)

    def form(self, **fields: str) -> dict[str, str]:
        return {"username": self.name, "vhost": "/", "client_id": self.name, **fields}

    def topic(self, permission: str, key: str) -> dict[str, str]:
        client = {"variable_map.client_id": self.name, "variable_map.username": self.name}
        asked = {"resource": "topic", "name": "amq.topic", "permission": permission, "routing_key": key}
        return {"username": self.name, "vhost": "/", **client, **asked}

    def comes(self, attendant: Attendant, address: str = HOME) -> bool:
        return attendant.answer("vhost", self.form(ip=address)) == ALLOW


ADA, BOB = Peer(1), Peer(2)


def internal(name: str, **fields: str) -> dict[str, str]:
    return {"username": name, "vhost": "/", "client_id": name, **fields}


class TestUser:
    def test_a_peer_proves_its_name_and_gets_no_tag(self, attendant: Attendant) -> None:
        assert attendant.answer("user", ADA.form(password=ADA.password)) == ALLOW
        assert attendant.answer("user", ADA.form(password=BOB.password)) == DENY
        assert attendant.answer("user", ADA.form()) == DENY

    def test_client_id_and_user_name_are_one(self, attendant: Attendant) -> None:
        assert attendant.answer("user", ADA.form(password=ADA.password, client_id=BOB.name)) == DENY
        without = {"username": ADA.name, "password": ADA.password, "vhost": "/"}
        assert attendant.answer("user", without) == DENY

    def test_nobody_comes_to_the_management_interface_but_gates(self, attendant: Attendant) -> None:
        for word in WORDS:
            assert attendant.answer("user", {"username": MANAGER, "password": word}) == ADMINISTRATOR
        assert attendant.answer("user", {"username": MANAGER, "password": "x"}) == DENY
        assert attendant.answer("user", {"username": "service", "password": "s3cret"}) == DENY

    def test_who_stands_by_has_the_password_of_the_service(self, attendant: Attendant) -> None:
        assert attendant.answer("user", internal("standby-0a1b2c3d", password="s3cret")) == ALLOW
        assert attendant.answer("user", internal("standby-0a1b2c3d", password="x")) == DENY

    def test_a_gates_own_name_is_none_for_mqtt(self, attendant: Attendant) -> None:
        assert attendant.answer("user", internal(MANAGER, password=WORDS[0])) == DENY

    @pytest.mark.parametrize("question", ["", "other", "USER"])
    def test_what_is_no_question_is_denied(self, attendant: Attendant, question: str) -> None:
        assert attendant.answer(question, ADA.form(password=ADA.password)) == DENY


class TestVhost:
    def test_a_peer_comes_in_and_is_told_of_with_its_key(self, attendant: Attendant, gate: Gate) -> None:
        assert ADA.comes(attendant)
        [fact] = drain(gate)
        assert fact["kind"] == "on"
        assert HOME not in str(fact)

    def test_service_and_desk_and_who_stands_by_come_from_inside_only(self, attendant: Attendant) -> None:
        for name in ("service", "standby-0a1b2c3d", "desk-anna"):
            assert attendant.answer("vhost", internal(name, ip=INSIDE)) == ALLOW
            for ip in (HOME, "", "x", "::1"):
                assert attendant.answer("vhost", internal(name, ip=ip)) == DENY

    def test_who_is_banned_is_kept_out_wherever_it_was_ordered(self, attendant: Attendant, gate: Gate) -> None:
        assert ADA.comes(attendant)
        address = key_of(drain(gate))
        assert attendant.obey(Ban(address, 60)) == [ADA.name]
        assert not BOB.comes(attendant)
        assert BOB.comes(attendant, AWAY)

    @pytest.mark.parametrize("fields", [{"vhost": "other"}, {"ip": "nowhere"}, {"client_id": "x"}])
    def test_anything_else_is_denied(self, attendant: Attendant, fields: dict[str, str]) -> None:
        assert attendant.answer("vhost", ADA.form(**{"ip": HOME, **fields})) == DENY


class TestResource:
    @pytest.mark.parametrize("permission", ["configure", "write", "read"])
    @pytest.mark.parametrize("qos", [0, 1])
    def test_a_client_has_its_own_queue(self, attendant: Attendant, qos: int, permission: str) -> None:
        own = ADA.form(resource="queue", name=f"mqtt-subscription-{ADA.name}qos{qos}", permission=permission)
        assert attendant.answer("resource", own) == ALLOW
        for queue in (f"mqtt-subscription-{BOB.name}qos{qos}", f"mqtt-subscription-{ADA.name}qos2", ADA.name, ""):
            assert attendant.answer("resource", {**own, "name": queue}) == DENY

    def test_a_client_uses_the_one_exchange_and_changes_none(self, attendant: Attendant) -> None:
        uses = ADA.form(resource="exchange", name="amq.topic")
        assert [attendant.answer("resource", {**uses, "permission": each}) for each in ("read", "write")] == [ALLOW] * 2
        assert attendant.answer("resource", {**uses, "permission": "configure"}) == DENY
        assert attendant.answer("resource", {**uses, "name": "amq.direct", "permission": "write"}) == DENY
        assert attendant.answer("resource", {**uses, "vhost": "other", "permission": "write"}) == DENY


class TestTopic:
    def test_it_is_asked_in_rabbitmqs_words_and_answered_by_our_policy(
        self, attendant: Attendant, keys: SeatKeys
    ) -> None:
        seat = mint(keys, ADA.name, int(NOW) + 60, secrets.token_bytes(12))
        yes = [("read", f"v1.inbox.{ADA.name}"), ("read", "v1.pulse"), ("read", f"v1.session.{seat}")]
        yes += [
            ("write", f"v1.presence.{ADA.name}"),
            ("write", f"v1.lobby.{ADA.name}"),
            ("write", f"v1.session.{seat}"),
        ]
        for permission, key in yes:
            assert attendant.answer("topic", ADA.topic(permission, key)) == ALLOW, key
        assert attendant.answer("topic", BOB.topic("read", f"v1.session.{seat}")) == DENY
        assert attendant.answer("topic", BOB.topic("write", f"v1.session.{seat}")) == ALLOW

    @pytest.mark.parametrize("key", ["#", "*", "v1.*", "v1.presence.*", "v1.inbox.*", "v1.gate.*", "v1.desk.*.ask", ""])
    def test_a_peer_has_no_wildcard_however_it_is_spelled(self, attendant: Attendant, key: str) -> None:
        for spelled in (key, topics_of(key)):
            assert attendant.answer("topic", ADA.topic("read", spelled)) == DENY

    def test_the_service_has_its_wildcards_and_its_pulse(self, attendant: Attendant) -> None:
        service = Peer()
        service.name = "service"
        for permission, key in (("read", "v1.presence.*"), ("read", "v1.desk.*.ask"), ("write", "v1.pulse")):
            assert attendant.answer("topic", service.topic(permission, key)) == ALLOW
        assert attendant.answer("topic", service.topic("read", "v1.session.*")) == DENY

    def test_nobody_asks_for_another(self, attendant: Attendant) -> None:
        form = {**ADA.topic("write", f"v1.presence.{ADA.name}"), "variable_map.client_id": BOB.name}
        assert attendant.answer("topic", form) == DENY

    def test_what_is_refused_is_counted(self, attendant: Attendant, gate: Gate) -> None:
        attendant.answer("topic", ADA.topic("write", "v1.pulse"))
        attendant.answer("topic", ADA.topic("read", "#"))
        whats = sorted(str(fact["what"]) for fact in drain(gate))
        assert whats == ["denied-publish", "denied-subscribe"]


class TestTheList:
    """RabbitMQ tells of nobody who goes."""

    def test_who_is_not_in_it_is_missing_and_may_have_gone(
        self, attendant: Attendant, gate: Gate, clock: Clock
    ) -> None:
        assert ADA.comes(attendant)
        assert BOB.comes(attendant)
        drain(gate)
        clock.now += 90
        assert attendant.missing([Found(ADA.name, HOME, NOW - 0.1)], clock.now - 60) == [BOB.name]
        assert drain(gate) == []
        attendant.departs(BOB.name, clock.now)
        assert drain(gate) == [{"kind": "off", "peer": BOB.name}]
        assert set(gate.here) == {ADA.name}

    def test_who_has_just_come_need_not_be_in_it_yet(self, attendant: Attendant, clock: Clock) -> None:
        assert ADA.comes(attendant)
        clock.now += 30
        assert attendant.missing([], clock.now - 60) == []

    def test_who_came_again_while_it_was_looked_for_has_not_gone(
        self, attendant: Attendant, gate: Gate, clock: Clock
    ) -> None:
        assert ADA.comes(attendant)
        clock.now += 90
        asked = clock.now
        assert attendant.missing([], asked - 60) == [ADA.name]
        clock.now += 1
        assert ADA.comes(attendant)
        attendant.departs(ADA.name, asked)
        assert set(gate.here) == {ADA.name}

    def test_who_came_again_by_another_gate_is_forgotten_in_silence(
        self, attendant: Attendant, gate: Gate, clock: Clock
    ) -> None:
        """That gate has told of it, and where it comes from now."""
        assert ADA.comes(attendant)
        drain(gate)
        clock.now += 90
        found = [Found(ADA.name, HOME, NOW), Found(ADA.name, AWAY, NOW + 60)]
        assert attendant.missing(found, clock.now - 60) == []
        assert set(gate.here) == set()
        assert drain(gate) == []

    def test_a_gate_that_begins_takes_in_who_is_here_and_puts_out_who_is_banned(
        self, attendant: Attendant, gate: Gate
    ) -> None:
        found = [Found(ADA.name, HOME, NOW - 500), Found(BOB.name, AWAY, NOW - 500), Found("service", INSIDE, NOW)]
        address = probe(attendant, gate, HOME)
        attendant.obey(Ban(address, 60))
        assert attendant.take_in(found, NOW, frozenset()) == [ADA.name]
        assert {str(fact["peer"]) for fact in drain(gate) if fact["kind"] == "on"} == {ADA.name, BOB.name}
        assert attendant.obey(Kick(BOB.name)) == [BOB.name]

    def test_but_for_who_is_at_a_sibling_or_may_be_on_the_way_to_one(self, attendant: Attendant, gate: Gate) -> None:
        found = [Found(ADA.name, HOME, NOW - 90), Found(BOB.name, HOME, NOW - 30)]
        assert attendant.take_in(found, NOW - 60, frozenset({ADA.name})) == []
        assert set(gate.here) == set()

    def test_an_address_that_is_none_is_passed_over(self, attendant: Attendant, gate: Gate) -> None:
        attendant.take_in([Found(ADA.name, "undefined", NOW), Found(BOB.name, HOME, NOW)], NOW, frozenset())
        assert set(gate.here) == {BOB.name}


def probe(attendant: Attendant, gate: Gate, address: str) -> AddressKey:
    """Learn the key of an address, by somebody who comes from there and goes."""
    eve = Peer(99)
    assert eve.comes(attendant, address)
    key = key_of(drain(gate))
    gate.departs(eve.name, NOW)
    drain(gate)
    return key


def topics_of(key: str) -> str:
    """Spell a routing key as a topic, as a client would."""
    return key.replace(".", "/").replace("*", "+") if key else topics.PULSE + "/x"
