"""Builds gate.so for the Python that runs this, with cffi's embedding mode and the system's C compiler.

    plugin.c + the functions that C and Python call in each other ── cffi ──► one C file ── cc ──► gate.so

`python -m broker.engines.mosquitto_plugin.build FILE` needs nothing but cffi, so that an image can be built without the
command; people use `passerby gate build`.
"""

import contextlib
import io
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Final

import cffi

from broker.orders import CONTROL

MODULE: Final = "passerby_gate"

_BY_C: Final = """
int passerby_open(const char **names, const char **values, int count);
int passerby_admits(uintptr_t client, const char *client_id, const char *name, const char *password,
                    const char *address, int internal, int clean);
int passerby_grants(uintptr_t client, const char *filter);
int passerby_passes(uintptr_t client, const char *topic, uint32_t size, int retain);
void passerby_gone(uintptr_t client);
void passerby_control(uintptr_t client, const void *payload, uint32_t size);
void passerby_tick(void);
void passerby_reload(void);
"""
_BY_PYTHON: Final = """
int passerby_send(const char *to, const char *topic, const void *payload, int size);
int passerby_kick(const char *name);
void passerby_stir(void);
void passerby_say(int error, const char *text);
"""
_BOOT: Final = "import broker.engines.mosquitto_plugin.boot"


class BuildFailed(Exception):
    """gate.so cannot be built here. The text says what is missing, and how to get it."""


def source() -> str:
    """Give the whole C file."""
    builder = cffi.FFI()
    builder.embedding_api(_BY_C)
    builder.cdef(_BY_PYTHON)
    declared = "".join(f"static {line}\n" for line in _BY_C.strip().replace(",\n", ",").splitlines())
    part = (Path(__file__).parent / "plugin.c").read_text(encoding="utf-8")
    builder.set_source(MODULE, declared + part)
    builder.embedding_init_code(_BOOT)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "gate.c"
        with contextlib.redirect_stdout(io.StringIO()):  # it says where it writes
            builder.emit_c_code(str(file))
        return file.read_text(encoding="utf-8")


def build(target: Path, version: str = "0") -> None:
    """Build gate.so into this file, replacing it whole.

    Args:
        target: where to.
        version: what the broker shows as the plugin's version.

    Raises:
        BuildFailed: when something is missing here.
    """
    compiler = shlex.split(os.environ.get("CC") or "cc")
    if shutil.which(compiler[0]) is None:
        raise BuildFailed("there is no C compiler here. On Debian or Ubuntu: sudo apt install gcc libc6-dev")
    with tempfile.TemporaryDirectory() as folder:
        file, made = Path(folder) / "gate.c", Path(folder) / "gate.so"
        file.write_text(source(), encoding="utf-8")
        done = subprocess.run(  # noqa: S603  the compiler that Python itself was built with
            [*compiler, *_flags(version), str(file), "-o", str(made), *_libraries()],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BuildFailed(_reason(done.stderr))
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.new")
        shutil.copyfile(made, draft)
        draft.replace(target)


def _flags(version: str) -> list[str]:
    names = {
        "PASSERBY_CONTROL": CONTROL,
        "PASSERBY_LIBPYTHON": _soname(),
        "PASSERBY_PYTHON": sys.executable,
        "PASSERBY_VERSION": version,
    }
    defines = [f'-D{name}="{value}"' for name, value in names.items()]
    return ["-shared", "-fPIC", "-O2", "-w", f"-I{sysconfig.get_path('include')}", *defines]


def _libraries() -> list[str]:
    folder = sysconfig.get_config_var("LIBDIR")
    return [f"-L{folder}", f"-Wl,-rpath,{folder}", f"-l:{_soname()}", "-ldl"]


def _soname() -> str:
    if not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        raise BuildFailed(
            f"{sys.executable} was built without a shared library, so no broker can load it: "
            "use a Python that has one (the system's of Debian or Ubuntu does)"
        )
    return str(sysconfig.get_config_var("INSTSONAME"))


def _reason(said: str) -> str:
    if "mosquitto/broker" in said:
        return (
            "Mosquitto's headers (2.1 or newer) are missing. On Debian: sudo apt install mosquitto-dev libmosquitto-dev"
        )
    if "Python.h" in said:
        return "Python's headers are missing. On Debian or Ubuntu: sudo apt install python3-dev"
    if _soname() in said:
        return f"{_soname()} is missing. On Debian or Ubuntu: sudo apt install libpython3-dev"
    return f"the compiler refused:\n{said[-2000:]}"


if __name__ == "__main__":
    build(Path(sys.argv[1]))
