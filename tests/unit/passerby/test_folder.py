"""The page as a folder: what is written, again and again, and what is let be."""

import gzip
import os
from pathlib import Path

import pytest

from passerby import folder
from passerby.settings import Settings
from passerby.trouble import Trouble
from tests.headers import SITE_PLACE, lay_page

WAS = "assets/index-BxY3_k9Q.js"
IS = "assets/index-Zz91_0aB.js"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    return lay_page(tmp_path)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "served"


def write(place: Path, built: Path, operator: str = "Ada") -> folder.Written:
    return folder.write(place, Settings(page=built, operator=operator))


def names(place: Path) -> set[str]:
    return {file.relative_to(place / "www").as_posix() for file in (place / "www").rglob("*") if file.is_file()}


def upgrade(built: Path, was: str = WAS, now: str = IS) -> None:
    (built / was).rename(built / now)


def test_all_that_is_to_be_served_is_there_and_nothing_else(built: Path, place: Path) -> None:
    (built / "way-out").symlink_to(built.parent / "secret.txt")
    written = write(place, built)
    made = {"index.html", *(f"legal/en/{name}.html" for name in ("privacy", "terms", "contact", "facts"))}
    laid = {
        "worker.js",
        "manifest.webmanifest",
        "apple-touch-icon.png",
        "favicon.svg",
        WAS,
        "assets/legal-D3adB33f.css",
    }
    assert {name for name in names(place) if name.startswith("legal/en/") or "legal/" not in name} == {
        *laid,
        *made,
        *(f"{name}.gz" for name in made),
    }
    assert written == folder.Written(files=len(names(place)), changed=len(names(place)), removed=0)
    index = (place / "www" / "index.html").read_bytes()
    assert SITE_PLACE.replace("{}", '{"operator":"Ada","relay":"none"}').encode() in index
    assert gzip.decompress((place / "www" / "index.html.gz").read_bytes()) == index
    assert "(passerby_page) {" in (place / "headers.caddy").read_text()


def test_any_web_server_can_read_it(built: Path, place: Path) -> None:
    before = os.umask(0o077)
    try:
        write(place, built)
    finally:
        os.umask(before)
    for path in (place, *place.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)


def test_what_says_the_same_is_not_written_again(built: Path, place: Path) -> None:
    write(place, built)
    when = {name: (place / "www" / name).stat().st_mtime_ns for name in names(place)}
    assert write(place, built).changed == 0
    assert {name: (place / "www" / name).stat().st_mtime_ns for name in names(place)} == when
    assert write(place, built, "Bob").changed > 0
    assert b"Bob" in (place / "www" / "index.html").read_bytes()


def test_who_has_the_page_open_finds_its_parts_until_the_upgrade_after_the_next(built: Path, place: Path) -> None:
    write(place, built)
    upgrade(built)
    write(place, built)
    write(place, built, "Bob")
    assert {WAS, IS} <= names(place)
    upgrade(built, IS, "assets/index-Third_00.js")
    assert write(place, built).removed == 1
    assert WAS not in names(place)
    assert {IS, "assets/index-Third_00.js"} <= names(place)


def test_what_is_no_longer_part_of_it_goes(built: Path, place: Path) -> None:
    (built / "old").mkdir()
    (built / "old" / "page.txt").write_text("old")
    write(place, built)
    (built / "old" / "page.txt").unlink()
    assert write(place, built).removed == 1
    assert not (place / "www" / "old").exists()


def test_what_somebody_has_put_beside_it_is_let_be(built: Path, place: Path) -> None:
    write(place, built)
    own = place / "www" / ".well-known" / "security.txt"
    own.parent.mkdir()
    own.write_text("Contact: me")
    (place / "www" / "assets" / "mine.txt").write_text("mine")
    upgrade(built)
    write(place, built)
    assert own.read_text() == "Contact: me"
    assert "assets/mine.txt" in names(place)


def test_a_run_that_was_cut_short_is_taken_up_by_the_next(
    built: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (built / "last.txt").write_text("of the build of before")
    write(place, built)
    (built / "last.txt").unlink()
    upgrade(built)
    with monkeypatch.context() as broken:
        broken.setattr("passerby.caddy.snippets", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write(place, built)
    assert write(place, built).removed == 1
    assert {WAS, IS} <= names(place)
    assert "last.txt" not in names(place)


def test_a_folder_of_somebody_else_is_refused_and_not_touched(built: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "thesis.txt").write_text("years of work")
    with pytest.raises(Trouble, match="not ours"):
        write(theirs, built)
    assert [file.name for file in theirs.iterdir()] == ["thesis.txt"]
    with pytest.raises(Trouble, match="cannot be used: Not a directory"):
        write(theirs / "thesis.txt", built)


@pytest.mark.parametrize(
    "mark", ["", "[]", '{"now": 1}', '{"now": ["../thesis.txt"], "before": []}', '{"now": [], "before": ["/x"]}']
)
def test_a_mark_that_is_not_as_we_write_it_is_refused(built: Path, place: Path, mark: str) -> None:
    write(place, built)
    (place / ".passerby-page").write_text(mark)
    with pytest.raises(Trouble, match="not as we write it"):
        write(place, built)


def test_without_a_page_there_is_nothing_to_write(tmp_path: Path, place: Path) -> None:
    with pytest.raises(Trouble, match="there is no page"):
        write(place, tmp_path)
    assert not place.exists()
