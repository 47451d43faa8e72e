"""How strictly the service polices, as its operator wants it. All of it may change while the service runs. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policing:
    """What an operator may set.

    Args:
        effort: how much work, in bits, is asked of everybody before a wish; 0 asks for none.
        contact: shown to who is banned.
        banned_networks: nobody comes in from there, for as long as they are listed; in CIDR notation.
        never_ban: nobody there is banned, whatever they do; in CIDR notation.
        dry_run: judge, and tell what would be done, but kick and ban nobody.
        bans_per_minute: more than these the radar does not decide by itself.
        ban_share: nor more of who is here, as a share of 1.
    """

    effort: int = 0
    contact: str | None = None
    banned_networks: tuple[str, ...] = ()
    never_ban: tuple[str, ...] = ()
    dry_run: bool = False
    bans_per_minute: int = 30
    ban_share: float = 0.02
