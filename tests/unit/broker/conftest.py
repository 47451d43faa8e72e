"""Vectors, and what the unit tests of the ground are made of."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from broker.addresses import Salts
from broker.gate import Gate
from broker.identity import unb64url
from broker.limits import Limits
from broker.seats import SeatKeys

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
NOW = 1_800_000_000.0


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test marked `vectors("file.json", "list")` one case at a time, as `case`."""
    marker = metafunc.definition.get_closest_marker("vectors")
    if marker is not None:
        name, part = marker.args
        cases = vectors(name)[part]
        metafunc.parametrize("case", cases, ids=[label(case) for case in cases])


def label(case: object) -> str:
    text = "-".join(str(value) for value in case.values()) if isinstance(case, dict) else str(case)
    return text.encode("unicode_escape").decode()[:80]


@pytest.fixture
def seat_vectors() -> Any:
    return vectors("seats.json")


@pytest.fixture
def keys(seat_vectors: Any) -> SeatKeys:
    return SeatKeys({int(i): unb64url(k) for i, k in seat_vectors["keys"].items()}, seat_vectors["current"])


@pytest.fixture
def make_gate(keys: SeatKeys) -> Callable[..., Gate]:
    def make(**limits: Any) -> Gate:
        return Gate(
            name="test",
            keys=keys,
            salts=Salts(lambda day: day.to_bytes(32, "big")),
            internal={"service": "s3cret", "desk-anna": "anna's"},
            limits=Limits(**limits),
        )

    return make


@pytest.fixture
def gate(make_gate: Callable[..., Gate]) -> Gate:
    return make_gate()
