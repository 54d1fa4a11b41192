"""Grades and sides: what a manager says of an agent decides which offers they make and which work comes to them."""

from __future__ import annotations

from datetime import UTC, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from playbooks.chase import Chase, chase_id
from storage.books import RoomBooks
from storage.store import Books
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening

ORDERS = ("6917926768823643751", "6917926768823643752")
SHEET = "链接号,商品名称,直播价\n1,玫瑰精华水,79\n"


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


async def unpaid(shift: Shift, *numbers: str) -> None:
    now = shift.clock.now().astimezone(UTC)
    for number in numbers:
        one = Chase(
            id=chase_id("a1", number), order_id=number, platform="douyin", source="file", seen_at=now, data_as_of=now,
            created_at=now, expires_at=now + timedelta(minutes=25), amount=Decimal(79),
        )  # fmt: skip
        await shift.here.bot.runner.unit("a1", partial(_put, one))


def _put(one: Chase, raw: Books) -> None:
    RoomBooks(raw).chases.put(one)


async def told_the_price(shift: Shift, who: int) -> list[str]:
    """`who` has reached a buyer, who finds it dear; the buttons of the offers."""
    await shift.asks(who, "/chase")
    await shift.press(who, "提醒付款")
    await shift.asks(who, f"/said {chase_id('a1', ORDERS[0])} refused price")
    return shift.buttons(who)


async def test_a_manager_sets_grade_and_side_and_the_agent_is_told_what_it_means(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "由主管来做" in (await shift.asks(MEI, "/grade 小美 资深"))[0]
        said = (await shift.asks(BOSS, "岗级 小美 见习 售后"))[0]
        assert "小美：见习 · 售后" in said
        assert "新人提示已打开" in said
        assert "每一次都要组长或主管批准" in shift.read(MEI)
        said = (await shift.asks(BOSS, "/grade 小美 资深"))[0]
        assert "小美：资深 · 售后" in said
        assert "新人提示已关闭" in said
        listed = (await shift.asks(BOSS, "/grade"))[0]
        assert "小美：资深 · 售后" in listed
        assert "阿强：专员 · 售前售后不分" in listed
        assert "小美 · 客服、资深、售后" in (await shift.asks(QIANG, "/staff"))[0]


async def test_who_or_what_is_no_grade_is_refused_by_name(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "老陈 不是客服" in (await shift.asks(BOSS, "/grade 老陈 资深"))[0]
        assert "没有叫「小明」" in (await shift.asks(BOSS, "/grade 小明 资深"))[0]
        for words in ("小美", "小美 见习 资深", "小美 售前 售后", "资深"):
            assert "要改请写" in (await shift.asks(BOSS, f"/grade {words}"))[0]
        assert "没有岗级" not in shift.read(CHEN)


async def test_a_trainee_asks_for_every_offer_and_a_lead_or_manager_is_asked(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(OPS, "/ladder 减5元 客服")
        await unpaid(shift, ORDERS[0])
        await shift.asks(BOSS, "/grade 小美 见习")
        await told_the_price(shift, MEI)
        await shift.press(MEI, "减 5 元")
        assert "优惠：减 5 元" in shift.read(BOSS)
        assert "优惠：减 5 元" not in shift.read(QIANG)
        assert "可以这样说" not in shift.read(MEI)
        await shift.press(BOSS, "批准")
        assert "减 5 元" in shift.read(MEI)


async def test_a_senior_agent_offers_what_leads_may_and_another_agent_asks(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(OPS, "/ladder 减10元 组长")
        await unpaid(shift, ORDERS[0])
        await shift.asks(BOSS, "/grade 小美 资深")
        await told_the_price(shift, MEI)
        await shift.press(MEI, "减 10 元")
        assert "批准" not in " ".join(shift.buttons(BOSS))
        one = shift.here.bot.runner.view("a1").chases.get(chase_id("a1", ORDERS[0]))
        assert one is not None
        assert one.offer == "减 10 元"


async def test_unpaid_orders_are_dealt_to_agents_for_before_sales_first(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await unpaid(shift, *ORDERS)
        await shift.asks(BOSS, "/grade 小美 售后")
        said = "\n".join(await shift.asks(BOSS, "派单"))
        assert "阿强" in said
        assert "小美" not in said


async def test_with_nobody_else_there_after_sales_chases_as_well(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await unpaid(shift, *ORDERS)
        await shift.asks(BOSS, "/grade 小美 售后")
        await shift.asks(QIANG, "下班")
        assert "小美" in "\n".join(await shift.asks(BOSS, "派单"))


async def test_the_desk_of_an_after_sales_agent_begins_with_the_follow_ups(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "认领下一单" in shift.buttons(MEI)
        await shift.asks(BOSS, "/grade 小美 售后")
        assert "认领下一单" not in shift.buttons(MEI)
        assert "接活" in shift.buttons(MEI)
        assert "认领下一单" in shift.buttons(QIANG)
