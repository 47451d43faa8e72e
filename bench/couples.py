"""Two people in two windows of a real browser, or one and a stranger of Python's: they meet once, the clock running.

    warm    both have come in and are welcomed, the one waits: from the other's Start
    cold    the one waits, the other has the page before it: from its "Come in" (identity, WebSocket, MQTT, welcome, and
            Start as soon as it can be pressed)

and in both cases until the later of the two has the talk before it: the channel is open and hello has crossed. Each
pair is new, since the matcher lets nobody meet the same stranger twice in a row. Clocks are those of the pages.

    browsers   both are windows
    waits      the one who waits is a stranger of Python's, in this process as the broker and the matcher are
    comes      the one who comes is; warm only, from its `meet`

The stranger's clock is the machine's, as the pages' are. With it both channel and talk are open when `meet` gives the
talk.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, Self, get_args

from playwright.async_api import Browser, Page

from bench.proxy import Road
from bench.windows import SETTLED_S, WITHIN_S, Start, Windows, profile, window
from bench.windows import meet as meet_at_windows
from broker.messages import Matched
from matcher.effects import Effect, Send
from matcher.policing import Policing
from matcher.service import Service
from stranger import Stranger
from tests.journeys.house import House

Way = Literal["offer", "mirror", "contested"]
Pair = Literal["browsers", "waits", "comes"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)
PAIRS: Final[tuple[Pair, ...]] = get_args(Pair)

WATCH: Final = """
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const marks = {};
  const create = RTCPeerConnection.prototype.createDataChannel;
  RTCPeerConnection.prototype.createDataChannel = function (...given) {
    const channel = create.apply(this, given);
    channel.addEventListener("open", () => { marks.open ??= now(); });
    return channel;
  };
  const find = (text) => [...document.querySelectorAll("button")].find((button) => button.textContent.trim() === text);
  const until = (look) => new Promise((resolve) => {
    const found = look();
    if (found) { resolve(found); return; }
    const observer = new MutationObserver(() => {
      const found = look();
      if (found) { observer.disconnect(); resolve(found); }
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
  });
  const startable = () => until(() => { const button = find("Start"); return button && !button.disabled && button; });
  window.bench = {
    async enter() {
      const comeIn = await until(() => find("Come in"));
      for (const box of document.querySelectorAll("input[type=checkbox]")) box.click();
      marks.start = now();
      comeIn.click();
      await startable();
    },
    async start(cold) {
      const button = await startable();
      if (!cold) marks.start = now();
      button.click();
    },
    async meet() {
      await until(() => document.querySelector("[role=log]"));
      marks.talk = now();
      return marks;
    },
  };
})();
"""

# A browser that takes no offer of nothing: role b cannot yield, so both are controlling, as in any plain mirror.
_CONTEST: Final = """
(() => {
  const take = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {
    if (!description.sdp.includes("m=")) return Promise.reject(new DOMException("no", "InvalidAccessError"));
    return take.call(this, description);
  };
})();
"""


class Choosing(Service):
    """A service that lets everybody shake hands as it is told."""

    way: Way = "offer"

    def _do(self, effects: list[Effect]) -> None:
        super()._do([self._choose(effect) for effect in effects])

    def _choose(self, effect: Effect) -> Effect:
        if isinstance(effect, Send) and isinstance(effect.message, Matched):
            handshake = "offer" if self.way == "offer" else "mirror"
            return Send(effect.peer, effect.message.model_copy(update={"handshake": handshake}))
        return effect


LOOKING: Final = partial(Choosing, policing=Policing(dry_run=True))
"""Who meets again and again is no person; the radar judges as ever, and limits nobody."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting, in milliseconds: until both channels were open, and until both talked."""

    open_ms: float
    talk_ms: float


class Couples:
    """Makes couples meet."""

    def __init__(self, windows: Windows, house: House, road: Road) -> None:
        self._windows, self._house, self._road = windows, house, road

    @classmethod
    @contextlib.asynccontextmanager
    async def gather(cls, chromium: str) -> AsyncIterator[tuple[Self, Road]]:
        """Start the house and the road to it."""
        async with (
            Windows.opening(chromium) as windows,
            House.open(service=LOOKING) as house,
            Road.open(house.broker.port) as road,
        ):
            yield cls(windows, house, road), road

    @property
    def browser_version(self) -> str:
        """Of the last browser used."""
        return self._windows.browser_version

    async def meet(self, way: Way, start: Start, added_ms: float, pair: Pair = "browsers") -> Meeting:
        """Let two meet.

        Raises:
            TimeoutError: when they have not met in 15 s.
            stranger.errors.Trouble: when the stranger of Python's has met nobody.
        """
        service = self._house.service
        assert isinstance(service, Choosing)
        service.way = way
        async with asyncio.timeout(WITHIN_S), contextlib.AsyncExitStack() as windows:
            self._road.added_ms = 0.0  # what is measured begins with "Come in" or later
            browser = await self._windows.ready()
            if pair != "browsers":
                page = await self._window(browser, windows, way)
                me = await windows.enter_async_context(Stranger(f"http://localhost:{self._road.port}"))
                self._road.added_ms = added_ms
                meet = self._meet_waiting if pair == "waits" else self._meet_coming
                return await meet(page, me, start, added_ms)
            one, other = await asyncio.gather(*(self._window(browser, windows, way) for _ in range(2)))
            self._road.added_ms = added_ms
            marks = await meet_at_windows(one, other, start, lambda: self._waits(added_ms))
        begun = marks[1]["start"]
        return Meeting(*(round(max(mark[what] for mark in marks) - begun, 1) for what in ("open", "talk")))

    async def _meet_waiting(self, page: Page, me: Stranger, start: Start, added_ms: float) -> Meeting:
        """Let somebody at a window meet a stranger of Python's that waits."""
        if start == "warm":
            await page.evaluate("bench.enter()")
        talking = asyncio.create_task(_met(me))
        await self._waits(added_ms)
        meeting = asyncio.ensure_future(page.evaluate("bench.meet()"))
        await page.evaluate("bench.start(false)" if start == "warm" else "bench.enter().then(() => bench.start(true))")
        marks, met_ms = await asyncio.gather(meeting, talking)
        return _meeting(marks["start"], marks, met_ms)

    async def _meet_coming(self, page: Page, me: Stranger, start: Start, added_ms: float) -> Meeting:
        """Let a stranger of Python's meet somebody who waits at a window."""
        assert start == "warm"
        await page.evaluate("bench.enter()")
        await page.evaluate("bench.start(false)")
        await self._waits(added_ms)
        meeting = asyncio.ensure_future(page.evaluate("bench.meet()"))
        await asyncio.sleep(0)
        begun_ms = time.time() * 1000
        marks, met_ms = await asyncio.gather(meeting, _met(me))
        return _meeting(begun_ms, marks, met_ms)

    async def _window(self, browser: Browser, windows: contextlib.AsyncExitStack, way: Way) -> Page:
        context = await profile(browser, windows)
        scripts = (WATCH, _CONTEST) if way == "contested" else (WATCH,)
        return await window(context, f"http://localhost:{self._road.port}/", *scripts)

    async def _waits(self, added_ms: float) -> None:
        """Return when one waits, and does nothing else."""
        deadline = time.monotonic() + WITHIN_S
        while (lobby := self._house.service.stats().lobby) is None or lobby.waiting != 1:
            if time.monotonic() > deadline:
                raise TimeoutError
            await asyncio.sleep(0.005)
        await asyncio.sleep(SETTLED_S + added_ms / 1000)


async def _met(me: Stranger) -> float:
    """Tell when a stranger of Python's has met somebody, in milliseconds since the Unix epoch."""
    async with me.meet(languages=["en"]):  # as the window: else one who waits is met after 5 s only
        return time.time() * 1000


def _meeting(begun_ms: float, marks: dict[str, float], met_ms: float) -> Meeting:
    return Meeting(*(round(max(marks[what], met_ms) - begun_ms, 1) for what in ("open", "talk")))
