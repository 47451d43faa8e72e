"""The URL of the page that fills the operator's slot for advertisements, as settings tell of it.

    ads_url ── http(s), a host, nothing secret ──► checked ──► origin ──► the policy's frame-src, the page's frame

Its origin goes into a header, so nothing passes that could end a directive. That it is another origin than the page's
own is known here only as far as settings know where the page is; the page looks again.
"""

import ipaddress
import re
from typing import Annotated, Final

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

URL_MAX: Final = 400

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:(?P<port>\d{1,5}))?(?P<rest>[/?][\x21-\x7e]*)?"
)
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_PORTS: Final = range(1, 65_536)
_DEFAULT: Final = {"http": 80, "https": 443}
_LIKE: Final = "https://ads.example.org/slot.html is one"


def checked(url: str) -> str:
    """Give a URL back if a browser can show it in a frame.

    Raises:
        ValueError: when it cannot; the text says what to write.
    """
    found = _URL.fullmatch(url)
    if found is None or "#" in url or len(url) > URL_MAX:
        raise ValueError(f"it is no URL of a page, http or https, without user and fragment: {_LIKE}")
    if not _is_host(found["host"]):
        raise ValueError(f"it names no host: {_LIKE}")
    if found["port"] is not None and int(found["port"]) not in _PORTS:
        raise ValueError("its port is none: they go from 1 to 65535")
    return url


def origin(url: str) -> str:
    """Give the origin of a URL as browsers write it (RFC 6454 §6.2): lower case, no port that is the usual one.

    Raises:
        ValueError: when there is none.
    """
    found = _URL.fullmatch(url)
    if found is None:
        raise ValueError("it is no URL of http or https")
    scheme, port = found["scheme"], found["port"]
    written = "" if port is None or int(port) == _DEFAULT[scheme] else f":{int(port)}"
    return f"{scheme}://{found['host'].lower()}{written}"


def is_own(url: str, *, host: str, port: int, origins: list[str]) -> bool:
    """Tell whether a URL is, as far as settings tell, where the page itself is served.

    Args:
        url: of the frame.
        host: the address people come in at.
        port: likewise; 0 is any, so nothing is known of it.
        origins: where else the page is.
    """
    names = {host, "localhost", "127.0.0.1", "[::1]", f"[{host}]"}
    own = {f"{scheme}://{name}:{port}" for scheme in _DEFAULT for name in names}
    return origin(url) in {origin(each) for each in (*own, *origins) if _URL.fullmatch(each)}


def _is_host(text: str) -> bool:
    if text.startswith("["):
        try:
            ipaddress.IPv6Address(text[1:-1])
        except ValueError:
            return False
        return True
    return all(map(_LABEL.fullmatch, text.split(".")))


def _validated(url: str) -> str:
    try:
        return checked(url)
    except ValueError as error:
        raise PydanticCustomError("ads-url", "{why}", {"why": str(error)}) from None


AdsUrl = Annotated[str, AfterValidator(_validated)]
