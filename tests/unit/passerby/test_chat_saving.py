"""What somebody asked to keep is written once, for their eyes, and over nothing."""

from pathlib import Path

import pytest

from passerby.chat import saving
from passerby.chat.conversation import Good
from stranger.parcels.goods import Unfit

GOOD = Good("image", "image/webp", b"picture")


def test_it_is_written_for_its_user_alone_and_over_nothing(tmp_path: Path) -> None:
    first = saving.keep(1, GOOD, tmp_path)
    second = saving.keep(1, Good("image", "image/webp", b"other"), tmp_path)
    assert (first.name, second.name) == ("picture-1.webp", "picture-1-2.webp")
    assert first.read_bytes() == b"picture"
    assert first.stat().st_mode & 0o777 == 0o600


def test_a_link_that_lies_there_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "picture-1.webp").symlink_to(tmp_path / "elsewhere")
    assert saving.keep(1, GOOD, tmp_path).name == "picture-1-2.webp"
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        saving.keep(1, GOOD, tmp_path / "nowhere")


def test_a_file_that_is_far_too_big_is_not_read_to_its_end(tmp_path: Path) -> None:
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(saving.IMAGE_READ_MOST + 1)
    with pytest.raises(Unfit):
        saving.image(big)
