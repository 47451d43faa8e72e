"""The headers of every response, errors included: the one table that our own server and a deployment's are made from.

    App     the page, and all its files: a worker takes the policy that comes with its own script
    Text    documents to be read, legal pages: nothing runs in them
    Error   whatever else is said

Pure. Who reads the table: `page` and `reception` for a response of ours, `passerby.caddy` for a web server's
configuration.
"""

import re
from collections.abc import Mapping, MutableMapping
from enum import StrEnum
from http import HTTPStatus
from typing import Final


class Kind(StrEnum):
    """What a response is, as far as its policy is concerned."""

    APP = "app"
    TEXT = "text"
    ERROR = "error"


POLICY: Final = "Content-Security-Policy"
CACHE: Final = "Cache-Control"

TEXTS: Final = "/legal/"
"""Under this path there are documents to be read."""

FOREVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"
NEVER: Final = "no-store"
HASHED: Final = r"^/assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$"
"""How Vite names what never changes; both in Python's and in Go's words for patterns."""

HOST: Final = r"^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$"
"""What may stand in the policy as the host that a request was sent to, likewise in both."""

TYPES: Final = {  # what the tables of web servers lack, or spell differently from version to version
    ".avif": "image/avif",
    ".js": "text/javascript",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}

SECURED: Final = {"Strict-Transport-Security": "max-age=31536000"}
"""Beside the others, when the request came over TLS. Other hosts of the same domain are none of our business."""

_SOCKETS: Final = "sockets"
_FRAME: Final = "frame"
_SHUT: Final = {"base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'"}
_POLICIES: Final[Mapping[Kind, Mapping[str, str]]] = {
    Kind.APP: {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        "connect-src": f"'self' {{{_SOCKETS}}}",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "frame-src": f"{{{_FRAME}}}",
        **_SHUT,
        "require-trusted-types-for": "'script'",
        "trusted-types": "passerby",  # one policy, which gives the URL of the service worker and nothing else
    },
    Kind.TEXT: {
        "default-src": "'none'",
        "script-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        **_SHUT,
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    },
    Kind.ERROR: {"default-src": "'none'", **_SHUT},
}
_ALLOWED: Final = ("camera", "microphone", "picture-in-picture")  # what a call needs
_DENIED: Final = (  # what no page of ours asks for; without this line, a frame may do what is open to all by default
    "accelerometer",
    "browsing-topics",
    "clipboard-read",
    "compute-pressure",
    "digital-credentials-create",
    "digital-credentials-get",
    "display-capture",
    "encrypted-media",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "magnetometer",
    "midi",
    "otp-credentials",
    "payment",
    "private-state-token-issuance",
    "private-state-token-redemption",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
ALWAYS: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy": ", ".join(
        [*(f"{feature}=(self)" for feature in _ALLOWED), *(f"{feature}=()" for feature in _DENIED)]
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


_HOST = re.compile(HOST)
_HASHED = re.compile(HASHED)


def kind_of(path: str) -> Kind:
    """Tell what is found under a path, if anything is."""
    return Kind.TEXT if path.startswith(TEXTS) else Kind.APP


def cache_of(path: str) -> str:
    """Tell how long what is found under a path may be kept."""
    return FOREVER if _HASHED.match(path) else ASK_AGAIN


def sockets_of(host: str) -> str:
    """Give the sources for WebSockets to the host that a request was sent to: Safari does not take `'self'` for them.

    What does not look like a host gives none, so that nobody can write into the policy.
    """
    return sockets(host) if _HOST.fullmatch(host) else ""


def sockets(host: str) -> str:
    """Give the sources for WebSockets to a host, which may be a placeholder."""
    return f"ws://{host} wss://{host}"


def policy(kind: Kind, *, sockets: str = "", frame: str | None = None) -> str:
    """Write a content security policy.

    Args:
        kind: of the response.
        sockets: where WebSockets may go to, besides the page's own origin.
        frame: the one origin that may be shown in a frame; None for nothing.
    """
    filled = ((name, sources.format(sockets=sockets, frame=frame or "")) for name, sources in _POLICIES[kind].items())
    return "; ".join(f"{name} {sources.strip()}" for name, sources in filled if sources)


def put_on(response: MutableMapping[str, str], *, status: int, secure: bool) -> None:
    """Put the headers on those of a response; the policy of what was found is on them already.

    Args:
        response: its headers.
        status: of it. What is none of ours to show is not kept, whatever was said of what was looked for.
        secure: whether the request came over TLS.
    """
    response.update(ALWAYS)
    if secure:
        response.update(SECURED)
    response.pop("Server", None)
    if status >= HTTPStatus.BAD_REQUEST:
        response[CACHE] = NEVER
        response[POLICY] = policy(Kind.ERROR)
    else:
        response.setdefault(CACHE, NEVER)
        response.setdefault(POLICY, policy(Kind.ERROR))
