"""The chat as an app, driven by its keys, at the sizes of terminals."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Static

from passerby.chat import look
from passerby.chat.app import ChatApp
from passerby.chat.dialogs import Report, Words
from passerby.chat.guest import Guest
from passerby.chat.state import Phase, Wishes
from passerby.chat.talkview import Box, LineView
from stranger import errors, events
from tests.polling import until
from tests.unit.passerby.visitors import FakePlace, FakeTalk, wishes

SIZES = [(80, 24), (120, 40), (40, 20)]


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


class Scene:
    def __init__(self, place: FakePlace, app: ChatApp, pilot: Pilot[None]) -> None:
        self.place, self.app, self.pilot = place, app, pilot

    async def presses(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def sees(self, text: str) -> None:
        await self.becomes(lambda: text in self.shown)

    async def becomes(self, reached: Callable[[], object]) -> None:
        await until(reached)
        await self.pilot.pause()

    @property
    def shown(self) -> str:
        """All that can be read on the screen, also what is scrolled out of it."""
        parts = [part for part in self.app.screen.query(Static) if part.is_on_screen or isinstance(part, LineView)]
        return "\n".join(str(part.render()) for part in parts)

    async def meets(self, talk: FakeTalk) -> FakeTalk:
        self.place.brings(talk)
        await self.sees(f"You met {talk.nickname}")
        return talk


@asynccontextmanager
async def opened(size: tuple[int, int] = (80, 24), wished: Wishes | None = None) -> AsyncIterator[Scene]:
    place, app = FakePlace(), ChatApp()
    guest = app.guest = Guest(wished or wishes(), place.make, app)
    async with guest.staying(), app.run_test(size=size) as pilot:
        yield Scene(place, app, pilot)
    assert place.here == place.looking == 0
    assert app.broken is guest.broken is None


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with opened() as one:
        await one.becomes(lambda: isinstance(one.app.focused, Button))
        await one.presses("enter")
        await one.sees("Looking for somebody")
        yield one


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_is_contacted_before_yes_at_any_size(size: tuple[int, int]) -> None:
    async with opened(size) as scene:
        await scene.sees("Somebody is passing by")
        assert scene.place.nicknames == []
        await scene.becomes(lambda: isinstance(scene.app.focused, Button))
        await scene.presses("enter")
        await scene.becomes(lambda: scene.place.nicknames == ["Ana"])


async def test_a_name_is_asked_for_and_one_is_suggested() -> None:
    async with opened(wished=wishes(name="")) as scene:
        await scene.becomes(lambda: isinstance(scene.app.focused, Button))
        await scene.presses("enter")
        await scene.sees("Your name for today")
        await scene.presses("C", "y", "enter")
        await scene.becomes(lambda: scene.place.nicknames == ["Cy"])


async def test_all_of_a_talk_by_keys(scene: Scene) -> None:
    talk = await scene.meets(FakeTalk("Bo", ("tea",)))
    await scene.presses("h", "i")
    await scene.becomes(lambda: talk.did == [("typing", True)])
    await scene.presses("ctrl+j", "y", "o", "u", "enter")
    await scene.becomes(lambda: talk.did[-1] == ("say", "hi\nyou"))
    assert scene.app.query_one(Box).text == ""
    await scene.sees("you  …")
    talk.tells(events.Got(0), events.Heard(0, "hello"), events.Typing(on=True))
    await scene.sees("you  ✓")
    await scene.sees("Bo is typing…")
    await scene.presses("ctrl+n")
    await scene.sees("Looking for somebody")
    assert talk.mood == "skipped"
    assert len(scene.app.query(LineView)) == 0


async def test_markup_and_escapes_of_a_strangers_are_letters(scene: Scene) -> None:
    talk = await scene.meets(FakeTalk("[red]Bo[/]", ("[b]tea",)))
    talk.tells(events.Heard(0, "[bold]loud[/bold] [@click=app.quit]x[/] \x1b[31m [/nonsense"))
    await scene.sees("[bold]loud[/bold] [@click=app.quit]x[/] [31m [/nonsense")
    await scene.sees("[red]Bo[/]")


async def test_check_words_open_come_and_close(scene: Scene) -> None:
    talk = await scene.meets(FakeTalk())
    await scene.presses("ctrl+o")
    await scene.sees("still agreeing on the words")
    talk.tells(events.Words((13, 202, 93, 217), ("bamboo", "shadow", "hazel", "summer")))
    await scene.sees("bamboo 13 · shadow 202 · hazel 93 · summer 217")
    await scene.presses("escape")
    await scene.becomes(lambda: not isinstance(scene.app.screen, Words))


async def test_a_report_by_keys(scene: Scene) -> None:
    talk = await scene.meets(FakeTalk())
    await scene.presses("ctrl+r")
    await scene.becomes(lambda: isinstance(scene.app.screen, Report))
    await scene.presses("down", "down", "enter", "tab", "enter")
    await scene.becomes(lambda: talk.did == [("report", "harassment"), ("blocked",)])
    await scene.sees("You two will not meet again")


async def test_a_picture_is_kept_by_a_key_after_the_folder_was_shown(scene: Scene, tmp_path: Path) -> None:
    scene.app.guest.chat.here = tmp_path
    talk = await scene.meets(FakeTalk())
    talk.tells(events.Coming(0, "image", 5), events.Arrived(0, "image", "image/png", b"png"))
    await scene.sees("/save 1 keeps it")
    await scene.presses("ctrl+s")
    await scene.sees("You are in")
    assert files(tmp_path) == []
    await scene.presses("ctrl+s")
    await scene.sees("was kept as")
    assert files(tmp_path) == ["picture-1.png"]


async def test_who_leaves_is_told_of_and_the_next_talk_begins_empty(scene: Scene) -> None:
    talk = await scene.meets(FakeTalk("Bo"))
    talk.tells(events.Heard(0, "something private"), events.Over("left"))
    talk.ends("left")
    await scene.sees("Bo left.")
    await scene.presses("ctrl+n")
    await scene.meets(FakeTalk("Cy"))
    assert "private" not in scene.shown
    assert "Bo" not in scene.shown


async def test_a_ban_and_an_alarm_have_screens(scene: Scene) -> None:
    talk = await scene.meets(FakeTalk())
    talk.tells(events.Alarm("key"))
    talk.ends("failed")
    await scene.sees("Somebody may be sitting between you")
    scene.place.trouble = errors.ShutOut("skips", 3_600, "abcd", "ana@example.org")
    await scene.sees("ana@example.org")


async def test_what_was_half_written_is_gone_with_the_talk(scene: Scene) -> None:
    talk = await scene.meets(FakeTalk("Bo"))
    await scene.presses(*"secret")
    talk.tells(events.Alarm("key"))
    talk.ends("failed")
    await scene.sees("Somebody may be sitting between you")
    assert scene.app.query_one(Box).text == ""


async def test_what_was_written_in_one_talk_cannot_be_brought_back_in_the_next(scene: Scene) -> None:
    await scene.meets(FakeTalk("Bo"))
    await scene.presses(*"said", "enter", *"half")
    await scene.presses("ctrl+n")
    await scene.meets(FakeTalk("Cy"))
    for _ in range(4):
        await scene.presses("ctrl+z")
        assert scene.app.query_one(Box).text == ""


async def test_stop_and_leave_by_keys(scene: Scene) -> None:
    talk = await scene.meets(FakeTalk())
    await scene.presses("ctrl+t")
    await scene.sees("Who will you meet?")
    assert talk.mood == "left"
    await scene.presses("ctrl+q")
    await scene.becomes(lambda: not scene.app.is_running)


async def test_a_crash_prints_nothing_of_the_talk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Textual itself would print every variable that it finds on the way."""
    place, app = FakePlace(), ChatApp()
    guest = app.guest = Guest(wishes(), place.make, app)
    talk = FakeTalk()
    place.brings(talk)

    def breaks(*_: object) -> None:
        raise RuntimeError("of a secret")

    async def chats() -> None:
        async with guest.staying(), app.run_test() as pilot:
            guest.enter("yes")
            await until(lambda: guest.chat.phase is Phase.TALKING)
            await pilot.pause()
            monkeypatch.setattr(LineView, "look", breaks)
            talk.tells(events.Heard(0, "a secret"))
            await until(lambda: not app.is_running)

    with pytest.raises(RuntimeError):  # the pilot's own: it raises what the app has met
        await chats()
    assert app.broken == "RuntimeError"
    told = capsys.readouterr()
    assert "secret" not in told.out + told.err
    assert vars(app)["_exit_renderables"] == []  # what textual prints when it is over


@pytest.mark.parametrize(("ground", "theme"), [("0;15", look.DAY), ("15;0", look.EVENING), ("", look.EVENING)])
def test_it_is_light_where_the_terminal_says_that_it_is(ground: str, theme: str) -> None:
    assert look.theme_for({"COLORFGBG": ground}) == theme


async def test_light_and_dark_change_by_a_key(scene: Scene) -> None:
    before = scene.app.theme
    await scene.presses("ctrl+l")
    assert {before, scene.app.theme} == {look.DAY, look.EVENING}
