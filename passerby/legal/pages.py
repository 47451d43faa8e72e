"""Makes the legal pages: texts, facts and settings become complete documents, by the path at which they are served.

    privacy.md ─ jinja2 ─► Markdown ─ markdown-it ─► HTML ─ page.html ─► b"<!doctype html>…"

The texts are ours and trusted; what comes from settings is not, and was made safe (`here`). No text can hold HTML.
"""

import functools
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from passerby.legal import texts
from passerby.legal.facts import Fact, facts
from passerby.legal.here import Here, isolated
from passerby.legal.texts import FIRST_LANGUAGE, PAGES, Version
from passerby.legal.words import Words
from passerby.settings import Settings
from passerby.trouble import Trouble

_STYLE: Final = "assets/legal-*.css"
_CONTENTS_LEAST: Final = 6  # sections from which on a page begins with a list of them


def legal_pages(settings: Settings, page: Path) -> dict[str, bytes]:
    """Make all of them.

    Args:
        settings: of this server.
        page: the folder of the built page, for the style sheet.

    Raises:
        Trouble: when the built page has no style sheet for them, or something is wrong with texts of one's own.
    """
    place = settings.legal_texts or texts.folder()
    style = _style(page)
    try:
        press = _Press(place, style, facts(settings, texts.browser(place)), Here.of(settings))
        return {
            f"/legal/{words.code}/{name}": press.page(words, name).encode() for words in press.words for name in PAGES
        }
    except (OSError, ValueError, LookupError, TypeError, jinja2.TemplateError) as error:
        raise Trouble(f"the legal texts in {place} cannot be used: {type(error).__name__}: {error}") from None


class _Press:
    """Everything that the pages of one server share."""

    def __init__(self, place: Path, style: str, known: Mapping[str, Fact], here: Here) -> None:
        self.words = [Words.read(place / code) for code in texts.languages(place)]
        self._history = texts.history(place)
        self._style, self._facts, self._here = style, known, here
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        # Two of them: what goes into Markdown was made safe for it, what goes into HTML is escaped here.
        self._texts, self._frame = _templates(place, escaped=False), _templates(place, escaped=True)

    def page(self, words: Words, name: str) -> str:
        """Make one page."""
        said = {key: words.say(fact) for key, fact in self._facts.items()}
        text = self._texts.get_template(f"{words.code}/{name}.md").render(
            said, here=self._here, table=_table(words), row=_row(said, self._facts)
        )
        if not text.startswith("# "):
            raise ValueError(f"{words.code}/{name}.md does not begin with its title")
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
            version=escape(words.frame["version"]).format(version=newest.number, date=_date(newest)),
            older=words.frame["older"].format(version=words.version) if words.version < newest.number else "",
            first=FIRST_LANGUAGE,
            contact=self._here.contact,
            history=[(version.number, _date(version), *_told(version, words.code)) for version in self._history],
        )

    def _html(self, text: str) -> tuple[str, str, list[tuple[str, str]]]:
        """Make HTML of Markdown: its first heading, the rest, and ids and titles of the sections."""
        tokens = self._markdown.parse(text)
        sections: list[tuple[str, str]] = []
        for head, inside in itertools.pairwise(tokens):
            if head.type == "heading_open" and head.tag == "h2":
                id_ = f"section-{len(sections) + 1}"
                head.attrSet("id", id_)
                sections.append((id_, inside.content))
        render = self._markdown.renderer.render
        first = 1 + next(i for i, token in enumerate(tokens) if token.type == "heading_close")
        parts = (tokens[:first], tokens[first:])
        title, body = (isolated(render(part, self._markdown.options, {})) for part in parts)
        return title, body, sections


@functools.cache
def _templates(place: Path, *, escaped: bool) -> jinja2.Environment:
    """Give the templates of a folder, read once: a test starts many servers."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(place),
        autoescape=escaped,  # noqa: S701  of Markdown, see above
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _style(page: Path) -> str:
    """Find the style sheet, whose name tells what is in it."""
    found = [file.relative_to(page).as_posix() for file in page.glob(_STYLE)]
    if len(found) != 1:
        raise Trouble(f"{page} has no style sheet for the legal pages, or several: build the page again (`make setup`)")
    return f"/{found[0]}"


def _date(version: Version) -> Markup:
    """Write the date of a version, which goes from left to right in every language."""
    return Markup('<time datetime="{0}" dir="ltr">{0}</time>').format(version.date.isoformat())


def _told(version: Version, code: str) -> tuple[str, str]:
    """Tell what has changed, and in which language that is said."""
    language = code if code in version.what else FIRST_LANGUAGE
    return version.what[language], language


def _table(words: Words) -> Callable[[], str]:
    return lambda: f"| {words.frame['where']} | {words.frame['value']} |\n|---|---|"


def _row(said: Mapping[str, str], known: Mapping[str, Fact]) -> Callable[[str, str], str]:
    return lambda name, text: f"| {text} `{known[name].source}` | {said[name]} |"
