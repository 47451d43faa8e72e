"""What somebody tells of themselves, brought into the bounds of the wire: names, topics, languages.

The same rules as the page's (webclient/src/profile.ts), so that two spell a shared topic alike. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

NICKNAME_MOST: Final = 32
TAG_MOST: Final = 24
TAGS_MOST: Final = 5
LANGUAGES_MOST: Final = 4

_MOODS: Final = (  # noqa: SIM905  names are read as names
    "Quiet Curious Gentle Sunny Wandering Early Late Merry Calm Lucky Brave Soft Starry Mellow Humble Amber"
).split()
_BEINGS: Final = (  # noqa: SIM905  the same
    "Otter Heron Fox Lantern River Sparrow Badger Maple Moth Harbor Willow Comet Hare Teapot Cloud Finch"
).split()

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


def suggested(chance: float) -> str:
    """Give a friendly name to somebody who has none; `chance` is in [0, 1)."""
    mood, being = divmod(int(chance * len(_MOODS) * len(_BEINGS)), len(_BEINGS))
    return f"{_MOODS[mood]} {_BEINGS[being]}"


def tidy_name(typed: str) -> str:
    """Give a nickname as it is sent: no control characters, no surrounding space, at most 32 letters; may be empty."""
    return _tidy(typed)[:NICKNAME_MOST].strip()


def tidy_tags(typed: Iterable[str]) -> tuple[str, ...]:
    """Give topics in the one spelling in which two people may share them, each once, at most five."""
    tidied = (
        unicodedata.normalize("NFC", re.sub(r"^[#\s]+", "", _tidy(each))).lower()[:TAG_MOST].strip() for each in typed
    )
    return tuple(dict.fromkeys(tag for tag in tidied if tag))[:TAGS_MOST]


def tidy_languages(typed: Iterable[str]) -> tuple[str, ...]:
    """Give plain languages (ISO 639) of what a locale or a person calls them: `de_AT.UTF-8` is `de`; at most four."""
    plain = (re.split(r"[-_.@]", each.strip().lower())[0] for each in typed)
    known = dict.fromkeys(each for each in plain if _LANGUAGE.fullmatch(each))
    return tuple(known)[:LANGUAGES_MOST]


def of_locale(environment: dict[str, str]) -> tuple[str, ...]:
    """Give the languages that the locale prefers (gettext: LANGUAGE, then LC_ALL, LC_MESSAGES, LANG)."""
    one = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    if one in ("", "C", "POSIX") or one.startswith("C."):
        return ()
    return tidy_languages([*environment.get("LANGUAGE", "").split(":"), one])


def _tidy(typed: str) -> str:
    kept = (" " if unicodedata.category(each) in ("Cc", "Cs") else each for each in typed)
    return " ".join("".join(kept).split())
