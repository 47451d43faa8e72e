"""Who is here, who waits and who talks is counted exactly, whatever happens to broker, service and peers.

What is compared is what the peers themselves know with what the operator sees; on every engine.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from broker.messages import Mode
from matcher.headcount import PerMode
from tests.faults.stayers import Stayer, staying
from tests.journeys.house import ENGINES, House
from tests.polling import until

RIGHT_AGAIN_S: Final = 20.0
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


@pytest.mark.parametrize("restart", RESTARTS, ids=lambda restart: restart.__name__)
@pytest.mark.parametrize("engine", ENGINES)
async def test_the_count_is_right_again_after_a_restart(
    engine: str, restart: Callable[[House], Awaitable[None]]
) -> None:
    """Within 20 s nobody is missing, nobody is counted twice, and every talk is what it was."""
    async with House.open(engine) as house:
        household = Household(house.broker.port)
        async with staying([*household.idle, *household.talking]):
            await until(lambda: all(household.sessions()))  # or those who wait alone would be given to them
            async with staying(household.waiting):
                await until(lambda: counted(house) == household.expected)
                sessions, lives = household.sessions(), [stayer.life for stayer in household.all]
                assert set(Counter(sessions).values()) == {2}
                await restart(house)

                def everybody_is_back() -> bool:
                    epoch = house.service.stats().epoch
                    anew = restart is matcher or all(
                        stayer.life != life for stayer, life in zip(household.all, lives, strict=True)
                    )
                    return anew and all(
                        stayer.connected and stayer.welcomed and stayer.epoch == epoch for stayer in household.all
                    )

                await until(
                    lambda: everybody_is_back() and counted(house) == household.expected, within_s=RIGHT_AGAIN_S
                )
                await stays(lambda: counted(house) == household.expected)
                assert household.sessions() == sessions
