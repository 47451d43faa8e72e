"""Every peer takes an open file, and shells start with few."""

from typing import Final

from passerby.trouble import Trouble

SPARE: Final = 200
"""What a process needs beside its peers."""

OF_A_REAL_ONE: Final = 8
"""What a peer with WebRTC needs: its connection, and a socket for each address it gathers."""


def allow(needed: int) -> None:
    """Let this process, and those it starts, open so many files.

    Raises:
        Trouble: when the system says no.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        most = needed if hard == resource.RLIM_INFINITY else hard
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, max(needed, soft)), hard))
        soft = min(most, max(needed, soft))
    if soft != resource.RLIM_INFINITY and soft < needed:
        raise Trouble(
            f"so many peers need {needed} open files in one process, and this shell allows {hard}: let fewer come, use "
            f"more --processes, or raise the limit (`ulimit -Hn`, or LimitNOFILE of systemd)"
        )
