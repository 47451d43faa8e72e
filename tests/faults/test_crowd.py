"""A small crowd through the command, on each engine; and a matcher with a bug, which the verdict must name."""

import asyncio
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from matcher.policing import Policing
from matcher.presence import Asked, Peer
from matcher.service import Service
from matcher.wishes import Wishes
from tests.journeys.house import ENGINES, House

COMMAND = Path(sys.executable).with_name("passerby")
WITHIN_S = 150.0

calm = partial(Service, policing=Policing(dry_run=True))
"""Who comes and goes so fast is no person: without a dry run this would be a test of the radar."""


async def crowd(url: str, folder: Path, *arguments: str) -> tuple[int, dict[str, Any], str]:
    kept = folder / "crowd.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PASSERBY_")}
    process = await asyncio.create_subprocess_exec(
        COMMAND,
        "crowd",
        url,
        *arguments,
        "--json",
        str(kept),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**environment, "NO_COLOR": "1", "COLUMNS": "120"},
    )
    try:
        async with asyncio.timeout(WITHIN_S):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    report = json.loads(kept.read_text()) if kept.exists() else {}
    return process.returncode or 0, report, said.decode()


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_small_crowd_meets_and_the_verdict_is_well(engine: str, tmp_path: Path) -> None:
    """Sixty peers in two processes, one in seven of them with WebRTC."""
    async with House.open(engine, service=calm) as house:
        options = "--peers 60 --arrive 30 --talk 3 --for 8 --real 0.15 --lost-after 15 --processes 2"
        code, report, said = await crowd(house.url, tmp_path, *options.split())
    assert code == 0, said
    assert "Well." in said
    assert report["well"]
    assert report["peersHere"] == 60
    assert report["sessions"] > 30
    assert report["faults"] == {}
    assert report["signaledMs"]["p50"] > 0
    assert report["connectedMs"]["p50"] > report["signaledMs"]["p50"]
    assert report["failures"]["turned away"] == 0


async def test_a_matcher_that_matches_a_ticket_twice_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches = Wishes._match  # noqa: SLF001  the bug is put where matches are made

    def twice(self: Wishes, one: tuple[Peer, Asked], other: tuple[Peer, Asked], now: float) -> None:
        forgotten = other[0].wish
        matches(self, one, other, now)
        if forgotten is not None and self._counts["matched"] % 5 == 0:
            other[0].wish = forgotten  # it still stands in the pool, as if nobody had been given to it
            self._waiting[forgotten.join.mode] += 1
            self._pool.put(other[0].id, forgotten.keys)

    monkeypatch.setattr(Wishes, "_match", twice)
    async with House.open(service=calm) as house:
        options = "--peers 40 --arrive 40 --talk 2 --for 6 --lost-after 15"
        code, report, said = await crowd(house.url, tmp_path, *options.split())
    assert code == 1, said
    assert report["doubleMatches"] > 0
    assert "one ticket was matched into two sessions (double match)" in said


async def test_a_matcher_that_forgets_a_wish_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for ever: others come, and are given to each other."""
    seeks, forgotten = Wishes.seek, list[Peer]()

    def forgetful(self: Wishes, peer: Peer, now: float) -> None:
        if not forgotten:
            forgotten.append(peer)
        if peer is not forgotten[0]:
            seeks(self, peer, now)

    monkeypatch.setattr(Wishes, "seek", forgetful)
    async with House.open(service=calm) as house:
        options = "--peers 30 --arrive 30 --talk 1.5 --tags 0 --for 16 --lost-after 6"
        code, report, said = await crowd(house.url, tmp_path, *options.split())
    assert code == 1, said
    assert report["lostWaiters"] in {1, 2}, "the forgotten one, and at the end perhaps one who waits beside it"
    assert "a peer was left waiting beside somebody who fits" in said


async def test_who_is_ended_early_parts_in_order_and_tells_what_there_was(tmp_path: Path) -> None:
    """Ctrl-C."""
    async with House.open(service=calm) as house:
        process = await asyncio.create_subprocess_exec(
            COMMAND,
            *("crowd", house.url, "--peers", "20", "--for", "600", "--json", str(tmp_path / "crowd.json")),
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120"},
        )
        assert process.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            while b"everybody is here" not in (line := await process.stdout.readline()):
                assert line, "it ended by itself"
            process.send_signal(2)
            said = (await process.stdout.read()).decode()
            await process.wait()
        lobby = house.service.stats().lobby
        assert lobby is not None
        assert lobby.here == 0
    assert "broken off early" in said
    assert json.loads((tmp_path / "crowd.json").read_text())["brokenOff"]


async def test_what_is_elsewhere_is_refused(tmp_path: Path) -> None:
    """192.0.2.0/24 is for documentation: nothing is there, and nothing was sent."""
    code, report, said = await crowd("https://192.0.2.1", tmp_path)
    assert code == 2
    assert not report
    assert "--i-own-this" in said
    assert "neither loopback nor a private network" in said
