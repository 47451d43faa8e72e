"""The page as a folder, for who has a web server of their own.

    FOLDER/www/…            what is served: the files of the build, and what is made from the settings
    FOLDER/headers.caddy    the headers and cache rules that belong to it
    FOLDER/.passerby-page   what was written: by it a folder of ours is known

It may be written again while it is served. Files come before what names them, each whole or not at all; and those that
never change stay until the next ones come, for tabs that were opened before. What somebody else has put beside them is
let be.
"""

import contextlib
import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broker.engines.entrance import headers
from passerby import ads, caddy
from passerby.page import documents, find_page
from passerby.settings import Settings
from passerby.trouble import Trouble

WWW: Final = "www"
CADDY: Final = "headers.caddy"
MARK: Final = ".passerby-page"

_INDEX: Final = "index.html"


@dataclass(frozen=True, slots=True)
class Written:
    """What was done.

    Args:
        files: how many are served now.
        changed: how many of them were not there, or were others.
        removed: how many are gone.
    """

    files: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a folder of ours was last made of, and what stayed from before; by name under `www`."""

    now: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()


def write(folder: Path, settings: Settings) -> Written:
    """Write the page into a folder.

    Raises:
        Trouble: when there is no page, the folder is somebody else's, or it cannot be written to.
    """
    built = find_page(settings.page)
    if built is None:
        raise Trouble("there is no page: build it (`make setup`), or name the folder where it is (`page`)")
    mark = _known(folder)
    files = {**_files(built), **_documents(built, settings)}
    frame = None if settings.ads_url is None else ads.origin(settings.ads_url)
    try:
        return _write(folder, mark, files, caddy.snippets(frame))
    except OSError as error:
        raise Trouble(f"{error.filename or folder} cannot be written: {error.strerror}") from None


def _known(folder: Path) -> _Mark:
    """Read the mark of a folder; one that is empty, or not there, needs none.

    Raises:
        Trouble: when the folder is not ours.
    """
    try:
        kept = json.loads((folder / MARK).read_bytes())
        return _Mark(_names(kept["now"]), _names(kept["before"]))
    except FileNotFoundError:
        if not folder.exists() or not any(folder.iterdir()):
            return _Mark()
        raise Trouble(f"{folder} has something in it that is not ours: name an empty folder, or a new one") from None
    except OSError as error:
        raise Trouble(f"{folder} cannot be used: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise Trouble(f"{folder / MARK} is not as we write it: name another folder") from None


def _names(read: list[str]) -> frozenset[str]:
    """Take names from a mark: they are going to be removed, so they must not lead elsewhere.

    Raises:
        ValueError: when one does.
    """
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in read):
        raise ValueError("a name leads out of the folder")
    return frozenset(read)


def _files(built: Path) -> dict[str, bytes]:
    """Read the build, without what only hides in it, and without index.html, which is made."""
    found = (file for file in sorted(built.rglob("*")) if file.is_file() and not file.is_symlink())
    named = ((file.relative_to(built), file) for file in found)
    return {
        name.as_posix(): file.read_bytes()
        for name, file in named
        if name.as_posix() != _INDEX and not any(part.startswith(".") for part in name.parts)
    }


def _documents(built: Path, settings: Settings) -> dict[str, bytes]:
    """Make what is made from the settings: `/` is index.html, and `/legal/en/terms` legal/en/terms.html."""
    made = documents(built, settings)
    named = {_INDEX if path == "/" else f"{path[1:]}.html": text for path, text in made.items()}
    return {**named, **{f"{name}.gz": gzip.compress(text, mtime=0) for name, text in named.items()}}


def _write(folder: Path, mark: _Mark, files: Mapping[str, bytes], snippets: str) -> Written:
    www = folder / WWW
    kept = _lasting(mark.now - files.keys()) or _lasting(mark.before - files.keys())
    gone = (mark.now | mark.before) - files.keys() - kept
    _make(www)
    _put(folder / MARK, _marked(_Mark(mark.now.union(files), mark.before)))  # of all that may come to lie there
    changed = [_put(www / name, files[name]) for name in sorted(files, key=_order)]
    for name in gone:
        (www / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # there is something else in it
            (www / name).parent.rmdir()
    _put(folder / CADDY, snippets.encode())
    _put(folder / MARK, _marked(_Mark(frozenset(files), kept)))
    return Written(len(files), sum(changed), len(gone))


def _order(name: str) -> tuple[bool, bool, str]:
    """Put what is named by others before them: what never changes, then the rest, then index.html."""
    return name.startswith(_INDEX), not _lasting([name]), name


def _lasting(names: Iterable[str]) -> frozenset[str]:
    """Take those that never change, with their compressed forms."""
    plain = ((name, f"/{name.removesuffix('.gz').removesuffix('.br')}") for name in names)
    return frozenset(name for name, path in plain if headers.cache_of(path) == headers.FOREVER)


def _marked(mark: _Mark) -> bytes:
    return json.dumps({"now": sorted(mark.now), "before": sorted(mark.before)}, indent=1).encode()


def _put(file: Path, content: bytes) -> bool:
    """Write a file for all to read, whole or not at all; one that says the same already is let be. Tells whether."""
    with contextlib.suppress(OSError):
        if file.read_bytes() == content:
            return False
    _make(file.parent)
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(content)
    new.chmod(0o644)
    new.replace(file)
    return True


def _make(folder: Path) -> None:
    """Make a folder that a web server may look into, and those above it."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)
