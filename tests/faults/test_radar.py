"""The radar on a whole product, on every engine: who floods is put out, and nobody else feels anything of it."""

import asyncio
import random
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

import pytest

from matcher.bans import LADDER_S
from matcher.bouncer import KICK_S
from matcher.policing import Policing
from matcher.radar import CALM_S
from matcher.service import Service
from matcher.stats import LEVELS_S
from tests.faults.clocks import Clock
from tests.faults.rowdies import (
    CONTACT,
    LENIENT,
    MODES,
    PATIENCE_S,
    STRICT,
    answered,
    couple,
    heard,
    kinds,
    knock,
    known,
    lobby,
    rage,
    rage_until_shut_out,
    still_talk,
    wish,
)
from tests.faults.stayers import Stayer, staying
from tests.faults.walkers import Walker
from tests.journeys.house import ENGINES, House
from tests.polling import until

HOME: Final = "127.0.0.9"
AWAY: Final = "127.0.0.10"
CROWD: Final = 60
TALKING: Final = 40


async def strangers(stack: AsyncExitStack, house: House) -> list[Walker]:
    """Let three wait, each in a mode of its own and at an address of its own."""
    come = [Walker.walk(house.broker.port, f"127.0.1.{number}") for number in range(1, 1 + len(MODES))]
    waiting = [await stack.enter_async_context(each) for each in come]
    for walker, mode in zip(waiting, MODES, strict=True):
        await walker.join(mode=mode)
    await until(lambda: lobby(house).waiting == len(waiting))
    return waiting


async def meet_again(one: Walker, other: Walker) -> None:
    """Let two wish anew, who are the only ones that wait for text, and see that they meet."""
    await wish(one)
    await heard(one)  # or the other could be given to a wish that it had before
    await wish(other)
    mine, theirs = await asyncio.gather(answered(one), answered(other))
    assert mine["session"] == theirs["session"]


@pytest.mark.parametrize("engine", ENGINES)
async def test_who_floods_is_told_why_put_out_and_kept_out_and_nobody_else_feels_it(engine: str) -> None:
    """Strangers it was matched with hear only that it left, and are matched anew; others hear nothing at all."""
    async with House.open(engine, service=partial(Service, policing=STRICT)) as house, AsyncExitStack() as stack:
        ana, bo, seat = await couple(stack, house)
        waiting = await strangers(stack, house)
        await known(house, 2 + len(waiting))
        told = await rage_until_shut_out(house, HOME)
        assert {notice["seconds"] for notice in told} <= {KICK_S, LADDER_S[0]}
        assert {notice["contact"] for notice in told} == {CONTACT}
        assert len({notice["code"] for notice in told}) == 1
        assert {notice["reason"] for notice in told} <= {"pace", "protocol", "silence"}
        for walker in waiting:
            assert (await walker.told("ended"))["mood"] == "left"
            await walker.probe.echo()
            assert kinds(walker) == ["welcome", "matched", "ended"]
            assert not walker.probe.closed
        await still_talk(ana, bo, seat)
        new = await stack.enter_async_context(Walker.walk(house.broker.port, AWAY))
        await meet_again(waiting[0], new)
        assert await knock(house, HOME) == 5
        assert lobby(house).bans == 1
        assert house.service.stats().counts.get("bugs", 0) == 0


@pytest.mark.parametrize("engine", ENGINES)
async def test_in_a_dry_run_the_same_flood_is_judged_and_nobody_is_limited(engine: str) -> None:
    """Neither told to wait, nor to work, nor put out; the operator sees what would have been done."""
    async with House.open(engine, service=partial(Service, policing=LENIENT)) as house, AsyncExitStack() as stack:
        waiting = await strangers(stack, house)
        rowdy = await stack.enter_async_context(Walker.walk(house.broker.port, HOME))
        await known(house, 1 + len(waiting))
        await rage(rowdy)
        await until(lambda: sum(lobby(house).verdicts.values()) > 0, within_s=PATIENCE_S)
        assert lobby(house).held_back["dry-run"] >= sum(lobby(house).verdicts.values())
        await meet_again(rowdy, waiting[0])
        await rowdy.probe.echo()
        assert not rowdy.probe.closed
        assert not {"banned", "refused"} & set(kinds(rowdy))
        assert "challenge" not in await rowdy.told("welcome")
        assert await knock(house, HOME) == 0
        assert lobby(house).bans == 0


@pytest.mark.parametrize("engine", ENGINES)
async def test_this_machine_itself_is_neither_kicked_nor_banned_unless_the_settings_say_so(engine: str) -> None:
    """Behind a proxy that does not tell for whom it speaks that would be everybody."""
    usual = Policing(ban_share=1.0)
    async with House.open(engine, service=partial(Service, policing=usual)) as house, AsyncExitStack() as stack:
        await strangers(stack, house)
        rowdy = await stack.enter_async_context(Walker.walk(house.broker.port, "127.0.0.1"))
        await rage(rowdy)
        await until(lambda: lobby(house).held_back["spared"], within_s=PATIENCE_S)
        await rowdy.probe.echo()
        assert not rowdy.probe.closed
        assert "banned" not in kinds(rowdy)
        assert await knock(house, "127.0.0.1") == 0
        assert lobby(house).bans == 0


@pytest.mark.parametrize("engine", ENGINES)
async def test_sixty_at_one_address_who_come_back_at_once_are_held_against_nobody(engine: str) -> None:
    """After a restart of the broker none is asked to wait or to work, and none is put out."""
    clock, dice = Clock(STRICT), random.Random(1)
    async with House.open(engine, service=clock.service) as house:
        clock.age(house, int(CALM_S) + 1)  # or it would still be calm from the start of the service
        crowd = [Stayer(house.broker.port, dice, "text" if n < TALKING else None, source=HOME) for n in range(CROWD)]
        async with staying(crowd):
            await until(lambda: lobby(house).talking == TALKING and lobby(house).here == CROWD, within_s=PATIENCE_S)
            await known(house, CROWD)
            assert not lobby(house).storm
            lives = {stayer.life for stayer in crowd}
            await house.stop_broker()
            await house.start_broker()

            def back() -> bool:
                return all(stayer.welcomed and stayer.life not in lives for stayer in crowd)

            await until(lambda: back() and lobby(house).talking == TALKING, within_s=PATIENCE_S)
            await asyncio.gather(*(stayer.look("text") for stayer in crowd[TALKING:]))
            await until(lambda: lobby(house).talking == CROWD, within_s=PATIENCE_S)
            clock.age(house, int(LEVELS_S) + 1)
            assert lobby(house).levels["free"] == CROWD
            counts, verdicts = lobby(house).counts, lobby(house).verdicts
            assert (counts.get("refused", 0), sum(verdicts.values()), lobby(house).bans) == (0, 0, 0)
