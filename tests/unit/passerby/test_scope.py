"""The radar's scope: what it shows, at 80 columns, with and without colours."""

import io

import pytest
from rich.console import Console

from broker.desk import Levels, Reason, View
from passerby.scope import BLOCKS, CELLS, LETTERS, Course, Ink, scope, spark
from tests.answering import view

WORST = view(
    up_s=8_640_000,
    here=1_000_000,
    matched_per_min=123_456.7,
    levels=Levels(free=900_000, slow=1, stamps=1, kick=0, ban=99_999),
    effort=24,
    dry_run=True,
    storm=True,
    reasons=[Reason(reason="r" * 20, count=100_000) for _ in range(8)],
    refusals=[Reason(reason="denied-publish-retained", count=100_000) for _ in range(12)],
)


def drawn(stands: View, ink: Ink = BLOCKS, trouble: str | None = None, *, width: int = 80, looks: int = 3) -> list[str]:
    course = Course(every_s=2.0)
    for _ in range(looks):
        course.add(stands)
    console = Console(file=io.StringIO(), width=width, no_color=True, highlight=False)
    console.print(scope(stands, course, ink, trouble))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_it_says_all_that_the_view_holds_and_fits_a_small_terminal() -> None:
    lines = drawn(view())
    shown = "\n".join(" ".join(line.split()) for line in lines)
    for said in [
        "up 3 h 12 min",
        "here 128",
        "waiting 5 text 4 voice 0 video 1",
        "talking 122 text 100 voice 10 video 12",
        "matches a minute 12.3",
        "joins a minute 25.0",
        "ends a minute 11.6",
        "sessions 61",
        "waited p50 0.8 s",
        "waited p95 6.2 s",
        "free 120 █",
        "kick 0",
        "banned 3, kicked 5, slowed 12, held back 2",
        "skips 12, pace 5",
        "hurried 34, denied-publish 2",
        "none asked of everybody",
        "bans 4 living",
        "reports 2 waiting",
    ]:
        assert said in shown
    assert len(lines) <= 24
    assert "DRY RUN" not in shown
    assert "JUST BEGUN" not in shown


def test_a_dry_run_and_a_storm_are_plain_to_see() -> None:
    assert "DRY RUN: nobody is limited" in "\n".join(drawn(view(dry_run=True)))
    assert "JUST BEGUN" in "\n".join(drawn(view(storm=True)))


@pytest.mark.parametrize("ink", [BLOCKS, LETTERS], ids=["blocks", "letters"])
@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(ink: Ink, width: int) -> None:
    lines = drawn(WORST, ink, "a long reason " * 12, width=width, looks=1_000)
    assert max(map(len, lines)) <= width
    assert "DRY RUN" in "\n".join(lines)


def test_a_terminal_without_blocks_gets_letters() -> None:
    assert "\n".join(drawn(view(), LETTERS)).isascii()


def test_who_looks_at_what_is_old_is_told() -> None:
    assert "No answer, trying again. What follows is old: no matcher" in drawn(view(), trouble="no matcher")[2]


def test_before_anybody_was_matched_there_is_no_wait() -> None:
    assert "waited p50  -" in "\n".join(drawn(view(waits=None, reasons=[], refusals=[])))


def test_a_single_peer_on_a_rung_is_seen_beside_thousands() -> None:
    lines = drawn(view(levels=Levels(free=100_000, slow=1, stamps=0, kick=0, ban=0)))
    [slow] = [line for line in lines if line.startswith("slow")]
    assert slow.count("█") == 1


@pytest.mark.parametrize(
    ("values", "per_cell", "line"),
    [
        ([], 1, ""),
        ([0, 0], 1, "▁▁"),
        ([0, 7], 1, "▁█"),
        ([7, 0, 7, 7], 2, "▅█"),
        ([1] * 1_000, 1, "█" * CELLS),
        ([0, 7, 7], 2, "▁█"),
    ],
)
def test_a_sparkline_ends_with_the_newest(values: list[float], per_cell: int, line: str) -> None:
    assert spark(values, per_cell) == line


def test_a_course_keeps_the_last_minutes_only() -> None:
    course = Course(every_s=0.5)
    for rate in range(10_000):
        course.add(view(matched_per_min=float(rate)))
    assert len(course.matched) == CELLS * 20
    assert course.matched[-1] == 9_999
