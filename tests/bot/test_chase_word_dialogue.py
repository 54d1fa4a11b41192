"""An agent's word on an order holds until a newer export shows it otherwise, and who gave it hears of that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.chases import ONE, chased, export
from tests.support.evening import MEI, QIANG, evening


@pytest.mark.parametrize("said", ["登记错了", "已关"])
async def test_an_order_said_to_be_over_is_back_in_the_queue_once_a_newer_export_shows_it_unpaid(
    tmp_path: Path, said: str
) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await shift.asks(MEI, f"催 {ONE}")
        await shift.press(MEI, said)
        assert not chased(shift, ONE).alive
        await shift.minutes(8)
        await export(shift, "douyin", ONE)
        told = f"您记为「{said}」的订单 {ONE}，新的导出显示还在待付款，已放回队列"
        assert shift.read(MEI).count(told) == 1
        assert "新的导出显示" not in shift.read(QIANG)
        assert ONE in (await shift.asks(QIANG, "/chase"))[0]
        await shift.press(QIANG, "提醒付款")
        assert len(chased(shift, ONE).touches) == 1
        await shift.minutes(5)
        await export(shift, "douyin", ONE, ago=18)
        assert shift.read(MEI).count("新的导出显示") == 1


async def test_an_order_registered_in_error_that_a_newer_export_shows_paid_is_settled_and_counts(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await shift.asks(MEI, f"催 {ONE}")
        await shift.press(MEI, "提醒付款")
        await shift.press(MEI, "登记错了")
        await shift.minutes(8)
        await export(shift, "douyin", ONE, word="待发货", paid=True, ago=7)
        told = f"您记为「登记错了」的订单 {ONE}，新的导出显示已付款，已按付款结清"
        assert shift.read(MEI).count(told) == 1
        assert (chased(shift, ONE).state, chased(shift, ONE).answer) == ("paid", None)


async def test_an_export_made_before_the_word_changes_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await shift.asks(MEI, f"催 {ONE}")
        await shift.minutes(3)
        await shift.press(MEI, "已关")
        before = shift.read(MEI)
        await export(shift, "douyin", ONE, made=2)
        assert chased(shift, ONE).closed_why == "closed_said"
        assert shift.read(MEI) == before


async def test_what_the_buyer_decided_no_export_takes_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await shift.asks(MEI, f"催 {ONE}")
        await shift.press(MEI, "不愿被联系")
        await shift.minutes(8)
        await export(shift, "douyin", ONE)
        assert chased(shift, ONE).state == "dropped"
        assert "现在没有要催的订单" in (await shift.asks(QIANG, "/chase"))[0]


async def test_an_order_the_buyer_says_is_paid_is_no_work_until_an_export_says_otherwise(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await shift.asks(MEI, f"催 {ONE}")
        await shift.press(MEI, "提醒付款")
        await shift.press(MEI, "说已付")
        for again in (f"催 {ONE}", f"/claim a1-c{ONE}"):
            card = (await shift.asks(MEI, again))[0]
            assert "买家 20:22 说已付。请不要再联系" in card
            assert "步骤" not in card
            assert not {"电话", "留言", "提醒付款"} & set(shift.buttons(MEI))
        assert chased(shift, ONE).lease_until is None
        assert "现在没有要催的订单" in (await shift.asks(MEI, "/chase"))[0]
        await shift.minutes(12)
        await export(shift, "douyin", ONE, ago=14)
        assert f"订单 {ONE}" in (await shift.asks(MEI, "/chase"))[0]
        assert "提醒付款" in shift.buttons(MEI)


async def test_a_word_given_by_mistake_can_be_replaced_on_the_same_card(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await shift.asks(MEI, f"催 {ONE}")
        await shift.press(MEI, "提醒付款")
        await shift.press(MEI, "说已付")
        await shift.asks(MEI, f"/claim a1-c{ONE}")
        await shift.press(MEI, "答应付款")
        await shift.press(MEI, "10 分钟内")
        assert (chased(shift, ONE).answer, chased(shift, ONE).state) == ("will_pay", "waiting")
