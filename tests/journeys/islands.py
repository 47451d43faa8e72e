"""Islands: people whose machines have networks of their own, and seas between them that can be crossed or not.

    island ═ sea ═ island                               a cable is a pair of virtual interfaces, a sea is a bridge
      ╰─ its own loopback ─ this process ─ the broker   that is how they signal

Each is a network namespace, the sea too: on the machine itself a firewall might have its say. A sea that an island is
cut off from says nothing: frames are lost, and no link goes down. The broker is reached without any sea, so that what
happens to one way does not happen to the other.
"""

import contextlib
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, Self

from playwright.async_api import Browser, Playwright

from tests.faults.proxy import Proxy
from tests.journeys.browsers import FLAGS, find_chromium
from tests.namespaces import inside, ip, need_namespaces

WATER: Final = "water"

# Names under .local are not looked up across namespaces, and bare addresses are what this is about.
BARE: Final = "--disable-features=WebRtcHideLocalIpsWithMdns"


def need_islands() -> None:
    """Skip where there can be none; before a driver is started, which fails on a machine without a browser."""
    find_chromium()
    need_namespaces()


class Sea:
    """A network on which islands lie."""

    def __init__(self, name: str, nth: int) -> None:
        self.name = name
        self.nth = nth

    def address(self, nth: int) -> str:
        return f"10.219.{self.nth}.{nth}/24"


class Island:
    """A machine with a browser."""

    def __init__(self, name: str, nth: int) -> None:
        self.name = name
        self.nth = nth
        self.port = 0
        self._browser: Browser | None = None

    @property
    def url(self) -> str:
        """Of the page: of loopback, as browsers demand of plain http."""
        return f"http://localhost:{self.port}/"

    @property
    def browser(self) -> Browser:
        assert self._browser is not None
        return self._browser

    async def moor(self, sea: Sea) -> None:
        """Give it an address on this sea."""
        inner = f"sea{sea.nth}"
        await ip("-n", sea.name, "link", "add", self.name, "type", "veth", "peer", "name", inner, "netns", self.name)
        await ip("-n", sea.name, "link", "set", self.name, "master", WATER, "up")
        await ip("-n", self.name, "address", "add", sea.address(self.nth), "dev", inner)
        await ip("-n", self.name, "link", "set", inner, "up")
        # A page that may not use the camera is told one address of its machine: the one by which the world is reached.
        await ip("-n", self.name, "route", "replace", "default", "dev", inner)

    async def cut(self, sea: Sea) -> None:
        await ip("-n", sea.name, "link", "set", self.name, "nomaster")

    async def mend(self, sea: Sea) -> None:
        await ip("-n", sea.name, "link", "set", self.name, "master", WATER)

    async def settle(self, playwright: Playwright, proxy: Proxy, folder: Path) -> None:
        """Start its browser, and let it reach the broker."""
        listening = await inside(self.name, lambda: socket.create_server(("127.0.0.1", 0)))
        self.port = await proxy.listen(listening)
        program = folder / self.name
        program.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} {find_chromium()} "$@"\n')
        program.chmod(0o700)
        self._browser = await playwright.chromium.launch(executable_path=program, args=[*FLAGS, BARE])

    async def close(self) -> None:
        if self._browser is not None:
            await self._browser.close()


class Islands:
    """Two islands and as many seas as are asked for."""

    def __init__(self) -> None:
        self._name = f"pb{secrets.token_hex(2)}"
        self.seas: list[Sea] = []
        self.islands = [Island(f"{self._name}i{nth}", nth) for nth in (1, 2)]

    @classmethod
    @contextlib.asynccontextmanager
    async def rise(cls, playwright: Playwright, port: int) -> AsyncIterator[Self]:
        """Make them, on one sea, with the page and the broker of this port of loopback."""
        islands = cls()
        with tempfile.TemporaryDirectory() as folder:
            async with Proxy.to(port) as proxy:
                try:
                    for island in islands.islands:
                        await ip("netns", "add", island.name)
                        await ip("-n", island.name, "link", "set", "lo", "up")
                    await islands.flood()
                    for island in islands.islands:
                        await island.settle(playwright, proxy, Path(folder))
                    yield islands
                finally:
                    await islands._sink()

    async def flood(self) -> Sea:
        """Let another sea come up between them."""
        sea = Sea(f"{self._name}s{len(self.seas)}", len(self.seas))
        self.seas.append(sea)
        await ip("netns", "add", sea.name)
        await ip("-n", sea.name, "link", "add", WATER, "type", "bridge")
        await ip("-n", sea.name, "link", "set", WATER, "up")
        for island in self.islands:
            await island.moor(sea)
        return sea

    async def _sink(self) -> None:
        """Leave nothing, however far it came."""
        for island in self.islands:
            with contextlib.suppress(Exception):
                await island.close()
        for name in [*(island.name for island in self.islands), *(sea.name for sea in self.seas)]:
            with contextlib.suppress(OSError):
                await ip("netns", "delete", name)  # its cables go with it
