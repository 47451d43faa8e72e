"""Nothing about users or addresses is written down, however somebody behaves; RabbitMQ would, at other levels."""

import contextlib
import secrets

import pytest

from broker.identity import SECRET_BYTES
from tests.engines.clusters import NODES
from tests.engines.mqtt_probe import Probe
from tests.engines.rabbitmq_house import RabbitmqHouse
from tests.faults.walkers import Walker
from tests.privacy.test_nothing_remains import RUDE, Canaries, addresses

PATIENCE_S = 5.0


@pytest.mark.timeout(120)
async def test_no_node_writes_a_word_about_anybody(house: RabbitmqHouse) -> None:
    """Each way to misbehave, at each node in turn, and a gate that is away meanwhile."""
    canaries, sources = Canaries(), addresses()
    before = [node.logs() for node in house.cluster.nodes]
    for number, rude in enumerate(RUDE.values()):
        source = next(sources)
        probe = await house.socket(source, node=number % len(NODES))
        walker = Walker(probe, secrets.token_bytes(SECRET_BYTES))
        canaries.of(walker, source)
        await probe.send(rude(walker))
        await said(probe)
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
