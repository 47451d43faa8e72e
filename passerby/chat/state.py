"""Where somebody at the terminal is, and what is to be done for them.

    gate ── yes ──► naming ── name ──► arriving ──► looking ◄──► connecting ──► talking ──► over ── next ──► looking …
                                           │            ▲ start      │              ├── block ──► parted
                                           ▼            └── lobby ◄──┴── stop ──────┘     alarm ──► lobby
                                        stopped, banned (also from anywhere after it)

Plain data; nothing here acts.
"""

from dataclasses import dataclass, field
from enum import StrEnum, auto
from pathlib import Path
from typing import Literal

from broker.messages import ReportReason
from passerby.chat.conversation import Good


class Phase(StrEnum):
    """Where one is."""

    GATE = auto()
    NAMING = auto()
    ARRIVING = auto()
    LOBBY = auto()
    LOOKING = auto()
    CONNECTING = auto()
    TALKING = auto()
    OVER = auto()
    PARTED = auto()
    ALARM = auto()
    BANNED = auto()
    STOPPED = auto()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line.

    Without a `name` it is asked for, and `suggestion` is what one may take; without a `save`, that folder is asked for.
    `terms` is where all of the terms are to be read, if that is known.
    """

    place: str
    suggestion: str
    name: str = ""
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hide: bool = False
    save: Path | None = None
    terms: str = ""


@dataclass(frozen=True, slots=True)
class Ban:
    """Shut out until then."""

    reason: str
    until: float
    kick: bool
    code: str
    contact: str | None


@dataclass(slots=True)
class Search:
    """Somebody is being looked for, since then."""

    since: float
    failures: int = 0
    pause: tuple[str, float] | None = None
    working: bool = False


# ── what is to be done ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Come:
    """Go there, as a new peer."""

    nickname: str


@dataclass(frozen=True, slots=True)
class Look:
    """Look for somebody."""


@dataclass(frozen=True, slots=True)
class Halt:
    """Look no longer."""


@dataclass(frozen=True, slots=True)
class Say:
    """Say a line in the talk."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Type:
    """Tell whether I type."""

    on: bool


@dataclass(frozen=True, slots=True)
class Part:
    """End the talk."""

    mood: Literal["left", "skipped"]


@dataclass(frozen=True, slots=True)
class Report:
    """Report the stranger, and maybe block them."""

    reason: ReportReason
    block: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Never meet them again."""


@dataclass(frozen=True, slots=True)
class SendImage:
    """Send what is in this file."""

    path: Path


@dataclass(frozen=True, slots=True)
class Refuse:
    """Take no more of what the stranger counts so."""

    nth: int


@dataclass(frozen=True, slots=True)
class Decline:
    """Say no to a call."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Write this into a folder, and over nothing that is there."""

    number: int
    good: Good
    folder: Path


@dataclass(frozen=True, slots=True)
class Show:
    """Show something over what there is."""

    what: Literal["help", "words", "report"]


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave all of it."""


Effect = Come | Look | Halt | Say | Type | Part | Report | Block | SendImage | Refuse | Decline | Keep | Show | Quit
