"""Pictures of every screen: `make screenshots`, or `python -m tests.screens.picture`.

On a phone and on a desktop, by day and at night, in each language asked for; sheets show them side by side, one for
each group of screens: `screenshots/index.html`. Made for looking at with one's own eyes, one by one.
"""

import argparse
import asyncio
import html
import shutil
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Page

from bench.figures import progress, say
from tests.screens.gallery import DESKTOP, PHONE, Gallery, Screen, told

FOLDER: Final = Path(__file__).parents[2] / "screenshots"

_THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
_DEVICES: Final[Mapping[str, Mapping[str, Any]]] = {
    "phone": {
        "viewport": {"width": PHONE[0], "height": PHONE[1]},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
    "desktop": {"viewport": {"width": DESKTOP[0], "height": DESKTOP[1]}},
}
_STYLE: Final = """
body { margin: 1rem; font: 14px system-ui, sans-serif; background: #888; color: #000; }
h2 { margin: 2rem 0 0.5rem; }
div { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: start; }
figure { margin: 0; }
img { display: block; height: 30rem; }
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Take them all, in the place of those of before. Gives an exit code: 1 when a page complained."""
    options = _options(arguments)
    begun = time.monotonic()
    complaints = asyncio.run(_take(options))
    for complaint in complaints:
        say(f"✗ {complaint}")
    taken = sorted(path.relative_to(FOLDER) for path in FOLDER.glob("*/*.png"))
    _sheets(taken)
    say(f"{len(taken)} pictures in {time.monotonic() - begun:.0f} s: {FOLDER / 'index.html'}")
    return 1 if complaints or not taken else 0


async def _take(options: argparse.Namespace) -> list[str]:
    if FOLDER.exists():
        shutil.rmtree(FOLDER)
    wrong: dict[str, list[str]] = {}
    async with Gallery.open() as gallery:
        known = [name for name in gallery.screens if any(fnmatch(name, wish) for wish in options.screen)]
        places = [Screen(screen, language) for language in options.language for screen in known]
        if not places:
            return [f"no screen is called {' or '.join(options.screen)}: {' '.join(gallery.screens)}"]
        count, whole = 0, len(places) * len(options.device) * len(options.theme)
        for device in options.device:

            async def look(page: Page, device: str = device) -> Iterable[tuple[str, str]]:
                nonlocal count
                place = Screen(**{name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()})
                for theme in options.theme:
                    await page.emulate_media(color_scheme=theme)
                    path = FOLDER / place.language / f"{place.screen}-{device}-{theme}.png"
                    # What never ends is shown as it begins, what ends as it is then.
                    await page.screenshot(path=path, animations="disabled")
                    count += 1
                    progress(f"{count} of {whole}: {place}, {device}, {theme}")
                return ()

            wrong |= await gallery.visit(places, look, **_DEVICES[device])
    return [told(wrong)] if wrong else [] if count == whole else [f"{whole - count} of {whole} pictures are missing"]


def _sheets(taken: Sequence[Path]) -> None:
    """Write a sheet for each language and group of screens, and a list of the sheets."""
    groups: defaultdict[str, list[Path]] = defaultdict(list)
    for path in taken:
        groups[f"{path.parent}-{path.stem.split('-')[0]}"].append(path)
    for group, paths in groups.items():
        rows: defaultdict[str, list[Path]] = defaultdict(list)
        for path in paths:
            rows[path.stem.rsplit("-", 2)[0]].append(path)
        body = "".join(
            f"<h2>{html.escape(screen)}</h2><div>{''.join(map(_figure, row))}</div>" for screen, row in rows.items()
        )
        (FOLDER / f"{group}.html").write_text(_document(group, body))
    links = "".join(f'<li><a href="{group}.html">{group}</a> ({len(paths)})</li>' for group, paths in groups.items())
    if groups:
        (FOLDER / "index.html").write_text(_document("Every screen", f"<ul>{links}</ul>"))


def _figure(path: Path) -> str:
    device, theme = path.stem.rsplit("-", 2)[1:]
    source = html.escape(path.as_posix())
    return f'<figure><a href="{source}"><img src="{source}" alt="" loading="lazy"></a>{device}, {theme}</figure>'


def _document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{html.escape(title)}</h1>{body}</html>\n"
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.screens.picture",
        description="Picture every screen of the page, with made-up content, and put the pictures on sheets.",
        epilog="Example: --screen 'talk*' lobby --language en de --device phone",
    )
    parser.add_argument("--screen", nargs="+", default=["*"], metavar="NAME", help="which, * for any (default: all)")
    parser.add_argument("--language", nargs="+", default=["en", "ar"], metavar="CODE", help="(default: en ar)")
    parser.add_argument("--device", nargs="+", default=list(_DEVICES), choices=list(_DEVICES), help="(default: both)")
    parser.add_argument("--theme", nargs="+", default=list(_THEMES), choices=_THEMES, help="(default: both)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
