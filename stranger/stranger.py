"""A stranger, as Python has it: comes in, meets somebody, talks, and goes."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from types import TracebackType
from typing import Final, Self

from broker.messages import Counts, Mode
from stranger import errors, news
from stranger.lobby.state import Wish
from stranger.place import Place, read
from stranger.talk import Talk
from stranger.visit import Visit, VisitPorts

WELCOME_WITHIN_S: Final = 20.0
AGAIN_WITHIN_S: Final = 120.0
"""So long after a talk its two can find each other again."""


class Stranger:
    """A peer, for as long as it is entered. One talk at a time.

    Args:
        url: of the deployment: https://HOST is the page's, wss://HOST/mqtt the broker's WebSocket; likewise without s.
        nickname: told to strangers only; 1 to 32 letters.
        watch: is told what happens between talks.
        tls: how certificates are checked.
        source: the address of this machine to come from; empty takes any.

    Raises:
        ValueError: when the URL or the nickname is none.
    """

    def __init__(
        self,
        url: str | Place,
        nickname: str = "Somebody",
        *,
        watch: Callable[[news.News], None] = lambda _: None,
        tls: ssl.SSLContext | None = None,
        source: str = "",
    ) -> None:
        if not 1 <= len(nickname) <= 32:  # noqa: PLR2004  a bound of the wire (`Hello`)
            raise ValueError("a nickname has 1 to 32 letters")
        self._place = read(url) if isinstance(url, str) else url
        self._watch = watch
        self._nickname, self._tls, self._source = nickname, tls, source
        self._visit: Visit | None = None
        self._running: asyncio.Task[None] | None = None
        self._welcomed = asyncio.Event()
        self._found: asyncio.Future[Talk] | None = None
        self._trouble: errors.Trouble | None = None
        self._why = "nobody answers"

    async def __aenter__(self) -> Self:
        """Come in.

        Raises:
            Trouble: when that does not succeed within 20 s.
        """
        self._visit = Visit(self._place, self._nickname, self._ports(), tls=self._tls, source=self._source)
        self._running = asyncio.create_task(self._visit.run(), name="stranger")
        try:
            async with asyncio.timeout(WELCOME_WITHIN_S):
                await self._welcomed.wait()
        except TimeoutError:
            self._trouble = errors.Away(f"nobody lets us in at {self._place.authority}: {self._why}")
        except asyncio.CancelledError:
            await self._leave()
            raise
        if self._trouble is not None:
            await self._leave()
            raise self._trouble
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Go, and leave nothing behind."""
        await self._leave()

    @contextlib.asynccontextmanager
    async def meet(
        self,
        *,
        tags: Iterable[str] = (),
        languages: Iterable[str] = (),
        mode: Mode = "text",
        relay: bool = False,
        again: Talk | None = None,
        within_s: float | None = None,
    ) -> AsyncIterator[Talk]:
        """Meet somebody, and talk for as long as this is entered.

        Args:
            tags: what both should care for; given up after a few seconds when nobody does.
            languages: of which both should speak one (ISO 639 codes); the same.
            mode: who looks for a voice or a picture meets only those who do, too. The page always says "text".
            relay: hide the address behind the operator's relay.
            again: meet the stranger of this talk, and nobody else, if they ask for it, too.
            within_s: how long to look; without it for as long as it takes.

        Raises:
            Nobody: when nobody came in time.
            NoRelay: when the address cannot be hidden.
            Intruder: when somebody sits in between.
            Trouble: when the deployment wants us no longer.
        """
        wish = Wish(mode, tuple(tags), tuple(languages), relay, again.rendezvous if again else None)
        if again is not None:
            left_s = _left_s(again)
            within_s = left_s if within_s is None else min(within_s, left_s)
        talk = await self._find(wish, within_s)
        try:
            yield talk
        finally:
            if not talk.over:
                talk.leave()

    @property
    def counts(self) -> Counts | None:
        """How many are here, as the service last told everybody; None before it has."""
        return self._visit.counts if self._visit else None

    @property
    def trouble(self) -> errors.Trouble | None:
        """What has ended this visit; None while it goes on."""
        return self._trouble

    async def _find(self, wish: Wish, within_s: float | None) -> Talk:
        if self._trouble is not None:
            raise self._trouble
        visit = self._visit
        if visit is None or visit.busy or self._found is not None:
            raise RuntimeError("a stranger has to be entered, and has one talk at a time")
        found: asyncio.Future[Talk] = asyncio.get_running_loop().create_future()
        self._found = found
        try:
            visit.look(wish)
            async with asyncio.timeout(within_s):
                return await found
        except TimeoutError:
            _unwanted(found)
            raise errors.Nobody(f"nobody came within {within_s:g} s") from None
        except asyncio.CancelledError:
            _unwanted(found)
            raise
        finally:
            self._found = None
            if not found.done() or found.cancelled() or found.exception() is not None:
                visit.stop()

    async def _leave(self) -> None:
        visit, self._visit = self._visit, None
        if visit is not None:
            await visit.leave()
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running

    # ── what the visit tells ─────────────────────────────────────────────────────────────────────────────────────────

    def _ports(self) -> VisitPorts:
        return VisitPorts(self._welcomed.set, self._opened, self._refused, self._ended, self._told)

    def _opened(self, talk: Talk) -> None:
        if self._found is not None and not self._found.done():
            self._found.set_result(talk)
        else:
            talk.leave()

    def _refused(self, trouble: errors.Trouble) -> None:
        if self._found is not None and not self._found.done():
            self._found.set_exception(trouble)

    def _ended(self, trouble: errors.Trouble) -> None:
        """Nothing more comes of this visit."""
        self._trouble = trouble
        self._refused(trouble)
        self._welcomed.set()
        if self._running is not None:
            self._running.cancel()

    def _told(self, what: news.News) -> None:
        if isinstance(what, news.Away):
            self._why = what.why
        self._watch(what)


def _unwanted(found: asyncio.Future[Talk]) -> None:
    """Part from who came at the very moment at which nobody waited any more."""
    if found.done() and not found.cancelled() and found.exception() is None:
        found.result().leave()


def _left_s(talk: Talk) -> float:
    """Tell how long the stranger of a talk can still be met again.

    Raises:
        Nobody: when that is too late, or the talk goes on, or ended so that nobody is to meet again.
    """
    if talk.mood in ("blocked", "banned", "failed"):
        raise errors.Nobody("after a block, a ban or an alarm nobody is met again")
    now = asyncio.get_running_loop().time()
    left_s = 0.0 if talk.ended_at is None else talk.ended_at + AGAIN_WITHIN_S - now
    if left_s <= 0:
        raise errors.Nobody("a stranger can be met again for two minutes after the talk")
    return left_s
