"""Nothing about users or addresses is written down, however somebody behaves; RabbitMQ would, at other levels."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable

import pytest

from broker.identity import SECRET_BYTES
from tests.engines.clusters import NODES
from tests.engines.mqtt_probe import Probe, connect
from tests.engines.rabbitmq_house import RabbitmqHouse
from tests.faults.walkers import Walker
from tests.privacy.test_nothing_remains import RUDE, Canaries, addresses

PATIENCE_S = 5.0
AWAY = 1


@pytest.mark.timeout(120)
async def test_no_node_writes_a_word_about_anybody(house: RabbitmqHouse) -> None:
    """Each way to misbehave, at each node in turn, and to knock where the gate is away."""
    canaries, sources = Canaries(), addresses()
    before = [node.logs() for node in house.cluster.nodes]

    async def comes(node: int, says: Callable[[Walker], bytes]) -> None:
        source = next(sources)
        probe = await house.socket(source, node=node)
        walker = Walker(probe, secrets.token_bytes(SECRET_BYTES))
        canaries.of(walker, source)
        await probe.send(says(walker))
        await said(probe)

    for number, rude in enumerate(RUDE.values()):
        await comes(number % len(NODES), rude)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, house.cluster.gates.stop, AWAY)
    try:
        await comes(AWAY, lambda walker: connect(walker.peer, walker.password))
    finally:
        await loop.run_in_executor(None, house.cluster.start_gate, AWAY)
    assert len(canaries.words) > 4 * len(RUDE)
    after = [node.logs() for node in house.cluster.nodes]
    for old, new in zip(before, after, strict=True):
        assert canaries.found_in(new.encode()) == set()
        assert new == old, "a line that anybody can cause is one too many"


async def said(probe: Probe) -> None:
    """Give the broker time to answer, or to close: it writes before it does."""
    with contextlib.suppress(TimeoutError):
        await probe.until(lambda: probe.closed or probe.connack is not None, within_s=PATIENCE_S)
    if not probe.closed:
        await probe.echo()
