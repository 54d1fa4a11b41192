"""需求: what buyers want is noted in one line, sorted with one tap and read by who is in charge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.test_undo_dialogue import selling
from tests.support.evening import BOSS, MEI, QIANG, Shift, evening


def noted(shift: Shift) -> list[dict[str, str]]:
    """What the journal says of needs, as noted."""
    return [dict(one.values) for one in shift.here.bot.runner.view("a1").journal.by("kind", "need")]


async def test_a_need_is_sorted_with_one_tap_and_read_by_the_lead(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        group = len(shift.here.core.said(shift.group))
        assert "3号 烟酰胺面霜：想要 大瓶装（小美" in (await shift.asks(MEI, "需求 3 想要 大瓶装"))[0]
        await shift.press(MEI, "包装")
        await shift.press(MEI, "包装")
        await shift.press(MEI, "尺码、颜色、规格")
        assert "分类：尺码、颜色、规格" in shift.here.last(MEI).text
        await shift.asks(QIANG, "需求 口红想要豆沙色")
        await shift.asks(QIANG, "/need 希望早上也开播")
        await shift.press(QIANG, "直播、讲解")
        await shift.asks(QIANG, "/need 早上开播")
        await shift.press(QIANG, "直播、讲解")
        told = (await shift.asks(BOSS, "需求清单"))[0]
        assert "本场买家的需求和建议 4 条" in told
        assert told.index("直播、讲解 2") < told.index("尺码、颜色、规格 1") < told.index("还没分类 1")
        assert told.index("还没分类 1") < told.index("口红想要豆沙色")
        assert "全店：希望早上也开播（阿强" in told
        assert [one.get("sort") for one in noted(shift)][:3] == [None, "packing", "variant"]
        assert len(shift.here.core.said(shift.group)) == group


async def test_agents_do_not_read_the_list_nor_sort_what_others_noted(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "需求 3 想要大瓶装")
        id = next(iter(shift.here.bot.runner.view("a1").needs.scan())).id
        assert "是 小美 记的" in (await shift.asks(QIANG, f"/needsort {id} gift"))[0]
        assert "大瓶装" not in (await shift.asks(QIANG, "需求清单"))[0]
        assert "没有这一类" in (await shift.asks(MEI, f"/needsort {id} shoes"))[0]
        assert [one["step"] for one in noted(shift)] == ["made"]


@pytest.mark.parametrize(
    ("typed", "cure"),
    [
        ("需求 3 想要大码，回电13800012345", "电话"),
        ("需求 3", "例如"),
        ("需求 9 想要大码", "9"),
        ("需求 " + "大" * 101, "100 字"),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_the_cure(tmp_path: Path, typed: str, cure: str) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert cure in (await shift.asks(MEI, typed))[0]
        assert not noted(shift)
