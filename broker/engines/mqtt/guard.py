"""The guard in front of amqtt: starts a life for every connection, and knows all that are running.

Both entrances lead here, and so do the orders of the service. What happens inside a connection is `life`'s.
"""

import asyncio
from collections.abc import Callable, Iterable

from aiohttp import WSCloseCode

from broker.cells import NAMELESS, Cell
from broker.engines.mqtt.amqtt_seam import Core
from broker.engines.mqtt.bounds import Bounds
from broker.engines.mqtt.life import Life, Surroundings
from broker.engines.mqtt.packets import REFUSED
from broker.engines.mqtt.wires import DRAIN_S, GOODBYE_S, Wire
from broker.gate import Gate, Verdict
from broker.orders import Order, read
from broker.policy import SERVICE


class Guard:
    """All connections of one broker, which is `cell`'s. `stir` is called when the gate has new facts."""

    def __init__(
        self, gate: Gate, clock: Callable[[], float], bounds: Bounds, stir: Callable[[], None], cell: Cell = NAMELESS
    ) -> None:
        self._gate = gate
        self._clock = clock
        self.core = Core(self._grant, self._deliver)
        self._around = Surroundings(gate, self.core, clock, bounds, {}, stir, self._order, cell)
        self._lives: set[Life] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def attend(self, wire: Wire, *, internal: bool) -> None:
        """Serve a connection until it is closed."""
        if self._closed:
            await wire.close(WSCloseCode.GOING_AWAY)
            return
        life = Life(wire, self._around, internal=internal)
        self._lives.add(life)
        task = life.start()
        self._keep(task)
        task.add_done_callback(lambda _: self._lives.discard(life))
        await asyncio.wait([task])

    def obey(self, order: Order) -> None:
        """Carry out an order, and disconnect whom it names."""
        self.dismiss(self._gate.obey(order, self._clock()))
        self._around.stir()

    def dismiss(self, names: Iterable[str]) -> None:
        """Disconnect these clients now, after what was already published to them."""
        for name in names:
            life = self._around.here.get(name)
            if life is not None:
                self._keep(asyncio.create_task(life.end(WSCloseCode.POLICY_VIOLATION)))

    async def dismiss_peers(self) -> None:
        """Disconnect all peers and let nobody in any more; their Wills have been said when this returns."""
        self._closed = True
        await self._end([life for life in self._lives if not life.internal])

    async def close(self) -> None:
        """Disconnect everybody; what is on its way may still leave, for `DRAIN_S` at most."""
        self._closed = True
        await self._end(self._lives)
        if self._tasks:
            _, still = await asyncio.wait(self._tasks, timeout=DRAIN_S + 2 * GOODBYE_S)
            for task in still:
                task.cancel()

    async def _end(self, lives: Iterable[Life]) -> None:
        await asyncio.gather(*[life.end(WSCloseCode.GOING_AWAY) for life in list(lives)])

    def _order(self, payload: bytes) -> None:
        try:
            self.obey(read(payload))
        except ValueError:
            self._gate.malformed(SERVICE)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _deliver(self, name: str, topic: str, payload: bytes, qos: int, retain: bool) -> None:  # noqa: FBT001  see Deliver
        life = self._around.here.get(name)
        if life is not None:
            life.deliver(topic, payload, qos, retain=retain)

    def _grant(self, name: str, filter_: str, qos: int) -> int:
        """Answer one filter of a SUBSCRIBE. Peers get QoS 0: nothing waits for their acknowledgement."""
        life = self._around.here.get(name)
        if life is None:
            return REFUSED
        verdict = self._gate.subscribe(name, self._around.cell.inner(filter_), self._clock())
        if verdict is Verdict.CUT:
            life.say_last_words()
        if verdict is not Verdict.PASS:
            return REFUSED
        return min(qos, 1 if life.internal else 0)
