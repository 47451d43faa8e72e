"""TURN servers as they come with a match, and one that is none."""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aioice
import pytest
from typing_extensions import override

from broker.messages import IceServer
from passerby.doctor import relay
from passerby.doctor.relay import TurnServer

USER, PASSWORD, REALM = "1800000000:somebody", "made of the secret", "passerby"


class Turn(asyncio.DatagramProtocol):
    """A TURN server as far as an allocation goes (RFC 8656 §7)."""

    def __init__(self) -> None:
        self.allocations = 0
        self._key = hashlib.md5(f"{USER}:{REALM}:{PASSWORD}".encode(), usedforsecurity=False).digest()

    @override
    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        asked = aioice.stun.parse_message(data)
        known = asked.attributes.get("USERNAME") == USER and asked.check_message_integrity(self._key)
        verdict = aioice.stun.Class.RESPONSE if known else aioice.stun.Class.ERROR
        answer = aioice.stun.Message(asked.message_method, verdict, asked.transaction_id)
        if not known:
            answer.attributes.update({"ERROR-CODE": (401, "Unauthorized"), "REALM": REALM, "NONCE": b"once"})
        elif asked.message_method is aioice.stun.Method.ALLOCATE:
            self.allocations += 1
            answer.attributes.update({"LIFETIME": 60, "XOR-MAPPED-ADDRESS": addr[:2]})
            answer.attributes["XOR-RELAYED-ADDRESS"] = ("127.0.0.1", 50_000)
        else:
            self.allocations -= 1
            answer.attributes["LIFETIME"] = asked.attributes["LIFETIME"]
        if known:
            answer.add_message_integrity(self._key)
        self.transport.sendto(bytes(answer), addr)


@asynccontextmanager
async def turning() -> AsyncIterator[tuple[str, Turn]]:
    transport, turn = await asyncio.get_running_loop().create_datagram_endpoint(Turn, local_addr=("127.0.0.1", 0))
    try:
        yield f"turn:127.0.0.1:{transport.get_extra_info('sockname')[1]}", turn
    finally:
        transport.close()


async def problem(url: str, password: str = PASSWORD) -> str:
    server = IceServer(urls=[url], username=USER, credential=password)
    return await relay.problem(url, server, ssl.create_default_context(), timeout_s=2)


async def test_the_credentials_of_the_match_are_good_for_an_allocation_which_is_given_back() -> None:
    async with turning() as (url, turn):
        assert await problem(url) == ""
        assert turn.allocations == 0


async def test_a_server_with_another_secret_refuses_and_the_code_is_told() -> None:
    async with turning() as (url, _):
        assert await problem(url, "made of another") == "refused with 401 Unauthorized"


async def test_a_server_that_is_not_there_does_not_answer() -> None:
    async with turning() as (url, turn):
        turn.transport.close()
    assert "answer" in await problem(url) or "refused" in await problem(url)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("turn:turn.example.org", TurnServer("turn.example.org", 3478, "udp", tls=False)),
        ("turn:turn.example.org:80?transport=tcp", TurnServer("turn.example.org", 80, "tcp", tls=False)),
        ("turns:turn.example.org", TurnServer("turn.example.org", 5349, "tcp", tls=True)),
        ("turn:[::1]:3478", TurnServer("::1", 3478, "udp", tls=False)),
        ("stun:stun.example.org", None),
        ("turn:", None),
    ],
)
def test_a_turn_uri_says_host_port_and_way(url: str, server: TurnServer | None) -> None:
    assert relay.read(url) == server
