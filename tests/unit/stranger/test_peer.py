"""A peer connection's end."""

import asyncio

from stranger.peer import Peer


async def test_who_ends_as_a_way_is_found_asks_nobody_for_consent() -> None:
    """What aioice begins after the end would go on for ever: it counts the answers of nobody."""
    peer = Peer([], relay=False)
    await peer.offer()
    assert peer.pc.sctp is not None
    connection = peer.pc.sctp.transport.transport._connection  # noqa: SLF001  aioice's
    connection.remote_password = "of the other"
    await peer.close()
    async with asyncio.timeout(1):
        await connection.query_consent()
