"""The service: the lobby, on a wire.

One MQTT 3.1.1 connection to the broker's internal listener, as `service`. What comes in is bounded, parsed and handed
to the lobby, in order; what the lobby wants is published. All decisions are the lobby's.

    CONNECT as standby-…   SUBSCRIBE v1/pulse ── what stands there, or nothing ──► the epoch   (lookout)
       with standby: there until nobody is at work
    CONNECT (Will: down)   SUBSCRIBE v1/pulse   SUBSCRIBE v1/presence/+ v1/lobby/+ v1/gate/+ v1/desk/+/ask
    PUBLISH $CONTROL/passerby/v1: tell who is here   PUBLISH v1/pulse, retained        and from then on
    ◄── presence, lobby, gate, pulse, ask        ──► inbox, answer (QoS 0), pulse (retained), orders to gates

Only one can be connected as `service`: that is the lock. Who has it and hears of an epoch as high as its own or higher,
before it has said its own, was too late and begins again; who hears of a higher one later gives way.

Where gates are processes of their own, their facts and orders go by `gates`, and v1/gate and $CONTROL are not used.

While there is no connection nothing is queued: every message of the protocol is repeated or answered anew. Logs hold
states and counts, never an id, an address, a topic or a payload.
"""

import asyncio
import contextlib
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Final, Self

import structlog

from broker import orders, topics
from broker.cells import NAMELESS, Cell
from broker.messages import Down, Malformed
from broker.orders import CONTROL, Tell, write
from broker.seats import SeatKeys
from matcher.effects import Beat, Effect, Order, Reply, Send, Stop
from matcher.events import Connected, Event, Nonsense, Policed, PulseHeard, Rerouted, Shifted, Tick, Turned
from matcher.gates import Gates
from matcher.hearing import hear
from matcher.leaps import Leaps
from matcher.link import Address, Link
from matcher.lobby import Lobby
from matcher.lookout import Lookout
from matcher.policing import Policing
from matcher.presence import Pace
from matcher.randomness import Randomness
from matcher.standing_by import Seen, StandingBy
from matcher.stats import ServiceStats
from matcher.system_randomness import SystemRandomness
from matcher.turn import Turn

NAME: Final = "service"
"""ClientID and user name; no peer id can look like it."""

EXIT_OUTRUN: Final = 3
"""What `run` returns when a service with a higher epoch has appeared."""

TICK_S: Final = 1.0
BACKOFF_FIRST_S: Final = 0.5
BACKOFF_MAX_S: Final = 5.0
"""One client that asks every few seconds is no burden, and everybody waits for it."""

_FILTERS: Final = ("v1/presence/+", "v1/lobby/+", "v1/gate/+", "v1/desk/+/ask")

_log = structlog.get_logger()


class Service:
    """The matcher as a process part: `await run()`, or `async with`.

    Args:
        url: the broker's internal listener, `mqtt://host:port` or `mqtts://host:port`.
        password: of the service, from the secret file.
        seat_keys: the keys with which gates verify seats.
        nodes: the other nodes of a cluster, likewise: the next is tried when a connection fails, or is lost.
        turn: the operator's TURN server, if there is one.
        control: whether the broker's gate takes orders on `$CONTROL`; where it does not, publishing there may end us.
        standby: watch while another service is at work, and whenever a higher epoch appears; else that ends us.
        retained: whether the broker keeps the pulse for who comes later.
        cell: what all topics are in.
        gates: those that are processes of their own; without them, the broker's gate is told by `$CONTROL`.
        pace: how long silence may last.
        policing: what the operator wants of the radar.
        randomness: where chance comes from.
        wall: seconds since the Unix epoch; it may jump.
        steady: seconds that never jump.

    Raises:
        ValueError: when a URL is of another kind.
    """

    def __init__(  # noqa: PLR0913  a shell is told all of its outside
        self,
        url: str,
        password: str,
        seat_keys: SeatKeys,
        *,
        nodes: Iterable[str] = (),
        turn: Turn | None = None,
        control: bool = True,
        standby: bool = False,
        retained: bool = True,
        cell: Cell = NAMELESS,
        gates: Gates | None = None,
        pace: Pace | None = None,
        policing: Policing | None = None,
        randomness: Randomness | None = None,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._addresses = deque(map(Address.of, (url, *nodes)))  # the first is the one to be at
        self._password = password
        self._seat_keys = seat_keys
        self._turn = turn
        self._control = control
        self._gates = gates
        self._pace = pace
        self._policing = policing or Policing()
        self._randomness = randomness or SystemRandomness()
        self._wall, self._steady = wall, steady
        self._counts: Counter[str] = Counter()
        self._standby, self._retained, self._cell = standby, retained, cell
        # On a cluster a peer's PUBACK would wait for our queue, and everybody be thrown out with the node that has it.
        self._qos = 1 if retained else 0
        patience_s = self._randomness.below(1001) / 1000
        self._standing_by = StandingBy(retained=retained, patience_s=patience_s)
        self._lookout = Lookout(self._standing_by, retained=retained, steady=steady, cell=cell, gates=gates)
        self._lobby: Lobby | None = None
        self._announced = False  # whether anybody has heard of the lobby's epoch
        self._leaps = Leaps(0.0, 0.0)
        self._ticked: float | None = None
        self._link: Link | None = None
        self._stopped = asyncio.Event()
        self._outrun = False
        self._task: asyncio.Task[int] | None = None
        self.ready = asyncio.Event()
        """Set while the service is connected and has announced itself."""

    async def __aenter__(self) -> Self:
        """Start; `ready` tells when the broker was reached."""
        self._task = asyncio.create_task(self.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say that the service is down, and disconnect."""
        self.stop()
        if self._task is not None:
            await self._task

    def stop(self) -> None:
        """Let `run` end."""
        self._stopped.set()

    def turn(self, password: str, seat_keys: SeatKeys) -> None:
        """Take up other secrets: the seat keys at once, the password with the next connection."""
        self._password, self._seat_keys = password, seat_keys
        if self._gates is not None:
            self._gates.password = password
        self._step(Turned(seat_keys))

    def police(self, policing: Policing) -> None:
        """Take up other settings for the radar."""
        self._policing = policing
        self._step(Policed(policing))

    def reroute(self, turn: Turn | None) -> None:
        """Tell people of this TURN server from now on; of none, if it is None."""
        self._turn = turn
        self._step(Rerouted(turn))

    def stats(self) -> ServiceStats:
        """Give numbers for the operator."""
        lobby = self._lobby
        return ServiceStats(
            connected=self.ready.is_set(),
            tick_s_ago=None if self._ticked is None else self._steady() - self._ticked,
            epoch=lobby.epoch if lobby else None,
            counts=dict(self._counts),
            lobby=lobby.stats(self._wall()) if lobby else None,
            standby=self._standby and lobby is None,
            watching=self._lookout.watching,
        )

    async def run(self) -> int:
        """Serve until stopped, cancelled or outrun. Gives an exit code: 0, or `EXIT_OUTRUN`."""
        serving = asyncio.create_task(self._serve_again_and_again())
        stopping = asyncio.create_task(self._stopped.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            serving.cancel()
            await asyncio.wait({serving})  # it says goodbye on its way out
        if not serving.cancelled():
            serving.result()  # it ends by itself only when it was outrun, or raises
        return EXIT_OUTRUN if self._outrun else 0

    # ── connections ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _serve_again_and_again(self) -> None:
        failures = 0
        while not self._outrun:
            try:
                lobby = await self._turn_to_serve()
                if lobby is not None:
                    await self._serve(lobby)
                if self._lobby is None:
                    continue  # it was another's turn
                failures, reason = 0, "closed"
            except OSError as error:  # also TimeoutError
                reason = type(error).__name__
                if self._standby and not self._announced:
                    self._lobby = None  # nobody has heard of it, and by the next time it may be another's turn
            self._addresses.rotate(-1)
            # Up to twice as long after each failure, at random: who was cut off together must not return together.
            longest_s = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2.0 ** min(failures, 10))
            pause_s = longest_s * self._randomness.below(1001) / 1000
            failures += 1
            self._counts["disconnects"] += 1
            _log.warning("no connection to the broker, trying again", reason=reason, pause_s=round(pause_s, 1))
            await asyncio.sleep(pause_s)

    async def _turn_to_serve(self) -> Lobby | None:
        """Wait for our turn, and give the lobby to serve; None when it is another's now.

        Raises:
            OSError: when the broker is not there, does not answer, or is lost meanwhile.
        """
        seen = self._standing_by
        if self._lobby is None and self._standby:
            _log.info("standing by")
            if not await self._lookout.watch(self._addresses[0], self._password):
                raise ConnectionResetError
            _log.warning("taking over", epoch_before=seen.epoch)
        else:
            await self._lookout.look(self._addresses[0], self._password)
        if self._lobby is None:
            self._lobby = self._open_lobby(max(int(self._wall() * 1000), seen.epoch + 1), seen.here)
        elif seen.epoch > self._lobby.epoch:
            self._give_way()
        return self._lobby

    def _open_lobby(self, epoch: int, here_before: int) -> Lobby:
        self._announced = False
        self._leaps = Leaps(self._wall(), self._steady())
        return Lobby(
            epoch,
            self._seat_keys,
            self._randomness,
            turn=self._turn,
            here_before=here_before,
            pace=self._pace,
            policing=self._policing,
        )

    def _give_way(self) -> None:
        """Forget everybody, and say nothing any more: a service with a higher epoch is at work."""
        self._lobby = None
        self._outrun = not self._standby
        _log.warning("another service has a higher epoch", then="standing by" if self._standby else "stopping")
        self._hang_up()

    def _hang_up(self) -> None:
        if self._link is not None:
            self._link.lost.set()

    async def _serve(self, lobby: Lobby) -> None:
        """Serve on one connection until it is lost, or not ours any more."""
        down = Down(epoch=lobby.epoch).wire()
        link = Link(NAME, self._password, (topics.PULSE, down), self._on_message, self._cell)
        try:
            await link.open(self._addresses[0])
            self._link = link
            # First this one: what stands there comes before the answer to the next.
            await link.subscribe(topics.PULSE, qos=self._qos)
            await link.subscribe(*_FILTERS, qos=self._qos)
            if link.lost.is_set():
                return
            self._announced = True
            self._order(Tell())
            self._step(Connected())
            if not self._retained:
                # So it is said once more, a second later: who had the name before may not listen yet.
                self._step(PulseHeard(Down(epoch=lobby.epoch)))
            self.ready.set()
            _log.info("connected to the broker")
            async with self._exchanging(lobby.epoch):
                await self._tick_until(link.lost)
        finally:
            self._link = None
            if self.ready.is_set() and self._lobby is lobby:
                # A DISCONNECT discards the Will, so it is said in words; not after giving way: the topic is another's.
                link.publish(topics.PULSE, down, retain=True)
            self.ready.clear()
            await link.close()

    def _exchanging(self, epoch: int) -> AbstractAsyncContextManager[None]:
        return contextlib.nullcontext() if self._gates is None else self._gates.exchanging(epoch, self._step)

    async def _tick_until(self, lost: asyncio.Event) -> None:
        begun = self._steady()
        while True:
            # To the next whole second since the beginning: lateness neither adds up nor is made up for in a burst.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_S - (self._steady() - begun) % TICK_S):
                    await lost.wait()
                return
            self._step(Tick())
            self._ticked = self._steady()

    # ── in and out ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _on_message(self, topic: str, payload: bytes) -> None:
        try:
            event = hear(topic, payload)
        except Malformed:
            self._counts["malformed"] += 1
            return
        if event is None:
            self._counts["foreign"] += 1
            return
        if isinstance(event, Nonsense):
            self._counts["malformed"] += 1
        if isinstance(event, PulseHeard):
            self._standing_by.step(Seen(event.message), self._steady())  # should it be our turn to watch
            if not self._announced:
                self._compare(event)
                return
        self._step(event)

    def _compare(self, heard: PulseHeard) -> None:
        """See, before our epoch is known to anybody, whether it is high enough. No word of ours stands there yet."""
        if self._lobby is not None and heard.message.epoch >= self._lobby.epoch:
            self._lobby = None  # of two that began at once, we are the second: draw another, or stand by
            self._hang_up()

    def _step(self, event: Event) -> None:
        lobby = self._lobby
        if lobby is None:
            return
        try:
            now = self._wall()
            if leap := self._leaps.leapt(now, self._steady()):
                self._do(lobby.step(Shifted(leap), now))
            self._do(lobby.step(event, now))
        except Exception as error:  # noqa: BLE001  # one message that trips over a bug of ours must not end the service
            self._counts["bugs"] += 1
            place = traceback.extract_tb(error.__traceback__)[-1]
            _log.error("a step failed", error=type(error).__name__, file=place.filename, line=place.lineno)

    def _do(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(peer, message):
                    self._publish(topics.inbox(peer), message.wire(), retain=False)
                case Beat(pulse):
                    self._publish(topics.PULSE, pulse.wire(), retain=True)
                case Order(order):
                    self._order(order)
                case Reply(operator, answer):
                    self._publish(topics.desk_answer(operator), answer.wire(), retain=False)
                case Stop():
                    self._give_way()
                    return

    def _order(self, order: orders.Order) -> None:
        if self._gates is not None:
            self._gates.order(order)
        elif self._control:
            self._publish(CONTROL, write(order), retain=False)

    def _publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        if self._link is None or not self._link.publish(topic, payload, retain=retain):
            self._counts["dropped"] += 1
