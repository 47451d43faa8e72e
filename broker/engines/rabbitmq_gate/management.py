"""RabbitMQ's management interface, as far as a gate needs it: who is connected, and out with this one.

What it answers holds addresses. They are turned into keys, or dropped, by whoever asked, and never logged.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

import aiohttp

from broker.engines.rabbitmq import MANAGER, Found
from broker.exchange import proof

ANSWER_S: Final = 5.0
LIST_S: Final = 30.0
"""How long to wait for an answer, and for a list of tens of thousands."""

UNSEEN_S: Final = 3.0
"""How long a connection may take, after its gate let it in, until RabbitMQ can name it."""

AGAIN_S: Final = 0.2
GONE_S: Final = 0.02
"""How long to wait before looking again: for it to be there, and for it to be gone."""


class Management:
    """The interface, at one or several nodes of the cluster; the first that answers is asked.

    Args:
        http: for the requests.
        urls: of the nodes' interfaces, `http://host:port`.
        password: of the moment.
    """

    def __init__(self, http: aiohttp.ClientSession, urls: Sequence[str], password: str) -> None:
        self._http = http
        self._urls = [url.rstrip("/") for url in urls]
        self.password = password

    async def connections(self) -> list[Found] | None:
        """Give everybody who is connected to the cluster; None when no node tells."""
        listed = await self._ask("GET", "/api/connections?columns=user,peer_host,connected_at", LIST_S)
        if not isinstance(listed, list):
            return None
        return [
            Found(name, address, since / 1000)
            for each in listed
            if isinstance(name := each.get("user"), str)
            and isinstance(address := each.get("peer_host"), str)
            and isinstance(since := each.get("connected_at"), int)
        ]

    async def gone(self, peer: str) -> bool:
        """Tell whether a peer has no connection, by RabbitMQ's own book: its list may be seconds old."""
        return bool(await self._ask("GET", _of(peer), ANSWER_S) == [])

    async def kick(self, peer: str) -> bool:
        """Close the connection that a peer has now, and no later one; tell whether there was one, and it is gone."""
        path = _of(peer)
        deadline = asyncio.get_running_loop().time() + UNSEEN_S
        meant: frozenset[str] = frozenset()
        while True:
            listed = await self._ask("GET", path, ANSWER_S)
            names = frozenset(str(each.get("name")) for each in listed) if isinstance(listed, list) else None
            meant = meant or names or frozenset()
            if names is not None and meant and not meant & names:
                return True
            if meant:
                await self._ask("DELETE", path, ANSWER_S)
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(GONE_S if meant else AGAIN_S)

    async def _ask(self, method: str, path: str, within_s: float) -> Any:  # noqa: ANN401  JSON is what it is
        """Ask the nodes in turn; None when there is no answer, or none that is a list."""
        headers = {"Authorization": proof(MANAGER, self.password)}
        for url in self._urls:
            try:
                async with (
                    asyncio.timeout(within_s),
                    self._http.request(method, f"{url}{path}", headers=headers) as answer,
                ):
                    if answer.status < 300:  # noqa: PLR2004  RFC 9110 §15.3
                        return await answer.json() if method == "GET" else None
            except (OSError, aiohttp.ClientError, ValueError):  # also TimeoutError
                continue
        return None


def _of(peer: str) -> str:
    return f"/api/connections/username/{quote(peer, safe='')}"
