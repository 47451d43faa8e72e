"""What whoever runs this server has said about it, made safe to stand in a text.

    settings ─► Here ─► {{ here.operator }} in the Markdown of the texts

Whatever is in a setting comes out letter by letter: no markup, no HTML, and in its own direction, whatever that of the
page is. A link is made only of what can do no more than open a letter or a page, as the page itself does it
(`webclient/src/contact.ts`).
"""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, urlsplit

from passerby.settings import Settings

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # what CommonMark takes a backslash before (§2.4)
_MAIL = re.compile(r"[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE | re.ASCII)
_MARKS = (
    "\ufdd0",
    "\ufdd1",
)  # noncharacters, for use within a program: where an operator's words begin, and where they end
_URL = re.compile(r"https://[^\s\\]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Here:
    """This server, in Markdown. Empty is what nobody has said."""

    operator: str = ""
    imprint: str = ""
    contact: str = ""
    illegal: str = ""
    minors: str = ""
    appeals: str = ""
    relay: bool = False
    ads: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take it from the settings. Who is named for nothing in particular is named for everything."""
        contact = settings.contact
        return cls(
            operator=plain(settings.operator or ""),
            imprint=lines(settings.imprint or ""),
            contact=link(contact or ""),
            illegal=link(settings.contact_illegal or contact or ""),
            minors=link(settings.contact_minors or contact or ""),
            appeals=link(settings.contact_appeals or contact or ""),
            relay=settings.turn is not None,
            ads=plain(urlsplit(settings.ads_url).netloc) if settings.ads_url else "",
        )


def plain(text: str) -> str:
    """Write one line so that it reads as it is."""
    begin, end = _MARKS
    line = " ".join(text.translate({ord(mark): None for mark in _MARKS}).split())
    return begin + _PUNCTUATION.sub(r"\\\1", line) + end if line else ""


def isolated(html: str) -> str:
    """Give the words of an operator a direction of their own, in the HTML that was made of the Markdown."""
    begin, end = _MARKS
    return html.replace(begin, "<bdi>").replace(end, "</bdi>")


def lines(text: str) -> str:
    """Write several lines so that they read as they are; an empty one parts paragraphs."""
    parts = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join("\\\n".join(plain(line) for line in part.splitlines() if line.strip()) for part in parts)


def link(text: str) -> str:
    """Write where somebody is to be reached: with a link if it is an address for mail or a page, else as it is."""
    if _MAIL.fullmatch(text):
        return f"[{plain(text)}](<mailto:{text}>)"
    if _is_page(text):
        return f"[{plain(text)}](<{quote(text, safe=':/?#[]@!$&()*+,;=%~')}>)"
    return plain(text)


def _is_page(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    # A name before the host makes one page look like another.
    return _URL.fullmatch(text) is not None and bool(parts.hostname) and "@" not in parts.netloc
