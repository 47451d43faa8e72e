"""`passerby chat` as it is started: on a terminal of its own, on pipes, and wrongly."""

import asyncio
import os
import pty
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.command.running import COMMAND, Running
from tests.polling import until

NOWHERE = "http://localhost:9"


class Screen:
    """A terminal: what the command writes to it, and what is typed."""

    def __init__(self, leader: int, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self._leader = leader
        self._said = b""
        os.set_blocking(leader, False)

    @property
    def said(self) -> str:
        try:
            while data := os.read(self._leader, 65_536):
                self._said += data
        except OSError:  # nothing more just now, or for good
            pass
        return self._said.decode(errors="replace")

    def types(self, keys: str) -> None:
        os.write(self._leader, keys.encode())

    async def ends(self) -> int:
        await until(lambda: self.said and self.process.returncode is not None, within_s=30)
        return await self.process.wait()


@asynccontextmanager
async def on_a_terminal(*arguments: str) -> AsyncIterator[Screen]:
    leader, follower = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(str(COMMAND), "chat", *arguments),
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
    )
    os.close(follower)
    try:
        yield Screen(leader, process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        os.close(leader)


async def test_on_a_terminal_it_is_an_app_and_leaves_the_screen_as_it_was() -> None:
    async with on_a_terminal(NOWHERE) as screen:
        await until(lambda: "Somebody is passing by" in screen.said and "Come in" in screen.said, within_s=30)
        assert "\x1b[?1049h" in screen.said
        screen.types("\x11")  # ^Q
        assert await screen.ends() == 0
        after = screen.said.split("\x1b[?1049l")[-1]
        assert "Somebody" not in after


async def test_on_pipes_it_is_lines_and_nothing_is_contacted_before_yes() -> None:
    async with Running.start("chat", NOWHERE) as chat:
        await chat.says("Nothing is contacted before you say yes")
        await chat.types("no")
        assert await chat.ends() == 0
        assert "\x1b" not in chat.said
        assert "Coming in" not in chat.said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["localhost"], "it starts with none of"),
        (["--name", "x" * 33], "a name has 1 to 32 letters"),
        (["--language", "english, please"], "two or three letters"),
        (["--save", "/nowhere/at/all"], "does not exist"),
    ],
)
async def test_it_says_what_is_wrong_with_how_it_was_called(arguments: list[str], told: str) -> None:
    async with Running.start("chat", *arguments) as chat:
        assert await chat.ends() == 2
        assert told in " ".join(chat.said.replace("│", " ").split())
