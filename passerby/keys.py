"""The keys file of a deployment: draws, writes, reads and turns it. What it holds is `broker.keys`'s.

`passerby up` draws keys for the run. Where broker and matcher are processes of their own, both read the same file,
which `passerby keys new` writes, for its owner only, and `passerby keys turn` and `passerby keys desk` replace.
"""

import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from broker.identity import b64url
from broker.keys import Keys, is_desk_name, parse
from broker.seats import KEY_BYTES
from passerby.trouble import Trouble

_OTHERS: Final = 0o077
_KEY_IDS: Final = 1 << 16

AFTER_S: Final = 30.0
"""How long after a turn the new keys begin: time for every broker and matcher to look, and for clocks that differ."""

AFTER_LEAST_S: Final = 5.0
"""Well above how often files are looked at (`watching.LOOK_S`)."""

OPERATOR: Final = "operator"
"""The desk that every new keys file has."""


class KeysError(Trouble):
    """A keys file that cannot be used. The text says why, and what to do."""


def draw() -> Keys:
    """Draw new ones."""
    return Keys(service=_password(), current=1, seats={1: _seat_key()}, desks={OPERATOR: _password()})


def turned(keys: Keys, since: float) -> Keys:
    """Draw the next ones, which begin at `since`; these stay good, those before them do not."""
    number = (keys.current + 1) % _KEY_IDS
    return Keys(
        service=_password(),
        service_before=keys.service,
        current=number,
        current_before=keys.current,
        since=since,
        seats={keys.current: keys.seats[keys.current], number: _seat_key()},
        desks={name: _password() for name in keys.desks},
        desks_before=keys.desks,
    )


def write(path: Path, keys: Keys) -> None:
    """Write a new file that only its owner may read.

    Raises:
        KeysError: when there is one already, or it cannot be written.
    """
    try:
        _create(path, keys)
    except FileExistsError:
        raise KeysError(
            f"{path} is there already: running processes may rely on it. Choose another name, or `passerby keys turn`."
        ) from None
    except OSError as error:
        raise KeysError(f"{path} cannot be written: {error.strerror}") from None


def read(path: Path) -> Keys:
    """Read a file.

    Raises:
        KeysError: when it is missing, open to others, or not a keys file.
    """
    try:
        return parse(private_text(path))
    except FileNotFoundError:
        raise KeysError(f"{path} is not there: `passerby keys new {path}` makes one") from None
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise KeysError(f"{path} is not a keys file: `passerby keys new` makes one") from None


def private_text(path: Path) -> str:
    """Read a file that holds secrets.

    Raises:
        KeysError: when others can read it, too.
        OSError: when it cannot be read.
        ValueError: when it is no text.
    """
    if path.stat().st_mode & _OTHERS:
        raise KeysError(f"{path} can be read by others: `chmod 600 {path}`")
    return path.read_text(encoding="utf-8")


def turn(path: Path, now: float, after_s: float) -> Keys:
    """Replace a file by one with the next keys; a reader finds the old one or the new one, whole.

    Args:
        path: of the file; a link stays one.
        now: seconds since the Unix epoch.
        after_s: how long gates have to learn of the new keys before the first seat is signed with them.

    Raises:
        KeysError: when it cannot be read or replaced, or the last turn has not come into effect.
    """

    def next_of(keys: Keys) -> Keys:
        if now < keys.since:
            # The matcher still signs with the key before, which this turn would drop.
            raise KeysError(f"{path} was turned a moment ago: wait {keys.since - now:.0f} s more")
        return turned(keys, now + after_s)

    return _replace(path, next_of)


def add_desk(path: Path, name: str) -> Keys:
    """Replace a file by one in which one more operator has a desk, as `turn` does.

    Raises:
        KeysError: when it cannot be read or replaced, the name is none, or there is such a desk.
    """
    if not is_desk_name(name):
        raise KeysError(f"a desk cannot be called {name!r}: up to 27 lower case letters, digits and -")

    def with_desk(keys: Keys) -> Keys:
        if name in keys.desks:
            raise KeysError(f"{path} has a desk called {name} already")
        return replace(keys, desks={**keys.desks, name: _password()})

    return _replace(path, with_desk)


def _replace(path: Path, change: Callable[[Keys], Keys]) -> Keys:
    path = path.resolve()
    draft = path.with_name(f"{path.name}.turning")
    after = change(read(path))
    try:
        _create(draft, after)
    except FileExistsError:
        raise KeysError(f"{draft} is there: somebody else turns them. If nobody does, remove it.") from None
    except OSError as error:
        raise KeysError(f"{draft} cannot be written: {error.strerror}") from None
    try:
        _give_to_owner_of(path, draft)
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise KeysError(f"{path} cannot be replaced: {error.strerror}") from None
    return after


def _create(path: Path, keys: Keys) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(keys.text())
        file.flush()
        os.fsync(handle)


def _give_to_owner_of(path: Path, draft: Path) -> None:
    # An operator may turn the keys as root; broker and matcher run as somebody else, and must be able to read them.
    owner = path.stat()
    if (owner.st_uid, owner.st_gid) != (draft.stat().st_uid, draft.stat().st_gid):
        os.chown(draft, owner.st_uid, owner.st_gid)


def _password() -> str:
    return secrets.token_urlsafe(32)


def _seat_key() -> str:
    return b64url(secrets.token_bytes(KEY_BYTES))
