"""Whether the TURN servers that came with the match give a relayed address for its credentials (RFC 8656), by aioice.

An allocation is asked for, and given back at once. Nothing is sent through it.
"""

import asyncio
import re
import ssl
from dataclasses import dataclass
from typing import Final

import aioice
from typing_extensions import override

from broker.messages import IceServer
from passerby.doctor.finding import Verdict, failed, ok, skipped
from passerby.doctor.visit import Visit

NO_TURN: Final = "no TURN server is configured: only this machine or network is reached for sure"

_URL = re.compile(
    r"(?P<scheme>turns?):(?P<host>\[[0-9A-Fa-f:.]+\]|[^:?\[\]]+)(:(?P<port>\d{1,5}))?(\?transport=(?P<way>udp|tcp))?"
)
_LIFETIME_S: Final = 60


class _Allocation(asyncio.DatagramProtocol):
    """One end of an allocation, of which only the end matters."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.gone.set()


@dataclass(frozen=True, slots=True)
class TurnServer:
    """A TURN URI taken apart (RFC 7065)."""

    host: str
    port: int
    way: str
    tls: bool


def read(url: str) -> TurnServer | None:
    """Take a URI apart; None when it is none of TURN."""
    found = _URL.fullmatch(url)
    if found is None:
        return None
    tls = found["scheme"] == "turns"
    usual = 5349 if tls else 3478
    way = found["way"] or ("tcp" if tls else "udp")
    return TurnServer(found["host"].strip("[]"), int(found["port"] or usual), way, tls)


async def relay(visit: Visit) -> Verdict:
    """Ask each TURN server for a relayed address."""
    servers = visit.matched[0].ice if visit.matched else []
    turns = [(url, server) for server in servers for url in server.urls if url.startswith("turn")]
    if not turns:
        return skipped(NO_TURN, "to reach everybody, run coturn and give the matcher its address and secret")
    problems = [
        f"{url}: {why}"
        for url, server in turns
        if (why := await problem(url, server, visit.tls, visit.wishes.timeout_s))
    ]
    if problems:
        return failed(
            "; ".join(problems),
            "is coturn running, are its ports open (UDP too, and the range of relayed ports), and is its "
            "`static-auth-secret` the matcher's?",
        )
    return ok(f"{', '.join(url for url, _ in turns)} gave a relayed address")


async def problem(url: str, server: IceServer, tls: ssl.SSLContext, timeout_s: float) -> str:
    """Say what goes wrong with one; nothing when all is well."""
    turn = read(url)
    if turn is None:
        return "is no TURN URI"
    if turn.tls and turn.way == "udp":
        return "TLS over UDP is not tried here"
    try:
        async with asyncio.timeout(timeout_s):
            await _allocate(turn, server, tls)
    except TimeoutError:
        return "no answer"
    except aioice.stun.TransactionFailed as error:
        code, reason = error.response.attributes.get("ERROR-CODE", (0, ""))
        return f"refused with {code} {reason}".rstrip()
    except (OSError, aioice.stun.TransactionError) as error:
        return str(error) or "no answer"
    return ""


async def _allocate(turn: TurnServer, server: IceServer, tls: ssl.SSLContext) -> None:
    transport, allocation = await aioice.turn.create_turn_endpoint(
        _Allocation,
        server_addr=(turn.host, turn.port),
        username=server.username,
        password=server.credential,
        lifetime=_LIFETIME_S,
        ssl=tls if turn.tls else None,
        transport=turn.way,
    )
    transport.close()
    await allocation.gone.wait()
