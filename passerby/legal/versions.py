"""The versions of the legal texts: what each was recorded with, and whether everything still is as the newest one says.

    history.toml   by hand: number, date, what has changed
    versions.json  by `make legal`: the facts and the texts as they were when a version was recorded

When a constant changes, or a text, and there is no new version, policy and software have drifted apart: `drift` tells.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from passerby.legal import texts
from passerby.legal.facts import facts
from passerby.legal.texts import FIRST_LANGUAGE, PAGES
from passerby.settings import Settings

RECORD: Final = "versions.json"

Record: TypeAlias = Mapping[str, Mapping[str, Any]]
"""`facts`: value by name, with the settings as they are built in. `texts`: digest by file."""


def now(place: Path) -> Record:
    """Tell how facts and texts are now."""
    known = facts(Settings.model_construct(), texts.browser(place))
    digests = {f"{FIRST_LANGUAGE}/{name}.md": _digest(place / FIRST_LANGUAGE / f"{name}.md") for name in PAGES}
    return {"facts": {name: _json(fact.value) for name, fact in known.items()}, "texts": digests}


def recorded(place: Path) -> dict[str, Record]:
    """Read what the versions were recorded with, by number."""
    file = place / RECORD
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def drift(place: Path) -> list[str]:
    """Tell, a line for each, what is not as the newest version was recorded; nothing when all is well."""
    newest = str(texts.history(place)[0].number)
    before = recorded(place).get(newest)
    if before is None:
        return [f"version {newest} was not recorded: run `make legal`"]
    found = [*_changes(before["facts"], now(place)["facts"]), *_rewritten(before["texts"], now(place)["texts"])]
    if not found:
        return []
    todo = (
        f"So the legal pages are no longer those of version {newest}. Read what they say of it, then write version "
        f"{int(newest) + 1} with its date and what has changed into {place.name}/history.toml, and run "
        f"`make legal`. (Was version {newest} never served to anybody? Then take it out of {RECORD} instead.)"
    )
    return [*found, todo]


def record(place: Path) -> bool:
    """Record the newest version, unless that was done; tells whether it was recorded now."""
    newest, record_ = str(texts.history(place)[0].number), recorded(place)
    if newest in record_:
        return False
    text = json.dumps({**record_, newest: now(place)}, indent=2, ensure_ascii=False, sort_keys=True)
    (place / RECORD).write_text(text + "\n", encoding="utf-8")
    return True


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({**before, **after}):
        match name in before, name in after:
            case True, False:
                yield f"{name} is no fact any more"
            case False, True:
                yield f"{name} is a new fact: {after[name]}"
            case _ if before[name] != after[name]:
                yield f"{name} changed from {before[name]} to {after[name]}"


def _rewritten(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    yield from (f"the text of {name} changed" for name in after if before.get(name) != after[name])


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_text(encoding="utf-8").encode()).hexdigest()[:16]


def _json(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
