"""How fast one may speak."""

from hypothesis import given
from hypothesis import strategies as st

from stranger.channels import BURST as TAKEN_AT_ONCE
from stranger.channels import PER_SECOND as TAKEN_PER_S
from stranger.pace import BURST, PER_S, Pace


def test_some_may_be_said_at_once_and_then_each_waits_its_turn() -> None:
    pace = Pace(0.0)
    assert [pace.wait_s(0.0) for _ in range(int(BURST))] == [0.0] * int(BURST)
    assert pace.wait_s(0.0) == 1 / PER_S
    assert pace.wait_s(0.0) == 2 / PER_S


@given(st.lists(st.floats(0, 0.2), min_size=1, max_size=400))
def test_whoever_waits_their_turn_is_never_a_flood_to_the_other_side(pauses: list[float]) -> None:
    pace, now, tokens, filled = Pace(0.0), 0.0, float(TAKEN_AT_ONCE), 0.0
    sent = []
    for pause in pauses:
        now += pause
        sent.append(now + pace.wait_s(now))
    for at in sorted(sent):
        tokens = min(TAKEN_AT_ONCE, tokens + (at - filled) * TAKEN_PER_S)
        filled = at
        assert tokens >= 1
        tokens -= 1
