"""Writes the folder of a deployment, and renews what is ours in it.

    new     a draft inside the folder ── whole ──► moved to its place, compose.yaml last
    update  compose.yaml and image/ anew; settings and secrets are let be; a secret that is missing is drawn

Secrets are files that only the owner may read, in folders that only the owner may enter, one folder for each container
that is to see it: a container is given a folder, since keys turn by replacing their file. The owner is who runs this,
or for root, which no container of ours is, a number that nobody has.
"""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from passerby import __version__, keys
from passerby.deployment import texts
from passerby.deployment.choices import LOOPBACK, Choices
from passerby.deployment.kinds import KINDS, MACHINE, Kind
from passerby.deployment.sources import sources
from passerby.settings import SettingsError
from passerby.trouble import Trouble

NOBODYS: Final = 10_001
"""As whom containers run where root writes the folder: above the users of any machine, below what is handed out."""

MARK: Final = ".passerby"
ENV: Final = ".env"
SETTINGS: Final = "settings/passerby.toml"
BEFORE: Final = "compose.yaml.before"

_COMPOSE: Final = "compose.yaml"
_IMAGE: Final = "image"
_PRIVATE: Final = "secrets"
_KEYS: Final = "secrets/keys/keys"
_CERTIFICATE: Final = "secrets/tls/site.pem"
_AUTHORITY: Final = "authority.pem"
_KIND: Final = "kind"


def new(folder: Path, choices: Choices, bring: Mapping[str, Path] | None = None) -> None:
    """Write a deployment into a folder that is empty, or not there.

    Args:
        folder: where.
        choices: of the operator.
        bring: what images are built from; else what `sources` finds.

    Raises:
        Trouble: when there is something in it, a choice cannot be, or it cannot be written.
    """
    settings = _checked(choices)
    files = sources() if bring is None else bring
    if (folder / MARK).exists():
        raise Trouble(f"{folder} is a deployment already: `passerby init --update {folder}` renews what is ours in it")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Trouble(f"{folder} is there, and something is in it: name an empty folder, or a new one")
    with _told(folder), _draft(folder) as draft:
        uid, gid = owner()
        _text(draft / ENV, texts.env(choices, f"{uid}:{gid}"))
        _text(draft / SETTINGS, settings)
        _complete(draft, choices.kind, (uid, gid))
        if choices.cluster and choices.is_local:
            _certify(draft, choices.domain, (uid, gid))
        _write_ours(draft, choices.kind, files)
        for name in (path.name for path in draft.iterdir() if path.name != _COMPOSE):
            (draft / name).rename(folder / name)
        (draft / _COMPOSE).rename(folder / _COMPOSE)


def update(folder: Path, bring: Mapping[str, Path] | None = None) -> list[str]:
    """Renew what is ours in a folder that `new` wrote. Gives what has changed, by name.

    A compose.yaml that somebody has changed is kept beside it, as `compose.yaml.before`.

    Args:
        folder: where.
        bring: what images are built from; else what `sources` finds.

    Raises:
        Trouble: when it is none of ours, or cannot be written.
    """
    mark = _mark(folder)
    kind = KINDS[mark[_KIND]]
    files = sources() if bring is None else bring
    wanted, changed = _marked(kind, files), []
    with _told(folder):
        compose = folder / _COMPOSE
        if compose.exists() and _digest(compose.read_bytes()) not in (mark[_COMPOSE], wanted[_COMPOSE]):
            if (folder / BEFORE).exists():
                raise Trouble(
                    f"{compose} was changed, and {BEFORE} is there already: move yours to compose.override.yaml"
                )
            compose.rename(folder / BEFORE)
            changed.append(BEFORE)
        if not compose.exists() or _digest(compose.read_bytes()) != wanted[_COMPOSE]:
            changed.append(_COMPOSE)
        if mark[_IMAGE] != wanted[_IMAGE] or not (folder / _IMAGE).is_dir():
            changed.append(_IMAGE)
        kept = (folder / _PRIVATE).stat()
        changed += _complete(folder, kind, (kept.st_uid, kept.st_gid))
        if {_COMPOSE, _IMAGE} & {*changed} or mark != wanted:
            with _draft(folder) as draft:
                _write_ours(draft, kind, files)
                _replace(draft, folder)
    return changed


def owner() -> tuple[int, int]:
    """Give as whom containers of a new deployment run, and to whom its secrets belong."""
    return (os.geteuid(), os.getegid()) if os.geteuid() else (NOBODYS, NOBODYS)


def _checked(choices: Choices) -> str:
    """Write the settings, and see that they are some; gives their text.

    Raises:
        Trouble: when one of them cannot be.
    """
    from pydantic import ValidationError

    from passerby.settings import Settings

    try:
        Settings(operator=choices.operator, contact=choices.contact, imprint=choices.imprint)
    except ValidationError as error:
        raise SettingsError("\n".join(f"--{part['loc'][0]}: {part['msg']}" for part in error.errors())) from None
    return texts.toml(choices)


def _mark(folder: Path) -> dict[str, str]:
    try:
        mark = json.loads((folder / MARK).read_bytes())
        told = {name: str(mark[name]) for name in ("version", _COMPOSE, _IMAGE)}
        return {**told, _KIND: KINDS[mark.get(_KIND, MACHINE.name)].name}
    except FileNotFoundError:
        raise Trouble(f"{folder} is no deployment that `passerby init` wrote: without --update it writes one") from None
    except OSError as error:
        raise Trouble(f"{folder} cannot be used: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise Trouble(f"{folder / MARK} is not as we write it: let `passerby init` write a new folder") from None


def _marked(kind: Kind, files: Mapping[str, Path]) -> dict[str, str]:
    """Tell what is ours in a folder made of these files."""
    each = (f"{name} {_digest(file.read_bytes())}" for name, file in sorted(files.items()))
    image = _digest("\n".join(each).encode())
    compose = _digest(files[kind.compose].read_bytes())
    return {"version": __version__, _KIND: kind.name, _COMPOSE: compose, _IMAGE: image}


def _write_ours(folder: Path, kind: Kind, files: Mapping[str, Path]) -> None:
    for name, file in files.items():
        place = folder / _IMAGE / name
        _folder(place.parent)
        content = file.read_bytes()
        place.write_bytes(content)
        place.chmod(_mode(content))
    _text(folder / _COMPOSE, files[kind.compose].read_text(encoding="utf-8"))
    _text(folder / MARK, json.dumps(_marked(kind, files), indent=1) + "\n")


def _replace(draft: Path, folder: Path) -> None:
    """Put what is ours into the place of what was; the mark last, so that what was cut short is done again."""
    image = folder / _IMAGE
    if image.exists():
        image.rename(draft / "before")
    for name in (_IMAGE, _COMPOSE, MARK):
        (draft / name).replace(folder / name)


def _complete(folder: Path, kind: Kind, owner: tuple[int, int]) -> list[str]:
    """Draw the secrets that are not there, and make what containers write to; gives the names of secrets."""
    drawn = [name for name in (_KEYS, *kind.drawn) if not (folder / name).exists()]
    for place in [folder / _PRIVATE, *((folder / name).parent for name in drawn)]:
        _private_folder(place, owner)
    for name in drawn:
        place = folder / name
        if name == _KEYS:
            keys.write(place, keys.draw())
        else:
            _secret(place, f"{secrets.token_hex(kind.drawn[name])}\n".encode())
        _give(place, owner)
    for name in kind.private:
        _private_folder(folder / name, owner)
    return drawn


def _certify(folder: Path, domain: str, owner: tuple[int, int]) -> None:
    """Issue what a trial shows to browsers, and leave beside it who says so."""
    from passerby.certificate import issued

    authority, certificate = issued([domain, LOOPBACK])
    _text(folder / _AUTHORITY, authority.decode())
    _secret(folder / _CERTIFICATE, certificate)
    _give(folder / _CERTIFICATE, owner)


def _secret(place: Path, content: bytes) -> None:
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _private_folder(place: Path, owner: tuple[int, int]) -> None:
    """Make a folder that only its owner may enter; one that is there stays as it is."""
    if not place.exists():
        place.mkdir()
        place.chmod(0o700)
        _give(place, owner)


def _give(place: Path, owner: tuple[int, int]) -> None:
    if os.geteuid() == 0:  # nobody else can, and theirs are their own
        os.chown(place, *owner)


def _folder(place: Path) -> None:
    """Make a folder, and those above it, for all to read, whatever the umask."""
    if not place.is_dir():
        _folder(place.parent)
        place.mkdir()
        place.chmod(0o755)


def _text(place: Path, text: str) -> None:
    _folder(place.parent)
    place.write_text(text, encoding="utf-8")
    place.chmod(0o644)


def _mode(content: bytes) -> int:
    """Give the rights of a file: programs are told by what they begin with, as not every installer keeps theirs."""
    return 0o755 if content.startswith(b"#!") else 0o644


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextlib.contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """Give a folder inside it to write to first, which is gone in the end."""
    _folder(folder)
    draft = folder / f"{MARK}-draft"
    try:
        draft.mkdir(mode=0o700)
    except FileExistsError:
        raise Trouble(f"{draft} is there: somebody else writes to it. If nobody does, remove it.") from None
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say in one line what cannot be written."""
    try:
        yield
    except OSError as error:
        raise Trouble(f"{error.filename or folder} cannot be written: {error.strerror}") from None
