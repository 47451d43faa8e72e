"""What a stranger sends beside words: put together, bounded, and costing no more than one line."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.conversation import Parcel, ParcelRefusal, Refuse, Taken
from stranger.events import Arrived, Coming, Missed, Notice
from stranger.parcels.goods import Made
from stranger.parcels.incoming import Incoming, Told
from tests.unit.stranger.clock import Clock

MIB = 1024 * 1024
Answer = Made | ParcelRefusal
FINE = Made("image/jpeg", b"fine")


class Receiver:
    """Incoming, what it said and told, and a check that answers with `answer`, or when it is told to."""

    def __init__(self, answer: Answer | None = FINE) -> None:
        self.clock = Clock()
        self.said: list[Refuse | Taken] = []
        self.told: list[Told] = []
        self.answer = answer
        self.lent: list[bytearray] = []
        self.seen: list[bytes] = []
        self.done: list[Callable[[Answer], None]] = []
        self.into = Incoming(
            say=self.said.append,
            tell=self.told.append,
            check=self._check,
            now=self.clock.now,
            later=self.clock.later,
        )

    def _check(self, _: Parcel, data: bytearray, done: Callable[[Answer], None]) -> None:
        self.lent.append(data)
        self.seen.append(bytes(data))
        if self.answer is None:
            self.done.append(done)
        else:
            done(self.answer)

    def announce(self, nth: int, size: int, **more: Any) -> None:
        self.into.announced(Parcel(**{"id": nth, "what": "image", "type": "image/jpeg", "size": size, **more}))

    def bytes(self, nth: int, size: int) -> None:
        self.into.hear(nth.to_bytes(4, "big") + bytes([nth % 255 + 1]) * size)

    def send(self, nth: int, size: int) -> None:
        self.announce(nth, size)
        self.bytes(nth, size)

    @property
    def begun(self) -> list[int]:
        return [event.nth for event in self.told if isinstance(event, Coming)]

    @property
    def arrived(self) -> list[int]:
        return [event.nth for event in self.told if isinstance(event, Arrived)]

    @property
    def missed(self) -> list[tuple[int, str]]:
        return [(event.nth, event.why) for event in self.told if isinstance(event, Missed)]

    @property
    def notices(self) -> list[str]:
        return [event.what for event in self.told if isinstance(event, Notice)]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def patient() -> Receiver:
    """Whose checks take until they are told to end."""
    return Receiver(answer=None)


# ── receiving ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_parcel_is_put_together_checked_and_said_to_be_taken(receiver: Receiver) -> None:
    receiver.announce(0, 5)
    receiver.bytes(0, 2)
    receiver.bytes(0, 3)
    assert receiver.seen == [b"\x01" * 5]
    assert receiver.told == [Coming(0, "image", 5), Arrived(0, "image", "image/jpeg", b"fine")]
    assert receiver.said == [Taken(id=0)]
    assert receiver.lent == [bytes(5)]
    assert receiver.clock.timers == []


def test_of_a_voice_note_is_told_how_long_and_how_loud(receiver: Receiver) -> None:
    receiver.answer = Made("audio/webm", b"sound")
    receiver.announce(0, 2, what="voice", type="audio/webm", ms=900, wave=[1, 31])
    receiver.bytes(0, 2)
    assert receiver.told[-1] == Arrived(0, "voice", "audio/webm", b"sound", 900, (1, 31))


def test_bytes_may_come_before_the_word_about_them(receiver: Receiver) -> None:
    receiver.bytes(0, 2)
    receiver.announce(0, 5)
    receiver.bytes(0, 3)
    assert receiver.said == [Taken(id=0)]


def test_the_sender_is_told_why_it_was_not_good_and_the_next_is_checked(receiver: Receiver) -> None:
    answers: list[Answer] = ["type", "unreadable", FINE]
    for nth, receiver.answer in enumerate(answers):
        receiver.send(nth, 1)
    assert receiver.said == [Refuse(id=0, why="type"), Refuse(id=1, why="unreadable"), Taken(id=2)]
    assert receiver.missed == [(0, "type"), (1, "unreadable")]


def test_one_is_checked_at_a_time(patient: Receiver) -> None:
    patient.send(0, 1)
    patient.send(1, 1)
    assert len(patient.done) == 1
    patient.done[0](FINE)
    assert len(patient.done) == 2
    assert patient.arrived == [0]


def test_what_stalls_is_given_up(receiver: Receiver) -> None:
    receiver.announce(0, 5)
    receiver.clock.advance(29)
    receiver.bytes(0, 1)
    receiver.clock.advance(29.75)
    assert receiver.said == []
    receiver.clock.advance(0.25)
    assert receiver.said == [Refuse(id=0, why="unreadable")]
    assert receiver.missed == [(0, "unreadable")]


def test_what_is_whole_does_not_stall_however_long_it_is_checked(patient: Receiver) -> None:
    patient.send(0, 1)
    patient.clock.advance(60)
    patient.done[0](FINE)
    assert patient.said == [Taken(id=0)]


# ── changing one's mind ──────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_the_senders_right_also_while_it_is_checked(patient: Receiver) -> None:
    patient.send(0, 1)
    patient.send(1, 1)
    patient.into.dropped(0)
    patient.into.dropped(1)
    patient.done[0](FINE)
    assert patient.missed == [(0, "stopped"), (1, "stopped")]
    assert (patient.arrived, patient.said, len(patient.done)) == ([], [], 1)


def test_it_is_the_receivers_right_and_what_is_under_way_costs_no_word(receiver: Receiver) -> None:
    receiver.announce(0, 8 * MIB)
    receiver.bytes(0, 16_384)
    receiver.into.refuse(0)
    for _ in range(100):
        receiver.bytes(0, 16_384)
    assert receiver.said == [Refuse(id=0, why="unwanted")]
    assert receiver.missed == [(0, "unwanted")]
    assert receiver.notices == []


# ── a stranger who does not keep to it ───────────────────────────────────────────────────────────────────────────────


def test_more_than_announced_is_refused(patient: Receiver) -> None:
    """Also while it is being checked, and what is checked then is forgotten."""
    patient.announce(0, 5)
    patient.bytes(0, 6)
    assert patient.said == [Refuse(id=0, why="size")]
    patient.send(1, 5)
    patient.bytes(1, 1)
    assert patient.said[1:] == [Refuse(id=1, why="size")]
    patient.done[0](FINE)
    assert patient.arrived == []


def test_what_was_never_announced_costs_one_word_however_much(receiver: Receiver) -> None:
    for nth in range(10_000):
        receiver.bytes(1_000 + nth % 7, 16_384)
    for nonsense in ("text", b"", bytes(4), None, 7):
        receiver.into.hear(nonsense)
    assert receiver.told == [Notice("stray")]
    assert receiver.said == []


def test_what_was_refused_goes_on_far_beyond_what_can_have_been_under_way_for_one_word(receiver: Receiver) -> None:
    receiver.announce(0, 5)
    receiver.into.refuse(0)
    for _ in range(1_024):
        receiver.bytes(0, 16_384)
    assert receiver.notices == []
    receiver.bytes(0, 1)
    receiver.bytes(0, 1)
    assert receiver.notices == ["stray"]


def test_a_number_used_again_or_a_lower_one_begins_nothing_and_harms_nothing(receiver: Receiver) -> None:
    receiver.announce(3, 2)
    receiver.announce(3, 9)
    receiver.announce(1, 9)
    receiver.bytes(3, 2)
    assert receiver.begun == [3]
    assert receiver.said == [Taken(id=3)]
    assert receiver.notices == ["stray"]


def test_of_many_at_once_three_begin_and_the_rest_costs_one_word(receiver: Receiver) -> None:
    for nth in range(100):
        receiver.announce(nth, 8 * MIB)
    assert receiver.begun == [0, 1, 2]
    assert receiver.said == [Refuse(id=nth, why="many") for nth in range(3, 100)]
    assert receiver.notices == ["flood"]


def test_of_small_ones_without_end_so_many_a_minute_are_taken(receiver: Receiver) -> None:
    for nth in range(200):
        receiver.send(nth, 1)
    assert len(receiver.arrived) == 20
    receiver.clock.time += 60
    for nth in range(200, 400):
        receiver.send(nth, 1)
    assert len(receiver.arrived) == 35
    receiver.clock.time += 3_600
    for nth in range(400, 600):
        receiver.send(nth, 1)
    assert len(receiver.arrived) == 55
    assert receiver.notices == ["flood"]


@pytest.mark.parametrize("more", [{"type": "audio/webm"}, {"what": "voice"}])
def test_a_sound_called_a_picture_is_refused_before_a_byte_is_taken(receiver: Receiver, more: Any) -> None:
    receiver.announce(0, 5, **more)
    receiver.bytes(0, 5)
    assert receiver.said == [Refuse(id=0, why="type")]
    assert receiver.lent == []
    assert receiver.clock.timers == []


def test_what_overtakes_its_word_is_kept_for_one_number_and_within_bounds(receiver: Receiver) -> None:
    for _ in range(64):
        receiver.bytes(0, 16_384)
    assert receiver.notices == []
    receiver.bytes(0, 1)
    assert receiver.notices == ["stray"]
    receiver.announce(0, MIB)
    assert receiver.said == [Taken(id=0)]


def test_bytes_of_two_numbers_that_overtake_are_not_mixed(receiver: Receiver) -> None:
    receiver.bytes(0, 2)
    receiver.bytes(1, 2)
    receiver.announce(0, 2)
    assert receiver.seen == [b"\x01\x01"]
    assert receiver.said == [Taken(id=0)]
    assert receiver.notices == ["stray"]


def test_what_overtook_another_word_is_forgotten(receiver: Receiver) -> None:
    receiver.bytes(1, 2)
    receiver.announce(0, 2)
    receiver.announce(1, 2)
    assert receiver.seen == []
    receiver.bytes(1, 2)
    assert receiver.said == [Taken(id=1)]


def test_words_about_what_is_not_there_are_nothing(receiver: Receiver) -> None:
    receiver.into.dropped(5)
    receiver.into.refuse(5)
    assert (receiver.said, receiver.told) == ([], [])


STEPS = st.one_of(
    st.tuples(st.just("announce"), st.integers(0, 6), st.integers(1, 40)),
    st.tuples(st.just("bytes"), st.integers(0, 6), st.integers(0, 30)),
    st.tuples(st.sampled_from(["drop", "refuse", "check", "wait"]), st.integers(0, 6), st.just(0)),
)


@given(st.lists(STEPS, max_size=40))
def test_whatever_comes_each_that_begins_ends_once_and_no_more_than_three_are_open(steps: Any) -> None:
    patient = Receiver(answer=None)
    for step, nth, size in steps:
        match step:
            case "announce":
                patient.announce(nth, size)
            case "bytes":
                patient.bytes(nth, size)
            case "drop":
                patient.into.dropped(nth)
            case "refuse":
                patient.into.refuse(nth)
            case "check" if patient.done:
                patient.done.pop(0)(FINE)
            case "wait":
                patient.clock.advance(7)
        assert len(patient.begun) - len(patient.arrived) - len(patient.missed) <= 3
    patient.into.close()
    ended = [*patient.arrived, *(nth for nth, _ in patient.missed)]
    assert sorted(patient.begun) == sorted(ended)
    assert len(set(ended)) == len(ended)
    assert all(not any(data) for data in patient.lent)
    assert patient.clock.timers == []


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_end_leaves_zeros_tells_what_was_under_way_as_lost_and_takes_nothing_more(patient: Receiver) -> None:
    patient.send(0, 2)
    patient.announce(1, 9)
    patient.bytes(1, 2)
    patient.into.close()
    assert patient.lent == [bytes(2)]
    assert patient.missed == [(0, "lost"), (1, "lost")]
    patient.send(2, 9)
    patient.done[0](FINE)
    assert (patient.begun, patient.arrived, patient.said) == ([0, 1], [], [])
    assert patient.clock.timers == []
