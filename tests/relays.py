"""A real TURN server (coturn) on loopback, for every test that wants one.

    test ── Relay(secret) ── a configuration of its own ──► turnserver ── answers a STUN binding ──► ready
                          ── turn(ttl_s) ─► what a matcher is given, so that people are handed credentials for it

Everything is on 127.0.0.1 and on ports that were free. What was started is ended by its process id, whatever becomes of
the test; the log is kept in memory, for a test to look into.
"""

import asyncio
import contextlib
import secrets
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Final, Self

import pytest

from matcher.turn import TTL_S, Turn
from tests.ports import LOOPBACK, free_port, free_row

HOW: Final = "no TURN server here: `apt install coturn`"
WITHIN_S: Final = 20.0
RELAYED: Final = 64
"""How many relayed addresses there are at once, unless a test wants it otherwise."""

_BINDING = bytes.fromhex("000100002112a442") + b"passerbytest"  # RFC 8489 §5: a binding request without attributes
_ATTEMPTS = 5


class NotReady(Exception):
    """The TURN server did not come up. The text is its log."""


def find_turnserver() -> str:
    """Give the path of coturn; without it, skip."""
    found = shutil.which("turnserver") or shutil.which("turnserver", path="/usr/sbin:/usr/local/bin:/opt/homebrew/bin")
    if found is None:
        pytest.skip(HOW)
    return found


class Relay:
    """A TURN server, used with `async with`. `urls` and `secret` are what an operator would give the matcher.

    Args:
        secret: that credentials are made with; by default a fresh one.
        relayed: how many relayed addresses it can give at once.
        lines: more lines of its configuration, such as `user-quota=2`.
    """

    def __init__(self, secret: str = "", *, relayed: int = RELAYED, lines: tuple[str, ...] = ()) -> None:
        self.secret = secret or secrets.token_urlsafe()
        self.port = 0
        self.ports = range(0)
        """Of relayed addresses."""
        self._relayed = relayed
        self._lines = lines
        self._folder: Path | None = None
        self._process: asyncio.subprocess.Process | None = None

    @property
    def urls(self) -> tuple[str, ...]:
        """Give its STUN and TURN, over UDP and over TCP."""
        place = f"{LOOPBACK}:{self.port}"
        return (f"stun:{place}", f"turn:{place}", f"turn:{place}?transport=tcp")

    def turn(self, *, ttl_s: int = TTL_S, preset: bool = False) -> Turn:
        """Give what a matcher is told of it: with `ttl_s` of a few seconds, credentials that run out in a test."""
        return Turn(self.urls, self.secret, ttl_s, preset)

    @property
    def log(self) -> str:
        """What it has said up to now."""
        assert self._folder is not None, "it was not started"
        path = self._folder / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    @property
    def pid(self) -> int:
        assert self._process is not None, "it does not run"
        return self._process.pid

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Start it, and wait until it answers; after a `stop`, on the ports of before.

        Raises:
            NotReady: when it does not.
        """
        binary = find_turnserver()
        self._folder = self._folder or Path(tempfile.mkdtemp(prefix="passerby-relay-"))
        for attempt in range(1, _ATTEMPTS + 1):
            if not self.port:
                self.port, self.ports = free_port(), free_row(self._relayed)
            try:
                await self._run(binary)
            except NotReady:
                await self.stop()
                if attempt == _ATTEMPTS:
                    raise
                self.port = 0  # somebody else took a port in between
            else:
                return

    async def stop(self) -> None:
        """End its process: whoever is relayed is cut off."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def close(self) -> None:
        """Stop it for good; may be called at any time, and twice."""
        await self.stop()
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    async def _run(self, binary: str) -> None:
        assert self._folder is not None
        (self._folder / "log").unlink(missing_ok=True)
        (self._folder / "conf").write_text("\n".join(self._configuration(self._folder)) + "\n", encoding="utf-8")
        self._process = await asyncio.create_subprocess_exec(
            binary,
            "-c",
            str(self._folder / "conf"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(WITHIN_S):
                while not await asyncio.to_thread(answers, self.port):
                    if self._process.returncode is not None:
                        raise NotReady(self.log)
        except TimeoutError:
            raise NotReady(self.log) from None

    def _configuration(self, folder: Path) -> tuple[str, ...]:
        return (
            f"listening-ip={LOOPBACK}",
            f"relay-ip={LOOPBACK}",
            f"listening-port={self.port}",
            f"min-port={self.ports.start}",
            f"max-port={self.ports.stop - 1}",
            "use-auth-secret",
            f"static-auth-secret={self.secret}",
            "realm=passerby",
            "fingerprint",
            "no-tls",
            "no-dtls",
            "no-cli",
            "allow-loopback-peers",  # that is where everybody is; never in production
            "cli-password=unused",  # which it asks for then, though nobody can use it
            "relay-threads=1",
            f"userdb={folder / 'db'}",
            f"pidfile={folder / 'pid'}",
            f"log-file={folder / 'log'}",
            "simple-log",
            "no-stdout-log",
            *self._lines,
        )


def answers(port: int) -> bool:
    """Tell whether a STUN server answers there."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.2)
        line.connect((LOOPBACK, port))
        line.send(_BINDING)
        return line.recv(2048)[:2] == b"\x01\x01"
    return False
