"""Reports on a whole product, on every engine: what one stranger can say of another, and what comes of it."""

from contextlib import AsyncExitStack
from typing import Final

import pytest

from broker.desk import Done, ListReports, OrderBan, Reported, ReportList
from matcher.pairing import OVER_S
from matcher.radar import REPORT_S
from passerby.desk import fresh_id
from tests.faults.clocks import Clock
from tests.faults.rowdies import PATIENCE_S, STRICT, answered, ask, heard, kinds, knock, known, lobby, wish
from tests.faults.walkers import Walker
from tests.journeys.house import ENGINES, House
from tests.polling import until

VICTIM: Final = "127.0.0.9"
STRANGERS: Final = 5
WELL_S: Final = int(REPORT_S) + 1
NEXT_S: Final = 2
"""After this a person presses Next."""

LATER_S: Final = 30
"""Half a minute, in which nobody is taken for lost who says nothing."""


async def meet(house: House, clock: Clock, one: Walker, other: Walker) -> str:
    """Let two meet who are the only ones that wait, the first as soon as it may; gives the session."""
    await wish(other)
    await until(lambda: lobby(house).waiting == 1, within_s=PATIENCE_S)
    await wish(one)
    while (answer := await answered(one))["kind"] == "refused":
        assert answer["reason"] == "slow"
        clock.age(house, answer["retry"])
        await wish(one)
    assert (await answered(other))["session"] == answer["session"]
    return str(answer["session"])


async def talk(house: House, clock: Clock, one: Walker, other: Walker) -> str:
    """Let two meet and talk for long enough that a report can count."""
    session = await meet(house, clock, one, other)
    for each in (one, other):
        await each.say_of(session, "talking")
    await until(lambda: lobby(house).talking == 2, within_s=PATIENCE_S)
    clock.age(house, WELL_S)
    return session


async def reports(house: House) -> list[Reported]:
    return (await ask(house, ListReports(id=fresh_id()), ReportList)).reports


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_report_counts_once_for_each_side_of_a_talk_that_took_place_up_to_a_minute_after_it(
    engine: str,
) -> None:
    """And not of one whose channel was never open."""
    clock = Clock(STRICT)
    async with House.open(engine, service=clock.service) as house, AsyncExitStack() as stack:
        ana = await stack.enter_async_context(Walker.walk(house.broker.port, VICTIM))
        bo = await stack.enter_async_context(Walker.walk(house.broker.port, "127.0.1.1"))
        cy = await stack.enter_async_context(Walker.walk(house.broker.port, "127.0.1.2"))

        async def report(by: Walker, session: str) -> int:
            await by.say_of(session, "report", reason="spam")
            await heard(by)
            return lobby(house).reports["spam"]

        silent = await meet(house, clock, ana, bo)
        assert await report(bo, silent) == 0
        await bo.say_of(silent, "leave", mood="failed")
        await ana.told("ended")
        session = await talk(house, clock, ana, cy)
        assert await report(cy, session) == 1
        assert await report(cy, session) == 1
        await cy.say_of(session, "leave", mood="left")
        await heard(cy)
        clock.age(house, LATER_S)
        assert await report(ana, session) == 2
        await heard(cy)
        assert await report(cy, session) == 2
        assert await report(bo, session) == 2
        session = await talk(house, clock, ana, bo)
        await bo.say_of(session, "leave", mood="left")
        for _ in range(int(OVER_S / LATER_S) + 1):
            for each in (ana, bo, cy):
                await heard(each)
            clock.age(house, LATER_S)
        assert await report(bo, session) == 2


@pytest.mark.parametrize("engine", ENGINES)
async def test_strangers_who_report_somebody_can_slow_it_down_and_no_more(engine: str) -> None:
    """What they say of a minor is before a person, who sees how many they are and decides."""
    clock = Clock(STRICT)
    async with House.open(engine, service=clock.service) as house, AsyncExitStack() as stack:
        victim = await stack.enter_async_context(Walker.walk(house.broker.port, VICTIM))
        for number in range(STRANGERS):
            async with Walker.walk(house.broker.port, f"127.0.1.{number + 1}") as by:
                await known(house, number + 2)
                session = await talk(house, clock, victim, by)
                for reason in ("minor" if number % 2 else "harassment", "spam"):  # the second does not count
                    await by.say_of(session, "report", reason=reason)
                await by.say_of(session, "leave", mood="blocked")
                await heard(by)
            await victim.probe.until(lambda count=number + 1: kinds(victim).count("ended") == count)  # type: ignore[misc]
            clock.age(house, NEXT_S)
            await heard(victim)
        assert (lobby(house).reports["minor"], lobby(house).reports["harassment"]) == (2, 3)
        assert sum(lobby(house).verdicts.values()) == 0
        new = await stack.enter_async_context(Walker.walk(house.broker.port, "127.0.2.1"))
        await talk(house, clock, victim, new)
        assert not victim.probe.closed
        assert "banned" not in kinds(victim)
        assert {each["reason"] for each in victim.inbox() if each["kind"] == "refused"} <= {"slow"}
        [row] = await reports(house)
        assert (row.reason, row.strangers, row.here) == ("minor", 2, True)
        await ask(house, OrderBan(id=fresh_id(), target=row.code, seconds=600, reason="seen"), Done)
        notice = await victim.told("banned")
        assert (notice["reason"], notice["code"]) == ("seen", row.code)
        await victim.probe.until(lambda: victim.probe.closed)
        assert await knock(house, VICTIM) == 5
        assert (await new.told("ended"))["mood"] == "left"
        assert await reports(house) == []
