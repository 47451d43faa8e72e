"""Who a peer is: the hash of a secret that its browser draws and forgets (DESIGN.md §3).

    secret    32 random bytes, base64url without padding: the MQTT password
    peer      base64url(SHA-256("passerby/v1/peer" ‖ secret)[:16]): ClientID and user name

A gate checks this without keeping anything, and a peer id that leaks lets nobody take the connection over.
"""

import binascii
import hashlib
import hmac
from typing import Final, NewType

PeerId = NewType("PeerId", str)
"""22 characters of base64url."""

SECRET_BYTES: Final = 32
_LABEL: Final = b"passerby/v1/peer"
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: Final = bytes.maketrans(b"-_", b"+/")


def b64url(data: bytes) -> str:
    """Encode as base64url without padding (RFC 4648 §5)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


def unb64url(text: str) -> bytes:
    """Decode base64url without padding, in its one canonical spelling.

    Raises:
        ValueError: for any other character, length, or stray bits at the end.
    """
    try:
        data = binascii.a2b_base64(text.encode("ascii").translate(_FROM_URL) + b"=" * (-len(text) % 4))
    except (UnicodeEncodeError, binascii.Error) as error:
        message = "not base64url"
        raise ValueError(message) from error
    if b64url(data) != text:  # also for what was passed over because it is no base64
        message = "not the canonical base64url"
        raise ValueError(message)
    return data


def peer_of(secret: bytes) -> PeerId:
    """Derive the peer id of a secret.

    Raises:
        ValueError: when the secret is not 32 bytes.
    """
    if len(secret) != SECRET_BYTES:
        message = f"a secret has {SECRET_BYTES} bytes"
        raise ValueError(message)
    return PeerId(b64url(hashlib.sha256(_LABEL + secret).digest()[:16]))


def proves(peer: str, password: str) -> bool:
    """Tell whether this password (base64url of the secret) belongs to this peer id. Never raises."""
    try:
        expected = peer_of(unb64url(password))
    except ValueError:
        return False
    return hmac.compare_digest(expected.encode(), peer.encode("utf-8", "surrogatepass"))
