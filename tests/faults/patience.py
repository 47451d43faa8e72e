"""A gate that cuts nobody off: what stands behind the limits must hold by itself, and one client can try all of it."""

from typing import Any

from broker.gate import Gate
from broker.limits import Limits
from broker.rates import Rate

ENDLESS = Rate(per_s=1e9, burst=1e12)


class PatientGate(Gate):
    """A gate without limits of rates, and with room for everybody at one address."""

    def __init__(self, **settings: Any) -> None:
        limits = Limits(connections_per_address=100_000, messages=ENDLESS, volume=ENDLESS)
        super().__init__(**{**settings, "limits": limits})
