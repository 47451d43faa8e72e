"""The headers and cache rules of the page in the words of Caddy, from the same table as those of our own server.

    entrance/headers.py ─► (passerby_page)    for a site: policies by path, types, what may be kept
                        └► (passerby_error)   for its handle_errors

They are snippets, so that a site of one's own takes both with one line each.
"""

from typing import Final

from broker.engines.entrance import headers
from broker.engines.entrance.headers import Kind

_HOSTPORT: Final = "{http.request.hostport}"
_SOCKETS: Final = "{passerby_sockets}"
_DENIED: Final = {headers.POLICY: headers.policy(Kind.ERROR), headers.CACHE: headers.NEVER}
_HEAD: Final = """\
# The headers and cache rules of Passerby's page, for Caddy 2.10 or newer. Written by `passerby page`, which writes it
# anew each time: change nothing here.
#
#     import FOLDER/headers.caddy
#
#     chat.example.org {
#         root FOLDER/www
#         import passerby_page
#         file_server {
#             precompressed br gzip
#             disable_canonical_uris
#         }
#         handle_errors {
#             import passerby_error
#         }
#     }
"""


def snippets(frame: str | None) -> str:
    """Write both snippets; `frame` is the one origin that the page may show in a frame."""
    return f"{_HEAD}\n{_block('(passerby_page)', _page(frame))}\n{_block('(passerby_error)', _error())}"


def _page(frame: str | None) -> list[str]:
    texts, hashed = f"path {headers.TEXTS}*", f"path_regexp `{headers.HASHED}`"
    types = [f"header *{ending} Content-Type {type_}" for ending, type_ in headers.TYPES.items()]
    return [
        *_block_lines(
            f"map {_HOSTPORT} {_SOCKETS}", [f'`~({headers.HOST})` "{headers.sockets("${1}")}"', 'default ""']
        ),
        *_always("@passerby_secure"),
        f"@passerby_text {texts}",
        f"@passerby_app not {texts}",
        _header("@passerby_text", headers.POLICY, headers.policy(Kind.TEXT)),
        _header("@passerby_app", headers.POLICY, headers.policy(Kind.APP, sockets=_SOCKETS, frame=frame)),
        f"@passerby_hashed {hashed}",
        f"@passerby_named not {hashed}",
        _header("@passerby_hashed", headers.CACHE, headers.FOREVER),
        _header("@passerby_named", headers.CACHE, headers.ASK_AGAIN),
        # A range that is not there is no error to Caddy: it is answered where the file is.
        *_block_lines("header", ["match status 416", *(f'{name} "{value}"' for name, value in _DENIED.items())]),
        *types,
        *_block_lines("@passerby_document", [texts, "file {path}.html"]),
        "rewrite @passerby_document {file_match.relative}",
    ]


def _error() -> list[str]:
    return [
        *_always("@passerby_error_secure"),
        _header("*", "Content-Type", "text/plain; charset=utf-8"),
        *(_header("*", name, value) for name, value in _DENIED.items()),
        'respond "{err.status_code}"',
    ]


def _always(secure: str) -> list[str]:
    """Give the headers that all responses have; `secure` is what the matcher for TLS is called, once in a site."""
    return [
        *(_header("*", name, value) for name, value in headers.ALWAYS.items()),
        f"{secure} protocol https",
        *(_header(secure, name, value) for name, value in headers.SECURED.items()),
        "header -Server",
    ]


def _header(matcher: str, name: str, value: str) -> str:
    return f'header {matcher} {name} "{value}"'


def _block(opening: str, lines: list[str]) -> str:
    return "\n".join([f"{opening} {{", *(f"\t{line}" for line in lines), "}", ""])


def _block_lines(opening: str, lines: list[str]) -> list[str]:
    return [f"{opening} {{", *(f"\t{line}" for line in lines), "}"]
