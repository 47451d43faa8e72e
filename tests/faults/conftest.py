"""The whole product without a browser, and without the limits that would hide what is behind them."""

from collections.abc import AsyncIterator

import pytest

from tests.faults.patience import PatientGate
from tests.journeys.house import House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with House.open(gate=PatientGate) as house:
        yield house
