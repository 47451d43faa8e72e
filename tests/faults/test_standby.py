"""A standby takes over, whatever became of the first: nobody is lost, nobody matched twice, and talks go on."""

import asyncio
import signal
from collections import Counter
from pathlib import Path

import pytest

from stranger.crowd.judge import Fault
from tests.faults.proxy import Proxy
from tests.faults.standbys import Stage, active, watching

pytestmark = pytest.mark.timeout(240)


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
