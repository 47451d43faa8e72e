"""Ten seconds of the fuzzer; `python -m tests.faults.fuzz` runs it for longer."""

import random

import pytest

from tests.engines.mqtt_probe import DISCONNECT, PINGREQ
from tests.faults.fuzz import fuzzed, mutate
from tests.journeys.house import ENGINES

SECONDS = 10.0


@pytest.mark.parametrize("engine", ENGINES)
async def test_broken_sessions_end_and_hurt_nobody(engine: str) -> None:
    report = await fuzzed(engine, seed=20_261_123, seconds=SECONDS)
    assert report.escaped == []
    assert report.stuck == []
    assert report.cases > 50
    assert report.meetings > 0


def test_the_same_seed_makes_the_same_cases() -> None:
    sessions = [[b"\x10\x02ab", PINGREQ, DISCONNECT], [b"\x82\x03abc", PINGREQ]]
    one, other = ([mutate(random.Random(seed), sessions) for seed in range(50)] for _ in range(2))
    assert one == other
    assert len(set(one)) > 30
