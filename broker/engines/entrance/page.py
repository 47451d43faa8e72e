"""The page: the files of the web client, and the headers that every response of ours carries, errors included.

Knows nothing of MQTT. What can be fetched is what lies under one folder, and nothing that hides in it.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from aiohttp import hdrs, web
from multidict import CIMultiDict

NO_PAGE: Final = "This is Passerby's broker. No page is installed here: build the web client, or start it with one.\n"

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
_ALLOWED: Final = ("camera", "microphone", "picture-in-picture")  # what a call needs
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
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
_POLICY: Final = ", ".join([*(f"{feature}=(self)" for feature in _ALLOWED), *(f"{feature}=()" for feature in _DENIED)])
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
        "require-trusted-types-for 'script'; trusted-types passerby"
    )
    return {"Content-Security-Policy": policy, **_HEADERS}


def put_on(headers: CIMultiDict[str], host: str) -> None:
    """Put the headers on those of a response to a request that was sent to this host."""
    headers.update(security_headers(host))
    headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    headers.popall(hdrs.SERVER, None)


class Page:
    """The files under `root`; without a root, one line that says so.

    Args:
        root: the folder.
        documents: HTML that was made for this server, by the path of its URL; goes before the files.
        frame: the origin of what the page may show in a frame; None for nothing.
    """

    def __init__(
        self, root: Path | None, documents: Mapping[str, bytes] = MappingProxyType({}), *, frame: str | None = None
    ) -> None:
        self._root = None if root is None else root.resolve()
        self._documents = documents
        self.frame = frame

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a GET: `/` is index.html, everything else the file of that name."""
        path = request.match_info["path"]
        document = self._documents.get("/" if path == "index.html" else f"/{path}")
        if document is not None:
            return web.Response(
                body=document, content_type="text/html", charset="utf-8", headers={hdrs.CACHE_CONTROL: "no-cache"}
            )
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
