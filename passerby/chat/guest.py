"""Runs what the machine wants done, against a stranger. The shell that both faces share.

    face ── enter, type, act ──► machine ── effects ──► Stranger, its talk, files
      ▲ changed, show, end           ▲ news, events, time ◄──┘

What is said goes out in the order in which it was typed, however slow the way is. Nothing that is known here is ever
handed to a log; what breaks is told by its name alone, since a message may quote what was said.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self

from broker.messages import Counts, LeaveMood, Mood, ReportReason
from passerby.chat import harmless, saving, texts
from passerby.chat.conversation import Conversation
from passerby.chat.machine import Chat
from passerby.chat.state import (
    Block,
    Come,
    Decline,
    Effect,
    Halt,
    Keep,
    Look,
    Part,
    Phase,
    Quit,
    Refuse,
    Report,
    Say,
    SendImage,
    Show,
    Type,
    Wishes,
)
from stranger import errors, events, news
from stranger.parcels.goods import Unfit

TICK_S: Final = 0.25
LEAVE_WITHIN_S: Final = 3.0


class Talk(Protocol):
    """What is needed of `stranger.talk.Talk`, whose words these are."""

    nickname: str
    tags: tuple[str, ...]
    hides: bool

    @property
    def mood(self) -> Mood | None: ...  # noqa: D102
    def __aiter__(self) -> AsyncIterator[events.Event]: ...
    async def say(self, text: str) -> int: ...  # noqa: D102
    async def typing(self, *, on: bool = True) -> None: ...  # noqa: D102
    async def send_image(self, file: bytes, /) -> int: ...  # noqa: D102
    def refuse(self, nth: int) -> None: ...  # noqa: D102
    async def hang_up(self) -> None: ...  # noqa: D102
    def leave(self) -> None: ...  # noqa: D102
    def skip(self) -> None: ...  # noqa: D102
    def report(self, reason: ReportReason) -> bool: ...  # noqa: D102
    def block(self) -> bool: ...  # noqa: D102


class Host(Protocol):
    """What is needed of a `Stranger`."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def counts(self) -> Counts | None: ...  # noqa: D102
    @property
    def trouble(self) -> errors.Trouble | None: ...  # noqa: D102
    def meet(  # noqa: D102
        self, *, tags: tuple[str, ...], languages: tuple[str, ...], relay: bool
    ) -> AbstractAsyncContextManager[Talk]: ...


Make = Callable[[str, Callable[[news.News], None]], Host]
"""Makes a stranger of a nickname, and of who is told the news."""


class Face(Protocol):
    """What shows the chat."""

    def changed(self) -> None:
        """Look at the machine again."""

    def show(self, what: Show) -> None:
        """Show this over what there is."""

    def end(self) -> None:
        """It is over: let go of the screen."""


class Guest:
    """Somebody at the terminal. It is alive within `staying`."""

    def __init__(self, wishes: Wishes, make: Make, face: Face) -> None:
        self.chat = Chat(wishes, Path.cwd())
        self._wishes, self._make, self._face = wishes, make, face
        self._host: Host | None = None
        self._talk: Talk | None = None
        self._visit: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._leaving = asyncio.Event()
        self._mail: asyncio.Queue[Callable[[], Awaitable[object]]] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self.broken: str | None = None

    @contextlib.asynccontextmanager
    async def staying(self) -> AsyncIterator[None]:
        """Keep time, and at the end leave nothing behind, on neither side."""
        steady = [self._begin(self._ticking()), self._begin(self._posting())]
        try:
            yield
        finally:
            for task in steady:
                task.cancel()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LEAVE_WITHIN_S):
                    await self._leave()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    # ── what a face hands on ─────────────────────────────────────────────────────────────────────────────────────────

    def do(self, step: Callable[[Chat, float], list[Effect]]) -> None:
        """Let the machine take a step, and do what it wants done."""
        if self._host is not None:
            self.chat.counts = self._host.counts
        for effect in step(self.chat, now()):
            self._do(effect)
        self._face.changed()

    def enter(self, typed: str) -> None:
        """Take a line."""
        self.do(lambda chat, at: chat.enter(typed, at))

    def type(self, *, empty: bool) -> None:
        """Note a key in the box where one writes."""
        self.do(lambda chat, at: chat.type(at, empty=empty))

    async def sent(self) -> None:
        """Wait until all that was said is on its way, but not for long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LEAVE_WITHIN_S):
                await self._mail.join()

    # ── effects ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _do(self, effect: Effect) -> None:  # noqa: C901, PLR0912  one case for each effect
        talk = self._talk
        match effect:
            case Come(nickname=nickname):
                self._visit = self._begin(self._stay(nickname, self._visit))
            case Look():
                self._looking = self._begin(self._look(self._looking))
            case Halt():
                if self._looking is not None:
                    self._looking.cancel()
            case Show():
                self._face.show(effect)
            case Keep():
                self._begin(self._keep(effect))
            case Quit():
                self._face.end()
            case _ if talk is None:
                pass
            case Say(text=text):
                self._mail.put_nowait(lambda: talk.say(text))
            case Type(on=on):
                self._mail.put_nowait(lambda: talk.typing(on=on))
            case SendImage(path=path):
                self._begin(self._send_image(talk, path))
            case Refuse(nth=nth):
                talk.refuse(nth)
            case Decline():
                self._mail.put_nowait(talk.hang_up)
            case Report(reason=reason, block=block):
                self.chat.reported(done=talk.report(reason))
                if block:
                    self._block(talk)
            case Block():
                self._block(talk)
            case Part(mood=mood):
                self._part(mood)

    def _part(self, mood: LeaveMood) -> None:
        talk, self._talk = self._talk, None
        if talk is not None:
            (talk.skip if mood == "skipped" else talk.leave)()

    def _block(self, talk: Talk) -> None:
        done = talk.block()
        if done:
            self._talk = None
        self.chat.blocked(done=done)

    async def _stay(self, nickname: str, before: asyncio.Task[None] | None) -> None:
        await self._leave(before)
        self._leaving.clear()
        try:
            async with self._make(nickname, self._told) as host:
                self._host = host
                self.do(lambda chat, at: chat.arrived(at))
                await self._leaving.wait()
        except errors.Trouble as error:
            self._fail(error)
        finally:
            self._host = None

    async def _leave(self, visit: asyncio.Task[None] | None = None) -> None:
        """Go from where one is: from the talk, then from the place."""
        self._part("left")
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])
        self._leaving.set()
        visit = visit or self._visit
        if visit is not None and visit is not asyncio.current_task():
            if self._host is None:
                visit.cancel()
            await asyncio.wait([visit])

    async def _look(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        wishes, host = self._wishes, self._host
        if host is None:
            return
        try:
            async with host.meet(tags=wishes.tags, languages=wishes.languages, relay=wishes.hide) as talk:
                await self._listen(talk)
            if host.trouble is not None:
                raise host.trouble
        except errors.Trouble as error:
            self._fail(error)

    async def _listen(self, talk: Talk) -> None:
        self._talk = talk
        self.chat.met(Conversation(talk.nickname, talk.tags, hides=talk.hides))
        self._face.changed()
        async for event in talk:
            self.do(lambda chat, at, event=event: chat.hear(event, at))  # type: ignore[misc]
        self.chat.parted(talk.mood or "lost")  # nothing where I have ended it
        self._face.changed()

    def _fail(self, error: errors.Trouble) -> None:
        self._talk = None
        self.chat.failed(error, now())
        self._face.changed()

    def _told(self, told: news.News) -> None:
        self.chat.heed(told, now())
        self._face.changed()

    # ── pictures ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _send_image(self, talk: Talk, path: Path) -> None:
        try:
            data = await asyncio.to_thread(saving.image, path)
            nth = await talk.send_image(data)
        except OSError as error:
            self._say(f"{harmless.line(str(path))}: {error.strerror}.")
        except Unfit as error:
            self._say(texts.UNFIT[error.why])
        except ValueError:
            self._say(texts.UNFIT["many"])
        except errors.Ended:
            pass
        else:
            conversation = self.chat.talk
            if talk is self._talk and conversation is not None:
                conversation.send(nth, "image", len(data))
            self._face.changed()

    async def _keep(self, what: Keep) -> None:
        try:
            path = await asyncio.to_thread(saving.keep, what.number, what.good, what.folder)
        except OSError as error:
            self._say(f"{harmless.line(str(what.folder))}: {error.strerror}.")
        else:
            self._say(texts.saved(texts.noun(what.good.what), what.number, harmless.line(str(path))))

    def _say(self, text: str) -> None:
        self.chat.answer(text)
        self._face.changed()

    # ── in the background ────────────────────────────────────────────────────────────────────────────────────────────

    async def _posting(self) -> None:
        while True:
            send = await self._mail.get()
            try:
                await send()
            except errors.Ended:
                pass
            finally:
                self._mail.task_done()

    async def _ticking(self) -> None:
        while True:
            self.do(lambda chat, at: chat.tick(at))
            host = self._host
            idle = self.chat.phase in (Phase.LOBBY, Phase.PARTED, Phase.ALARM)
            if host is not None and host.trouble is not None and idle:
                self._fail(host.trouble)
            await asyncio.sleep(TICK_S)

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.broken = type(error).__name__
            self._face.end()


def now() -> float:
    """Tell the time, in seconds since whenever."""
    return asyncio.get_running_loop().time()
