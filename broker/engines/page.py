"""The page: the files of the web client, and the headers that every response of ours carries, errors included.

Knows nothing of MQTT. What can be fetched is what lies under one folder, and nothing that hides in it.
"""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aiohttp import hdrs, web
from multidict import CIMultiDict
from typing_extensions import override

from broker.engines.door import Door
from broker.engines.wires import host_of

NO_PAGE: Final = "This is Passerby's broker. No page is installed here: build the web client, or start it with one.\n"

FULL: Final = "Too many connections are open here, or from where you are. Try again in a moment.\n"

IDLE_S: Final = 30.0
"""How long a connection may wait for its next request."""

_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_HASHED = re.compile(r"-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")  # as Vite names what never changes
_FOREVER = "public, max-age=31536000, immutable"
_TYPES: Final = {  # what the standard library's table lacks, or spells differently from version to version
    ".avif": "image/avif",
    ".js": "text/javascript",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_DENIED: Final = (
    "accelerometer",
    "browsing-topics",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
_POLICY: Final = ", ".join(["camera=(self)", "microphone=(self)", *(f"{feature}=()" for feature in _DENIED)])
_HEADERS: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def security_headers(host: str) -> Mapping[str, str]:
    """Give the headers for a response to a request that was sent to this host.

    The host stands in the policy because Safari does not take `'self'` for a WebSocket; one that does not look like a
    host is left out, so that nobody can write into the policy.
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        f"media-src 'self' blob:; connect-src 'self'{sockets}; worker-src 'self'; manifest-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return {"Content-Security-Policy": policy, **_HEADERS}


def _dress(headers: CIMultiDict[str], host: str) -> None:
    headers.update(security_headers(host))
    headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    headers.popall(hdrs.SERVER, None)


async def dress(request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on a response; for `app.on_response_prepare`."""
    _dress(response.headers, request.headers.get(hdrs.HOST, ""))
    if isinstance(request.protocol, Reception):
        request.protocol.answering(request, lasting=isinstance(response, web.WebSocketResponse))


class Reception(web.RequestHandler):
    """aiohttp's handler of a connection, with its habits changed.

        open ─► request, within opening_s ─► answer, read within answer_s ─► next request, begun within IDLE_S ─┐
                        ▲                        └─ a WebSocket: from here on it is a Life's                    │
                        └─────────────────────────── and then again within opening_s ◄──────────────────────────┘

    aiohttp itself would wait for ever at each of these. Who finds the house full is told so at once, and the answers to
    what is not even HTTP are dressed like all others, and echo nothing.
    """

    __slots__ = ("_address", "_answer_s", "_door", "_inside", "_lasting", "_opening_s", "_task", "_timer")

    def __init__(
        self, manager: web.Server, door: Door, *, loop: asyncio.AbstractEventLoop, opening_s: float, answer_s: float
    ) -> None:
        super().__init__(manager, loop=loop, keepalive_timeout=IDLE_S, lingering_time=opening_s)
        self._door = door
        self._opening_s = opening_s
        self._answer_s = answer_s
        self._address = ""
        self._inside = False
        self._lasting = False
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._address = host_of(transport)
        self._inside = self._door.enter(self._address)
        if self._inside:
            super().connection_made(transport)
            self._set(self._opening_s)
        elif isinstance(transport, asyncio.WriteTransport):
            transport.write(_full())
            transport.close()

    @override
    def data_received(self, data: bytes) -> None:
        if self._inside:
            if self._timer is None and not self._lasting:
                self._set(self._opening_s)
            super().data_received(data)

    @override
    def connection_lost(self, exc: BaseException | None) -> None:
        if self._inside:
            self._inside = False
            self._door.leave(self._address)
            self._set(None)
            super().connection_lost(exc)

    def answering(self, request: web.BaseRequest, *, lasting: bool) -> None:
        """Note that a request has come and is being answered; `lasting` is a WebSocket."""
        self._task = None if lasting else request.task
        self._lasting = lasting
        self._set(None if lasting else self._answer_s)

    @override
    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            self._task = None
            self._set(None)

    @override
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        self.answering(request, lasting=False)
        response = super().handle_error(request, status, exc, "")
        plain = _Bare(status=response.status, text=f"{response.status}\n")
        plain.force_close()
        return plain

    def _set(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds is not None and self._inside:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._expire)

    def _expire(self) -> None:
        transport, task = self.transport, self._task
        if task is not None:
            task.cancel()  # a file that the system sends by itself is not told that the connection is gone
        self.force_close()
        if transport is not None:
            transport.abort()  # or it would wait for the other side to read


def _full() -> bytes:
    headers = {**security_headers(""), "Cache-Control": "no-store", "Content-Type": "text/plain", "Retry-After": "10"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 503 Full\r\n{head}Content-Length: {len(FULL)}\r\nConnection: close\r\n\r\n{FULL}".encode()


class _Bare(web.Response):
    """A response that no application prepares."""

    @override
    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        _dress(self.headers, "")


class Page:
    """The files under `root`; without a root, one line that says so."""

    def __init__(self, root: Path | None) -> None:
        self._root = None if root is None else root.resolve()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a GET: `/` is index.html, everything else the file of that name."""
        path = request.match_info["path"]
        if self._root is None and not path:
            return web.Response(text=NO_PAGE)
        file = self._find(path or "index.html")
        if file is None:
            raise web.HTTPNotFound(text="There is no such page here.\n")
        response = web.FileResponse(file)
        response.headers[hdrs.CACHE_CONTROL] = _FOREVER if _HASHED.search(file.name) else "no-cache"
        if file.suffix in _TYPES:
            response.content_type = _TYPES[file.suffix]
        return response

    def _find(self, path: str) -> Path | None:
        parts = path.split("/")
        if self._root is None or any(not part or part.startswith(".") or "\\" in part for part in parts):
            return None
        try:
            file = self._root.joinpath(*parts).resolve()
            found = file.is_relative_to(self._root) and file.is_file()
        except (OSError, ValueError):  # names too long for the file system, or with a NUL
            return None
        return file if found else None
