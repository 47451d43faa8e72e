"""The legal pages, as a browser gets them."""

import html.parser
import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.legal import here, texts
from passerby.legal.pages import legal_pages
from passerby.legal.texts import PAGES
from passerby.settings import Settings
from passerby.trouble import Trouble

FOLDER = texts.folder()
LANGUAGES = texts.languages(FOLDER)
FULL: dict[str, Any] = {
    "operator": "Walkers & Co.",
    "imprint": "Ada Walker\n1 Some Street\n\nRegister: 12345",
    "contact": "hello@chat.example.org",
    "contact_illegal": "https://chat.example.org/report?a=b&c=d",
    "contact_minors": "+00 123 456",
    "contact_appeals": "appeals@chat.example.org",
    "turn_urls": ["turn:turn.example.org"],
    "turn_secret": "a-secret-of-twenty-and-more",
    "ads_url": "https://ads.example.net/slot.html",
}
VOID = {"br", "link", "meta"}


class Document(html.parser.HTMLParser):
    """What of a document can be asked: its elements with their attributes, its text, and whether all is closed."""

    def __init__(self, made: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(made.decode())
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.elements if name == tag)

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    (folder / "assets").mkdir()
    (folder / "assets" / "legal-0123abcd.css").touch()
    return folder


@pytest.fixture(scope="module", params=["nothing said", "all said"])
def made(page: Path, request: pytest.FixtureRequest) -> dict[str, bytes]:
    return legal_pages(Settings(**(FULL if request.param == "all said" else {})), page)


def read(page: Path, path: str, **settings: Any) -> Document:
    return Document(legal_pages(Settings(**settings), page)[path])


def test_every_language_has_every_page(made: dict[str, bytes]) -> None:
    assert set(made) == {f"/legal/{code}/{name}" for code in LANGUAGES for name in PAGES}
    assert {f"/legal/en/{name}" for name in ("privacy", "terms", "contact", "facts")} <= set(made)


def test_whoever_reads_the_page_can_read_its_legal_pages() -> None:
    """The page links to those of the language that it speaks."""
    spoken = FOLDER.parent / "src" / "languages"
    assert set(LANGUAGES) == {file.parent.name for file in spoken.glob("*/page.ts")}


def test_they_are_documents_that_need_no_script_and_no_exception_from_the_policy(made: dict[str, bytes]) -> None:
    for path, body in made.items():
        document = Document(body)
        assert body.startswith(b"<!doctype html>")
        root = next(document.all("html"))
        assert root == {"lang": path.split("/")[2], "dir": "rtl" if path.split("/")[2] == "ar" else "ltr"}
        assert not {"script", "style", "iframe", "img", "form"} & {tag for tag, _ in document.elements}
        assert not any(
            name == "style" or name.startswith("on") for _, attributes in document.elements for name in attributes
        )
        assert not re.search(r"\{[{%#]|[#%}]\}|None", body.decode())


def test_headings_go_down_one_by_one_and_landmarks_are_named_apart(made: dict[str, bytes]) -> None:
    for body in made.values():
        document = Document(body)
        levels = [int(tag[1]) for tag, _ in document.elements if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        assert [len(list(document.all(tag))) for tag in ("main", "header", "footer")] == [1, 1, 1]
        names = [nav.get("aria-label") or nav.get("aria-labelledby") for nav in document.all("nav")]
        assert None not in names
        assert len(set(names)) == len(names)


def test_every_link_leads_somewhere(page: Path, made: dict[str, bytes]) -> None:
    for path, body in made.items():
        document = Document(body)
        ids = [attributes["id"] for _, attributes in document.elements if "id" in attributes]
        assert len(set(ids)) == len(ids)
        for tag in ("a", "link"):
            for target in (urlsplit(urljoin(path, str(link["href"]))) for link in document.all(tag)):
                if target.fragment:
                    assert target.path == path
                    assert target.fragment in ids
                elif target.scheme:
                    assert target.scheme in ("https", "mailto")
                else:
                    known = target.path in ("/", "/favicon.svg", *made)
                    assert known or (page / target.path.removeprefix("/")).is_file()


def test_one_gets_back_to_the_lobby_from_top_and_bottom_and_to_all_sisters(made: dict[str, bytes]) -> None:
    for path, body in made.items():
        links = [urljoin(path, str(link["href"])) for link in Document(body).all("a")]
        code, name = path.split("/")[2:]
        assert links.count("/") == 2
        assert {f"/legal/{code}/{other}" for other in PAGES} <= set(links)
        if len(LANGUAGES) > 1:
            assert {f"/legal/{other}/{name}" for other in LANGUAGES} <= set(links)
    assert Document(made["/legal/en/privacy"]).words.count("← Return to Chat Lobby") == 2


def test_every_page_tells_its_version_its_date_and_what_changed_when(made: dict[str, bytes]) -> None:
    history = texts.history(FOLDER)
    for body in made.values():
        document = Document(body)
        dates = [time["datetime"] for time in document.all("time")]
        assert dates == [str(version.date) for version in (history[0], *history)]
    words = Document(made["/legal/en/terms"]).words
    assert f"Version {history[0].number} of {history[0].date}" in words
    assert all(version.what["en"] in words for version in history)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_no_text_says_a_number_of_its_own(code: str, name: str) -> None:
    """But for the age, the articles of a law, IPv6, and the numbers of headings."""
    text = (FOLDER / code / f"{name}.md").read_text(encoding="utf-8")
    text = re.sub(r"\{[{%].*?[}%]\}|^#+ \d+\.?|IPv6", "", text, flags=re.MULTILINE | re.DOTALL)
    rows = re.findall(r'row\("\w+", "(.*?)"\)', (FOLDER / code / "facts.md").read_text(encoding="utf-8"))
    text += "\n".join(rows).replace("IPv6", "") if name == "facts" else ""
    assert set(map(int, re.findall(r"\d+", text))) <= {18, 6, 1}


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_translation_says_every_value_and_condition_of_the_english_text(code: str, name: str) -> None:
    def marks(language: str) -> list[str]:
        text = (FOLDER / language / f"{name}.md").read_text(encoding="utf-8")
        return sorted(re.sub(r', ".*"\)', ")", mark) for mark in re.findall(r"\{[{%].*?[}%]\}", text))

    assert marks(code) == marks("en")


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_of_facts_has_all_of_them(code: str) -> None:
    from passerby.legal.facts import facts  # noqa: PLC0415  the only test that needs it

    text = (FOLDER / code / "facts.md").read_text(encoding="utf-8")
    named = {*re.findall(r'row\("(\w+)"', text), *re.findall(r"\{\{ (\w+) \}\}", text)}
    assert named == set(facts(Settings.model_construct(), texts.browser(FOLDER)))


def test_the_facts_stand_in_the_pages(page: Path) -> None:
    facts_page = read(page, "/legal/en/facts", connections_per_address=7, ban_share=0.05).words
    assert "Connections from one address at the same time passerby/settings.py connections_per_address 7" in facts_page
    assert "passerby/settings.py ban_share 5 %" in facts_page
    assert "An address is shut out the first time for matcher/bans.py LADDER_S 15 minutes" in facts_page
    assert "The first time it lasts 15 minutes" in read(page, "/legal/en/privacy").words


def test_a_relay_is_told_of_where_there_is_one(page: Path) -> None:
    without, relayed = read(page, "/legal/en/privacy").words, read(page, "/legal/en/privacy", **FULL).words
    assert "This server has no relay, so you cannot hide it here." in without
    assert "The relay." not in without
    assert "has no relay" not in relayed
    assert "Your page gets a key to it that is good for 1 hour." in relayed


def test_advertisements_are_told_of_where_there_are_some(page: Path) -> None:
    without, shown = read(page, "/legal/en/privacy").words, read(page, "/legal/en/privacy", **FULL).words
    assert "There are none. No advertisements are set up on this server" in without
    assert "Global Privacy Control: if your browser" not in without
    assert "There are none." not in shown
    assert "your browser loads a page from ads.example.net" in shown
    assert "Global Privacy Control: if your browser sends this signal, the answer is no" in shown


def test_where_nothing_is_said_the_page_says_so(page: Path) -> None:
    words = read(page, "/legal/en/contact").words
    assert "Whoever runs this server has not said who they are." in words
    assert "Whoever runs this server has given no contact." in words
    assert words.count("There is no contact for this on this server.") == 4


def test_whom_to_write_to_for_what(page: Path) -> None:
    words = read(page, "/legal/en/contact", **FULL).words
    assert "Walkers & Co." in words
    assert "Ada Walker 1 Some Street Register: 12345" in words
    assert "no contact" not in words
    for contact in ("contact", "contact_illegal", "contact_minors", "contact_appeals"):
        assert FULL[contact] in words
    links = {link["href"] for link in read(page, "/legal/en/contact", **FULL).all("a")}
    assert {"mailto:hello@chat.example.org", "https://chat.example.org/report?a=b&c=d"} <= links


def test_who_gives_one_contact_is_written_to_for_everything(page: Path) -> None:
    links = [link["href"] for link in read(page, "/legal/en/contact", contact="all@chat.example.org").all("a")]
    assert links.count("mailto:all@chat.example.org") == 5


SAID = st.text(
    st.characters(exclude_categories=["Cc", "Cn", "Cs"]) | st.sampled_from("<>&*_`[]()!#|~\\{%}'\""),
    min_size=1,
    max_size=60,
)


@given(operator=SAID, imprint=st.lists(SAID, max_size=4), contact=SAID)
def test_what_an_operator_says_stands_there_letter_by_letter(operator: str, imprint: list[str], contact: str) -> None:
    from markdown_it import MarkdownIt  # noqa: PLC0415  as the pages use it, without the rest of them

    said = "\n\n".join(("A " + here.plain(operator), "B " + here.lines("\n".join(imprint)), "C " + here.link(contact)))
    rendered = MarkdownIt("commonmark", {"html": False}).enable("table").render(said)
    document = Document(here.isolated(rendered).encode())
    assert document.words == " ".join(" ".join(("A", operator, "B", *imprint, "C", contact)).split())
    assert {tag for tag, _ in document.elements} <= {"p", "br", "a", "bdi"}


def test_what_an_operator_says_has_a_direction_of_its_own_and_cannot_end_it(page: Path) -> None:
    made = legal_pages(Settings(imprint="12345 Sampletown\nA \ufdd1 B \ufdd0 C"), page)["/legal/en/contact"].decode()
    assert "<bdi>12345 Sampletown</bdi><br />" in made
    assert "<bdi>A B C</bdi></p>" in made


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "</title><img src=x onerror=alert(1)>",
        "{{ 7 * 7 }}",
        "{% raw %}",
        "# x",
        "&lt;b&gt;",
        "- a",
    ],
)
def test_no_operator_can_write_html_into_it(page: Path, name: str) -> None:
    plain = legal_pages(Settings(operator="Ada", imprint="Ada", contact="Ada", contact_minors="Ada"), page)
    hostile = legal_pages(Settings(operator=name, imprint=name, contact=name, contact_minors=name), page)
    for path, body in hostile.items():
        assert [tag for tag, _ in Document(body).elements] == [tag for tag, _ in Document(plain[path]).elements]
    assert name in Document(hostile["/legal/en/contact"]).text


@pytest.mark.parametrize(
    "contact",
    [
        "javascript:alert(1)",
        "http://chat.example.org",
        "https://bank.example@evil.example/",
        "https://[oops",
        "https://a b",
        "mailto:a@b.example",
        "a@b.example?bcc=c@d.example",
        "data:text/html,x",
    ],
)
def test_a_link_is_made_only_of_what_can_open_a_letter_or_a_page(page: Path, contact: str) -> None:
    document = read(page, "/legal/en/contact", contact=contact)
    assert contact in document.words
    assert not any(urlsplit(str(link["href"])).scheme for link in document.all("a"))


def test_a_translation_that_is_behind_says_so(page: Path, tmp_path: Path) -> None:
    place = Path(shutil.copytree(FOLDER, tmp_path / "legal"))
    shutil.copytree(place / "en", place / "de", dirs_exist_ok=True)
    file = place / "de" / "words.toml"
    file.write_text(re.sub(r"(?m)^version = \d+", "version = 0", file.read_text(encoding="utf-8")), encoding="utf-8")
    made = {path: Document(body) for path, body in legal_pages(Settings(legal_texts=place), page).items()}
    assert "This translation is of version 0. The English text is newer" in made["/legal/de/terms"].words
    assert "../en/terms" in {link["href"] for link in made["/legal/de/terms"].all("a")}
    assert "This translation is of version" not in made["/legal/en/terms"].words


def test_an_operator_may_have_texts_of_their_own(page: Path, tmp_path: Path) -> None:
    place = Path(shutil.copytree(FOLDER, tmp_path / "legal"))
    (place / "en" / "terms.md").write_text("# Terms\n\nBe nice, or be gone for {{ ban_first }}.\n", encoding="utf-8")
    made = legal_pages(Settings(legal_texts=place), page)
    assert "Be nice, or be gone for 15 minutes." in Document(made["/legal/en/terms"]).words


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("en/terms.md", "# Terms\n\n{{ ban_frist }}\n", "'ban_frist' is undefined"),
        (
            "en/terms.md",
            "# Terms\n\n{% if here.relay %}\n",
            "looking for the following tags: 'elif' or 'else' or 'endif'",
        ),
        ("en/terms.md", "No heading\n", "en/terms.md does not begin with its title"),
        ("en/words.toml", "language =", "Invalid value"),
        ("en/words.toml", "language = 'x'", "required positional arguments: 'direction', 'version'"),
        ("history.toml", "", "version"),
        ("facts.json", "{}", "check_words"),
    ],
)
def test_what_is_wrong_with_them_is_told(page: Path, tmp_path: Path, file: str, text: str, why: str) -> None:
    place = Path(shutil.copytree(FOLDER, tmp_path / "legal"))
    (place / file).write_text(text, encoding="utf-8")
    with pytest.raises(Trouble) as caught:
        legal_pages(Settings(legal_texts=place), page)
    assert str(caught.value).startswith(f"the legal texts in {place} cannot be used: ")
    assert why in str(caught.value)


@pytest.mark.parametrize("names", [[], ["legal-a.css", "legal-b.css"]])
def test_a_page_that_was_built_otherwise_is_refused(tmp_path: Path, names: list[str]) -> None:
    (tmp_path / "assets").mkdir()
    for name in names:
        (tmp_path / "assets" / name).touch()
    with pytest.raises(Trouble, match="build the page again"):
        legal_pages(Settings(), tmp_path)
