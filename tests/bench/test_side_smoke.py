"""Each section is measured, with all servers as they are, on a few people. No figure of a machine is judged."""

import dataclasses
from pathlib import Path

import pytest

from bench.side import growth, idle, matches
from bench.side.section import Options, Section
from tests.engines.containers import image

QUICK = Options(quick=True)


OTHERS = Path(__file__).parent.parent.parent / "bench" / "side" / "others" / "node_modules"
MISSING = "what Passerby is measured beside is not here: `make bench/side/others/node_modules/.package-lock.json`"


@pytest.fixture(autouse=True)
def servers() -> None:
    """Skip where one of them cannot run."""
    if not OTHERS.is_dir():
        pytest.skip(MISSING)
    image()


def whole(section: Section) -> None:
    assert all(bar.measured is not None and bar.measured > 0 for bar in section.bars)
    for table in section.tables:
        assert {len(row) for row in table.rows} == {len(table.head)}
        if "errors" in table.head:
            at = table.head.index("errors")
            assert {row[at] for row in table.rows} == {"none"}


async def test_matches_are_measured_at_all_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matches, "QUICK", dataclasses.replace(matches.QUICK, rate=10, in_memory=40))
    section = await matches.measure(QUICK)
    whole(section)
    for rounds in section.samples["rounds"].values():
        assert [(each["asked"], each["meetings"]) for each in rounds] == [(10, 10)]


async def test_who_waits_is_weighed_at_all_three_and_its_wire_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "QUICK", idle.Size((20, 100), settle_s=0.1, window_s=2))
    section = await idle.measure(QUICK)
    whole(section)
    assert section.samples["held"]["Passerby"]["wire_each"] > 0


async def test_growth_is_measured_on_the_wire_and_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    few = (growth.FEW,)
    small = dataclasses.replace(growth.QUICK, on_wire=few, in_memory=few, rate=10, matches_in_memory=40)
    monkeypatch.setattr(growth, "QUICK", small)
    section = await growth.measure(QUICK)
    whole(section)
    assert set(section.samples["exponents"]) == {growth.SERVICE_CURVE, growth.BROKER_CURVE, *growth.IN_MEMORY.values()}
