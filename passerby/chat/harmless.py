"""What strangers send, made harmless for a terminal: letters stay, and what would steer the terminal goes.

A terminal obeys what it is sent (ECMA-48): a single control character can clear the screen, rename the window or answer
as if somebody had typed. So none of them is ever shown, and neither is what turns the direction of reading beyond the
text it stands in (UAX #9). A text that does run from right to left is isolated instead, as the page does with `<bdi>`.

Markup is no matter of this file: whoever shows a text shows it as text.
"""

import re
import unicodedata
from typing import Final

SOMEBODY: Final = "Stranger"
"""For a nickname of which nothing can be seen."""

_BREAKS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TURNS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ISOLATED: Final = "\u2068{}\u2069"
_TAB: Final = "    "
_BLANK: Final = "\u00ad\u115f\u1160\u2800\u3164\uffa0"
"""Neither control characters nor spaces, and yet nothing is seen of them."""


def line(text: str) -> str:
    """Make a text harmless; its line breaks stay."""
    return "\n".join(isolated(_shown(part)) for part in _BREAKS.sub("\n", text).split("\n"))


def name(nickname: str) -> str:
    """Make a nickname harmless: one line, and never empty, so that a line always says whose it is."""
    shown = " ".join(_shown(_BREAKS.sub(" ", nickname)).split())
    return isolated(shown) if any(map(_seen, shown)) else SOMEBODY


def isolated(text: str) -> str:
    """Keep the direction of a text to itself, where it has one that could turn what stands beside it."""
    turned = any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text)
    return _ISOLATED.format(text) if turned else text


def shapeless(letter: str) -> bool:
    """Tell whether it is a control character, or half of a letter."""
    return unicodedata.category(letter) in ("Cc", "Cs")


def _shown(text: str) -> str:
    text = _TURNS.sub("", text.replace("\t", _TAB))
    return "".join(letter for letter in text if not shapeless(letter))


def _seen(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "CMZ" and letter not in _BLANK
