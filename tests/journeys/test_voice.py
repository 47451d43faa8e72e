"""Voice notes, from one browser to the other: recorded, heard before they are sent, and really played."""

import asyncio
import json

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.media import heard, live_urls, loudest, records, sends, sent_parcels, two_who_talk
from tests.journeys.people import Person

pytestmark = pytest.mark.timeout(240)


async def plays(person: Person, what: str) -> Locator:
    """Press play, wait until it has gone on, and give what plays."""
    button = person.page.get_by_role("button", name=f"Play {what}")
    player = person.log.locator(".player").filter(has=button)
    audio = await player.locator("audio").element_handle()
    assert audio is not None
    await button.click()
    await person.page.wait_for_function("(audio) => !audio.paused && audio.currentTime > 0.3", arg=audio)
    return person.log.locator(".player").filter(has=person.page.get_by_role("button", name=f"Pause {what}"))


async def microphones(person: Person) -> list[str]:
    return list(await person.page.evaluate("seen.tracks.map((track) => track.readyState)"))


async def test_a_voice_note_is_recorded_heard_sent_and_played_both_ways() -> None:
    async with two_who_talk() as (ana, bo):
        for person, other in ((ana, bo), (bo, ana)):
            await records(person)
            assert await microphones(person) == ["ended"]
            await person.press("Play what you recorded")
            await expect(person.page.get_by_role("button", name="Pause what you recorded")).to_be_visible()
            await person.press("Send it")
            what = f"the voice note from {person.nickname}"
            await expect(other.log.get_by_role("button", name=f"Play {what}")).to_be_visible(timeout=15_000)
            assert await loudest(other.log.locator("audio").last) > 0.05
            playing = await plays(other, what)
            await expect(playing).to_be_visible()
        (told,) = await heard(bo, "parcel")
        assert (told["what"], told["type"], len(told["wave"])) == ("voice", "audio/webm", 64)
        assert 1_000 < told["ms"] < 20_000
        assert max(told["wave"]) > 8
        assert (await sent_parcels(ana)).keys() == {0}
        assert (await live_urls(ana), await live_urls(bo)) == (2, 2)


async def test_one_plays_at_a_time_and_its_wave_is_a_slider() -> None:
    async with two_who_talk() as (ana, bo):
        for _ in range(2):
            await records(ana, for_s=3)
            await ana.press("Send it")
        play = bo.log.get_by_role("button", name="Play the voice note from Ana")
        await expect(play).to_have_count(2, timeout=15_000)
        await play.nth(0).click()
        pause = bo.log.get_by_role("button", name="Pause the voice note from Ana")
        await expect(pause).to_have_count(1)
        await play.first.click()  # the second: the first is called Pause now
        await bo.page.wait_for_function(
            "[...document.querySelectorAll('audio')].map((audio) => audio.paused).join() === 'true,false'"
        )
        await expect(pause).to_have_count(1)

        slider = bo.log.get_by_role("slider", name="Position in the voice note from Ana").nth(0)
        await slider.focus()
        await bo.page.keyboard.press("PageUp")
        at = await bo.log.locator("audio").nth(0).evaluate("(audio) => audio.currentTime")
        assert 0.1 < at < 3
        assert (await slider.get_attribute("aria-valuetext") or "").startswith("0:0")
        await play.first.click()
        await bo.page.wait_for_function(
            "(at) => { const [audio] = document.querySelectorAll('audio'); return audio.currentTime > at + 0.2; }",
            arg=at,
        )


async def test_holding_the_button_records_until_it_is_let_go() -> None:
    async with two_who_talk() as (ana, bo):
        await ana.page.get_by_role("button", name="Record a voice note").hover()
        await ana.page.mouse.down()
        await expect(ana.page.get_by_role("progressbar", name="How loud you are")).to_be_visible()
        await asyncio.sleep(1.2)  # held
        await ana.page.mouse.up()
        await expect(ana.page.get_by_role("button", name="Send it")).to_be_visible()
        assert await microphones(ana) == ["ended"]
        await ana.press("Delete")
        assert (await sent_parcels(ana), await live_urls(ana)) == ({}, 0)
        await bo.hears_from(ana, "I thought better of it")


async def test_escape_deletes_what_is_being_recorded_and_does_not_mean_next() -> None:
    async with two_who_talk() as (ana, bo):
        await ana.press("Record a voice note")
        await expect(ana.page.get_by_role("progressbar", name="How loud you are")).to_be_visible()
        await ana.page.get_by_role("button", name="Delete").focus()
        await ana.page.keyboard.press("Escape")
        await expect(ana.page.get_by_role("button", name="Record a voice note")).to_be_visible()
        assert await microphones(ana) == ["ended"]
        await bo.hears_from(ana, "Still here")


async def test_next_while_recording_lets_go_of_the_microphone_and_of_everything() -> None:
    async with two_who_talk() as (ana, bo):
        await records(bo)
        await bo.press("Send it")
        await plays(ana, "the voice note from Bo")
        await ana.press("Record a voice note")
        await expect(ana.page.get_by_role("progressbar", name="How loud you are")).to_be_visible()
        assert await microphones(ana) == ["live"]
        audio = await ana.page.locator("audio").element_handle()
        assert audio is not None
        await ana.press("Next")
        await ana.sees("waiting")
        assert (await microphones(ana), await live_urls(ana)) == (["ended"], 0)
        assert await audio.evaluate("(audio) => audio.paused")
        await bo.reads("Ana left.")


async def test_why_nothing_can_be_recorded_is_said() -> None:
    async with two_who_talk() as (ana, bo):
        say = "(name) => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name); }; }"
        for name, words in (("NotAllowedError", "was not allowed to listen"), ("NotFoundError", "No microphone")):
            await ana.page.evaluate(say, name)
            await ana.press("Record a voice note")
            await expect(ana.page.get_by_text(words)).to_be_visible()
        await ana.press("Close")
        await expect(ana.page.get_by_text("No microphone")).to_be_hidden()
        await ana.page.evaluate("delete window.MediaRecorder")
        await ana.press("Record a voice note")
        await expect(ana.page.get_by_text("This browser cannot record sound.")).to_be_visible()
        await bo.hears_from(ana, "Then in words")


async def test_what_is_no_sound_is_refused_and_what_cannot_be_played_hurts_nobody() -> None:
    async with two_who_talk() as (ana, bo):
        await sends(ana, 0, b"<script>window.pwned = true</script>", what="voice", type="audio/webm", ms=9_000)
        await bo.reads("A voice note of a kind that is not shown here was refused.")
        assert (await heard(ana, "refuse"))[-1]["why"] == "type"
        broken = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(5_000)
        await sends(ana, 1, broken, what="voice", type="audio/webm", ms=600_000, wave=[31] * 64)
        await bo.log.get_by_role("button", name="Play the voice note from Ana").click()
        await bo.hears_from(ana, "Still here")
        assert json.dumps(await heard(ana, "taken")) == '[{"kind": "taken", "id": 1}]'
        assert await bo.page.evaluate("window.pwned") is None
