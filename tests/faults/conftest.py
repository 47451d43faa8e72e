"""The whole product without a browser."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.house import House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with House.open() as house:
        yield house
