"""Who a stranger is: a secret that it draws and forgets (docs/reference/protocol.md, "Who is who")."""

import secrets

from broker import topics
from broker.identity import SECRET_BYTES, PeerId, b64url, peer_of
from broker.messages import Gone, GoneMood
from stranger.client import Login

_TOKEN_BYTES = 16
_LIFE_BYTES = 8


class Identity:
    """A peer's name, and what proves it."""

    def __init__(self) -> None:
        secret = secrets.token_bytes(SECRET_BYTES)
        self.peer: PeerId = peer_of(secret)
        self._password = b64url(secret)

    def login(self, life: str) -> Login:
        """How it comes in, with a Will on its own presence."""
        return Login(self.peer, self.peer, self._password, (topics.presence(self.peer), gone(life, "lost")))


def gone(life: str, mood: GoneMood) -> bytes:
    """Say goodbye."""
    return Gone(life=life, mood=mood).wire()


def new_life() -> str:
    """Name a connection."""
    return b64url(secrets.token_bytes(_LIFE_BYTES))


def token() -> str:
    """Draw a word that nobody else has: a ticket, or a tag of one's own."""
    return b64url(secrets.token_bytes(_TOKEN_BYTES))
