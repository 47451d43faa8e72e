"""Sealing a second time, with another library: the vectors are made with it, and the man in the middle uses it.

Follows docs/reference/protocol.md, "Sealing". It is test support, not product code: the stranger brings its own.
"""

import base64
import json
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def public(private: ec.EllipticCurvePrivateKey) -> bytes:
    """Give the 65 bytes of the public key."""
    return private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def private_of(scalar: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(scalar, ec.SECP256R1())


def jwk(private: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """Write a private key as WebCrypto imports it."""
    raw, scalar = public(private), private.private_numbers().private_value
    return {"kty": "EC", "crv": "P-256", "x": b64(raw[1:33]), "y": b64(raw[33:]), "d": b64(scalar.to_bytes(32, "big"))}


@dataclass
class Seal:
    """One side of a session."""

    role: str
    mine: ec.EllipticCurvePrivateKey
    theirs: bytes
    my_seat: str
    their_seat: str
    counter: int = 0
    seen: set[int] = field(default_factory=set)

    def _derive(self, length: int, label: bytes, *, seats: bool) -> bytes:
        shared = self.mine.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.theirs)
        )
        mine, theirs = public(self.mine), self.theirs
        mine_first = [(mine, self.my_seat), (theirs, self.their_seat)]
        in_order = mine_first if self.role == "a" else mine_first[::-1]
        info = label + b"".join(key for key, _ in in_order)
        if seats:
            info += b"".join(seat.encode() for _, seat in in_order)
        return HKDF(hashes.SHA256(), length, None, info).derive(shared)

    def _key(self, sender: str) -> AESGCM:
        return AESGCM(self._derive(32, b"passerby/v1/seal/" + sender.encode(), seats=True))

    def rendezvous(self) -> bytes:
        """Give the word by which the two find each other again."""
        return self._derive(16, b"passerby/v1/again", seats=False)

    def seal(self, plain: bytes) -> bytes:
        counter = self.counter.to_bytes(4, "big")
        self.counter += 1
        box = self._key(self.role).encrypt(bytes(8) + counter, plain, self.their_seat.encode() + counter)
        return counter + box

    def open(self, payload: bytes) -> bytes:
        """Raises InvalidTag or ValueError for whatever is not the next word of the other side."""
        counter = payload[:4]
        number = int.from_bytes(counter, "big")
        if number > 255 or number in self.seen:
            msg = "replayed, or beyond the last counter"
            raise ValueError(msg)
        sender = "b" if self.role == "a" else "a"
        plain = self._key(sender).decrypt(bytes(8) + counter, payload[4:], self.my_seat.encode() + counter)
        self.seen.add(number)
        return plain

    def say(self, message: dict[str, object]) -> bytes:
        return self.seal(json.dumps(message).encode())
