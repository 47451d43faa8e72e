"""What the images are built from, wherever it lies: in a checkout, or inside the installed package.

A build wants it laid out as the repository is. An installed package has the same files, some in other places; those of
no use to Python are in `passerby/bundle` (tools/hatch_build.py puts them there).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from passerby.page import find_page
from passerby.trouble import Trouble

_BUNDLED: Final = ("LICENSE", "README.md", "deploy", "pyproject.toml", "requirements/run.lock", "tools/hatch_build.py")
_MOVED: Final = {
    "mosquitto.conf": "passerby/mosquitto.conf",
    "webclient/dist": "passerby/page",
    "webclient/legal": "passerby/legal/texts",
    **{name: f"passerby/bundle/{name}" for name in _BUNDLED},
}
"""Where things of the repository are, below where the installed packages are."""

_PACKAGES: Final = ("broker", "matcher", "passerby", "stranger")
_LEFT_OUT: Final = ("__pycache__",)

_HOME: Final = Path(__file__).parents[2]


def sources(home: Path = _HOME) -> dict[str, Path]:
    """Give every file, by where a build wants it.

    Args:
        home: where the packages are: a checkout, or the site-packages of a Python.

    Raises:
        Trouble: when the page was never built, or something else is missing.
    """
    if home == _HOME and find_page() is None:
        raise Trouble("there is no page to be put into the images: build it (`make setup`)")
    installed = (home / "passerby/bundle").is_dir()
    moved = {wanted: home / (found if installed else wanted) for wanted, found in _MOVED.items()}
    places = {**{name: home / name for name in _PACKAGES}, **moved}
    for place in places.values():
        if not place.exists():
            raise Trouble(f"{place} is not there: install Passerby anew, or take a whole checkout")
    elsewhere = {home / found for found in _MOVED.values()}
    return {
        (wanted if file == place else f"{wanted}/{file.relative_to(place).as_posix()}"): file
        for wanted, place in places.items()
        for file in _walk(place, elsewhere - {place})
    }


def _walk(place: Path, without: set[Path]) -> Iterator[Path]:
    """Give the files in a folder, without leavings; a file is itself."""
    if place in without or place.is_symlink() or place.name in _LEFT_OUT or place.name.startswith("."):
        return
    if place.is_dir():
        for each in sorted(place.iterdir()):
            yield from _walk(each, without)
    else:
        yield place
