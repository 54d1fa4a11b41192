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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What could not be tested here is said loudly."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("NOT TESTED")
        for report in skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            terminalreporter.line(f"{report.nodeid}: {reason}")
