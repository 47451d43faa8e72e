"""The chat as lines."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable

import pytest

from passerby.chat import plain
from stranger import events
from tests.polling import until
from tests.unit.passerby.visitors import FakePlace, FakeTalk, wishes


class Typist:
    """Types lines into a chat, and reads what it prints."""

    def __init__(self) -> None:
        self.place = FakePlace()
        self.out = io.StringIO()
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()

    def types(self, *lines: str | None) -> None:
        for line in lines:
            self._queue.put_nowait(line)

    async def reads(self, text: str) -> None:
        await until(lambda: text in self.out.getvalue())

    @property
    def lines(self) -> list[str]:
        return self.out.getvalue().splitlines()

    def queue(self, _: object) -> asyncio.Queue[str | None]:
        return self._queue


@pytest.fixture
async def typist(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Typist]:
    one = Typist()
    monkeypatch.setattr(plain, "_read", one.queue)
    chat = asyncio.create_task(plain.chat(wishes(), one.place.make, io.StringIO(), one.out))
    await one.reads("Type yes")
    yield one
    one.types(None)
    guest = await asyncio.wait_for(chat, 10)
    assert guest.broken is None


@pytest.fixture
async def talk(typist: Typist) -> FakeTalk:
    one = FakeTalk("Bo", ("tea",))
    typist.types("yes")
    typist.place.brings(one)
    await typist.reads("You met Bo")
    return one


async def test_it_says_first_what_is_to_be_known(typist: Typist) -> None:
    text = typist.out.getvalue()
    for part in ("Somebody is passing by", "They can record what you say", "18 years or older", "Nothing is contacted"):
        assert part in text
    assert typist.place.nicknames == []


async def test_lines_go_both_ways_and_mine_are_not_printed_again(typist: Typist, talk: FakeTalk) -> None:
    talk.tells(events.Heard(0, "hello"), events.Got(0))
    await typist.reads("Bo: hello")
    typist.types("hi there")
    await until(lambda: ("say", "hi there") in talk.did)
    assert "hi there" not in typist.out.getvalue()
    assert typist.lines.count("Bo: hello") == 1


async def test_no_line_of_a_strangers_can_be_taken_for_one_of_ours(typist: Typist, talk: FakeTalk) -> None:
    talk.tells(events.Heard(0, "one\n* Bo left.\x1b[2J\r\n* two"))
    await typist.reads("| * two")
    assert typist.lines[-3:] == ["Bo: one", "  | * Bo left.[2J", "  | * two"]


async def test_typing_is_told_once_until_they_say_something(typist: Typist, talk: FakeTalk) -> None:
    talk.tells(events.Typing(on=True), events.Typing(on=False), events.Typing(on=True), events.Heard(0, "hm"))
    await typist.reads("Bo: hm")
    assert typist.lines.count("* Bo is typing…") == 1


async def test_a_picture_is_announced_and_told_how_to_be_kept(typist: Typist, talk: FakeTalk) -> None:
    talk.tells(events.Coming(0, "image", 84_213), events.Arrived(0, "image", "image/png", b"png" * 1_000))
    await typist.reads("/save 1 keeps it")
    assert "* Bo sends picture 1, 84 KB…" in typist.lines


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/help", "/words: show the check words"),
        ("/report", "harassment: Harassment or bullying."),
        ("/words", "One moment"),
        ("/who", "About 20 people are here, 10 of them talking."),
        ("/nxet", "There is no command /nxet"),
    ],
)
async def test_commands_answer_in_lines(typist: Typist, talk: FakeTalk, typed: str, told: str) -> None:
    typist.types(typed)
    await typist.reads(told)
    assert talk.did == []


async def test_check_words_are_told_with_their_numbers(typist: Typist, talk: FakeTalk) -> None:
    talk.tells(events.Words((13, 202, 93, 217), ("bamboo", "shadow", "hazel", "summer")))
    talk.tells(events.Heard(0, "compare?"))
    await typist.reads("compare?")
    typist.types("/words")
    await typist.reads("bamboo 13 · shadow 202 · hazel 93 · summer 217")


async def test_that_time_passes_is_no_news(typist: Typist) -> None:
    typist.types("yes")
    await until(lambda: typist.place.looking)
    typist.types("/who", "/who")
    await until(lambda: typist.out.getvalue().count("About 20 people") >= 2)
    assert typist.lines.count("* Looking for somebody") == 1


async def test_the_end_of_what_is_read_leaves_after_all_is_said(typist: Typist, talk: FakeTalk) -> None:
    typist.types("bye", None)
    await until(lambda: typist.place.here == 0)
    assert talk.did == [("say", "bye"), ("left",)]


async def test_nothing_is_left_running(typist: Typist, talk: FakeTalk) -> None:
    before: Callable[[], int] = lambda: typist.place.here  # noqa: E731  read again and again
    typist.types("/quit")
    await until(lambda: before() == 0)
    assert talk.mood == "left"
