"""The page as it is served: the files of the build, wherever it lies, and what is made from the settings.

settings ─► Site ─► index.html, with it in the place left for it ─┐
the build: inside the installed package, or in a checkout ────────┴──► Page
"""

from pathlib import Path
from typing import Final

from broker.engines.entrance.page import Page
from broker.site import Site
from passerby import ads
from passerby.legal.pages import legal_pages
from passerby.settings import Settings
from passerby.trouble import Trouble

SITE_PLACE: Final = b'<script id="site" type="application/json">{}</script>'

_INSTALLED = Path(__file__).parent / "page"
_CHECKOUT = Path(__file__).parent.parent / "webclient" / "dist"


def find_page(chosen: Path | None = None) -> Path | None:
    """Find the folder of the page; None when it was never built."""
    candidates = (chosen,) if chosen is not None else (_INSTALLED, _CHECKOUT)
    return next((folder for folder in candidates if (folder / "index.html").is_file()), None)


def page(settings: Settings, site: Site | None = None) -> Page:
    """Give the page of a server; without one that was built, what says so.

    Args:
        settings: of this server.
        site: what is said instead of what the settings say.

    Raises:
        Trouble: when what is there is no page of this version.
    """
    folder = find_page(settings.page)
    if folder is None:
        return Page(None)
    slot = (site or settings.site).ads
    return Page(folder, documents(folder, settings, site), frame=None if slot is None else ads.origin(slot.url))


def documents(folder: Path, settings: Settings, site: Site | None = None) -> dict[str, bytes]:
    """Make what no build can know: HTML by the path of its URL.

    Args:
        folder: of the built page.
        settings: of this server.
        site: what is said instead of what the settings say.

    Raises:
        Trouble: when what is there is no page of this version.
    """
    index = folder / "index.html"
    try:
        first = introduced(index.read_bytes(), site or settings.site)
    except (OSError, ValueError) as error:
        raise Trouble(f"{index} cannot be used: {error}") from None
    return {"/": first, **legal_pages(settings, folder)}


def introduced(index: bytes, site: Site) -> bytes:
    """Write the operator's part into index.html, where no word of it can end the element that holds it.

    Raises:
        ValueError: when there is no place for it.
    """
    if index.count(SITE_PLACE) != 1:
        raise ValueError(
            "it has no place for what the operator says, so it was built by another version: build it anew"
        )
    data = site.wire().replace(b"<", rb"\u003c")
    return index.replace(SITE_PLACE, SITE_PLACE.replace(b"{}", data))
