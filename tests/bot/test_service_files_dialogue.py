"""A chat log becomes service figures as the room's platform counts them; a platform's report is taken as it stands."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import BOSS, MEI, OPS, Shift, evening

LOG = """会话ID,消息时间,发送方,内容
a,2026-11-11 20:10:15,买家,在吗
a,2026-11-11 20:15:20,买家,有人吗
a,2026-11-11 20:18:10,客服,在的
b,2026-11-11 20:20:00,买家,怎么卖
b,2026-11-11 20:20:20,机器人,您好
b,2026-11-11 20:20:30,客服,59 元
c,2026-11-10 20:20:00,买家,昨天的
"""
REPORT = """客服,咨询人数,3分钟人工回复率(8-23点),平均响应时长(秒),不满意率
小美,200,97.2%,11,2%
合计,412,96.5%,12,2.1%
"""


async def over(shift: Shift) -> None:
    await shift.says(OPS, "开播")
    await shift.minutes(30)
    await shift.says(OPS, "下播")


async def test_a_chat_log_is_counted_by_the_platform_s_own_definition_and_for_this_day_alone(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        told = (await shift.sends(OPS, "聊天记录.csv", LOG.encode()))[-1]
        # 抖音 counts sessions by their mean wait: one of two. The robot answered nothing.
        assert "「聊天记录.csv」已按抖音口径算好，记入 11-11 场次" in told
        assert "咨询量：2" in told
        assert "3分钟回复率：50%" in told
        assert "首次响应：4 分 13 秒" in told  # (475 + 30) / 2 = 252.5
        text = "\n".join(await shift.asks(BOSS, "/review"))
        assert "7 客服指标（抖音口径）\n咨询量 2、3分钟回复率 50%" in text
        assert "在吗" not in text
        assert "录入 50%（文件 聊天记录.csv）" in (await shift.asks(BOSS, "/why 3分钟回复率"))[-1]


async def test_a_log_that_says_what_was_solved_tells_how_much_of_it_at_once(tmp_path: Path) -> None:
    rows = (
        ("a", "20:10:00", "x", "是", "否"), ("b", "20:40:00", "x", "是", "否"),  # x came again within the day
        ("c", "20:11:00", "y", "是", "否"), ("d", "20:12:00", "z", "是", "是"),  # z was handed on
    )  # fmt: skip
    head = "会话ID,消息时间,发送方,买家ID,是否解决,是否转接"
    log = "\n".join([head, *(f"{s},2026-11-11 {at},买家,{b},{done},{on}" for s, at, b, done, on in rows)])
    async with evening(tmp_path) as shift:
        await over(shift)
        told = (await shift.sends(OPS, "聊天记录.csv", log.encode()))[-1]
        assert "一次解决率：50%" in told  # b and c of four


async def test_the_total_of_a_platform_s_report_is_taken_as_it_stands(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        told = (await shift.sends(OPS, "客服数据.csv", REPORT.encode()))[-1]
        assert "咨询量：412\n3分钟回复率：96.5%\n平均响应：12 秒\n不满意率：2.1%" in told


async def test_a_file_that_cannot_be_counted_says_row_column_and_cure_and_keeps_nothing(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        wrong = LOG.replace("20:20:30,客服", "25:99:30,客服")
        told = (await shift.sends(OPS, "聊天记录.csv", wrong.encode()))[-1]
        assert "第 7 行「消息时间」写的是「2026-11-11 25:99:30」" in told
        several = REPORT.replace("合计", "阿强")
        assert (
            "报表有 2 行，不知道该用哪一行" in (await shift.sends(OPS, "客服数据.csv", several.encode()))[-1]
        )
        other_day = LOG.replace("2026-11-11", "2026-11-09")
        assert "没有 11-11 这一场的数" in (await shift.sends(OPS, "聊天记录.csv", other_day.encode()))[-1]
        assert "未录入：目标与实际、流量与互动、客服指标" in "\n".join(await shift.asks(BOSS, "/review"))
        await shift.sends(MEI, "聊天记录.csv", LOG.encode())  # agents do not report on themselves
        assert "未录入：目标与实际、流量与互动、客服指标" in "\n".join(await shift.asks(BOSS, "/review"))
