"""Check words a second time, with another library: the vectors are made with it.

Follows docs/reference/protocol.md, "Check words". The list of words is the stranger's, which is held to the page's.
"""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Party:
    """One of the two: the SHA-256 of its certificate (32 bytes), its sealing key (65), and its nonce (32)."""

    fingerprint: bytes
    key: bytes
    nonce: bytes

    @property
    def told(self) -> str:
        """The fingerprint as a description has it."""
        return self.fingerprint.hex(":").upper()


def commitment(session: str, role: str, nonce: bytes) -> bytes:
    return hashlib.sha256(b"passerby/v1/check/commit\0" + session.encode() + role.encode() + nonce).digest()


def numbers(session: str, a: Party, b: Party) -> list[int]:
    """Give the places of the four words in the list."""
    pairs = sorted((a.fingerprint + a.key, b.fingerprint + b.key))
    text = b"passerby/v1/check/words\0" + session.encode() + b"".join(pairs) + a.nonce + b.nonce
    return list(hashlib.sha256(text).digest()[:4])
