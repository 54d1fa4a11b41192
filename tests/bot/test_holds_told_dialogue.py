"""Who hears of held orders, and when: found while live, found once more, and let go again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.support.evening import BOSS, CHEN, MEI, OPS, Shift, evening
from tests.support.orders_to_audit import HANGZHOU, PAID, TAIWAN, To, number, sends

EARLY = PAID - timedelta(minutes=20)
ASKS_TO_WAIT = To(number(1), HANGZHOU, message="先别发货", paid_at=EARLY)
NOT_TO_SHIP = "不能照发的订单"
TO_INTERCEPT = "有新的订单要拦"
MAY_LEAVE = "可以放行了"


async def live(shift: Shift) -> None:
    await shift.says(OPS, "开播")
    await shift.minutes(30)


async def intercepted(shift: Shift) -> None:
    """One order held in the closing, and taken out by the warehouse."""
    await live(shift)
    await shift.says(OPS, "/closing")
    await sends(shift, ASKS_TO_WAIT)
    await shift.asks(CHEN, "/intercept")
    await shift.press(CHEN, "已拦截")
    assert MAY_LEAVE not in shift.read(CHEN)


async def test_what_was_found_while_live_is_told_when_the_closing_begins(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live(shift)
        await sends(shift, ASKS_TO_WAIT, To(number(2), TAIWAN, paid_at=EARLY))
        assert NOT_TO_SHIP not in shift.read(shift.group)
        said = await shift.says(OPS, "/closing")
        assert [NOT_TO_SHIP in one for one in said] == [False, True]
        assert "要拦 2 单" in said[1]
        assert TO_INTERCEPT in shift.read(CHEN)


async def test_where_nothing_is_held_the_closing_is_one_message(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live(shift)
        await sends(shift, To(number(1), paid_at=EARLY))
        assert len(await shift.says(OPS, "/closing")) == 1
        assert TO_INTERCEPT not in shift.read(CHEN)


async def test_an_order_held_again_after_it_was_solved_is_told_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await intercepted(shift)
        await shift.minutes(10)
        await sends(shift, ASKS_TO_WAIT.but(message=""))
        told = shift.read(shift.group).count(NOT_TO_SHIP)
        await shift.minutes(10)
        assert "要拦 1" in (await sends(shift, ASKS_TO_WAIT))[-1]
        assert shift.read(shift.group).count(NOT_TO_SHIP) == told + 1


async def test_the_warehouse_hears_that_what_it_took_out_may_leave_once_an_export_solves_it(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await intercepted(shift)
        await shift.minutes(10)
        await sends(shift, ASKS_TO_WAIT.but(message=""))
        assert f"{MAY_LEAVE}：{number(1)}。" in shift.here.last(CHEN).text
        assert MAY_LEAVE not in shift.read(shift.group)


async def test_what_was_taken_out_stays_on_the_list_until_it_is_let_go(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await intercepted(shift)
        await shift.minutes(10)
        await sends(shift, ASKS_TO_WAIT.but(message="请发顺丰"))
        assert "核对" in shift.read(OPS)
        assert number(1) in (await shift.asks(CHEN, "/intercept"))[0], (
            "only to be looked at, and it lies there"
        )
        await shift.minutes(10)
        await sends(shift, ASKS_TO_WAIT.but(message=""))
        assert number(1) in (await shift.asks(CHEN, "/intercept"))[0]
        await shift.press(CHEN, "已放行")
        assert number(1) not in (await shift.asks(CHEN, "/intercept"))[0]


async def test_the_warehouse_hears_it_too_where_a_manager_waives_or_agrees_to_a_false_alarm(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await intercepted(shift)
        await shift.asks(MEI, f"/hold {number(1)}")
        await shift.asks(MEI, f"/falsealarm {number(1)} 买家说可以发了")
        await shift.press(BOSS, "不同意")
        assert MAY_LEAVE not in shift.read(CHEN)
        await shift.asks(BOSS, f"/waive {number(1)} 买家说可以发了")
        assert MAY_LEAVE in shift.here.last(CHEN).text


async def test_a_held_order_is_opened_by_the_number_the_group_reads(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live(shift)
        await shift.says(OPS, "/closing")
        await sends(shift, ASKS_TO_WAIT)
        assert "处理中" in (await shift.asks(MEI, f"/hold {number(1)}"))[0]
        assert "已不在了" in (await shift.asks(MEI, f"/hold {number(2)}"))[0]


async def test_who_had_a_held_order_hears_that_it_was_handed_to_the_next_shift(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live(shift)
        await shift.says(OPS, "/closing")
        await sends(shift, ASKS_TO_WAIT, To(number(2), TAIWAN, paid_at=EARLY))
        await shift.asks(MEI, f"/hold {number(1)}")
        before = shift.read(BOSS).count("您不用再处理")
        await shift.asks(BOSS, "/handall all")
        assert "您手上的 1 单异常订单，林主管 已交给下一班" in shift.here.last(MEI).text
        assert shift.read(BOSS).count("您不用再处理") == before
