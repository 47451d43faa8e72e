"""The helper: listens to the gates of this machine, and has the kernel drop who keeps coming although it is banned.

    gate ── datagram ──► socket ─► read ─► a flood? ─► nft ──► the kernel's sets

It holds addresses in memory, for a minute, and never writes one: not to a file, not to a log. What nft complains about
is not repeated either, since it would say about whom.
"""

import asyncio
import contextlib
import os
import pwd
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from broker import firewall
from broker.firewall import DATAGRAM_BYTES, Drop
from broker.networks import Network
from passerby.firewall import rules
from passerby.firewall.floods import Floods
from passerby.trouble import Trouble

SOCKET: Final = Path("/run/passerby/firewall.sock")
PORTS: Final = (80, 443)

_ADMINISTRATORS: Final = ("/usr/local/sbin", "/usr/sbin", "/sbin")  # not on everybody's PATH
_AT_ONCE: Final = 4_096

Owner: TypeAlias = tuple[int, int]
"""User and group, by number."""


def owner(user: str) -> Owner:
    """Give the numbers of a user, named or numbered.

    Raises:
        Trouble: when there is no such user.
    """
    if user.isdecimal():
        return int(user), -1
    try:
        found = pwd.getpwnam(user)
    except KeyError:
        raise Trouble(f"no user is called {user} here") from None
    return found.pw_uid, found.pw_gid


class Helper:
    """Takes datagrams in, and puts into the kernel who is to be dropped.

    Args:
        wire: where gates tell.
        nft: the command.
        ports: where people come in.
    """

    def __init__(self, wire: socket.socket, nft: str, ports: Iterable[int]) -> None:
        self._wire = wire
        self._nft = nft
        self._ports = tuple(ports)
        self._floods = Floods()
        self._waiting: dict[Network, Drop] = {}
        self._news = asyncio.Event()
        self._ending = False

    async def lay(self) -> None:
        """Lay the table.

        Raises:
            Trouble: when this process may not, or the kernel cannot.
        """
        refused = await _say(self._nft, rules.laid(self._ports))
        if refused:
            raise Trouble(f"nft refuses: {refused}. It takes root, or the capability CAP_NET_ADMIN")

    async def run(self) -> None:
        """Work until stopped.

        Raises:
            Trouble: when the kernel does not take anything any more.
        """
        loop = asyncio.get_running_loop()
        loop.add_reader(self._wire, self._take)
        try:
            while not self._ending:
                await self._news.wait()
                self._news.clear()
                waiting, self._waiting = self._waiting, {}
                if waiting:
                    await self._drop(waiting.values())
        finally:
            loop.remove_reader(self._wire)

    def stop(self) -> None:
        """End it, behind what is being done."""
        self._ending = True
        self._news.set()

    async def clear(self) -> None:
        """Take the table away."""
        await _say(self._nft, rules.CLEARED)

    def _take(self) -> None:
        with contextlib.suppress(BlockingIOError, ValueError):
            drop = firewall.read(self._wire.recv(DATAGRAM_BYTES + 1))
            if self._floods.is_one(drop.network, time.monotonic()) and len(self._waiting) < _AT_ONCE:
                self._waiting[drop.network] = drop
                self._news.set()

    async def _drop(self, drops: Collection[Drop]) -> None:
        """Put them into the kernel; once more with a table laid anew, when ours is full or somebody took it away."""
        added = rules.added(drops)
        if not await _say(self._nft, added):
            return
        await self.lay()
        if await _say(self._nft, added):
            raise Trouble("nft does not take addresses into its sets any more")


@contextlib.asynccontextmanager
async def running(path: Path, owner: Owner | None, ports: Iterable[int]) -> AsyncIterator[asyncio.Task[None]]:
    """Listen there, and drop; the task ends only when that is not possible any more. Nothing of it stays behind.

    Args:
        path: of the socket.
        owner: who may tell, beside root.
        ports: where people come in.

    Raises:
        Trouble: when something is missing here, or not allowed.
    """
    nft = shutil.which("nft", path=os.pathsep.join([os.environ.get("PATH", os.defpath), *_ADMINISTRATORS]))
    if nft is None:
        raise Trouble("nft is not here. On Debian or Ubuntu: sudo apt install nftables")
    with _listening(path, owner) as wire:
        helper = Helper(wire, nft, ports)
        await helper.lay()
        task = asyncio.create_task(helper.run(), name="firewall")
        try:
            yield task
        finally:
            helper.stop()
            await asyncio.wait([task])
            await helper.clear()


@contextlib.contextmanager
def _listening(path: Path, owner: Owner | None) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.settimeout(0)
        try:
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            _make_room(path)
            before = os.umask(0o177)  # nobody may tell anything before it is theirs
            try:
                wire.bind(bytes(path))
            finally:
                os.umask(before)
            if owner is not None:
                os.chown(path, *owner)
        except OSError as error:
            raise Trouble(f"{path} cannot be listened at: {error.strerror or error}") from None
        try:
            yield wire
        finally:
            path.unlink(missing_ok=True)


def _make_room(path: Path) -> None:
    """Take away a socket that nobody listens at any more.

    Raises:
        Trouble: when somebody does, or it is something else.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise Trouble(f"{path} is there, and no socket: name another with --socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(bytes(path))
        except ConnectionRefusedError:
            path.unlink()
        else:
            raise Trouble(f"another one listens at {path}: end it, or name another with --socket")


async def _say(nft: str, text: str) -> str:
    """Tell nft something; gives its complaint, in one line, or nothing when all is done."""
    done = await asyncio.to_thread(
        subprocess.run,
        [nft, "-f", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stderr.splitlines() or ["it failed"])[0] if done.returncode else ""
