"""Cut off and back, and who hosts: segments of one broadcast, shown in the review."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import BOSS, MEI, OPS, Shift, evening

SHEET = "链接号,商品名称,直播价\n1,面霜,79\n2,口红,69\n"


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")
    await shift.says(OPS, "/on 1")


async def test_a_cut_stream_comes_back_in_a_new_segment_with_the_same_product(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("20:30")
        (said,) = await shift.says(OPS, "断播")
        assert "直播断了" in said
        assert "已记断播" in (await shift.asks(OPS, "断播"))[0]
        await shift.at("20:36")
        assert "还没有开播" not in (await shift.asks(MEI, "/now"))[0]
        await shift.press(OPS, "恢复了", shift.group)
        assert "断了 6 分钟" in shift.here.core.said(shift.group)[-1].text
        assert "正在讲 1号" in shift.board()
        assert "没有断播" in (await shift.asks(OPS, "复播"))[0]
        assert "20:32" in (await shift.asks(MEI, "/now @20:32"))[0]


async def test_hosts_are_noted_and_stand_in_the_review(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(OPS, "/host")
        assert "已记主播：小雅" in (await shift.asks(OPS, "小雅"))[0]
        assert "现在就是 小雅" in (await shift.asks(OPS, "主播 小雅"))[0]
        await shift.at("21:00")
        before = len(shift.here.core.said(shift.group))
        assert "第 2 段" in (await shift.asks(OPS, "主播 阿宁"))[0]
        assert len(shift.here.core.said(shift.group)) == before
        await shift.at("22:00")
        await shift.says(OPS, "下播")
        await shift.asks(BOSS, "复盘")
        await shift.minutes(1)
        told = shift.read(BOSS)
        assert "小雅" in told
        assert "阿宁" in told


async def test_off_air_there_is_nothing_to_cut_and_no_host_without_a_name(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "还没有" in (await shift.asks(OPS, "断播"))[0]
        await selling(shift)
        assert "最多 20 个字" in (await shift.asks(OPS, "主播 " + "很" * 21))[0]
        await shift.asks(OPS, "主播 小雅")
        assert "最新的一步是主播 小雅" in (await shift.asks(OPS, "撤销"))[0]
