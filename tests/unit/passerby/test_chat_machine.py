"""What is decided at the terminal: where one is, and what is to be done."""

from pathlib import Path
from typing import Any

import pytest

from broker.messages import Counts
from passerby.chat import letters, state, texts
from passerby.chat.conversation import Conversation, Note, Spoken
from passerby.chat.machine import Chat
from passerby.chat.state import Effect, Phase
from stranger import errors, events, news
from tests.unit.passerby.visitors import wishes

HERE = Path("/home/ana")


def chat(phase: Phase = Phase.GATE, name: str = "Ana", **more: Any) -> Chat:
    """Bring somebody that far, as they would come there."""
    one = Chat(wishes(name, **more), HERE)
    steps = [Phase.NAMING, Phase.ARRIVING, Phase.LOOKING, Phase.TALKING, Phase.OVER]
    for step in steps[: steps.index(phase) + 1] if phase in steps else []:
        match step:
            case Phase.NAMING:
                one.enter("yes", 0)
            case Phase.LOOKING:
                one.arrived(0)
            case Phase.TALKING:
                one.met(Conversation("Bo"))
            case Phase.OVER:
                one.hear(events.Over("left"), 0)
    return one


def talk(one: Chat) -> Conversation:
    assert one.talk is not None
    return one.talk


def last(one: Chat) -> str:
    line = talk(one).lines[-1]
    assert isinstance(line, Note)
    return line.text


def test_nothing_is_done_before_yes() -> None:
    one = chat()
    assert one.enter("hello", 0) == []
    assert one.enter("", 0) == []
    assert one.phase is Phase.GATE
    assert one.enter("/quit", 0) == [state.Quit()]


def test_yes_with_a_name_goes_there_and_looks() -> None:
    one = chat()
    assert one.enter("Yes", 0) == [state.Come("Ana")]
    assert one.arrived(0) == [state.Look()]
    assert one.phase is Phase.LOOKING


def test_without_a_name_it_is_asked_for_and_one_is_suggested() -> None:
    one = chat(name="")
    assert one.enter("y", 0) == []
    assert one.phase is Phase.NAMING
    assert one.enter("  \x07 ", 0) == []
    assert one.enter("", 0) == [state.Come("Quiet Otter")]
    other = chat(name="")
    other.enter("y", 0)
    assert other.enter(" Cy ", 0) == [state.Come("Cy")]


def test_a_line_is_said_as_it_was_typed_without_what_has_no_shape() -> None:
    one = chat(Phase.TALKING)
    assert one.enter("  hello\x1b\nthere ", 0) == [state.Say("hello\nthere")]
    assert one.enter("   ", 0) == []


def test_a_line_that_is_too_long_is_not_sent() -> None:
    one = chat(Phase.TALKING)
    assert one.enter("x" * 4_003, 0) == []
    assert last(one) == "That is 3 letters too many, and was not sent."
    assert one.enter("x" * 4_000, 0) == [state.Say("x" * 4_000)]


def test_a_mistyped_command_is_not_said() -> None:
    one = chat(Phase.TALKING)
    assert one.enter("/nxet", 0) == []
    assert "/nxet" in last(one)


def test_next_parts_looks_and_forgets() -> None:
    one = chat(Phase.TALKING)
    talk(one).say("secret")
    assert one.enter("/next", 5) == [state.Part("skipped"), state.Look()]
    assert one.talk is None
    assert "secret" not in repr(vars(one))


def test_stop_goes_back_to_the_lobby_from_everywhere() -> None:
    one = chat(Phase.TALKING)
    assert one.stop() == [state.Part("left")]
    assert one.phase is Phase.LOBBY
    other = chat(Phase.LOOKING)
    assert other.stop() == [state.Halt()]
    over = chat(Phase.OVER)
    assert over.stop() == []
    assert over.talk is None


def test_what_was_said_stays_to_be_read_until_one_moves_on() -> None:
    one = chat(Phase.OVER)
    assert last(one) == "Bo left."
    assert one.enter("hello?", 0) == []
    assert last(one) == texts.OVER_SAID
    assert one.next(0) == [state.Look()]
    assert one.talk is None


def test_typing_is_told_in_a_talk_only() -> None:
    assert chat(Phase.TALKING).type(0, empty=False) == [state.Type(on=True)]
    assert chat(Phase.LOOKING).type(0, empty=False) == []
    assert chat(Phase.OVER).type(0, empty=False) == []


def test_a_call_is_declined_in_words() -> None:
    one = chat(Phase.TALKING)
    assert one.hear(events.Rang(video=True), 0) == [state.Decline()]
    assert "with video" in last(one)


def test_an_alarm_ends_the_talk_and_shows_nothing_of_it() -> None:
    one = chat(Phase.TALKING)
    one.hear(events.Heard(0, "believe me"), 0)
    one.hear(events.Alarm("commitment"), 0)
    assert one.phase is Phase.ALARM
    assert one.talk is None


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def with_picture(**more: Any) -> Chat:
    one = chat(Phase.TALKING, **more)
    one.hear(events.Coming(0, "image", 3), 0)
    one.hear(events.Arrived(0, "image", "image/png", b"png"), 0)
    return one


def kept(effects: list[Effect]) -> Path:
    [keep] = effects
    assert isinstance(keep, state.Keep)
    assert keep.good.data == b"png"
    return keep.folder


def test_a_picture_is_never_written_because_it_came() -> None:
    one = chat(Phase.TALKING)
    assert one.hear(events.Coming(0, "image", 3), 0) == []
    assert one.hear(events.Arrived(0, "image", "image/png", b"png"), 0) == []
    assert one.tick(1) == []


def test_the_folder_is_shown_before_anything_is_written_there() -> None:
    one = with_picture()
    assert one.enter("/save 1", 0) == []
    assert str(HERE) in last(one)
    assert kept(one.enter("/save 1", 0)) == HERE
    assert kept(one.save()) == HERE  # it was agreed to


def test_a_folder_that_was_named_needs_no_question() -> None:
    assert kept(with_picture().enter("/save 1 /tmp/my pictures", 0)) == Path("/tmp/my pictures")  # noqa: S108
    assert kept(with_picture(save=Path("/srv")).save()) == Path("/srv")


def test_what_is_not_there_cannot_be_kept() -> None:
    one = with_picture()
    assert one.enter("/save 7", 0) == []
    assert last(one) == "There is no picture or voice note 7 here."
    assert chat(Phase.TALKING).save() == []


def test_a_path_is_read_as_terminals_put_it_down() -> None:
    one = chat(Phase.TALKING)
    for typed in ("/image /a b.png", "/image '/a b.png'", "/image /a\\ b.png"):
        assert one.enter(typed, 0) == [state.SendImage(Path("/a b.png"))]


def test_what_still_comes_can_be_refused() -> None:
    one = chat(Phase.TALKING)
    one.hear(events.Coming(8, "image", 3), 0)
    assert one.enter("/refuse 2", 0) == []
    assert one.enter("/refuse 1", 0) == [state.Refuse(8)]


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_is_a_reason_and_maybe_a_block() -> None:
    one = chat(Phase.TALKING)
    assert one.enter("/report spam", 0) == [state.Report("spam", block=False)]
    assert one.enter("/report Minor block", 0) == [state.Report("minor", block=True)]
    assert one.enter("/report because", 0) == [state.Show("report")]
    assert chat(Phase.OVER).enter("/block", 0) == [state.Block()]
    assert chat(Phase.LOOKING).enter("/block", 0) == []


def test_a_block_ends_the_talk_unless_it_came_too_late() -> None:
    one = chat(Phase.OVER)
    one.blocked(done=False)
    assert last(one) == texts.LATE
    one.blocked(done=True)
    assert one.phase is Phase.PARTED
    assert one.talk is None


# ── between talks ────────────────────────────────────────────────────────────────────────────────────────────────────


def shown(one: Chat, now: float = 0) -> str:
    letter = letters.letter(one, now)
    assert letter is not None
    return " ".join((letter.title, *letter.text, *letter.points, letter.passing))


def test_the_gate_says_what_the_stranger_learns() -> None:
    assert "will learn your network address" in shown(chat())
    assert "does not learn your network address" in shown(chat(hide=True))


def test_who_waits_is_told_how_many_are_here_and_how_long_it_takes() -> None:
    one = chat(Phase.LOOKING)
    one.counts = Counts(here=40, waiting=5, talking=20, wait=10)
    assert "About 40 people are here, 20 of them talking." in shown(one, 3)
    assert "within 10 s" in shown(one, 3)
    assert "Looking for 3 s" in shown(one, 3)
    assert "within" not in shown(one, 16)
    assert texts.LOOKING_LONG in shown(one, 31)


@pytest.mark.parametrize(("reason", "told"), [("busy", "Many are looking"), ("slow", "many strangers in little time")])
def test_a_pause_is_told_and_passes(reason: str, told: str) -> None:
    one = chat(Phase.LOOKING)
    one.heed(news.Paused(reason, 8.0), 10)  # type: ignore[arg-type]
    assert told in shown(one, 11)
    assert "in 7 s" in shown(one, 11)
    one.tick(18)
    assert told not in shown(one, 18)


def test_who_is_found_and_missed_is_told_and_three_times_says_something_about_the_network() -> None:
    one = chat(Phase.LOOKING)
    for _ in range(3):
        one.heed(news.Found(), 0)
        assert one.phase is Phase.CONNECTING
        one.heed(news.Missed(), 0)
    assert texts.FAILING in shown(one)


def test_a_lost_lobby_is_told_until_it_is_back() -> None:
    one = chat(Phase.LOOKING)
    one.heed(news.Away("", 5), 0)
    assert "out of reach" in shown(one)
    one.heed(news.Here(), 2)
    assert "out of reach" not in shown(one)


def test_a_ban_tells_reason_end_code_and_contact_and_can_be_waited_for() -> None:
    one = chat(Phase.LOOKING)
    one.failed(errors.ShutOut("skips", 3_600, "abcd-1234", "ana@\x1bexample.org"), 100)
    text = shown(one, 100)
    for part in ("shut out for a while", "left at once", "1 h", "abcd-1234", "ana@example.org"):
        assert part in text
    assert one.next(200) == []
    assert one.next(3_700) == [state.Come("Ana")]


def test_a_kick_is_a_moment() -> None:
    one = chat(Phase.TALKING)
    one.failed(errors.ShutOut("pace", 60, "abcd", None), 0)
    assert "Disconnected for a moment" in shown(one)
    assert texts.BANNED_NO_CONTACT in shown(one)


def test_without_a_relay_nobody_is_shown_the_address() -> None:
    one = chat(Phase.LOOKING, hide=True)
    one.failed(errors.NoRelay("there is no relay here to hide the address behind"), 0)
    assert one.phase is Phase.LOBBY
    assert "no relay here" in one.word
    assert "told no address" in one.word


def test_a_place_that_is_not_there_is_said_and_can_be_tried_again() -> None:
    one = chat(Phase.ARRIVING)
    one.failed(errors.Away("nobody lets us in"), 0)
    assert "Nobody lets us in." in shown(one)
    assert one.next(1) == [state.Come("Ana")]


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase not in (Phase.TALKING, Phase.OVER)])
def test_every_screen_says_something(phase: Phase) -> None:
    one = chat(Phase.LOOKING)
    one.phase, one.stopped = phase, "It is not there."
    one.ban = state.Ban("pace", 9, kick=True, code="a", contact=None)
    assert shown(one)


def test_effects_show_nothing_of_what_is_said() -> None:
    [effect] = chat(Phase.TALKING).enter("secret", 0)
    assert "secret" not in repr(effect)
    assert isinstance(talk(chat(Phase.TALKING)).lines[0], Note | Spoken)
