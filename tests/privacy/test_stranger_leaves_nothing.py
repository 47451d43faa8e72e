"""Two strangers in a process of their own talk with everything logged: nothing of it is written, logged or printed.

Python itself tells of each file that is opened (PEP 578), also by libraries; the logs of all of them are on, at their
most talkative, on the standard error of that process.
"""

import asyncio
import sys

from tests.journeys.house import House

CANARIES = ("Nightjar", "Wren", "a line that nobody else may read")

SCRIPT = """
import asyncio, logging, os, sys

written = []

def watch(event, args):
    if event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        written.append(str(args[0]))
    elif event in ("os.mkdir", "os.rename", "os.symlink", "os.link", "sqlite3.connect", "tempfile.mkstemp"):
        written.append(event)

from stranger import Stranger, events

async def side(url, nickname, line):
    async with Stranger(url, nickname) as me, me.meet() as talk:
        await talk.say(line)
        async for event in talk:
            if isinstance(event, events.Heard):
                assert event.text == line
                await asyncio.sleep(0.2)
                return

async def main(url, one, other, line):
    await asyncio.gather(side(url, one, line), side(url, other, line))

logging.basicConfig(level=logging.DEBUG)
sys.addaudithook(watch)
asyncio.run(main(*sys.argv[1:]))
assert written == [], written
"""


async def test_nothing_of_a_talk_is_written_logged_or_printed() -> None:
    async with House.open() as house, asyncio.timeout(60):
        arguments = (sys.executable, "-c", SCRIPT, house.url, *CANARIES)
        process = await asyncio.create_subprocess_exec(
            *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert out == b""
    said = [line for line in err.decode().splitlines() if "Using selector" not in line]
    assert said == []
