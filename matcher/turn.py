r"""Credentials for the operator's TURN server, as coturn checks them with `use-auth-secret`. Pure.

    username    "<expiry, Unix seconds>:<tag>"
    credential  base64(HMAC-SHA-1(secret, username))                    (draft-uberti-behave-turn-rest-00)
    tag         HMAC-SHA-256(secret, "passerby/v1/turn\0" ‖ whose), its first 12 bytes, base64url

Nothing is kept, and the TURN server asks nobody: the secret is all that the two share. coturn counts a user's
allocations by what follows the colon (`get_real_username` in its userdb.c), so the tag is the same for all who come
from one address key, and its quota is one per address however often credentials are drawn. Whose address no gate has
told yet has a quota of its own; the gate's limit of connections bounds how many of those one address can have.

The tag names nobody: who reads TURN's logs has no address key to compare it with, and who has address keys has not the
secret.
"""

import base64
import hashlib
import hmac
import math
from dataclasses import dataclass, field
from typing import Final

from broker.addresses import AddressKey
from broker.identity import PeerId, b64url
from broker.messages import IceServer, Relay

TTL_S: Final = 3600
"""How long credentials are good for a new allocation. One that stands may be refreshed with them for longer."""

URLS_MAX: Final = 4
URL_MAX: Final = 256
_TAG_BYTES = 12
_LABEL = b"passerby/v1/turn\0"


@dataclass(frozen=True, slots=True)
class Turn:
    """The operator's TURN server.

    Args:
        urls: of TURN (`turn:`, `turns:`, RFC 7065) and, if wanted, of STUN (`stun:`, RFC 7064), all of it.
        secret: coturn's `static-auth-secret`.
        ttl_s: how long credentials are good, in seconds.
        preset: whether the operator suggests to hide one's address.
    """

    urls: tuple[str, ...]
    secret: str = field(repr=False)
    ttl_s: int = TTL_S
    preset: bool = False

    @property
    def relay(self) -> Relay:
        """Say how `welcome` tells of it."""
        return "preset" if self.preset else "offered"

    def servers(self, peer: PeerId, address: AddressKey | None, now: float) -> tuple[list[IceServer], int]:
        """Give what a browser is to use; also for how many whole seconds the credentials are good.

        Args:
            peer: who asks.
            address: where it comes from; None when no gate has told.
            now: seconds since the Unix epoch, by the clock that the TURN server has, too.
        """
        username = f"{math.ceil(now) + self.ttl_s}:{self._tag(peer, address)}"
        credential = base64.b64encode(hmac.digest(self.secret.encode(), username.encode(), hashlib.sha1)).decode()
        relays = [url for url in self.urls if url.startswith("turn")]
        stuns = [url for url in self.urls if not url.startswith("turn")]
        servers = [IceServer(urls=relays, username=username, credential=credential)]
        return [IceServer(urls=stuns), *servers] if stuns else servers, self.ttl_s

    def _tag(self, peer: PeerId, address: AddressKey | None) -> str:
        whose = f"peer\0{peer}" if address is None else f"address\0{address.day}\0{address.key}"
        return b64url(hmac.digest(self.secret.encode(), _LABEL + whose.encode(), hashlib.sha256)[:_TAG_BYTES])
