"""A way between a client and a server that a test can break: cut it, or let it fall silent with both ends unaware."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Self


class Line:
    """One connection through the proxy."""

    def __init__(self, *, is_open: bool) -> None:
        self.open = asyncio.Event()
        if is_open:
            self.open.set()
        self.writers: list[asyncio.StreamWriter] = []

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one direction to its end. What comes while the line is silent is swallowed, not kept."""
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if self.open.is_set():
                    writer.write(data)
                    await writer.drain()
            if self.open.is_set():
                writer.close()

    def cut(self) -> None:
        """Close both ends."""
        for writer in self.writers:
            writer.close()


class Proxy:
    """Listens on a free port of loopback, and carries to `target_port`."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self._lines: set[Line] = set()
        self._servers: list[asyncio.Server] = []
        self._whole = True
        self.port = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def to(cls, target_port: int) -> AsyncIterator[Self]:
        proxy = cls(target_port)
        proxy.port = await proxy.listen(socket.create_server(("127.0.0.1", 0)))
        try:
            yield proxy
        finally:
            for server in proxy._servers:
                server.close()
            proxy.cut()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/"

    async def listen(self, listening: socket.socket) -> int:
        """Take connections there, too; gives the port."""
        server = await asyncio.start_server(self._attend, sock=listening)
        self._servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    def silence(self) -> None:
        """Let nothing more through on the lines that are open, as when a network is left. New lines are good."""
        for line in self._lines:
            line.open.clear()

    def sever(self) -> None:
        """Let nothing through any more, on new lines neither, until it is mended."""
        self._whole = False
        self.silence()

    def mend(self) -> None:
        """Let new lines be good again; the old ones end."""
        self._whole = True
        self.cut()

    def cut(self) -> None:
        """Close the lines that are open."""
        for line in self._lines:
            line.cut()

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(is_open=self._whole)
        line.writers.append(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.close()
            return
        line.writers.append(back)
        self._lines.add(line)
        try:
            await asyncio.gather(line.carry(reader, back), line.carry(there, writer))
        finally:
            self._lines.discard(line)
            line.cut()
