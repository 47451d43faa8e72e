"""Rules for all tests: what is slow to draw has a profile, in CI nothing is skipped, browsers get a second chance."""

import os
from collections import Counter

import pytest
from hypothesis import settings

IN_CI = os.environ.get("CI") == "true"

# Machines are shared and noisy: how long an example takes says nothing here.
settings.register_profile("passerby", deadline=None, print_blob=True)
settings.load_profile("passerby")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Play a journey that fails once more: several browsers on two cores are no clock. The summary names each."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> object:
    """Make a failure of every skip where CI is to see everything."""
    report = yield
    assert isinstance(report, pytest.TestReport)
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped, which CI does not allow: {_reason(report)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the machine lacks in one line each, and how to get it, instead of one line a test."""
    skipped = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    for reason, count in sorted(skipped.items()):
        terminalreporter.write_line(f"skipped {count}: {reason}", yellow=True)


def _reason(report: pytest.TestReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")
