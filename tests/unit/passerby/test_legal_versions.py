"""Policy and software cannot drift apart: when one changes, the other must."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from matcher import bans
from passerby.legal import __main__ as command
from passerby.legal import texts, versions


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return Path(shutil.copytree(texts.folder(), tmp_path / "legal"))


def _add_version(place: Path, number: int) -> None:
    file = place / "history.toml"
    entry = f'[[version]]\nnumber = {number}\ndate = 2027-01-31\nwhat = {{ en = "Shorter bans." }}\n\n'
    file.write_text(file.read_text(encoding="utf-8").replace("[[version]]", f"{entry}[[version]]", 1), encoding="utf-8")


def test_the_pages_are_those_of_the_newest_version() -> None:
    drifted = versions.drift(texts.folder())
    assert not drifted, "\n".join(drifted)


def test_a_constant_that_changes_wants_a_new_version(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bans, "LADDER_S", (1_800, *bans.LADDER_S[1:]))
    first, todo = versions.drift(place)
    newest = texts.history(place)[0].number
    assert first == "ban_first changed from 900 to 1800"
    assert f"write version {newest + 1} with its date and what has changed into legal/history.toml" in todo
    assert "run `make legal`" in todo
    # To record the same version once more is no way round.
    assert not versions.record(place)
    assert versions.drift(place) == [first, todo]


def test_a_constant_of_the_page_that_changes_does_so_too(place: Path) -> None:
    file = place / "facts.json"
    file.write_text(file.read_text(encoding="utf-8").replace("120000", "600000"), encoding="utf-8")
    assert versions.drift(place)[:2] == [
        "reunion changed from 120000 to 600000",
        "voice changed from 120000 to 600000",
    ]


def test_a_new_version_settles_it_and_the_old_one_stays_as_it_was(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions.recorded(place)
    newest = texts.history(place)[0].number
    monkeypatch.setattr(bans, "LADDER_S", (1_800, *bans.LADDER_S[1:]))
    _add_version(place, newest + 1)
    assert versions.drift(place) == [f"version {newest + 1} was not recorded: run `make legal`"]
    assert versions.record(place)
    assert versions.drift(place) == []
    after = versions.recorded(place)
    assert after.pop(str(newest + 1))["facts"]["ban_first"] == 1_800
    assert after == before


@pytest.mark.parametrize("name", texts.PAGES)
def test_a_text_that_changes_wants_a_new_version(place: Path, name: str) -> None:
    file = place / "en" / f"{name}.md"
    file.write_text(file.read_text(encoding="utf-8") + "\nAnd so on.\n", encoding="utf-8")
    assert versions.drift(place)[0] == f"the text of en/{name}.md changed"


def test_facts_that_come_and_go_are_told(place: Path) -> None:
    file, newest = place / versions.RECORD, str(texts.history(place)[0].number)
    record = json.loads(file.read_text(encoding="utf-8"))
    del record[newest]["facts"]["kick"]
    record[newest]["facts"]["logs"] = 1
    file.write_text(json.dumps(record), encoding="utf-8")
    assert versions.drift(place)[:2] == ["kick is a new fact: 60", "logs is no fact any more"]


def test_versions_go_backwards_in_time_and_each_says_what_changed() -> None:
    history = texts.history(texts.folder())
    numbers = [version.number for version in history]
    assert numbers == list(range(len(numbers), 0, -1))
    assert [version.date for version in history] == sorted((version.date for version in history), reverse=True)
    assert all(version.what["en"] for version in history)


def test_the_command_records_checks_and_fails(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(texts, "folder", lambda: place)
    monkeypatch.setattr(sys, "argv", ["legal"])
    assert command.main() == 0
    monkeypatch.setattr(bans, "LADDER_S", (1_800, *bans.LADDER_S[1:]))
    assert command.main() == 1
    assert "ban_first changed from 900 to 1800" in capsys.readouterr().err
    _add_version(place, texts.history(place)[0].number + 1)
    monkeypatch.setattr(sys, "argv", ["legal", "--check"])
    assert command.main() == 1
    monkeypatch.setattr(sys, "argv", ["legal"])
    assert command.main() == 0
    assert "recorded version" in capsys.readouterr().out
