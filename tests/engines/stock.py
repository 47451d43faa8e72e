"""amqtt as it comes from the registry, with our rules as two plain plugins: what would be there without the guard."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar

from amqtt.broker import Broker
from amqtt.contexts import Action as Asked
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session
from typing_extensions import override

from broker.gate import Gate
from broker.policy import Action, Who, who_is
from tests.engines.embedded_house import NOON
from tests.engines.houses import SERVICE_PASSWORD, Person
from tests.engines.mqtt_probe import Probe, connect, over_tcp, subscribe

_ACTIONS = {
    Asked.SUBSCRIBE: (Action.SUBSCRIBE,),
    Asked.PUBLISH: (Action.PUBLISH, Action.PUBLISH_RETAINED),  # a plugin is not told which
    Asked.RECEIVE: (Action.RECEIVE,),
}


class Door(BaseAuthPlugin):
    """Lets in whom the gate knows."""

    gate: ClassVar[Gate]

    @override
    async def authenticate(self, *, session: Session) -> bool:
        name = session.username or ""
        internal = who_is(name) is not Who.PEER
        return session.client_id == name and self.gate.knows(name, session.password or "", internal=internal)


class Rules(BaseTopicPlugin):
    """Asks the gate about topics."""

    @override
    async def topic_filtering(
        self, *, session: Session | None = None, topic: str | None = None, action: Asked | None = None
    ) -> bool:
        if session is None or topic is None or action is None:
            return False
        return any(Door.gate.may(session.username or "", each, topic, NOON) for each in _ACTIONS[action])


@dataclass(frozen=True)
class StockHouse:
    """A running stock broker, entered like a `EmbeddedHouse`."""

    port: int
    stack: AsyncExitStack

    async def socket(self) -> Probe:
        return await self.stack.enter_async_context(over_tcp(self.port))

    async def peer(self, person: Person, *filters: str, will: tuple[str, bytes] | None = None) -> Probe:
        probe = await self.socket()
        await probe.send(connect(person.peer, person.password, will=will))
        await probe.until(lambda: probe.connack is not None or probe.closed)
        await probe.send(subscribe(person.inbox, *filters))  # not in one piece: it would lose some
        await probe.until(lambda: probe.subacks or probe.closed)
        return probe

    async def service(self) -> Probe:
        probe = await self.socket()
        await probe.send(connect("service", SERVICE_PASSWORD))
        await probe.until(lambda: probe.connack == 0)
        await probe.send(subscribe("v1/presence/+", "v1/lobby/+", qos=1))
        await probe.until(lambda: probe.subacks)
        return probe


@asynccontextmanager
async def stock_house(gate: Gate) -> AsyncIterator[StockHouse]:
    """Start stock amqtt on a free port."""
    Door.gate = gate
    plugins: dict[str, object] = {f"{plugin.__module__}.{plugin.__name__}": {} for plugin in (Door, Rules)}
    broker = Broker({"listeners": {"default": {"type": "tcp", "bind": "127.0.0.1:0"}}, "plugins": plugins})
    await broker.start()
    [server] = broker._servers.values()  # noqa: SLF001  the port that was free is told nowhere else
    assert isinstance(server.instance, asyncio.Server)
    try:
        async with AsyncExitStack() as stack:
            yield StockHouse(server.instance.sockets[0].getsockname()[1], stack)
    finally:
        await broker.shutdown()
        gc.collect()  # it leaves connections unclosed; the warnings are to come here, where they are expected
