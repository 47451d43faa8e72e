"""Rules for all tests: what is slow to draw has a profile, and in CI nothing is skipped."""

import os

import pytest
from hypothesis import settings

IN_CI = os.environ.get("CI") == "true"

# Machines are shared and noisy: how long an example takes says nothing here.
settings.register_profile("passerby", deadline=None, print_blob=True)
settings.load_profile("passerby")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> object:
    """Make a failure of every skip where CI is to see everything."""
    report = yield
    assert isinstance(report, pytest.TestReport)
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} skipped itself, which CI does not allow: {reason}"
    return report
