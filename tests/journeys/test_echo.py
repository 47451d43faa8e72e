"""Who tries Passerby alone: the commands of the README, one browser, and the bot."""

import contextlib
import io
import re
import signal
from collections.abc import AsyncIterator

import pytest
from PIL import Image
from playwright.async_api import Browser, Locator, expect

from tests.command.running import Running
from tests.journeys import callers, pictures
from tests.journeys.browsers import ALLOWED, DEVICES, launched
from tests.journeys.media import WATCH, gives, loudest, records, shown
from tests.journeys.people import Person
from tests.journeys.seeing import until
from tests.journeys.test_firefox_media import goes

pytestmark = pytest.mark.timeout(240)
ECHO = "Echo (a bot)"
WITHIN_MS = 30_000


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with launched(DEVICES, ALLOWED) as browser:
        yield browser


@contextlib.asynccontextmanager
async def visiting(browser: Browser, url: str, watch: str = WATCH) -> AsyncIterator[Person]:
    """Have Ana come in, whose microphone beeps, and press Start."""
    context = await browser.new_context(permissions=["camera", "microphone"])
    await context.add_init_script(watch)
    try:
        ana = await Person.arrive(context, url, "Ana")
        await ana.start()
        yield ana
        assert ana.errors == []
    finally:
        await context.close()


async def meets_echo(ana: Person) -> None:
    await ana.window.shows("heading", f"Talking with {ECHO}", within_s=40)
    await ana.reads("I am a bot: a program, no person.")


def pictures_of(ana: Person) -> Locator:
    return ana.log.get_by_role("img", name=f"Picture from {ECHO}, covered")


def notes_of(ana: Person) -> Locator:
    return ana.log.get_by_role("button", name=f"Play the voice note from {ECHO}")


async def test_with_up_and_echo_one_browser_has_a_talk_with_a_picture_and_a_voice_note_returned(
    chromium: Browser,
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        up = await stack.enter_async_context(Running.start("up", "--port", "0"))
        url = (await up.says(r"http://localhost:\d+/"))[0]
        echo = await stack.enter_async_context(Running.start("echo", url))
        await echo.says("looks for whoever is alone")
        ana = await stack.enter_async_context(visiting(chromium, url))
        await meets_echo(ana)

        await ana.says("A line of mine 🐢")
        await expect(ana.log.get_by_text("A line of mine 🐢")).to_have_count(2, timeout=WITHIN_MS)
        await expect(ana.log.get_by_text("arrived")).to_have_count(1)

        await gives(ana, ("IMG_1.jpg", "image/jpeg", pictures.camera_jpeg()))
        await expect(pictures_of(ana)).to_have_count(1, timeout=WITHIN_MS)
        came = Image.open(io.BytesIO(await shown(pictures_of(ana)))).convert("RGB")
        assert came.size == (200, 400)
        assert _reddest(came, (100, 100)) == "red"
        assert _reddest(came, (100, 300)) == "blue"

        await records(ana)
        await ana.press("Send it")
        await expect(notes_of(ana)).to_have_count(1, timeout=WITHIN_MS)
        mine, theirs = ana.log.locator("audio").nth(0), ana.log.locator("audio").nth(1)
        assert await shown(theirs) == await shown(mine)
        assert await loudest(theirs) > 0.05

        await ana.says("a picture, please")
        await expect(pictures_of(ana)).to_have_count(2, timeout=WITHIN_MS)
        await ana.says("voice")
        await expect(notes_of(ana)).to_have_count(2, timeout=WITHIN_MS)
        assert await loudest(ana.log.locator("audio").last) > 0.05

        words = await ana.check_words()
        await ana.says("words")
        await ana.reads(f"I see: {', '.join(word.split()[0] for word in words)}.")

        assert await echo.ends(signal.SIGINT) == 0
        await ana.reads("I have to go: whoever runs me has stopped me. Bye!")
        await ana.reads(f"{ECHO} left.")
        assert "Traceback" not in echo.said + up.said
        for telling in ("Ana", "A line of mine", "127.0.0.1"):
            assert telling not in echo.said


def _reddest(picture: Image.Image, at: tuple[int, int]) -> str:
    pixel = picture.getpixel(at)
    assert isinstance(pixel, tuple)
    return "red" if pixel[0] > 200 > pixel[2] + 150 else "blue" if pixel[2] > 200 > pixel[0] + 150 else str(pixel)


async def test_who_calls_the_bot_sees_and_hears_themselves_and_it_calls_when_asked_to(chromium: Browser) -> None:
    async with contextlib.AsyncExitStack() as stack:
        up = await stack.enter_async_context(Running.start("up", "--port", "0", "--with-echo"))
        url = (await up.says(r"http://localhost:\d+/"))[0]
        ana = await stack.enter_async_context(visiting(chromium, url, callers.WATCH))
        await meets_echo(ana)
        await ana.press("Call with video")
        await goes(ana, "Call with video")
        await ana.reads("We are in a call: what I hear and see I send back")
        await until(ana, f"({callers.ARRIVED})()", lambda now: _gets(now, video=True))
        await ana.press("Hang up")
        await ana.reads("Thank you for the call.")
        before = await ana.page.evaluate(f"({callers.ARRIVED})()")
        await ana.says("Call me!")
        await ana.window.shows("heading", f"{ECHO} would like to call you", within_s=30)
        await ana.press("Answer…")
        await goes(ana, "Answer")
        await ana.reads("We are in a call: what I hear I send back, so you hear yourself.")
        await until(ana, f"({callers.ARRIVED})()", lambda now: _gets(now, video=False, before=before["samples"]))


def _gets(now: object, *, video: bool, before: float = 0) -> bool:
    assert isinstance(now, dict)
    return bool(now["samples"] > before + 24_000 and now["energy"] > 0 and (now["frames"] > 20 or not video))


async def test_a_bot_whose_process_is_killed_is_lost(chromium: Browser) -> None:
    async with contextlib.AsyncExitStack() as stack:
        up = await stack.enter_async_context(Running.start("up", "--port", "0"))
        url = (await up.says(r"http://localhost:\d+/"))[0]
        echo = await stack.enter_async_context(Running.start("echo", url, "--name", "Narcissus"))
        await echo.says("looks for whoever is alone")
        ana = await stack.enter_async_context(visiting(chromium, url))
        await ana.window.shows("heading", "Talking with Narcissus (a bot)", within_s=40)
        await ana.reads("I am a bot: a program, no person.")
        echo.process.kill()
        await ana.window.reads("The connection to Narcissus (a bot) was lost.", inside="log", within_s=40)


async def test_with_echo_comes_to_who_is_alone_leaves_when_asked_and_says_so_when_somebody_else_waits(
    chromium: Browser,
) -> None:
    async with Running.start("up", "--port", "0", "--with-echo") as up:
        url = (await up.says(r"http://localhost:\d+/"))[0]
        await up.says(re.escape(ECHO))
        async with visiting(chromium, url) as ana:
            await meets_echo(ana)
            async with visiting(chromium, url) as bo:
                await ana.reads("Somebody else is waiting just now.")
                await ana.press("Next")
                await ana.window.shows("heading", "Talking with Ana")
                await bo.hears_from(ana, "You are a person!")
                await ana.press("Next")
            for _ in range(2):
                await meets_echo(ana)
                await ana.says("Bye!")
                await ana.reads(f"{ECHO} left.")
                await ana.press("Next")
        assert await up.ends(signal.SIGINT) == 0
        assert "Traceback" not in up.said
