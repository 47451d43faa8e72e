"""Compressed forms of the page: each browser is given the one that it takes, and keeps them apart."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from broker.engines.edge import Edge
from broker.engines.entrance.page import Page
from tests.headers import ASSET, POLICIES, SCRIPT, directives, lay_page

TEXT = b"<!doctype html><title>Passerby</title>" + b"<p>Meet one stranger.</p>" * 100
BROTLI = b"what a build calls brotli"
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[aiohttp.ClientSession]:
    root = lay_page(tmp_path)
    file = root / ASSET[1:]
    file.with_name(f"{file.name}.br").write_bytes(BROTLI)
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    server = Edge(page=Page(root, {"/": TEXT, "/legal/en/privacy": TEXT}), upstream=("127.0.0.1", 1))
    await server.start()
    url = f"http://127.0.0.1:{server.port}"
    async with aiohttp.ClientSession(url, auto_decompress=False, skip_auto_headers={"Accept-Encoding"}) as session:
        yield session
    await server.stop()


@pytest.mark.parametrize(
    ("path", "accepted", "encoding", "content"),
    [
        (ASSET, "gzip, deflate, br, zstd", "br", BROTLI),
        (ASSET, "gzip, deflate", "gzip", SCRIPT.encode()),
        (ASSET, "identity", None, SCRIPT.encode()),
        (ASSET, None, None, SCRIPT.encode()),
        ("/worker.js", "gzip, br", None, b"self.oninstall = () => {};\n"),
        ("/", "gzip, deflate, br, zstd", "gzip", TEXT),
        ("/", "GZIP;q=0.5", "gzip", TEXT),
        ("/", "gzip;q=0, br", None, TEXT),
        ("/", "gzip; q=0.000", None, TEXT),
        ("/", None, None, TEXT),
        ("/legal/en/privacy", "br, gzip", "gzip", TEXT),
    ],
)
async def test_everybody_is_given_the_form_that_they_take(
    http: aiohttp.ClientSession, path: str, accepted: str | None, encoding: str | None, content: bytes
) -> None:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    async with http.get(path, headers=headers) as answer, http.head(path, headers=headers) as head:
        body = await answer.read()
        assert (gzip.decompress(body) if encoding == "gzip" else body) == content
        assert await head.read() == b""
        for each in (answer, head):
            assert each.status == 200
            assert each.headers.get("Content-Encoding") == encoding
            assert each.headers["Vary"] == "Accept-Encoding"
            assert each.headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("path", ["/", ASSET])
@pytest.mark.parametrize("accepted", ["identity", "gzip"])
async def test_what_a_browser_has_is_not_sent_again(http: aiohttp.ClientSession, path: str, accepted: str) -> None:
    headers = {"Accept-Encoding": accepted}
    async with http.get(path, headers=headers) as first:
        tag, kept = first.headers["ETag"], first.headers["Cache-Control"]
    for tags in (tag, f'"other", W/{tag}', "*"):
        async with http.get(path, headers={**headers, "If-None-Match": tags}) as again:
            assert again.status == 304
            assert await again.read() == b""
            assert (again.headers["ETag"], again.headers["Cache-Control"]) == (tag, kept)
            assert again.headers["Vary"] == "Accept-Encoding"
            assert directives(again.headers["Content-Security-Policy"]).items() >= POLICIES["app"].items()
    async with http.get(path, headers={**headers, "If-None-Match": '"other"'}) as changed:
        assert changed.status == 200


@pytest.mark.parametrize("path", ["/", ASSET])
async def test_each_form_has_a_tag_of_its_own(http: aiohttp.ClientSession, path: str) -> None:
    tags = set()
    for accepted in ("identity", "gzip"):
        async with http.get(path, headers={"Accept-Encoding": accepted}) as answer:
            tags.add(answer.headers["ETag"])
    assert len(tags) == 2


async def test_a_part_of_a_file_is_a_part_of_the_form_that_was_chosen(http: aiohttp.ClientSession) -> None:
    """RFC 9110 §14.2: a range is of the selected representation."""
    for accepted, whole in (("identity", SCRIPT.encode()), ("br", BROTLI)):
        async with http.get(ASSET, headers={"Accept-Encoding": accepted, "Range": "bytes=3-7"}) as answer:
            assert answer.status == 206
            assert await answer.read() == whole[3:8]
            assert answer.headers["Content-Range"] == f"bytes 3-7/{len(whole)}"
            assert answer.headers.get("Content-Encoding") == (None if accepted == "identity" else accepted)


async def test_a_document_is_sent_whole_whatever_part_is_asked_for(http: aiohttp.ClientSession) -> None:
    async with http.get("/", headers={**PLAIN, "Range": "bytes=0-3"}) as answer:
        assert answer.status == 200
        assert await answer.read() == TEXT
