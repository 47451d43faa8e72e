"""What a stranger sends can be read, and steers nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.chat import harmless

ANY = st.text(st.characters(exclude_categories=()))


@given(ANY)
def test_nothing_that_steers_a_terminal_is_ever_left_in_a_line(text: str) -> None:
    """No control character but the line break, no half letters, and no marks that turn more than one text."""
    shown = harmless.line(text)
    for letter in shown.replace("\n", ""):
        assert unicodedata.category(letter) not in ("Cc", "Cs")
    for part in shown.split("\n"):
        inner = part.removeprefix("\u2068").removesuffix("\u2069")
        assert not set(inner) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
        assert part.count("\u2068") == part.count("\u2069") <= 1


@given(ANY)
def test_a_nickname_is_one_line_and_can_always_be_seen(text: str) -> None:
    shown = harmless.name(text)
    assert shown.strip()
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("hello\nthere", "hello\nthere"),
        ("\x1b[2J\x1b]0;title\x07gone", "[2J]0;titlegone"),
        ("\x9b31mred", "31mred"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\tb", "a    b"),
        ("abc\u202edef", "abcdef"),
        ("ümläuts 🐢 👩‍🚀", "ümläuts 🐢 👩‍🚀"),
        ("[b]bold[/b] <b>", "[b]bold[/b] <b>"),
    ],
)
def test_letters_stay_and_the_rest_goes(sent: str, shown: str) -> None:
    assert harmless.line(sent) == shown


def test_what_runs_from_right_to_left_is_kept_to_itself() -> None:
    assert harmless.line("\u05d0\u05d1\nhello") == "\u2068\u05d0\u05d1\u2069\nhello"


@pytest.mark.parametrize("nickname", ["", " ", "\u200b", "\u3164", "\x1b\x07", "\u200d\ufe0f"])
def test_a_nickname_that_nobody_can_see_gets_one(nickname: str) -> None:
    assert harmless.name(nickname) == "Stranger"
