"""The page: the files of the web client, and the documents that were made for this server.

    GET / ───────────► a document: index.html, with what the operator says in it
    GET /legal/… ────► a document
    GET /assets/… ───► a file, or the .br or .gz beside it, as the browser likes it

Knows nothing of MQTT. What can be fetched is what lies under one folder, and nothing that hides in it.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from aiohttp import hdrs, web

from broker.engines.entrance import headers
from broker.engines.entrance.document import Document

NO_PAGE: Final = "This is Passerby's broker. No page is installed here: build the web client, or start it with one.\n"

_INDEX: Final = "/index.html"


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
        self._documents = {path: Document(text) for path, text in documents.items()}
        self._frame = frame

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a GET: `/` is index.html, everything else the document or file of that name."""
        path = f"/{request.match_info['path']}"
        if self._root is None and path == "/":
            return web.Response(text=NO_PAGE)
        document = self._documents.get("/" if path == _INDEX else path)
        response = self._file(_INDEX if path == "/" else path) if document is None else document.answer(request)
        response.headers[hdrs.CACHE_CONTROL] = headers.cache_of(path)
        response.headers[headers.POLICY] = headers.policy(
            headers.kind_of(path),
            sockets=headers.sockets_of(request.headers.get(hdrs.HOST, "")),
            frame=self._frame,
        )
        return response

    def _file(self, path: str) -> web.StreamResponse:
        file = self._find(path)
        if file is None:
            raise web.HTTPNotFound(text="There is no such page here.\n")
        response = web.FileResponse(file)
        response.headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING  # which aiohttp says only with a form that is compressed
        if file.suffix in headers.TYPES:
            response.content_type = headers.TYPES[file.suffix]
        return response

    def _find(self, path: str) -> Path | None:
        parts = path.removeprefix("/").split("/")
        if self._root is None or any(not part or part.startswith(".") or "\\" in part for part in parts):
            return None
        try:
            file = self._root.joinpath(*parts).resolve()
            found = file.is_relative_to(self._root) and file.is_file()
        except (OSError, ValueError):  # names too long for the file system, or with a NUL
            return None
        return file if found else None
