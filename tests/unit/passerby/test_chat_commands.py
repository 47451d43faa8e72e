"""What is typed is something to say, a command, or for nobody's eyes."""

import pytest

from passerby.chat.commands import COMMANDS, Command, Say, Unknown, read


@pytest.mark.parametrize(
    ("typed", "is_"),
    [
        ("hello", Say("hello")),
        (" a / b", Say(" a / b")),
        ("//shrug", Say("/shrug")),
        ("/next", Command("next")),
        ("  /NEXT  ", Command("next")),
        ("/n", Command("next")),
        ("/save 2 my pictures", Command("save", "2 my pictures")),
        ("/image\t/home/a b.png ", Command("image", "/home/a b.png")),
        ("/nxet my secret", Unknown("nxet")),
        ("/", Unknown("")),
        ("/home/ana/letter", Unknown("home/ana/letter")),
    ],
)
def test_a_slash_makes_a_command_and_two_make_one_that_is_said(typed: str, is_: object) -> None:
    assert read(typed) == is_


def test_every_command_says_what_it_does() -> None:
    assert all(usage.does for usage in COMMANDS.values())
