"""Peers whom the radar must put out, the door that they come to, and the operator's desk: on a whole product.

    rowdy ── wishes without end, nonsense, what is denied ──►    ◄── banned{reason, seconds, code}, and the end
    knock ── under a new name ──►                                ◄── 0, or 5: the door is shut
    desk  ── as `passerby ban` and its like ask ──►              ◄── what they show

Everybody has an address of loopback, all of which is this machine: no radar here spares any of it.
"""

import asyncio
import secrets
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any, Final, TypeVar

from broker import topics
from broker.desk import Answer, Ask, Ban, BanList, ListBans
from broker.identity import SECRET_BYTES, b64url, peer_of
from matcher.policing import Policing
from matcher.stats import LobbyStats
from passerby import desk
from passerby.desk import Access, fresh_id
from tests.engines.mqtt_probe import connect, over_websocket, publish
from tests.faults.walkers import Walker, meet
from tests.journeys.house import House
from tests.polling import until

CONTACT: Final = "help@passerby.example"
STRICT: Final = Policing(contact=CONTACT, never_ban=(), ban_share=1.0)
"""Nobody is spared, and no breaker minds that few are here."""

LENIENT: Final = replace(STRICT, dry_run=True)

PATIENCE_S: Final = 30.0
"""How long it takes is not the promise here, and machines that test are busy."""

MODES: Final = ("text", "voice", "video")

A = TypeVar("A", bound=Answer)


def lobby(house: House) -> LobbyStats:
    """Give what the operator could count."""
    stats = house.service.stats().lobby
    assert stats is not None
    return stats


async def knock(house: House, source: str) -> int | None:
    """Connect from an address under a new name, and go; gives the answer of the door."""
    secret = secrets.token_bytes(SECRET_BYTES)
    async with over_websocket(house.broker.port, source=source) as probe:
        await probe.send(connect(peer_of(secret), b64url(secret)))
        await probe.until(lambda: probe.connack is not None or probe.closed)
        return probe.connack


async def opens(house: House, source: str) -> None:
    """Knock until one is let in."""
    async with asyncio.timeout(PATIENCE_S):
        while await knock(house, source) != 0:
            await asyncio.sleep(0.1)


async def closes(house: House, source: str) -> None:
    """Knock until the door is shut."""
    async with asyncio.timeout(PATIENCE_S):
        while await knock(house, source) != 5:
            await asyncio.sleep(0.1)


async def known(house: House, count: int) -> None:
    """Wait until gates have told from where so many peers have come."""
    await until(lambda: lobby(house).address_keys >= count, within_s=PATIENCE_S)


# ── rowdies ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def rage(walker: Walker) -> None:
    """Wish in every mode and on and on, never waiting as one is told; then say what no page says."""
    wishes = [walker.wish() | {"ticket": b64url(secrets.token_bytes(16))} for _ in range(24)]
    for wish, mode in zip(wishes, MODES, strict=False):
        wish["mode"] = mode
    await walker.probe.send(*(walker.packet(topics.lobby(walker.peer), {"kind": "join", **wish}) for wish in wishes))
    nonsense = [publish(topics.lobby(walker.peer), b"{") for _ in range(8)]
    denied = [publish(topics.PULSE, b"I am the pulse"), publish(topics.inbox(walker.peer), b"{}", retain=True)]
    await walker.probe.send(*nonsense, *denied * 4)


async def rage_until_shut_out(house: House, source: str) -> list[dict[str, Any]]:
    """Rage from an address, under a new name as often as one is put out; gives what one was told each time."""
    told: list[dict[str, Any]] = []
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                async with Walker.walk(house.broker.port, source) as rowdy:
                    probe = rowdy.probe
                    await rage(rowdy)  # at once: it is judged when its gate has told from where it has come
                    told.append(await rowdy.told("banned"))
                    await probe.until(lambda: probe.closed)  # noqa: B023
            except ConnectionRefusedError:
                return told
            except ConnectionResetError:
                pass  # it came in at the last moment, and the door was shut behind it


# ── bystanders ───────────────────────────────────────────────────────────────────────────────────────────────────────


def kinds(walker: Walker) -> list[str]:
    """Give the kinds of message that the service has sent to a peer."""
    return [message["kind"] for message in walker.inbox()]


async def wish(walker: Walker) -> None:
    """Ask for a stranger, with a ticket of its own."""
    walker.ticket = b64url(secrets.token_bytes(16))
    await walker.join()


async def answered(walker: Walker) -> dict[str, Any]:
    """Wait for what becomes of the wish; gives that."""
    found: list[dict[str, Any]] = []

    def look() -> bool:
        found[:] = [told for told in walker.inbox() if told.get("ticket") == walker.ticket]
        return bool(found)

    await walker.probe.until(look, within_s=PATIENCE_S)
    return found[-1]


async def heard(walker: Walker) -> None:
    """Wait until the service has heard all that a peer has said."""
    seats = kinds(walker).count("seat")
    await walker.ping(want_seat=True)
    await walker.probe.until(lambda: kinds(walker).count("seat") > seats)


async def couple(
    stack: AsyncExitStack, house: House, one: str = "127.0.2.1", other: str = "127.0.2.2"
) -> tuple[Walker, Walker, str]:
    """Let two meet, from two addresses, who then talk; gives also the seat of the second."""
    ana = await stack.enter_async_context(Walker.walk(house.broker.port, one))
    bo = await stack.enter_async_context(Walker.walk(house.broker.port, other))
    mine, _ = await meet(ana, bo)
    for each in (ana, bo):
        await each.say_of(mine["session"], "talking")
    await until(lambda: lobby(house).talking == 2, within_s=PATIENCE_S)
    return ana, bo, mine["to"]


async def still_talk(ana: Walker, bo: Walker, seat: str) -> None:
    """See that two go on, and that nobody has told them anything."""
    words = secrets.token_bytes(16)
    await ana.probe.send(publish(topics.session(seat), words))
    await bo.probe.hears(topics.session(seat), words)
    await asyncio.gather(ana.probe.echo(), bo.probe.echo())
    assert not ana.probe.closed
    assert kinds(ana) == kinds(bo) == ["welcome", "matched"]


# ── the desk ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def ask(house: House, question: Ask, wanted: type[A]) -> A:
    """Ask as an operator."""
    password = house.keys.desk_password("operator", time.time())
    assert password is not None
    access = Access(f"mqtt://127.0.0.1:{house.broker.service_port}", "operator", password)
    return await desk.ask(access, question, wanted)


async def bans(house: House) -> list[Ban]:
    """List the living bans."""
    return (await ask(house, ListBans(id=fresh_id()), BanList)).bans


async def banned(house: House) -> Ban:
    """Wait for one ban: of a network, gates tell the service."""
    async with asyncio.timeout(PATIENCE_S):
        while not (found := await bans(house)):
            await asyncio.sleep(0.1)
    [ban] = found
    return ban
