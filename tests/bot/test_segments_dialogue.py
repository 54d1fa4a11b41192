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


async def test_going_live_again_while_cut_off_says_that_it_is_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "断播")
        await shift.minutes(4)
        assert "直播断了（20:00 起）" in (await shift.asks(MEI, "/now"))[0]
        assert "直播断了" in shift.board()
        assert "断了 4 分钟" in (await shift.says(OPS, "开播"))[0]
        assert "直播断了" not in shift.board()
        assert "正在讲 1号" in shift.board()
        assert "已在直播" in (await shift.asks(OPS, "开播"))[0]


async def test_ops_press_that_it_is_back_on_their_pad(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "恢复了" not in shift.buttons(OPS)
        await shift.says(OPS, "断播")
        await shift.minutes(2)
        await shift.press(OPS, "恢复了")
        assert "断了 2 分钟" in shift.here.last(shift.group).text
        assert "恢复了" not in shift.buttons(OPS)


async def test_what_was_cut_off_still_is_when_the_end_was_a_slip(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "断播")
        await shift.minutes(5)
        await shift.says(OPS, "下播")
        await shift.press(OPS, "撤销下播")
        assert "直播断了（20:00 起）" in shift.board()
        await shift.minutes(1)
        await shift.press(OPS, "恢复了", shift.group)
        assert "断了 6 分钟" in shift.here.last(shift.group).text
        (here,) = shift.here.bot.runner.view("a1").broadcasts.scan()
        assert len(here.segments) == 2


async def test_an_end_by_a_slip_while_cut_off_costs_the_group_two_messages_more(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "断播")
        await shift.says(OPS, "下播")
        assert len(await shift.says(OPS, "撤销")) == 2
