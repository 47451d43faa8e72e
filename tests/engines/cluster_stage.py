"""The cluster with a hundred people, two of whom really talk, and two matchers, while parts of it go and come back.

    98 extras, 2 strangers with WebRTC ── TLS ──► HAProxy ──► rb1 rb2 rb3 ◄── two matchers, one of them at work

What became of people is judged from their own records. How long it took is from when one saw that its connection, or
the service, was gone, until it was welcomed again.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from unittest.mock import patch

from stranger.crowd import line
from stranger.crowd.entries import Away, Here
from stranger.crowd.judge import Fault
from tests.command.running import Running
from tests.deploy import haproxies
from tests.engines.clusters import Cluster
from tests.faults.couples import Couple
from tests.faults.standbys import MORTAL, People, active
from tests.polling import until

EXTRAS: Final = 98
KEEPALIVE_S: Final = 10
OUTAGE_S: Final = 60.0
"""Longer than nobody may be at work: two pulses and a half, a look, and a connection that hangs."""

BACK_S: Final = float(os.environ.get("FAULTS_BACK_S", "inf"))
SHARE: Final = 0.95
"""So many of those who were thrown out are to be back within this, from when they saw it. Other work delays them."""

HEALED_S: Final = 100.0
"""Until all are back: a peer sees after 20 s that its node is silent, and the machine may be busy."""


@dataclass(frozen=True)
class Healing:
    """How long it took for those who were thrown out, in seconds, in order."""

    took_s: list[float]

    def at(self, share: float) -> float:
        """Give the time within which this share of them was back."""
        return self.took_s[min(len(self.took_s) - 1, int(share * len(self.took_s)))] if self.took_s else 0.0

    def __str__(self) -> str:
        n, most = len(self.took_s), max(self.took_s, default=0.0)
        return f"n {n}, p50 {self.at(0.5):.1f} s, p95 {self.at(0.95):.1f} s, max {most:.1f} s"


class ClusterStage:
    """Everything that a test of the cluster's faults needs."""

    def __init__(self, cluster: Cluster, url: str, folder: Path) -> None:
        self.cluster, self._url = cluster, url
        self._keys = folder / "keys"
        self._keys.write_text(cluster.gates.keys.text())
        self._keys.chmod(0o600)
        self.people = People(url, EXTRAS, tags=0.5, patience_s=OUTAGE_S)
        self._couple: Couple | None = None
        self._matchers: list[Running] = []

    @classmethod
    @contextlib.asynccontextmanager
    async def built(cls, cluster: Cluster, folder: Path) -> AsyncIterator[Self]:
        places = [f"127.0.0.1:{node.port}" for node in cluster.nodes]
        authority = folder / "authority.pem"
        async with haproxies.running(folder, places) as front:
            authority.write_bytes(front.authority.cert_pem.bytes())
            with (
                patch.object(line, "KEEP_ALIVE_S", KEEPALIVE_S),
                patch.dict(os.environ, {"SSL_CERT_FILE": str(authority)}),
            ):
                yield cls(cluster, front.url, folder)

    @contextlib.asynccontextmanager
    async def matcher(self, nearest: int, *, standby: bool = True, mortal: str = "0:0") -> AsyncIterator[Running]:
        """Start a matcher that stands by, or acts; it goes to this node first."""
        nodes = self.cluster.nodes[nearest:] + self.cluster.nodes[:nearest]
        options = [word for node in nodes for word in ("--broker", f"mqtt://127.0.0.1:{node.service_port}")]
        options += [word for url in self.cluster.gates.urls for word in ("--gate", url)]
        options += ["--standby"] if standby else []
        environment = {"MORTAL": mortal, "MORTAL_KEEPALIVE": str(KEEPALIVE_S), "PASSERBY_DRY_RUN": "true"}
        command = (*MORTAL, "matcher", "--keys", str(self._keys), "--log-level", "info", *options)
        async with Running.run(command, environment) as running:
            self._matchers.append(running)
            yield running

    @contextlib.asynccontextmanager
    async def peopled(self) -> AsyncIterator[People]:
        """Let all come: the two talk, the others wait, meet and part among each other."""
        async with contextlib.AsyncExitStack() as stack:
            self._couple = await stack.enter_async_context(Couple.talking(self._url))
            stack.push_async_callback(self.people.crowd.part)
            await self.people.crowd.come()
            await until(lambda: len(self.people.greeted(0)) == EXTRAS, within_s=HEALED_S)
            await self.people.meet()
            yield self.people

    @contextlib.asynccontextmanager
    async def at_work(self, *, mortal: str = "0:0", standby: bool = False) -> AsyncIterator[tuple[Running, Running]]:
        """Let two matchers run, the one at work at the first node; and all people come."""
        async with self.matcher(0, standby=standby, mortal=mortal) as first:
            await active(first)
            async with self.matcher(1) as second, self.peopled():
                yield first, second

    async def in_thread(self, what: str, number: int) -> None:
        """Have something done to a node or gate, which takes its time."""
        await asyncio.to_thread(getattr(self.cluster, what), number)

    async def all_back(self, since: int) -> Healing:
        """Wait until everybody is here who has gone since so many entries; tells how long it took each."""
        judged = self.people.judge.people.values()
        try:
            await until(lambda: all(person.here for person in judged), within_s=HEALED_S)
        except TimeoutError:
            missing = {person.number for person in judged if not person.here}
            raise AssertionError(await self._told_of(missing, since)) from None
        await self.people.meet()
        assert self._couple is not None
        await self._couple.talk()
        away: dict[int, float] = {}
        took: list[float] = []
        for entry in self.people.entries[since:]:
            match entry.what:
                case Away():
                    away.setdefault(entry.peer, entry.at)
                case Here() if entry.peer in away:
                    took.append(entry.at - away.pop(entry.peer))
                case _:
                    pass
        return Healing(sorted(took))

    async def _told_of(self, missing: set[int], since: int) -> str:
        """Say what became of them, and of the matchers, as far as that is known."""
        now, last = time.monotonic(), dict[int, list[str]]()
        for entry in self.people.entries[since:]:
            if entry.peer in missing:
                last.setdefault(entry.peer, []).append(f"{entry.at - now:.1f} s {entry.what}")
        lines = [f"{len(missing)} are not back", *(f"{peer}: {told[-6:]}" for peer, told in sorted(last.items())[:5])]
        lines += [(await matcher.so_far())[-2000:] for matcher in self._matchers]
        return "\n".join(lines)

    async def is_well(self, *allowed: Fault) -> None:
        """Nobody is left waiting, nobody was matched twice, no talk has ended by itself; nor is anything else wrong."""
        await self.people.settle()
        found = self.people.faults()
        assert not [fault for fault in found if fault not in allowed], found
        assert self.people.broken_talks() == []
