"""Several bots of one operator, who take turns: one looks for somebody, the others talk or rest.

    what is known of who is here ──► manners ──► the bot that has rested the longest looks, or none does
                                             └─► those who talk tell that somebody waits

Several, since nobody meets the same stranger twice in a row: who presses Next meets another one.
"""

import asyncio
import contextlib
import random
import ssl
from collections.abc import AsyncIterator, Callable
from typing import Final, Literal

from passerby.echo.answers import is_bot
from passerby.echo.conversation import SILENCE_S, Conversation
from passerby.echo.manners import TRY_S, Manners, Sight
from stranger import Stranger, errors
from stranger.place import Place

TALKS: Final = 2
TURN_S: Final = 0.5

Told = Literal["met", "parted"]


class Bot:
    """One peer, and what it is at."""

    def __init__(self, me: Stranger) -> None:
        self.me = me
        self.since = asyncio.get_running_loop().time()
        self.task: asyncio.Task[None] | None = None
        self.conversation: Conversation | None = None

    @property
    def looks(self) -> bool:
        """Whether it looks for somebody."""
        return self.task is not None and self.conversation is None


class Bots:
    """All of them, at one deployment. Made by `entered`.

    Args:
        place: of the deployment.
        nickname: what strangers see (`answers.nickname`).
        talks: how many talk at once.
        tags: topics that they look with.
        waiting: tells exactly how many wait, ours among them; None where that is not known.
        told: is told of each talk.
        silence_s: how long a stranger may be silent.
    """

    def __init__(
        self,
        bots: list[Bot],
        *,
        tags: tuple[str, ...],
        waiting: Callable[[], int] | None,
        told: Callable[[Told], None],
        silence_s: float,
        dice: random.Random,
    ) -> None:
        self._bots = bots
        self._tags, self._waiting, self._told = tags, waiting, told
        self._silence_s, self._dice = silence_s, dice
        self._manners = Manners(len(bots))
        self._talked = False

    @classmethod
    @contextlib.asynccontextmanager
    async def entered(
        cls,
        place: Place,
        nickname: str,
        *,
        talks: int = TALKS,
        tags: tuple[str, ...] = (),
        waiting: Callable[[], int] | None = None,
        told: Callable[[Told], None] = lambda _: None,
        silence_s: float = SILENCE_S,
        tls: ssl.SSLContext | None = None,
    ) -> "AsyncIterator[Bots]":
        """Have them come in.

        Raises:
            stranger.errors.Trouble: when one is not let in.
        """
        async with contextlib.AsyncExitStack() as stack:
            peers = [await stack.enter_async_context(Stranger(place, nickname, tls=tls)) for _ in range(talks)]
            dice = random.Random()  # noqa: S311  for pictures, tunes and patience
            bots = [Bot(me) for me in peers]
            yield cls(bots, tags=tags, waiting=waiting, told=told, silence_s=silence_s, dice=dice)

    async def run(self, *, once: bool = False) -> None:
        """Be there for whoever is alone, or until one talk is over. Cancelled, those who talk say goodbye.

        Raises:
            stranger.errors.Trouble: when the deployment wants us no longer.
        """
        try:
            while not (once and self._talked):
                self._turn()
                await asyncio.sleep(TURN_S)
        finally:
            tasks = [bot.task for bot in self._bots if bot.task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _turn(self) -> None:
        now = asyncio.get_running_loop().time()
        for bot in self._bots:
            if bot.task is not None and bot.task.done():
                task, bot.task, bot.since = bot.task, None, now
                if not task.cancelled():
                    task.result()
        verdict = self._manners.judge(self._sight(), now)
        looking = next((bot for bot in self._bots if bot.looks), None)
        if verdict.tell:
            for bot in self._bots:
                if bot.conversation is not None:
                    bot.conversation.somebody_waits()
        if not verdict.look and looking is not None and looking.task is not None and self._waiting is None:
            looking.task.cancel()
        free = [bot for bot in self._bots if bot.task is None]
        if verdict.look and looking is None and free:
            chosen = min(free, key=lambda bot: bot.since)
            chosen.task = asyncio.create_task(self._meet(chosen), name="echo")

    def _sight(self) -> Sight:
        looking = sum(bot.looks for bot in self._bots)
        counts = self._bots[0].me.counts
        return Sight(
            waiting=None if self._waiting is None else max(0, self._waiting() - looking),
            here=counts.here if counts else None,
            talks=sum(bot.conversation is not None for bot in self._bots),
        )

    async def _meet(self, bot: Bot) -> None:
        loop = asyncio.get_running_loop()
        within_s = None if self._waiting is None else TRY_S
        try:
            async with bot.me.meet(tags=self._tags, within_s=within_s) as talk:
                if is_bot(talk.nickname):
                    self._manners.met_a_bot(loop.time(), self._dice.random())
                    return
                self._told("met")
                bot.conversation = Conversation(talk, self._dice, silence_s=self._silence_s)
                await bot.conversation.run()
                self._told("parted")
                self._talked = True
        except (errors.Nobody, errors.Intruder):
            self._manners.tried(loop.time())
        finally:
            bot.conversation = None
