"""What every response carries, route by route: one table, for our own server and for the web server of a deployment.

Written out, and not taken from the code: it is what a browser is to see. With a page for trying, which both serve.
"""

import http.client
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Kind = Literal["app", "text", "error"]

SITE_PLACE: Final = '<script id="site" type="application/json">{}</script>'
INDEX: Final = f"<!doctype html><html><head><title>Passerby</title>{SITE_PLACE}</head><body></body></html>"
SCRIPT: Final = "export const stranger = 1;\n" * 200
ASSET: Final = "/assets/index-BxY3_k9Q.js"
FRAME: Final = "https://ads.example.org:8443"
WITHIN_S: Final = 10.0

ALWAYS: Final = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
SECURED: Final = {"strict-transport-security": "max-age=31536000"}
_ALLOWED: Final = {"camera", "microphone", "picture-in-picture"}
_DENIED_AT_LEAST: Final = {
    "browsing-topics",
    "display-capture",
    "geolocation",
    "identity-credentials-get",
    "local-fonts",
    "payment",
    "storage-access",
    "usb",
}

_SHUT: Final = {"base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'"}
_TRUSTED: Final = {"require-trusted-types-for": "'script'"}
POLICIES: Final[Mapping[Kind, Mapping[str, str]]] = {
    "app": {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        **_SHUT,
        **_TRUSTED,
        "trusted-types": "passerby",
    },
    "text": {
        "default-src": "'none'",
        "script-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        **_SHUT,
        **_TRUSTED,
        "trusted-types": "'none'",
    },
    "error": {"default-src": "'none'", **_SHUT},
}

FOREVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"
NEVER: Final = "no-store"


@dataclass(frozen=True)
class Route:
    """A request, and what is to come back.

    Args:
        method: of HTTP.
        path: as it is sent.
        statuses: any of these is right.
        kind: of policy.
        cache: the whole Cache-Control.
        type: the content type, without its parameters; None for whatever.
        headers: that the request has beside Host.
    """

    method: str
    path: str
    statuses: tuple[int, ...]
    kind: Kind
    cache: str
    type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path}{' again' if self.headers else ''}"


_UPGRADE: Final = (
    ("Connection", "Upgrade"),
    ("Upgrade", "websocket"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("Sec-WebSocket-Protocol", "mqtt"),
)

ROUTES: Final = (
    Route("GET", "/", (200,), "app", ASK_AGAIN, "text/html"),
    Route("HEAD", "/", (200,), "app", ASK_AGAIN, "text/html"),
    Route("GET", "/index.html", (200,), "app", ASK_AGAIN, "text/html"),
    Route("GET", ASSET, (200,), "app", FOREVER, "text/javascript"),
    Route("HEAD", ASSET, (200,), "app", FOREVER, "text/javascript"),
    Route("GET", ASSET, (206,), "app", FOREVER, "text/javascript", (("Range", "bytes=0-9"),)),
    Route("GET", ASSET, (416,), "error", NEVER, None, (("Range", "bytes=900000-"),)),
    Route("GET", "/assets/legal-D3adB33f.css", (200,), "app", FOREVER, "text/css"),
    Route("GET", "/worker.js", (200,), "app", ASK_AGAIN, "text/javascript"),
    Route("GET", "/manifest.webmanifest", (200,), "app", ASK_AGAIN, "application/manifest+json"),
    Route("GET", "/apple-touch-icon.png", (200,), "app", ASK_AGAIN, "image/png"),
    Route("GET", "/favicon.svg", (200,), "app", ASK_AGAIN, "image/svg+xml"),
    Route("GET", "/legal/en/privacy", (200,), "text", ASK_AGAIN, "text/html"),
    Route("HEAD", "/legal/en/privacy", (200,), "text", ASK_AGAIN, "text/html"),
    Route("GET", "/legal/en/nothing", (404,), "error", NEVER),
    Route("GET", "/legal/", (404,), "error", NEVER),
    Route("GET", "/nothing-here", (404,), "error", NEVER),
    Route("GET", "/assets/gone-12345678.js", (404,), "error", NEVER),
    Route("GET", "/assets", (404,), "error", NEVER),
    Route("GET", "/assets/", (404,), "error", NEVER),
    Route("GET", "/" + "x" * 5000, (400, 404), "error", NEVER),
    Route("POST", "/", (405,), "error", NEVER),
    Route("DELETE", ASSET, (405,), "error", NEVER),
    Route("GET", "/../secret.txt", (400, 404), "error", NEVER),
    Route("GET", "/assets/%2e%2e/%2e%2e/secret.txt", (400, 404), "error", NEVER),
    Route("GET", "/.hidden", (404,), "error", NEVER),
    Route("GET", "/mqtt", (400,), "error", NEVER),
    Route("POST", "/mqtt", (400, 405), "error", NEVER),
    Route("GET", "/mqtt", (403,), "error", NEVER, None, (*_UPGRADE, ("Origin", "https://evil.example"))),
    Route("GET", "/mqtt", (500, 502, 503), "error", NEVER, None, _UPGRADE),
)
"""The last one meets a broker that is not there."""


def lay_page(folder: Path) -> Path:
    """Lay a small page into a folder; beside it lies what is not to be had."""
    (folder / "secret.txt").write_text("not for you")
    page = folder / "page"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text(INDEX)
    (page / "assets" / "index-BxY3_k9Q.js").write_text(SCRIPT)
    (page / "assets" / "legal-D3adB33f.css").write_text("body { color: teal }\n")
    (page / "worker.js").write_text("self.oninstall = () => {};\n")
    (page / "manifest.webmanifest").write_text("{}")
    (page / "apple-touch-icon.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (page / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (page / ".hidden").write_text("not for you")
    return page


def ask(route: Route, host: str, port: int, tls: ssl.SSLContext | None = None) -> tuple[int, list[tuple[str, str]]]:
    """Ask for it, with a path that nobody tidies up; gives the status and the headers. Blocks."""
    if tls is None:
        line = http.client.HTTPConnection(host, port, timeout=WITHIN_S)
    else:
        line = http.client.HTTPSConnection(host, port, timeout=WITHIN_S, context=tls)
    try:
        line.request(route.method, route.path, headers={"Accept-Encoding": "identity", **dict(route.headers)})
        answer = line.getresponse()
        answer.read()
        return answer.status, answer.getheaders()
    finally:
        line.close()


def directives(policy: str) -> dict[str, str]:
    """Take a policy apart."""
    parts = (each.strip().partition(" ") for each in policy.split(";"))
    return {name: sources for name, _, sources in parts}


def wrong(
    route: Route, status: int, headers: Iterable[tuple[str, str]], *, host: str, secure: bool, frame: str | None = None
) -> list[str]:
    """Say what a response has that it should not have, or the other way round.

    Args:
        route: what was asked for.
        status: of the response.
        headers: of the response.
        host: that the request was sent to.
        secure: whether it was sent over TLS.
        frame: the origin of the operator's slot for advertisements, if there is one.
    """
    listed = [(name.lower(), value) for name, value in headers]
    had = dict(listed)
    policy = dict(POLICIES[route.kind])
    if route.kind == "app":
        policy["connect-src"] = f"'self' ws://{host} wss://{host}"
        if frame is not None:
            policy["frame-src"] = frame
    expected = {**ALWAYS, **(SECURED if secure else {}), "cache-control": route.cache}
    found = [f"{name}: {had.get(name)!r}, not {value!r}" for name, value in expected.items() if had.get(name) != value]
    found += [f"{name} twice" for name in had if [each for each, _ in listed].count(name) > 1]
    found += [f"{name}: {had[name]}" for name in ("server", "via", "x-powered-by", "set-cookie") if name in had]
    if status not in route.statuses:
        found.append(f"status {status}, not {route.statuses}")
    if (seen := directives(had.get("content-security-policy", ""))) != policy:
        found.append(f"policy {sorted(set(seen.items()) ^ set(policy.items()))}")
    if route.type is not None and had.get("content-type", "").partition(";")[0] != route.type:
        found.append(f"type {had.get('content-type')}")
    if not secure and "strict-transport-security" in had:
        found.append("HSTS without TLS")
    if frame is None and (foreign := [value for value in had.values() if "example.org" in value]):
        found.append(f"a third party: {foreign}")
    return found + _allowed(had.get("permissions-policy", ""))


def _allowed(policy: str) -> list[str]:
    features = dict(each.split("=") for each in policy.split(", ") if each)
    found = [f"{name} may be used" for name, who in features.items() if (who == "(self)") != (name in _ALLOWED)]
    return found + [f"{name} is not denied" for name in _DENIED_AT_LEAST if features.get(name) != "()"]
