"""Matchers in the test's own process, at the embedded broker: what they do to each other, and when it starts anew."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from broker.engines.mqtt.amqtt_seam import Core
from broker.gate import Gate
from broker.site import Site
from matcher.service import EXIT_OUTRUN, Service
from matcher.system_randomness import SystemRandomness
from tests.faults.walkers import Walker, meet
from tests.journeys.grounds import EmbeddedGround
from tests.polling import until


class Twin(SystemRandomness):
    """Draws what the other draws, where it is about time."""

    def below(self, n: int) -> int:  # noqa: ARG002  all the same
        return 0


class Matcher(Service):
    """One that runs as long as the test, unless it ends by itself."""

    task: asyncio.Task[int]

    @property
    def is_over(self) -> bool:
        """Whether it has seen a higher epoch, and stopped."""
        return self.task.done() and self.task.result() == EXIT_OUTRUN

    @property
    def disconnects(self) -> int:
        return self.stats().counts.get("disconnects", 0)


@contextlib.asynccontextmanager
async def running(ground: EmbeddedGround, **settings: Any) -> AsyncIterator[Matcher]:
    url, keys = f"mqtt://127.0.0.1:{ground.service_port}", ground.keys
    matcher = Matcher(url, keys.service, keys.seat_keys(), **settings)
    matcher.task = asyncio.create_task(matcher.run())
    try:
        yield matcher
    finally:
        matcher.stop()
        await matcher.task


@pytest.fixture
async def ground() -> AsyncIterator[EmbeddedGround]:
    ground = EmbeddedGround(Gate, Site())
    await ground.start()
    yield ground
    await ground.close()


async def two_meet(ground: EmbeddedGround) -> None:
    async with Walker.walk(ground.port) as ana, Walker.walk(ground.port) as bo:
        await meet(ana, bo)


@pytest.mark.parametrize("standby", [True, False])
async def test_of_twins_that_do_the_same_at_the_same_moment_one_is_left(
    ground: EmbeddedGround,
    standby: bool,  # noqa: FBT001  a case
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both choose the same epoch: who comes second under the one name sees it, and draws another, or watches."""
    monkeypatch.setattr("matcher.standing_by.RETURN_S", 0.5)
    moment = time.time()
    alike = {"standby": standby, "randomness": Twin(), "wall": lambda: moment}
    async with running(ground, **alike) as one, running(ground, **alike) as other:

        def settled() -> bool:
            resting = [each.stats().watching if standby else each.is_over for each in (one, other)]
            return sorted(resting) == sorted([one.ready.is_set(), other.ready.is_set()]) == [False, True]

        await until(settled)
        before = one.disconnects, other.disconnects
        await two_meet(ground)
        assert settled()
        assert (one.disconnects, other.disconnects) == before


async def test_a_broker_that_starts_anew_has_the_same_matcher_again(ground: EmbeddedGround) -> None:
    """Nothing stands on the topic then, but who was at work is back before the other gives it up."""
    async with running(ground, standby=True) as first:
        await first.ready.wait()
        epoch = first.stats().epoch
        async with running(ground, standby=True) as second:
            await until(lambda: second.stats().watching)
            await ground.stop()
            await until(lambda: not first.ready.is_set() and not second.stats().watching)
            await ground.start()
            await until(lambda: first.ready.is_set() and second.stats().watching)
            await two_meet(ground)
            assert (first.stats().epoch, second.stats().epoch) == (epoch, None)


async def test_where_no_pulse_is_kept_who_is_put_out_hears_of_it(
    ground: EmbeddedGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a cluster: a second matcher that is started by hand takes over, and the first does not come back."""
    keeps = Core.publish

    async def forgets(self: Core, topic: str, payload: bytes, qos: int = 0, *, retain: bool = False) -> None:
        await keeps(self, topic, payload, qos, retain=False)

    monkeypatch.setattr(Core, "publish", forgets)
    async with running(ground, retained=False) as first:
        await until(first.ready.is_set)
        async with running(ground, retained=False) as second:
            await until(lambda: first.is_over and second.ready.is_set())
            await two_meet(ground)
            assert second.ready.is_set()
