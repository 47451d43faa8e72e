"""A stranger who plays by no rules, and the one on whom it is tried: both in this process, without a broker.

The victim is the real thing from its match on (`Encounter`); the rogue has its own keys, seal and connection, and does
with them by hand what a test says. What a rogue may cost is told by `Scene`: events, and an end. What it may not is
looked for when the scene closes: an exception that reaches the loop, a task, a socket that is left.
"""

import asyncio
import contextlib
import gc
import json
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final, Self

from broker.conversation import Answer, Hello, Nonce, Offer, Said
from broker.identity import b64url, unb64url
from broker.messages import VERSION, Handshake, LeaveMood, Matched, Message, Role
from stranger import events
from stranger.checkwords import Commitment, commit
from stranger.description import mirrored
from stranger.encounter import Encounter, EncounterPorts, Outcome
from stranger.peer import Peer
from stranger.seal import Seal, SealKeys
from stranger.talk import Talk
from tests.polling import until

SESSION: Final = "session1aaaaaaaaaaaaaa"
MINE: Final = "mine".ljust(56, "_")
THEIRS: Final = "theirs".ljust(56, "_")
STRING, BINARY, DCEP = 51, 53, 50


class Scene:
    """A victim, its rogue, and what the victim's owner is told."""

    def __init__(self, role: Role = "a", mode: Handshake = "offer") -> None:
        keys, self.rogue = SealKeys.draw(), Rogue(self, "b" if role == "a" else "a", mode)
        self.talk: Talk | None = None
        self.ended: list[tuple[Outcome, LeaveMood | None]] = []
        self.told: list[events.Event] = []
        self.posted: asyncio.Queue[bytes] = asyncio.Queue()
        self.reading = True
        self._tasks: set[asyncio.Task[None]] = set()
        ports = EncounterPorts(
            publish=lambda _, payload: self.posted.put_nowait(payload),
            opened=self._opened,
            ended=lambda outcome, mood: self.ended.append((outcome, mood)),
            report=lambda _, __: True,
            block=lambda _: True,
        )
        matched = Matched(
            life="life1111111",
            epoch=1,
            ticket="ticket1aaaaaaaaaaaaaaa",
            session=SESSION,
            to=THEIRS,
            key=self.rogue.keys.public,
            role=role,
            handshake=mode,
            tags=[],
            ice=[],
            seat="next".ljust(56, "_"),
            ttl=600,
        )
        self.victim_key = keys.public
        self.rogue.know(keys.public)
        self.encounter = Encounter(matched, seat=MINE, nickname="Vic", keys=keys, relay=False, ports=ports)

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, role: Role = "a", mode: Handshake = "offer") -> AsyncIterator[Self]:
        """Open it; at its end nothing may be left of it but what was told."""
        loop = asyncio.get_running_loop()
        errors: list[str] = []
        loop.set_exception_handler(lambda _, context: errors.append(str(context)))
        tasks, sockets = others(), open_files()
        scene = cls(role, mode)
        try:
            yield scene
        finally:
            scene.encounter.leave("left")
            await scene.encounter.meeting.gone()
            await scene.rogue.close()
        await until(lambda: others() == tasks)
        await until(lambda: open_files() == sockets)
        gc.collect()  # what nobody has asked for its result says so now
        assert errors == []

    def _opened(self, talk: Talk) -> None:
        self.talk = talk
        reading = asyncio.ensure_future(self._read(talk))
        self._tasks.add(reading)
        reading.add_done_callback(self._tasks.discard)

    async def _read(self, talk: Talk) -> None:
        while self.reading:
            try:
                self.told.append(await anext(talk))
            except StopAsyncIteration:
                return

    async def comes_to(self, outcome: Outcome, mood: LeaveMood | None) -> None:
        """Wait for its end, which is this one."""
        await until(lambda: self.ended)
        assert self.ended == [(outcome, mood)]

    async def hears(self, event: events.Event) -> None:
        """Wait until the owner was told this."""
        await until(lambda: event in self.told)

    async def goes_on(self) -> None:
        """See that the two can still talk."""
        assert self.ended == []
        self.rogue.say({"kind": "text", "id": 777, "text": "still here"})
        await self.hears(events.Heard(777, "still here"))


class Rogue:
    """The other side, by hand."""

    def __init__(self, scene: Scene, role: Role, mode: Handshake) -> None:
        self._scene, self.role, self._mode = scene, role, mode
        self.keys = SealKeys.draw()
        self.peer = Peer([], relay=False)
        self.heard: list[dict[str, Any]] = []
        self.peer.words.on_message = self._hear
        self.commitment: Commitment = commit(SESSION, role, bytes(32))
        self._victim_key = ""

    def know(self, victim_key: str) -> None:
        """Be told of the victim, as by a match."""
        self._victim_key = victim_key
        self.seal = Seal(role=self.role, keys=self.keys, peer_key=victim_key, my_seat=THEIRS, peer_seat=MINE)

    # ── over the broker ──────────────────────────────────────────────────────────────────────────────────────────────

    def put(self, payload: bytes) -> None:
        """Let bytes come to the victim's seat."""
        self._scene.encounter.meeting.receive(payload, MINE)

    def post(self, message: Message | bytes) -> bytes:
        """Seal this, and let it come there."""
        payload = self.seal.seal(message if isinstance(message, bytes) else message.wire())
        assert payload is not None
        self.put(payload)
        return payload

    async def posted(self) -> dict[str, Any]:
        """Open the next that the victim has sent."""
        plain = self.seal.open(await asyncio.wait_for(self._scene.posted.get(), 10))
        assert plain is not None
        message = json.loads(plain)
        assert isinstance(message, dict)
        return message

    async def offered(self) -> str:
        """Give the victim's offer."""
        message = await self.posted()
        assert message["kind"] == "offer"
        return str(message["sdp"])

    async def connect(self) -> None:
        """Shake hands as one should."""
        if self._mode == "mirror":
            if self.role == "b":
                self.peer.give_way()
            self.post(Offer(sdp=await self.peer.offer()))
            await self.peer.take(mirrored(await self.offered(), self.role))
        elif self.role == "a":
            self.post(Offer(sdp=await self.peer.offer()))
            await self.peer.take(str((await self.posted())["sdp"]))
        else:
            self.post(Answer(sdp=await self.peer.answer(await self.offered())))
        await until(lambda: self.peer.words.ready)

    # ── on the channel ───────────────────────────────────────────────────────────────────────────────────────────────

    def hello(self, **other: object) -> Hello:
        """Make a hello that fits, but for this."""
        fits: dict[str, object] = {
            "version": VERSION,
            "session": SESSION,
            "role": self.role,
            "key": self.keys.public,
            "peerKey": self._victim_key,
            "nickname": "Rogue",
            "commitment": self.commitment.commitment,
            "relay": False,
        }
        return Hello.model_validate(fits | other)

    def say(self, message: Said | dict[str, Any] | str | bytes) -> None:
        """Send on the channel of words."""
        if isinstance(message, dict):
            self.peer.words.send(json.dumps(message))
        else:
            self.peer.words.send(message if isinstance(message, (str, bytes)) else message.wire().decode())

    async def talk(self, **other: object) -> None:
        """Go all the way into a talk; hello is as told."""
        await self.connect()
        self.say(self.hello(**other))
        self.say(Nonce(nonce=b64url(self.commitment.nonce)))
        await until(lambda: self._scene.talk is not None and any(isinstance(e, events.Words) for e in self._scene.told))

    async def victim_said(self, kind: str) -> dict[str, Any]:
        """Wait for what the victim says of this kind."""
        await until(lambda: any(message["kind"] == kind for message in self.heard))
        return next(message for message in self.heard if message["kind"] == kind)

    def _hear(self, data: object) -> None:
        assert isinstance(data, str)
        self.heard.append(json.loads(data))

    # ── below it ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def sctp(self) -> Any:
        """SCTP's inside."""
        return self.peer.pc.sctp

    @property
    def dtls(self) -> Any:
        """DTLS's inside."""
        return self.sctp.transport

    @property
    def ice(self) -> Any:
        """ICE's inside."""
        return self.dtls.transport._connection  # noqa: SLF001

    async def message(self, stream: int, protocol: int, data: bytes) -> None:
        """Send a message of SCTP, as no data channel would."""
        await self.sctp._send(stream, protocol, data)  # noqa: SLF001

    async def chunk(self, chunk: object) -> None:
        """Send one chunk of SCTP."""
        await self.sctp._send_chunk(chunk)  # noqa: SLF001

    async def packet(self, *chunks: bytes) -> None:
        """Send a packet of SCTP with these chunks, already serialized."""
        from google_crc32c import value as crc32c  # noqa: PLC0415  of aiortc

        head = struct.pack("!HHL", 5000, 5000, self.sctp._remote_verification_tag)  # noqa: SLF001
        body = b"".join(chunks)
        checksum = struct.pack("<L", crc32c(head + bytes(4) + body))
        await self.dtls._send_data(head + checksum + body)  # noqa: SLF001

    async def datagram(self, data: bytes) -> None:
        """Send a bare datagram on the way that ICE has found."""
        await self.ice.send(data)

    def vanish(self) -> None:
        """Be gone without a word: nothing leaves any more, and nothing that comes is answered."""
        for protocol in self.ice._protocols:  # noqa: SLF001
            protocol.transport.pause_reading() if hasattr(protocol.transport, "pause_reading") else None
            protocol.transport.sendto = lambda *_: None
            protocol.datagram_received = lambda *_: None

    async def close(self) -> None:
        """Be gone, and leave nothing."""
        await self.peer.close()


def key_of_nobody() -> str:
    """Draw a key that signaling told nobody of."""
    return SealKeys.draw().public


def flipped(text: str) -> str:
    """Change one bit of base64url."""
    data = bytearray(unb64url(text))
    data[0] ^= 1
    return b64url(bytes(data))


def others() -> set[asyncio.Task[Any]]:
    """Name all tasks but that which asks."""
    return asyncio.all_tasks() - {asyncio.current_task()}


def open_files() -> int:
    """Count the files and sockets that this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
