"""Puts the pieces together and runs them until somebody says stop. The only place that chooses an engine.

settings, keys ─► gate ─► embedded broker ◄─ loopback TCP ─ service (matcher)
                               ▲
                           browsers
"""

import asyncio
import contextlib
import gc
import importlib
import signal
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from broker.engines import BrokerUnavailable, PortUnavailable
from broker.engines.edge import Edge
from broker.engines.embedded import EmbeddedBroker
from broker.engines.entrance.door import PER_PEER
from broker.engines.firewall import Messenger
from broker.gate import Gate
from broker.keys import Keys
from broker.limits import Limits
from matcher.gates import Gates
from matcher.service import EXIT_OUTRUN, Service
from passerby import following, metrics, mosquitto, runs, turning
from passerby.certificate import local_addresses, temporary_tls
from passerby.keys import KeysError, draw, read
from passerby.page import page
from passerby.salts import fresh_salts
from passerby.settings import Settings, Source
from passerby.trouble import Stopped, Trouble
from stranger.place import Door, Place

GATE_NAME: Final = "embedded"
LOOPBACK: Final = "127.0.0.1"

COLLECTED_AFTER: Final = 20_000
"""How many more objects than before there must be for a collection of garbage. Some fifteen stay of a match, for a
minute; Python's 700 would have them walked all the time, and now and then all that there is."""


def run(main: Coroutine[None, None, None]) -> None:
    """Run until the end, on uvloop where there is one."""
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(main)


def shared_keys(settings: Settings) -> Keys:
    """Read the keys that broker and matcher share.

    Raises:
        KeysError: when no file is named, or it cannot be used.
    """
    if settings.keys is None:
        raise KeysError(
            "broker and matcher share a keys file: name it with --keys (`passerby keys new FILE` makes one)"
        )
    return read(settings.keys)


async def until_signal(ended: asyncio.Future[None] | None = None) -> None:
    """Wait for Ctrl-C or SIGTERM, or for `ended`, whose exception is raised."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        waiting = asyncio.ensure_future(stop.wait())
        futures: list[asyncio.Future[Any]] = [waiting] if ended is None else [waiting, ended]
        await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if ended is not None and ended.done():
            ended.result()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


@contextlib.asynccontextmanager
async def beside(work: Coroutine[None, None, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Run something meanwhile, and let it end in good order."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # Windows
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


@contextlib.contextmanager
def collecting_seldom() -> Iterator[None]:
    """Let no collection of garbage walk what is here now, and let there be few: for who leaves hardly any circles."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextlib.asynccontextmanager
async def embedded_broker(
    settings: Settings, keys: Keys, *, keys_file: Path | None = None, tls: bool = False
) -> AsyncIterator[EmbeddedBroker]:
    """Run the embedded broker; when the keys come from a file, it is followed.

    Raises:
        Trouble: when a port cannot be had.
    """
    messenger = _messenger(settings)
    gate = Gate(
        name=GATE_NAME,
        keys=keys.seat_keys(time.time()),
        salts=fresh_salts(),
        internal=keys.internal(),
        limits=Limits(connections_per_address=settings.connections_per_address),
        firewall=messenger,
    )
    broker = EmbeddedBroker(
        gate,
        clock=time.time,
        page=page(settings),
        host=settings.host,
        port=settings.port,
        service_host=settings.service_host,
        service_port=settings.service_port,
        tls=temporary_tls(["localhost", "127.0.0.1", "::1", *local_addresses()]) if tls else None,
        origins=frozenset(settings.origins),
        sockets=settings.connections,
        cell=settings.within,
    )
    await _started(broker, settings)
    try:
        async with turning.following(
            keys_file, keys, lambda keys, now: gate.turn(keys.seat_keys(now), keys.internal())
        ):
            yield broker
    finally:
        await broker.stop()
        if messenger is not None:
            messenger.close()


def _messenger(settings: Settings) -> Messenger | None:
    """Give what tells the firewall of this machine, if there is to be one.

    Raises:
        Trouble: when its socket cannot be one.
    """
    try:
        return None if settings.firewall is None else Messenger(settings.firewall)
    except ValueError as error:
        raise Trouble(f"firewall: {error}") from None


@dataclass(frozen=True, slots=True)
class Ports:
    """Where people, the matcher, and a proxy with https come in."""

    people: int
    service: int
    websocket: int


@contextlib.asynccontextmanager
async def mosquitto_broker(settings: Settings) -> AsyncIterator[tuple[Ports, asyncio.Task[None]]]:
    """Run Mosquitto with the gate in it, and the page before it; the task ends only when Mosquitto stops by itself.

    The gate follows the keys file itself.

    Raises:
        Trouble: when Mosquitto is missing or too old, the gate cannot be built, or a port cannot be had.
    """
    keys = (settings.keys or Path()).resolve()
    binary = mosquitto.find(settings.mosquitto)
    places = mosquitto.Places(
        gate=mosquitto.gate(),
        keys=keys,
        connections_per_address=settings.connections_per_address,
        service_host=settings.service_host,
        service_port=mosquitto.free_port(settings.service_host, settings.service_port, "service-port"),
        websocket_host=LOOPBACK,
        websocket_port=mosquitto.free_port(LOOPBACK, settings.websocket_port, "websocket-port"),
        proxy_protocol=True,
        user=mosquitto.owner(keys),
        cell=settings.cell,
        firewall=settings.firewall,
    )
    edge = Edge(
        page=page(settings),
        upstream=(places.websocket_host, places.websocket_port),
        host=settings.host,
        port=settings.port,
        origins=frozenset(settings.origins),
        sockets=settings.connections,
        per_network=PER_PEER * settings.connections_per_address,
    )
    async with mosquitto.running(binary, places) as ended:
        await _started(edge, settings)
        try:
            yield Ports(edge.port, places.service_port, places.websocket_port), ended
        finally:
            await edge.stop()


async def _started(server: EmbeddedBroker | Edge, settings: Settings) -> None:
    """Start it.

    Raises:
        Trouble: when a port cannot be had.
    """
    try:
        await server.start()
    except PortUnavailable as error:
        option = "port" if error.port == settings.port else "service-port"
        variable = f"PASSERBY_{option.upper().replace('-', '_')}"
        raise Trouble(f"{error}: choose another with --{option}, or {variable}") from None
    except BrokerUnavailable as error:
        raise Trouble(str(error)) from None


@contextlib.asynccontextmanager
async def matcher(
    url: str,
    keys: Keys,
    *,
    settings: Settings,
    source: Source | None = None,
    keys_file: Path | None = None,
    wait_s: float = 0,
) -> AsyncIterator[tuple[Service, asyncio.Task[None]]]:
    """Run the matcher; the task ends only when the matcher stops by itself, and then tells why.

    Args:
        url: of the broker's internal listener.
        keys: shared with the broker.
        settings: how it polices, which TURN server it tells of, and where it tells its numbers.
        source: where the settings came from, to be followed; None follows nothing.
        keys_file: where the keys came from, to be followed; None when they were drawn for this run.
        wait_s: how long to wait for the matcher to be at work before going on.

    Raises:
        Trouble: when the port of the metrics cannot be had.
    """
    now = time.time()
    service = Service(
        url,
        keys.password(now),
        keys.seat_keys(now),
        nodes=settings.nodes,
        standby=settings.standby,
        retained=not settings.gates,  # nodes of a cluster keep nothing that others would be sent
        cell=settings.within,
        gates=Gates(settings.gates, keys.password(now)) if settings.gates else None,
        policing=settings.policing,
        turn=settings.turn,
    )
    task = asyncio.create_task(_serve(service), name="matcher")
    try:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(service.ready.wait(), wait_s)
        async with (
            metrics.served(service.stats, settings.metrics_host, settings.metrics_port),
            turning.following(keys_file, keys, lambda new, now: service.turn(new.password(now), new.seat_keys(now))),
            following.following(source, settings, lambda new: _take_up(service, new)),
        ):
            yield service, task
    finally:
        service.stop()
        await asyncio.wait([task])


def _take_up(service: Service, settings: Settings) -> None:
    service.police(settings.policing)
    service.reroute(settings.turn)


async def _serve(service: Service) -> None:
    """Serve until stopped.

    Raises:
        Stopped: when another matcher has taken over.
    """
    if await service.run() == EXIT_OUTRUN:
        raise Stopped("another matcher has taken over at this broker, so this one stops")


@contextlib.asynccontextmanager
async def everything(
    settings: Settings, *, source: Source | None = None, tls: bool = False, echo: str | None = None
) -> AsyncIterator[tuple[EmbeddedBroker, asyncio.Task[None]]]:
    """Run broker and matcher in this process, with secrets made for this run; desks on this machine learn of them.

    `echo` is what bots are called that talk with whoever is alone.

    Raises:
        Trouble: when a port cannot be had.
    """
    keys = draw()
    async with embedded_broker(settings, keys, tls=tls) as broker:
        url = f"mqtt://{LOOPBACK}:{broker.service_port}"
        async with matcher(url, keys, settings=settings, source=source, wait_s=5) as (service, ended):
            with runs.told(settings.within.written(url), keys.desks):
                place = Place(Door.PAGE, tls, _reachable(settings.host), broker.port, cell=settings.within)
                async with contextlib.nullcontext() if echo is None else beside(_echo(place, echo, service)):
                    yield broker, ended


async def _echo(place: Place, nickname: str, service: Service) -> None:
    """Have the bots. They bring WebRTC, which takes a while to import, and nobody is to wait for it."""
    house = await asyncio.to_thread(importlib.import_module, "passerby.echo.house")
    await house.serve(place, nickname, service)


def _reachable(host: str) -> str:
    """Tell where on this machine somebody is found who listens there."""
    return LOOPBACK if host in ("0.0.0.0", "::") else host  # noqa: S104  compared with, not bound to
