"""Sealing: what two peers say to each other through the broker, closed to everyone else.

Follows docs/reference/protocol.md, "Sealing": ECDH P-256, HKDF-SHA-256 (RFC 5869), AES-256-GCM with a key per direction
and an explicit counter. It knows bytes, and nothing of what they mean. From the same secret comes the rendezvous, by
which the two may find each other again: a word that nobody else can know, and that tells nothing of the keys.

    payload = counter (4) ‖ AES-256-GCM(key of the sender's role, 8 zero bytes ‖ counter, plain, aad = seat ‖ counter)
"""

from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from broker.identity import b64url, unb64url
from broker.messages import Role

LAST_COUNTER: Final = 255
_COUNTER_BYTES: Final = 4
_POINT_BYTES: Final = 65
_CURVE: Final = ec.SECP256R1()


class SealKeys:
    """An own key pair, for one session and never for a second one."""

    __slots__ = ("_private", "public")

    public: str
    """65 bytes uncompressed, base64url: what `join` and `hello` carry."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private
        point = private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.public = b64url(point)

    @classmethod
    def draw(cls) -> Self:
        """Draw a pair, with the randomness of the operating system."""
        return cls(ec.generate_private_key(_CURVE))

    @classmethod
    def of(cls, scalar: int) -> Self:
        """Make the pair of a private scalar: for vectors, and for nothing else."""
        return cls(ec.derive_private_key(scalar, _CURVE))

    def agree(self, peer_key: str) -> bytes:
        """Give the secret that only the owners of the two private keys come to.

        Raises:
            ValueError: when the other key is not an uncompressed point of the curve.
        """
        point = unb64url(peer_key)
        if len(point) != _POINT_BYTES:
            raise ValueError(f"a sealing key has {_POINT_BYTES} bytes")
        return self._private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point))


class Seal:
    """One side of a session.

    Args:
        role: mine.
        keys: mine, drawn for this session.
        peer_key: the stranger's public key, as signaling told it.
        my_seat: where the stranger publishes to.
        peer_seat: where I publish to.

    Raises:
        ValueError: when the stranger's key is not a point of the curve.
    """

    def __init__(self, *, role: Role, keys: SealKeys, peer_key: str, my_seat: str, peer_seat: str) -> None:
        shared = keys.agree(peer_key)
        points = [unb64url(keys.public), unb64url(peer_key)]
        seats = [my_seat.encode(), peer_seat.encode()]
        if role == "b":
            points.reverse()
            seats.reverse()
        self._mine = _direction_key(shared, role, points, seats)
        self._theirs = _direction_key(shared, "b" if role == "a" else "a", points, seats)
        self._my_seat = my_seat
        self._peer_seat = peer_seat
        self._seen: set[int] = set()
        self._sealed = 0
        self.rendezvous: Final = b64url(_derive(shared, 16, b"passerby/v1/again", points))
        """16 bytes, base64url, the same on both sides."""

    @property
    def sealed(self) -> int:
        """How many counters are used, of `LAST_COUNTER + 1`."""
        return self._sealed

    def seal(self, plain: bytes, to: str | None = None) -> bytes | None:
        """Close this for the stranger's seat `to`, else for that of the match; None after the last counter."""
        if self._sealed > LAST_COUNTER:
            return None
        counter = self._sealed.to_bytes(_COUNTER_BYTES, "big")
        self._sealed += 1
        seat = self._peer_seat if to is None else to
        return counter + self._mine.encrypt(_iv(counter), plain, seat.encode() + counter)

    def open(self, payload: bytes, at: str | None = None) -> bytes | None:
        """Open what came to my seat `at`, else to that of the match. Never raises.

        None for what this stranger has not sealed for that seat, what was opened before, and counters beyond the last.
        """
        counter, box = payload[:_COUNTER_BYTES], payload[_COUNTER_BYTES:]
        number = int.from_bytes(counter, "big")
        if len(counter) < _COUNTER_BYTES or number > LAST_COUNTER or number in self._seen:
            return None
        seat = self._my_seat if at is None else at
        try:
            plain = self._theirs.decrypt(_iv(counter), box, seat.encode() + counter)
        except (InvalidTag, ValueError):
            return None
        # Only now: what does not open must not use up the counter of what will.
        self._seen.add(number)
        return plain


def _direction_key(shared: bytes, sender: Role, points: list[bytes], seats: list[bytes]) -> AESGCM:
    return AESGCM(_derive(shared, 32, f"passerby/v1/seal/{sender}".encode(), points + seats))


def _derive(shared: bytes, length: int, label: bytes, about: list[bytes]) -> bytes:
    return HKDF(hashes.SHA256(), length, None, label + b"".join(about)).derive(shared)


def _iv(counter: bytes) -> bytes:
    return bytes(8) + counter
