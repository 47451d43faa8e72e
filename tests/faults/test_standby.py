"""A standby takes over, whatever became of the first: nobody is lost, nobody matched twice, and talks go on."""

import asyncio
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from broker.gate import Gate
from broker.site import Site
from matcher.service import EXIT_OUTRUN, Service, SystemRandomness
from stranger.crowd.judge import Fault
from tests.faults.proxy import Proxy
from tests.faults.standbys import Stage, active, watching
from tests.faults.walkers import Walker, meet
from tests.journeys.grounds import EmbeddedGround
from tests.polling import until

pytestmark = pytest.mark.timeout(240)


class Twin(SystemRandomness):
    """Draws what the other draws, where it is about time."""

    def below(self, n: int) -> int:  # noqa: ARG002  all the same
        return 0


async def test_one_that_is_killed(tmp_path: Path) -> None:
    async with Stage.built(tmp_path) as stage, stage.matcher() as first:
        await active(first)
        async with stage.matcher() as second, stage.peopled() as people:
            await watching(second)
            since = len(people.entries)
            first.process.kill()
            await active(second)
            await stage.is_well_after(since)


async def test_one_that_hangs_steps_down_when_it_wakes_and_takes_over_in_its_turn(tmp_path: Path) -> None:
    async with Stage.built(tmp_path) as stage, stage.matcher() as first:
        await active(first)
        async with stage.matcher() as second, stage.peopled() as people:
            await watching(second)
            since = len(people.entries)
            first.process.send_signal(signal.SIGSTOP)
            await active(second)
            await people.meet()
            first.process.send_signal(signal.SIGCONT)
            await watching(first)
            await people.meet()
            assert "no connection" not in second.said, "the first has fought for the name"
            since = len(people.entries)
            assert await second.ends(signal.SIGTERM) == 0
            await active(first)
            await stage.is_well_after(since)


@pytest.mark.parametrize(("told", "alone"), [(0, 0), (1, 1)], ids=["between pick and assign", "after one of two"])
async def test_one_that_dies_in_the_midst_of_a_match(told: int, alone: int, tmp_path: Path) -> None:
    """Who was told of a stranger that was told nothing gives up, and is matched again; the other still waits."""
    async with Stage.built(tmp_path) as stage, stage.matcher(mortal=f"30:{told}") as first:
        await active(first)
        async with stage.matcher() as second, stage.peopled() as people:
            since = len(people.entries)
            await active(second)
            assert await first.ends() == -signal.SIGKILL
            await stage.is_well_after(since, Counter({Fault.ALONE: alone}) if alone else None)


async def test_one_that_is_cut_off(tmp_path: Path) -> None:
    """It still believes that it is at work; the broker believes it, too, for a while."""
    async with (
        Stage.built(tmp_path) as stage,
        Proxy.to(stage.service_port) as way,
        stage.matcher(port=way.port) as first,
    ):
        await active(first)
        async with stage.matcher() as second, stage.peopled() as people:
            await watching(second)
            since = len(people.entries)
            way.sever()
            await active(second)
            way.mend()
            await watching(first)
            await stage.is_well_after(since)


async def test_two_that_start_at_once(tmp_path: Path) -> None:
    """One acts, the other watches; and when both are started anew, others are in their place at once."""
    async with Stage.built(tmp_path) as stage, stage.matcher() as first, stage.matcher() as second:
        starts = [asyncio.create_task(each.says("connected to the broker")) for each in (first, second)]
        done, waiting = await asyncio.wait(starts, return_when=asyncio.FIRST_COMPLETED)
        async with stage.peopled():
            await stage.is_well_after(0)
        assert len(done) == len(waiting) == 1
        for task in waiting:
            assert not task.done()
            task.cancel()


@pytest.mark.parametrize("standby", [True, False])
async def test_of_twins_that_do_the_same_at_the_same_moment_one_is_left(
    standby: bool,  # noqa: FBT001  a case
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both choose the same epoch, again and again: who comes second under the one name sees it, and draws another."""
    monkeypatch.setattr("matcher.standing_by.RETURN_S", 0.5)
    ground = EmbeddedGround(Gate, Site())
    await ground.start()
    url, keys, moment = f"mqtt://127.0.0.1:{ground.service_port}", ground.keys, time.time()
    twins = [
        Service(url, keys.service, keys.seat_keys(), standby=standby, randomness=Twin(), wall=lambda: moment)
        for _ in range(2)
    ]
    tasks = [asyncio.create_task(each.run()) for each in twins]

    def settled() -> bool:
        acting = [each for each in twins if each.ready.is_set()]
        others = [each.stats().watching if standby else task.done() for each, task in zip(twins, tasks, strict=True)]
        return len(acting) == others.count(True) == 1

    try:
        await until(settled)
        disconnects = [each.stats().counts.get("disconnects", 0) for each in twins]
        async with Walker.walk(ground.port) as ana, Walker.walk(ground.port) as bo:
            await meet(ana, bo)
        assert settled()
        assert [each.stats().counts.get("disconnects", 0) for each in twins] == disconnects
    finally:
        for each in twins:
            each.stop()
        codes = await asyncio.gather(*tasks)
        await ground.close()
    assert sorted(codes) == [0, 0 if standby else EXIT_OUTRUN]
