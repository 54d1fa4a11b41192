"""A surge in the room: the manager is told once, with who is free; it ends quietly."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from bot.rehearsal import samples, samples_orders
from storage.exports.formats import DOUYIN
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening

PLACE = ("江苏省", "南京市", "玄武区", "梅园新村街道")


async def orders(shift: Shift, who: int, first: int, count: int) -> None:
    for n in range(first, first + count):
        await shift.asks(who, f"催 69179267688236{n:05}")


async def test_the_manager_is_told_once_of_a_surge_with_who_is_free(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "每分钟 2 件" in (await shift.asks(BOSS, "/surge 2"))[0]
        await shift.says(OPS, "开播")
        await orders(shift, MEI, 0, 5)
        assert "流量暴增" not in shift.read(BOSS)
        await orders(shift, MEI, 5, 3)
        told = shift.read(BOSS)
        assert "流量暴增 每分钟提问 0.0 · 新未付订单 2.0（提醒线 2）" in told
        assert "空着：阿强" in told
        assert "手上有活：小美" in told
        assert told.count("流量暴增") == 1
        assert "流量暴增" not in shift.read(shift.group)


async def test_a_surge_is_told_again_only_after_it_was_calm_for_the_cool_down(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/surge 1")
        await shift.says(OPS, "开播")
        await orders(shift, MEI, 0, 3)
        await shift.minutes(5)
        await orders(shift, MEI, 3, 3)
        assert shift.read(BOSS).count("流量暴增") == 1
        await shift.minutes(16)
        await orders(shift, MEI, 6, 3)
        assert shift.read(BOSS).count("流量暴增") == 2


async def test_questions_make_a_surge_too_and_before_the_stream_nothing_does(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/surge 1")
        for text in ("能用盐水冲吗", "孕妇可以吃吗", "保质期多久"):
            await shift.asks(MEI, f"/ask {text}")
        assert "流量暴增" not in shift.read(BOSS)
        await shift.says(OPS, "开播")
        for text in ("可以开发票吗", "什么颜色好看", "几天能收到"):
            await shift.asks(QIANG, f"/ask {text}")
        assert "流量暴增" in shift.read(BOSS)


async def test_the_same_question_from_many_is_a_surge_though_ops_are_asked_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/surge 1")
        await shift.says(OPS, "开播")
        for who in (MEI, QIANG, CHEN):
            await shift.asks(who, "/ask 可以开发票吗")
        assert "流量暴增 每分钟提问 1.0" in shift.read(BOSS)


async def test_the_threshold_is_a_whole_number(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "1–1000 的整数" in (await shift.asks(BOSS, "/surge 很多"))[0]
        assert "提醒线 10" in (await shift.asks(BOSS, "/surge"))[0]


def unpaid(now: datetime, first: int, count: int) -> tuple[str, bytes]:
    """An export of so many orders placed in the two minutes before it, none of them paid."""
    sales = [
        samples_orders.Sale(f"69279267688237{first + n:05}", samples_orders.buy(3), placed, None, PLACE)
        for n in range(count)
        if (placed := now - timedelta(seconds=2 * n))
    ]
    rows = [row for sale in sales for row in samples.sale_rows(sale, now)]
    return f"{int(now.timestamp())}_{'0' * 32}.csv", samples.csv_bytes(DOUYIN.headings, rows)


async def test_an_export_that_shows_a_rush_is_a_surge_at_the_default_threshold_and_a_calm_one_is_none(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await shift.at("20:30")
        await shift.sends(MEI, *unpaid(shift.clock.now(), 0, 29))
        assert "流量暴增" not in shift.read(BOSS)  # 29 in three minutes are 9.7 a minute
        await shift.at("21:10")
        await shift.sends(MEI, *unpaid(shift.clock.now(), 100, 45))
        assert "新未付订单 15.0（提醒线 10）" in shift.read(BOSS)
        assert "空着：小美、阿强" in shift.read(BOSS)
