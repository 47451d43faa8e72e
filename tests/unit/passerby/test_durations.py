"""Times as people write and read them."""

import pytest

from passerby import durations


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("1h", 3600), ("24h", 86_400), (" 2d ", 172_800)]
)
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert durations.read(text) == seconds


@pytest.mark.parametrize("text", ["", "1", "h", "1 h", "-1h", "0s", "1.5h", "1w", "1h30m", "9999999999s", "\u0661h"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="90s, 15m, 1h"):
        durations.read(text)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (125, "2 min 5 s"),
        (599, "9 min 59 s"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (3_900, "1 h 5 min"),
        (86_400, "24 h"),
    ],
)
def test_it_is_said_as_exactly_as_matters(seconds: int, said: str) -> None:
    assert durations.tell(seconds) == said
