"""Mosquitto by one command: what is said when it cannot be, on any machine. That it runs is `tests/fresh`'s."""

import os
import socket
import stat
import sysconfig
from dataclasses import replace
from pathlib import Path

import pytest

from passerby import mosquitto
from passerby.mosquitto import Places
from passerby.trouble import Trouble
from tests.command.running import Running

PLACES = Places(
    gate=Path("/x/gate.so"),
    keys=Path("/x/keys"),
    connections_per_address=7,
    service_host="127.0.0.1",
    service_port=11,
    websocket_host="127.0.0.1",
    websocket_port=12,
    proxy_protocol=True,
)


@pytest.fixture
async def keys(tmp_path: Path) -> Path:
    file = tmp_path / "passerby.keys"
    async with Running.start("keys", "new", file) as new:
        assert await new.ends() == 0
    return file


def program(folder: Path, says: str) -> Path:
    """Make a program that says this and nothing else."""
    file = folder / "mosquitto"
    file.write_text(f"#!/bin/sh\necho '{says}'\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


async def said_by(*arguments: str | Path, **environment: str) -> str:
    async with Running.start("broker", "mosquitto", *arguments, **environment) as broker:
        assert await broker.ends() == 1
        return broker.said


async def test_an_older_mosquitto_is_refused_in_one_line(keys: Path, tmp_path: Path) -> None:
    old = program(tmp_path, "mosquitto version 2.0.11")
    said = await said_by("--keys", keys, "--mosquitto", old)
    assert said.count("\n") == 1
    assert f"{old} is 2.0.11, and the gate needs 2.1 or newer" in said


async def test_the_one_on_the_path_is_taken(keys: Path, tmp_path: Path) -> None:
    program(tmp_path, "mosquitto version 2.0.22")
    said = await said_by("--keys", keys, PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert f"{tmp_path / 'mosquitto'} is 2.0.22" in said


async def test_a_mosquitto_that_is_not_there_or_is_none_is_said(keys: Path, tmp_path: Path) -> None:
    assert "is not here" in await said_by("--keys", keys, "--mosquitto", tmp_path / "none")
    other = program(tmp_path, "something else 5.0")
    assert "does not say that it is Mosquitto" in await said_by("--keys", keys, "--mosquitto", other)


async def test_without_keys_it_says_how_to_make_them() -> None:
    assert "passerby keys new" in await said_by()


@pytest.mark.parametrize("version", ["2.1", "2.1.2", "2.10.0", "3.0.0"])
def test_newer_ones_are_good_enough(version: str, tmp_path: Path) -> None:
    found = program(tmp_path, f"mosquitto version {version}")
    assert mosquitto.find(found) == found


def test_the_configuration_of_a_run_is_ours_but_for_ports_and_paths() -> None:
    ours = (Path(__file__).parents[2] / "mosquitto.conf").read_text().splitlines()
    rendered = mosquitto.render(PLACES).splitlines()
    changed = {new for old, new in zip(ours, rendered, strict=True) if old != new}
    assert changed == {
        "plugin /x/gate.so",
        "plugin_opt_keys /x/keys",
        "plugin_opt_connections_per_address 7",
        "listener 11 127.0.0.1",
        "listener 12 127.0.0.1",
    }


def test_its_gate_tells_a_firewall_where_there_is_one() -> None:
    assert "firewall" not in mosquitto.render(PLACES)
    assert "\nplugin_opt_firewall /run/x.sock\n" in mosquitto.render(replace(PLACES, firewall=Path("/run/x.sock")))


def test_every_line_of_the_configuration_has_its_reason_above_it() -> None:
    lines = (Path(__file__).parents[2] / "mosquitto.conf").read_text().splitlines()
    sections = "\n".join(lines).split("\n\n")
    for section in sections:
        assert section.startswith("#"), section


def test_a_port_that_is_taken_is_said_and_which_option_changes_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Trouble, match="--service-port"):
        mosquitto.free_port("127.0.0.1", taken.getsockname()[1], "service-port")


async def test_a_mosquitto_that_does_not_start_ends_the_command(keys: Path, tmp_path: Path) -> None:
    broken = program(tmp_path, "mosquitto version 2.1.2")
    places = Places(**{**{name: getattr(PLACES, name) for name in PLACES.__slots__}, "keys": keys})
    with pytest.raises(Trouble, match="did not start"):
        async with mosquitto.running(broken, places):
            pytest.fail("it ran")


def test_a_cell_is_one_more_line() -> None:
    lines = mosquitto.render(replace(PLACES, cell="berlin")).splitlines()
    assert lines == [
        each
        for line in mosquitto.render(PLACES).splitlines()
        for each in ([line, "plugin_opt_cell berlin"] if line.startswith("plugin_opt_keys") else [line])
    ]


async def test_the_builder_says_what_is_missing(tmp_path: Path) -> None:
    compiler = tmp_path / "cc"
    compiler.write_text("#!/bin/sh\necho 'gate.c:1: fatal error: mosquitto/broker.h: No such file' >&2\nexit 1\n")
    compiler.chmod(0o755)
    async with Running.start("gate", "build", "--out", tmp_path / "gate.so", CC=str(compiler)) as build:
        assert await build.ends() == 1
        shared = sysconfig.get_config_var("Py_ENABLE_SHARED")
        missing = "apt install mosquitto-dev libmosquitto-dev" if shared else "built without a shared library"
        assert missing in build.said
        assert build.said.count("\n") == 1
    assert not (tmp_path / "gate.so").exists()
