"""What a buyer asked for goes with the buyer, from one export to the next and from the chase to the follow-ups."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import refusals
from playbooks.chase import chase_id
from playbooks.model import Refusal
from tests.bot.test_closing import logistics
from tests.bot.test_reveal_dialogue import (
    BUYER,
    CIPHERED,
    NAME,
    PAID,
    PHONE,
    ROAD,
    STREET,
    UNPAID,
    Buyer,
    books,
    everything,
    export,
    keys,
    row,
)
from tests.support.evening import MEI, QIANG, SHANGHAI, START, Shift, evening

OTHER = "6917950000000000044"
NEW_PHONE = "13900139777"
MOVED: Buyer = (STREET, NAME, NEW_PHONE, ROAD, "", "")


async def received(shift: Shift, number: str, buyer: Buyer) -> None:
    """A later export has the order paid, and its buyer has it."""
    await shift.minutes(2)
    await export(shift, row(number, buyer, paid="2026-11-11 19:19:00", status="已完成"))


async def opted_out(shift: Shift, number: str) -> None:
    await shift.asks(MEI, f"/claim {chase_id('a1', number)}")
    await shift.press(MEI, "提醒付款")
    await shift.press(MEI, "不愿被联系")


async def test_who_opted_out_stays_so_when_a_later_export_ciphers_the_phone(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(UNPAID, BUYER))
        await opted_out(shift, UNPAID)
        await received(shift, UNPAID, CIPHERED)
        assert "没有要跟进的" in (await shift.asks(QIANG, "/take"))[0]
        await received(shift, OTHER, CIPHERED)  # somebody else, for all anybody knows
        assert OTHER in (await shift.asks(QIANG, "/take"))[0]


async def test_an_order_whose_phone_is_ciphered_now_is_its_buyers_all_the_same(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(UNPAID, BUYER), row(OTHER, BUYER))
        await received(shift, UNPAID, CIPHERED)
        await opted_out(shift, OTHER)
        assert "没有要跟进的" in (await shift.asks(QIANG, "/take"))[0]


async def test_who_opted_out_stays_so_under_another_phone(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(UNPAID, BUYER))
        await opted_out(shift, UNPAID)
        await received(shift, UNPAID, MOVED)
        await received(shift, OTHER, MOVED)
        assert "没有要跟进的" in (await shift.asks(QIANG, "/take"))[0]


async def test_another_order_under_the_former_phone_is_left_alone_all_the_same(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(UNPAID, BUYER), row(PAID, BUYER, paid="2026-11-11 19:19:00", status="待发货"))
        await opted_out(shift, UNPAID)
        await received(shift, UNPAID, MOVED)
        await received(shift, PAID, BUYER)
        assert "没有要跟进的" in (await shift.asks(QIANG, "/take"))[0]


async def test_what_an_order_was_told_goes_to_its_buyer_once_an_export_tells_who_that_is(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await received(shift, UNPAID, CIPHERED)
        assert UNPAID in (await shift.asks(MEI, "/take"))[0]
        await shift.press(MEI, "不愿被打扰")
        await received(shift, UNPAID, BUYER)
        await received(shift, OTHER, BUYER)
        assert "没有要跟进的" in (await shift.asks(QIANG, "/take"))[0]
        assert len(books(shift).contacts) == 1  # the buyer's: the order has none of its own any more


async def test_an_order_typed_from_the_desk_is_known_for_the_buyers_who_opted_out(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(UNPAID, BUYER), row(OTHER, BUYER))
        await opted_out(shift, UNPAID)
        await shift.asks(QIANG, f"催 {OTHER}")
        assert f"订单 {OTHER} 的买家说过不愿再被联系" in shift.here.last(QIANG).text


# -- stuck parcels: the carrier at any hour, the buyer within the limits --------------------------------


def stuck(number: str, now: datetime) -> tuple[str, ...]:
    sent, seen = now - timedelta(days=8), now - timedelta(days=6)
    times = [f"{at:%Y-%m-%d %H:%M:%S}" for at in (sent, seen)]
    return (number, f"78{number[-8:]}", "中通快递", "在途", times[0], "-", times[1], "快件到达转运中心")


async def parcel(shift: Shift, number: str) -> str:
    """A list tells of a stuck parcel, and Mei takes it up."""
    now = shift.clock.now().astimezone(SHANGHAI)
    await logistics(shift, now, stuck(number, now))
    return (await shift.asks(MEI, "/take"))[0]


@pytest.mark.parametrize("hour", ["20:30", "22:00"])
async def test_the_buyer_of_a_stuck_parcel_is_not_written_to_at_night(tmp_path: Path, hour: str) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await shift.at(hour)
        card = await parcel(shift, UNPAID)
        night = hour > "21"
        assert UNPAID in card
        assert ("安静时段" in card, "让您久等了" in card) == (night, not night)
        assert ("已告知买家" in shift.buttons(MEI)) is not night
        assert "已催快递" in shift.buttons(MEI)
        told = await shift.asks(MEI, f"/followed a1-l78{UNPAID[-8:]} buyer_told")
        assert ("安静时段" in "".join(told)) is night


async def test_the_buyer_of_a_stuck_parcel_who_opted_out_is_left_alone(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(UNPAID, BUYER))
        await opted_out(shift, UNPAID)
        card = await parcel(shift, UNPAID)
        assert "不愿再被联系" in card
        assert "让您久等了" not in card
        assert "已告知买家" not in shift.buttons(MEI)
        assert "不愿再被联系" in (await shift.asks(MEI, f"/followed a1-l78{UNPAID[-8:]} buyer_told"))[-1]
        await shift.press(MEI, "已催快递")
        assert "请用一句话回复原因" in shift.here.last(MEI).text


# -- what staff type ------------------------------------------------------------------------------------


async def test_a_name_and_street_in_a_line_that_could_not_be_read_rest_nowhere(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        told = (await shift.asks(MEI, f"催 {UNPAID} 3号\n{OTHER} 2号\n{NAME} 杭州{ROAD} {PHONE}"))[0]
        assert "已登记 2 单" in told
        assert "第 3 单没登记：没有找到订单号" in told
        assert not [one for one in (NAME, ROAD, PHONE) if one in everything(tmp_path)]


def test_a_refusal_leaves_behind_what_its_text_does_not_say() -> None:
    refusal = Refusal("chase.taken", order_id=UNPAID, who="小美", until="20:30", line=f"{NAME} {ROAD}")
    told = refusals.said(refusal, None, None, START)
    assert sorted(told.values) == ["order_id", "until", "who"]


async def test_a_note_with_a_phone_is_not_kept_and_its_writer_is_told(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        paste = f"催\n订单编号: {UNPAID}\n商品: 水\n备注: 收件人{NAME} {PHONE} {ROAD}"
        told = "\n".join(await shift.asks(MEI, paste))
        assert f"订单 {UNPAID} 的备注里有手机号，整条备注没有保存" in told
        assert not [one for one in (NAME, ROAD, PHONE) if one in everything(tmp_path)]
        kept = "\n".join(await shift.asks(MEI, f"催\n订单编号: {OTHER}\n备注: 晚上付"))
        assert "没有保存" not in kept
        assert "晚上付" in everything(tmp_path)


async def test_who_lets_the_lease_lapse_may_not_look_at_the_buyer_any_more(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(UNPAID, BUYER))
        await shift.asks(MEI, f"/claim {chase_id('a1', UNPAID)}")
        await shift.minutes(11)
        assert "不在您手上" in (await shift.asks(MEI, f"/reveal {UNPAID}"))[-1]
