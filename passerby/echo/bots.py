"""Several bots of one operator, who take turns: one looks for somebody, the others talk or rest.

    what is known of who is here ──► manners ──► the bot that has rested the longest looks, or none does
                                             └─► those who talk tell that somebody waits

Several, so that who presses Next can meet another one at once. Nobody meets the same peer twice in a row; so one that
was talked with becomes a new peer, and one that was left without a word does not.
"""

import asyncio
import contextlib
import random
import ssl
from collections.abc import AsyncIterator, Callable
from typing import Final, Literal

from passerby.echo.answers import is_bot
from passerby.echo.conversation import SILENCE_S, Conversation
from passerby.echo.manners import TRY_S, Manners, Sight, Verdict
from stranger import Stranger, errors, news
from stranger.place import Place

TALKS: Final = 2
TURN_S: Final = 0.5
AGAIN_S: Final = 5.0

Told = Literal["met", "parted"]


class Bot:
    """One of them, and what it is at. It is the same peer until `renew`."""

    def __init__(self, make: Callable[[Callable[[news.News], None]], Stranger]) -> None:
        self._make = make
        self.me = make(self._watch)
        self.since = asyncio.get_running_loop().time()
        self.task: asyncio.Task[None] | None = None
        self.conversation: Conversation | None = None
        self.looks = self.found = False
        self.unwanted = False
        """Whether it was left without a word: whoever waits now may be the same, who does not fit."""

    async def renew(self) -> None:
        """Go, and come in as a new peer: nobody meets the same one twice in a row, and here may be nobody else."""
        await self.leave()
        while True:
            self.me = self._make(self._watch)
            try:
                await self.me.__aenter__()
            except errors.Away:
                await asyncio.sleep(AGAIN_S)
            else:
                return

    async def leave(self) -> None:
        """Go."""
        await self.me.__aexit__(None, None, None)

    def _watch(self, what: news.News) -> None:
        if isinstance(what, news.Found | news.Missed):
            self.found = isinstance(what, news.Found)


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
        self._wait = 0
        """How many people waited when one of us began to look."""

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
            dice = random.Random()  # noqa: S311  for pictures, tunes and patience
            bots = [Bot(lambda watch: Stranger(place, nickname, watch=watch, tls=tls)) for _ in range(talks)]
            for bot in bots:
                await bot.me.__aenter__()
                stack.push_async_callback(bot.leave)
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
        sight = self._sight()
        verdict = self._manners.judge(sight, now)
        if verdict.tell:
            for bot in self._bots:
                if bot.conversation is not None:
                    bot.conversation.somebody_waits()
        looking = next((bot for bot in self._bots if bot.looks), None)
        if looking is not None:
            self._reconsider(looking, sight, verdict)
            return
        free = [bot for bot in self._bots if bot.task is None]
        if verdict.look and free:
            self._wait = sight.waiting or 0
            chosen = min(free, key=lambda bot: (bot.unwanted, bot.since))
            chosen.looks = True
            chosen.task = asyncio.create_task(self._meet(chosen), name="echo")

    def _reconsider(self, looking: Bot, sight: Sight, verdict: Verdict) -> None:
        """Stop looking where people came who may meet each other.

        That fewer wait is no reason: whoever has just been matched with this one waits no longer.
        """
        unwanted = not verdict.look if sight.waiting is None else sight.waiting > self._wait
        if unwanted and looking.task is not None and not looking.found:
            looking.task.cancel()

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
        welcome = False
        try:
            async with bot.me.meet(tags=self._tags, within_s=TRY_S) as talk:
                bot.looks = False
                if is_bot(talk.nickname):
                    self._manners.met_a_bot(loop.time(), self._dice.random())
                    return
                self._told("met")
                bot.conversation = Conversation(talk, self._dice, silence_s=self._silence_s)
                await bot.conversation.run()
                welcome = bot.conversation.welcome
                bot.unwanted = not welcome
                self._told("parted")
                self._talked = True
        except (errors.Nobody, errors.Intruder):
            pass
        finally:
            bot.conversation, bot.looks, bot.found = None, False, False
        if welcome:
            await bot.renew()
