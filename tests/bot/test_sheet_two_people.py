"""Two people edit the sheet while the bot keeps it in step and Google fails: nobody's edit is lost without a word."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.support.bound_sheet import bound
from tests.support.sheet_evening import ORDERS, Script

SEEDS = int(os.environ.get("SHEET_SEEDS", "2"))
"""`make soak` plays forty of them."""


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_half_an_hour_of_two_people_in_the_sheet_loses_no_edit(tmp_path: Path, seed: int) -> None:
    async with bound(tmp_path) as (shift, sheet):
        script = Script(shift, sheet, random.Random(seed))
        await script.play()
        assert sorted(key for key in sheet.numbers() if key) == sorted(ORDERS)
        assert script.apart() == []
        assert script.lost() == []
        assert script.strange() == []
        quota = sheet.account.quota
        print(
            f"seed {seed}: {len(script.typed)} notes typed, {len(script.said)} said, "
            f"{len(sheet.google.faults.met)} faults, calls {quota.total}, highest in a minute {quota.highest}"
        )
        assert max(quota.highest.values()) <= 60
