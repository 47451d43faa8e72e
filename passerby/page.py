"""Where the built page lies: inside the installed package, or in a checkout."""

from pathlib import Path

_INSTALLED = Path(__file__).parent / "page"
_CHECKOUT = Path(__file__).parent.parent / "webclient" / "dist"


def find_page(chosen: Path | None = None) -> Path | None:
    """Find the folder of the page; None when it was never built."""
    candidates = (chosen,) if chosen is not None else (_INSTALLED, _CHECKOUT)
    return next((folder for folder in candidates if (folder / "index.html").is_file()), None)
