"""The service against a broker that runs here, judged by what a plain MQTT client hears."""

import asyncio
import gc
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeVar

import paho.mqtt.client as paho
import pytest
from amqtt.broker import Broker
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion
from pydantic import TypeAdapter

from broker import messages, topics
from broker.identity import b64url, peer_of
from broker.messages import VERSION, Down, Ended, Here, Join, Leave, Matched, Message, Pulse, Talking, Welcome
from broker.seats import SeatKeys
from matcher.service import EXIT_OUTRUN, Service
from matcher.system_randomness import SystemRandomness
from matcher.turn import Turn

SEAT_KEYS = SeatKeys({1: bytes(32)}, 1)
DEADLINE_S = 10.0
M = TypeVar("M", bound=Message)

# What stock amqtt leaves behind is not ours to judge.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Probe:
    """An MQTT client that keeps what it heard."""

    def __init__(self, port: int) -> None:
        self.peer = peer_of(secrets.token_bytes(32))
        self.life = b64url(secrets.token_bytes(8))
        self.heard: list[bytes] = []
        self._client = paho.Client(CallbackAPIVersion.VERSION2, self.peer, protocol=paho.MQTTv311)
        self._client.on_message = lambda _client, _data, message: self.heard.append(bytes(message.payload))
        self._client.connect("127.0.0.1", port)
        self._client.subscribe([(topics.inbox(self.peer), 0), (topics.PULSE, 0)])
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, retain=retain)

    def present(self, message: Message) -> None:
        self.publish(topics.presence(self.peer), message.wire())

    def say(self, message: Message) -> None:
        self.publish(topics.lobby(self.peer), message.wire())

    def all(self, kind: type[M]) -> list[M]:
        """Give what was heard of one kind."""
        direction: TypeAdapter[object] = TypeAdapter(messages.InboxMessage | messages.PulseMessage)
        parsed = [direction.validate_json(payload) for payload in list(self.heard)]
        return [message for message in parsed if isinstance(message, kind)]

    async def hears(self, kind: type[M], count: int = 1) -> M:
        """Wait for the nth message of one kind."""
        await until(lambda: len(self.all(kind)) >= count)
        return self.all(kind)[count - 1]

    async def arrives(self, count: int = 1) -> Welcome:
        self.present(Here(life=self.life, version=VERSION))
        return await self.hears(Welcome, count)

    def join(self, seat: str) -> str:
        ticket = b64url(secrets.token_bytes(16))
        self.say(
            Join(
                life=self.life,
                ticket=ticket,
                seat=seat,
                key="B" + "A" * 86,
                mode="text",
                tags=[],
                languages=[],
                relay=False,
            )
        )
        return ticket

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@given(st.integers(1, 1 << 20))
def test_numbers_drawn_are_below_and_reach_both_ends(n: int) -> None:
    randomness = SystemRandomness()
    drawn = [randomness.below(n) for _ in range(200)]
    assert all(0 <= number < n for number in drawn)
    assert n > 4 or {0, n - 1} <= set(drawn)
    assert n < 4 or len(set(drawn)) > 1


def test_no_random_byte_is_given_twice() -> None:
    randomness = SystemRandomness()
    given_out = [randomness.token(size) for _ in range(200) for size in (12, 16, 12, 600)]
    assert [len(token) for token in given_out] == [12, 16, 12, 600] * 200
    assert len(set(given_out)) == len(given_out)


async def until(condition: Callable[[], bool]) -> None:
    """Poll, with a deadline."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # what another thread hears sets no event
            await asyncio.sleep(0.01)


async def start_broker(port: int = 0) -> tuple[Broker, int]:
    config = {
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    }
    broker = Broker(config)
    await broker.start()
    [server] = broker._servers.values()  # noqa: SLF001  # the port that was free is told nowhere else
    assert isinstance(server.instance, asyncio.Server)
    return broker, server.instance.sockets[0].getsockname()[1]


async def stop_broker(broker: Broker) -> None:
    await broker.shutdown()
    gc.collect()  # amqtt leaves connections unclosed; the warnings are to come here, where they are expected


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A broker that lets everybody do everything."""
    broker, port = await start_broker()
    yield port
    await stop_broker(broker)


@pytest.fixture
def probe(port: int) -> Iterator[Callable[[], Probe]]:
    """Make clients, and close them in the end."""
    probes: list[Probe] = []

    def make() -> Probe:
        probes.append(Probe(port))
        return probes[-1]

    yield make
    for made in probes:
        made.close()


def service(port: int, wall: Callable[[], float] = time.time) -> Service:
    return Service(
        f"mqtt://127.0.0.1:{port}", "secret", SEAT_KEYS, wall=wall, control=False
    )  # a stock broker has no gate


def heads(running: Service) -> tuple[int, int]:
    lobby = running.stats().lobby
    return (lobby.here, lobby.waiting) if lobby else (0, 0)


async def ready(running: Service) -> None:
    async with asyncio.timeout(DEADLINE_S):
        await running.ready.wait()


async def test_two_strangers_are_welcomed_matched_and_parted(port: int, probe: Callable[[], Probe]) -> None:
    """The whole way, from `here` to `ended`, over a real broker."""
    async with service(port) as running:
        await ready(running)
        one, other = probe(), probe()
        for peer in (one, other):
            peer.join((await peer.arrives()).seat)
        first, second = await one.hears(Matched), await other.hears(Matched)
        assert first.session == second.session
        assert {first.role, second.role} == {"a", "b"}
        one.say(Talking(life=one.life, session=first.session))
        one.say(Leave(life=one.life, session=first.session, mood="skipped"))
        assert (await other.hears(Ended)).mood == "left"
        assert one.all(Ended) == []
        stats = running.stats()
        assert stats.lobby is not None
        assert (stats.connected, stats.lobby.here, stats.counts) == (True, 2, {})


async def test_a_turn_server_is_told_of_and_another_without_a_restart(port: int, probe: Callable[[], Probe]) -> None:
    """Also by a service that takes up a new lobby only later: it is remembered from before the connection."""
    one, other = (Turn((f"turn:{name}.example.org",), "secret") for name in ("one", "other"))
    running = service(port)
    running.reroute(one)
    async with running:
        await ready(running)
        welcome = await probe().arrives()
        assert (welcome.relay, welcome.ice[0].urls, welcome.ice_ttl) == ("offered", list(one.urls), 3600)
        running.reroute(other)
        assert (await probe().arrives()).ice[0].urls == list(other.urls)
        running.reroute(None)
        assert (await probe().arrives()).relay == "none"


async def test_the_pulse_is_retained_and_goes_down_with_the_service(port: int, probe: Callable[[], Probe]) -> None:
    """Who connects later learns at once whether there is a service."""
    async with service(port) as running:
        await ready(running)
        pulse = await probe().hears(Pulse)
    assert (await probe().hears(Down)).epoch == pulse.epoch


async def test_a_restarted_service_has_a_higher_epoch_and_takes_up_the_talk(
    port: int, probe: Callable[[], Probe]
) -> None:
    """Even when its clock is behind: what the topic says counts."""
    one, other = probe(), probe()
    async with service(port) as running:
        await ready(running)
        for peer in (one, other):
            peer.join((await peer.arrives()).seat)
        session = (await one.hears(Matched)).session
        before = (await one.hears(Pulse)).epoch
    async with service(port, wall=lambda: time.time() - 3600) as running:
        await ready(running)
        for peer in (one, other):
            peer.present(Here(life=peer.life, version=VERSION, session=session))
            assert (await peer.hears(Welcome, 2)).epoch > before
        one.say(Leave(life=one.life, session=session, mood="left"))
        assert (await other.hears(Ended)).session == session


async def test_a_higher_epoch_stops_the_service_without_a_word(port: int, probe: Callable[[], Probe]) -> None:
    """The topic belongs to the other service now."""
    running = service(port)
    task = asyncio.create_task(running.run())
    await ready(running)
    rival, watcher = probe(), probe()
    epoch = (await watcher.hears(Pulse)).epoch + 1_000_000
    rival.publish(topics.PULSE, Pulse(epoch=epoch, here=0, waiting=0, talking=0, spread=1).wire(), retain=True)
    async with asyncio.timeout(DEADLINE_S):
        assert await task == EXIT_OUTRUN
    assert (await probe().hears(Pulse)).epoch == epoch
    assert watcher.all(Down) == []


async def test_a_lost_broker_is_found_again_in_the_same_epoch() -> None:
    """The service outlives its broker, and forgets nobody for it."""
    broker, port = await start_broker()
    async with service(port) as running:
        await ready(running)
        epoch = running.stats().epoch
        await stop_broker(broker)
        await until(lambda: not running.stats().connected)
        broker, _ = await start_broker(port)
        await ready(running)
        assert running.stats().epoch == epoch
        watcher = Probe(port)
        assert (await watcher.hears(Pulse)).epoch == epoch
        watcher.close()
    await stop_broker(broker)


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0])
async def test_nobody_is_timed_out_by_a_jump_of_the_clock(port: int, probe: Callable[[], Probe], jump_s: float) -> None:
    """An hour forward or back: who is here stays here, and a seat given after it is good."""
    jumped = [0.0]
    async with service(port, wall=lambda: time.time() + jumped[0]) as running:
        await ready(running)
        peer = probe()
        await peer.arrives()
        jumped[0] = jump_s
        peer.join((await peer.arrives(2)).seat)
        await until(lambda: heads(running)[1] == 1)
        assert heads(running) == (1, 1)


async def test_what_is_not_of_the_protocol_is_counted(port: int, probe: Callable[[], Probe]) -> None:
    """Too long, not JSON, another version, a gate that speaks for another: nothing of it stops the service."""
    async with service(port) as running:
        await ready(running)
        peer = probe()
        peer.publish(topics.lobby(peer.peer), b"{" * 5000)
        peer.publish(topics.presence(peer.peer), b"\xff")
        peer.publish(topics.presence("no peer"), b"{}")
        peer.publish(topics.gate("one"), b'{"kind":"facts","gate":"two","facts":[]}')
        peer.publish(
            topics.presence(peer.peer), b'{"kind":"here","life":"%s","version":2,"new":1}' % peer.life.encode()
        )
        assert (await peer.hears(Welcome)).version == VERSION
        stats = running.stats()
        assert stats.counts == {"malformed": 2, "foreign": 2}
        assert stats.lobby is not None
        assert stats.lobby.here == 0


async def test_a_service_whose_broker_is_not_there_can_be_stopped(unused_tcp_port: int) -> None:
    """Waiting for the broker is no reason to hang."""
    async with service(unused_tcp_port) as running:
        await until(lambda: running.stats().counts.get("disconnects", 0) > 0)
    assert not running.stats().connected


async def test_a_service_goes_to_the_next_node_when_one_is_not_there_or_lost(port: int, unused_tcp_port: int) -> None:
    """With the lobby that it has, and back again."""
    nodes = [f"mqtt://127.0.0.1:{number}" for number in (unused_tcp_port, port)]
    async with Service(nodes[0], "secret", SEAT_KEYS, nodes=nodes[1:], control=False) as running:
        await ready(running)
        epoch = running.stats().epoch
        other, _ = await start_broker(unused_tcp_port)
        try:
            await running._link.close()  # type: ignore[union-attr]  # noqa: SLF001  as when the node goes
            await until(lambda: not running.stats().connected)
            await ready(running)
            assert running.stats().epoch == epoch
            there = Probe(unused_tcp_port)
            assert (await there.arrives()).epoch == epoch
            there.close()
        finally:
            running.stop()
            await until(lambda: not running.stats().connected)
            await stop_broker(other)


@pytest.mark.parametrize("url", ["http://host", "mqtt://", "mqtt://user:word@host", "mqtt://host/path"])
def test_other_urls_are_refused(url: str) -> None:
    """A password has no place in a URL."""
    with pytest.raises(ValueError, match="mqtt://host:port"):
        Service(url, "secret", SEAT_KEYS)
