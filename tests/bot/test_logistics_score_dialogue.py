"""物流分 stands beside the slow routes, with when it was entered and what it was before (E05)."""

from __future__ import annotations

from pathlib import Path

from tests.bot.test_follow_up_dialogue import stuck_in_xinjiang
from tests.support.evening import OPS, evening


async def test_the_logistics_score_is_shown_under_the_routes_behind_it_as_typed_or_imported(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await shift.says(OPS, "下播")
        await stuck_in_xinjiang(shift)
        assert "物流服务评分还没录入" in (await shift.asks(OPS, "慢线路"))[0]
        await shift.asks(OPS, "/enter 物流分 4.8")
        assert "物流服务评分 4.80（11-11 录入）" in (await shift.asks(OPS, "慢线路"))[0]
        await shift.at("12 19:00")
        await shift.says(OPS, "开播")
        await shift.says(OPS, "下播")
        table = "日期,描述相符,服务态度,物流服务\n2026-11-12,4.8,4.9,4.7\n"
        await shift.sends(OPS, "店铺评分.csv", table.encode())
        assert "物流服务评分 4.70（11-12 录入，之前 4.80）" in (await shift.asks(OPS, "慢线路"))[0]
