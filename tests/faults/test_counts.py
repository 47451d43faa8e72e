"""Who is here, who waits and who talks is counted exactly, whatever happens to broker, service and peers.

What is compared is what the peers themselves know with what the operator sees; on every engine.
"""

import asyncio
import gc
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import pytest

from broker.messages import Mode
from matcher.headcount import PerMode
from matcher.pairing import Session
from matcher.policing import Policing
from matcher.presence import Pace, Peer, Wish
from matcher.service import Service
from tests.faults.clocks import Clock
from tests.faults.comers import Crowd
from tests.faults.patience import PatientGate
from tests.faults.stayers import Stayer, staying
from tests.journeys.house import ENGINES, House
from tests.polling import until

RIGHT_AGAIN_S: Final = 20.0
MOVED_IN_S: Final = 40.0
"""What is looked at begins afterwards."""
STILL_RIGHT_S: Final = 2.0
MODES: Final[tuple[Mode, ...]] = ("text", "voice", "video")

Counted = tuple[int, PerMode, PerMode]


def counted(house: House) -> Counted:
    """Give what the operator sees."""
    lobby = house.service.stats().lobby
    return (lobby.here, lobby.waiting_in, lobby.talking_in) if lobby else (0, PerMode(), PerMode())


async def stays(true: Callable[[], object], for_s: float = STILL_RIGHT_S) -> None:
    """Look again and again that something does not change."""
    end = asyncio.get_running_loop().time() + for_s
    while asyncio.get_running_loop().time() < end:
        assert true()
        await asyncio.sleep(0.05)


# ── restarts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def matcher(house: House) -> None:
    await house.stop_matcher()
    house.start_matcher()


async def broker(house: House) -> None:
    await house.stop_broker()
    await house.start_broker()


async def broker_then_matcher(house: House) -> None:
    await broker(house)
    await matcher(house)


async def matcher_then_broker(house: House) -> None:
    await matcher(house)
    await broker(house)


async def both_at_once(house: House) -> None:
    await asyncio.gather(house.stop_matcher(), house.stop_broker())
    house.start_matcher()
    await house.start_broker()


RESTARTS: Final = (matcher, broker, broker_then_matcher, matcher_then_broker, both_at_once)


class Household:
    """Idle, waiting and talking peers. In each mode one waits: two would be matched."""

    def __init__(self, port: int) -> None:
        dice = random.Random(1)
        self.idle = [Stayer(port, dice) for _ in range(10)]
        self.pairs = [
            (Stayer(port, dice, mode, tag=f"{mode} {number}"), Stayer(port, dice, mode, tag=f"{mode} {number}"))
            for mode, pairs in zip(MODES, (3, 2, 1), strict=True)
            for number in range(pairs)
        ]
        self.waiting = [Stayer(port, dice, mode) for mode in MODES]
        self.talking = [stayer for pair in self.pairs for stayer in pair]
        self.all = [*self.idle, *self.talking, *self.waiting]

    @property
    def expected(self) -> Counted:
        return len(self.all), PerMode(1, 1, 1), PerMode(6, 4, 2)

    def sessions(self) -> list[str | None]:
        return [stayer.session for stayer in self.talking]

    def is_back(self, house: House, ended: list[str]) -> bool:
        """Tell whether this epoch of the service has welcomed everybody, on none of the connections that have ended."""
        epoch = house.service.stats().epoch
        here = all(stayer.connected and stayer.welcomed and stayer.epoch == epoch for stayer in self.all)
        return here and not any(stayer.life in ended for stayer in self.all)


@pytest.mark.parametrize("engine", ENGINES)
async def test_the_count_is_right_again_after_a_restart_in_every_order(engine: str) -> None:
    """Within 20 s nobody is missing, nobody is counted twice, and every talk is what it was. A house for each order."""
    async with asyncio.TaskGroup() as orders:
        for restart in RESTARTS:
            orders.create_task(right_again_after(restart, engine), name=restart.__name__)


async def right_again_after(restart: Callable[[House], Awaitable[None]], engine: str) -> None:
    async with House.open(engine) as house:
        household = Household(house.broker.port)
        async with staying([*household.idle, *household.talking]):
            # or those who wait alone would be given to them; five houses move in at once
            await until(lambda: all(household.sessions()), within_s=MOVED_IN_S)
            async with staying(household.waiting):
                await until(lambda: counted(house) == household.expected, within_s=MOVED_IN_S)
                sessions, lives = household.sessions(), [stayer.life for stayer in household.all]
                assert set(Counter(sessions).values()) == {2}
                await restart(house)

                def right() -> bool:
                    back = household.is_back(house, lives if restart is not matcher else [])
                    return back and counted(house) == household.expected

                await until(right, within_s=RIGHT_AGAIN_S)
                await stays(lambda: counted(house) == household.expected)
                assert household.sessions() == sessions


@pytest.mark.parametrize("engine", ENGINES)
async def test_the_pulse_is_right_again_after_a_restart(engine: str) -> None:
    """The first of the new epoch can count nobody yet, the second counts all, 15 s later; and there is none between."""
    async with House.open(engine) as house:
        household = Household(house.broker.port)
        async with staying(household.idle):
            await until(lambda: counted(house)[0] == len(household.idle))
            await matcher(house)
            await until(lambda: household.idle[0].pulse.get("epoch") == house.service.stats().epoch)
            assert household.idle[0].pulse["here"] == 0
            exact = len(household.idle)
            await until(lambda: household.idle[0].pulse["here"] == exact, within_s=RIGHT_AGAIN_S)


@pytest.mark.parametrize("engine", ENGINES)
async def test_who_went_while_the_broker_was_away_is_missed_by_their_silence(engine: str) -> None:
    """Nobody could say a word of it. That takes 45 s, here in a hurry; a talk of theirs goes on for who is left."""
    pace = Pace(ping_s=2, asleep_s=3.0, lost_s=4.5)
    async with House.open(engine, service=partial(Service, pace=pace)) as house:
        household = Household(house.broker.port)
        [(one, other), *_] = household.pairs
        async with staying([*household.idle, other]):
            async with staying([one, *household.waiting[1:]]):
                await until(lambda: one.session and other.session)
                await until(lambda: counted(house) == (14, PerMode(voice=1, video=1), PerMode(text=2)))
                await house.stop_broker()
            await house.start_broker()
            left = (11, PerMode(), PerMode(text=1))
            await until(lambda: counted(house) == left, within_s=RIGHT_AGAIN_S)
            await stays(lambda: counted(house) == left)


# ── no drift ─────────────────────────────────────────────────────────────────────────────────────────────────────────

PEOPLE: Final = 150
DEEDS: Final = {"embedded": 2_000, "mosquitto": 10_000}
PATIENCE_S: Final = 60  # how long it takes is not the promise here, and machines that test are busy
ALL_FORGOTTEN_S: Final = 1_300  # an address key is asked for twice, every 600 s


def kept(house: House) -> tuple[int, int, int]:
    """Give the sizes of the tables that outlive a connection."""
    lobby = house.service.stats().lobby
    assert lobby is not None
    return lobby.remembered_peers, lobby.remembered_sessions, lobby.address_keys


def leftovers() -> int:
    """Count what the service made for people and their talks, wherever it may be held."""
    gc.collect()
    return sum(isinstance(thing, Peer | Wish | Session) for thing in gc.get_objects())


@pytest.mark.parametrize("engine", ENGINES)
async def test_the_count_does_not_drift(engine: str) -> None:
    """After thousands of comings and goings it is exact, and once all have gone nothing is left of them."""
    # Who comes and goes like that is no person, and the radar would see it: here it only looks.
    clock, before = Clock(Policing(dry_run=True)), leftovers()
    async with House.open(engine, gate=PatientGate, service=clock.service) as house:
        crowd = Crowd(house.broker.port, PEOPLE, seed=1)
        await crowd.live(DEEDS[engine])
        assert sum(crowd.done.values()) == DEEDS[engine]
        assert min(crowd.done.values()) > DEEDS[engine] / 50
        assert sum(person.cut_off for person in crowd.people) == 0
        await until(lambda: counted(house) == crowd.counted(), within_s=PATIENCE_S)
        await stays(lambda: counted(house) == crowd.counted())
        here, waiting, talking = counted(house)
        assert min(here, waiting.total, talking.total) > 0
        crowd.part()
        await until(lambda: counted(house) == (0, PerMode(), PerMode()), within_s=PATIENCE_S)

        def all_is_forgotten() -> bool:
            clock.age(house, ALL_FORGOTTEN_S)
            return kept(house) == (0, 0, 0)

        await until(
            all_is_forgotten, within_s=PATIENCE_S, every_s=1.0
        )  # what gates tell in batches may still be under way
        assert leftovers() == before
