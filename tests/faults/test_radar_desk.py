"""What an operator orders at the desk is done by the gate of every engine, and outlives the service that was told."""

from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from typing import Final

import pytest

from broker.desk import Done, OrderBan, OrderLift
from matcher.service import Service
from passerby.desk import fresh_id
from tests.faults.rowdies import (
    CONTACT,
    PATIENCE_S,
    STRICT,
    ask,
    banned,
    bans,
    closes,
    couple,
    kinds,
    knock,
    lobby,
    opens,
)
from tests.faults.walkers import Walker
from tests.journeys.house import ENGINES, House
from tests.polling import until

HOME: Final = "127.0.0.9"
AWAY: Final = "127.0.0.10"
BRIEF_S: Final = 3
LONG_S: Final = 600

strict = partial(Service, policing=STRICT)


async def ban(house: House, target: str, seconds: int = LONG_S) -> None:
    await ask(house, OrderBan(id=fresh_id(), target=target, seconds=seconds, reason="seen"), Done)


async def lift(house: House, target: str) -> None:
    await ask(house, OrderLift(id=fresh_id(), target=target), Done)


async def put_out(walker: Walker) -> dict[str, object]:
    """Wait for the notice and for the end; gives the notice."""
    notice = await walker.told("banned")
    await walker.probe.until(lambda: walker.probe.closed)
    return notice


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_ban_of_an_address_puts_out_all_who_are_there_and_lifting_it_lets_them_in(engine: str) -> None:
    """They are told why, for how long and whom to ask; who talked with one of them hears that it left."""
    async with House.open(engine, service=strict) as house, AsyncExitStack() as stack:
        ana, bo, _ = await couple(stack, house, HOME, AWAY)
        cy = await stack.enter_async_context(Walker.walk(house.broker.port, HOME))
        await ban(house, HOME)
        assert await knock(house, HOME) == 5
        notices = [await put_out(walker) for walker in (ana, cy)]
        row = await banned(house)
        assert (row.reason, row.by, row.times) == ("seen", "gate", 1)
        for notice in notices:
            assert (notice["reason"], notice["code"], notice["contact"]) == ("seen", row.code, CONTACT)
            assert LONG_S - PATIENCE_S < float(str(notice["seconds"])) <= LONG_S
        assert (await bo.told("ended"))["mood"] == "left"
        await bo.probe.echo()
        assert not bo.probe.closed
        assert kinds(bo) == ["welcome", "matched", "ended"]
        await lift(house, HOME)
        assert await knock(house, HOME) == 0
        await until(lambda: lobby(house).bans == 0, within_s=PATIENCE_S)
        async with Walker.walk(house.broker.port, HOME) as back:
            assert kinds(back) == ["welcome"]


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_ban_ends_by_itself_although_the_service_has_stopped(engine: str) -> None:
    """The gate knows when."""
    async with House.open(engine, service=strict) as house:
        await ban(house, HOME, BRIEF_S)
        assert await knock(house, HOME) == 5
        await house.stop_matcher()
        await opens(house, HOME)


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_restarted_service_learns_the_living_bans_and_can_lift_them_by_code(engine: str) -> None:
    """It knew of nobody, and the gate has told it."""
    async with House.open(engine, service=strict) as house:
        async with Walker.walk(house.broker.port, HOME) as ana:
            await ban(house, HOME)
            await put_out(ana)
        before = await banned(house)
        await house.stop_matcher()
        house.start_matcher()
        await until(house.service.ready.is_set, within_s=PATIENCE_S)
        after = await banned(house)
        assert (after.code, after.reason, after.by) == (before.code, "seen", "gate")
        assert after.seconds <= before.seconds + 1  # what is left is told in whole seconds
        assert await knock(house, HOME) == 5
        await lift(house, after.code.lower())
        assert await bans(house) == []
        assert await knock(house, HOME) == 0


@pytest.mark.parametrize("engine", ENGINES)
async def test_networks_that_the_settings_ban_are_kept_out_from_the_start_and_as_they_change(engine: str) -> None:
    """Also by a broker that was started anew, which the service tells again."""
    first = replace(STRICT, banned_networks=(f"{HOME}/32", "127.99.0.0/16"))
    async with House.open(engine, service=partial(Service, policing=first)) as house:
        await closes(house, HOME)
        assert await knock(house, "127.99.3.4") == 5
        async with Walker.walk(house.broker.port, AWAY) as ana, Walker.walk(house.broker.port, "127.0.0.11") as bo:
            house.service.police(replace(first, banned_networks=(AWAY,)))
            await ana.probe.until(lambda: ana.probe.closed)
            assert await knock(house, AWAY) == 5
            assert await knock(house, HOME) == 0
            assert await knock(house, "127.99.3.4") == 0
            await bo.probe.echo()
            assert not bo.probe.closed
        await house.stop_broker()
        await house.start_broker()
        await closes(house, AWAY)
        assert await knock(house, HOME) == 0
