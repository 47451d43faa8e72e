"""Policing: what the operator decides about the radar. May change while it works."""

from dataclasses import dataclass
from typing import Final

LOOPBACK: Final = ("127.0.0.1/32", "::1/128")
"""This machine itself; or everybody, where a proxy in front does not tell for whom it speaks."""


@dataclass(frozen=True, slots=True)
class Policing:
    """The operator's part.

    Args:
        effort: work that is asked of everybody before a wish, in bits; the radar asks for more where it has reason to.
        contact: where a person who was banned can ask; shown to it.
        banned_networks: nobody comes in from there, in CIDR notation.
        never_ban: whoever comes from there is neither kicked nor banned, likewise.
        dry_run: judge, and count what would be done, and limit nobody.
        bans_per_minute: the radar bans no more address keys in a minute.
        ban_share: the radar bans no more than this share of the people who are here, at any time.
    """

    effort: int = 0
    contact: str | None = None
    banned_networks: tuple[str, ...] = ()
    never_ban: tuple[str, ...] = LOOPBACK
    dry_run: bool = False
    bans_per_minute: int = 30
    ban_share: float = 0.02
