"""Builds of the page: the one that there is, and others made of it, as if something had changed in every file."""

import re
import shutil
from pathlib import Path
from typing import Final

from passerby.page import find_page

_HASH: Final = re.compile(r"-([\w-]{8,})\.\w+$")
_BUILD: Final = re.compile(r'<meta name="build" content="(\w+)"')
_TEXTS: Final = {".html", ".js", ".css"}
_COMPRESSED: Final = {".br", ".gz"}


def current() -> Path:
    found = find_page()
    assert found is not None, "the page is not built: `make test` builds it"
    return found


def build_of(folder: Path) -> str:
    """Read the name of a build, which its page and its worker know."""
    found = _BUILD.search((folder / "index.html").read_text())
    assert found is not None
    return found[1]


def files_of(folder: Path) -> set[str]:
    """List what never changes under its name, by path."""
    return {f"/assets/{file.name}" for file in (folder / "assets").iterdir() if file.suffix not in _COMPRESSED}


def another(of: Path, into: Path) -> Path:
    """Make a build in which every file has another name, and the build itself, too."""
    shutil.copytree(of, into, ignore=shutil.ignore_patterns(*(f"*{ending}" for ending in _COMPRESSED)))
    build = build_of(of)
    renamed = {build: build[::-1]}
    for file in sorted((into / "assets").iterdir()):
        found = _HASH.search(file.name)
        assert found is not None, f"{file.name} has no hash"
        renamed[found[1]] = found[1][:-4] + found[1][-4:][::-1].swapcase() + "x"
        file.rename(file.with_name(file.name.replace(found[1], renamed[found[1]])))
    for file in into.rglob("*"):
        if file.suffix in _TEXTS:
            file.write_text(_all_replaced(file.read_text(), renamed))
    return into


def _all_replaced(text: str, words: dict[str, str]) -> str:
    return re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], text)
