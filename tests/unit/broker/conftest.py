"""What the unit tests of the ground are made of."""

from collections.abc import Callable
from typing import Any

import pytest

from broker.addresses import Salts
from broker.firewall import Teller
from broker.gate import Gate
from broker.identity import unb64url
from broker.limits import Limits
from broker.seats import SeatKeys
from tests.vectors.read import vectors

NOW = 1_800_000_000.0


@pytest.fixture
def seat_vectors() -> Any:
    return vectors("seats.json")


@pytest.fixture
def keys(seat_vectors: Any) -> SeatKeys:
    return SeatKeys({int(i): unb64url(k) for i, k in seat_vectors["keys"].items()}, seat_vectors["current"])


@pytest.fixture
def make_gate(keys: SeatKeys) -> Callable[..., Gate]:
    def make(firewall: Teller | None = None, **limits: Any) -> Gate:
        return Gate(
            name="test",
            keys=keys,
            salts=Salts(lambda day: day.to_bytes(32, "big")),
            internal={"service": "s3cret", "desk-anna": "anna's"},
            limits=Limits(**limits),
            firewall=firewall,
        )

    return make


@pytest.fixture
def gate(make_gate: Callable[..., Gate]) -> Gate:
    return make_gate()
