"""Every peer takes an open file, and shells start with few."""

from typing import Final

from passerby.trouble import Trouble

SPARE: Final = 200
"""What a process needs beside its peers."""

OF_A_REAL_ONE: Final = 8
"""What a peer with WebRTC needs: its connection, and a socket for each address it gathers."""


def needed(peers: int, processes: int, real: float) -> int:
    """Tell how many one process of a crowd needs. Pure."""
    share = -(-peers // processes)
    return SPARE + share + int(share * real) * (OF_A_REAL_ONE - 1)


def allow(most: int) -> None:
    """Let this process, and those it starts, open so many files.

    Raises:
        Trouble: when the system says no.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    endless = resource.RLIM_INFINITY
    if soft == endless or soft >= most:
        return
    if hard != endless and hard < most:
        raise Trouble(
            f"so many peers need {most} open files in one process, and this shell allows {hard}: let fewer come, use "
            "more --processes, or raise the limit (`ulimit -Hn`, or LimitNOFILE of systemd)"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
