"""The page of the settings: all of them, each with its unit, and nothing secret."""

import pytest

from passerby import reference
from passerby.following import LIVE
from passerby.settings import Settings


def test_the_page_has_every_setting_once_and_says_which_take_effect_at_once() -> None:
    rows = [line.split(" | ") for line in reference.page().splitlines() if line.startswith("| `")]
    assert [row[0] for row in rows] == [f"| `{name}`" for name in Settings.model_fields]
    assert {row[0][3:-1] for row in rows if row[3] == "yes"} == LIVE
    assert all(row[4].strip(" |") for row in rows)


def test_a_number_without_a_unit_cannot_be_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "UNITS", {name: unit for name, unit in reference.UNITS.items() if name != "effort"})
    with pytest.raises(ValueError, match="effort is a number without a unit"):
        reference.page()


def test_a_unit_of_a_setting_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "UNITS", {**reference.UNITS, "gone": "seconds"})
    with pytest.raises(ValueError, match="there is no setting gone"):
        reference.page()
