"""Allocations asked for by hand (RFC 8656), to see with what code a TURN server answers."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final, Protocol

import aioice
from aioice import stun

from broker.identity import PeerId
from matcher.turn import Turn

UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
OVER_QUOTA: Final = 486
UDP: Final = 17 << 24  # RFC 8656 §18.8: the protocol, and three bytes for later


class Client(asyncio.DatagramProtocol):
    """One allocation. What is asked gives the code of the answer; 0 is success."""

    def __init__(self, username: str, credential: str) -> None:
        self.username, self._credential = username, credential
        self._answers: dict[bytes, asyncio.Future[stun.Message]] = {}
        self._realm, self._nonce = "", b""

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:  # noqa: ARG002
        message = stun.parse_message(data)
        if (answer := self._answers.get(message.transaction_id)) is not None and not answer.done():
            answer.set_result(message)

    @property
    def port(self) -> int:
        return int(self._transport.get_extra_info("sockname")[1])

    async def allocate(self) -> int:
        await self._ask(stun.Method.ALLOCATE, {"REQUESTED-TRANSPORT": UDP})
        return await self._ask(stun.Method.ALLOCATE, {"REQUESTED-TRANSPORT": UDP})

    async def permit(self, address: str) -> int:
        return await self._ask(stun.Method.CREATE_PERMISSION, {"XOR-PEER-ADDRESS": (address, 9)})

    async def _ask(self, method: stun.Method, attributes: dict[str, Any]) -> int:
        request = stun.Message(method, stun.Class.REQUEST)
        request.attributes.update(attributes)
        if self._realm:
            request.attributes.update(USERNAME=self.username, REALM=self._realm, NONCE=self._nonce)
            request.add_message_integrity(aioice.turn.make_integrity_key(self.username, self._realm, self._credential))
        answered = self._answers[request.transaction_id] = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(10):
            while not answered.done():  # UDP may lose it
                self._transport.sendto(bytes(request))
                await asyncio.wait([answered], timeout=1)
        answer = answered.result()
        if answer.message_class is stun.Class.RESPONSE:
            return 0
        code, _ = answer.attributes["ERROR-CODE"]
        if code in {401, 438}:
            self._realm, self._nonce = answer.attributes["REALM"], answer.attributes["NONCE"]
        return int(code)


class Relaying(Protocol):
    """A TURN server on loopback."""

    @property
    def port(self) -> int: ...
    def turn(self, *, ttl_s: int) -> Turn: ...


@contextlib.asynccontextmanager
async def client(
    relay: Relaying, *, peer: str = "p", ttl_s: int = 3600, secret: str | None = None
) -> AsyncIterator[Client]:
    """Come as this peer, with credentials that are good for so long; of its own secret, unless another is given."""
    turn = relay.turn(ttl_s=ttl_s)
    turn = turn if secret is None else replace(turn, secret=secret)
    server = turn.servers(PeerId(peer * 22), None, time.time())[0][-1]
    assert server.username is not None
    assert server.credential is not None
    username, credential = server.username, server.credential
    transport, made = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Client(username, credential), remote_addr=("127.0.0.1", relay.port)
    )
    try:
        yield made
    finally:
        transport.close()
