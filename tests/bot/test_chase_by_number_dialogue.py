"""An order asked for by its number is handed over only where its buyer may be contacted, as from the queue."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbooks.chase import chase_id
from tests.bot.test_reveal_dialogue import BUYER, UNPAID, export, keys, row
from tests.support.evening import BOSS, MEI, QIANG, Shift, evening

LATER = "6917950000000000066"
SCRIPT = "话术："


async def chased_until_nothing_is_left(shift: Shift) -> None:
    """Mei contacts the buyer in both rounds."""
    await shift.asks(BOSS, "/life 60")
    await shift.asks(MEI, f"催 {UNPAID}")
    await shift.press(MEI, "提醒付款")
    await shift.press(MEI, "没接没回")
    await shift.minutes(11)
    await shift.press(MEI, "认领")
    await shift.press(MEI, "提醒付款")
    await shift.minutes(11)


@pytest.mark.parametrize(("said", "why"), [("opted_out", "不愿再被联系"), ("malicious", "恶意")])
async def test_another_order_of_a_buyer_to_be_left_alone_is_not_handed_over_by_number_either(
    tmp_path: Path, said: str, why: str
) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(UNPAID, BUYER))
        await shift.asks(BOSS, f"/said {chase_id('a1', UNPAID)} {said}")
        await shift.minutes(1)
        await export(shift, row(LATER, BUYER))
        for asked in (f"催 {LATER}", f"/claim {chase_id('a1', LATER)}"):
            told = (await shift.asks(MEI, asked))[-1]
            assert why in told
            assert SCRIPT not in told
        assert "没有要催" in (await shift.asks(MEI, "/chase"))[-1]


async def test_who_had_both_rounds_is_not_handed_to_a_colleague_to_be_contacted_once_more(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await chased_until_nothing_is_left(shift)
        told = "\n".join(await shift.asks(QIANG, f"催 {UNPAID}"))
        assert "2" in told
        assert SCRIPT not in told
        assert "提醒付款" not in shift.buttons(QIANG)


async def test_who_used_up_the_rounds_still_enters_what_came_of_them_and_is_given_nothing_to_say(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await chased_until_nothing_is_left(shift)
        card = (await shift.asks(MEI, f"催 {UNPAID}"))[-1]
        assert "不再提醒买家" in card
        assert SCRIPT not in card
        await shift.press(MEI, "没接没回")
        assert f"订单 {UNPAID}：没接没回" in shift.here.last(MEI).text


async def test_who_says_in_the_line_that_it_is_paid_registers_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert f"订单 {UNPAID} 已付款" in (await shift.asks(MEI, f"催 {UNPAID} 3号 已付款"))[-1]
        assert "没有要催" in (await shift.asks(MEI, "/chase"))[-1]


async def test_after_a_call_the_steps_still_owed_are_said_before_a_time_is_asked_for(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"催 {UNPAID}")
        await shift.press(MEI, "电话")
        answer = await shift.press(MEI, "答应付款")
        assert answer is not None
        assert "还要点提醒付款并留言" in answer.text
        await shift.press(MEI, "提醒付款")  # the card is still there to go on with
        await shift.press(MEI, "留言")
        await shift.press(MEI, "答应付款")
        assert "什么时候付" in shift.here.last(MEI).text
