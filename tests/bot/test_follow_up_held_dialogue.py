"""跟进: what is in hand does not rot there, and what ends badly goes on as a case (B22)."""

from __future__ import annotations

from pathlib import Path

from tests.bot.test_follow_up_dialogue import FIRST, SECOND, nuts, parcels, selling
from tests.bot.test_reveal_dialogue import CIPHERED, books, export, row
from tests.support.evening import CHEN, MEI, QIANG, Shift, evening


async def stuck(shift: Shift) -> None:
    """One parcel with an order is stuck, and Mei has it in hand."""
    await selling(shift)
    await export(shift, row(SECOND, CIPHERED, paid="2026-11-11 19:19:00", status="已发货"))
    await parcels(shift, (SECOND, "YT1", "圆通", "在途", 200, 190))
    assert "最先到期" in (await shift.asks(MEI, "接活"))[0]


async def test_work_that_is_late_in_somebodys_hands_is_said_once_by_day_and_then_goes_back(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await stuck(shift)
        await shift.at("12 08:59")  # due at 01:20
        assert "到时间了" not in shift.read(MEI)
        await shift.at("12 09:00")
        assert (
            shift.read(MEI).count(
                "到时间了，还没有结果，10:00 前没处理会放回队列：\n· 催物流 6917950000000000022"
            )
            == 1
        )
        assert "没有要跟进的" in (await shift.asks(QIANG, "接活"))[0]
        await shift.at("12 10:00")
        assert "到时间没有结果，已放回队列：\n· 催物流 6917950000000000022" in shift.read(MEI)
        assert SECOND in (await shift.asks(QIANG, "接活"))[0]


async def test_what_was_seen_to_in_time_is_not_spoken_of(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await stuck(shift)
        await shift.press(MEI, "已告知买家")
        await shift.at("12 12:00")
        assert "到时间了" not in shift.read(MEI)


async def test_who_takes_it_over_has_time_of_their_own(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await stuck(shift)
        await shift.at("12 09:30")
        await shift.press(MEI, "放回队列")
        await shift.asks(QIANG, "接活")
        await shift.at("12 10:15")  # Mei's hour is over
        assert "到时间了" not in shift.read(QIANG)
        await shift.at("12 10:31")
        assert "11:30 前没处理" in shift.read(QIANG)


async def test_a_lost_parcel_a_refused_one_and_a_refund_go_on_as_a_case_by_one_press(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await stuck(shift)
        await shift.press(MEI, "快递确认丢失")
        await shift.asks(MEI, "网点确认丢件")
        await shift.press(MEI, "登记售后")
        await export(shift, nuts(FIRST, status="待发货"))
        await shift.asks(QIANG, f"催发货 {FIRST}")
        await shift.press(QIANG, "买家要退款")
        await shift.asks(QIANG, "不等了")
        await shift.press(QIANG, "登记售后")
        registered = sorted((one.order_id, one.type, one.owner) for one in books(shift).cases.scan())
        assert registered == [
            (FIRST, "refund_unshipped", str(QIANG)), (SECOND, "problem", str(MEI)),
        ]  # fmt: skip


async def test_nobody_is_asked_for_a_reason_in_vain_and_a_parcel_has_its_number(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await parcels(shift, ("", "YT1", "圆通", "待取件", 60, 1))
        await shift.asks(MEI, "接活")
        assert "YT1 已由 小美 跟进" in (await shift.asks(QIANG, "/skip a1-pYT1"))[0]
        assert "订单 YT1 不在您名下" in (await shift.asks(QIANG, "/followed a1-pYT1 refused"))[0]
        assert "原因" in (await shift.asks(MEI, "/skip a1-pYT1"))[0]


async def test_what_waits_for_the_warehouse_is_not_spoken_of_and_several_are_one_message(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        numbers = (FIRST, SECOND)
        orders = [row(n, CIPHERED, paid="2026-11-11 19:19:00", status="待发货") for n in numbers]
        await export(shift, *orders)
        for number in numbers:
            await shift.asks(MEI, f"催发货 {number}")
        await shift.at("12 09:30")
        assert "到时间了" not in shift.read(MEI)
        await shift.asks(CHEN, "/eta 3 明天 18:00")
        await shift.at("12 11:30")
        said = [m.text for m in shift.here.core.said(MEI) if "到时间了，还没有结果" in m.text]
        assert len(said) == 1
        assert all(number in said[0] for number in numbers)
        await shift.at("12 12:30")
        assert "到时间没有结果，已放回队列" in shift.read(MEI)
