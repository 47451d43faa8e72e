"""Caddy in a container, built from our Dockerfile, with the page that `passerby page` wrote.

It is held to the table that our own server is held to.
"""

import asyncio
import contextlib
import http.client
import os
import secrets
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from passerby import folder
from passerby.settings import Settings
from tests import headers
from tests.engines.containers import Mosquitto
from tests.engines.containers import client as container_engine
from tests.engines.containers import image as built
from tests.engines.houses import Person
from tests.engines.mqtt_probe import Probe, connect, over_websocket, subscribe
from tests.headers import ASSET, FRAME, POLICIES, ROUTES, Route

WITHIN_S: Final = 30.0
_LABELS = {"passerby.tests": "caddy"}
_TRUST = "/data/caddy/pki/authorities/local/root.crt"
_BRIEF = aiohttp.ClientWSTimeout(ws_close=0.1)  # Mosquitto answers no goodbye before a CONNECT
PROXY_2: Final = b"\r\n\r\n\0\r\nQUIT\n"
_NOBODY = "127.0.0.1:1"
"""Where no broker is."""


@dataclass(frozen=True)
class Served:
    """A page behind Caddy on some port of loopback; `tls` trusts the certificate that it made for itself."""

    container: Any
    port: int
    tls: ssl.SSLContext | None

    def ask(self, route: Route) -> tuple[int, list[tuple[str, str]]]:
        return headers.ask(route, "localhost", self.port, self.tls)

    def wrong(self, routes: tuple[Route, ...], frame: str | None = None) -> str:
        found = []
        for route in routes:
            status, had = self.ask(route)
            host, secure = f"localhost:{self.port}", self.tls is not None
            had = [(name, value) for name, value in had if name != "Alt-Svc"]  # that it speaks HTTP/3, too
            found += [
                f"{route}: {each}" for each in headers.wrong(route, status, had, host=host, secure=secure, frame=frame)
            ]
        return "\n".join(found)


def image() -> str:
    """Build the image, once a session."""
    return built("deploy/caddy/Dockerfile", "passerby-caddy:test")


@contextlib.contextmanager
def serving(page: Path, *, tls: bool = False, broker: str = _NOBODY, network: str = "bridge") -> Iterator[Served]:
    """Run it as the Dockerfile says; it is removed whatever becomes of the test."""
    user = "1000:1000" if os.getuid() == 0 else f"{os.getuid()}:{os.getgid()}"
    name = image()
    engine = container_engine()
    container = None
    room = "443/tcp" if tls else "80/tcp"
    try:
        container = engine.containers.run(
            name,
            detach=True,
            ports={room: ("127.0.0.1", None)},
            read_only=True,
            tmpfs={"/data": f"mode=0700,uid={user.partition(':')[0]}"},
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            user=user,
            volumes={str(page): {"bind": "/srv/passerby", "mode": "ro"}},
            environment={
                "PASSERBY_DOMAIN": "localhost" if tls else "http://",
                "PASSERBY_BROKER": broker,
            },
            labels=_LABELS,
            network=network,
        )
        container.reload()
        port = int(container.ports[room][0]["HostPort"])
        trust = _trust(container) if tls else None
        _ready(container, port, trust)
        yield Served(container, port, trust)
    finally:
        if container is not None:
            container.remove(force=True)
        engine.close()


def _trust(container: Any) -> ssl.SSLContext:
    """Wait until it has made itself an authority, and trust that."""
    deadline = time.monotonic() + WITHIN_S
    while True:
        code, text = container.exec_run(["cat", _TRUST])
        if code == 0 and b"END CERTIFICATE" in text:
            return ssl.create_default_context(cadata=text.decode())
        _alive(container, deadline)


def _ready(container: Any, port: int, trust: ssl.SSLContext | None) -> None:
    deadline = time.monotonic() + WITHIN_S
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            headers.ask(ROUTES[0], "localhost", port, trust)
            return
        _alive(container, deadline)


def _alive(container: Any, deadline: float) -> None:
    container.reload()
    assert container.status != "exited", container.logs().decode()
    assert time.monotonic() < deadline, container.logs().decode()
    time.sleep(0.05)


def written(tmp_path: Path, **settings: Any) -> Path:
    """Lay a page, and write it as `passerby page` does."""
    place = tmp_path / "served"
    folder.write(place, Settings(page=headers.lay_page(tmp_path), **settings))
    tmp_path.chmod(0o755)
    return place


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_every_route_has_the_headers_of_our_own_server_and_nobody_is_logged(tmp_path: Path, *, tls: bool) -> None:
    with serving(written(tmp_path), tls=tls) as served:
        said = served.container.logs()
        assert served.wrong(ROUTES) == ""
        assert served.container.logs() == said


def test_a_slot_for_ads_is_one_more_origin_and_no_more(tmp_path: Path) -> None:
    with serving(written(tmp_path, ads_url=f"{FRAME}/slot")) as served:
        assert served.wrong(ROUTES, FRAME) == ""


@pytest.mark.parametrize("host", ["x; script-src *", "x'", "x, y", "example.org:99999999"])
def test_a_strange_host_header_writes_nothing_into_the_policy(tmp_path: Path, host: str) -> None:
    with serving(written(tmp_path)) as served:
        status, had = served.ask(replace(ROUTES[0], headers=(("Host", host),)))
        policy = headers.directives(dict(had).get("Content-Security-Policy", ""))
        assert status == 400 or {name: sources.strip() for name, sources in policy.items()} == {
            **POLICIES["app"],
            "connect-src": "'self'",
        }


def test_what_was_compressed_is_served_as_it_is_and_not_twice(tmp_path: Path) -> None:
    page = written(tmp_path)
    asset = page / "www" / ASSET[1:]
    asset.with_name(f"{asset.name}.br").write_bytes(b"what a build calls brotli")
    with serving(page) as served:
        for path, accepted, encoding, file in (
            (ASSET, "gzip, br", "br", asset.with_name(f"{asset.name}.br")),
            (ASSET, "gzip", None, asset),
            ("/", "gzip, br", "gzip", page / "www" / "index.html.gz"),
            ("/legal/en/privacy", "gzip", "gzip", page / "www" / "legal" / "en" / "privacy.html.gz"),
            ("/legal/en/privacy", "identity", None, page / "www" / "legal" / "en" / "privacy.html"),
        ):
            route = next(each for each in ROUTES if (each.method, each.path) == ("GET", path))
            accepting = replace(route, headers=(("Accept-Encoding", accepted),))
            status, had = served.ask(accepting)
            found = dict(had)
            assert (status, found.get("Content-Encoding")) == (200, encoding)
            assert found["Content-Length"] == str(file.stat().st_size)
            assert found["Vary"] == "Accept-Encoding"
            again = replace(accepting, statuses=(304,), type=None)
            again = replace(again, headers=(*again.headers, ("If-None-Match", found["Etag"])))
            assert served.wrong((again,)) == ""


@contextlib.contextmanager
def network(container: str, alias: str) -> Iterator[str]:
    """Make a network of containers that one is in already, under this name."""
    engine = container_engine()
    made = engine.networks.create(f"passerby-{secrets.token_hex(4)}", labels=_LABELS)
    try:
        made.connect(container, aliases=[alias])
        yield str(made.name)
    finally:
        made.disconnect(container, force=True)
        made.remove()
        engine.close()


async def let_in(person: Person, probe: Probe) -> None:
    await probe.send(connect(person.peer, person.password), subscribe(person.inbox))
    await probe.until(lambda: probe.subacks or probe.closed)
    assert (probe.connack, probe.subacks) == (0, [[0]])


async def test_mqtt_goes_through_to_the_broker_and_only_from_the_page(tmp_path: Path) -> None:
    """Mosquitto's WebSocket listener takes nobody without the header of the PROXY protocol, so there was one."""
    ana, bob = Person(), Person()
    async with Mosquitto() as mosquitto:
        with (
            network(mosquitto.container_id, "mosquitto") as name,
            serving(written(tmp_path), broker="mosquitto:8083", network=name) as served,
        ):
            async with over_websocket(served.port) as one, over_websocket(served.port) as other:
                await let_in(ana, one)
                await let_in(bob, other)
            url = f"http://localhost:{served.port}"
            async with aiohttp.ClientSession() as http:
                for more in ({}, {"Cookie": "c" * 4000}, {"User-Agent": "u" * 2000, "Accept-Language": "a" * 2000}):
                    async with http.ws_connect(
                        f"{url}/mqtt", protocols=("mqtt",), origin=url, timeout=_BRIEF, headers=more
                    ) as own:
                        assert own.protocol == "mqtt"
                for origin in ("http://localhost", f"{url}0", f"https://localhost:{served.port}", "null"):
                    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                        await http.ws_connect(f"{url}/mqtt", protocols=("mqtt",), origin=origin)
                    assert refused.value.status == 403


@contextlib.asynccontextmanager
async def upstream(gateway: str) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Stand in for a broker that opens no WebSocket and would go on with the connection, as HTTP/1.1 does.

    Gives the header of the PROXY protocol that each connection began with.
    """
    headers_seen: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            start = await reader.readexactly(16)
            headers_seen.append(start + await reader.readexactly(int.from_bytes(start[14:])))
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno")
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer, gateway, 0)
    async with server:
        yield server.sockets[0].getsockname()[1], headers_seen


async def test_no_connection_to_the_broker_is_used_for_somebody_else(tmp_path: Path) -> None:
    """Its header says once who comes: whoever were sent over the connection of another would be taken for them."""
    page = written(tmp_path)
    engine = container_engine()
    gateway = engine.networks.get("bridge").attrs["IPAM"]["Config"][0]["Gateway"]
    engine.close()
    async with upstream(gateway) as (port, seen), AsyncExitStack() as stack:
        served = await asyncio.to_thread(stack.enter_context, serving(page, broker=f"{gateway}:{port}"))
        url = f"http://localhost:{served.port}"
        for _ in range(3):
            async with aiohttp.ClientSession() as http:
                with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                    await http.ws_connect(f"{url}/mqtt", protocols=("mqtt",), origin=url)
                assert refused.value.status == 200
    assert [header[:12] for header in seen] == [PROXY_2] * 3
