"""What is typed, read: something to say, or a command, which begins with a slash. Pure.

    hello     said               //hello   said, with one slash
    /next     a command          /nxet     none, and not said

A mistyped command is for nobody's eyes.
"""

from dataclasses import dataclass
from typing import Final, Literal

Name = Literal["help", "next", "stop", "start", "words", "image", "save", "refuse", "report", "block", "who", "quit"]


@dataclass(frozen=True, slots=True)
class Usage:
    """How a command is typed, and what it does, in a line."""

    arguments: str
    does: str


COMMANDS: Final[dict[Name, Usage]] = {
    "next": Usage("", "part, and look for somebody else"),
    "stop": Usage("", "part, or look no longer"),
    "start": Usage("", "look for somebody"),
    "words": Usage("", "show the check words, and what they are for"),
    "image": Usage("PATH", "send a picture: JPEG, PNG, WebP, GIF or AVIF"),
    "save": Usage("[N] [FOLDER]", "keep picture or voice note N, or the newest one"),
    "refuse": Usage("N", "do not take picture or voice note N that is still coming"),
    "report": Usage("REASON [block]", "report the stranger to whoever runs this place"),
    "block": Usage("", "part, and never meet this stranger again while both are here"),
    "who": Usage("", "how many are here"),
    "help": Usage("", "show all of this"),
    "quit": Usage("", "leave"),
}
_SHORT: Final[dict[str, Name]] = {"n": "next", "q": "quit", "exit": "quit", "?": "help", "h": "help", "skip": "next"}


@dataclass(frozen=True, slots=True)
class Say:
    """It is for the stranger."""

    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """It is for us. `rest` is what follows the name, without the space around."""

    name: Name
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It begins as a command does, and is none."""

    name: str


def read(typed: str) -> Say | Command | Unknown:
    """Read what was typed."""
    start = typed.lstrip()
    if not start.startswith("/"):
        return Say(typed)
    if start.startswith("//"):
        return Say(start[1:])
    word, rest = [*start[1:].split(maxsplit=1), "", ""][:2]
    word = word.lower()
    for name in COMMANDS:
        if name == word or _SHORT.get(word) == name:
            return Command(name, rest.strip())
    return Unknown(word)
