"""`passerby init` as an operator uses it: what is asked, what is said, and what is left to do."""

import asyncio
import os
import pty
from pathlib import Path
from typing import Final

from tests.command.running import COMMAND, WITHIN_S, Running

GIVEN: Final = ("--domain", "chat.example.org", "--operator", "Ada", "--contact", "ada@example.org", "--relay")


async def said(*arguments: str | Path, code: int = 0) -> str:
    async with Running.start("init", *arguments) as running:
        assert running.process.stdin is not None
        running.process.stdin.close()
        assert await running.ends() == code, running.said
        return running.said


async def test_what_is_given_is_not_asked_for_and_the_rest_is_said_to_be_left(tmp_path: Path) -> None:
    place = tmp_path / "served"
    first = await said(place, *GIVEN)
    for told in (
        "chat.example.org",
        "80 and 443 (TCP)",
        "3478",
        "docker compose up -d",
        "passerby doctor https://chat",
    ):
        assert told in first
    assert 'contact = "ada@example.org"' in (place / "settings/passerby.toml").read_text()
    assert "is a deployment already" in await said(place, *GIVEN, code=1)
    assert "nothing to renew" in await said("--update", place)
    (place / "compose.yaml").write_text("services: {}\n")
    again = await said("--update", place)
    assert "compose.yaml written anew" in again
    assert "compose.yaml.before" in again


async def test_without_a_terminal_what_is_missing_is_named_in_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    refused = await said(tmp_path / "served", "--domain", "chat.example.org", code=1)
    assert refused.startswith("passerby: ")
    assert "--operator, --contact, --relay or --no-relay" in refused
    assert "--domain" not in refused
    assert refused.count("\n") == 1
    assert not (tmp_path / "served").exists()


async def test_a_trial_asks_for_nothing(tmp_path: Path) -> None:
    tried = await said(tmp_path / "try", "--local", "--port", "9443")
    assert "https://localhost:9443/" in tried
    assert "DNS" not in tried


async def test_at_a_terminal_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    place = tmp_path / "served"
    ours, theirs = pty.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            COMMAND, "init", place, stdin=theirs, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        os.write(ours, b"chat.example.org\nAda\n\nn\n")
        async with asyncio.timeout(WITHIN_S):
            out, _ = await process.communicate()
    finally:
        os.close(ours)
        os.close(theirs)
    assert process.returncode == 0, out.decode()
    assert "PASSERBY_DOMAIN=chat.example.org\n" in (place / ".env").read_text()
    assert "COMPOSE_PROFILES=\n" in (place / ".env").read_text()
    settings = (place / "settings/passerby.toml").read_text()
    assert 'operator = "Ada"' in settings
    assert "contact = " not in settings
    assert b"what the law wants" in out
