"""`passerby gate serve`: the gate as an operator starts it."""

import signal
from pathlib import Path

import aiohttp

from broker.identity import b64url, peer_of
from passerby.keys import draw, write
from tests.command.running import Running

SECRET = bytes(32)


async def test_a_gate_answers_and_ends_in_good_order(tmp_path: Path) -> None:
    write(tmp_path / "keys", draw())
    form = {"username": peer_of(SECRET), "client_id": peer_of(SECRET), "password": b64url(SECRET)}
    async with Running.start("gate", "serve", "--keys", tmp_path / "keys", "--port", "0") as gate:
        url = (await gate.says(r"(http://127\.0\.0\.1:\d+)\. "))[1]
        async with aiohttp.ClientSession() as http:
            async with http.get(f"{url}/healthz") as answer:
                assert answer.status == 200
            async with http.post(f"{url}/auth/user", data=form) as answer:
                assert await answer.text() == "allow"
        assert await gate.ends(signal.SIGTERM) == 0
        assert "Traceback" not in gate.said


async def test_it_says_what_is_missing_in_one_line() -> None:
    async with Running.start("gate", "serve", "--port", "0") as gate:
        assert await gate.ends() != 0
        assert gate.said.startswith("passerby: broker and matcher share a keys file")
        assert gate.said.count("\n") == 1


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    write(tmp_path / "keys", draw())
    async with Running.start("gate", "serve", "--keys", tmp_path / "keys", "--port", "0") as first:
        port = (await first.says(r":(\d+)\. "))[1]
        async with Running.start("gate", "serve", "--keys", tmp_path / "keys", "--port", port) as second:
            assert await second.ends() != 0
            assert f"port {port}" in second.said
            assert "--port" in second.said
