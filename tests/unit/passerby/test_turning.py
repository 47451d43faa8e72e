"""A keys file that is followed while it is in use."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from broker.keys import Keys
from passerby import keys, turning

NOW = 1_800_000_000.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "passerby.keys"
    keys.write(path, keys.draw())
    return path


class Clock:
    """Stands in for the module's time."""

    def __init__(self) -> None:
        self.now = NOW

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(turning, "time", clock)
    return clock


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_turn_is_taken_up_and_taken_up_again_when_it_begins(file: Path, clock: Clock) -> None:
    signing: list[int] = []

    def take(found: Keys, now: float) -> None:
        signing.append(found.seat_keys(now).current)

    async with turning.following(file, keys.read(file), take, look_s=0.01):
        await until(lambda: signing == [1])
        keys.turn(file, NOW, 30)
        await until(lambda: signing == [1, 1])
        clock.now += 31
        await until(lambda: signing == [1, 1, 2])
        keys.turn(file, clock.now, 30)
        await until(lambda: signing == [1, 1, 2, 2])
    assert signing == [1, 1, 2, 2]


async def test_who_starts_between_turn_and_beginning_hears_of_the_beginning(file: Path, clock: Clock) -> None:
    signing: list[int] = []
    found = keys.turn(file, NOW, 30)
    async with turning.following(
        file, found, lambda found, now: signing.append(found.seat_keys(now).current), look_s=0.01
    ):
        clock.now += 31
        await until(lambda: signing == [2])


def test_a_file_that_cannot_be_used_is_said_once_and_changes_nothing(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = keys.read(file)
    watched = turning.KeysFile(file, before)
    assert not watched.look()
    whole = file.read_text()
    for broken in ("", whole[:50], "{}"):
        file.write_text(broken)
        assert not watched.look()
        assert not watched.look()
        assert watched.keys == before
    said = capsys.readouterr().out
    assert said.count("the keys stay as they are") == 3
    assert before.service not in said
    file.unlink()
    assert not watched.look()
    keys.write(file, before)
    turned = keys.turn(file, NOW, 30)
    assert watched.look()
    assert watched.keys == turned
