"""The bot's manners and answers: whom it meets, and what it does about what it is told."""

import io
import random
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from passerby.echo import MARK, NICKNAME, answers, picture, tune
from passerby.echo.answers import Leave, Ring, Say, SayWords, SendPicture, SendVoice, answer, is_bot, nickname
from passerby.echo.manners import ALONE_S, FEW, PREFER_S, REST_S, Manners, Sight, Verdict
from stranger.talk import TEXT_MOST

# ── manners, where it is known exactly who waits ─────────────────────────────────────────────────────────────────────


def exact(manners: Manners, *steps: tuple[float, int, int]) -> list[Verdict]:
    """Judge at these times, with so many people who wait and so many who talk with a bot."""
    return [manners.judge(Sight(waiting, None, talks), now) for now, waiting, talks in steps]


def test_it_looks_for_who_has_waited_longer_than_two_people_need_to_find_each_other() -> None:
    verdicts = exact(Manners(2), (0, 0, 0), (1, 1, 0), (ALONE_S, 1, 0), (ALONE_S + 1, 1, 0))
    assert [verdict.look for verdict in verdicts] == [False, False, False, True]


@pytest.mark.parametrize(("before", "after"), [(3, 1), (1, 2)])
def test_whenever_somebody_has_come_or_gone_it_waits_anew(before: int, after: int) -> None:
    times = (0, ALONE_S - 1, ALONE_S + 1, 2 * ALONE_S)
    verdicts = exact(Manners(2), *((now, before if now == 0 else after, 0) for now in times))
    assert [verdict.look for verdict in verdicts] == [False, False, False, True]


def test_while_one_talks_with_it_another_waits_for_longer_and_the_one_is_told_once() -> None:
    manners = Manners(2)
    verdicts = exact(manners, (0, 0, 1), (1, 1, 1), (2, 1, 1), (ALONE_S + 2, 1, 1), (ALONE_S + PREFER_S + 1, 1, 1))
    assert [verdict.tell for verdict in verdicts] == [False, True, False, False, False]
    assert [verdict.look for verdict in verdicts] == [False, False, False, False, True]
    assert exact(manners, (100, 2, 1))[0].tell


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 4), st.integers(0, 2))))
def test_it_never_looks_where_nobody_waits_nor_tells_where_nobody_talks(steps: list[tuple[float, int, int]]) -> None:
    manners, now = Manners(2), 0.0
    for after, waiting, talks in steps:
        now += after
        verdict = manners.judge(Sight(waiting, None, talks), now)
        assert not (verdict.look and waiting == 0)
        assert not (verdict.tell and talks == 0)


# ── manners, by the pulse alone ──────────────────────────────────────────────────────────────────────────────────────


def by_pulse(manners: Manners, *steps: tuple[float, int | None, int]) -> list[bool]:
    return [manners.judge(Sight(None, here, talks), now).look for now, here, talks in steps]


def test_it_looks_where_hardly_anybody_is_and_not_where_people_have_each_other() -> None:
    assert by_pulse(Manners(2), (0, None, 0), (1, 5, 0), (2, FEW, 0), (3, 15, 0), (4, 1_200, 0)) == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_its_own_peers_are_none_of_those_others() -> None:
    assert by_pulse(Manners(8), (0, 15, 0)) == [True]


def test_it_rests_after_each_beginning_and_end_of_a_talk() -> None:
    assert by_pulse(Manners(2), (0, 5, 0), (1, 5, 1), (REST_S, 5, 1), (REST_S + 1, 5, 1), (REST_S + 2, 5, 0)) == [
        True,
        False,
        False,
        True,
        False,
    ]


def test_it_keeps_away_for_longer_where_another_bot_is() -> None:
    for dice, until in ((0.0, 2 * REST_S), (1.0, 6 * REST_S)):
        manners = Manners(2)
        manners.met_a_bot(0, dice)
        assert by_pulse(manners, (until - 1, 5, 0), (until, 5, 0)) == [False, True]


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Echo", NICKNAME),
        ("  Old   friend ", f"Old friend{MARK}"),
        ("Echo (a bot)", NICKNAME),
        ("x" * 24, "x" * 24 + MARK),
    ],
)
def test_every_name_says_that_it_is_a_bot(given: str, shown: str) -> None:
    assert nickname(given) == shown
    assert is_bot(shown)
    assert len(shown) <= 32


@pytest.mark.parametrize("given", ["", "  ", "(a bot)", "x" * 25])
def test_a_name_that_is_none_or_leaves_no_room_for_that_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="1 to 24 letters"):
        nickname(given)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("picture", SendPicture()),
        ("Send me a picture, please!", SendPicture()),
        ("VOICE", SendVoice()),
        ("hum a tune", SendVoice()),
        ("call me", Ring(video=False)),
        ("Video call", Ring(video=True)),
        ("call me with video", Ring(video=True)),
        ("words?", SayWords()),
        ("Bye!", Leave()),
    ],
)
def test_it_knows_a_few_words_however_they_are_written(text: str, deed: answers.Deed) -> None:
    assert answer(text, "Ana", 0)[-1] == deed


@pytest.mark.parametrize(
    "text", ["I once had a picture of you", "call me when you are done", "bye said she", "good", "!!!", "🐢", "  x  "]
)
def test_everything_else_is_said_back(text: str) -> None:
    for nth in range(4):
        (deed,) = answer(text, "Ana", nth)
        assert isinstance(deed, Say)
        assert text.strip() in deed.text


def test_who_asks_is_told_that_it_is_a_bot() -> None:
    for text in ("Are you a bot?", "are you human", "Are you real?", "who are you"):
        (deed,) = answer(text, "Ana", 0)
        assert isinstance(deed, Say)
        assert "I am a bot" in deed.text
    assert all("bot" in deed.text for deed in answers.GREETING[:1])


@given(st.text(min_size=1, max_size=TEXT_MOST), st.text(min_size=1, max_size=32), st.integers(0, 100))
def test_whatever_is_said_what_it_says_can_be_sent(text: str, stranger: str, nth: int) -> None:
    for deed in answer(text, stranger, nth):
        assert not isinstance(deed, Say) or 1 <= len(deed.text) <= TEXT_MOST


def test_it_types_for_a_moment_longer_for_longer_lines_and_never_for_long() -> None:
    assert 0.3 < answers.pause_s("hm", 0) < answers.pause_s("a longer line", 0.5) < answers.pause_s("x" * 4_000, 1) < 4


# ── what it makes up ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_pictures_and_tunes_that_it_makes_up_differ() -> None:
    drawn = [picture.made_up(random.Random(seed)) for seed in range(3)]
    assert len(set(drawn)) == 3
    assert {Image.open(io.BytesIO(data)).size for data in drawn} == {picture.SIZE}
    hummed = [tune.made_up(random.Random(seed)) for seed in range(3)]
    assert len(set(hummed)) == 3
    for data in hummed:
        samples = array("h", data)
        assert 2 < len(samples) / tune.RATE < 6
        assert 3_000 < max(map(abs, samples)) < 20_000
