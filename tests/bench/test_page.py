"""What Lighthouse says is told as it is: by medians, and with every complaint."""

from typing import Any

from bench.page.__main__ import BARS, complaints, table


def audit(score: float | None, mode: str = "binary", **more: Any) -> dict[str, Any]:
    return {"score": score, "scoreDisplayMode": mode, "title": "A thing", **more}


def run(**audits: dict[str, Any]) -> dict[str, Any]:
    weighed = {"auditRefs": [{"id": "weighed", "weight": 1}, {"id": "told", "weight": 0}]}
    return {"categories": dict.fromkeys(BARS, weighed), "audits": audits}


def test_the_median_decides_and_not_the_best() -> None:
    runs = [run()] * 3
    good = table({"performance": [80, 95, 99], "accessibility": [100] * 3, "best-practices": [100] * 3}, runs)
    assert "| performance | 80 | 95 | 99 | 95 | reached |" in good
    bad = table({"performance": [94, 94, 100], "accessibility": [99, 99, 100], "best-practices": [100] * 3}, runs)
    assert "| performance | 94 | 94 | 100 | 95 | missed |" in bad
    assert "| accessibility | 99 | 99 | 100 | 100 | missed |" in bad


def test_what_costs_marks_is_told_from_what_is_only_said() -> None:
    place: dict[str, Any] = {"details": {"items": [{"node": {"snippet": "<a>"}}]}}
    told = complaints([run(weighed=audit(0, **place), told=audit(0.5)), run(weighed=audit(1), told=audit(0.5))])
    assert [line for line in told if line] == ["· told: A thing (2 of 2)", "✗ weighed: A thing\n    <a> (1 of 2)"]


def test_what_has_no_marks_is_no_complaint() -> None:
    silent = run(weighed=audit(None), told=audit(0, "informative"), other=audit(0, "manual"))
    assert complaints([silent]) == [""]
