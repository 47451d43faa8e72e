"""Writes the settings down as a page of the reference: `python -m passerby.reference`, with `--check` it only compares.

Everything in it follows from `Settings`. Only the units stand here: a number without one cannot be written down.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from passerby.following import LIVE
from passerby.settings import DEFAULT_FILE, Settings

PAGE: Final = Path(__file__).parent.parent / "docs" / "reference" / "settings.md"

UNITS: Final[Mapping[str, str]] = {
    "connections": "connections",
    "connections_per_address": "connections",
    "effort": "bits",
    "ads_height": "CSS pixels",
    "bans_per_minute": "bans a minute",
    "ban_share": "share of 1",
    "turn_ttl_s": "seconds",
}
"""Of every number that is no port."""

_HEAD: Final = f"""# Settings

Every setting, with what it is when nothing is set. It is looked for on the command line (`--log-level info`, where a
command has it; `passerby COMMAND --help`), then in the environment (`PASSERBY_LOG_LEVEL=info`; lists as JSON), then in
the TOML file that `--config` names, else in `{DEFAULT_FILE}` where the command is run. What is no setting, or no value
of one, is refused with a line for each. `passerby settings` shows them as they are where it is run.

*At once*: the matcher looks at the file every 2 s and takes the change up. All others wait for a restart of what they
belong to. This page is made from the code by `make wire`.
"""


def main(arguments: Sequence[str]) -> int:
    """Write the page, or compare. Gives an exit code."""
    text = page()
    if "--check" not in arguments:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"docs/reference/{PAGE.name} is not what the settings are: run `make wire`\n")
    return 1


def page() -> str:
    """Make the page.

    Raises:
        ValueError: when a number has no unit, or a unit is of nothing.
    """
    shapes = Settings.model_json_schema()["properties"]
    if astray := UNITS.keys() - shapes.keys():
        raise ValueError(f"there is no setting {min(astray)}")
    rows = ("| " + " | ".join(row) + " |" for row in _rows(shapes))
    return "\n".join([_HEAD, "| setting | unless set | may be | at once | |", "|---|---|---|---|---|", *rows]) + "\n"


def _rows(shapes: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for name, field in Settings.model_fields.items():
        shape = next((part for part in shapes[name].get("anyOf", []) if part.get("type") != "null"), shapes[name])
        said = field.description or ""
        at_once = "yes" if name in LIVE else ""
        yield f"`{name}`", _default(field.default), _range(name, shape), at_once, said[:1].upper() + said[1:]


def _default(value: object) -> str:
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return ", ".join(f"`{each}`" for each in (value if isinstance(value, list) else [value]))


def _range(name: str, shape: Mapping[str, Any]) -> str:
    match shape:
        case {"enum": values}:
            return ", ".join(f"`{value}`" for value in values)
        case {"type": "integer" | "number"}:
            return _number(name, shape.get("minimum"), shape.get("maximum"))
        case {"maxItems": most}:
            return f"a list of {most:,} at most"
        case {"maxLength": most}:
            return f"a text of {most:,} characters at most"
        case {"format": "path"}:
            return "a path"
        case {"type": kind}:
            return {"boolean": "`true`, `false`", "array": "a list"}.get(kind, "a text")
    raise ValueError(f"{name} is of a kind that has no words here")


def _number(name: str, low: float | None, high: float | None) -> str:
    unit = "port" if (low, high) == (0, 65_535) else UNITS.get(name)
    if unit is None:
        raise ValueError(f"{name} is a number without a unit: add it to UNITS")
    return f"{unit}, {low:,} or more" if high is None else f"{unit}, {low:,} to {high:,}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
