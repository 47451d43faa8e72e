"""The seam to amqtt: what we use of it, what we keep from it, and every private name of it that we touch.

amqtt keeps the subscriptions, routes, waits for acknowledgements, and holds the one retained message. It sees no
network, no address, no secret and no Will: `Life` has dealt with those, and hands in what is whole and allowed.

    Life ── CONNECT (bare), SUBSCRIBE, UNSUBSCRIBE, PUBACK ──► Inlet ─► amqtt's session of this client
    Life ── Core.publish ─────────────────────────────────────────────► amqtt's queue of broadcasts
    Life ◄─ CONNACK, SUBACK, UNSUBACK, PUBLISH ── Outlet ◄───────────── amqtt's session of this client

A PUBLISH goes around the session, because amqtt's own loop over the packets of a client loses their order (measured,
on Python 3.12 and later always, before that without a keep-alive): of five lobby messages, a `gone` and a DISCONNECT in
one piece only the first message was routed, and a PUBLISH overtook the later ones of five SUBSCRIBEs.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Iterable
from importlib import metadata
from typing import Final

from amqtt.adapters import ReaderAdapter, WriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType
from amqtt.errors import AMQTTError
from amqtt.session import Session
from typing_extensions import override

from broker.engines import BrokerUnavailable
from broker.engines.packets import REFUSED
from broker.topics import matches

VERSION: Final = "0.12.1"
_LISTENER: Final = "default"
_PRIVATE_METHODS: Final = (
    "_authenticate",
    "_delete_session",
    "_get_handler",
    "_matches",
    "_publish_retained_messages_for_subscription",
)
_PRIVATE_FIELDS: Final = ("_broadcast_queue", "_retained_messages", "_sessions", "_subscriptions")
_SETTLE_TURNS: Final = 8
_STOP_S: Final = 5.0

Grant = Callable[[str, str, int], int]
"""Asked for every filter of every SUBSCRIBE, with client name, filter and QoS: the return code for the SUBACK."""


class Inlet(ReaderAdapter):
    """What one client says, as amqtt reads it. `read` gives less than it was asked for only at the end."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ended = False
        self._news = asyncio.Event()

    def feed(self, packet: bytes) -> None:
        """Add a packet."""
        self._bytes += packet
        self._news.set()

    @override
    def feed_eof(self) -> None:
        self._ended = True
        self._news.set()

    @override
    async def read(self, n: int = -1) -> bytes:
        while len(self._bytes) < n and not self._ended:
            self._news.clear()
            await self._news.wait()
        end = len(self._bytes) if n < 0 else n
        data = bytes(self._bytes[:end])
        del self._bytes[:end]
        return data


class Outlet(WriterAdapter):
    """What amqtt says to one client: each packet is passed to `send`, which also decides whether it goes out."""

    def __init__(self, send: Callable[[bytes], None], drain: Callable[[], Awaitable[None]]) -> None:
        self._send: Callable[[bytes], None] | None = send
        self._drain = drain

    @override
    def write(self, data: bytes) -> None:
        if self._send is not None:
            self._send(data)

    @override
    async def drain(self) -> None:
        if self._send is not None:
            await self._drain()

    @override
    def get_peer_info(self) -> tuple[str, int]:
        return "", 0  # amqtt wants one, and logs it

    @override
    def get_ssl_info(self) -> ssl.SSLObject | None:
        return None

    @override
    async def close(self) -> None:
        self._send = None


class _Broker(Broker):
    """amqtt's broker with three questions answered by us."""

    def __init__(self, grant: Grant) -> None:
        listeners = {_LISTENER: ListenerConfig(type=ListenerType.EXTERNAL, bind="none")}  # without bind it is skipped
        super().__init__(BrokerConfig(listeners=listeners, plugins={}))
        self._grant = grant

    @override
    async def _authenticate(self, session: Session, _: ListenerConfig) -> bool:
        return True  # nobody gets here whom the gate has not let in

    @override
    async def add_subscription(self, subscription: tuple[str, int], session: Session) -> int:
        filter_, qos = subscription
        granted = self._grant(session.client_id or "", filter_, qos)
        return granted if granted == REFUSED else await super().add_subscription((filter_, granted), session)

    @override
    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        """Send what is retained, at QoS 0, to a client that has just subscribed.

        amqtt calls this also on connect, once for each filter of *any* client: that is a leak, and a second copy.
        """
        filter_, _ = subscription
        handler = self._get_handler(session)
        if handler is None or all(holder is not session for holder, _ in self._subscriptions.get(filter_, ())):
            return
        for topic, retained in list(self._retained_messages.items()):
            if self._matches(topic, filter_):
                with contextlib.suppress(AMQTTError, OSError):
                    await handler.mqtt_publish(topic, retained.data, 0, retain=True)


class Core:
    """amqtt, started and stopped, with the few things that we want of it.

    Raises:
        BrokerUnavailable: when this is not the amqtt that we know.
    """

    def __init__(self, grant: Grant) -> None:
        _check_version()
        self._broker = _Broker(grant)
        missing = [name for name in _PRIVATE_FIELDS if not hasattr(self._broker, name)]
        if missing:
            raise BrokerUnavailable(f"amqtt {VERSION} lacks {', '.join(missing)}: reinstall it")

    async def start(self) -> None:
        """Start routing."""
        await self._broker.start()

    async def stop(self) -> None:
        """Stop routing. Never hangs."""
        with contextlib.suppress(TimeoutError, AMQTTError):
            await asyncio.wait_for(self._broker.shutdown(), _STOP_S)

    async def host(self, name: str, inlet: Inlet, outlet: Outlet) -> None:
        """Be the broker of one client until its inlet ends, then forget it at once. Never two of one name."""
        try:
            await self._broker.external_connected(inlet, outlet, _LISTENER)
        finally:
            # amqtt's own sweep comes once a second, and may hit a client that is already back.
            await self._broker._delete_session(name)

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Route a message, after all that were published before it."""
        await self._broker.internal_message_broadcast(topic, payload)
        if retain:
            await self._broker.retain_message(None, topic, payload, 0)

    def heard(self, topic: str) -> bool:
        """Tell whether anybody would get a message on this topic."""
        return any(holders and matches(filter_, topic) for filter_, holders in self._broker._subscriptions.items())

    def prune(self, filters: Iterable[str]) -> None:
        """Forget filters that nobody holds: amqtt keeps them, and looks at each of them for every message."""
        for filter_ in filters:
            if not self._broker._subscriptions.get(filter_, True):
                del self._broker._subscriptions[filter_]

    async def settle(self) -> None:
        """Give what was published so far the time to leave; it need not have arrived."""
        waiting = self._broker._broadcast_queue.qsize() + 1
        for _ in range(waiting * _SETTLE_TURNS):
            await asyncio.sleep(0)


def _check_version() -> None:
    found = metadata.version("amqtt")
    missing = [name for name in _PRIVATE_METHODS if not callable(getattr(Broker, name, None))]
    if found != VERSION or missing:
        raise BrokerUnavailable(f"the embedded broker needs amqtt {VERSION}, here is {found}: run `make setup`")
