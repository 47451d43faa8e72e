"""Where the legal texts lie, inside the installed package or in a checkout, and what is in that folder.

    page.html          the frame of every page
    facts.json         what the browser's side has, written from its constants
    history.toml       the versions, by hand · versions.json what each was recorded with
    en/ de/ …          privacy.md terms.md contact.md facts.md words.toml

Read when a server starts, and not again.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from passerby.legal.facts import Browser

PAGES: Final = ("privacy", "terms", "contact", "facts")
"""What there is in every language, in the order in which it is offered."""

FIRST_LANGUAGE: Final = "en"
"""The language in which the texts are written, and which counts where a translation is behind."""

_INSTALLED = Path(__file__).parent / "texts"
_CHECKOUT = Path(__file__).parent.parent.parent / "webclient" / "legal"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of all texts; `what` tells by language what has changed."""

    number: int
    date: date
    what: Mapping[str, str]


def folder() -> Path:
    """Find the folder of the texts."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def languages(texts: Path) -> list[str]:
    """Give the languages that there are, the first one first."""
    found = (file.parent.name for file in texts.glob("*/words.toml"))
    return sorted(found, key=lambda code: (code != FIRST_LANGUAGE, code))


def history(texts: Path) -> list[Version]:
    """Read the versions, the newest first."""
    read = tomllib.loads((texts / "history.toml").read_text(encoding="utf-8"))
    return [Version(**entry) for entry in read["version"]]


def browser(texts: Path) -> Browser:
    """Read what the browser's side has."""
    read = json.loads((texts / "facts.json").read_text(encoding="utf-8"))
    return {name: tuple(value) if isinstance(value, list) else value for name, value in read.items()}
