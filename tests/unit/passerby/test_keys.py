"""The keys file: for its owner only, and never written over."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from passerby import keys
from passerby.keys import KeysError


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    drawn = keys.draw()
    keys.write(tmp_path / "k", drawn)
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    assert keys.read(tmp_path / "k") == drawn
    assert drawn.seat_keys(0.0).current == 1
    assert drawn.internal() == {"service": (drawn.service,), "desk-operator": (drawn.desks["operator"],)}


def test_two_drawings_have_nothing_in_common() -> None:
    one, other = keys.draw(), keys.draw()
    assert one.service != other.service
    assert one.seats != other.seats
    assert one.desks != other.desks


def test_keys_are_not_shown() -> None:
    drawn = keys.draw()
    assert drawn.service not in repr(drawn)
    assert drawn.seats[1] not in repr(drawn)
    assert drawn.desks["operator"] not in repr(drawn)


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    keys.write(tmp_path / "k", keys.draw())
    with pytest.raises(KeysError, match="there already"):
        keys.write(tmp_path / "k", keys.draw())


def test_a_file_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match="cannot be written"):
        keys.write(tmp_path / "no" / "k", keys.draw())


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    keys.write(tmp_path / "k", keys.draw())
    (tmp_path / "k").chmod(0o640)
    with pytest.raises(KeysError, match="chmod 600"):
        keys.read(tmp_path / "k")


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "\x00", '{"service":"short","current":1,"seats":{}}']
    + [
        f'{{"service":"{"s" * 43}","current":{current},"seats":{{"1":"{key}"}}}}'
        for current, key in [(2, "A" * 43), (1, "A")]
    ],
)
def test_what_is_no_keys_file_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    (tmp_path / "k").touch(mode=0o600)
    (tmp_path / "k").write_text(text)
    with pytest.raises(KeysError, match="not a keys file") as caught:
        keys.read(tmp_path / "k")
    assert "ssss" not in str(caught.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match="passerby keys new"):
        keys.read(tmp_path / "k")


NOW = 1_800_000_000.0
OLD, NEW = NOW - 1, NOW


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "passerby.keys"
    keys.write(path, keys.draw())
    return path


def test_what_was_in_use_stays_good_and_begins_to_sign_when_it_is_time(file: Path) -> None:
    before = keys.read(file)
    turned = keys.turn(file, NOW - 30, 30)
    assert keys.read(file) == turned
    assert turned.seat_keys(OLD).current == 1
    assert turned.seat_keys(NEW).current == 2
    assert turned.seat_keys(OLD).keys == turned.seat_keys(NEW).keys
    assert turned.seat_keys(NEW).keys[1] == before.seat_keys(NOW).keys[1]
    assert turned.password(OLD) == before.service
    assert turned.password(NEW) == turned.service != before.service
    assert turned.internal() == {
        "service": (turned.service, before.service),
        "desk-operator": (turned.desks["operator"], before.desks["operator"]),
    }


def test_a_second_turn_drops_what_was_good_from_the_one_before(file: Path) -> None:
    first = keys.read(file)
    second = keys.turn(file, NOW - 30, 30)
    third = keys.turn(file, NOW, 30)
    assert set(third.seats) == {2, 3}
    assert third.internal()["service"] == (third.service, second.service)
    assert third.internal()["desk-operator"] == (third.desks["operator"], second.desks["operator"])
    assert first.service not in file.read_text()
    assert first.desks["operator"] not in file.read_text()


def test_a_turn_before_the_last_one_began_is_refused(file: Path) -> None:
    """The matcher still signs with the key that it would drop."""
    turned = keys.turn(file, NOW - 30, 30)
    with pytest.raises(KeysError, match="wait 7 s more"):
        keys.turn(file, NOW - 7, 30)
    assert keys.read(file) == turned


def test_the_file_stays_its_owners_only_and_no_draft_stays_behind(file: Path) -> None:
    keys.turn(file, NOW, 30)
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_link_stays_one(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(file)
    assert keys.turn(link, NOW, 30) == keys.read(file)
    assert link.is_symlink()


def test_two_do_not_turn_at_once(file: Path) -> None:
    draft = file.with_name("passerby.keys.turning")
    draft.touch()
    before = keys.read(file)
    with pytest.raises(KeysError, match="somebody else"):
        keys.turn(file, NOW, 30)
    assert keys.read(file) == before


def test_numbers_of_keys_begin_anew_after_the_last(tmp_path: Path) -> None:
    """A seat has two bytes for them."""
    last = replace(keys.draw(), current=65_535, seats={65_535: "A" * 43})
    assert keys.turned(last, NOW).seat_keys(NOW).current == 0


def test_a_file_that_names_a_key_before_which_it_lacks_is_refused(file: Path) -> None:
    fields = json.loads(keys.read(file).text()) | {"current_before": 7, "since": NOW}
    file.write_text(json.dumps(fields))
    with pytest.raises(KeysError, match="not a keys file"):
        keys.read(file)


def test_one_more_operator_gets_a_desk_and_nothing_else_changes(file: Path) -> None:
    before = keys.read(file)
    after = keys.add_desk(file, "anna")
    assert keys.read(file) == after
    assert after == replace(before, desks=after.desks)
    assert after.desks == {**before.desks, "anna": after.desks["anna"]}
    assert after.desks["anna"] != before.desks["operator"]
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("name", "said"), [("operator", "already"), ("Anna", "cannot be called"), ("", "cannot be")])
def test_a_desk_that_cannot_be_is_refused(file: Path, name: str, said: str) -> None:
    before = file.read_text()
    with pytest.raises(KeysError, match=said):
        keys.add_desk(file, name)
    assert file.read_text() == before
