"""Firefox meets Firefox, and Chromium Firefox: they call each other, and send pictures and voice notes."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.journeys.browsers import ALLOWED, DEVICES, launched
from tests.journeys.callers import ARRIVED, WATCH
from tests.journeys.conftest import Pair
from tests.journeys.people import Person
from tests.journeys.pictures import camera_jpeg
from tests.journeys.seeing import LAST_PICTURE, PLAYED, elapsed_s, until
from tests.journeys.shaking import talk


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with launched(DEVICES, ALLOWED) as browser:
        yield browser


# Presses a button of the look at oneself; in the head of the talk there is one of the same name.
GOES = """((name) => {
  const buttons = [...document.querySelectorAll(".preview button:not(:disabled)")];
  const go = buttons.find((button) => button.textContent.includes(name));
  go?.click();
  return go !== undefined;
})"""


async def goes(person: Person, name: str) -> None:
    await until(person, f"{GOES}({json.dumps(name)})", lambda gone: gone is True)


async def test_they_call_with_video_see_and_hear_each_other_and_go_on_writing(pair: Pair) -> None:
    async with talk(pair, "embedded", "offer", script=WATCH) as (ana, bo):
        for one, other in ((ana, bo), (bo, ana)):
            await one.press("Call with video")
            await goes(one, "Call with video")
            await other.window.shows("heading", f"{one.nickname} would like to call you, with video")
            await other.press("Answer…")
            await goes(other, "Answer with video")
            for person in (ana, bo):
                await until(person, f"({ARRIVED})()", lambda now: now["frames"] > 20 and now["samples"] > 24_000)  # type: ignore[index]
            await other.hears_from(one, f"I see you, says {one.nickname}")
            await one.press("Hang up")
            for person in (ana, bo):
                await person.window.hides("button", "Hang up")
                await until(
                    person, "opened.filter((track) => track.readyState === 'live').length", lambda live: live == 0
                )
        await ana.hears_from(bo, "And still here")
        assert ana.errors == bo.errors == []


async def test_they_send_each_other_pictures_the_right_way_up_covered_until_shown(pair: Pair, tmp_path: Path) -> None:
    file = tmp_path / "camera.jpg"
    file.write_bytes(camera_jpeg(400, 200))
    async with talk(pair, "embedded", "mirror") as (ana, bo):
        for one, other in ((ana, bo), (bo, ana)):
            await one.chooses("Send a picture", file)
            await other.press("Show the picture")
            await until(other, LAST_PICTURE, lambda size: size == [200, 400])
        assert ana.errors == bo.errors == []


async def test_they_send_each_other_voice_notes_and_play_them(pair: Pair) -> None:
    async with talk(pair, "embedded", "mirror", script=PLAYED) as (ana, bo):
        for one, other in ((ana, bo), (bo, ana)):
            await one.window.click("button", "Record a voice note")
            await one.window.shows("button", "Stop recording")
            await until(one, "performance.now()", elapsed_s(1.5))
            await one.press("Stop recording")
            await one.press("Send it")
            await other.press(f"Play the voice note from {one.nickname}")
            await until(other, "window.played.filter((seconds) => seconds > 1).length", lambda count: count == 1)
        assert ana.errors == bo.errors == []
