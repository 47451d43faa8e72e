"""Rules for all tests: slow draws have a profile, CI skips nothing, browsers, WebRTC and processes get a second chance.

And two for the time that all take together: the longest come first, and lines are counted where that costs little.
"""

import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import settings

from tests.turns import longest_first

IN_CI = os.environ.get("CI") == "true"

LIVELY: Final = re.compile(
    r"playwright\.|tests\.screens\.|tests\.journeys\.(?!house$|grounds$)|stranger\.(peer|stranger)$|tests\.faults\.rogue$"
)
"""Modules that drive browsers or WebRTC, or know who does."""
PROCESSES: Final = {"bench", "command", "deploy", "faults", "fresh"}
"""Folders whose tests start processes of their own, and wait for them."""

UNCOUNTED: Final = {"bench", "deploy", "faults", "fresh", "journeys", "screens"}
"""Folders whose tests run whole products for long. To count lines makes Python three times as slow, and finds few new
ones there."""
COUNTED: Final = "test_stranger"
"""… but those in which a stranger of ours takes part, who meets others nowhere else."""
COUNTING: Final = "COVERAGE_PROCESS_CONFIG"
"""By it, what a test starts counts its lines, too."""

# Who is started in the background by a shell that runs a script ignores Ctrl-C, and so does all that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Machines are shared and noisy: how long an example takes says nothing here.
settings.register_profile("passerby", deadline=None, print_blob=True)
settings.load_profile("passerby")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test what its kind needs, and each its turn."""
    for item in items:
        if _is_lively(item):
            # Several processes on two cores are no clock, nor is WebRTC. The summary names each that is played again.
            item.add_marker(pytest.mark.flaky(reruns=1))
        if not UNCOUNTED.isdisjoint(item.path.parts) and not item.path.name.startswith(COUNTED):
            item.add_marker(pytest.mark.no_cover)
    items[:] = longest_first(items, getattr(config, "workerinput", {}).get("workercount", 1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let what a test starts count its lines only if its own are counted."""
    if item.get_closest_marker("no_cover") is None or COUNTING not in os.environ:
        return (yield)
    told = os.environ.pop(COUNTING)
    try:
        return (yield)
    finally:
        os.environ[COUNTING] = told


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


def _is_lively(item: pytest.Item) -> bool:
    """Tell by its folder, by what its file has from elsewhere, by fixtures that are browsers, and by a cluster."""
    if not PROCESSES.isdisjoint(item.path.parts):
        return True
    assert isinstance(item, pytest.Function)
    if hasattr(item, "callspec") and item.callspec.params.get("engine") == "rabbitmq":
        return True
    known = (getattr(value, "__module__", None) or "" for value in vars(item.module).values())
    return not {"chromium", "firefox"}.isdisjoint(item.fixturenames) or any(map(LIVELY.match, known))


def _reason(report: pytest.TestReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")
