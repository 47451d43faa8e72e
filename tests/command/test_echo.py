"""`passerby echo`, as a user meets it; what it says to people is in tests/journeys/test_echo.py."""

import asyncio
import signal

import pytest

from stranger import Stranger, events
from tests.command.running import Running

WITHIN_S = 60.0


async def test_once_is_one_talk_and_the_bot_ends_after_it() -> None:
    async with Running.start("up", "--port", "0") as up:
        url = (await up.says(r"http://localhost:\d+/"))[0]
        async with Running.start("echo", url, "--once", "--name", "Old friend", "--tag", "echo") as echo:
            await echo.says(
                r"“Old friend \(a bot\)” looks for whoever is alone at http://localhost:\d+/\. Ctrl-C stops it\."
            )
            async with Stranger(url, nickname="Ana") as ana, ana.meet(tags=["Echo"], within_s=WITHIN_S) as talk:
                assert (talk.nickname, talk.tags) == ("Old friend (a bot)", ("Echo",))
                await talk.say("Bye")
                async with asyncio.timeout(WITHIN_S):
                    told = [event async for event in talk]
            assert told[-1] == events.Over("left")
            assert await echo.ends() == 0
            assert "They have parted." in echo.said
            assert "Ana" not in echo.said


async def test_it_leaves_another_bot_at_once_without_a_word() -> None:
    async with Running.start("up", "--port", "0") as up:
        url = (await up.says(r"http://localhost:\d+/"))[0]
        async with Running.start("echo", url) as echo:
            await echo.says("looks for whoever is alone")
            async with Stranger(url, nickname="Zed (a bot)") as zed, zed.meet(within_s=WITHIN_S) as talk:
                async with asyncio.timeout(WITHIN_S):
                    told = [event async for event in talk]
                assert not any(isinstance(event, events.Heard) for event in told)
            assert await echo.ends(signal.SIGTERM) == 0
            assert "met" not in echo.said
            assert "The bot is gone." in echo.said


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("ftp://localhost",), "starts with none of"),
        (("http://localhost:1", "--name", "x" * 25), "a name has 1 to 24 letters"),
    ],
)
async def test_it_is_told_when_it_was_called_wrongly(arguments: tuple[str, ...], complaint: str) -> None:
    async with Running.start("echo", *arguments, COLUMNS="200") as echo:
        assert await echo.ends() == 2
        assert complaint in echo.said


async def test_where_nobody_answers_that_is_one_clear_line_and_a_failure() -> None:
    async with Running.start("echo", "http://localhost:1") as echo:
        assert await echo.ends() == 1
        assert echo.said.startswith("passerby: nobody lets us in at localhost:1: ")
        assert len(echo.said.splitlines()) == 1
