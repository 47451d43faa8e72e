"""The kinds of deployments that there are, and what differs between their folders. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

COMPOSE: Final = "deploy/compose.yaml"
CLUSTER_COMPOSE: Final = "deploy/cluster/compose.yaml"

_TURN: Final = "secrets/turn/turn.secret"


@dataclass(frozen=True, slots=True)
class Kind:
    """One of them.

    Args:
        name: as the folder's mark has it.
        compose: which file of the repository is its compose.yaml.
        drawn: its secrets, and of how many random bytes each is.
        private: its folders that only the owner may enter, besides those of secrets.
    """

    name: str
    compose: str
    drawn: Mapping[str, int]
    private: tuple[str, ...]


MACHINE: Final = Kind(
    "machine", COMPOSE, {_TURN: 32, "secrets/grafana/password": 16}, ("page", "certificates", "numbers")
)
CLUSTER: Final = Kind("cluster", CLUSTER_COMPOSE, {_TURN: 32, "secrets/nodes/cookie": 32}, ("page", "secrets/tls"))

KINDS: Final = {kind.name: kind for kind in (MACHINE, CLUSTER)}
