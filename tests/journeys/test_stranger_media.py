"""A stranger of Python's and a person at a browser send each other pictures and voice notes."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import av
import pytest
from PIL import Image
from playwright.async_api import Browser

from stranger import events, voice
from stranger.parcels.goods import Goods
from tests.journeys.browsers import ALLOWED, DEVICES, launched
from tests.journeys.firefox.windows import Firefox
from tests.journeys.pictures import GPS, camera_jpeg
from tests.journeys.seeing import LAST_PICTURE, PLAYED, elapsed_s, until
from tests.journeys.strangers import talking

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with launched(DEVICES, ALLOWED) as browser:
        yield browser


@pytest.fixture(params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Browser | Firefox:
    found: Browser | Firefox = request.getfixturevalue(request.param)
    return found


async def test_pictures_go_both_ways_and_nothing_that_a_camera_wrote_beside_them(
    browser: Browser | Firefox, tmp_path: Path
) -> None:
    file = tmp_path / "camera.jpg"
    file.write_bytes(camera_jpeg(400, 200))
    async with talking(browser) as (_, ana, bo):
        await bo.chooses("Send a picture", file)
        came = await ana.hears(events.Arrived)
        picture = Image.open(io.BytesIO(came.data))
        assert (came.nth, came.what, picture.size) == (0, "image", (200, 400))
        assert GPS not in picture.getexif()
        await bo.reads("arrived")
        nth = await ana.talk.send_image(camera_jpeg(600, 300))
        await bo.press("Show the picture")
        await until(bo, LAST_PICTURE, lambda size: size == [300, 600])
        await ana.hears(events.Taken, lambda taken: taken.nth == nth)


async def test_voice_notes_go_both_ways_and_play(browser: Browser | Firefox) -> None:
    async with talking(browser, script=PLAYED) as (_, ana, bo):
        await bo.window.click("button", "Record a voice note")
        await bo.window.shows("button", "Stop recording")
        await until(bo, "performance.now()", elapsed_s(1.5))
        await bo.press("Stop recording")
        await bo.press("Send it")
        came = await ana.hears(events.Arrived)
        assert (came.what, len(came.wave)) == ("voice", 64)
        assert came.ms is not None
        assert abs(_lasts_ms(came.data) - came.ms) < 500
        nth = ana.talk.send(voice.tone(2.0))
        await bo.press("Play the voice note from Ana")
        await until(bo, "window.played.filter((seconds) => seconds > 1.5).length", lambda count: count == 1)
        await ana.hears(events.Taken, lambda taken: taken.nth == nth)


async def test_what_the_other_does_not_take_is_told(browser: Browser | Firefox) -> None:
    async with talking(browser) as (_, ana, bo):
        moving = io.BytesIO()
        frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
        frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:])
        nth = ana.talk.send(Goods("image", "image/webp", moving.getvalue()))
        assert (await ana.hears(events.Refused)) == events.Refused(nth, "type")
        await bo.reads("of a kind that is not shown")
        await ana.talk.say("Still here")
        await bo.reads("Still here")


def _lasts_ms(data: bytes) -> float:
    with av.open(io.BytesIO(data), "r") as container:
        return sum(float(frame.samples) / frame.sample_rate * 1_000 for frame in container.decode(audio=0))
