"""What Python does when Mosquitto has loaded the gate: reads the options and the keys, and wires C to the attendant.

Imported once, by the plugin, inside the broker's process. The only file here that touches the outside: at the start,
and in a thread of its own that looks after the keys file, so that no question of the broker ever waits for a disk.

    plugin_opt_keys FILE                        the keys file that broker and matcher share
    plugin_opt_name WORD                        of this gate, for its topic v1/gate/{name}; else mosquitto
    plugin_opt_cell WORD                        which all topics are in, {cell}/v1/…; else PASSERBY_CELL of the broker's
                                                environment; else none, and they are v1/…
    plugin_opt_connections_per_address NUMBER   else 64
    plugin_opt_firewall FILE                    the socket of `passerby firewall` on this machine; else nobody is told
"""

import gc
import os
import secrets
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypeAlias

from passerby_gate import ffi, lib  # made by the builder, there only inside the broker

from broker import keys, topics
from broker.addresses import SALT_BYTES, Salts
from broker.cells import Cell
from broker.engines.firewall import Messenger
from broker.engines.mosquitto import Attendant, Connection, Port
from broker.gate import Gate
from broker.keys import Keys
from broker.limits import Limits

CData: TypeAlias = Any
"""A pointer, as cffi has it."""

LOOK_S: Final = 2.0
"""How often the keys file is looked at."""

SILENCE_S: Final = 60.0
"""How long a bug of ours is not repeated in the log."""

_OTHERS: Final = 0o077
_OPTIONS: Final = {"keys", "name", "cell", "connections_per_address", "firewall"}


class Trouble(Exception):
    """The gate cannot open. The text is for the operator."""


class _Broker(Port):
    def send(self, topic: str, payload: bytes, *, to: str | None = None) -> None:
        lib.passerby_send(ffi.NULL if to is None else to.encode(), topic.encode(), payload, len(payload))

    def kick(self, name: str) -> None:
        lib.passerby_kick(name.encode())

    def stir(self) -> None:
        lib.passerby_stir()


class _House:
    """What lives as long as the broker."""

    def __init__(self) -> None:
        self.attendant: Attendant | None = None
        self.news: Keys | None = None  # read by the thread, taken up by the next tick
        self.look = threading.Event()
        self.said: dict[str, float] = {}


_house = _House()


def say(text: str, *, error: bool = False) -> None:
    """Write a line to the broker's log. Never anything about a connection."""
    lib.passerby_say(int(error), text.encode("utf-8", "replace"))


def failed(_kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Note a bug of ours, without what it was about. The question has been answered with a refusal."""
    place = traceback.extract_tb(trace)[-1]
    text = f"a question to the gate failed and was refused: {type(error).__name__} at {place.name}:{place.lineno}"
    now = time.monotonic()
    if now - _house.said.get(text, -SILENCE_S) >= SILENCE_S:
        _house.said[text] = now
        say(text, error=True)


def extern(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let C call this. Whatever it raises becomes 0, which C takes for a refusal."""
    wired: Callable[..., Any] = ffi.def_extern(onerror=failed)(function)
    return wired


def text(pointer: CData) -> str:
    """Read a C string. What is no UTF-8 cannot be a name or a topic of ours, and equals none."""
    data: bytes = ffi.string(pointer)
    return data.decode("utf-8", "surrogateescape")


def attendant() -> Attendant:
    """Give the one there is.

    Raises:
        RuntimeError: before the gate was opened.
    """
    if _house.attendant is None:
        raise RuntimeError
    return _house.attendant


# ── the beginning ────────────────────────────────────────────────────────────────────────────────────────────────────


@extern
def passerby_open(names: CData, values: CData, count: int) -> int:
    """Open the gate with the options of the broker's configuration; 1 when it is open."""
    try:
        options = {text(names[index]): text(values[index]) for index in range(count)}
        path, found, gate, cell = _prepare(options)
    except Trouble as trouble:
        say(str(trouble), error=True)
        return 0
    _house.attendant = Attendant(gate, _Broker(), time.time, cell)
    threading.Thread(target=_follow, args=(path, found), name="keys", daemon=True).start()
    gc.collect()
    gc.freeze()  # what is here now stays: no collection has to walk it
    say(f"the gate is open as {gate.name}")
    return 1


def _prepare(options: dict[str, str]) -> tuple[Path, Keys, Gate, Cell]:
    if unknown := options.keys() - _OPTIONS:
        raise Trouble(f"there is no plugin_opt_{min(unknown)}")
    if "keys" not in options:
        raise Trouble("plugin_opt_keys must name the keys file (`passerby keys new FILE` makes one)")
    path, name = Path(options["keys"]), options.get("name", "mosquitto")
    if topics.parse(topics.gate(name)) is None:
        raise Trouble("plugin_opt_name is no word: letters, digits, - and _")
    try:
        cell = Cell(options.get("cell") or os.environ.get("PASSERBY_CELL", ""))
    except ValueError as error:
        raise Trouble(f"plugin_opt_cell, or PASSERBY_CELL: {error}") from None
    number = options.get("connections_per_address", "64")
    if not (number.isdecimal() and int(number)):
        raise Trouble("plugin_opt_connections_per_address is no number above zero")
    try:
        told = Messenger(Path(options["firewall"])) if "firewall" in options else None
    except ValueError as error:
        raise Trouble(f"plugin_opt_firewall: {error}") from None
    found = _read(path)
    gate = Gate(
        name=name,
        keys=found.seat_keys(time.time()),
        salts=Salts(lambda _day: secrets.token_bytes(SALT_BYTES)),
        internal=found.internal(),
        limits=Limits(connections_per_address=int(number)),
        firewall=told,
    )
    return path, found, gate, cell


def _read(path: Path) -> Keys:
    try:
        if path.stat().st_mode & _OTHERS:
            raise Trouble(f"{path} can be read by others: `chmod 600 {path}`")
        return keys.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Trouble(f"{path} is not there: `passerby keys new {path}` makes one") from None
    except OSError as error:
        raise Trouble(f"{path} cannot be read by the user that the broker runs as: {error.strerror}") from None
    except ValueError as error:
        raise Trouble(f"{path} is not a keys file: {error}") from None


def _follow(path: Path, found: Keys) -> None:
    """Look after the keys file. A thread of its own; it only ever leaves news."""
    mark = _mark(path)
    while True:
        asked = _house.look.wait(LOOK_S)
        _house.look.clear()
        if not asked and _mark(path) == mark:
            continue
        mark = _mark(path)
        try:
            before, found = found, _read(path)
        except Trouble as trouble:
            say(f"the keys stay as they are: {trouble}", error=True)
            continue
        if found != before:
            _house.news = found


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


# ── what the broker asks and tells ───────────────────────────────────────────────────────────────────────────────────


@extern
def passerby_admits(
    client: int,
    client_id: CData,
    name: CData,
    password: CData,
    address: CData,
    internal: int,
    clean: int,
) -> int:
    """BASIC_AUTH."""
    return int(
        attendant().admits(
            Connection(client),
            text(client_id),
            text(name),
            text(password),
            text(address),
            internal=bool(internal),
            clean=bool(clean),
        )
    )


@extern
def passerby_grants(client: int, filter_: CData) -> int:
    """ACL_CHECK of a SUBSCRIBE."""
    return int(attendant().grants(Connection(client), text(filter_)))


@extern
def passerby_passes(client: int, topic: CData, size: int, retain: int) -> int:
    """ACL_CHECK of a PUBLISH or a Will."""
    return int(attendant().passes(Connection(client), text(topic), size, retain=bool(retain)))


@extern
def passerby_gone(client: int) -> None:
    """DISCONNECT."""
    attendant().gone(Connection(client))


@extern
def passerby_control(client: int, payload: CData, size: int) -> None:
    """CONTROL."""
    attendant().control(Connection(client), bytes(ffi.buffer(payload, size)))


@extern
def passerby_tick() -> None:
    """TICK: nothing else touches the gate, so this is where news of the keys is taken up."""
    news, _house.news = _house.news, None
    if news is not None:
        attendant().turn(news.seat_keys(time.time()), news.internal())
        say("the keys have turned")
    attendant().tick()


@extern
def passerby_reload() -> None:
    """RELOAD (SIGHUP): look at the keys file now."""
    _house.look.set()
