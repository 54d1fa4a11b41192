"""The real process under load, killed again and again: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.crash.check import MORE
from tests.support.crash.run import crash_run

KILLS = int(os.environ.get("CRASH_KILLS", "6"))


async def test_kills_under_load_lose_nothing_double_nothing_and_keep_the_order(tmp_path: Path) -> None:
    """As often as is claimed: `make crash`."""
    found = await crash_run(tmp_path, KILLS, seed=5)
    assert found.faults == [], "\n".join(found.lines())
    assert found.errors == [], "\n".join(found.errors)
    assert found.kills == KILLS
    assert found.in_units > 0
    assert found.in_sends > 0
    assert found.effects > 2 * KILLS


async def test_an_id_kept_outside_the_unit_is_found_out(tmp_path: Path) -> None:
    found = await crash_run(tmp_path, 2, seed=5, id_apart=True, agents=0)
    assert any(MORE in fault for fault in found.faults), "\n".join(found.lines())
