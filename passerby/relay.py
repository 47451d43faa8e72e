"""The operator's TURN server, as settings tell of it: URLs, and the secret that it shares with the matcher.

    turn_urls ── RFC 7065 (turn:, turns:), RFC 7064 (stun:) ──┐
    turn_secret, or turn_secret_file ── exactly one of them ──┴──► Turn, or what is wrong in one line

What is wrong is said without repeating a value: settings go to logs.
"""

import ipaddress
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, SecretStr
from pydantic_core import PydanticCustomError

from matcher.turn import URL_MAX, Turn
from passerby.keys import KeysError, private_text

SECRET_LEAST: Final = 20
"""Whoever is handed credentials can try secrets on them at home, so a short one is as good as none."""

_SECRET = re.compile(rf"[\x21-\x7e]{{{SECRET_LEAST},256}}")
_URL = re.compile(
    r"(?P<scheme>[A-Za-z]+):(?P<host>\[[^\]]*\]|[^:?/@\[\]]*)(:(?P<port>\d{1,5}))?(?P<query>\?.*)?", re.DOTALL
)
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_PORTS: Final = range(1, 65_536)
_QUERIES: Final = {"stun": {""}, "turn": {"", "?transport=udp", "?transport=tcp"}, "turns": {"", "?transport=tcp"}}
_LIKE: Final = "turn:turn.example.org, turns:turn.example.org:443?transport=tcp and stun:turn.example.org are"


def checked(url: str) -> str:
    """Give a URL back if a browser takes it, and a relay or STUN server can be reached by it.

    Raises:
        ValueError: when it does not; the text says what to write.
    """
    found = _URL.fullmatch(url)
    scheme = found["scheme"] if found else ""
    if found is None or scheme not in _QUERIES or len(url) > URL_MAX:
        raise ValueError(f"it is no URL of TURN or STUN: {_LIKE}")
    if not _is_host(found["host"]):
        raise ValueError(f"it names no host: {_LIKE}")
    if found["port"] is not None and int(found["port"]) not in _PORTS:
        raise ValueError("its port is none: they go from 1 to 65535")
    if (found["query"] or "") not in _QUERIES[scheme]:
        allowed = " or ".join(sorted(_QUERIES[scheme] - {""})) or "nothing"
        raise ValueError(f"after the host and port of {scheme}: may come {allowed}")
    return url


def turn(
    urls: Sequence[str], secret: SecretStr | None, secret_file: Path | None, *, ttl_s: int, preset: bool
) -> Turn | None:
    """Give the TURN server; None when there is none.

    Raises:
        ValueError: when there are URLs and not exactly one secret, or the other way round, or the secret is no good.
    """
    if not urls:
        if secret is not None or secret_file is not None or preset:
            raise ValueError("there is something of a TURN server, but not where it is: set turn_urls, too")
        return None
    if not any(url.startswith("turn") for url in urls):
        raise ValueError("among turn_urls is no turn: or turns: URL, and STUN alone relays nothing")
    if (secret is None) == (secret_file is None):
        raise ValueError("turn_urls need the TURN server's secret: set turn_secret or turn_secret_file, not both")
    shared = _read(secret_file) if secret_file is not None else (secret or SecretStr("")).get_secret_value()
    if not _SECRET.fullmatch(shared):
        raise ValueError(
            f"the secret of TURN is to have {SECRET_LEAST} to 256 characters, none of them a space: "
            "`openssl rand -hex 32` makes one"
        )
    return Turn(tuple(urls), shared, ttl_s, preset)


def _is_host(text: str) -> bool:
    if text.startswith("["):
        try:
            ipaddress.IPv6Address(text[1:-1])
        except ValueError:
            return False
        return "%" not in text
    return all(map(_LABEL.fullmatch, text.split(".")))


def _read(file: Path) -> str:
    try:
        return private_text(file).strip()
    except KeysError as error:
        raise ValueError(str(error)) from None
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}") from None
    except ValueError:
        raise ValueError(f"{file} is no text") from None


def _validated(url: str) -> str:
    try:
        return checked(url)
    except ValueError as error:
        raise PydanticCustomError("ice-url", "{why}", {"why": str(error)}) from None


IceUrl = Annotated[str, AfterValidator(_validated)]
