"""Peers that stay, whatever becomes of broker and service, and without a browser: they do as the page does.

A connection that ends is followed by another, with a new life. `here` is repeated until it is answered, and said again
to every new epoch, with the session while they talk; a wish is repeated, and sent again after every `welcome`, with the
same ticket while its seat lives. Nobody opens a channel: who is matched says at once that it talks.
"""

import asyncio
import contextlib
import json
import random
import secrets
import time
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

import aiohttp

from broker import topics
from broker.identity import SECRET_BYTES, b64url, peer_of
from broker.messages import VERSION, Mode
from tests.engines.mqtt_probe import Probe, connect, over_websocket, publish, subscribe

HERE_AFTER_S: Final = (1.0, 2.0, 4.0, 8.0)
JOIN_AFTER_S: Final = (2.0, 4.0, 8.0, 15.0)
RETRY_FIRST_S: Final = 0.5
RETRY_MOST_S: Final = 8.0
"""The page waits up to 30 s when a broker is away for long; in a test it is away for seconds."""
KEEP_ALIVE_S: Final = 30

_KEY = "B" + "k" * 86


class Stayer:
    """One peer. `wanted` is the mode in which it waits or talks; with none it is only here.

    `source` is the address of this machine that it comes from.
    """

    def __init__(
        self, port: int, dice: random.Random, wanted: Mode | None = None, tag: str = "", *, source: str | None = None
    ) -> None:
        self._port, self._dice, self._source = port, dice, source
        secret = secrets.token_bytes(SECRET_BYTES)
        self.peer = peer_of(secret)
        self._password = b64url(secret)
        self.wanted, self._tag = wanted, tag
        self.life = ""
        self.epoch = 0
        self.welcomed = False
        self.session: str | None = None
        self.pulse: dict[str, Any] = {}
        self._probe: Probe | None = None
        self._seat = ""
        self._wish: dict[str, Any] | None = None
        self._since = time.monotonic()
        self._due: dict[str, float] = {}
        self._times: dict[str, int] = {}
        self._ping_s = 20.0
        self._packet_id = 10
        self._heard = 0

    @property
    def connected(self) -> bool:
        return self._probe is not None and not self._probe.closed

    async def stay(self) -> None:
        """Be here until cancelled."""
        failures = 0
        while True:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                async with over_websocket(self._port, source=self._source) as probe:
                    await self._live(probe)
            self._probe, self.welcomed = None, False
            await asyncio.sleep(self._dice.random() * min(RETRY_MOST_S, RETRY_FIRST_S * 2**failures))
            failures += 1

    async def look(self, mode: Mode) -> None:
        """Wish for a stranger from now on."""
        self.wanted = mode
        await self._look()

    async def leave(self) -> None:
        """Say that the session is over."""
        await self._lobby({"kind": "leave", "session": self.session, "mood": "left"})
        self.session, self.wanted = None, None

    async def _live(self, probe: Probe) -> None:
        self._probe, self.life = probe, b64url(secrets.token_bytes(8))
        self._due.clear()
        gone = json.dumps({"kind": "gone", "life": self.life, "mood": "lost"}).encode()
        await probe.send(
            connect(self.peer, self._password, will=(topics.presence(self.peer), gone), keep_alive_s=KEEP_ALIVE_S),
            subscribe(topics.inbox(self.peer), topics.PULSE),
            self._presence(self._here()),
        )
        self._set("here", HERE_AFTER_S, 0)
        self._heard = 0
        while not probe.closed and not probe.connack:
            with contextlib.suppress(TimeoutError):
                due = min(self._due.values(), default=time.monotonic() + 1)
                within_s = max(0.001, due - time.monotonic())
                await probe.until(lambda: len(probe.seen) > self._heard or probe.closed, within_s=within_s)
            for message in probe.seen[self._heard :]:
                self._heard += 1
                await self._hear(json.loads(message.payload))
            for what in [what for what, due in self._due.items() if due <= time.monotonic()]:
                await self._wake(what)

    # ── what it hears ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _hear(self, message: dict[str, Any]) -> None:
        if message.get("life", self.life) != self.life:
            return
        match message["kind"]:
            case "welcome" if message["epoch"] >= self.epoch:
                self.epoch, self.welcomed = message["epoch"], True
                self._due.pop("here", None)
                self._ping_s = message["ping"]
                self._due["ping"] = time.monotonic() + self._ping_s
                await self._take_seat(message["seat"])
                await self._look()
            case "pulse" if message["epoch"] >= self.epoch:
                news, self.epoch, self.pulse = message["epoch"] > self.epoch, message["epoch"], message
                if news and self.welcomed:
                    self.welcomed = False
                    self._due["here"] = time.monotonic() + self._dice.random() * message["spread"]
                    self._times["here"] = 0
            case "matched" if self._wish is not None and message["ticket"] == self._wish["ticket"]:
                self.session, self._wish = message["session"], None
                self._due.pop("join", None)
                await self._take_seat(message["seat"])
                await self._lobby({"kind": "talking", "session": self.session})
            case "again" | "refused" if self._wish is not None and message["ticket"] == self._wish["ticket"]:
                self._wish = None
                await self._look()
            case "seat":
                await self._take_seat(message["seat"])

    async def _wake(self, what: str) -> None:
        match what:
            case "here":
                await self._say(self._presence(self._here()))
                self._set("here", HERE_AFTER_S, self._times["here"])
            case "join":
                await self._join()
                self._set("join", JOIN_AFTER_S, self._times["join"])
            case _:
                await self._say(self._presence({"kind": "ping", "life": self.life}))
                self._due["ping"] = time.monotonic() + self._ping_s

    def _set(self, what: str, after_s: tuple[float, ...], times: int) -> None:
        self._due[what] = time.monotonic() + after_s[min(times, len(after_s) - 1)]
        self._times[what] = times + 1

    # ── what it says ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _here(self) -> dict[str, object]:
        claim = {"session": self.session} if self.session else {}
        return {"kind": "here", "life": self.life, "version": VERSION, **claim}

    async def _look(self) -> None:
        if self.wanted is None or self.session is not None:
            return
        if self._wish is None:
            self._wish = {"ticket": b64url(secrets.token_bytes(16)), "seat": self._seat}
        await self._join()
        self._set("join", JOIN_AFTER_S, 0)

    async def _join(self) -> None:
        if self._wish is not None and self.welcomed:
            fit = {"key": _KEY, "mode": self.wanted, "tags": [self._tag] if self._tag else [], "languages": []}
            waited = int(time.monotonic() - self._since)
            await self._lobby({"kind": "join", **self._wish, **fit, "relay": False, "waited": waited})

    async def _take_seat(self, seat: str) -> None:
        self._seat = seat
        await self._say(subscribe(topics.session(seat), packet_id=self._next_id()))

    async def _lobby(self, message: dict[str, object]) -> None:
        await self._say(publish(topics.lobby(self.peer), json.dumps({**message, "life": self.life}).encode()))

    def _presence(self, message: dict[str, object]) -> bytes:
        return publish(topics.presence(self.peer), json.dumps(message).encode(), packet_id=self._next_id())

    async def _say(self, packet: bytes) -> None:
        if self._probe is not None:
            await self._probe.send(packet)

    def _next_id(self) -> int:
        self._packet_id = self._packet_id % 65_535 + 1
        return self._packet_id


@contextlib.asynccontextmanager
async def staying(stayers: Iterable[Stayer]) -> AsyncIterator[None]:
    """Let them all be here, as long as this lasts."""
    tasks = [asyncio.create_task(stayer.stay()) for stayer in stayers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended
