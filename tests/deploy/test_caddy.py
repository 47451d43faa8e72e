"""Caddy in a container, built from our Dockerfile, with the page that `passerby page` wrote.

It is held to the table that our own server is held to.
"""

import contextlib
import http.client
import os
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from passerby import folder
from passerby.settings import Settings
from tests import headers
from tests.engines.containers import ROOT, need_base_image
from tests.engines.containers import client as container_engine
from tests.headers import FRAME, ROUTES, Route

WITHIN_S: Final = 30.0
_LABELS = {"passerby.tests": "caddy"}
_TRUST = "/data/caddy/pki/authorities/local/root.crt"
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


@cache
def image() -> str:
    """Build the image, once a session."""
    need_base_image()
    engine = container_engine()
    try:
        built, _ = engine.images.build(
            path=str(ROOT), dockerfile="deploy/caddy/Dockerfile", tag="passerby-caddy:test", rm=True, forcerm=True
        )
    finally:
        engine.close()
    return str(built.id)


@contextlib.contextmanager
def serving(page: Path, *, tls: bool) -> Iterator[Served]:
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
                "PASSERBY_DOMAIN": "localhost" if tls else "http://localhost",
                "PASSERBY_BROKER": _NOBODY,
            },
            labels=_LABELS,
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
    with serving(written(tmp_path, ads_url=f"{FRAME}/slot"), tls=False) as served:
        assert served.wrong(ROUTES, FRAME) == ""
