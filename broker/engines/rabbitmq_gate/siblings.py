"""The other gates of a deployment: what a gate asks of them, and tells them. They share salts, which nobody else sees.

    GET /sibling/root   Bearer …   ◄─ born, mark, day, base; is it settled?   asked at the start, then each second
    GET /sibling/here   Bearer …   ◄─ who is connected by it                   asked at the start

Each proves itself by what follows from the keys file that all of them have.
"""

import asyncio
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from broker import ratchet
from broker.ratchet import Root

ROOT: Final = "/sibling/root"
HERE: Final = "/sibling/here"
SETTLED: Final = "settled"

ANSWER_S: Final = 1.0
"""A sibling that does not answer so soon is not there."""

_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Told:
    """The root of a sibling; one that is not `settled` has used it for nothing yet."""

    root: Root
    settled: bool


class Siblings:
    """The others, by their URLs.

    Args:
        http: for the requests.
        urls: where they listen; one's own may be among them.
        secrets: the one to prove oneself by, and those that are accepted besides.
    """

    def __init__(self, http: aiohttp.ClientSession, urls: Sequence[str], secrets: tuple[str, ...]) -> None:
        self._http = http
        self._urls = [url.rstrip("/") for url in urls]
        self.secrets = secrets

    def knows(self, header: str) -> bool:
        """Tell whether a request comes from a sibling."""
        told = header.encode("utf-8", "surrogatepass")
        return any(hmac.compare_digest(told, f"Bearer {word}".encode()) for word in self.secrets)

    async def roots(self) -> list[Told]:
        """Give the roots of all who answer."""
        told: list[Told] = []
        for answer in await asyncio.gather(*(self._ask(url, ROOT) for url in self._urls)):
            try:
                told.append(Told(ratchet.read(answer), isinstance(answer, dict) and answer.get(SETTLED) is True))
            except ValueError:
                continue
        return told

    async def here(self) -> frozenset[str]:
        """Give who is connected by any of them."""
        answers = await asyncio.gather(*(self._ask(url, HERE) for url in self._urls))
        return frozenset(name for answer in answers if isinstance(answer, list) for name in map(str, answer))

    async def _ask(self, url: str, path: str) -> Any:  # noqa: ANN401  JSON is what it is
        headers = {"Authorization": f"Bearer {self.secrets[0]}"}
        try:
            async with asyncio.timeout(ANSWER_S), self._http.get(f"{url}{path}", headers=headers) as answer:
                return await answer.json() if answer.status == _OK else None
        except (OSError, aiohttp.ClientError, ValueError):  # also TimeoutError
            return None
