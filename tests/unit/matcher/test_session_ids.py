"""A session id says in which mode it began, and nothing else."""

import random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.identity import unb64url
from broker.messages import Mode
from matcher.session_ids import SESSION_BYTES, draw, mode_of

MODES: tuple[Mode, ...] = get_args(Mode)


class Seeded:
    """Repeatable chance."""

    def __init__(self) -> None:
        self._random = random.Random(1)

    def token(self, n_bytes: int) -> bytes:
        return self._random.randbytes(n_bytes)

    def below(self, n: int) -> int:
        return self._random.randrange(n)


@pytest.mark.parametrize("mode", MODES)
def test_the_mode_is_read_back(mode: Mode) -> None:
    """All other bits are chance."""
    chance = Seeded()
    drawn = [draw(mode, chance) for _ in range(200)]
    assert {mode_of(session) for session in drawn} == {mode}
    bits = [int.from_bytes(unb64url(session)) for session in drawn]
    varied = [place for place in range(8 * SESSION_BYTES) if len({number >> place & 1 for number in bits}) == 2]
    assert len(varied) == 8 * SESSION_BYTES - 2


@given(st.from_regex(r"\A[A-Za-z0-9_-]{22}\Z"))
def test_whatever_a_peer_makes_up_has_a_mode(session: str) -> None:
    """Also what no encoder writes."""
    assert mode_of(session) in MODES
