"""HAProxy in a container, built from our Dockerfile and run as it says there, and ways to come to it from anywhere.

It is in the machine's own network, so that it sees from which of the machine's addresses somebody comes.
"""

import asyncio
import contextlib
import os
import ssl
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
import trustme

from tests.engines.containers import ROOT
from tests.engines.containers import client as container_engine
from tests.engines.containers import image as built
from tests.engines.houses import elsewhere
from tests.ports import free_ports

WITHIN_S: Final = 20.0
CONFIG: Final = ROOT / "deploy" / "haproxy" / "haproxy.cfg"
CERTIFICATE: Final = "/etc/passerby/tls/site.pem"

_LABELS = {"passerby.tests": "haproxy"}
_BRIEF = aiohttp.ClientWSTimeout(ws_close=0.1)
_UPGRADE: Final = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "mqtt",
}


def image() -> str:
    """Build the image, once a session."""
    return built("deploy/haproxy/Dockerfile", "passerby-haproxy:test")


@dataclass
class Front:
    """A running one. `came` are the addresses somebody came from; what is `opened` would close, were it forgotten."""

    container: Any
    plain: int
    port: int
    gates: int
    authority: trustme.CA
    tls: ssl.SSLContext
    came: set[str] = field(default_factory=set)
    opened: list[aiohttp.ClientWebSocketResponse] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @contextlib.asynccontextmanager
    async def browser(self, source: str | None = None) -> AsyncIterator[aiohttp.ClientSession]:
        """Have a client that comes from one address: this, or one that nobody has come from."""
        here = source or elsewhere()
        self.came.add(here)
        connector = aiohttp.TCPConnector(local_addr=(here, 0), ssl=self.tls, limit=0)
        async with aiohttp.ClientSession(self.url, connector=connector) as http:
            yield http

    async def open(
        self, http: aiohttp.ClientSession, path: str = "/mqtt", **headers: str
    ) -> aiohttp.ClientWebSocketResponse:
        """Open a WebSocket as the page does, with these headers more."""
        sent = {"Origin": self.url, **_named(headers)}
        opened = await http.ws_connect(path, protocols=("mqtt",), headers=sent, timeout=_BRIEF)
        self.opened.append(opened)
        return opened

    async def refused(self, http: aiohttp.ClientSession, path: str = "/mqtt", **headers: str) -> tuple[int, str]:
        """Ask for a WebSocket that is not to be opened, with other headers; an empty one is left out."""
        wanted = {"Origin": self.url, **_UPGRADE, **_named(headers)}
        async with http.get(path, headers={name: value for name, value in wanted.items() if value}) as answer:
            return answer.status, await answer.text()

    async def operate(self, *commands: str) -> str:
        """Say something to its socket, as an operator does; gives the answer."""
        return await asyncio.to_thread(self._operate, "".join(f"{each}\n" for each in commands))

    def log(self) -> str:
        """Give all that it wrote."""
        return str(self.container.logs().decode())

    def _operate(self, text: str) -> str:
        code, said = self.container.exec_run(["sh", "-c", 'printf %s "$0" | socat - /run/haproxy/socket', text])
        assert code == 0, said
        return str(said.decode())


@contextlib.asynccontextmanager
async def running(
    folder: Path, brokers: Iterable[str] = (), gates: Iterable[str] = (), *, alone: bool = False, **environment: object
) -> AsyncIterator[Front]:
    """Run it as the Dockerfile says; at the end its log must not name anybody who came.

    Args:
        folder: for its certificate.
        brokers: where they are.
        gates: likewise.
        alone: in a network of its own, with nobody in it.
        environment: what else it is told.
    """
    front = await asyncio.to_thread(_start, folder, brokers, gates, environment, "none" if alone else "host")
    try:
        await asyncio.to_thread(_ready, front)
        yield front
        said = await asyncio.to_thread(front.log)
        assert [each for each in front.came if each in said] == [], said
    finally:
        await asyncio.to_thread(front.container.remove, force=True)


def certificate(authority: trustme.CA) -> bytes:
    """Issue one for this machine, with its chain and its key, as HAProxy wants it."""
    issued = authority.issue_cert("localhost", "127.0.0.1")
    return b"".join(each.bytes() for each in [*issued.cert_chain_pems, issued.private_key_pem])


def _start(
    folder: Path, brokers: Iterable[str], gates: Iterable[str], environment: dict[str, object], network: str
) -> Front:
    user = 1000 if os.getuid() == 0 else os.getuid()
    name = image()
    authority = trustme.CA()
    tls = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())
    place = folder / "tls"
    place.mkdir()
    (place / "site.pem").write_bytes(certificate(authority))
    for path in (place, place / "site.pem"):
        os.chown(path, user, user)
    plain, port, asking = free_ports(3)
    settings: dict[str, object] = {
        "HTTP_PORT": plain,
        "HTTPS_PORT": port,
        "GATES_PORT": asking,
        "PAGE": "127.0.0.1:1",
        "CONNECTIONS": 500,
        **{f"BROKER_{number}": broker for number, broker in enumerate(brokers, 1)},
        **{f"GATE_{number}": gate for number, gate in enumerate(gates, 1)},
        **environment,
    }
    engine = container_engine()
    try:
        container = engine.containers.run(
            name,
            detach=True,
            network_mode=network,
            sysctls={} if network == "host" else {"net.ipv6.conf.all.disable_ipv6": "0"},
            read_only=True,
            tmpfs={"/run/haproxy": f"mode=0700,uid={user}"},
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            user=f"{user}:{user}",
            volumes={str(place): {"bind": "/etc/passerby/tls", "mode": "ro"}},
            environment={f"PASSERBY_{name}": str(value) for name, value in settings.items()},
            labels=_LABELS,
        )
    finally:
        engine.close()
    return Front(container, plain, port, asking, authority, tls)


def _ready(front: Front) -> None:
    deadline = time.monotonic() + WITHIN_S
    while front.container.exec_run(["test", "-S", "/run/haproxy/socket"]).exit_code:
        front.container.reload()
        assert front.container.status != "exited", front.log()
        assert time.monotonic() < deadline, front.log()
        time.sleep(0.05)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
