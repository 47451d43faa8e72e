"""The gate of a cluster: puts settings, keys, salts and sockets together.

keys file, settings ─► gate, salts ─► gate server ◄─ RabbitMQ, matcher, other gates
"""

import contextlib
import time
from collections.abc import AsyncIterator
from typing import Final

from broker import networks
from broker.engines import PortUnavailable
from broker.engines.firewall import Messenger
from broker.engines.rabbitmq_gate.salts import SharedSalts
from broker.engines.rabbitmq_gate.server import GateServer, Pace, Secrets
from broker.gate import Gate
from broker.keys import Keys
from broker.limits import Limits
from broker.networks import Networks
from passerby import turning
from passerby.settings import Settings
from passerby.trouble import Trouble

GATE_NAME: Final = "cluster"

UNLIMITED: Final = Limits(connections_per_address=1_000_000)
"""Connections and their rate are bounded where they end, at HAProxy: a gate is not told when one closes."""


def secrets(keys: Keys, now: float) -> Secrets:
    """Take from the keys what a gate of a cluster needs."""
    return Secrets(keys.seat_keys(now), keys.internal(), keys.shared("siblings", now), keys.shared("management", now))


@contextlib.asynccontextmanager
async def gate(settings: Settings, keys: Keys, *, pace: Pace | None = None) -> AsyncIterator[GateServer]:
    """Run a gate; its keys file is followed.

    Raises:
        Trouble: when the port cannot be had, or it is to be in a cell.
    """
    if settings.cell:
        raise Trouble("a cluster is one lobby: its gates are in no cell, so take out the setting cell")
    now = time.time()
    salts = SharedSalts(now)
    inner = Gate(
        name=GATE_NAME,
        keys=keys.seat_keys(now),
        salts=salts.salts,
        internal=keys.internal(),
        limits=UNLIMITED,
        firewall=None if settings.firewall is None else Messenger(settings.firewall),
    )
    server = GateServer(
        inner,
        salts,
        secrets(keys, now),
        clock=time.time,
        host=settings.gate_host,
        port=settings.gate_port,
        siblings=settings.siblings,
        management=settings.management,
        internal=Networks(map(networks.read, settings.internal_networks)),
        pace=pace,
    )
    try:
        await server.start()
    except PortUnavailable as error:
        raise Trouble(f"{error}: choose another with --port, or PASSERBY_GATE_PORT") from None
    try:
        async with turning.following(settings.keys, keys, lambda new, now: server.turn(secrets(new, now))):
            yield server
    finally:
        await server.stop()
