"""Whether the page is there, as protected as our own server would send it, errors too; and the legal pages."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import aiohttp

from broker.engines.entrance import headers
from broker.engines.entrance.headers import Kind
from passerby.doctor.finding import Verdict, failed, ok, warning
from passerby.doctor.visit import Visit
from stranger.place import Place

NOWHERE: Final = "/no-page-of-this-name"

_TITLE: Final = "<title>Passerby"
_CONTACT: Final = "/legal/en/contact"
_NAMED: Final = 'data-contact="given"'
_UNNAMED: Final = 'data-contact="none"'
_PERMISSIONS: Final = "Permissions-Policy"
_VARYING: Final = frozenset({"connect-src", "frame-src"})  # with the host, and with what the operator has set
_OWN_SERVER: Final = (
    "the proxy in front takes them away, or serves the page itself: it must pass on or set these headers "
    "(`passerby page` writes them for Caddy)"
)


async def page(visit: Visit) -> Verdict:
    """Tell whether the page is there, and protected."""
    try:
        async with visit.http.get(f"{visit.place.origin}/") as answer:
            text, status, had = await answer.text(), answer.status, answer.headers
        async with visit.http.get(f"{visit.place.origin}{NOWHERE}") as answer:
            errors = lacking(answer.headers, Kind.ERROR)
    except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError) as error:
        return failed(f"no page: {str(error) or type(error).__name__}", "is this the port of the page?")
    if status != HTTPStatus.OK or _TITLE not in text:
        return failed(
            f"an answer ({status}), but not the page of Passerby",
            "build the page (`make setup`) and name its folder in `page`, or route / to the server that has it",
        )
    if lacks := lacking(had, Kind.APP):
        return failed(f"the page comes without {', '.join(lacks)} as they should be", _OWN_SERVER)
    if errors:
        return warning(f"errors come without {', '.join(errors)} as they should be", _OWN_SERVER)
    if visit.place.tls and "Strict-Transport-Security" not in had:
        return warning(
            "it is there, protected, but browsers are not told to stay with https",
            "let what brings https set Strict-Transport-Security, as `passerby page` writes it for Caddy",
        )
    frame = _directives(had[headers.POLICY]).get("frame-src")
    return ok(f"it is there, with its protecting headers{f'; a frame may show {frame}' if frame else ''}")


async def legal(visit: Visit) -> Verdict:
    """Tell whether the legal pages are there, and name somebody."""
    try:
        async with visit.http.get(f"{visit.place.origin}{_CONTACT}") as answer:
            text = await answer.text() if answer.status == HTTPStatus.OK else ""
    except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
        text = ""
    return naming(visit.place, text)


def naming(place: Place, text: str) -> Verdict:
    """Say what the page of contacts, or what is there instead, means."""
    if _NAMED in text:
        return ok("they are there, and say whom to write to")
    if _UNNAMED not in text:
        return warning(
            f"no legal pages: {_CONTACT} is not there",
            "people agree to terms that they must be able to read: pass /legal/ on to the broker, or serve what "
            "`passerby page` writes",
        )
    if place.is_this_machine:
        return ok("they are there; whom to write to they need not say on this machine")
    return warning(
        "they are there, and say that nobody has given a contact",
        "set `operator`, `contact` and `imprint`: docs/howto/legal.md tells what else is yours to say",
    )


def lacking(had: Mapping[str, str], kind: Kind) -> list[str]:
    """Name the headers that are missing, or say something else than ours; of the policy, its directives."""
    found = [
        name
        for name, value in headers.ALWAYS.items()
        if (value if name != _PERMISSIONS else "camera=(self), microphone=(self)") not in had.get(name, "")
    ]
    if headers.POLICY not in had:
        return [headers.POLICY, *found]
    seen = _directives(had[headers.POLICY])
    expected = _directives(headers.policy(kind))
    return [name for name in expected if name not in _VARYING and seen.get(name) != expected[name]] + found


def _directives(policy: str) -> dict[str, str]:
    parts = (each.strip().partition(" ") for each in policy.split(";"))
    return {name: sources for name, _, sources in parts}
