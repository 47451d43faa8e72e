"""Broker and matcher as processes of their own."""

import signal
from pathlib import Path

import pytest

from tests.command.running import Running
from tests.faults.walkers import Walker, meet


@pytest.fixture
async def keys(tmp_path: Path) -> Path:
    file = tmp_path / "passerby.keys"
    async with Running.start("keys", "new", file) as new:
        assert await new.ends() == 0
    return file


async def test_a_second_matcher_takes_over_from_the_first(keys: Path) -> None:
    async with Running.start("broker", "embedded", "--keys", keys, "--port", "0", "--service-port", "0") as broker:
        up = await broker.says(r"http://127.0.0.1:(\d+)/, the matcher at port (\d+)")
        port, url = int(up[1]), f"mqtt://127.0.0.1:{up[2]}"
        options = ("matcher", "--keys", keys, "--broker", url, "--log-level", "info")
        async with Running.start(*options) as first:
            await first.says("connected to the broker")
            async with Walker.walk(port) as ana, Walker.walk(port) as bo:
                await meet(ana, bo)
                async with Running.start(*options) as second:
                    await second.says("connected to the broker")
                    assert await first.ends() == 3
                    assert "another matcher has taken over" in first.said
                    async with Walker.walk(port) as cy, Walker.walk(port) as dee:
                        await meet(cy, dee)
                    assert await second.ends(signal.SIGTERM) == 0
        assert await broker.ends(signal.SIGTERM) == 0


async def test_a_matcher_with_other_keys_is_not_let_in(keys: Path, tmp_path: Path) -> None:
    async with Running.start("keys", "new", tmp_path / "other.keys") as new:
        assert await new.ends() == 0
    async with Running.start("broker", "embedded", "--keys", keys, "--port", "0", "--service-port", "0") as broker:
        up = await broker.says(r"matcher at port (\d+)")
        url = f"mqtt://127.0.0.1:{up[1]}"
        async with Running.start("matcher", "--keys", tmp_path / "other.keys", "--broker", url) as matcher:
            await matcher.says("no connection to the broker, trying again")
            assert await matcher.ends(signal.SIGTERM) == 0


async def test_without_keys_it_says_how_to_make_them(tmp_path: Path) -> None:
    async with Running.start("matcher") as matcher:
        assert await matcher.ends() == 1
        assert "passerby keys new" in matcher.said
    async with Running.start("matcher", "--keys", tmp_path / "none") as matcher:
        assert await matcher.ends() == 1
        assert "is not there" in matcher.said
