"""The secrets of a deployment: what the service proves itself with, and what seats are signed with.

`passerby up` draws them for the run. Where broker and matcher are processes of their own, both read the same file,
which `passerby keys new` writes, for its owner only, and `passerby keys turn` replaces:

    key 1 ── signs ──────────────┬── is good ──────────────────────────────────────────────┐
    key 2         turn ── is good ┴ since ── signs ──────────────┬── is good ───────────────┼──
    key 3                                          turn ── is good ┴ since ── signs         └ turn: dropped

Two live at once. Between the turn and `since` gates learn of a key that nobody signs with yet. The service's password
turns with it, in the same steps.
"""

import contextlib
import json
import math
import os
import secrets
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from broker.gate import Internal
from broker.identity import b64url, unb64url
from broker.policy import SERVICE
from broker.seats import KEY_BYTES, SeatKeys
from passerby.trouble import Trouble

_OTHERS: Final = 0o077
_KEY_IDS: Final = 1 << 16

AFTER_S: Final = 30.0
"""How long after a turn the new keys begin: time for every broker and matcher to look, and for clocks that differ."""

AFTER_LEAST_S: Final = 5.0

Password = Annotated[str, Field(min_length=22)]


class KeysError(Trouble):
    """A keys file that cannot be used. The text says why, and what to do."""


class Keys(BaseModel):
    """All that must stay secret. `…_before` is what was in use until `since`, and is still accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    service: Annotated[Password, Field(repr=False, description="the service's password")]
    service_before: Annotated[Password | None, Field(repr=False, description="the one before")] = None
    current: Annotated[int, Field(ge=0, description="the id of the key that signs new seats")]
    current_before: Annotated[int | None, Field(ge=0, description="the one before")] = None
    since: Annotated[
        float, Field(allow_inf_nan=False, description="when the new ones begin, in seconds since the Unix epoch")
    ] = 0
    seats: Annotated[dict[int, str], Field(repr=False, description="the living keys of seats, by id")]

    @model_validator(mode="after")
    def _are_keys(self) -> Self:
        for now in (self.since - 1, self.since):
            self.seat_keys(now)
        return self

    @classmethod
    def draw(cls) -> "Keys":
        """Draw new ones."""
        return cls(service=_password(), current=1, seats={1: _seat_key()})

    def turned(self, since: float) -> "Keys":
        """Draw the next ones, which begin at `since`; these stay good, those before them do not."""
        number = (self.current + 1) % _KEY_IDS
        return Keys(
            service=_password(),
            service_before=self.service,
            current=number,
            current_before=self.current,
            since=since,
            seats={self.current: self.seats[self.current], number: _seat_key()},
        )

    def seat_keys(self, now: float = math.inf) -> SeatKeys:
        """Give the keys of seats as gates and the lobby take them at this moment, or when the last turn is through.

        Raises:
            ValueError: when one of them is no key.
        """
        early = now < self.since and self.current_before is not None
        signing = self.current_before if early and self.current_before is not None else self.current
        return SeatKeys({key_id: unb64url(key) for key_id, key in self.seats.items()}, signing)

    def password(self, now: float) -> str:
        """Give the password with which the service proves itself at this moment."""
        return self.service_before if now < self.since and self.service_before is not None else self.service

    def internal(self) -> Internal:
        """Give the passwords that a gate accepts on its internal listener."""
        return {SERVICE: tuple(word for word in (self.service, self.service_before) if word is not None)}


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
        if path.stat().st_mode & _OTHERS:
            raise KeysError(f"{path} can be read by others: `chmod 600 {path}`")
        return Keys.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise KeysError(f"{path} is not there: `passerby keys new {path}` makes one") from None
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}") from None
    except (ValidationError, ValueError, RecursionError):
        raise KeysError(f"{path} is not a keys file: `passerby keys new` makes one") from None


def turn(path: Path, now: float, after_s: float) -> Keys:
    """Replace a file by one with the next keys; a reader finds the old one or the new one, whole.

    Args:
        path: of the file; a link stays one.
        now: seconds since the Unix epoch.
        after_s: how long gates have to learn of the new keys before the first seat is signed with them.

    Raises:
        KeysError: when it cannot be read or replaced, or the last turn has not come into effect.
    """
    path = path.resolve()
    draft = path.with_name(f"{path.name}.turning")
    keys = read(path)
    if now < keys.since:
        # The matcher still signs with the key before, which this turn would drop.
        raise KeysError(f"{path} was turned a moment ago: wait {keys.since - now:.0f} s more")
    turned = keys.turned(now + after_s)
    try:
        _create(draft, turned)
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
    return turned


def _create(path: Path, keys: Keys) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(keys.model_dump_json(indent=2, exclude_none=True) + "\n")
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
