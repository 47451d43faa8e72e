"""HAProxy in front of several brokers: what it lets through, what it limits, and how nodes come and go.

Most brokers here are stand-ins, which tell what they were handed; one is Mosquitto with our gate.
"""

import asyncio
import contextlib
import http.client
import re
import secrets
import socket
import ssl
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from aiohttp import web

from broker.engines.entrance import headers as table
from broker.engines.entrance.door import PER_PEER
from broker.engines.entrance.headers import Kind
from broker.limits import Limits
from tests import headers
from tests.deploy.haproxies import CERTIFICATE, CONFIG, Front, certificate, running
from tests.deploy.nodes import Guest, nodes
from tests.deploy.test_caddy import let_in, serving, written
from tests.engines.containers import Mosquitto
from tests.engines.houses import Person, address_of, elsewhere
from tests.engines.mosquitto_house import MosquittoHouse, keys
from tests.engines.mqtt_probe import Probe, WebSocketLine
from tests.headers import ROUTES
from tests.namespaces import inside, ip, need_namespaces
from tests.polling import until

FLOOD: Final = b"x" * 16_384
FRAME: Final = 6 + len(b"hello")
"""What a WebSocket sends of a greeting (RFC 6455 §5.2)."""


def test_its_defaults_and_its_headers_are_ours() -> None:
    said, limits = CONFIG.read_text(encoding="utf-8"), Limits()
    presets = dict(re.findall(r"^ +presetenv PASSERBY_(\w+) (\S+)$", said, re.MULTILINE))
    assert int(presets["CONNECTIONS_PER_ADDRESS"]) == limits.connections_per_address
    assert int(presets["CONNECTS_PER_ADDRESS"]) == limits.connects.burst
    assert int(presets["BYTES_PER_SECOND"]) == 4 * limits.volume.per_s
    assert set(re.findall(r"sc0_conn_\w+,div\((\d)\)", said)) == {str(PER_PEER), str(2 * PER_PEER)}
    put = dict(re.findall(r'^ +http-after-response set-header (\S+) "([^"]+)"', said, re.MULTILINE))
    own = {table.CACHE: table.NEVER, table.POLICY: table.policy(Kind.ERROR)}
    assert put == {**table.ALWAYS, **table.SECURED, **own}


async def test_the_page_has_all_its_headers_and_nobody_is_logged(tmp_path: Path) -> None:
    with serving(written(tmp_path)) as page:
        async with running(tmp_path, PAGE=f"127.0.0.1:{page.port}") as front:
            found = []
            for route in ROUTES:
                status, had = await asyncio.to_thread(headers.ask, route, "127.0.0.1", front.port, front.tls)
                found += headers.wrong(route, status, had, host=f"127.0.0.1:{front.port}", secure=True)
            assert found == []
            assert front.log() == ""


async def test_http_leads_to_https_but_for_challenges_of_a_certificate_authority(tmp_path: Path) -> None:
    challenge = "/.well-known/acme-challenge/word"
    async with gate("the client", 200) as (acme, asked), aiohttp.ClientSession() as http:
        cases: list[tuple[dict[str, Any], int]] = [({}, 308), ({"ACME": acme}, 200)]
        for environment, challenged in cases:
            place = tmp_path / str(challenged)
            place.mkdir()
            place.chmod(0o755)
            async with running(place, **environment) as front:
                for path, status in ("/legal/en/privacy?x", 308), (challenge, challenged), ("/.well-known/x", 308):
                    here, host = f"http://127.0.0.1:{front.plain}", {"Host": "chat.example.org"}
                    async with http.get(f"{here}{path}", headers=host, allow_redirects=False) as answer:
                        assert answer.status == status
                        if status == 308:
                            assert answer.headers["Location"] == f"https://chat.example.org{path}"
        assert asked == [challenge]


async def test_a_gate_behind_it_sees_from_where_everybody_comes(tmp_path: Path) -> None:
    ana, bob, eve = (Person() for _ in range(3))
    here, there = elsewhere(), elsewhere()
    async with (
        MosquittoHouse.alone(Mosquitto(keys=keys())) as house,
        running(tmp_path, [f"127.0.0.1:{house.mosquitto.port}"]) as front,
    ):
        service = await house.service()
        async with mqtt(front, here) as one, mqtt(front, there) as other:
            await let_in(ana, one)
            await let_in(bob, other)
            await house.peer(eve, source=here)
            assert await address_of(ana, service) == await address_of(eve, service)
            assert await address_of(ana, service) != await address_of(bob, service)
        assert "127." not in await house.mosquitto.logs(), "nor does it write down that it is looked at"


async def test_a_broker_is_handed_what_opens_a_websocket_and_nothing_else(tmp_path: Path) -> None:
    async with nodes(1) as [node], running(tmp_path, [node.place]) as front, front.browser() as http:
        more = {
            "Cookie": "c" * 4000,
            "User_Agent": "u" * 2000,
            "X_Forwarded_For": "6.6.6.6",
            "Forwarded": "for=6.6.6.6",
        }
        one = await front.open(http, "/mqtt?q=" + "q" * 2000, **more)
        assert one.protocol == "mqtt"
        other = await front.open(http)
        [come, again] = node.here
        assert {come.address, again.address} == front.came
        assert come.head.startswith("GET /mqtt HTTP/1.1\r\n")
        assert come.headers.keys() == {
            "connection",
            "host",
            "sec-websocket-key",
            "sec-websocket-protocol",
            "sec-websocket-version",
            "upgrade",
        }
        await one.close()
        await until(lambda: node.here == [again])
        await front.open(http)
        assert len(node.guests) == 3, "no connection is used twice"
        await other.close()


async def test_what_is_refused_is_told_why(front: Front) -> None:
    no_mqtt = (400, "Here is MQTT over WebSocket, subprotocol mqtt.\n")
    elsewhere_ = (403, "Not from this page.\n")
    nobody = (503, "Nobody is there to answer just now. Try again in a moment.\n")
    async with front.browser() as http:
        for origin in ("https://127.0.0.1", f"{front.url}0", f"{front.url}, {front.url}", "null"):
            assert await front.refused(http, Origin=origin) == elsewhere_
        for name, value in (
            ("Upgrade", ""),
            ("Upgrade", "h2c"),
            ("Sec_WebSocket_Protocol", "chat"),
            ("Sec_WebSocket_Protocol", "mqtt, chat"),
            ("Sec_WebSocket_Version", "8"),
        ):
            assert await front.refused(http, **{name: value}) == no_mqtt
        assert (await front.refused(http, Sec_WebSocket_Key="k" * 3000))[0] == 400
        assert await front.refused(http) == nobody
        assert await front.refused(http, "/mqtt/") == nobody
        assert await front.refused(http, Origin="") == nobody, "without an Origin it is no browser, and may come"


async def test_bad_requests_get_a_clear_answer_that_repeats_nothing(front: Front) -> None:
    for said, statuses in (
        (b"NONSENSE echo-me\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: echo-me\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"echo-me" * 3000 + b"\r\n\r\n", {400, 414, 431}),
        (b"POST /echo-me HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\necho-me", {405}),
        (b"POST /mqtt?echo-me HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", {405}),
    ):
        status, answer = await asyncio.to_thread(answer_to, said, front)
        assert status in statuses
        assert "echo-me" not in answer


async def test_who_has_too_much_is_told_what_and_nobody_else_is_kept_out(tmp_path: Path) -> None:
    limits: dict[str, Any] = {"CONNECTIONS_PER_ADDRESS": 2, "CONNECTS_PER_ADDRESS": 6, "REQUESTS_PER_ADDRESS": 12}
    async with (
        nodes(1) as [node],
        running(tmp_path, [node.place], **limits) as front,
        front.browser() as crowd,
        front.browser() as hurry,
        front.browser() as greed,
        front.browser() as other,
    ):
        first, _ = await front.open(crowd), await front.open(crowd)
        many = {await front.refused(hurry, Origin="null") for _ in range(6)}
        asked = {await front.refused(greed, "/") for _ in range(12)}
        assert {status for status, _ in many | asked} == {403, 503}, "up to here it is no matter of limits"
        for http, path, words in (
            (crowd, "/mqtt", "Too many connections are open from where you are. Try again in a moment.\n"),
            (hurry, "/mqtt", "Too many connections were opened from where you are. Try again in a minute.\n"),
            (greed, "/", "Too much was asked for from where you are. Try again in a minute.\n"),
        ):
            assert await front.refused(http, path) == (429, words)
        await front.open(other)
        await first.close()
        await until(lambda: len(node.here) == 2)
        await opened(front, crowd)


async def test_an_ipv6_64_is_one_address_and_each_ipv4_address_is(tmp_path: Path) -> None:
    need_namespaces()
    name = f"pb{secrets.token_hex(3)}"
    async with running(tmp_path, alone=True, REQUESTS_PER_ADDRESS=3) as front:
        front.container.reload()
        await ip("netns", "attach", name, str(front.container.attrs["State"]["Pid"]))
        try:
            for address in ("2001:db8:1:1::1", "2001:db8:1:1:ffff::2", "2001:db8:1:2::1", "10.218.0.1", "10.218.0.2"):
                late = ["nodad"] if ":" in address else []
                await ip("-n", name, "address", "add", address, "dev", "lo", *late)

            async def asks(source: str) -> int:
                front.came.add(source)
                return await inside(name, partial(status_for, source, front))

            assert [await asks("2001:db8:1:1::1") for _ in range(3)] == [503] * 3, "there is no page"
            assert await asks("2001:db8:1:1:ffff::2") == 429
            assert await asks("2001:db8:1:2::1") == 503
            assert [await asks("10.218.0.1") for _ in range(4)] == [503] * 3 + [429]
            assert await asks("10.218.0.2") == 503
        finally:
            await ip("netns", "delete", name)


async def test_a_full_house_says_so(tmp_path: Path) -> None:
    async with (
        nodes(1) as [node],
        running(tmp_path, [node.place], CONNECTIONS=20) as front,
        contextlib.AsyncExitStack() as stack,
    ):
        for _ in range(19):
            await front.open(await stack.enter_async_context(front.browser()))
        last = await stack.enter_async_context(front.browser())
        assert await front.refused(last) == (503, "Too many connections are open here. Try again in a moment.\n")
        assert len(node.here) == 19


async def test_who_floods_waits_and_nobody_else(tmp_path: Path) -> None:
    async with (
        nodes(1) as [node],
        running(tmp_path, [node.place], BYTES_PER_SECOND=20_000) as front,
        front.browser() as bad,
        front.browser() as good,
    ):
        flood, clock = await front.open(bad), asyncio.get_running_loop().time
        began, [eve] = clock(), node.here
        flooding = asyncio.create_task(send_for_ever(flood))
        talk = await front.open(good)
        ana = node.here[-1]
        for number in range(1, 21):
            await talk.send_bytes(b"hello")
            await until(partial(came, ana, number * FRAME))
        await until(lambda: eve.received > 2 * len(FLOOD))
        assert eve.received <= 20_000 * (clock() - began + 1), "as much as its rate gives, and a second of it at once"
        assert not flooding.done()
        flooding.cancel()
        await asyncio.wait([flooding])


async def test_a_dead_node_is_left_out_and_comes_back(tmp_path: Path) -> None:
    async with nodes(2) as [one, two], running(tmp_path, [one.place, two.place]) as front:
        async with front.browser() as http:
            here = [await front.open(http) for _ in range(4)]
            assert (len(one.here), len(two.here)) == (2, 2), "who has least to do is next"
            await one.die()
            for _ in range(4):
                await front.open(http)  # nobody has noticed yet, and nobody is refused for it
            assert len(two.here) == 6
            ended = [each for each in here if await gone(each)]
            assert len(ended) == 2, "those of the other node stay"
            await until(lambda: f"mqtt/{one.place} is DOWN" in front.log())
            await one.start()
            await until(lambda: f"mqtt/{one.place} is UP" in front.log())
            await front.open(http)
            assert len(one.here) == 1
        assert one.looks


async def test_a_node_that_hangs_gets_nobody_new_and_keeps_who_is_there(tmp_path: Path) -> None:
    """Its port is open, and no connection ends by itself. It might only be full: nobody is to lose their connection."""
    async with nodes(2) as [one, two], running(tmp_path, [one.place, two.place]) as front, front.browser() as http:
        here = [await front.open(http) for _ in range(2)]
        one.answers.clear()
        await asyncio.gather(*(front.open(http) for _ in range(4)))
        assert len(two.here) == 5, "who comes before that is noticed waits a while, and gets in"
        await until(lambda: f"mqtt/{one.place} is DOWN" in front.log())
        assert not any([await gone(each) for each in here])


async def test_a_drained_node_keeps_who_is_there_and_newcomers_go_elsewhere(tmp_path: Path) -> None:
    async with nodes(2) as [one, two], running(tmp_path, [one.place, two.place]) as front, front.browser() as http:
        here = [await front.open(http) for _ in range(2)]
        assert await front.operate(f"set server mqtt/{one.place} state drain") == "\n"
        for _ in range(4):
            await front.open(http)
        assert (len(one.here), len(two.here)) == (1, 5)
        for each in here:
            await each.send_bytes(b"still here")
        await until(lambda: [each.received > 0 for each in (*one.here, *two.here)].count(True) == 2)
        await front.operate(f"set server mqtt/{one.place} state ready")
        await front.open(http)
        assert len(one.here) == 2


async def test_a_new_certificate_is_taken_up_and_nobody_is_disconnected(tmp_path: Path) -> None:
    async with nodes(1) as [node], running(tmp_path, [node.place]) as front, front.browser() as http:
        talk = await front.open(http)
        before, fresh = await shown(front), certificate(front.authority).decode().strip()
        assert "created" in await front.operate(f"set ssl cert {CERTIFICATE} <<\n{fresh}\n")
        assert "Success" in await front.operate(f"commit ssl cert {CERTIFICATE}")
        assert await shown(front) != before
        await talk.send_bytes(b"still here")
        await until(lambda: node.here[0].received)


async def test_brokers_ask_whichever_gate_is_well(tmp_path: Path) -> None:
    async with (
        gate("one", 200) as (one, _),
        gate("two", 503) as (two, asked),
        running(tmp_path, gates=[one, two]) as front,
    ):
        await until(lambda: asked)  # whether it is well
        await until(lambda: f"gates/{two} is DOWN" in front.log())
        async with aiohttp.ClientSession() as http:
            for _ in range(6):
                async with http.post(f"http://127.0.0.1:{front.gates}/user", data={"username": "x"}) as answer:
                    assert await answer.text() == "allow by one"


async def test_without_gates_nobody_listens_for_their_brokers(front: Front) -> None:
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", front.gates)


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    """One with nobody behind it."""
    async with running(tmp_path) as running_:
        yield running_


@contextlib.asynccontextmanager
async def mqtt(front: Front, source: str) -> AsyncIterator[Probe]:
    """Speak MQTT through it."""
    async with front.browser(source) as http:
        probe = Probe(WebSocketLine(await front.open(http)))
        try:
            yield probe
        finally:
            await probe.cut()


@contextlib.asynccontextmanager
async def gate(name: str, health: int) -> AsyncIterator[tuple[str, list[str]]]:
    """Stand in for a gate that answers brokers; gives its place, and what it is asked."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        well = request.path != "/healthz"
        return web.Response(text=f"allow by {name}") if well else web.Response(status=health)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()


async def opened(front: Front, http: aiohttp.ClientSession) -> None:
    """Open a WebSocket as soon as one may be opened."""
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(aiohttp.WSServerHandshakeError):
                await front.open(http)
                return
            await asyncio.sleep(0.05)


def answer_to(said: bytes, front: Front) -> tuple[int, str]:
    """Say these bytes; gives the status, and all that came with it."""
    with (
        socket.create_connection(("127.0.0.1", front.port), 10) as wire,
        front.tls.wrap_socket(wire, server_hostname="127.0.0.1") as line,
    ):
        line.sendall(said)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, f"{answer.getheaders()} {answer.read().decode()}"


def status_for(source: str, front: Front) -> int:
    """Ask for the page from this address of the machine, at the same address; gives the status."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    line = http.client.HTTPSConnection(source, front.port, timeout=5, source_address=(source, 0), context=trusting)
    line.request("GET", "/")
    status = line.getresponse().status
    line.close()
    return status


async def gone(line: aiohttp.ClientWebSocketResponse) -> bool:
    """Tell whether a WebSocket has ended, or ends soon."""
    with contextlib.suppress(TimeoutError):
        return (await line.receive(0.5)).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    return False


def came(guest: Guest, size: int) -> bool:
    return guest.received >= size


async def send_for_ever(line: aiohttp.ClientWebSocketResponse) -> None:
    while True:
        await line.send_bytes(FLOOD)


async def shown(front: Front) -> bytes | None:
    """Give the certificate that newcomers are shown."""
    _, writer = await asyncio.open_connection("127.0.0.1", front.port, ssl=front.tls)
    found: bytes | None = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        await writer.wait_closed()
    return found
