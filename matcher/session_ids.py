"""Session ids: random, but for two bits that say in which mode the two were brought together.

A service that was restarted knows a talk by its id alone, as its peers claim it, and is to count it where it belongs.
So the id carries that, like a seat carries its expiry: nothing is kept for it, and no field is needed that peers would
have to repeat. It proves nothing, since a peer may claim what it likes, and nobody but the service reads it.
"""

from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

from broker.identity import b64url
from broker.messages import Mode
from matcher.randomness import Randomness

SESSION_BYTES: Final = 16

_MODES: Final[tuple[Mode, ...]] = ("text", "voice", "video", "text")  # the last is never drawn: somebody made it up
_SHIFT: Final = 6  # the two highest bits of the first byte
_MODE_OF: Final = {
    letter: _MODES[place >> 4] for place, letter in enumerate(f"{ascii_uppercase}{ascii_lowercase}{digits}-_")
}


def draw(mode: Mode, randomness: Randomness) -> str:
    """Draw the id of a new session."""
    drawn = randomness.token(SESSION_BYTES)
    return b64url(bytes([_MODES.index(mode) << _SHIFT | drawn[0] & ((1 << _SHIFT) - 1)]) + drawn[1:])


def mode_of(session_id: str) -> Mode:
    """Tell in which mode a session began, as far as its id says the truth."""
    return _MODE_OF[session_id[0]]  # the first letter holds the six highest bits
