"""What holds for every test: nothing of this machine's network settings gets in, nothing is skipped in silence."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(name, None)  # the servers of the tests are on loopback
os.environ["NO_PROXY"] = "*"

# How long an example takes says how busy the machine is. The examples are the same every time, so that a run says
# something of the code and not of its luck; `--hypothesis-profile=any` looks for others.
settings.register_profile("any", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("any"), derandomize=True)
settings.load_profile("same")

LONGEST = (
    "test_play",
    "test_backup",
    "test_crash",
    "test_week",
    "test_real_evening",
    "test_chase_keeping",
    "test_health",
)
"""Files with tests of ten seconds and more."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest go first: at the end of the run no worker is left alone with one of them."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What could not be tested here is said loudly."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("NOT TESTED")
        for report in skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            terminalreporter.line(f"{report.nodeid}: {reason}")
