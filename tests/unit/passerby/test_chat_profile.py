"""What somebody tells of themselves fits the wire, and is spelled as the page spells it."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.chat import profile

PAGE = Path(__file__).parents[3] / "webclient/src/languages/en/page.ts"


@given(st.floats(0, 1, exclude_max=True))
def test_every_suggested_name_can_be_used(chance: float) -> None:
    name = profile.suggested(chance)
    assert profile.tidy_name(name) == name != ""


def test_the_names_are_those_of_the_page() -> None:
    """The page's, word by word, so that nobody can tell by a suggested name who sits at a terminal."""
    lists = re.findall(r'const (?:moods|beings) =\s*"([A-Za-z ]+)"', PAGE.read_text())
    moods, beings = (each.split() for each in lists)
    all_ = [f"{mood} {being}" for mood in moods for being in beings]
    assert [profile.suggested((nth + 0.5) / len(all_)) for nth in range(len(all_))] == all_


@given(st.text())
def test_a_name_is_short_and_one_line(typed: str) -> None:
    name = profile.tidy_name(typed)
    assert len(name) <= profile.NICKNAME_MOST
    assert name == name.strip()
    assert "\n" not in name


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        (["#Tea ", "tea", "CLOUDS"], ("tea", "clouds")),
        (["  ", "#"], ()),
        (list("abcdefg"), ("a", "b", "c", "d", "e")),
        (["x" * 30], ("x" * 24,)),
        (["Cafe\u0301"], ("café",)),
    ],
)
def test_topics_are_spelled_so_that_two_can_share_them(typed: list[str], tags: tuple[str, ...]) -> None:
    assert profile.tidy_tags(typed) == tags


@pytest.mark.parametrize(
    ("environment", "languages"),
    [
        ({"LANG": "de_AT.UTF-8"}, ("de",)),
        ({"LANG": "C.UTF-8"}, ()),
        ({}, ()),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "pt_BR"}, ("pt",)),
        ({"LANGUAGE": "sv:en:de", "LANG": "sv_SE"}, ("sv", "en", "de")),
        ({"LANGUAGE": "sv", "LC_ALL": "C"}, ()),
    ],
)
def test_the_locale_says_which_languages(environment: dict[str, str], languages: tuple[str, ...]) -> None:
    assert profile.of_locale(environment) == languages
