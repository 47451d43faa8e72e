"""The keys file: for its owner only, and never written over."""

from pathlib import Path

import pytest

from passerby import keys
from passerby.keys import Keys, KeysError


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    drawn = Keys.draw()
    keys.write(tmp_path / "k", drawn)
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    assert keys.read(tmp_path / "k") == drawn
    assert drawn.seat_keys().current == 1
    assert drawn.internal() == {"service": drawn.service}


def test_two_drawings_have_nothing_in_common() -> None:
    one, other = Keys.draw(), Keys.draw()
    assert one.service != other.service
    assert one.seats != other.seats


def test_keys_are_not_shown() -> None:
    drawn = Keys.draw()
    assert drawn.service not in repr(drawn)
    assert drawn.seats[1] not in repr(drawn)


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    keys.write(tmp_path / "k", Keys.draw())
    with pytest.raises(KeysError, match="there already"):
        keys.write(tmp_path / "k", Keys.draw())


def test_a_file_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match="cannot be written"):
        keys.write(tmp_path / "no" / "k", Keys.draw())


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    keys.write(tmp_path / "k", Keys.draw())
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
