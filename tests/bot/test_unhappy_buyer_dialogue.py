"""Buyers of several orders: another agent after a bad word, left alone when they say so, a promised time kept."""

from __future__ import annotations

from pathlib import Path

from playbooks.chase import chase_id
from storage.books import RoomBooks
from tests.bot.test_chase_work import ONE, TWO, chased, from_file, keep
from tests.support.evening import BOSS, MEI, QIANG, Shift, evening

FIRST, SECOND = chase_id("a1", ONE), chase_id("a1", TWO)


async def unhappy(shift: Shift) -> None:
    """Mei's word on the first of a buyer's orders was a bad one: Qiang has it now."""
    await keep(shift, from_file(shift, ONE, buyer="k", left=120))
    await shift.asks(MEI, f"/claim {FIRST}")
    for step in ("提醒付款", "不付了", "服务态度"):
        await shift.press(MEI, step)


def left_alone(shift: Shift) -> bool:
    (ledger,) = RoomBooks(shift.here.bot.runner.store.view("a1")).contacts.scan()
    return ledger.opted_out_at is not None


async def test_the_order_is_in_the_other_agents_hands_at_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await unhappy(shift)
        assert "由 阿强 跟进" in (await shift.asks(BOSS, f"/claim {FIRST}"))[-1]
        await shift.minutes(11)
        assert ONE in (await shift.asks(BOSS, f"/claim {FIRST}"))[-1]  # not taken up: anybody's


async def test_an_agent_the_buyer_complained_of_is_given_no_later_order_of_that_buyer(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await unhappy(shift)
        await shift.minutes(12)
        await keep(shift, from_file(shift, TWO, amount=500, buyer="k", left=90))
        assert TWO not in "".join(await shift.asks(MEI, "/chase"))
        assert "要换一位客服" in (await shift.asks(MEI, f"/claim {SECOND}"))[-1]
        assert "要换一位客服" in (await shift.asks(MEI, f"/step {SECOND} button"))[-1]
        assert chased(shift, TWO).touches == ()
        assert TWO in "".join(await shift.asks(QIANG, "/chase"))


async def test_dealt_out_the_order_goes_to_somebody_the_buyer_did_not_complain_of(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await unhappy(shift)
        await shift.asks(QIANG, f"/release {FIRST}")
        await shift.asks(QIANG, "/out")
        await keep(shift, from_file(shift, TWO, amount=500, buyer="k", left=90))
        assert "没有派出去" in (await shift.asks(BOSS, "派单"))[0]
        await shift.asks(QIANG, "/in")
        await shift.asks(BOSS, "派单")
        assert chased(shift, TWO).owner == str(QIANG)


async def test_who_does_not_want_to_hear_from_us_is_heard_by_whomever_they_tell(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await unhappy(shift)  # Qiang has the order in hand, and Mei is who the buyer complained of
        await keep(shift, from_file(shift, TWO, buyer="k", left=90))
        await shift.asks(MEI, f"/said {FIRST} opted_out")
        assert left_alone(shift)
        assert {chased(shift, ONE).state, chased(shift, TWO).state} == {"dropped"}
        assert f"订单 {ONE} 不用再催：不愿被联系" in shift.read(QIANG)
        assert "没有要催的订单" in (await shift.asks(QIANG, "/chase"))[0]


async def test_who_says_so_when_the_order_is_over_is_heard_as_well(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await keep(shift, from_file(shift, ONE, buyer="k", left=5))
        await shift.asks(MEI, f"/claim {FIRST}")
        await shift.minutes(6)
        said = await shift.asks(MEI, f"/said {FIRST} opted_out")
        assert "买家不愿被联系" in shift.here.last(MEI).text, said
        assert left_alone(shift)
        await keep(shift, from_file(shift, TWO, buyer="k"))
        assert TWO not in "".join(await shift.asks(QIANG, "/chase"))


async def test_an_order_in_another_agents_hands_stays_there_when_its_buyer_is_contacted(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await keep(shift, from_file(shift, ONE), from_file(shift, TWO))
        await shift.asks(MEI, f"/claim {FIRST}")
        await shift.asks(QIANG, f"/claim {SECOND}")
        await keep(
            shift, *(chased(shift, one).changed(buyer_key="k") for one in (ONE, TWO))
        )  # an export tells
        await shift.press(MEI, "提醒付款")
        assert (chased(shift, TWO).owner, chased(shift, TWO).touches) == (str(QIANG), ())


async def test_a_promised_time_is_kept_though_the_buyer_is_contacted_about_another_order(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:00")
        await keep(shift, from_file(shift, ONE, buyer="k", left=60))
        await shift.asks(MEI, f"/claim {FIRST}")
        for step in ("提醒付款", "答应付款", "15 分钟"):
            await shift.press(MEI, step)
        await keep(shift, from_file(shift, TWO, buyer="k", left=60))
        await shift.minutes(11)
        await shift.asks(QIANG, f"/claim {SECOND}")
        for step in ("提醒付款", "没接没回"):
            await shift.press(QIANG, step)
        assert len(chased(shift, ONE).touches) == 2
        await shift.at("20:16")
        assert f"订单 {ONE}：约定的 20:15 到了" in shift.here.last(MEI).text


async def test_an_order_placed_this_minute_by_a_clock_ahead_of_ours_is_registered(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        assert "还剩 30 分钟" in (await shift.asks(MEI, f"催 {ONE} 20:23"))[0]
        future = (await shift.asks(MEI, f"催 {TWO} 2026-11-12 20:14"))[0]
        assert "下单时间「2026-11-12 20:14」还没到" in future


async def test_an_order_number_alone_is_looked_up_and_a_mobile_is_not(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        for number in ("P701234567890123456", "1234567890", "241111-123456789012345"):
            assert f"订单 {number} 要做什么" in (await shift.asks(MEI, number))[0]
        assert "没看懂" in (await shift.asks(MEI, "13800138777"))[0]
