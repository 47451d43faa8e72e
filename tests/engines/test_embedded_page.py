"""The page and its headers, over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from broker.engines.entrance.page import Page
from tests.engines.conftest import Build
from tests.engines.embedded_house import EmbeddedHouse
from tests.headers import ALWAYS, POLICIES, ROUTES, ask, directives, lay_page, wrong


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("not for you")
    page = tmp_path / "page"
    (page / "assets").mkdir(parents=True)
    (page / ".git").mkdir()
    (page / ".git" / "config").write_text("hidden")
    (page / "index.html").write_text("<!doctype html><title>Passerby</title>")
    (page / "assets" / "index-BxY3_k9Q.js").write_text("export {}")
    (page / "manifest.webmanifest").write_text("{}")
    (page / "way-out").symlink_to(tmp_path / "secret.txt")
    return page


@pytest.fixture
async def served(build: Build, root: Path) -> EmbeddedHouse:
    house: EmbeddedHouse = await build(page=Page(root))
    return house


@pytest.fixture
async def http(served: EmbeddedHouse) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{served.engine.port}") as session:
        yield session


def assert_dressed(found: dict[str, str]) -> None:
    assert ALWAYS.items() <= found.items()
    assert directives(found["content-security-policy"]) == POLICIES["error"]
    assert "server" not in found


def lowered(response: aiohttp.ClientResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


async def test_the_page_is_at_the_root_and_always_asked_for_again(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as response:
        assert response.status == 200
        assert response.content_type == "text/html"
        assert "Passerby" in await response.text()
        assert response.headers["Cache-Control"] == "no-cache"


async def test_what_has_a_hash_in_its_name_is_kept_for_ever(http: aiohttp.ClientSession) -> None:
    async with http.get("/assets/index-BxY3_k9Q.js") as response:
        assert response.status == 200
        assert response.content_type == "text/javascript"
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_the_manifest_has_its_type(http: aiohttp.ClientSession) -> None:
    async with http.get("/manifest.webmanifest") as response:
        assert response.content_type == "application/manifest+json"


async def test_every_route_has_its_headers(build: Build, tmp_path: Path) -> None:
    house: EmbeddedHouse = await build(page=Page(lay_page(tmp_path), {"/legal/en/privacy": b"<!doctype html>"}))
    host = f"127.0.0.1:{house.engine.port}"
    for route in ROUTES[:-1]:  # the last one opens here
        status, found = await asyncio.to_thread(ask, route, "127.0.0.1", house.engine.port)
        assert wrong(route, status, found, host=host, secure=False) == [], str(route)


@pytest.mark.parametrize(
    "first", [b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a b\0\r\n\r\n", b"\x16\x03\x01\x02\r\n\r\n"]
)
async def test_even_what_is_not_http_is_answered_with_them_and_not_echoed(served: EmbeddedHouse, first: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.engine.port)
    writer.write(first)
    answer = (await asyncio.wait_for(reader.read(), 5)).decode()
    head, _, body = answer.partition("\r\n\r\n")
    assert head.startswith(("HTTP/1.1 400 ", "HTTP/1.0 400 "))
    assert body == "400\n"
    assert_dressed(
        {name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:])}
    )
    writer.close()


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/../../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/.git/config",
        "/way-out",
        "/index.html%00.txt",
    ],
)
async def test_nothing_outside_of_the_folder_can_be_fetched(served: EmbeddedHouse, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.engine.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 5)
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400"))
    assert b"not for you" not in answer
    writer.close()


@pytest.mark.parametrize("host", ["x; script-src *", "x'", "x, y", "a b"])
async def test_a_strange_host_header_writes_nothing_into_the_policy(http: aiohttp.ClientSession, host: str) -> None:
    async with http.get("/", headers={"Host": host}) as response:
        policy = directives(response.headers["Content-Security-Policy"])
        assert policy == {**POLICIES["app"], "connect-src": "'self'"}


async def test_without_a_page_the_root_says_so(house: EmbeddedHouse) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{house.engine.port}/") as response:
        assert response.status == 200
        assert response.content_type == "text/plain"
        assert "No page" in await response.text()
        assert_dressed(lowered(response))


async def test_a_websocket_without_the_subprotocol_is_refused(http: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await http.ws_connect("/mqtt", protocols=("chat",))
    assert refusal.value.status == 400
