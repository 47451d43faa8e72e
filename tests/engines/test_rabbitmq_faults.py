"""A cluster that loses parts: nobody is matched twice or left waiting, talks go on, who was thrown out comes back.

Where a matcher is lost with its connection it may have told one of two: who is alone there gives up after 6 s.

How soon they are back is told, and held to its bound by `make faults`, which has the machine for itself.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stranger.crowd.judge import Fault
from tests.engines.cluster_stage import BACK_S, SHARE, ClusterStage, Healing
from tests.engines.clusters import NODES
from tests.engines.rabbitmq_house import RabbitmqHouse
from tests.faults.standbys import active, watching
from tests.namespaces import need_namespaces

pytestmark = [pytest.mark.timeout(240), pytest.mark.no_cover]

CUT_S = 30.0
NTH = 200
"""At this match a matcher dies: by then all are here, and the other watches."""


@pytest.fixture
async def stage(house: RabbitmqHouse, tmp_path: Path) -> AsyncIterator[ClusterStage]:
    async with ClusterStage.built(house.cluster, tmp_path) as stage:
        yield stage


def soon(what: str, healing: Healing) -> None:
    """Tell it to who runs with -s, and hold it to its bound."""
    print(f"\n{what}: {healing}")  # noqa: T201
    assert healing.took_s
    assert healing.at(SHARE) <= BACK_S, healing


async def test_a_node_that_is_killed_and_comes_back(stage: ClusterStage) -> None:
    """The one where the matcher is."""
    async with stage.at_work():
        since = len(stage.people.entries)
        await stage.in_thread("kill_node", 0)
        try:
            healing = await stage.all_back(since)
        finally:
            await stage.in_thread("resume_node", 0)
        soon("node killed", healing)
        await stage.people.meet()
        await stage.is_well(Fault.ALONE)


async def test_a_node_that_is_cut_off_for_half_a_minute(stage: ClusterStage) -> None:
    """The one where the matcher is. Whoever is there hears nothing, and is told nothing."""
    need_namespaces()
    async with stage.at_work():
        since = len(stage.people.entries)
        await stage.in_thread("cut_off_node", 0)
        try:
            await asyncio.sleep(CUT_S)
        finally:
            await stage.in_thread("mend_node", 0)
        soon("node cut off", await stage.all_back(since))
        await stage.is_well(Fault.ALONE, Fault.LATE)  # what was on its way came half a minute late


@pytest.mark.parametrize(("told", "alone"), [(0, ()), (1, (Fault.ALONE,))], ids=["between", "after one"])
async def test_a_matcher_that_dies_in_the_midst_of_a_match(
    told: int, alone: tuple[Fault, ...], stage: ClusterStage
) -> None:
    """Between pick and assign, and after one of two is told."""
    async with stage.at_work(mortal=f"{NTH}:{told}") as (first, second):
        since = len(stage.people.entries)
        await active(second)
        assert await first.ends() == -signal.SIGKILL
        soon(f"matcher killed, {told} of two told", await stage.all_back(since))
        await stage.is_well(*alone)


async def test_a_matcher_that_hangs_and_wakes_up(stage: ClusterStage) -> None:
    """Nobody asks the gates meanwhile, so the other takes over; the first one sees that when it wakes, and watches."""
    async with stage.at_work(standby=True) as (first, second):
        await watching(second)
        since = len(stage.people.entries)
        first.process.send_signal(signal.SIGSTOP)
        try:
            await active(second)
            soon("matcher hung", await stage.all_back(since))
        finally:
            first.process.send_signal(signal.SIGCONT)
        await watching(first)
        await stage.people.meet()
        await stage.is_well(Fault.ALONE)
        assert "no connection" not in second.said, "the first has fought for the name"


async def test_two_matchers_that_start_at_once(stage: ClusterStage) -> None:
    """One acts, the other watches; and when both are started anew, others are in their place at once."""
    async with stage.matcher(0) as first, stage.matcher(1) as second:
        starts = [asyncio.create_task(each.says("connected to the broker")) for each in (first, second)]
        done, waiting = await asyncio.wait(starts, return_when=asyncio.FIRST_COMPLETED)
        async with stage.peopled():
            await stage.people.meet()
            await stage.is_well()
        assert len(done) == len(waiting) == 1
        for task in waiting:
            assert not task.done()
            task.cancel()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a gate that ends while it is asked
async def test_all_parts_are_started_anew_one_after_the_other(stage: ClusterStage) -> None:
    """Nodes, gates, and at last the matchers, as in an upgrade: another takes over from both."""
    async with stage.at_work() as both:
        for number in range(len(NODES)):
            since = len(stage.people.entries)
            await stage.in_thread("restart_node", number)
            soon(f"node {number + 1} restarted", await stage.all_back(since))
        for number in range(len(NODES)):
            await stage.in_thread("restart_gate", number)
            await stage.people.meet()
        async with stage.matcher(2) as third:
            await watching(third)
            await stage.people.meet()
            since = len(stage.people.entries)
            for each in both:
                if each.process.returncode is None:  # else it has lost its node, and found the other at work
                    await each.ends(signal.SIGTERM)
            await active(third)
            soon("matchers restarted", await stage.all_back(since))
            await stage.is_well(Fault.ALONE)
