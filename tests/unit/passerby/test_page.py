"""The page with what its operator says in it."""

import html.parser
import json
from pathlib import Path

import pytest

from broker.cells import NAMELESS, Cell
from broker.site import Ads, Site
from passerby import cells, page
from passerby.settings import Settings
from passerby.trouble import Trouble

INDEX = b'<!doctype html><html><head>\n<script id="site" type="application/json">{}</script></head><body></body></html>'


class Scripts(html.parser.HTMLParser):
    """Collects what stands in each script element, as a browser would read it, and counts all elements."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  as it is called
        self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        if self.elements[-1] == "script":
            self.texts.append(data)


def scripts(text: bytes) -> Scripts:
    read = Scripts()
    read.feed(text.decode())
    return read


def test_the_page_says_what_the_operator_says() -> None:
    site = Site(operator="Ada Lovelace", relay="offered", ads=Ads(url="https://ads.example.org/slot", height=90))
    read = scripts(page.introduced(INDEX, site))
    assert json.loads("".join(read.texts)) == {
        "operator": "Ada Lovelace",
        "relay": "offered",
        "ads": {"url": "https://ads.example.org/slot", "height": 90},
    }


def test_the_cell_is_found_in_what_the_page_says() -> None:
    assert cells.told(page.introduced(INDEX, Site(operator="</script>", cell="berlin")).decode()) == Cell("berlin")
    assert cells.told(page.introduced(INDEX, Site()).decode()) == NAMELESS
    assert cells.told("<html>") == cells.told(INDEX.replace(b"{}", b'{"cell": "B"}').decode()) == NAMELESS


@pytest.mark.parametrize("name", ["</script><img src=x>", "<!--<script>", "]]>", '"}', "\\u003c", "Ö\u2028"])
def test_no_operator_can_write_html_into_it(name: str) -> None:
    text = page.introduced(INDEX, Site(operator=name))
    read = scripts(text)
    assert json.loads("".join(read.texts))["operator"] == name
    assert read.elements == scripts(INDEX).elements
    assert text.count(b"<") == INDEX.count(b"<")


@pytest.mark.parametrize("index", [b"<!doctype html>", INDEX + INDEX])
def test_a_page_of_another_version_is_refused(tmp_path: Path, index: bytes) -> None:
    (tmp_path / "index.html").write_bytes(index)
    with pytest.raises(Trouble, match="build it anew"):
        page.page(Settings(page=tmp_path))


def test_what_was_built_has_its_place() -> None:
    folder = page.find_page()
    assert folder is not None, "the page is not built: `make test` builds it"
    assert b'"operator":"Ada"' in page.documents(folder, Settings(operator="Ada"))["/"]
