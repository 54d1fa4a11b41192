"""价格不符: one question to ops, 待确认 everywhere meanwhile, one tap to settle it, and the orders in between."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from playbooks.orders import OrderState
from storage.books import RoomBooks
from tests.bot.test_undo_dialogue import selling
from tests.support.evening import BOSS, MEI, OPS, QIANG, Shift, evening


def air_card(shift: Shift) -> str:
    return [
        m.text
        for m in shift.here.core.said(shift.group)
        if "正在讲 1号" in m.text and m.text != shift.board()
    ][-1]


async def on_air(shift: Shift) -> None:
    await selling(shift)
    await shift.says(OPS, "/on 1")


def settled(shift: Shift) -> list[dict[str, str]]:
    return [e.values for e in shift.here.bot.runner.view("a1").journal.by("kind", "price_settled")]


async def test_a_report_is_seen_everywhere_at_once_without_a_message_in_the_group(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        before = len(shift.here.core.said(shift.group))
        thanks = (await shift.asks(MEI, "报价 59"))[0]
        assert "已问运营" in thanks
        assert "亲亲稍等" in thanks
        assert len(shift.here.core.said(shift.group)) == before
        assert "价格待确认：有人报 ¥59.00" in air_card(shift)
        assert "1号 价格待确认" in shift.board()
        assert "1号 价格待确认" in shift.read(QIANG)
        assert "复制稳住话术" in shift.buttons(QIANG)
        assert "价格待确认" in (await shift.asks(QIANG, "/promo"))[0]
        asked, _ = shift.find(OPS, "是，改成 ¥59.00")
        assert "小美 听到的是 ¥59.00，现在是 ¥79.00" in asked.text


async def test_yes_makes_it_the_price_and_the_card_is_clear_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(MEI, "报价 1 59")
        await shift.here.wind_by(timedelta(seconds=14))
        await shift.press(OPS, "是，改成 ¥59.00")
        assert "直播价 79.00 → 59.00" in shift.here.core.said(shift.group)[-1].text
        assert "待确认" not in air_card(shift)
        assert "直播价 ¥59.00" in air_card(shift)
        assert "待确认" not in shift.board()
        assert not [b for b in shift.buttons(OPS) if b.startswith(("是，", "否，"))]
        assert [(v["outcome"], v["seconds"]) for v in settled(shift)] == [("taken", "14")]


async def test_no_tells_those_who_reported_that_ours_holds(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        before = len(shift.here.core.said(shift.group))
        await shift.asks(MEI, "报价 59")
        await shift.asks(QIANG, "报价 59元")
        assert [b for b in shift.buttons(OPS) if b.startswith("是，")] == ["是，改成 ¥59.00"]  # one question
        assert "小美、阿强 听到的是" in shift.read(OPS)
        await shift.press(OPS, "否，仍是 ¥79.00")
        assert "不是 ¥59.00，仍按 ¥79.00" in shift.here.last(MEI).text
        assert "不是 ¥59.00，仍按 ¥79.00" in shift.here.last(QIANG).text
        assert len(shift.here.core.said(shift.group)) == before
        assert "待确认" not in air_card(shift)
        again = await shift.asks(MEI, "报价 59")
        assert "已问运营" in again[0]  # heard again later is a new question


async def test_an_answer_given_by_typing_the_price_settles_it_too(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(MEI, "报价 59")
        await shift.asks(QIANG, "报价 49")
        await shift.says(OPS, "改价 59")
        assert sorted(v["outcome"] for v in settled(shift)) == ["overtaken", "taken"]
        assert not [b for b in shift.buttons(OPS) if b.startswith(("是，", "否，"))]
        assert "待确认" not in shift.board()


async def test_the_button_on_the_card_asks_for_the_price_privately(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.press(MEI, "价格不符", shift.group)
        assert "说的是什么价" in shift.here.last(MEI).text
        await shift.asks(MEI, "59")
        assert "价格待确认：有人报 ¥59.00" in air_card(shift)


async def test_the_price_in_force_is_no_dispute_and_after_off_nothing_is_reported(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        assert "没有不符" in (await shift.asks(MEI, "报价 79"))[0]
        assert "看不懂" in (await shift.asks(MEI, "报价 贵"))[0]
        await shift.says(OPS, "下播")
        assert "已经下播" in (await shift.asks(MEI, "报价 1 59"))[0]


async def test_ops_who_do_not_answer_are_backed_by_the_lead(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(MEI, "报价 59")
        assert not [b for b in shift.buttons(BOSS) if b.startswith("是，")]
        await shift.minutes(2)
        await shift.press(BOSS, "是，改成 ¥59.00")
        assert "直播价 ¥59.00" in (await shift.asks(MEI, "1"))[0]


async def test_ops_who_sign_in_are_asked_what_was_reported_while_nobody_was_there(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(OPS, "休息")
        await shift.asks(BOSS, "下班")
        assert "现在没有运营、组长或主管在岗" in (await shift.asks(MEI, "报价 59"))[0]
        assert not [b for b in shift.buttons(OPS) if b.startswith("是，")]
        await shift.asks(OPS, "到岗")
        await shift.press(OPS, "是，改成 ¥59.00")
        assert "直播价 ¥59.00" in (await shift.asks(MEI, "1"))[0]


async def test_orders_placed_meanwhile_are_listed_to_the_manager(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        start = shift.clock.now()
        await shift.asks(MEI, "报价 59")
        await shift.minutes(1)
        await shift.press(OPS, "否")
        await shift.minutes(1)
        moments = {"6917000000000000001": -5, "6917000000000000002": 30, "6917000000000000003": 90}

        def bought(raw: object) -> None:
            for number, seconds in moments.items():
                RoomBooks(raw).orders.put(  # type: ignore[arg-type]
                    OrderState(
                        id=f"a1-o{number}", order_id=number, platform="douyin", status="paid_unshipped",
                        as_of=shift.clock.now(), link_no=1, broadcast="a1-b1",
                        created_at=start + timedelta(seconds=seconds),
                    )
                )  # fmt: skip

        await shift.here.bot.runner.unit("a1", bought)
        told = (await shift.asks(BOSS, "/disputed"))[0]
        assert "60 秒后确认仍是 ¥79.00" in told
        assert "待确认期间下单 1 单：6917000000000000002" in told
        assert "这一步要由" in (await shift.asks(MEI, "/disputed"))[0]


async def test_the_review_says_how_long_prices_were_in_dispute_and_which_slips_there_were(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(MEI, "报价 59")
        await shift.here.wind_by(timedelta(seconds=14))
        await shift.press(OPS, "否")
        await shift.says(OPS, "/correct 1 说成了49，实际79")
        await shift.says(OPS, "下播")
        await shift.asks(BOSS, "复盘")
        told = shift.read(BOSS)
        assert "价格不符 1 次：1 次仍按原价，0 次没有答复；答复中位 14 秒" in told
        assert "主播口误更正 1 次" in told
        assert "说成了49，实际79" in told


async def test_a_question_of_last_night_changes_nothing_today(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(MEI, "报价 59")
        asked, _ = shift.find(OPS, "是，改成")
        await shift.says(OPS, "下播")
        await shift.at("12 19:00")
        await selling(shift)
        late = await shift.here.presses(OPS, OPS, asked.message_id, "是，改成 ¥59.00")
        assert late is not None
        assert "已经处理过" in late.text
        assert "直播价 ¥79.00" in (await shift.asks(MEI, "1"))[0]
