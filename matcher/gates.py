"""Gates that are processes of their own, as a cluster has them: the service asks each, several times a second.

    order ──► a queue for each gate ──► POST /exchange, at once, else every 250 ms ──► its facts ──► events
    a gate that is new, or was away ──► it is ordered to tell; Reopened: the lobby orders again what it must know
    who stands by ── GET /exchange, every second ──► whether somebody is at work, as more than half of them say

One request at a time for each gate, so orders keep their order. What a gate told in an answer that was lost it tells
again by that; a refusal that it counted then is lost. See `broker.exchange` for the form.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

import aiohttp
import structlog

from broker import exchange, messages
from broker.messages import Malformed, parse
from broker.orders import Order, Tell
from broker.policy import SERVICE
from matcher.bans import BARS_MAX
from matcher.events import Event, GateFacts, Reopened
from matcher.standing_by import Visited

EVERY_S: Final = 0.25
"""How often a gate is asked when there is nothing to order."""

LOOK_S: Final = 1.0
"""How often all gates are asked whether somebody is at work."""

ANSWER_S: Final = 2.0
AWAY_S: Final = 1.0
"""How long to wait for an answer; and before asking a gate again that gave none."""

WAITING_MAX: Final = 2 * BARS_MAX
"""Orders that wait for one gate; of more, the oldest go first. It is reminded of bans when it is back."""

_OK: Final = 200
_log = structlog.get_logger()

Hear = Callable[[Event], None]


class _Line:
    """One gate."""

    def __init__(self, url: str) -> None:
        self.url = f"{url.rstrip('/')}{exchange.PATH}"
        self.waiting: deque[Order] = deque(maxlen=WAITING_MAX)
        self.stirred = asyncio.Event()
        self.life: str | None = None
        self.away = False


class Gates:
    """All gates of a cluster.

    Args:
        urls: where each listens, `http://host:port`.
        password: of the service.
    """

    def __init__(self, urls: Sequence[str], password: str) -> None:
        self.password = password
        self._lines = [_Line(url) for url in urls]

    @property
    def away(self) -> int:
        """How many do not answer."""
        return sum(line.away for line in self._lines)

    def order(self, order: Order) -> None:
        """Have every gate carry out an order; one that is away, when it is back."""
        for line in self._lines:
            line.waiting.append(order)
            line.stirred.set()

    @contextlib.asynccontextmanager
    async def exchanging(self, epoch: int, hear: Hear) -> AsyncIterator[None]:
        """Exchange orders and facts meanwhile, as the service of this epoch."""
        async with aiohttp.ClientSession() as http:
            tasks = [asyncio.create_task(self._follow(line, http, epoch, hear)) for line in self._lines]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)

    @contextlib.asynccontextmanager
    async def watched(self, hear: Callable[[Visited], object]) -> AsyncIterator[None]:
        """Ask meanwhile whether a service is at work."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWER_S)) as http:
            watching = asyncio.create_task(self._watch(http, hear))
            try:
                yield
            finally:
                watching.cancel()
                await asyncio.wait([watching])

    async def _watch(self, http: aiohttp.ClientSession, hear: Callable[[Visited], object]) -> None:
        while True:
            answers = await asyncio.gather(*(self._visited(line, http) for line in self._lines))
            told = [answer for answer in answers if answer is not None]
            if 2 * len(told) > len(self._lines):
                hear(Visited(max(epoch for epoch, _ in told), min(ago_s for _, ago_s in told)))
            await asyncio.sleep(LOOK_S)

    async def _visited(self, line: _Line, http: aiohttp.ClientSession) -> tuple[int, float] | None:
        headers = {"Authorization": exchange.proof(SERVICE, self.password)}
        try:
            async with http.get(line.url, headers=headers) as answer:
                return exchange.read_visited(await answer.read()) if answer.status == _OK else None
        except (OSError, aiohttp.ClientError, ValueError):  # also TimeoutError: not there, or not a gate of ours
            return None

    async def _follow(self, line: _Line, http: aiohttp.ClientSession, epoch: int, hear: Hear) -> None:
        while True:
            line.stirred.clear()
            try:
                async with asyncio.timeout(ANSWER_S):
                    more = await self._exchange(line, http, epoch, hear)
            except (OSError, aiohttp.ClientError) as error:  # also TimeoutError
                if not line.away:
                    _log.warning("a gate does not answer", reason=type(error).__name__)
                line.away = True
                await asyncio.sleep(AWAY_S)
                continue
            if not more and not line.waiting:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(EVERY_S):
                        await line.stirred.wait()

    async def _exchange(self, line: _Line, http: aiohttp.ClientSession, epoch: int, hear: Hear) -> bool:
        """Exchange once; tell whether facts are left.

        Raises:
            OSError: when the gate is not there, or does not take us for the service; aiohttp's errors likewise.
        """
        given = [line.waiting[place] for place in range(min(len(line.waiting), exchange.ORDERS_MAX))]
        headers = {"Authorization": exchange.proof(SERVICE, self.password)}
        async with http.post(
            line.url, params={"epoch": str(epoch)}, data=exchange.ordered(given), headers=headers
        ) as answer:
            if answer.status != _OK:
                raise ConnectionRefusedError(f"the gate answers {answer.status}")
            told, life = await answer.read(), answer.headers.get(exchange.LIFE)
            more = answer.headers.get(exchange.MORE) == "1"
        for _ in given:
            line.waiting.popleft()
        self._welcome(line, life, hear)
        for batch in exchange.lines(told):
            try:
                hear(GateFacts(parse(messages.gate, batch)))
            except Malformed:
                _log.warning("a gate tells what is no fact")
        return more

    def _welcome(self, line: _Line, life: str | None, hear: Hear) -> None:
        """Look whether this gate knows what it must."""
        known, was_away = line.life, line.away
        line.life, line.away = life, False
        if was_away or known not in (None, life):
            _log.info("a gate is back")
            line.waiting.append(Tell())
            hear(Reopened())
