"""Networks of one's own, for tests that need more than one machine: Linux, root and iproute2."""

import asyncio
import ctypes
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

import pytest

CLONE_NEWNET: Final = 0x40000000  # linux/sched.h
NOT_HERE: Final = "networks of one's own need Linux, root and `ip`: `apt install iproute2`"

T = TypeVar("T")


def need_namespaces() -> None:
    """Skip where there can be none."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip(NOT_HERE)


async def ip(*words: str) -> None:
    """Run `ip`.

    Raises:
        OSError: with what it complained about.
    """
    process = await asyncio.create_subprocess_exec("ip", *words, stderr=asyncio.subprocess.PIPE)
    _, complaint = await process.communicate()
    if process.returncode:
        raise OSError(f"ip {' '.join(words)}: {complaint.decode()}")


async def inside(name: str, act: Callable[[], T]) -> T:
    """Do something in a namespace: a socket belongs to where its thread was when it was made."""

    def moved() -> T:
        libc = ctypes.CDLL(None, use_errno=True)
        with Path("/run/netns", name).open() as namespace:
            if libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        return act()

    with ThreadPoolExecutor(1) as elsewhere:  # a thread that has moved there is used for nothing else
        return await asyncio.wrap_future(elsewhere.submit(moved))
