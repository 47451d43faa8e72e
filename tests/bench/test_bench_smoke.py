"""The measurements still measure. No figure is judged here: a machine that runs tests is no quiet one."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.figures import percentile
from tests.engines.containers import image, need_base_image
from tests.journeys.browsers import find_chromium


def measure(what: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"bench.{what}", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)


def kept(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(path.with_suffix(".json").read_text())
    assert {"date", "cores", "python", "loadAverage"} <= report.keys()
    return report


def test_handshakes_are_measured_in_turns_and_all_samples_kept(tmp_path: Path) -> None:
    find_chromium()
    out = tmp_path / "handshake"
    done = measure("handshake", "--quick", "--added", "20", "--start", "warm", "--out", out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| warm | 20 | mirror | 3 |" in done.stdout
    report = kept(out)
    assert report["pingreqMs"]["20"] >= 20
    assert [(cell["handshake"], len(cell["talkMs"])) for cell in report["cells"]] == [("offer", 3), ("mirror", 3)]


def test_a_stranger_of_pythons_is_measured_with_a_window(tmp_path: Path) -> None:
    find_chromium()
    out = tmp_path / "stranger"
    chosen = ("--start", "warm", "--added", "0", "--way", "offer", "--pair", "waits", "comes")
    done = measure("handshake", "--quick", *chosen, "--out", out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [(cell["pair"], len(cell["openMs"])) for cell in kept(out)["cells"]] == [("waits", 3), ("comes", 3)]


def test_what_stands_in_front_is_measured_for_each_connection(tmp_path: Path) -> None:
    need_base_image()
    out = tmp_path / "fronts"
    done = measure("fronts", "--peers", "20", "--runs", "1", "--rounds", "2", "--out", out)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = kept(out)["fronts"]
    assert [row["front"] for row in rows] == ["Caddy", "HAProxy"]
    assert all(run["msEachConnect"] > 0 and run["usEachPing"] > 0 for row in rows for run in row["runs"])


def test_a_crowd_meets_without_an_error(tmp_path: Path) -> None:
    out = tmp_path / "load"
    done = measure("load", "--quick", "--out", out)
    assert done.returncode == 0, done.stdout + done.stderr
    report = kept(out)
    assert report["errors"] == {}
    assert len(report["samples"]) == 2 * report["matches"] > 0


def test_a_crowd_meets_on_mosquitto_with_and_without_the_gate_that_is_measured(tmp_path: Path) -> None:
    image()
    for engine in ("mosquitto, gate", "mosquitto, no gate"):
        out = tmp_path / engine.replace(", ", "-")
        done = measure("load", "--quick", "--patient", "--engine", engine, "--out", out)
        assert done.returncode == 0, done.stdout + done.stderr
        report = kept(out)
        assert report["errors"] == {}
        assert report["matches"] > 0
        assert report["memoryKib"]["waiting"]["broker"] > 0


def test_the_gate_is_measured_beside_a_broker_without_it(tmp_path: Path) -> None:
    image()
    done = measure("gate", "--runs", "1", "--peers", "20", "--out", tmp_path / "gate")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gate / no gate" in done.stdout
    for by_engine in kept(tmp_path / "gate")["microseconds"].values():
        assert all(len(runs) == 1 and runs[0] > 0 for runs in by_engine.values())


def test_bans_and_floods_are_measured_and_no_bystander_is_disconnected(tmp_path: Path) -> None:
    image()
    done = measure("abuse", "--runs", "1", "--peers", "10", "--seconds", "1.5", "--out", tmp_path / "abuse")
    assert done.returncode == 0, done.stdout + done.stderr
    report = kept(tmp_path / "abuse")
    assert report["ban"]["bans"]
    assert report["flood"]["floods"]


def test_the_work_for_stamps_is_measured_fast_and_slowed_down(tmp_path: Path) -> None:
    find_chromium()
    done = measure("stamps", "--n", "2", "--effort", "6", "10", "--out", tmp_path / "stamps")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| 10 | 6 | 2 |" in done.stdout
    cells = kept(tmp_path / "stamps")["cells"]
    assert [(cell["effort"], cell["slowdown"]) for cell in cells] == [(6, 1), (6, 6), (10, 1), (10, 6)]
    assert all(hashes > 0 for cell in cells for hashes in cell["hashes"])


@pytest.mark.parametrize(
    "target", ["http://192.0.2.1:80", "http://localhost:8080", "http://127.0.0.1.example.org:80", "ws://127.0.0.1:80"]
)
def test_only_an_address_of_loopback_is_put_under_load(target: str) -> None:
    """A name does not count: it may lead anywhere."""
    done = measure("load", "--target", target)
    assert done.returncode == 2
    assert "loopback" in done.stderr


@pytest.mark.parametrize("what", ["handshake", "load", "gate", "abuse", "stamps", "radar"])
def test_help_teaches(what: str) -> None:
    done = measure(what, "--help")
    assert done.returncode == 0
    assert "--out PATH" in done.stdout


def test_percentiles_are_samples() -> None:
    """The nearest rank: no figure that was not measured."""
    assert [percentile([4, 1, 3, 2], share) for share in (0.25, 0.5, 0.51, 0.95, 1.0)] == [1, 2, 3, 4, 4]
    assert percentile([7], 0.01) == 7


def test_what_a_judgement_costs_is_measured_beside_what_a_message_costs(tmp_path: Path) -> None:
    out = tmp_path / "judging"
    done = measure("judging", "--peers", "500", "--rounds", "1", "--out", out)
    assert done.returncode == 0, done.stdout + done.stderr
    report = kept(out)
    assert report["us"]["1000"].keys() == report["us"]["all"].keys() > {"a wish", "a parting", "a join is read"}
    assert report["memory"][0]["subjects"] == 2 * 500
    assert "| a wish |" in done.stdout


def test_questions_to_a_gate_are_measured_one_by_one_and_at_once(tmp_path: Path) -> None:
    out = tmp_path / "calls"
    done = measure("calls", "--n", "20", "--out", out)
    assert done.returncode == 0, done.stdout + done.stderr
    cells = kept(out)["cells"]
    assert {cell["atOnce"] for cell in cells} == {1, 16}
    assert all(len(cell["ms"]) == 20 for cell in cells)
