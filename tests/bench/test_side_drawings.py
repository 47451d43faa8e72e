"""Each section that has a plot is drawn from its samples as they are, without a word missing."""

from pathlib import Path
from typing import Any

import pytest

from bench.figures import PLOTLESS
from bench.side.drawings import draw

SAMPLES: dict[str, dict[str, Any]] = {
    "talk": {
        "cells": [
            {"system": system, "start": start, "addedMs": added, "openMs": [added + 20.0, added + 30.0]}
            for system in ("Passerby", "others")
            for start in ("warm", "cold")
            for added in (0, 50)
        ]
    },
    "matches": {
        "rounds": {"Passerby": [{"match_ms": {"broker": 0.5, "service": 1.0}}], "ws": [{"match_ms": {"server": 1}}]}
    },
    "idle": {"held": {"Passerby": {"bytes_each": {100: {"broker": 4096, "service": 2048}}, "wire_each": 584}}},
    "growth": {
        "curvesMs": {"in memory": {100: 0.3, 1000: 0.31}},
        "prices": {"apart": {100: [{"pause_ms": 3}], 1000: [{"pause_ms": 30}]}},
    },
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_section_is_drawn(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.svg"
    said = draw(name, SAMPLES[name], path)
    if said == PLOTLESS:
        assert not path.exists()
        return
    assert said == f"drawn in {path}"
    assert "<svg" in path.read_text()


def test_what_is_no_picture_is_not_drawn(tmp_path: Path) -> None:
    assert draw("weight", {}, tmp_path / "weight.svg") is None
