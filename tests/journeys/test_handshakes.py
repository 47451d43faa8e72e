"""Each way of shaking hands ends in a talk, in a real browser."""

import pytest
from playwright.async_api import Browser

from tests.journeys.shaking import connections, counted, talk


async def test_in_offer_one_offers_and_the_other_answers(chromium: Browser, engine: str) -> None:
    async with talk((chromium, chromium), engine, "offer") as people:
        assert await counted(people, "answers") == [0, 1]
        assert await counted(people, "offers") == [0, 1]
        assert await counted(people, "refused") == [0, 0]


async def test_in_mirror_each_makes_an_answer_of_the_others_offer(chromium: Browser, engine: str) -> None:
    async with talk((chromium, chromium), engine, "mirror") as people:
        assert await counted(people, "answers") == [1, 1]
        assert await connections(people) == [1, 2]
        assert await counted(people, "refused") == [0, 0]
        assert await counted(people, "offers") == [0, 1], "who made a new connection yields the controlling role"


@pytest.mark.any_broker
@pytest.mark.parametrize("refusing", [(True, False), (False, True), (True, True)])
async def test_a_browser_that_refuses_the_mirrored_answer_says_plain_and_both_start_anew(
    chromium: Browser, engine: str, refusing: tuple[bool, bool]
) -> None:
    async with talk((chromium, chromium), engine, "mirror", refusing) as people:
        assert sum(await counted(people, "refused")) >= 1
        assert min(await connections(people)) >= 2
