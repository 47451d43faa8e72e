"""The seam to amqtt: what we use of it, what we keep from it, and every private name of it that we touch.

amqtt keeps the sessions, one for each client: it takes CONNECT, SUBSCRIBE and UNSUBSCRIBE apart, answers them in their
order, and holds the one retained message. It sees no network, no address, no secret and no Will: `Life` has dealt with
those, and hands in what is whole and allowed. Messages are routed by us, and never enter it.

    Life ── CONNECT (bare), SUBSCRIBE, UNSUBSCRIBE ──► Inlet ─► amqtt's session of this client ── grant, add ──┐
    Life ◄─ CONNACK, SUBACK, UNSUBACK ─ Outlet ◄────────────── amqtt's session of this client                  ▼
    Life ── Core.publish ───────────────────────────────────────────────────────────────────────────────► Routes
    Life ◄─ deliver, once for each listener ◄───────────────────────────────────────────────────────────────┘

Why the messages go around it:
- amqtt 0.12.1 walks through all subscriptions of all clients for each message, twice on each connect, on each
  disconnect, and to print them on each SUBSCRIBE; and through all sessions once a second. Its tables of subscriptions
  stay empty here, and its sweep is off.
- Its own loop over the packets of a client loses their order (measured, on Python 3.12 and later always, before that
  without a keep-alive): of five lobby messages, a `gone` and a DISCONNECT in one piece only the first message was
  routed, and a PUBLISH overtook the later ones of five SUBSCRIBEs.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from importlib import metadata
from typing import Final

from amqtt.adapters import ReaderAdapter, WriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType
from amqtt.errors import AMQTTError
from amqtt.session import Session
from typing_extensions import override

from broker.engines import BrokerUnavailable
from broker.engines.mqtt.packets import REFUSED
from broker.engines.mqtt.routes import Routes
from broker.topics import matches

VERSION: Final = "0.12.1"
_LISTENER: Final = "default"
_PRIVATE_METHODS: Final = (
    "_authenticate",
    "_del_subscription",
    "_delete_session",
    "_publish_retained_messages_for_subscription",
    "_session_monitor",
)
_PRIVATE_FIELDS: Final = ("_retained_messages", "_subscriptions")
_STOP_S: Final = 5.0

Deliver = Callable[[str, str, bytes, int, bool], None]
"""Called for every listener of a message, with client name, topic, payload, QoS, and whether it had been retained."""

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
    """amqtt's broker, with its questions answered by us and its tables of subscriptions replaced by ours."""

    def __init__(self, routes: Routes, grant: Grant, deliver: Deliver) -> None:
        listeners = {_LISTENER: ListenerConfig(type=ListenerType.EXTERNAL, bind="none")}  # without bind it is skipped
        super().__init__(BrokerConfig(listeners=listeners, plugins={}))
        self._routes = routes
        self._grant = grant
        self._deliver = deliver

    @override
    async def _authenticate(self, session: Session, _: ListenerConfig) -> bool:
        return True  # nobody gets here whom the gate has not let in

    @override
    async def add_subscription(self, subscription: tuple[str, int], session: Session) -> int:
        name, (filter_, qos) = session.client_id or "", subscription
        granted = self._grant(name, filter_, qos)
        if granted != REFUSED:
            self._routes.add(name, filter_, granted)
        return granted

    @override
    def _del_subscription(self, a_filter: str, session: Session) -> int:
        return int(self._routes.remove(session.client_id or "", a_filter))

    @override
    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        """Deliver what is retained, at QoS 0, to a client that has just subscribed."""
        name, (filter_, _) = session.client_id or "", subscription
        if self._routes.holds(name, filter_):  # amqtt asks also for filters that it has just refused
            for topic, retained in list(self._retained_messages.items()):
                if matches(filter_, topic):
                    self._deliver(name, topic, bytes(retained.data), 0, True)  # noqa: FBT003  see Deliver

    @override
    async def _session_monitor(self) -> None:
        """Do nothing: a session is deleted as its connection ends, and a sweep may hit a client that is back."""


class Core:
    """amqtt, started and stopped, and the routing.

    Raises:
        BrokerUnavailable: when this is not the amqtt that we know.
    """

    def __init__(self, grant: Grant, deliver: Deliver) -> None:
        _check_version()
        self.routes = Routes()
        self._deliver = deliver
        self._broker = _Broker(self.routes, grant, deliver)
        missing = [name for name in _PRIVATE_FIELDS if not isinstance(getattr(self._broker, name, None), dict)]
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
            self.routes.forget(name)
            await self._broker._delete_session(name)

    async def publish(self, topic: str, payload: bytes, qos: int = 0, *, retain: bool = False) -> None:
        """Route a message: when this returns, it is on its way to everybody who listens."""
        if retain:
            await self._broker.retain_message(None, topic, payload, 0)
        for name, granted in self.routes.listeners(topic).items():
            self._deliver(name, topic, payload, min(qos, granted), False)  # noqa: FBT003  see Deliver

    def heard(self, topic: str) -> bool:
        """Tell whether anybody would get a message on this topic."""
        return bool(self.routes.listeners(topic))


def _check_version() -> None:
    found = metadata.version("amqtt")
    if found != VERSION:
        raise BrokerUnavailable(f"the embedded broker needs amqtt {VERSION}, here is {found}: run `make setup`")
    missing = [name for name in _PRIVATE_METHODS if not callable(getattr(Broker, name, None))]
    if missing:
        raise BrokerUnavailable(f"amqtt {VERSION} lacks {', '.join(missing)}: reinstall it")
