"""A talk of the bot's, with a talk that is made up: what it says when, and how it ends."""

import asyncio
import random
from typing import Any

import pytest

from passerby.echo import answers, conversation
from passerby.echo.conversation import DEEDS_MOST, Conversation
from stranger import events
from stranger.errors import Ended
from stranger.parcels.goods import Goods
from tests.polling import until


class MadeUp:
    """A talk in which everything that is said has arrived at once."""

    def __init__(self) -> None:
        self.nickname = "Ana"
        self.words = ("one", "two", "three", "four")
        self.audio = self.video = None
        self.over = False
        self.done: list[Any] = []
        self._come: asyncio.Queue[events.Event | None] = asyncio.Queue()

    @property
    def said(self) -> list[str]:
        return [each for each in self.done if isinstance(each, str)]

    def __aiter__(self) -> "MadeUp":
        return self

    async def __anext__(self) -> events.Event:
        event = await self._come.get()
        if event is None:
            raise StopAsyncIteration
        return event

    def tell(self, *come: events.Event) -> None:
        for event in come:
            self._come.put_nowait(event)

    async def typing(self) -> None:
        if self.over:
            raise Ended("over")
        self.done.append(events.Typing(on=True))

    async def say(self, text: str) -> int:
        if self.over:
            raise Ended("over")
        nth = len(self.said)
        self.done.append(text)
        self.tell(events.Got(nth))
        return nth

    def send(self, goods: Goods) -> None:
        self.done.append(goods)

    async def send_image(self, data: bytes) -> None:
        self.done.append(data)

    async def accept(self) -> None:
        self.done.append("accept")

    async def ring(self, *, video: bool) -> None:
        self.done.append(("ring", video))

    async def hang_up(self) -> None:
        self.done.append("hang up")

    def leave(self) -> None:
        if not self.over:
            self.over = True
            self.done.append(events.Over("left"))
            self._come.put_nowait(None)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "pause_s", lambda _text, _dice: 0.0)
    monkeypatch.setattr(conversation, "RINGING_S", 0.0)


def begin(talk: MadeUp, silence_s: float = 60.0) -> "asyncio.Task[None]":
    made: Any = talk
    return asyncio.create_task(Conversation(made, random.Random(1), silence_s=silence_s).run())


async def test_it_greets_answers_each_thing_in_its_turn_after_typing_and_leaves_when_asked_to() -> None:
    talk = MadeUp()
    running = begin(talk)
    note = events.Arrived(1, "voice", "audio/webm", b"sound", 900, (1, 2))
    talk.tell(events.Heard(0, "A line"), events.Arrived(0, "image", "image/png", b"seen"), note)
    await until(lambda: len(talk.done) >= 12)
    talk.tell(events.Heard(1, "bye"))
    async with asyncio.timeout(10):
        await running
    typing = events.Typing(on=True)
    assert talk.done == [
        *(each for deed in answers.GREETING for each in (typing, deed.text)),
        typing,
        "“A line”, says the echo.",
        typing,
        answers.CAME["image"].text,
        b"seen",
        typing,
        answers.CAME["voice"].text,
        Goods("voice", "audio/webm", b"sound", 900, (1, 2)),
        typing,
        "Bye! It was nice to talk with you.",
        events.Over("left"),
    ]


async def test_who_says_nothing_for_long_is_asked_and_then_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "LEAVE_S", 0.2)
    talk = MadeUp()
    running = begin(talk, silence_s=0.2)
    async with asyncio.timeout(10):
        await running
    asked, bye = answers.STILL_THERE[0].text, answers.TOO_LONG[0]
    assert isinstance(bye, answers.Say)
    assert talk.said[-2:] == [asked, bye.text]
    assert talk.over


async def test_who_answers_that_question_is_not_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "LEAVE_S", 60)
    talk = MadeUp()
    running = begin(talk, silence_s=0.3)
    for _ in range(2):
        talk.done.clear()
        await until(lambda: answers.STILL_THERE[0].text in talk.said)
        talk.tell(events.Heard(0, "Yes"))
    assert not talk.over
    talk.leave()
    await running


async def test_who_says_too_much_at_once_is_told_so_once_and_it_does_not_pile_up() -> None:
    talk = MadeUp()
    running = begin(talk)
    talk.tell(*(events.Heard(nth, f"line {nth}") for nth in range(200)))
    await until(lambda: answers.TOO_MANY.text in talk.said)
    talk.tell(events.Heard(200, "the last"))
    await until(lambda: any("the last" in line for line in talk.said))
    assert talk.said.count(answers.TOO_MANY.text) < 200 / DEEDS_MOST
    talk.leave()
    await running


async def test_it_takes_a_call_and_calls_when_asked_to_and_does_not_ask_who_is_there_meanwhile() -> None:
    talk = MadeUp()
    running = begin(talk, silence_s=0.3)
    talk.tell(events.Rang(video=True))
    await until(lambda: "accept" in talk.done)
    talk.tell(events.Called(video=True))
    await until(lambda: answers.CALLED[True][0].text in talk.said)
    asked = talk.said.count(answers.STILL_THERE[0].text)
    talk.tell(events.HungUp("ended"), events.Heard(0, "video call"))
    await until(lambda: ("ring", True) in talk.done)
    assert talk.said.count(answers.STILL_THERE[0].text) == asked
    talk.leave()
    await running


async def test_stopped_in_the_midst_of_it_it_says_goodbye() -> None:
    talk = MadeUp()
    running = begin(talk)
    await until(lambda: talk.said)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert talk.said[-1] == answers.STOPPED
    assert talk.done[-1] == events.Over("left")
