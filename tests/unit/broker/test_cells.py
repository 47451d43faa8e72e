"""Cells: what is put on comes off again, and nothing of another cell comes through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import topics
from broker.cells import NAME, NAMELESS, Cell
from broker.orders import CONTROL

names = st.from_regex(NAME, fullmatch=True) | st.just("")
ours = st.sampled_from(
    ["v1/pulse", "v1/presence/+", "v1/lobby/" + "A" * 22, "v1/session/" + "s" * 56, "v1/gate/embedded"]
)


@given(names, ours)
def test_what_is_put_on_comes_off_again(name: str, topic: str) -> None:
    cell = Cell(name)
    assert cell.inner(cell.outer(topic)) == topic
    assert cell.outer(topic) == (f"{name}/{topic}" if name else topic)


@given(names, names, ours)
def test_what_is_of_another_cell_is_no_topic(one: str, other: str, topic: str) -> None:
    if one != other:
        assert not topics.matches("v1/#", Cell(one).inner(Cell(other).outer(topic)))


@given(names, st.sampled_from([CONTROL, "$SYS/#", "#", "+/v1/pulse"]))
def test_what_is_none_of_ours_is_left_alone_outside_and_nothing_inside(name: str, topic: str) -> None:
    assert Cell(name).outer(topic) == topic
    assert topics.parse(Cell(name).inner(topic)) is None


def test_the_cell_without_a_name_changes_nothing() -> None:
    assert NAMELESS.inner("v1/pulse") == NAMELESS.outer("v1/pulse") == "v1/pulse"
    assert Cell() == NAMELESS != Cell("berlin")


@pytest.mark.parametrize("name", ["Berlin", "a/b", "+", "#", "$sys", "-a", "a" * 33, "ä", " "])
def test_what_is_no_word_is_no_cell(name: str) -> None:
    with pytest.raises(ValueError, match="a cell is called"):
        Cell(name)
