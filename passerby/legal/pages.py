"""Makes the legal pages: texts, facts and settings become complete documents, by the path at which they are served.

    privacy.md ─ jinja2 ─► Markdown ─ markdown-it ─► HTML ─ page.html ─► b"<!doctype html>…"

The texts are ours and trusted; what comes from settings is not, and was made safe (`here`). No text can hold HTML.
"""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from passerby.legal import texts
from passerby.legal.facts import Fact, facts
from passerby.legal.here import Here
from passerby.legal.texts import FIRST_LANGUAGE, PAGES, Version
from passerby.legal.words import Words
from passerby.settings import Settings
from passerby.trouble import Trouble

_STYLE: Final = "assets/legal-*.css"
_CONTENTS_LEAST: Final = 6  # sections from which on a page begins with a list of them


def legal_pages(settings: Settings, page: Path, folder: Path | None = None) -> dict[str, bytes]:
    """Make all of them.

    Args:
        settings: of this server.
        page: the folder of the built page, for the style sheet.
        folder: of the texts; else where they lie.

    Raises:
        Trouble: when the built page has no style sheet for them.
    """
    place = folder or texts.folder()
    press = _Press(place, _style(page), facts(settings, texts.browser(place)), Here.of(settings))
    return {f"/legal/{words.code}/{name}": press.page(words, name).encode() for words in press.words for name in PAGES}


class _Press:
    """Everything that the pages of one server share."""

    def __init__(self, place: Path, style: str, known: Mapping[str, Fact], here: Here) -> None:
        self.words = [Words.read(place / code) for code in texts.languages(place)]
        self._history = texts.history(place)
        self._style, self._facts, self._here = style, known, here
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        # Two of them: what goes into Markdown was made safe for it, what goes into HTML is escaped here.
        common = {"undefined": jinja2.StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
        loader = jinja2.FileSystemLoader(place)
        self._texts = jinja2.Environment(loader=loader, autoescape=False, **common)  # type: ignore[arg-type]  # noqa: S701
        self._frame = jinja2.Environment(loader=loader, autoescape=True, **common)  # type: ignore[arg-type]

    def page(self, words: Words, name: str) -> str:
        """Make one page."""
        said = {key: words.say(fact) for key, fact in self._facts.items()}
        text = self._texts.get_template(f"{words.code}/{name}.md").render(
            said, here=self._here, table=_table(words), row=_row(said, self._facts)
        )
        title, body, sections = self._html(text)
        newest = self._history[0]
        return self._frame.get_template("page.html").render(
            words=words,
            name=name,
            names=PAGES,
            style=self._style,
            title=Markup(title),  # noqa: S704  Markdown in which no HTML can stand
            body=Markup(body),  # noqa: S704  likewise
            sections=sections if len(sections) >= _CONTENTS_LEAST else [],
            languages=[(other.code, other.language, other.direction) for other in self.words],
            version=words.frame["version"].format(version=newest.number, date=newest.date.isoformat()),
            date=newest.date.isoformat(),
            older=words.frame["older"].format(version=words.version) if words.version < newest.number else "",
            first=FIRST_LANGUAGE,
            history=[(version, *_told(version, words.code)) for version in self._history],
        )

    def _html(self, text: str) -> tuple[str, str, list[tuple[str, str]]]:
        """Make HTML of Markdown: its first heading, the rest, and ids and titles of the sections."""
        tokens = self._markdown.parse(text)
        sections: list[tuple[str, str]] = []
        for head, title in itertools.pairwise(tokens):
            if head.type == "heading_open" and head.tag == "h2":
                id_ = f"section-{len(sections) + 1}"
                head.attrSet("id", id_)
                sections.append((id_, title.content))
        render = self._markdown.renderer.render
        first = 1 + next(i for i, token in enumerate(tokens) if token.type == "heading_close")
        title, body = (render(part, self._markdown.options, {}) for part in (tokens[:first], tokens[first:]))
        return title, body, sections


def _style(page: Path) -> str:
    """Find the style sheet, whose name tells what is in it."""
    found = [file.relative_to(page).as_posix() for file in page.glob(_STYLE)]
    if len(found) != 1:
        raise Trouble(f"{page} has no style sheet for the legal pages, or several: build the page again (`make setup`)")
    return f"/{found[0]}"


def _told(version: Version, code: str) -> tuple[str, str]:
    """Tell what has changed, and in which language that is said."""
    language = code if code in version.what else FIRST_LANGUAGE
    return version.what[language], language


def _table(words: Words) -> Callable[[], str]:
    return lambda: f"| {words.frame['where']} | {words.frame['value']} |\n|---|---|"


def _row(said: Mapping[str, str], known: Mapping[str, Fact]) -> Callable[[str, str], str]:
    return lambda name, text: f"| {text} `{known[name].source}` | {said[name]} |"
