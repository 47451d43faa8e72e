"""The words of one language around the legal texts, and how it says a number: words.toml of its folder.

Knows what is said, not what is true: the values come from `facts`.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from passerby.legal.facts import Fact

_DAYS_LEAST: Final = 2  # a single day is said in hours, as whoever is banned for it counts them
_STEPS: Final = (("day", 86_400, _DAYS_LEAST), ("hour", 3_600, 1), ("minute", 60, 1), ("second", 1, 0))
_KB: Final = 1024
_MB: Final = 1024 * 1024
_SPACE: Final = "\N{NO-BREAK SPACE}"


def _one(n: int) -> str:
    return "one" if n == 1 else "other"


def _one_or_none(n: int) -> str:
    return "one" if n in (0, 1) else "other"


def _other(_: int) -> str:
    return "other"


def _russian(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:  # noqa: PLR2004  CLDR's rules are made of such numbers
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


def _arabic(n: int) -> str:
    few, many = range(3, 11), range(11, 100)
    if n in (0, 1, 2):
        return ("zero", "one", "two")[n]
    return "few" if n % 100 in few else "many" if n % 100 in many else "other"


_FORMS: Final[Mapping[str, Callable[[int], str]]] = {
    "ar": _arabic,
    "fr": _one_or_none,
    "hi": _one_or_none,
    "ja": _other,
    "pt": _one_or_none,
    "ru": _russian,
    "zh": _other,
}
"""Which form of a unit a whole number takes (CLDR 46, cardinal); all other languages have one and other."""


@dataclass(frozen=True, slots=True)
class Words:
    """What words.toml of one language holds. `code` is ISO 639-1, the name of the folder."""

    code: str
    language: str
    direction: str
    version: int
    pages: Mapping[str, str]
    frame: Mapping[str, str]
    choices: Mapping[str, str]
    answers: Mapping[str, str]
    numbers: Mapping[str, Any]
    units: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read those of the language whose texts are in this folder."""
        return cls(code=folder.name, **tomllib.loads((folder / "words.toml").read_text(encoding="utf-8")))

    def say(self, fact: Fact) -> str:  # noqa: PLR0911  (one for each unit)
        """Say a fact, as Markdown."""
        match fact.unit, fact.value:
            case "answer", bool(yes):
                return self.answers["yes" if yes else "no"]
            case "choices", tuple(names):
                return self.answers["and"].join(self.choices[name] for name in names)
            case "name", str(name):
                return f"`{name}`"
            case "s", int(n) | float(n):
                return self._time(n)
            case "ms", int(n) | float(n):
                return self._time(n / 1_000)
            case "memory", int(n) | float(n):
                return self._unit("MB", n / _MB) if n % _MB == 0 else self._unit("KB", n / _KB)
            case "bytes" | "bits", int(n) | float(n):
                return self._unit(fact.unit, n)
            case "share", int(n) | float(n):
                return self._unit("percent", 100 * n)
            case "count", int(n) | float(n):
                return self.number(n)
        raise TypeError(f"{fact.source} is no {fact.unit}: {fact.value!r}")

    def number(self, n: float) -> str:
        """Write a number as the language does."""
        whole, _, part = f"{n:.2f}".rstrip("0").partition(".")
        return self._grouped(whole) + (f"{self.numbers['point']}{part}" if part else "")

    def _time(self, seconds: float) -> str:
        for unit, size, least in _STEPS[:-1]:
            if seconds % size == 0 and seconds // size >= least:
                return self._unit(unit, seconds / size)
        return self._unit("second", seconds)

    def _unit(self, unit: str, n: float) -> str:
        forms = self.units[unit]
        form = _FORMS.get(self.code, _one)(int(n)) if n == int(n) else "other"
        return forms.get(form, forms["other"]).replace("# ", f"#{_SPACE}").replace("#", self.number(n))

    def _grouped(self, digits: str) -> str:
        first, rest = self.numbers["digits"]
        parts = [digits[-first:]]
        digits = digits[:-first]
        while digits:
            parts.insert(0, digits[-rest:])
            digits = digits[:-rest]
        return str(self.numbers["group"]).join(parts)
