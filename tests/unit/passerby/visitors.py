"""A stranger that is none: what the chat asks of one, noted, and what it is told, made up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

from broker.messages import Counts, Mood, ReportReason
from passerby.chat.guest import Guest, Talk
from passerby.chat.state import Show, Wishes
from stranger import errors, events, news
from stranger.parcels.goods import Unfit


def wishes(name: str = "Ana", **more: Any) -> Wishes:
    return Wishes(place="example.org", suggestion="Quiet Otter", name=name, **more)


class FakeTalk:
    """A talk; `did` is what was asked of it, in order."""

    def __init__(self, nickname: str = "Bo", tags: tuple[str, ...] = (), *, hides: bool = False) -> None:
        self.nickname, self.tags, self.hides = nickname, tags, hides
        self.mood: Mood | None = None
        self.did: list[tuple[object, ...]] = []
        self.in_time = True
        self._events: asyncio.Queue[events.Event | None] = asyncio.Queue()

    def tells(self, *told: events.Event) -> None:
        for event in told:
            self._events.put_nowait(event)

    def ends(self, mood: Mood) -> None:
        self.mood = mood
        self._events.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[events.Event]:
        while (event := await self._events.get()) is not None:
            yield event

    async def say(self, text: str) -> int:
        self.did.append(("say", text))
        return len(self.did)

    async def typing(self, *, on: bool = True) -> None:
        self.did.append(("typing", on))

    async def send_image(self, file: bytes, /) -> int:
        if not file.startswith(b"image"):
            raise Unfit("type")
        self.did.append(("image", file))
        return 0

    def refuse(self, nth: int) -> None:
        self.did.append(("refuse", nth))

    async def hang_up(self) -> None:
        self.did.append(("hang up",))

    def leave(self) -> None:
        self._part("left")

    def skip(self) -> None:
        self._part("skipped")

    def report(self, reason: ReportReason) -> bool:
        self.did.append(("report", reason))
        return self.in_time

    def block(self) -> bool:
        if self.in_time:
            self._part("blocked")
        return self.in_time

    def _part(self, mood: Mood) -> None:
        self.did.append((mood,))
        self.ends(mood)


class FakePlace:
    """Where strangers come in; the test says whom they meet."""

    def __init__(self) -> None:
        self.counts: Counts | None = Counts(here=20, waiting=5, talking=10, wait=5)
        self.trouble: errors.Trouble | None = None
        self.closed: errors.Trouble | None = None
        self.nicknames: list[str] = []
        self.here = 0
        self.looks: list[dict[str, object]] = []
        self.looking = 0
        self.watch: Callable[[news.News], None] = lambda _: None
        self._talks: asyncio.Queue[FakeTalk | errors.Trouble] = asyncio.Queue()

    def make(self, nickname: str, watch: Callable[[news.News], None]) -> "FakePlace":
        self.nicknames.append(nickname)
        self.watch = watch
        return self

    async def __aenter__(self) -> Self:
        if self.closed is not None:
            raise self.closed
        self.here += 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.here -= 1

    def brings(self, found: FakeTalk | errors.Trouble) -> None:
        self._talks.put_nowait(found)

    @asynccontextmanager
    async def meet(self, *, tags: tuple[str, ...], languages: tuple[str, ...], relay: bool) -> AsyncIterator[Talk]:
        if self.trouble is not None:
            raise self.trouble
        self.looks.append({"tags": tags, "languages": languages, "relay": relay})
        self.looking += 1
        try:
            found = await self._talks.get()
        finally:
            self.looking -= 1
        if isinstance(found, errors.Trouble):
            raise found
        try:
            yield found
        finally:
            if found.mood is None:
                found.leave()


class FakeFace:
    """Shows nothing, and remembers what it was asked to show."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.ended = False

    def changed(self) -> None: ...

    def show(self, what: Show) -> None:
        self.shown.append(what.what)

    def end(self) -> None:
        self.ended = True


def guest(place: FakePlace, face: FakeFace, wished: Wishes | None = None) -> Guest:
    return Guest(wished or wishes(), place.make, face)
