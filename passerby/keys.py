"""The secrets of a deployment: what the service proves itself with, and what seats are signed with.

`passerby up` draws them for the run. Where broker and matcher are processes of their own, both read the same file,
which `passerby keys new` writes, for its owner only.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from broker.identity import b64url, unb64url
from broker.policy import SERVICE
from broker.seats import KEY_BYTES, SeatKeys
from passerby.trouble import Trouble

_OTHERS: Final = 0o077


class KeysError(Trouble):
    """A keys file that cannot be used. The text says why, and what to do."""


class Keys(BaseModel):
    """All that must stay secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    service: Annotated[str, Field(min_length=22, repr=False, description="the service's password")]
    current: Annotated[int, Field(ge=0, description="the id of the key that signs new seats")]
    seats: Annotated[dict[int, str], Field(repr=False, description="the living keys of seats, by id")]

    @classmethod
    def draw(cls) -> "Keys":
        """Draw new ones."""
        return cls(service=secrets.token_urlsafe(32), current=1, seats={1: b64url(secrets.token_bytes(KEY_BYTES))})

    def seat_keys(self) -> SeatKeys:
        """Give the keys of seats as gates and the lobby take them.

        Raises:
            ValueError: when one of them is no key.
        """
        return SeatKeys({key_id: unb64url(key) for key_id, key in self.seats.items()}, self.current)

    def internal(self) -> dict[str, str]:
        """Give the passwords that a gate accepts on its internal listener."""
        return {SERVICE: self.service}


def write(path: Path, keys: Keys) -> None:
    """Write a new file that only its owner may read.

    Raises:
        KeysError: when there is one already, or it cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeysError(f"{path} is there already: running processes may rely on it. Choose another name.") from None
    except OSError as error:
        raise KeysError(f"{path} cannot be written: {error.strerror}") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(keys.model_dump_json(indent=2) + "\n")


def read(path: Path) -> Keys:
    """Read a file.

    Raises:
        KeysError: when it is missing, open to others, or not a keys file.
    """
    try:
        if path.stat().st_mode & _OTHERS:
            raise KeysError(f"{path} can be read by others: `chmod 600 {path}`")
        keys = Keys.model_validate(json.loads(path.read_text(encoding="utf-8")))
        keys.seat_keys()
    except FileNotFoundError:
        raise KeysError(f"{path} is not there: `passerby keys new {path}` makes one") from None
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}") from None
    except (ValidationError, ValueError):
        raise KeysError(f"{path} is not a keys file: `passerby keys new` makes one") from None
    return keys
