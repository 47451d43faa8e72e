"""What a browser meets before any MQTT: TLS, the WebSocket, who may open it; and the clock."""

import asyncio
import ssl
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
from aiohttp import hdrs

from passerby.doctor.finding import Verdict, failed, ok, warning
from passerby.doctor.visit import Visit
from stranger.place import Door, Place

EXPIRY_DAYS: Final = 14
"""A certificate with fewer days left than this is one whose renewal does not work: they are renewed at 30."""

CLOCK_S: Final = 5.0

STRANGE_ORIGIN: Final = "https://evil.example"

_SUBPROTOCOL: Final = "mqtt"
_NO_GOODBYE: Final = aiohttp.ClientWSTimeout(ws_close=0.1)  # Mosquitto answers none before a CONNECT
_SECONDS_A_DAY: Final = 86_400


async def reachable(visit: Visit) -> Verdict:
    """Tell whether something listens there."""
    place, start = visit.place, time.perf_counter()
    try:
        async with asyncio.timeout(visit.wishes.timeout_s):
            _, writer = await asyncio.open_connection(place.host, place.port)
    except TimeoutError:
        return failed(
            f"no answer from {place.host} port {place.port}",
            "a firewall drops what comes, or the machine is down: open the port, from here too",
        )
    except OSError as error:
        return failed(
            f"no connection to {place.host} port {place.port}: {error.strerror or error}",
            "is the name right, is the server running, and does it listen on this address (not on loopback only)?",
        )
    writer.close()
    return ok(f"port {place.port} answers after {_ms(start)}")


async def secure(visit: Visit) -> Verdict:
    """Tell whether a browser would take the place for secure, now and in two weeks."""
    if not visit.place.tls:
        return plain(visit.place)
    try:
        async with asyncio.timeout(visit.wishes.timeout_s):
            _, writer = await asyncio.open_connection(visit.place.host, visit.place.port, ssl=visit.tls)
    except ssl.SSLCertVerificationError as error:
        return failed(f"the certificate is not valid: {error.verify_message}", _advice(error.verify_message))
    except (OSError, TimeoutError) as error:  # of ssl, too
        return failed(
            f"no TLS: {getattr(error, 'reason', None) or str(error) or 'no answer'}",
            "TLS 1.2 or newer has to be spoken here: is this the port of https, and not the plain one?",
        )
    shown = writer.get_extra_info("ssl_object")
    writer.close()
    if visit.wishes.insecure:
        return warning(f"{shown.version()}, the certificate was not looked at", "without --insecure, it will be")
    return lasting(shown.version(), shown.getpeercert()["notAfter"], time.time())


def plain(place: Place) -> Verdict:
    """Say what it means that there is no TLS."""
    if place.is_this_machine:
        return ok("plain, which browsers allow on this machine itself")
    if place.door is Door.TCP:
        return warning("plain", "whoever is on the way reads who is connected: keep it to networks of your own")
    return failed(
        "plain, on a name that is not this machine's",
        "browsers give no cryptography to such a page: put a certificate in front, or try with `passerby up --tls`",
    )


def lasting(version: str, not_after: str, now: float) -> Verdict:
    """Say how long a valid certificate will be so; `not_after` is as `ssl` gives it."""
    days = (ssl.cert_time_to_seconds(not_after) - now) / _SECONDS_A_DAY
    seen = f"{version}, the certificate is valid for {days:.0f} more days"
    if days < EXPIRY_DAYS:
        return warning(seen, "it should have been renewed by now: look at what renews it (Caddy, certbot)")
    return ok(seen)


async def websocket(visit: Visit) -> Verdict:
    """Tell whether a WebSocket for MQTT can be opened from the page."""
    origin = visit.place.origin if visit.place.door is Door.PAGE else None
    answer = await _upgrade(visit, origin)
    if answer == _SUBPROTOCOL:
        return ok(f"{visit.place.path} speaks {_SUBPROTOCOL}")
    if answer is None:
        seen = f"{visit.place.path} opens, but without the subprotocol {_SUBPROTOCOL}"
    else:
        seen = f"{visit.place.path} does not open: {answer}"
    return failed(
        seen,
        f"the proxy must route {visit.place.path} to the broker's WebSocket listener, pass on Upgrade, Connection and "
        "Host unchanged, and the page's own origin must be among those allowed (`origins`)",
    )


async def origin(visit: Visit) -> Verdict:
    """Tell whether pages from elsewhere are kept out."""
    strange = [STRANGE_ORIGIN]
    if visit.place.door is Door.PAGE:
        strange.append(visit.place.origin[:-1])  # Mosquitto's own check lets in what an allowed origin starts with
    taken = [each for each in strange if await _upgrade(visit, each) in (_SUBPROTOCOL, None)]
    if not taken:
        return ok(f"pages from elsewhere are refused ({' and '.join(strange)} were tried)")
    seen = f"a page from {' or '.join(taken)} may open a WebSocket"
    if visit.place.door is Door.WEBSOCKET:
        return warning(
            seen, "a broker does not compare origins well: the edge in front of it must, so that only your page comes"
        )
    return failed(
        seen, "compare Origin for equality at the edge (in Caddy a matcher on the header); no prefix, no pattern"
    )


async def clock(visit: Visit) -> Verdict:
    """Compare the server's clock with this machine's."""
    start = time.time()
    try:
        async with visit.http.get(f"{visit.place.origin}/") as answer:
            told = answer.headers.get(hdrs.DATE, "")
        there = parsedate_to_datetime(told)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return warning("the server tells no time", "compare its clock with this one by hand: `date -u`")
    here = (start + time.time()) / 2
    apart_s = here - there.replace(tzinfo=UTC).timestamp() - 0.5  # Date has whole seconds, cut off
    if abs(apart_s) <= CLOCK_S:
        return ok(f"it agrees with this machine's, within {max(1.0, abs(apart_s)):.0f} s")
    return warning(
        f"it is {abs(apart_s):.0f} s {'behind' if apart_s > 0 else 'ahead of'} this machine's ({_utc(here)})",
        "set both by NTP: a seat lives ten minutes by the clock of the matcher, and gates judge it by their own",
    )


async def _upgrade(visit: Visit, origin: str | None) -> str | None:
    """Try to open a WebSocket; gives the subprotocol that was chosen, None if none was, or why it did not open."""
    try:
        async with visit.http.ws_connect(
            visit.place.websocket, protocols=(_SUBPROTOCOL,), origin=origin, timeout=_NO_GOODBYE
        ) as socket:
            return socket.protocol
    except aiohttp.WSServerHandshakeError as error:
        return f"{error.status}"
    except (aiohttp.ClientError, TimeoutError) as error:
        return str(error) or type(error).__name__


def _advice(problem: str) -> str:
    if "expired" in problem:
        return "renew it, and look at what should have (Caddy, certbot)"
    if "mismatch" in problem:
        return "it is for another name: get one for the name that people open"
    if "self-signed" in problem or "self signed" in problem:
        return "nobody vouches for it: get one from an authority (Caddy does so by itself), or try with --insecure"
    return "get one from an authority that browsers know, with its whole chain; --insecure looks at the rest meanwhile"


def _utc(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%H:%M:%S UTC")


def _ms(start: float) -> str:
    return f"{(time.perf_counter() - start) * 1000:.0f} ms"
