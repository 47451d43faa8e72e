"""The edge: page and WebSocket on one port, who may come in, and what the broker behind it is told."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import trustme

from broker.engines import PortUnavailable
from broker.engines.edge import AWAY, Edge
from broker.engines.entrance import upstream
from broker.engines.entrance.page import Page
from broker.engines.entrance.proxy_header import proxy_header
from tests.engines.edges import REFUSAL, Place, head_of, headers_of, placed, until
from tests.engines.mqtt_probe import UPGRADE, WITHIN_S

SIGNATURE = bytes.fromhex("0d0a0d0a000d0a515549540a")
LISTED = frozenset({"https://good.example"})


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    (tmp_path / "index.html").write_text("<!doctype html><title>Passerby</title>")
    async with placed(page=Page(tmp_path), origins=LISTED) as place:
        yield place


def with_headers(*lines: str) -> bytes:
    return UPGRADE[:-2] + "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


def assert_dressed(headers: dict[str, str]) -> None:
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert headers["permissions-policy"].startswith("camera=(self), microphone=(self), ")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in headers


async def answer(place: Place, request: bytes) -> tuple[int, dict[str, str]]:
    reader, _ = await place.browser(request)
    head = await head_of(reader)
    return int(head.split()[1]), headers_of(head)


async def test_the_page_and_mqtt_are_at_one_port(place: Place) -> None:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{place.edge.port}") as http:
        async with http.get("/") as response:
            assert "Passerby" in await response.text()
        async with http.ws_connect("/mqtt", protocols=("mqtt",)) as socket:
            assert socket.protocol == "mqtt"
            caller = await place.broker.caller()
            caller.transport.write(b"\x82\x05hello")
            assert await socket.receive_bytes(timeout=WITHIN_S) == b"hello"
            await socket.send_bytes(b"hello, too")
            await until(lambda: len(caller.said) == 6 + len(b"hello, too"))
            caller.transport.close()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 200),
        (b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"POST /mqtt HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405),
        (b"GET /mqtt HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (UPGRADE.replace(b"Protocol: mqtt", b"Protocol: chat"), 400),
        (UPGRADE.replace(b"Key: dGhl", b"Key: dG\x80l"), 400),
        (b"PROXY TCP4 6.6.6.6 6.6.6.6 1 2\r\n" + UPGRADE, 400),
        (with_headers("Origin: https://evil.example"), 403),
        (UPGRADE, 101),
    ],
)
async def test_every_response_carries_the_headers(place: Place, request_: bytes, status: int) -> None:
    told, headers = await answer(place, request_)
    assert told == status
    assert_dressed(headers)
    assert bool(place.broker.callers) == (status == 101)


@pytest.mark.parametrize("origin", ["http://x", "https://good.example", None])
async def test_a_page_of_this_server_or_of_a_listed_one_may_open_a_websocket(place: Place, origin: str | None) -> None:
    told, _ = await answer(place, with_headers(f"Origin: {origin}") if origin else UPGRADE)
    assert told == 101


@pytest.mark.parametrize("origin", ["https://x", "http://", "http://x.evil", "http://x/", "https://good.exampl"])
async def test_no_other_page_may_and_the_broker_hears_nothing_of_it(place: Place, origin: str) -> None:
    told, headers = await answer(place, with_headers(f"Origin: {origin}"))
    assert told == 403
    assert_dressed(headers)
    assert not place.broker.callers


async def test_the_broker_is_told_the_browsers_address_and_port(place: Place) -> None:
    _, writer, caller = await place.spliced(UPGRADE)
    host, port = writer.get_extra_info("sockname")
    expected = ipaddress.ip_address(host).packed * 2 + port.to_bytes(2, "big") + place.edge.port.to_bytes(2, "big")
    assert caller.introduction == SIGNATURE + b"\x21\x11\x00\x0c" + expected


async def test_the_broker_is_told_an_ipv6_address_too() -> None:
    try:
        async with placed(host="::1") as place:
            reader, writer = await place.browser(UPGRADE, host="::1")
            await head_of(reader)
            port = writer.get_extra_info("sockname")[1]
            ports = port.to_bytes(2, "big") + place.edge.port.to_bytes(2, "big")
            introduction = (await place.broker.caller()).introduction
            assert introduction == SIGNATURE + b"\x21\x21\x00\x24" + ipaddress.ip_address("::1").packed * 2 + ports
    except PortUnavailable:
        pytest.skip("no IPv6 here")


def test_an_ipv4_address_mapped_into_ipv6_is_written_as_ipv4() -> None:
    mapped = proxy_header(("::ffff:192.0.2.7", 1024, 0, 0), ("::ffff:192.0.2.1", 443, 0, 0))
    assert mapped == proxy_header(("192.0.2.7", 1024), ("192.0.2.1", 443))
    assert mapped == SIGNATURE + bytes.fromhex("21 11 000c c0000207 c0000201 0400 01bb")


def test_the_zone_of_an_address_is_left_out() -> None:
    assert proxy_header(("fe80::1%eth0", 1, 0, 2), ("fe80::2%eth0", 2, 0, 2)) == SIGNATURE + bytes.fromhex(
        "21 21 0024 fe800000000000000000000000000001 fe800000000000000000000000000002 0001 0002"
    )


@pytest.mark.parametrize("source", [None, "", "/run/socket", ("a name", 1), ("::1", 1, 0, 0)])
def test_an_address_that_is_none_is_no_header(source: object) -> None:
    with pytest.raises(ValueError, match=r"known|address|family"):
        proxy_header(source, ("127.0.0.1", 1))


async def test_without_the_proxy_protocol_the_request_comes_first() -> None:
    async with placed(proxy_protocol=False) as place:
        _, _, caller = await place.spliced(UPGRADE)
        assert caller.introduction == b""


async def test_of_what_the_browser_wrote_only_the_key_reaches_the_broker(place: Place) -> None:
    _, _, caller = await place.spliced(
        with_headers(
            "X-Forwarded-For: 6.6.6.6",
            "Forwarded: for=6.6.6.6",
            "X-Real-IP: 6.6.6.6",
            "Cookie: a=b",
            "Origin: http://x",
            "Sec-WebSocket-Extensions: permessage-deflate",
            "User-Agent: one of many",
        )
    )
    assert caller.request == (
        "GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    )


async def assert_away(place: Place) -> None:
    reader, _ = await place.browser(UPGRADE)
    head, _, body = (await asyncio.wait_for(reader.read(), WITHIN_S)).decode().partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 503 ")
    assert_dressed(headers_of(head))
    assert headers_of(head)["retry-after"] == "10"
    assert body == AWAY


async def test_who_comes_while_the_broker_is_away_is_told_so(unused_tcp_port: int) -> None:
    async with placed(upstream=("127.0.0.1", unused_tcp_port)) as place:
        await assert_away(place)
        assert (await answer(place, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"))[0] == 200


@pytest.mark.parametrize("refusal", [REFUSAL, b"", b"HTTP/1.1 101 Yes\r\n\r\n", b"no end " * 1000, b"SSH-2.0\r\n\r\n"])
async def test_so_is_who_comes_while_the_broker_wants_nobody(place: Place, refusal: bytes) -> None:
    place.broker.refusal = refusal
    await assert_away(place)


async def test_so_is_who_comes_while_it_is_silent(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "CALL_S", 0.1)
    place.broker.answers = False
    await assert_away(place)


@pytest.mark.parametrize("limit", [{"sockets": 2}, {"per_network": 2}])
async def test_more_sockets_than_allowed_are_refused_until_one_closes(limit: dict[str, int]) -> None:
    async with placed(**limit) as place:
        await place.spliced(UPGRADE)
        _, bob, caller = await place.spliced(UPGRADE)
        told, headers = await answer(place, b"")
        assert told == 503
        assert_dressed(headers)
        bob.close()
        await until(lambda: caller.ended)
        caller.transport.close()
        async with asyncio.timeout(WITHIN_S):
            while (await answer(place, UPGRADE))[0] != 101:
                pass


async def test_an_edge_that_is_stopped_closes_everything_and_may_be_stopped_again(place: Place) -> None:
    reader, _, caller = await place.spliced(UPGRADE)
    idle, _ = await place.browser()
    place.broker.answers = False
    waiting, _ = await place.browser(UPGRADE)
    await until(lambda: len(place.broker.callers) == 2)
    await place.edge.stop()
    for each in (reader, idle, waiting):
        assert await asyncio.wait_for(each.read(), WITHIN_S) == b""
    await until(lambda: caller.ended)
    await place.edge.stop()
    with pytest.raises(OSError, match=r"."):
        await place.browser()


async def test_a_port_that_is_taken_is_named(place: Place) -> None:
    second = Edge(page=None, upstream=("127.0.0.1", 1), port=place.edge.port)
    with pytest.raises(PortUnavailable, match=f"port {place.edge.port} on 127.0.0.1 is taken") as refusal:
        await second.start()
    assert refusal.value.port == place.edge.port
    await second.stop()


async def test_it_serves_over_tls() -> None:
    authority = trustme.CA()
    server, client = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(server)
    authority.configure_trust(client)
    async with placed(tls=server) as place, aiohttp.ClientSession(f"https://localhost:{place.edge.port}") as http:
        origin = f"https://localhost:{place.edge.port}"
        async with http.ws_connect("/mqtt", protocols=("mqtt",), origin=origin, ssl=client) as socket:
            caller = await place.broker.caller()
            await socket.send_bytes(bytes(1_000_000))
            await until(lambda: len(caller.said) > 1_000_000)
            caller.transport.write(b"\x82\x7f" + (2_000_000).to_bytes(8, "big") + bytes(2_000_000))
            assert await socket.receive_bytes(timeout=WITHIN_S) == bytes(2_000_000)
            caller.transport.close()
            assert (await socket.receive(timeout=WITHIN_S)).type is aiohttp.WSMsgType.CLOSED
