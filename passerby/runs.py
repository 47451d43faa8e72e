"""What a running `passerby up` leaves for the desks of its own user: where its broker is, and their passwords.

    passerby up ── $XDG_RUNTIME_DIR/passerby/up-{pid}.json, for its owner only ──► passerby radar, bans, ban, …
                   gone when it ends; one whose process is no more is taken away by whoever comes upon it

Without such a folder of the system's there is one in the folder for temporary files, `passerby-{uid}`. There anybody
could have been quicker to make it, so what is not ours alone is not used. The file holds nothing about anybody.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from passerby.keys import private_text
from passerby.trouble import Trouble

_OTHERS: Final = 0o077
_log = structlog.get_logger()


class RunsError(Trouble):
    """What a run has left cannot be used. The text says why."""


@dataclass(frozen=True, slots=True)
class Run:
    """A running `passerby up`: its process, its broker's internal listener, and the passwords of its desks."""

    pid: int
    broker: str
    desks: Mapping[str, str] = field(repr=False)


@contextlib.contextmanager
def told(broker: str, desks: Mapping[str, str]) -> Iterator[None]:
    """Let this user's desks know of this run while it lasts; where no file can be kept, a log line says so."""
    path = None
    try:
        path = _write(Run(os.getpid(), broker, desks))
    except (OSError, RunsError) as error:
        _log.warning("desks on this machine cannot find this run", reason=str(error))
    try:
        yield
    finally:
        if path is not None:
            with contextlib.suppress(OSError):
                path.unlink()
                path.parent.rmdir()  # unless another run has left something there


def living() -> list[Run]:
    """Find the runs of this user; what is left of others is taken away.

    Raises:
        RunsError: when a file, or its folder, is open to others, or is none of ours.
    """
    runs: list[Run] = []
    for folder in _folders():
        if not folder.is_dir():
            continue
        _refuse_others(folder)
        for path in sorted(folder.glob("up-*.json")):
            if _is_alive(path):
                runs.extend(_read(path))
            else:
                path.unlink(missing_ok=True)
    return runs


def _folders() -> list[Path]:
    given = os.environ.get("XDG_RUNTIME_DIR")
    temporary = Path(tempfile.gettempdir(), f"passerby-{os.getuid()}")
    return [Path(given, "passerby"), temporary] if given else [temporary]


def _write(run: Run) -> Path:
    """Write it where it can be written.

    Raises:
        OSError: when it can be written nowhere.
        RunsError: when the folder is not ours alone.
    """
    first, *others = _folders()
    try:
        return _write_to(first, run)
    except OSError:
        if not others:
            raise
        return _write_to(others[0], run)


def _write_to(folder: Path, run: Run) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    _refuse_others(folder)
    path = folder / f"up-{run.pid}.json"
    draft = path.with_suffix(".new")
    for left in (draft, path):
        left.unlink(missing_ok=True)  # of a process that had our number
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"broker": run.broker, "desks": dict(run.desks)}, file)
    return draft.replace(path)


def _refuse_others(folder: Path) -> None:
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & _OTHERS or folder.is_symlink():
        raise RunsError(f"{folder} is not this user's alone, so it is not used: remove it, or `chmod 700 {folder}`")


def _is_alive(path: Path) -> bool:
    number = path.stem.removeprefix("up-")
    if not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's by now
        return False
    return True


def _read(path: Path) -> list[Run]:
    """Read what a run has left; nothing when it has ended meanwhile.

    Raises:
        RunsError: when others can read it, or it is none of ours.
    """
    try:
        raw = json.loads(private_text(path))
        return [Run(int(path.stem.removeprefix("up-")), str(raw["broker"]), dict(raw["desks"]))]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunsError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise RunsError(f"{path} is none of ours: remove it") from None
