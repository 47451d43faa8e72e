"""Two matchers at one Mosquitto, a crowd that comes, looks and talks meanwhile, and two who really talk.

What became of the crowd is judged from its own records; of the talk, by what the two read.
"""

import contextlib
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, Self

from broker.site import Site
from stranger.crowd.crowd import Crowd, Plan
from stranger.crowd.entries import Away, Entry, Here, Parted
from stranger.crowd.ground import Ground
from stranger.crowd.habits import Habits
from stranger.crowd.judge import Fault, Half, Judge
from stranger.place import read
from tests.command.running import Running
from tests.faults.couples import Couple
from tests.journeys.grounds import MosquittoGround
from tests.journeys.strangers import WITHIN_S
from tests.polling import until

PEERS: Final = 40
PATIENCE_S: Final = 25.0
"""So long it may take until somebody else is at work: 6 s of silence, 4 s of grace, and all say that they are here."""

MARGIN_S: Final = 2.0
SOME: Final = 20
"""Sessions, after which everybody has been at it."""

MORTAL: Final = (sys.executable, "-m", "tests.faults.mortal")


class People:
    """The crowd, and what it wrote down."""

    def __init__(self, url: str, peers: int = PEERS, *, tags: float = 0.0, patience_s: float = PATIENCE_S) -> None:
        self.judge = Judge()
        self.entries: list[Entry] = []
        self._patience_s = patience_s
        habits = Habits(talk_s=2.0, tags=tags, pause_s=0.5)
        ground = Ground(read(url), "127.0.0.1", spread=True)
        self.crowd = Crowd(Plan(ground, habits, peers, per_s=PEERS, seed=1), self._take)

    def _take(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.judge.take(entry)

    @property
    def sessions(self) -> int:
        return len(self.judge.sessions)

    def greeted(self, since: int) -> set[int]:
        """Tell who has been welcomed since then: since so many entries."""
        return {entry.peer for entry in self.entries[since:] if isinstance(entry.what, Here)}

    async def meet(self) -> None:
        """Return when many have met from now on."""
        before = self.sessions
        await until(lambda: self.sessions >= before + SOME, within_s=self._patience_s + WITHIN_S)

    async def settle(self) -> None:
        """Let nobody look any more; those who wait are matched, but for one who may be left over."""
        self.crowd.settle()
        await until(lambda: self.judge.settled and not self._silent(), within_s=self._patience_s + WITHIN_S)

    def faults(self) -> Counter[Fault]:
        return self.judge.faults(patience_s=self._patience_s, margin_s=MARGIN_S)

    def broken_talks(self) -> list[list[Half]]:
        """Give the talks that neither side has ended, and that are over."""
        talks = [halves for halves in self.judge.sessions.values() if all(half.opened for half in halves)]
        over = [halves for halves in talks if any(half.parted for half in halves)]
        alone = self._partings_unheard()
        return [
            halves
            for halves in over
            if all(half.mood in (None, "failed") and (half.ticket.peer, half.parted) not in alone for half in halves)
        ]

    def _partings_unheard(self) -> set[tuple[int, float | None]]:
        """Find who left while it had no connection: it did so by itself, and could not say how."""
        apart: set[int] = set()
        found: set[tuple[int, float | None]] = set()
        for entry in self.entries:
            match entry.what:
                case Away(connected=True):
                    apart.add(entry.peer)
                case Here():
                    apart.discard(entry.peer)
                case Parted() if entry.peer in apart:
                    found.add((entry.peer, entry.at))
                case _:
                    pass
        return found

    def _silent(self) -> bool:
        return any(not person.here for person in self.judge.people.values())


class Stage:
    """Everything that a test of a take-over needs."""

    def __init__(self, ground: MosquittoGround, folder: Path) -> None:
        self._ground, self._folder = ground, folder
        self._keys = folder / "keys"
        self._keys.write_text(ground.keys.text())
        self._keys.chmod(0o600)
        self.people = People(self.url)
        self._couple: Couple | None = None

    @classmethod
    @contextlib.asynccontextmanager
    async def built(cls, folder: Path) -> AsyncIterator[Self]:
        ground = MosquittoGround(Site())
        try:
            await ground.start()
            yield cls(ground, folder)
        finally:
            await ground.close()

    @property
    def url(self) -> str:
        return f"http://localhost:{self._ground.port}/"

    @property
    def service_port(self) -> int:
        return self._ground.service_port

    def matcher(self, *, port: int = 0, mortal: str = "0:0") -> contextlib.AbstractAsyncContextManager[Running]:
        """Start a matcher that stands by, or acts; at the broker's port, or at another that leads there."""
        url = f"mqtt://127.0.0.1:{port or self.service_port}"
        options = ("matcher", "--standby", "--keys", self._keys, "--broker", url, "--log-level", "info")
        # So fast comes and goes no person: without a dry run this would be a test of the radar.
        return Running.run((*MORTAL, *options), {"MORTAL": mortal, "PASSERBY_DRY_RUN": "true"})

    @contextlib.asynccontextmanager
    async def peopled(self) -> AsyncIterator[People]:
        """Let all come: the two talk, the others come and go among each other."""
        async with contextlib.AsyncExitStack() as stack:
            self._couple = await stack.enter_async_context(Couple.talking(self.url))
            stack.push_async_callback(self.people.crowd.part)
            await self.people.crowd.come()
            await self.people.meet()
            yield self.people

    async def is_well_after(self, since: int, expected: Counter[Fault] | None = None) -> None:
        """All are back since so many entries, meet as before, and nothing was found that must not be."""
        await until(lambda: len(self.people.greeted(since)) == PEERS, within_s=PATIENCE_S)
        await self.people.meet()
        assert self._couple is not None
        await self._couple.talk()
        await self.people.settle()
        assert self.people.faults() == (expected or Counter())
        assert self.people.broken_talks() == []


async def active(matcher: Running) -> None:
    """Wait until it acts."""
    await matcher.says("connected to the broker")
    matcher.said = ""


async def watching(matcher: Running) -> None:
    """Wait until it stands by."""
    await matcher.says("standing by")
    matcher.said = ""
