"""What is done for somebody at the terminal, against a stranger that is none."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from passerby.chat.conversation import Note
from passerby.chat.guest import Guest
from passerby.chat.state import Phase
from stranger import errors, events, news
from tests.polling import until
from tests.unit.passerby.visitors import FakeFace, FakePlace, FakeTalk, guest, wishes


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


class Scene(NamedTuple):
    place: FakePlace
    face: FakeFace
    guest: Guest

    async def is_in(self, phase: Phase) -> None:
        await until(lambda: self.guest.chat.phase is phase)

    async def meets(self, found: FakeTalk) -> FakeTalk:
        self.place.brings(found)
        await until(lambda: self.guest.chat.talk is not None)
        return found

    def told(self) -> list[str]:
        talk = self.guest.chat.talk
        return [line.text for line in talk.lines if isinstance(line, Note)] if talk else []


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    place, face = FakePlace(), FakeFace()
    one = guest(place, face, wishes(tags=("tea",), languages=("de",), save=tmp_path))
    async with one.staying():
        yield Scene(place, face, one)
    assert place.here == place.looking == 0
    assert one.broken is None


@pytest.fixture
async def looking(scene: Scene) -> Scene:
    scene.guest.enter("yes")
    await scene.is_in(Phase.LOOKING)
    await until(lambda: scene.place.looking)
    return scene


async def test_nothing_is_contacted_before_yes(scene: Scene) -> None:
    scene.guest.enter("hello")
    assert scene.place.nicknames == []
    scene.guest.enter("yes")
    await until(lambda: scene.place.nicknames == ["Ana"])


async def test_it_looks_with_what_was_wished(looking: Scene) -> None:
    assert looking.place.looks == [{"tags": ("tea",), "languages": ("de",), "relay": False}]


async def test_what_is_typed_goes_out_in_its_order(looking: Scene) -> None:
    talk = await looking.meets(FakeTalk())
    looking.guest.type(empty=False)
    for nth in range(20):
        looking.guest.enter(str(nth))
    await until(lambda: len(talk.did) == 21)
    assert talk.did == [("typing", True), *(("say", str(nth)) for nth in range(20))]


async def test_what_comes_is_shown(looking: Scene) -> None:
    talk = await looking.meets(FakeTalk("Bo", ("tea",)))
    talk.tells(events.Heard(0, "hi"), events.Typing(on=True))
    await until(lambda: looking.guest.chat.talk is not None and looking.guest.chat.talk.they_type)


async def test_next_skips_and_looks_again_and_nothing_of_the_old_talk_comes_in(looking: Scene) -> None:
    first = await looking.meets(FakeTalk("Bo"))
    first.tells(events.Heard(9, "too late"))
    looking.guest.enter("/next")
    second = await looking.meets(FakeTalk("Cy"))
    assert first.mood == "skipped"
    second.tells(events.Heard(0, "hi"))
    await until(lambda: looking.guest.chat.talk and len(looking.guest.chat.talk.lines) > 2)
    assert looking.guest.chat.talk is not None
    assert looking.guest.chat.talk.stranger == "Cy"


async def test_who_stops_looking_and_starts_again_looks_once(looking: Scene) -> None:
    for _ in range(3):
        looking.guest.enter("/stop")
        looking.guest.enter("/start")
    await until(lambda: looking.place.looking == 1)
    looking.guest.enter("/stop")
    await until(lambda: looking.place.looking == 0)
    assert looking.guest.chat.phase is Phase.LOBBY


async def test_a_stranger_who_leaves_ends_the_talk_and_can_still_be_reported(looking: Scene) -> None:
    talk = await looking.meets(FakeTalk())
    talk.tells(events.Over("left"))
    talk.ends("left")
    await looking.is_in(Phase.OVER)
    looking.guest.enter("/report spam")
    assert ("report", "spam") in talk.did
    assert "Reported, thank you." in looking.told()


async def test_a_block_parts(looking: Scene) -> None:
    talk = await looking.meets(FakeTalk())
    looking.guest.enter("/report hate block")
    assert talk.did[-2:] == [("report", "hate"), ("blocked",)]
    await looking.is_in(Phase.PARTED)


async def test_a_report_that_comes_too_late_is_said_to_be(looking: Scene) -> None:
    talk = await looking.meets(FakeTalk())
    talk.in_time = False
    looking.guest.enter("/report hate")
    assert any("too long ago" in note for note in looking.told())


async def test_a_picture_is_written_when_it_is_asked_for_and_not_before(looking: Scene, tmp_path: Path) -> None:
    talk = await looking.meets(FakeTalk())
    talk.tells(events.Coming(0, "image", 3), events.Arrived(0, "image", "image/png", b"png"))
    await until(lambda: looking.guest.chat.talk is not None and looking.guest.chat.talk.newest)
    assert files(tmp_path) == []
    looking.guest.enter("/save 1")
    await until(lambda: any("was kept as" in note for note in looking.told()))
    assert (tmp_path / "picture-1.png").read_bytes() == b"png"


async def test_a_picture_goes_and_what_is_none_does_not(looking: Scene, tmp_path: Path) -> None:
    talk = await looking.meets(FakeTalk())
    (tmp_path / "one.png").write_bytes(b"image")
    (tmp_path / "two.txt").write_bytes(b"text")
    for name in ("one.png", "two.txt", "none.png"):
        looking.guest.enter(f"/image {tmp_path / name}")
    await until(
        lambda: len([note for note in looking.told() if "Only pictures" in note or "No such file" in note]) == 2
    )
    assert talk.did == [("image", b"image")]


async def test_a_call_is_declined(looking: Scene) -> None:
    talk = await looking.meets(FakeTalk())
    talk.tells(events.Rang(video=False))
    await until(lambda: ("hang up",) in talk.did)


async def test_a_ban_in_a_talk_ends_it_and_is_shown(looking: Scene) -> None:
    talk = await looking.meets(FakeTalk())
    looking.place.trouble = errors.ShutOut("skips", 3_600, "abcd", None)
    talk.ends("banned")
    await looking.is_in(Phase.BANNED)
    assert looking.guest.chat.talk is None


async def test_a_ban_in_the_lobby_is_shown_too(looking: Scene) -> None:
    looking.guest.enter("/stop")
    looking.place.trouble = errors.ShutOut("skips", 3_600, "abcd", None)
    await looking.is_in(Phase.BANNED)


async def test_after_a_ban_one_comes_back_as_somebody_new(looking: Scene) -> None:
    looking.place.brings(errors.ShutOut("pace", 0, "abcd", None))
    await looking.is_in(Phase.BANNED)
    looking.guest.enter("/start")
    await until(lambda: len(looking.place.nicknames) == 2)
    await looking.is_in(Phase.LOOKING)
    assert looking.place.here == 1


async def test_somebody_in_between_is_an_alarm(looking: Scene) -> None:
    looking.place.brings(errors.Intruder("key"))
    await looking.is_in(Phase.ALARM)


async def test_a_place_that_is_not_there_is_told(scene: Scene) -> None:
    scene.place.closed = errors.Away("nobody lets us in at example.org")
    scene.guest.enter("yes")
    await scene.is_in(Phase.STOPPED)


async def test_news_are_heard(looking: Scene) -> None:
    looking.place.watch(news.Found())
    assert looking.guest.chat.phase is Phase.CONNECTING


async def test_who_leaves_says_goodbye() -> None:
    place, face = FakePlace(), FakeFace()
    one = guest(place, face)
    talk = FakeTalk()
    async with one.staying():
        one.enter("yes")
        place.brings(talk)
        await until(lambda: one.chat.talk is not None)
        one.enter("bye")
        one.enter("/quit")
        assert face.ended
        await one.sent()
    assert talk.did == [("say", "bye"), ("left",)]
    assert place.here == 0


async def test_what_breaks_is_told_by_its_kind_alone() -> None:
    place, face = FakePlace(), FakeFace()
    one = guest(place, face)

    class Broken(FakeTalk):
        async def say(self, text: str) -> int:
            raise RuntimeError(f"could not say {text}")

    async with one.staying():
        one.enter("yes")
        place.brings(Broken())
        await until(lambda: one.chat.talk is not None)
        one.enter("a secret")
        await until(lambda: face.ended)
    assert one.broken == "RuntimeError"
