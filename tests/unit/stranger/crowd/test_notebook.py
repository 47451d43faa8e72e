"""What a peer writes down is what it was told and what it did, whether its machine obeyed or not."""

from itertools import count

import pytest

from broker.messages import Counts, Down, Ended, Matched, Refused, Welcome
from stranger.crowd import entries
from stranger.crowd.entries import What
from stranger.crowd.notebook import Noting
from stranger.lobby.state import Timer, Wish

KEY = "B" + "k" * 86
LIFE = "l" * 11
FIRST, SECOND = "1" * 22, "2" * 22
SESSION, ANOTHER = "s" * 22, "z" * 22
SEAT, NEXT, THEIRS = "s" * 56, "n" * 56, "t" * 56
WELCOME = Welcome(
    life=LIFE,
    version=1,
    epoch=5,
    seat=SEAT,
    ttl=600,
    ping=20,
    pulse=Counts(here=0, waiting=0, talking=0),
    relay="none",
    ice=[],
)


def matched(ticket: str, session: str = SESSION) -> Matched:
    return Matched(
        life=LIFE,
        epoch=5,
        ticket=ticket,
        session=session,
        to=THEIRS,
        key=KEY,
        role="a",
        handshake="offer",
        tags=[],
        ice=[],
        seat=NEXT,
        ttl=600,
    )


class Peer:
    """A peer that is welcome, and what it wrote since."""

    def __init__(self) -> None:
        self.wrote: list[What] = []
        numbers = count(1)
        self.lobby = Noting(lambda: (str(next(numbers)) * 22, KEY), lambda: 0.5, self.wrote.append)
        self.lobby.connected(LIFE, 3, 0.0)
        self.lobby.hear(WELCOME, 0.1)
        assert self.take() == [entries.Here()]

    def take(self) -> list[What]:
        wrote = list(self.wrote)
        self.wrote.clear()
        return wrote

    def look(self, now: float = 1.0) -> None:
        self.lobby.look(Wish("voice", ("chess",)), now)


@pytest.fixture
def peer() -> Peer:
    return Peer()


def joined(number: int, waited_s: float = 0.0, seat: str = SEAT) -> entries.Joined:
    return entries.Joined(str(number) * 22, seat, KEY, "voice", ("chess",), (), waited_s)


def test_a_session_from_its_wish_to_its_end(peer: Peer) -> None:
    peer.look()
    peer.lobby.hear(matched(FIRST), 2.0)
    peer.lobby.opened(SESSION, 2.1)
    peer.lobby.over(SESSION, "skipped", 3.0)
    assert peer.take() == [
        joined(1),
        entries.Matched(FIRST, SESSION, THEIRS, KEY, "a"),
        entries.Opened(SESSION),
        entries.Parted(SESSION, "skipped"),
    ]


def test_a_second_match_is_written_down_though_the_machine_ignores_it(peer: Peer) -> None:
    peer.look()
    peer.lobby.hear(matched(FIRST), 2.0)
    peer.take()
    peer.lobby.hear(matched(FIRST, ANOTHER), 2.1)
    assert peer.take() == [entries.Matched(FIRST, ANOTHER, THEIRS, KEY, "a")]


def test_a_wish_that_is_repeated_is_written_down_once(peer: Peer) -> None:
    peer.look()
    peer.lobby.woke(Timer.JOIN, 3.0)
    assert peer.take() == [joined(1)]


def test_a_wish_that_a_new_service_has_to_hear_is_written_down_anew(peer: Peer) -> None:
    peer.look()
    peer.lobby.hear(Down(epoch=5, kind="down"), 2.0)
    peer.lobby.hear(WELCOME.model_copy(update={"epoch": 6}), 4.5)
    assert peer.take() == [joined(1), entries.Away(connected=False), joined(1, 3.5), entries.Here()]


def test_a_handshake_that_fails_is_the_end_of_its_session_and_a_new_wish(peer: Peer) -> None:
    peer.look()
    peer.lobby.hear(matched(FIRST), 2.0)
    peer.take()
    peer.lobby.failed(SESSION, 8.0)
    assert peer.take() == [entries.Parted(SESSION, "failed"), joined(2, 7.0, NEXT)]


def test_a_stranger_who_left_ends_a_session_without_a_mood_of_mine(peer: Peer) -> None:
    peer.look()
    peer.lobby.hear(matched(FIRST), 2.0)
    peer.take()
    peer.lobby.hear(Ended(life=LIFE, session=SESSION, mood="left", ticket=FIRST), 3.0)
    assert peer.take()[0] == entries.Parted(SESSION, None)


def test_a_wish_that_is_refused_waits_no_longer(peer: Peer) -> None:
    peer.look()
    peer.take()
    peer.lobby.hear(Refused(life=LIFE, ticket=FIRST, reason="slow", retry=5), 2.0)
    assert peer.take() == [entries.Dropped(FIRST), entries.Held("slow")]


def test_a_wish_that_is_withdrawn_is_dropped(peer: Peer) -> None:
    peer.look()
    peer.take()
    peer.lobby.cancel(2.0)
    assert peer.take() == [entries.Dropped(FIRST)]


def test_the_end_of_a_life_is_written_down_once(peer: Peer) -> None:
    peer.lobby.lost()
    peer.lobby.lost()
    assert peer.take() == [entries.Away(connected=True)]
