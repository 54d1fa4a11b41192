"""Ship-by timers: one message a moment for who packs and who is in charge, none for what has left (H19)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from tests.support.evening import BOSS, CHEN, MEI, OPS, SHANGHAI, Shift, evening
from tests.support.orders_to_audit import PAID, TAIWAN, To, number, sends

DUE = datetime(2026, 11, 13, 20, 0, tzinfo=SHANGHAI)


def paid(tail: int, ship_by: datetime | None, **more: object) -> To:
    return To(number(tail), phone=f"139000500{tail:02}", ship_by=ship_by, **more)  # type: ignore[arg-type]


async def told(shift: Shift, who: int) -> int:
    return shift.read(who).count("前发出")


async def test_all_that_come_due_together_are_told_in_one_message(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await sends(shift, *(paid(n, DUE + timedelta(minutes=n)) for n in range(1, 21)))
        await shift.at("13 07:59")
        assert await told(shift, CHEN) == 0
        await shift.at("13 10:00")
        assert "20 单要在 21:01 前发出，现在还没有发货（最早 20:01）" in shift.read(CHEN)
        for who in (CHEN, BOSS):
            assert await told(shift, who) == 1
        assert await told(shift, MEI) == 0
        assert await told(shift, shift.group) == 0


async def test_what_has_left_or_ended_meanwhile_is_not_told_of(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        some = [paid(n, DUE) for n in (1, 2, 3)]
        await sends(shift, *some)
        await shift.at("12 12:00")
        await sends(shift, some[0].but(status="已发货"), some[1].but(status="已关闭"), some[2])
        await shift.at("13 12:00")
        assert "1 单要在" in shift.read(CHEN)
        assert f"最早到期：{number(3)}" in shift.read(CHEN)


async def test_nothing_is_said_where_all_have_left(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await sends(shift, paid(1, DUE))
        await shift.at("12 12:00")
        await sends(shift, paid(1, DUE, status="已发货"))
        await shift.at("14 12:00")
        assert await told(shift, CHEN) == 0
        assert "发货时限" not in shift.read(CHEN)


async def test_what_is_late_is_said_with_what_it_costs_and_held_ones_are_named(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(BOSS, "停发 台湾")
        late = paid(1, datetime(2026, 11, 11, 18, 0, tzinfo=SHANGHAI))
        await sends(shift, late, paid(2, DUE, place=TAIWAN), paid(3, DUE))
        await shift.at("13 08:30")
        said = shift.read(CHEN)
        assert "2 单要在" in said
        assert "其中 1 单是异常订单" in said
        assert "1 单已经过了发货时限。约罚 3.00 元" in said


async def test_what_was_told_of_and_has_still_not_left_is_told_as_late_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await sends(shift, paid(1, DUE), paid(2, DUE))
        await shift.at("13 12:00")
        await sends(shift, paid(1, DUE, status="已发货"), paid(2, DUE))
        await shift.at("13 19:59")
        assert "过了发货时限" not in shift.read(CHEN)
        await shift.at("13 20:30")
        late = shift.here.last(CHEN).text
        assert "1 单已经过了发货时限。约罚 3.00 元" in late
        assert number(2) in late
        assert "订单数据到 12:00" in late
        await shift.at("15 12:00")
        assert shift.read(CHEN).count("过了发货时限") == 1


async def test_what_comes_due_at_night_is_told_as_late_in_the_morning(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await sends(shift, paid(1, datetime(2026, 11, 13, 23, 0, tzinfo=SHANGHAI)))
        await shift.at("14 07:59")
        assert "过了发货时限" not in shift.read(CHEN)
        await shift.at("14 08:01")
        assert "1 单已经过了发货时限" in shift.read(CHEN)


async def test_where_nobody_knows_the_hours_a_manager_is_asked_once_and_a_press_answers(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(BOSS, "停发 台湾")
        await sends(shift, paid(1, None, place=TAIWAN))
        assert "付款后几小时内要发货" in shift.read(BOSS)
        await shift.minutes(1)
        await sends(shift, paid(1, None, place=TAIWAN))
        assert shift.read(BOSS).count("付款后几小时内要发货") == 1
        assert "— 前" in (await shift.asks(MEI, "/holds"))[0]
        await shift.press(BOSS, "48 小时")
        assert "发货时限：付款后 48 小时" in shift.read(BOSS)
        until = (PAID + timedelta(hours=48)).astimezone(SHANGHAI)
        assert f"{until:%m-%d %H:%M} 前" in (await shift.asks(MEI, "/holds"))[0]
        assert "现在是：48 小时" in (await shift.asks(BOSS, "/shipby"))[0]
        await shift.minutes(1)
        await sends(shift, paid(1, None, place=TAIWAN))
        await shift.at("13 08:00")
        assert "1 单要在" in shift.read(BOSS)


async def test_only_a_manager_sets_the_hours(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "主管" in (await shift.asks(MEI, "/shipby 48"))[0]
        assert "最多 720" in (await shift.asks(BOSS, "/shipby 9999"))[0]
        assert await told(shift, OPS) == 0
