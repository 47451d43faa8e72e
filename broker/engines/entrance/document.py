"""A document that was made for this server and lies in memory: compressed once, and told apart by what is in it.

Knows HTTP as far as it is about one resource (RFC 9110 §8.8.3, §12.5.3, §13.1.2): which form a browser takes, and
whether it has it already.
"""

import gzip
import hashlib
import re
from typing import Final

from aiohttp import ETag, hdrs, web

_GZIP: Final = "gzip"
_REFUSED = re.compile(r"q\s*=\s*0(\.0*)?")


class Document:
    """One HTML document."""

    def __init__(self, text: bytes) -> None:
        tag = hashlib.sha256(text).hexdigest()[:32]
        self._forms = {None: (text, tag), _GZIP: (gzip.compress(text, mtime=0), f"{tag}-{_GZIP}")}

    def answer(self, request: web.Request) -> web.Response:
        """Answer a GET or a HEAD."""
        encoding = _GZIP if accepts(request.headers.get(hdrs.ACCEPT_ENCODING, ""), _GZIP) else None
        body, tag = self._forms[encoding]
        if _has(request.if_none_match, tag):
            response = web.Response(status=304)
        else:
            response = web.Response(body=body, content_type="text/html", charset="utf-8")
            if encoding is not None:
                response.headers[hdrs.CONTENT_ENCODING] = encoding
        response.headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
        response.etag = tag
        return response


def accepts(header: str, encoding: str) -> bool:
    """Tell whether an encoding is asked for by name, and not refused by a weight of nought."""
    for each in header.lower().split(","):
        name, _, weight = each.partition(";")
        if name.strip() == encoding:
            return _REFUSED.fullmatch(weight.strip()) is None
    return False


def _has(tags: tuple[ETag, ...] | None, tag: str) -> bool:
    return tags is not None and any(each.value in (tag, "*") for each in tags)
