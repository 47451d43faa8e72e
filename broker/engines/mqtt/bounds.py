"""Bounds of one connection to the embedded broker. Those of a peer, wherever it is connected, are the gate's limits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a connection may take, in time and in bytes."""

    connect_s: float = 5.0  # from the open connection to a whole CONNECT; also how long one answer may take to leave
    answer_s: float = 60.0  # for reading what an HTTP request gave
    idle_s: float = 900.0  # for peers that name no keep-alive, or a longer one
    peer_bytes: int = 24 * 1024
    internal_bytes: int = 256 * 1024
    peer_unread_bytes: int = 256 * 1024  # sent but not read: a whole seat's budget fits
    internal_unread_bytes: int = 8 * 1024 * 1024
