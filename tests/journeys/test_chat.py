"""Somebody at a terminal and a person at a browser: as lines (`passerby chat --plain`), and as the app."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect
from textual.pilot import Pilot
from textual.widgets import Button

from passerby.chat import shells
from passerby.chat.app import ChatApp
from passerby.chat.conversation import Sent, Spoken
from passerby.chat.guest import Guest
from passerby.chat.state import Phase, Wishes
from stranger.place import read
from tests.command.running import Running
from tests.journeys import pictures
from tests.journeys.browsers import ALLOWED, DEVICES, launched
from tests.journeys.callers import Caller
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.media import gives
from tests.journeys.people import Person
from tests.polling import until

pytestmark = [pytest.mark.timeout(240), pytest.mark.any_broker]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def size_of(picture: Path) -> tuple[int, int]:
    with Image.open(picture) as image:
        return image.size


@asynccontextmanager
async def at_a_terminal(house: House, *more: str | Path) -> AsyncIterator[Running]:
    async with Running.start("chat", house.url, "--plain", "--name", "Ana", *more) as terminal:
        await terminal.says("Type yes")
        await terminal.types("yes")
        await terminal.says("Looking for somebody")
        yield terminal


async def meets_ana(person: Person) -> None:
    await person.start()
    await person.window.shows("heading", re.compile("Talking with Ana"), within_s=30)


# ── as lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_lines_go_both_ways_and_typing_and_topics_are_told(arrive: Arrive, house: House) -> None:
    bo = await arrive("Bo")
    await bo.likes("tea")
    async with at_a_terminal(house, "--tag", "Tea") as ana:
        await meets_ana(bo)
        await ana.says("You met Bo")
        await ana.says("You both like: tea")
        await bo.types("hm")
        await ana.says("Bo is typing")
        await bo.says("Hello over there")
        await ana.says("(?m)^Bo: Hello over there$")
        await ana.types("<b>Two</b> words")
        await bo.reads("<b>Two</b> words")
        await bo.says("one line\nand \u202eanother [b]")
        await ana.says(r"(?m)^Bo: one line\n  \| and another \[b\]$")
        await ana.types("/quit")
        assert await ana.ends() == 0
        await bo.reads("Ana left.")


async def test_both_see_the_same_check_words(arrive: Arrive, house: House) -> None:
    bo = await arrive("Bo")
    async with at_a_terminal(house) as ana:
        await meets_ana(bo)
        theirs = await bo.check_words()
        await ana.types("/words")
        mine = await ana.says(r"(?m)^\* (\w+ \d+ · .*)$")
        assert mine[1].split(" · ") == theirs


async def test_next_parts_and_meets_another(arrive: Arrive, house: House) -> None:
    bo, cy = await arrive("Bo"), await arrive("Cy")
    async with at_a_terminal(house) as ana:
        await meets_ana(bo)
        await ana.types("/next")
        await bo.reads("Ana left.")
        await meets_ana(cy)
        await ana.says("You met Cy")
        await cy.press("Next")
        await ana.says(r"\* Cy left\.")
        await ana.types("/stop")
        await ana.says("Who will you meet")


async def test_a_picture_is_written_when_it_is_asked_for_and_not_before(
    arrive: Arrive, house: House, tmp_path: Path
) -> None:
    bo = await arrive("Bo")
    async with at_a_terminal(house, "--save", tmp_path) as ana:
        await meets_ana(bo)
        await gives(bo, ("IMG_2041.jpg", "image/jpeg", pictures.camera_jpeg()))
        await ana.says("Picture 1 from Bo")
        assert files(tmp_path) == []
        await ana.types("/save 1")
        kept = Path((await ana.says(r"(?m)was kept as (.+)$"))[1])
        assert kept.parent == tmp_path
        assert size_of(kept) == (200, 400)
        await ana.types("/quit")
        await ana.ends()
        assert files(tmp_path) == [kept.name]


async def test_a_picture_can_be_sent(arrive: Arrive, house: House, tmp_path: Path) -> None:
    picture = tmp_path / "my picture.jpg"
    write(picture, pictures.camera_jpeg())
    bo = await arrive("Bo")
    async with at_a_terminal(house) as ana:
        await meets_ana(bo)
        await ana.types(f"/image '{picture}'")
        await expect(bo.log.get_by_role("img", name="Picture from Ana, covered")).to_be_visible(timeout=15_000)
        await ana.says("Your picture has arrived")


async def test_who_calls_a_terminal_is_told_no_and_the_talk_goes_on(house: House) -> None:
    async with (
        launched(DEVICES, ALLOWED) as chromium,
        Caller.arrives(chromium, house.url, "Bo") as bo,
        at_a_terminal(house) as ana,
    ):
        await meets_ana(bo)
        await ana.says("You met Bo")
        await bo.rings(video=True)
        await ana.says("Bo would like to call you, with video. A terminal cannot")
        await bo.told("Ana does not want to call just now.")
        await ana.types("Let us write")
        await bo.reads("Let us write")


# ── as an app ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Terminal:
    """The app, and who looks at it."""

    def __init__(self, app: ChatApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def presses(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def reaches(self, reached: Callable[[], object]) -> None:
        await until(reached, within_s=30)
        await self.pilot.pause()

    async def is_in(self, phase: Phase) -> None:
        await self.reaches(lambda: self.app.guest.chat.phase is phase)

    def said(self, who: str) -> list[str]:
        talk = self.app.guest.chat.talk
        return [line.text for line in talk.lines if isinstance(line, Spoken) and line.who == who] if talk else []


@asynccontextmanager
async def in_the_app(house: House) -> AsyncIterator[Terminal]:
    app = ChatApp()
    make = shells.maker(read(house.url), shells.trust(insecure=False))
    app.guest = Guest(Wishes(place="here", suggestion="Quiet Otter", name="Ana"), make, app)
    async with app.guest.staying(), app.run_test() as pilot:
        terminal = Terminal(app, pilot)
        await terminal.reaches(lambda: isinstance(app.focused, Button))
        await pilot.press("enter")
        await terminal.is_in(Phase.LOOKING)
        yield terminal
    assert app.broken is app.guest.broken is None


async def test_the_app_talks_with_a_person_and_meets_another(arrive: Arrive, house: House) -> None:
    bo, cy = await arrive("Bo"), await arrive("Cy")
    async with in_the_app(house) as ana:
        await meets_ana(bo)
        await ana.is_in(Phase.TALKING)
        await ana.presses("q", "z")
        await expect(bo.page.get_by_text("Ana is typing…")).to_be_visible()
        await ana.presses("enter")
        await bo.reads("qz")
        await bo.says("Hello [bold]over[/bold] there")
        await ana.reaches(lambda: ana.said("stranger") == ["Hello [bold]over[/bold] there"])
        talk = ana.app.guest.chat.talk
        assert talk is not None
        await ana.reaches(
            lambda: all(line.arrived for line in talk.lines if isinstance(line, Spoken) and line.who == "me")
        )
        await bo.types("hm")
        await ana.reaches(lambda: talk.they_type)
        theirs = await bo.check_words()
        await ana.reaches(lambda: talk.words and [f"{word} {number}" for number, word in talk.words] == theirs)

        await ana.presses("ctrl+n")
        await bo.reads("Ana left.")
        await meets_ana(cy)
        await ana.is_in(Phase.TALKING)
        assert ana.said("me") == ana.said("stranger") == []
        await cy.press("Stop")
        await ana.is_in(Phase.OVER)


async def test_the_app_keeps_a_picture_after_it_showed_where(arrive: Arrive, house: House, tmp_path: Path) -> None:
    bo = await arrive("Bo")
    async with in_the_app(house) as ana:
        ana.app.guest.chat.here = tmp_path
        await meets_ana(bo)
        await gives(bo, ("a.jpg", "image/jpeg", pictures.jpeg()))
        await ana.is_in(Phase.TALKING)
        talk = ana.app.guest.chat.talk
        assert talk is not None
        await ana.reaches(lambda: [line.stand for line in talk.lines if isinstance(line, Sent)] == ["here"])
        await ana.presses("ctrl+s")
        await ana.pilot.pause()
        assert files(tmp_path) == []
        await ana.presses("ctrl+s")
        await ana.reaches(lambda: files(tmp_path))
        assert size_of(tmp_path / files(tmp_path)[0]) == (320, 240)
