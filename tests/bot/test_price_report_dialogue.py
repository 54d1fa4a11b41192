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
        await shift.here.wind_by(timedelta(seconds=2))
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


async def test_a_question_of_last_night_settled_today_changes_last_nights_product_alone(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(MEI, "报价 59")
        await shift.says(OPS, "下播")
        asked, _ = shift.find(OPS, "是，改成")
        await shift.at("12 19:00")
        await selling(shift)
        group = len(shift.here.core.said(shift.group))
        await shift.here.presses(OPS, OPS, asked.message_id, "是，改成 ¥59.00")
        assert "直播价 ¥79.00" in (await shift.asks(MEI, "1"))[0]
        assert len(shift.here.core.said(shift.group)) == group
        kept = shift.here.bot.runner.view("a1").listings
        assert [str(one.offer.live_price) for one in (kept.get("a1-b1-p1"), kept.get("a1-b2-p1")) if one] == [
            "59.00", "79.00"
        ]  # fmt: skip
        (report,) = shift.here.bot.runner.view("a1").price_reports.scan()
        again = await shift.here.presses(OPS, OPS, asked.message_id, f"a1:quoteno {report.id}", outdated=True)
        assert again is not None
        assert "已经处理过" in again.text


async def left_open(shift: Shift) -> None:
    """Two prices in dispute, and the broadcast over."""
    await on_air(shift)
    await shift.asks(MEI, "报价 59")
    await shift.asks(QIANG, "报价 2 65")
    await shift.at("20:30")
    await shift.says(OPS, "下播")


async def test_at_off_what_is_still_in_dispute_is_put_before_ops_and_managers_privately(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(MEI, "报价 59")
        await shift.at("20:30")
        before = {who: len(shift.here.core.said(who)) for who in (OPS, BOSS, MEI)}
        said = await shift.says(OPS, "下播")
        assert len(said) == 1
        assert "价格" not in said[0]
        for who in (OPS, BOSS):
            new = shift.here.core.said(who)[before[who] :]
            assert [m.text for m in new if "下播了（20:30），这条价格还没有答复" in m.text], who
        new = [m.text for m in shift.here.core.said(MEI)[before[MEI] :]]
        assert [text for text in new if "这一班感觉怎么样" not in text] == []
        assert "价格不符还没答复：1 条（1号 报 ¥59.00）" in shift.read(BOSS)  # on the card for the night


async def test_no_after_off_settles_it_and_tells_who_asked(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await left_open(shift)
        await shift.press(BOSS, "否，仍是 ¥69.00")
        assert "2号 丝绒口红：不是 ¥65.00，仍按 ¥69.00" in shift.here.last(QIANG).text
        assert "价格不符还没答复：1 条（1号 报 ¥59.00）" in shift.read(
            BOSS
        )  # one is left on the night's card
        assert [v["outcome"] for v in settled(shift)] == ["ours"]


async def test_yes_after_off_goes_into_that_evenings_history_of_that_product_alone(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await left_open(shift)
        group = len(shift.here.core.said(shift.group))
        await shift.press(OPS, "是，改成 ¥65.00")
        assert "2号 丝绒口红：确认是 ¥65.00" in shift.here.last(QIANG).text
        assert len(shift.here.core.said(shift.group)) == group  # nobody sells at it any more
        told = (await shift.asks(MEI, "2"))[0]
        assert "直播价 ¥65.00" in told
        assert "待确认" not in told
        assert "直播价 ¥79.00" in (await shift.asks(MEI, "1"))[0]
        assert "报 ¥65.00，原 ¥69.00" in (await shift.asks(BOSS, "/disputed"))[0]
        kept = shift.here.bot.runner.view("a1").offers.by("listing", "a1-b1-p2")
        assert sorted(str(one.offer.live_price) for one in kept) == ["65.00", "69.00"]


async def test_wrap_and_the_review_list_what_nobody_settled(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await left_open(shift)
        said = await shift.asks(BOSS, "收尾")
        assert (
            "价格不符还没答复：2 条（1号 报 ¥59.00、2号 报 ¥65.00）"
            in shift.here.core.said(shift.group)[-1].text
        )
        assert len([one for one in said if "2 条价格还没有答复" in one]) == 1
        await shift.asks(BOSS, "复盘")
        assert "1号 有人报 ¥59.00，我们 ¥79.00：没有答复" in shift.read(BOSS)
        await shift.press(BOSS, "否，仍是 ¥79.00")
        await shift.press(BOSS, "否，仍是 ¥69.00")
        assert "价格不符还没答复" not in (await shift.asks(BOSS, "收尾"))[0]


async def test_while_on_air_it_is_asked_again_of_ops_then_of_the_lead_and_not_without_end(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        asked = {who: len(shift.here.core.said(who)) for who in (OPS, BOSS)}

        def new(who: int) -> int:
            return len(shift.here.core.said(who)) - asked[who]

        await shift.asks(MEI, "报价 59")
        assert (new(OPS), new(BOSS)) == (1, 0)
        await shift.minutes(1)
        assert (new(OPS), new(BOSS)) == (2, 0)
        assert "还没有答复，买家在等" in shift.here.last(OPS).text
        await shift.minutes(1)
        assert (new(OPS), new(BOSS)) == (3, 1)
        assert [b for b in shift.buttons(OPS) if b.startswith("是，")] == [
            "是，改成 ¥59.00"
        ]  # one set of buttons
        await shift.minutes(30)
        assert (new(OPS), new(BOSS)) == (6, 4)


async def test_who_settles_it_is_asked_no_more_and_after_off_nobody_is(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(MEI, "报价 59")
        await shift.press(OPS, "否")
        await shift.asks(MEI, "报价 2 65")
        await shift.says(OPS, "下播")
        before = len(shift.here.core.said(OPS)), len(shift.here.core.said(BOSS))
        await shift.minutes(10)
        (asked,) = shift.here.core.said(OPS)[before[0] :]  # for the export of the closing, not for the price
        assert "订单导出" in asked.text
        assert "65" not in asked.text
        assert len(shift.here.core.said(BOSS)) == before[1]


async def test_no_tells_also_those_who_only_saw_that_the_price_was_unconfirmed(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(MEI, "报价 59")
        assert "价格待确认" in (await shift.asks(QIANG, "/promo"))[0]
        await shift.press(OPS, "否")
        assert "不是 ¥59.00，仍按 ¥79.00" in shift.here.last(QIANG).text
        assert shift.here.last(QIANG).silent
        assert not shift.here.last(MEI).silent


async def test_if_the_stream_goes_on_what_is_in_dispute_is_asked_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await left_open(shift)
        await shift.minutes(10)
        before = len(shift.here.core.said(OPS))
        await shift.says(OPS, "开播")
        await shift.minutes(1)
        new = [m.text for m in shift.here.core.said(OPS)[before:]]
        assert len([text for text in new if "2 条价格还没有答复，买家在等" in text]) == 1


async def test_several_in_dispute_are_brought_up_in_one_message_each_with_its_own_yes_and_no(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        for words in ("报价 1 59", "报价 2 65", "报价 3 99"):
            await shift.asks(MEI, words)
            await shift.here.wind_by(timedelta(seconds=5))
        asked = {who: len(shift.here.core.said(who)) for who in (OPS, BOSS)}
        await shift.here.wind_by(timedelta(seconds=200))
        new = {who: shift.here.core.said(who)[count:] for who, count in asked.items()}
        assert (len(new[OPS]), len(new[BOSS])) == (3, 2)
        assert all("3 条价格还没有答复，买家在等" in m.text for m in (*new[OPS], *new[BOSS]))
        await shift.press(BOSS, "2号 否，仍是 ¥69.00")
        assert "2号" not in shift.here.last(BOSS).text
        assert "3号 是，改成 ¥99.00" in shift.buttons(BOSS)
        assert not [b for b in shift.buttons(OPS) if "69.00" in b or "65.00" in b]
        private = len(shift.here.core.said(OPS))
        await shift.press(OPS, "1号 是，改成 ¥59.00")
        assert len(shift.here.core.said(OPS)) == private  # the other cards are edited, nothing is said anew
        await shift.here.wind_by(timedelta(seconds=2))
        assert not [b for b in shift.buttons(OPS) if "改成 ¥59.00" in b]
        before = {who: len(shift.here.core.said(who)) for who in (OPS, BOSS)}
        await shift.says(OPS, "下播")
        for who in (OPS, BOSS):
            late = [m for m in shift.here.core.said(who)[before[who] :] if "还没有答复" in m.text]
            assert len(late) == 1, who
        await shift.press(OPS, "否，仍是 ¥129.00")
        await shift.here.wind_by(timedelta(seconds=2))
        assert not [b for who in (OPS, BOSS) for b in shift.buttons(who) if "是，改成" in b]


async def test_wherever_a_price_in_dispute_is_looked_up_it_is_said_and_none_is_offered_to_paste(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(MEI, "报价 59")
        for words in ("/now", "现在", "/q 1", "/q", "/q 玫瑰精华水多少钱"):
            assert "59.00" in (told := (await shift.asks(QIANG, words))[0]), words
            assert "待确认" in told, words
        await shift.asks(QIANG, "/q 1")
        card = shift.here.last(QIANG)
        copied = [b.copied for row in card.rows for b in row if b.copied]
        assert copied[0].startswith("亲亲稍等")
        assert not [text for text in copied if "79" in text]
        assert "79元" not in card.text
        assert "69元" in (await shift.asks(QIANG, "/q 2"))[0]
        assert "待确认" not in (await shift.asks(QIANG, "/q 口红多少钱"))[0]
        query = shift.here.core.query_inline(QIANG, "1")
        await shift.here.settle()
        assert query.results
        assert query.results[0].text.startswith("亲亲稍等")
        assert not [one for one in query.results if "79" in one.text]
        await shift.press(OPS, "否")
        assert "79元" in (await shift.asks(QIANG, "/q 1"))[0]
        assert "待确认" not in (await shift.asks(QIANG, "/now"))[0]


async def test_an_answer_of_the_knowledge_that_names_a_price_in_dispute_is_held_back_meanwhile(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(BOSS, "/kb 添加 玫瑰精华水学生便宜吗 | 统一 79元 | 1号")
        await shift.asks(MEI, "报价 1 59")
        assert "统一" not in (await shift.asks(QIANG, "/q 学生便宜吗"))[0]
        await shift.press(OPS, "否")
        assert "统一" in (await shift.asks(QIANG, "/q 学生便宜吗"))[0]
