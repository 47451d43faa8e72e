"""`passerby up`, as a user meets it."""

import asyncio
import contextlib
import json
import signal
import socket
import ssl
from pathlib import Path

import aiohttp
import pytest

from tests.command.running import Running
from tests.engines.mqtt_probe import UPGRADE, frame
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


async def test_in_a_cell_all_is_well_for_who_finds_it_on_the_page_and_nothing_for_others() -> None:
    """The doctor goes through all that a peer does; a desk finds the cell in what the run tells of itself."""
    async with Running.start("up", "--port", "0", PASSERBY_CELL="berlin") as up:
        url = (await up.says(r"http://localhost:\d+/"))[0]
        await up.says("Ctrl-C")
        async with Running.start("doctor", url, "--timeout", "5") as doctor:
            assert await doctor.ends() == 0, doctor.said
        async with Running.start("bans", "--pid", str(up.process.pid)) as desk:
            assert await desk.ends() == 0, desk.said
        async with Running.start("doctor", f"{url}#hamburg", "--json", "--timeout", "1") as doctor:
            assert await doctor.ends() == 1
        outcomes = {each["name"]: each["outcome"] for each in json.loads(doctor.said)["findings"]}
        assert (outcomes["page"], outcomes["peer"]) == ("ok", "failed")


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


SECRET = "a-secret-that-is-long-enough"


async def test_it_says_whom_it_reaches_with_a_turn_server_and_without() -> None:
    async with Running.start("up", "--port", "0") as up:
        await up.says("this machine or its own network only: no TURN server is configured")
    turn = {"PASSERBY_TURN_URLS": '["turn:turn.example.org"]', "PASSERBY_TURN_SECRET": SECRET}
    async with Running.start("up", "--port", "0", "--log-level", "debug", **turn) as up:
        await up.says("other networks, too, through the TURN server")
        port = int((await up.says(r"http://localhost:(\d+)/"))[1])
        async with Walker.walk(port) as ana:
            welcome = await ana.told("welcome")
        assert (welcome["relay"], welcome["ice"][0]["urls"]) == ("offered", ["turn:turn.example.org"])
        assert await up.ends(signal.SIGINT) == 0
        for telling in (SECRET, welcome["ice"][0]["username"], welcome["ice"][0]["credential"]):
            assert telling not in up.said


async def test_a_turn_server_that_is_set_while_it_runs_is_told_of_from_then_on(tmp_path: Path) -> None:
    file = tmp_path / "passerby.toml"
    file.write_text("port = 0\n")
    async with Running.start("up", "--config", file) as up:
        port = int((await up.says(r"http://localhost:(\d+)/"))[1])
        async with Walker.walk(port) as ana:
            assert (await ana.told("welcome"))["relay"] == "none"
            await ana.join(relay=True)
            assert (await ana.told("refused"))["reason"] == "relay"
        turn = f'turn_urls = ["turn:turn.example.org"]\nturn_secret = "{SECRET}"\nturn_preset = true\n'
        file.write_text(f"port = 0\n{turn}")
        await up.says("the settings have changed")
        async with Walker.walk(port) as ana, Walker.walk(port) as bo:
            assert (await ana.told("welcome"))["relay"] == "preset"
            await asyncio.gather(ana.join(relay=True), bo.join(relay=True))
            for peer in (ana, bo):
                assert (await peer.told("matched"))["iceTtl"] == 3600
        assert SECRET not in up.said


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


@pytest.mark.parametrize("arguments", [(), ("--tls",)])
async def test_no_log_line_names_an_address_when_things_go_wrong(arguments: tuple[str, ...]) -> None:
    """Garbage, bad HTTP, failing TLS, sockets that are aborted in the middle: at the most talkative level."""
    async with Running.start("up", "--host", "127.0.0.1", "--port", "0", "--log-level", "debug", *arguments) as up:
        port = int((await up.says(r"https?://localhost:(\d+)/"))[1])
        await up.says("Ctrl-C")
        wrongs = [
            b"",
            b"GARBAGE\r\n\r\n",
            b"GET /mqtt HTTP/1.1\r\nHost: a b\0\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            UPGRADE + frame(b"\xf0\x00"),
            UPGRADE + b"\xff\xff\xff\xff",
        ]
        for wrong in wrongs:
            for abort in (True, False):
                reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.0.77", 0))
                writer.write(wrong)
                await writer.drain()
                if abort:
                    writer.transport.abort()
                    continue
                if writer.can_write_eof():
                    writer.write_eof()
                with contextlib.suppress(ConnectionError):
                    await asyncio.wait_for(reader.read(), 10)
                writer.close()
        assert await up.ends(signal.SIGTERM) == 0
        assert "embedded broker stopped" in up.said
        for telling in ("127.0.0.", "::1", "Traceback", "SSL", "GARBAGE"):
            assert telling not in up.said


async def test_at_sigterm_who_is_connected_is_told_that_the_server_goes_away() -> None:
    async with Running.start("up", "--port", "0") as up:
        port = int((await up.says(r"http://localhost:(\d+)/"))[1])
        async with Walker.walk(port) as ana:
            assert await up.ends(signal.SIGTERM) == 0
            await ana.probe.until(lambda: ana.probe.closed)
            assert ana.probe.line.socket.close_code == 1001  # type: ignore[attr-defined]
