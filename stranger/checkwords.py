"""The check words: whether somebody sits between the two, made so that people can compare it.

Follows docs/reference/protocol.md, "Check words". Both bind themselves to a nonce in `hello`, and only then tell it; so
whoever sits in the middle has one guess, and cannot look for keys that happen to make the same words. It knows neither
channel nor clock, and is handed the nonce.

    hello{commitment} ◄──► hello{commitment}   then   nonce ◄──► nonce   then   four numbers, the same on both or not
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from broker.identity import b64url, unb64url
from broker.messages import Role

NONCE_BYTES: Final = 32
WORDS: Final = 4
"""A byte of the digest for each word: 32 bits in all."""

_PARTY_BYTES: Final = 32 + 65


@dataclass(frozen=True, slots=True)
class Commitment:
    """What I am bound to. The nonce is told only after both commitments crossed."""

    nonce: bytes
    commitment: str


@dataclass(frozen=True, slots=True)
class Party:
    """What one of the two is known by: the certificate of the connection, and the key that sealed the way to it.

    `fingerprint` is SHA-256, as descriptions have it: hex pairs with colons; None where there is not exactly one. `key`
    is 65 bytes, base64url.
    """

    fingerprint: str | None
    key: str


def commit(session: str, role: Role, nonce: bytes) -> Commitment:
    """Bind this role to a nonce of `NONCE_BYTES` random bytes, before it sees the other's."""
    text = b"passerby/v1/check/commit\0" + (session + role).encode() + nonce
    return Commitment(nonce, b64url(hashlib.sha256(text).digest()))


def check_words(session: str, parties: tuple[Party, Party], nonces: Mapping[Role, bytes]) -> tuple[int, ...] | None:
    """Give where each of the words stands in the list; None when something of it cannot be read. Never raises.

    Which of the two comes first does not matter; whose nonce does.
    """
    pairs = sorted(map(_bytes_of, parties))
    if any(len(pair) != _PARTY_BYTES for pair in pairs):
        return None
    text = b"passerby/v1/check/words\0" + session.encode() + b"".join(pairs) + nonces["a"] + nonces["b"]
    return tuple(hashlib.sha256(text).digest()[:WORDS])


def _bytes_of(party: Party) -> bytes:
    try:
        return bytes.fromhex((party.fingerprint or "").replace(":", "")) + unb64url(party.key)
    except ValueError:
        return b""
