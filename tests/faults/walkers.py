"""Peers without a browser: they signal over a real WebSocket as the page does, and read what comes."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from typing import Any, Self

from broker import topics
from broker.identity import SECRET_BYTES, b64url, peer_of
from broker.messages import VERSION
from tests.engines.mqtt_probe import Probe, connect, over_websocket, publish, subscribe


class Walker:
    """One peer, as far as its inbox."""

    def __init__(self, probe: Probe, secret: bytes) -> None:
        self.probe = probe
        self.peer = peer_of(secret)
        self.password = b64url(secret)
        self.life = b64url(secrets.token_bytes(8))
        self.ticket = b64url(secrets.token_bytes(16))
        self.seat = ""

    @classmethod
    @contextlib.asynccontextmanager
    async def walk(cls, port: int, source: str | None = None) -> AsyncIterator[Self]:
        """Connect, from this address of loopback if one is given, say here, and be welcomed.

        Raises:
            ConnectionRefusedError: when the door is shut.
        """
        async with over_websocket(port, source=source) as probe:
            walker = cls(probe, secrets.token_bytes(SECRET_BYTES))
            await walker.enter()
            yield walker

    async def enter(self) -> None:
        here = {"kind": "here", "life": self.life, "version": VERSION}
        await self.probe.send(
            connect(self.peer, self.password, will=(topics.presence(self.peer), self._gone())),
            subscribe(topics.inbox(self.peer), topics.PULSE),
            self.packet(topics.presence(self.peer), here, packet_id=7),
        )
        try:
            welcome = await self.told("welcome")
        except TimeoutError:  # as the page does: the matcher may not have been there yet
            await self.probe.send(self.packet(topics.presence(self.peer), here, packet_id=9))
            welcome = await self.told("welcome")
        self.seat = welcome["seat"]
        await self.probe.send(subscribe(topics.session(self.seat), packet_id=8))
        await self.probe.until(lambda: len(self.probe.subacks) > 1)

    async def join(self, **more: object) -> None:
        await self.say_in_lobby({"kind": "join", **self.wish(), **more})

    def wish(self) -> dict[str, object]:
        key = "B" + "k" * 86
        wish = {"life": self.life, "ticket": self.ticket, "seat": self.seat, "key": key, "mode": "text"}
        return {**wish, "tags": [], "languages": [], "relay": False}

    async def ping(self, *, want_seat: bool = False) -> None:
        """Give a sign of life."""
        more = {"wantSeat": True} if want_seat else {}
        ping = {"kind": "ping", "life": self.life, **more}
        await self.probe.send(self.packet(topics.presence(self.peer), ping, packet_id=10))

    async def say_of(self, session: str, kind: str, **more: object) -> None:
        """Say something of a session: that one talks, leaves, complains."""
        await self.say_in_lobby({"kind": kind, "life": self.life, "session": session, **more})

    async def say_in_lobby(self, message: dict[str, object]) -> None:
        await self.probe.send(self.packet(topics.lobby(self.peer), message))

    async def told(self, kind: str) -> dict[str, Any]:
        """Wait for a message of the service, and give the newest of its kind.

        Raises:
            ConnectionError: when the connection has ended, and it has not come.
        """
        found: list[dict[str, Any]] = []

        def look() -> bool:
            found[:] = [message for message in self.inbox() if message["kind"] == kind]
            return bool(found)

        await self.probe.until(lambda: look() or self.probe.closed)
        if not found:
            raise ConnectionRefusedError if self.probe.connack else ConnectionResetError
        return found[-1]

    def inbox(self) -> list[dict[str, Any]]:
        return [json.loads(each.payload) for each in self.probe.seen if each.topic == topics.inbox(self.peer)]

    @staticmethod
    def packet(topic: str, message: dict[str, object], packet_id: int = 0) -> bytes:
        return publish(topic, json.dumps(message).encode(), packet_id=packet_id)

    def _gone(self) -> bytes:
        return json.dumps({"kind": "gone", "life": self.life, "mood": "lost"}).encode()


async def meet(one: Walker, other: Walker) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let two be matched, who are the only ones that wait."""
    await asyncio.gather(one.join(), other.join())
    mine, theirs = await asyncio.gather(one.told("matched"), other.told("matched"))
    assert mine["session"] == theirs["session"]
    return mine, theirs
