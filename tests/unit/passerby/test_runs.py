"""What a run leaves for the desks of its own user, and for nobody else."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from passerby import desk, runs
from passerby.desk import DeskTrouble
from passerby.keys import KeysError
from passerby.runs import Run, RunsError

URL = "mqtt://127.0.0.1:4711"
DESKS = {"operator": "w" * 43}


@pytest.fixture(params=["of the system", "for temporary files"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    if request.param == "for temporary files":
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        return tmp_path / f"passerby-{os.getuid()}"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "passerby"


def leave(folder: Path, name: str, text: str | None = None, mode: int = 0o600) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    path.touch(mode=mode)
    path.chmod(mode)
    path.write_text(json.dumps({"broker": URL, "desks": DESKS}) if text is None else text)
    return path


def test_a_run_is_found_while_it_lasts_and_nothing_of_it_remains(folder: Path) -> None:
    assert runs.living() == []
    with runs.told(URL, DESKS):
        assert runs.living() == [Run(os.getpid(), URL, DESKS)]
        [file] = folder.iterdir()
        assert file.stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700
        access = desk.by_run("operator")
        assert (access.broker, access.password) == (URL, DESKS["operator"])
        assert DESKS["operator"] not in f"{runs.living()}{access}"
        with pytest.raises(DeskTrouble, match="no desk called anna, but: operator"):
            desk.by_run("anna")
    assert not folder.exists()


def test_what_a_dead_process_left_is_taken_away(folder: Path) -> None:
    with subprocess.Popen(["true"]) as dead:
        dead.wait()
    left = leave(folder, f"up-{dead.pid}.json")
    assert runs.living() == []
    assert not left.exists()


def test_what_a_dead_process_of_the_same_number_left_does_not_stand_in_the_way(folder: Path) -> None:
    leave(folder, f"up-{os.getpid()}.json", "{}")
    leave(folder, f"up-{os.getpid()}.new", "{}")
    with runs.told(URL, DESKS):
        assert [run.broker for run in runs.living()] == [URL]


def test_of_several_one_has_to_be_chosen(folder: Path) -> None:
    parent = os.getppid()
    leave(folder, f"up-{parent}.json")
    with runs.told("mqtt://127.0.0.1:1", DESKS):
        with pytest.raises(DeskTrouble, match=r"choose one with --pid \(") as caught:
            desk.by_run("operator")
        assert str(parent) in str(caught.value)
        assert desk.by_run("operator", parent).broker == URL
        with pytest.raises(DeskTrouble, match="no `passerby up` of yours"):
            desk.by_run("operator", 1)


def test_a_file_that_others_can_read_is_refused(folder: Path) -> None:
    leave(folder, f"up-{os.getpid()}.json", mode=0o640)
    with pytest.raises(KeysError, match="chmod 600"):
        runs.living()


def test_a_folder_that_is_not_ours_alone_is_neither_read_nor_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(RunsError, match="chmod 700"):
        runs.living()
    with runs.told(URL, DESKS):
        assert list(folder.iterdir()) == []
    assert "cannot find this run" in capsys.readouterr().out


def test_a_link_in_place_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunsError):
        runs.living()
    with runs.told(URL, DESKS):
        assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"broker":1,"desks":2}'])
def test_a_file_that_is_none_of_ours_is_said(folder: Path, text: str) -> None:
    leave(folder, f"up-{os.getpid()}.json", text)
    with pytest.raises(RunsError, match="none of ours"):
        runs.living()


def test_where_the_systems_folder_cannot_be_used_the_one_for_temporary_files_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "none"))
    with runs.told(URL, DESKS):
        assert [run.broker for run in runs.living()] == [URL]
        assert (tmp_path / f"passerby-{os.getuid()}").is_dir()
