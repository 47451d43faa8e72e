"""A server that is a cell: who has its page is in it by themselves, and who names another meets nobody there."""

import asyncio
import contextlib

import pytest
from playwright.async_api import Browser

from broker.site import Site
from stranger import Stranger, errors
from tests.journeys.house import ENGINES, House
from tests.journeys.strangers import WITHIN_S, arrives, meets

A_WHILE_S = 5.0
"""After this long without a welcome there will be none."""


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_page_and_a_stranger_of_one_cell_meet_and_one_of_another_is_welcome_nowhere(
    chromium: Browser, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with House.open(engine, site=Site(cell="berlin")) as house, contextlib.AsyncExitStack() as stack:
        bo = await arrives(stack, chromium, house.url)
        await bo.start()
        monkeypatch.setattr("stranger.stranger.WELCOME_WITHIN_S", A_WHILE_S)
        outsiders = (_comes(house.url), _comes(f"{house.url}#hamburg"))
        assert [type(each) for each in await asyncio.gather(*outsiders, return_exceptions=True)] == [errors.Away] * 2
        ana = await stack.enter_async_context(Stranger(f"{house.url}#berlin", nickname="Ana"))
        talk = await stack.enter_async_context(ana.meet(within_s=WITHIN_S))
        await meets(bo)
        await talk.say("Hello, Berlin")
        await bo.reads("Hello, Berlin")
        assert bo.errors == []


async def _comes(url: str) -> None:
    async with Stranger(url):
        pass
