"""`passerby up`, as a user meets it."""

import signal
import socket
import ssl

import aiohttp
import pytest

from tests.command.running import Running
from tests.faults.walkers import Walker, meet


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_says_one_address_serves_the_page_there_and_stops_cleanly(number: signal.Signals) -> None:
    async with Running.start("up", "--port", "0") as up:
        url = (await up.says(r"http://localhost:\d+/"))[0]
        await up.says("Ctrl-C")
        async with aiohttp.ClientSession() as http, http.get(url) as answer:
            assert answer.status == 200
            assert "<title>Passerby" in await answer.text()
        port = int(url.rstrip("/").rsplit(":", 1)[1])
        async with Walker.walk(port) as ana, Walker.walk(port) as bo:
            await meet(ana, bo)
            assert await up.ends(number) == 0
        assert "Nothing of it remains" in up.said
        assert "Traceback" not in up.said
        assert ana.peer not in up.said


async def test_a_taken_port_is_one_clear_line_and_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with Running.start("up", "--port", str(port)) as up:
            assert await up.ends() == 1
            said = up.said.strip()
            assert said == (
                f"passerby: port {port} on 127.0.0.1 is taken: choose another with --port, or PASSERBY_PORT"
            )


async def test_settings_come_from_the_environment_and_what_is_wrong_is_one_line() -> None:
    async with Running.start("up", PASSERBY_PORT="99999") as up:
        assert await up.ends() == 1
        assert up.said.strip() == "passerby: port: Input should be less than or equal to 65535"


async def test_tls_serves_the_page_and_the_lobby_over_https() -> None:
    async with Running.start("up", "--tls", "--port", "0") as up:
        port = int((await up.says(r"https://localhost:(\d+)/"))[1])
        await up.says("Ctrl-C")
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting)) as http:
            async with http.get(f"https://localhost:{port}/") as answer:
                assert answer.status == 200
            async with http.ws_connect(f"https://localhost:{port}/mqtt", protocols=("mqtt",)) as lobby:
                assert lobby.protocol == "mqtt"
        assert await up.ends(signal.SIGINT) == 0


@pytest.mark.parametrize("level", ["info", "debug"])
async def test_no_log_line_names_an_address_a_peer_or_a_topic(level: str) -> None:
    async with Running.start("up", "--port", "0", "--log-level", level) as up:
        port = int((await up.says(r"http://localhost:(\d+)/"))[1])
        async with Walker.walk(port) as ana, Walker.walk(port) as bo:
            mine, _ = await meet(ana, bo)
        assert await up.ends(signal.SIGINT) == 0
        assert "embedded broker started" in up.said
        for telling in (ana.peer, ana.life, ana.seat, mine["session"], "v1/", "127.0.0.1", "::1"):
            assert telling not in up.said
