"""The headers of every route of our own server, by the table that a deployment's web server is held to, too."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme
from aiohttp import web

from broker.engines.edge import Edge
from broker.engines.entrance.page import Page
from broker.site import Ads, Site
from passerby import page
from passerby.settings import Settings
from tests import headers
from tests.headers import FRAME, ROUTES, Route

NOBODY = ("127.0.0.1", 1)
"""Where no broker is."""


class Broken(Page):
    """A page with an error inside."""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        raise RuntimeError(request.path)


def made(folder: Path, frame: str | None) -> Page:
    ads = None if frame is None else Ads(url=f"{frame}/slot")
    return page.page(Settings(page=folder), Site(ads=ads))


@contextlib.asynccontextmanager
async def edge(page: Page, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    server = Edge(page=page, upstream=NOBODY, tls=tls)
    try:
        await server.start()
        yield server.port
    finally:
        await server.stop()


async def wrong(
    routes: tuple[Route, ...], port: int, trust: ssl.SSLContext | None = None, frame: str | None = None
) -> str:
    host, found = f"localhost:{port}", []
    for route in routes:
        status, had = await asyncio.to_thread(headers.ask, route, "localhost", port, trust)
        found += [
            f"{route}: {each}"
            for each in headers.wrong(route, status, had, host=host, secure=trust is not None, frame=frame)
        ]
    return "\n".join(found)


@pytest.mark.parametrize("frame", [None, FRAME])
async def test_every_route_of_the_edge_has_its_headers(tmp_path: Path, frame: str | None) -> None:
    async with edge(made(headers.lay_page(tmp_path), frame)) as port:
        assert await wrong(ROUTES, port, frame=frame) == ""


async def test_over_tls_browsers_are_told_to_stay_there(tmp_path: Path) -> None:
    authority = trustme.CA()
    tls, trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(tls)
    authority.configure_trust(trust)
    async with edge(made(headers.lay_page(tmp_path), None), tls) as port:
        assert await wrong(ROUTES, port, trust) == ""


async def test_an_error_inside_has_them_and_tells_nothing(tmp_path: Path) -> None:
    async with edge(Broken(headers.lay_page(tmp_path))) as port:
        assert await wrong((Route("GET", "/", (500,), "error", headers.NEVER, "text/plain"),), port) == ""


async def test_a_page_that_was_never_built_says_so_with_them() -> None:
    async with edge(Page(None)) as port:
        assert await wrong((Route("GET", "/", (200,), "error", headers.NEVER, "text/plain"),), port) == ""
