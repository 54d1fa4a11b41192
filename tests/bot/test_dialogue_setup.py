"""A group becomes a room: who may bind it, how roles are given, what everybody reads."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import BOSS, MEI, OPS, evening


async def test_an_owner_binds_the_group_and_everybody_else_is_told_the_cure(tmp_path: Path) -> None:
    async with evening(tmp_path, bound=False) as shift:
        refused = await shift.says(MEI, "/setup 小满优选 抖音")
        assert "OWNER_IDS" in refused[0]
        assert str(MEI) in refused[0]
        done = await shift.says(BOSS, "/setup 小满优选 抖音")
        assert any("小满优选 已绑定本群：抖音" in text for text in done)


async def test_after_setting_in_everybody_is_on_duty_on_the_pinned_board(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "在岗：" in shift.board()
        for name in ("林主管", "小周", "小美", "阿强", "老陈"):
            assert name in shift.board()
        assert "我手上" in shift.read(OPS)
