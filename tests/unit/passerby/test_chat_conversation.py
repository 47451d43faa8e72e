"""A talk as a terminal shows it."""

import pytest

from passerby.chat import texts
from passerby.chat.conversation import KEPT_MOST, LINES_MOST, Conversation, Note, Sent, Spoken
from stranger import events

PICTURE = b"\xff\xd8"


def notes(talk: Conversation) -> list[str]:
    return [line.text for line in talk.lines if isinstance(line, Note)]


def sent(talk: Conversation) -> list[Sent]:
    return [line for line in talk.lines if isinstance(line, Sent)]


def arrived(nth: int, data: bytes = PICTURE) -> events.Arrived:
    return events.Arrived(nth, "image", "image/jpeg", data)


def test_it_begins_with_whom_and_what_both_like() -> None:
    assert notes(Conversation("Bo", ["tea", "clouds"])) == ["You met Bo. Say hello.", "You both like: tea, clouds."]


def test_what_a_stranger_sends_is_harmless_in_name_topics_and_lines() -> None:
    talk = Conversation("B\x1bo", ["t\x07ea"])
    talk.hear(events.Heard(0, "a\x1b[2Jb"), 0)
    shown = " ".join(line.text for line in talk.lines if not isinstance(line, Sent))
    assert "\x1b" not in talk.stranger + shown
    assert "\x07" not in shown


def test_a_line_of_mine_is_marked_when_that_line_has_arrived() -> None:
    talk = Conversation("Bo")
    talk.say("one")
    talk.say("two")
    talk.hear(events.Got(1), 0)
    assert [line.arrived for line in talk.lines if isinstance(line, Spoken)] == [False, True]


def test_typing_is_said_every_two_and_a_half_seconds_and_ends_after_four_without_a_key() -> None:
    talk = Conversation("Bo")
    assert talk.type(10.0, empty=False) is True
    assert talk.type(12.4, empty=False) is None
    assert talk.type(12.6, empty=False) is True
    assert talk.tick(16.5) is False
    assert talk.tick(16.6) is True
    assert talk.tick(17.0) is False


def test_an_emptied_box_says_that_one_types_no_more_and_a_line_needs_no_such_word() -> None:
    talk = Conversation("Bo")
    assert talk.type(0, empty=True) is None
    talk.type(0, empty=False)
    assert talk.type(1, empty=True) is False
    talk.type(2, empty=False)
    talk.say("hi")
    assert talk.type(2, empty=True) is None
    assert talk.tick(99) is False


def test_their_typing_is_believed_for_six_seconds_or_until_their_line() -> None:
    talk = Conversation("Bo")
    talk.hear(events.Typing(on=True), 10)
    talk.tick(15.9)
    assert talk.they_type
    talk.tick(16)
    assert not talk.they_type
    talk.hear(events.Typing(on=True), 20)
    talk.hear(events.Heard(0, "hi"), 21)
    assert not talk.they_type


def test_a_flood_of_lines_fills_no_memory() -> None:
    talk = Conversation("Bo")
    for nth in range(LINES_MOST + 5):
        talk.hear(events.Heard(nth, str(nth)), 0)
    assert len(talk.lines) == LINES_MOST
    assert talk.lines[-1].id == LINES_MOST + 6  # two notes came first


def test_a_picture_is_told_of_by_size_and_held_when_it_is_here() -> None:
    talk = Conversation("Bo")
    talk.hear(events.Coming(4, "image", 84_213), 0)
    assert talk.newest is None
    assert talk.coming(1) == 4
    talk.hear(arrived(4), 0)
    [line] = sent(talk)
    assert (line.number, line.stand) == (1, "here")
    assert talk.newest == 1
    assert talk.coming(1) is None
    good = talk.good(1)
    assert good is not None
    assert good.data == PICTURE


def test_what_is_held_never_shows_in_a_representation() -> None:
    talk = Conversation("Bo")
    talk.hear(arrived(0, b"very private"), 0)
    assert "private" not in repr(talk.good(1))


def test_only_so_many_pictures_are_held_the_oldest_going_first() -> None:
    talk = Conversation("Bo")
    for nth in range(KEPT_MOST + 1):
        talk.hear(arrived(nth), 0)
    assert talk.good(1) is None
    assert talk.good(2) is not None
    assert sent(talk)[0].stand == "old"


@pytest.mark.parametrize("why", ["stopped", "size", "type", "unreadable", "many", "unwanted", "lost"])
def test_of_what_does_not_come_it_is_said_why(why: events.Gone) -> None:
    talk = Conversation("Bo")
    talk.hear(events.Coming(0, "voice", 5), 0)
    talk.hear(events.Missed(0, why), 0)
    [line] = sent(talk)
    told = texts.sent(line.who, line.what, line.number, line.size, line.stand, talk.stranger)
    assert "voice note" in told
    assert "{" not in told


def test_the_end_says_how_it_ended_and_what_never_arrived() -> None:
    talk = Conversation("Bo")
    talk.say("one")
    talk.say("two")
    talk.hear(events.Got(0), 0)
    talk.hear(events.Coming(0, "image", 9), 0)
    talk.finish("left")
    assert notes(talk)[-2:] == ["Bo left.", "Your last line was not delivered."]
    assert sent(talk)[0].stand == "lost"


def test_what_was_dropped_is_told_in_words() -> None:
    talk = Conversation("Bo")
    for what in texts.DROPPED:
        talk.hear(events.Notice(what), 0)
    assert notes(talk)[2:] == list(texts.DROPPED.values())


def test_check_words_stand_beside_their_numbers_and_may_be_missing() -> None:
    talk = Conversation("Bo")
    assert talk.words is None
    talk.hear(events.Words((13, 202), ("bamboo", "shadow")), 0)
    assert talk.words == ((13, "bamboo"), (202, "shadow"))
    talk.hear(events.Words((), ()), 0)
    assert talk.words == ()
