"""What was in force at any minute of the evening and when an order was placed; corrections; who comes late."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from playbooks.followup import FollowUp
from playbooks.orders import OrderState
from storage import archive
from storage.books import CORRECTIONS, RoomBooks
from tests.bot.test_undo_dialogue import selling
from tests.support.evening import BOSS, MEI, OPS, QIANG, SHANGHAI, Shift, evening

ORDER = "6917000000000000001"


async def evening_of_changes(shift: Shift) -> None:
    """20:02 1 on air, 20:10 75, 20:20 2 on air, 20:30 59, and past midnight 3 on air and 119."""
    await selling(shift)
    await shift.at("20:02")
    await shift.says(OPS, "/on 1")
    await shift.at("20:10")
    await shift.says(OPS, "改价 1 75")
    await shift.at("20:20")
    await shift.says(OPS, "/on 2")
    await shift.at("20:30")
    await shift.says(OPS, "改价 1 59")
    await shift.at("12 00:40")
    await shift.says(OPS, "/on 3")
    await shift.says(OPS, "改价 3 119")


async def placed(shift: Shift, at: datetime | None, **more: object) -> None:
    fields = {
        "id": f"a1-o{ORDER}", "order_id": ORDER, "platform": "douyin", "status": "paid_unshipped",
        "as_of": shift.clock.now(), "link_no": 1, "broadcast": "a1-b1", "created_at": at, **more,
    }  # fmt: skip
    state = OrderState.model_validate(fields)
    await shift.here.bot.runner.unit("a1", lambda raw: RoomBooks(raw).orders.put(state))


def clock(hour: int, minute: int, second: int = 0, day: int = 11) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=SHANGHAI)


async def test_a_product_at_any_minute_has_the_price_revision_and_author_of_that_minute(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await evening_of_changes(shift)
        told = (await shift.asks(MEI, "/promo 1 @20:05"))[0]
        assert "直播价 ¥79.00" in told
        assert "第 1 版 · 小周" in told
        told = (await shift.asks(MEI, "/p 1 @20:14"))[0]
        assert "直播价 ¥75.00" in told
        assert "第 2 版" in told
        assert "直播价 ¥59.00" in (await shift.asks(MEI, "优惠 玫瑰 @20：45"))[0]
        assert "没有这个商品" in (await shift.asks(MEI, "/p 1 @19:00"))[0]


async def test_past_midnight_a_time_means_the_night_of_the_broadcast(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await evening_of_changes(shift)
        assert "直播价 ¥75.00" in (await shift.asks(MEI, "/p 1 @20:14"))[0]
        await shift.at("12 00:50")
        assert "直播价 ¥119.00" in (await shift.asks(MEI, "/p 3 @00:45"))[0]
        assert "直播价 ¥129.00" in (await shift.asks(MEI, "/p 3 @11-11 23:50"))[0]
        await shift.says(OPS, "下播")
        await shift.at("12 21:00")  # the next evening, nothing newer was on air
        assert "直播价 ¥75.00" in (await shift.asks(MEI, "/p 1 @20:14"))[0]


async def test_now_at_a_minute_says_what_was_on_air_since_when_and_by_whom(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await evening_of_changes(shift)
        told = (await shift.asks(MEI, "/now @20:14"))[0]
        assert "正在讲 1号 玫瑰精华水" in told
        assert "20:02 起，小周 开讲" in told
        assert "直播价 ¥75.00" in told
        assert "正在讲 2号" in (await shift.asks(MEI, "/now @20:35"))[0]
        assert "没有商品在讲" in (await shift.asks(MEI, "/now @20:01"))[0]
        assert "直播价 ¥75.00" in (await shift.asks(MEI, "/promo @20:14"))[0]  # of what was on air then
        assert "还没到" in (await shift.asks(MEI, "/now @03:00"))[0]
        assert "看不懂" in (await shift.asks(MEI, "/now @晚上八点"))[0]
        assert "没有那一天的场次" in (await shift.asks(MEI, "/now @10-01 20:00"))[0]


async def test_a_change_within_the_minute_asked_for_is_told_with_its_second(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("20:14")
        await shift.here.wind_by(timedelta(seconds=20))
        await shift.says(OPS, "改价 1 75")
        await shift.at("20:20")
        told = (await shift.asks(MEI, "/p 1 @20:14"))[0]
        assert "直播价 ¥79.00" in told
        assert "20:14:20 变成第 2 版：直播价 79.00 → 75.00" in told


async def test_an_order_shows_the_offer_it_was_placed_under_and_what_changed_since(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await evening_of_changes(shift)
        await placed(shift, clock(20, 14))
        told = (await shift.asks(MEI, f"/order {ORDER}"))[0]
        assert f"订单 {ORDER} · 1号 玫瑰精华水" in told
        assert "直播价 ¥75.00" in told
        assert "面膜" in told
        assert "之后变了：直播价 75.00 → 59.00" in told
        assert "还欠赠品：面膜" in told
        assert "没有待跟进的事" not in told


async def test_an_order_shows_what_is_owed(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await evening_of_changes(shift)
        await placed(shift, clock(20, 14))
        owed = FollowUp(
            id="a1-f1", kind="pickup", order_id=ORDER, why_key="followup.kind_pickup", values={},
            created_at=clock(21, 0), due_at=clock(9, 0, day=13),
        )  # fmt: skip
        await shift.here.bot.runner.unit("a1", lambda raw: RoomBooks(raw).follow_ups.put(owed))
        assert "还欠：" in (await shift.asks(MEI, f"查订单 {ORDER}"))[0]


async def test_what_is_not_known_of_an_order_is_said(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await evening_of_changes(shift)
        assert "没有订单 6917999" in (await shift.asks(MEI, "/order 6917999"))[0]
        await shift.asks(MEI, f"催 {ORDER} 3号")
        assert "下单时间不知道" in (await shift.asks(MEI, f"/order {ORDER}"))[0]
        await placed(shift, clock(20, 14), link_no=None, title="别家的香水")
        told = (await shift.asks(MEI, f"/order {ORDER}"))[0]
        assert "别家的香水" in told
        assert "对不上排品表" in told


async def test_a_slip_is_corrected_once_in_the_group_and_shown_with_orders_around_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 1")
        await placed(shift, clock(20, 5))
        await shift.at("20:06")
        said = await shift.says(OPS, "/correct 1 说成了49，实际79")
        assert len(said) == 1
        assert "口误更正 1号 玫瑰精华水 · 20:06 小周" in said[0]
        assert "说成了49，实际79" in said[0]
        assert "⚠ 下单后才更正（20:06）：说成了49，实际79" in (await shift.asks(MEI, f"/order {ORDER}"))[0]
        await placed(shift, clock(20, 7))
        assert "下单前已更正（20:06）" in (await shift.asks(MEI, f"/order {ORDER}"))[0]
        refused = await shift.asks(OPS, "/correct 1 说成了13800012345")
        assert "不要写买家的电话" in refused[0]
        assert "13800012345" not in shift.read(shift.group)
        books = shift.here.bot.runner.view("a1")
        (kept,) = books.corrections.scan()
        assert archive.documents(books, "a1-b1")[CORRECTIONS] == [kept.id]  # it goes where nothing is removed


async def test_a_correction_goes_out_under_the_product_it_names_and_never_without_a_text(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 2")
        for typed in (
            "玫瑰 主播说49，其实79",
            "1号 说成了48",
            "#1，说成了47",
            "1号说成了46",
            "玫瑰精华水主播说45",
        ):
            await shift.says(OPS, f"更正 {typed}")
            slip = typed[typed.index("说") :]
            said = [m.text for m in shift.here.core.said(shift.group) if slip in m.text]
            assert len(said) == 1, typed
            assert "口误更正 1号 玫瑰精华水" in said[0]
        assert "口误更正 2号" in (await shift.says(OPS, "更正 主播说49，其实69"))[0]
        before = shift.read(shift.group)
        for typed in ("1", "1号", "玫瑰", "玫瑰精华水", "1主播说49", ""):
            assert "请写说错了什么" in "".join(await shift.asks(OPS, f"/correct {typed}")), typed
        assert "没有叫「茉莉」的商品" in (await shift.asks(OPS, "/correct 茉莉 主播说49"))[0]
        assert "没有 33 号" in (await shift.asks(OPS, "/correct 33 主播说49"))[0]
        assert shift.read(shift.group) == before


async def test_a_correction_said_twice_is_told_privately_and_posted_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "更正 1 说成了4.9，实际79")
        assert await shift.says(MEI, "更正 1号 说成了4.9 实际79。") == []
        assert "1号 玫瑰精华水 的这句更正已经发过了" in shift.here.last(MEI).text
        assert "口误更正 2号" in (await shift.says(OPS, "更正 2 说成了4.9，实际79"))[0]
        assert "口误更正 1号" in (await shift.says(OPS, "更正 1 说成了49，实际79"))[0]
        assert len(list(shift.here.bot.runner.view("a1").corrections.scan())) == 3


async def test_many_corrections_of_a_product_go_into_its_second_message_and_none_is_lost(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        posted = [len(await shift.says(OPS, f"更正 1 第{n}次说成了{n}9，实际79")) for n in range(1, 13)]
        assert posted == [1, 1, *[0] * 10]
        card = [m.text for m in shift.here.core.said(shift.group) if "口误更正 1号" in m.text][-1]
        assert "第12次说成了129" in card
        assert "第5次说成了59" in card
        assert "第4次" not in card  # the newest eight, so that the message stays one
        assert "加进了群里 1号 玫瑰精华水 最近的那条更正" in shift.here.last(OPS).text
        await shift.asks(BOSS, "复盘")
        assert "主播口误更正 12 次" in shift.read(BOSS)


async def test_a_settled_dispute_is_shown_as_settled_at_the_minute_it_was_open(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await evening_of_changes(shift)
        await shift.at("12 00:50")
        await shift.asks(MEI, "报价 2 59")
        await shift.at("12 00:52")
        await shift.press(OPS, "否")
        await shift.at("12 01:10")
        told = (await shift.asks(MEI, "/promo 2 @00:51"))[0]
        assert "那时价格待确认：00:50 有人报 ¥59.00；00:52 定为仍是 ¥69.00" in told
        assert "先不要答复" not in told
        await placed(shift, clock(0, 51, day=12), link_no=2)
        assert "00:52 定为仍是 ¥69.00" in (await shift.asks(MEI, f"/order {ORDER}"))[0]
        assert "待确认" not in (await shift.asks(MEI, "/promo 2 @00:53"))[0]


async def test_the_gifts_left_are_those_of_the_minute_asked_for(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("20:10")
        await shift.says(OPS, "赠品 1 10")
        for n, minute in enumerate((12, 13, 40)):
            number = f"691700000000000010{n}"
            await placed(shift, clock(20, minute), id=f"a1-o{number}", order_id=number)
        await shift.at("21:00")
        await shift.says(OPS, "赠品 1 30")
        assert "赠品约剩 8" in (await shift.asks(MEI, "/p 1 @20:14"))[0]
        assert "赠品约剩 10" in (await shift.asks(MEI, "/p 1 @20:11"))[0]
        assert "赠品约剩 7" in (await shift.asks(MEI, "/p 1 @20:45"))[0]
        assert "赠品约剩" not in (await shift.asks(MEI, "/p 1 @20:05"))[0]  # nobody counted yet
        assert "赠品约剩 30" in (await shift.asks(MEI, "/p 1"))[0]


async def test_who_comes_late_gets_the_current_card_and_the_changes_that_stand(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(QIANG, "下班")
        await evening_of_changes(shift)
        await shift.press(MEI, "已知悉", shift.group)
        told = "\n".join(await shift.asks(QIANG, "到岗"))
        assert "正在讲 3号 烟酰胺面霜" in told
        assert "直播价 ¥119.00" in told
        assert "1号 直播价 75.00 → 59.00（已知悉 0/1）" in told
        assert "79.00 → 75.00" not in told  # what no longer stands is nobody's to learn
        assert "3号 直播价 129.00 → 119.00（已知悉 1/1）" in told


async def test_a_bare_number_with_a_minute_is_that_product_then(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await evening_of_changes(shift)
        for typed in ("1 @20:14", "1号@20：14", "#1 ＠20:14"):
            told = (await shift.asks(MEI, typed))[0]
            assert "直播价 ¥75.00" in told, typed


async def test_an_order_is_found_in_what_was_pasted_around_its_number(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await evening_of_changes(shift)
        await placed(shift, clock(20, 14))
        told = (await shift.asks(MEI, f"查订单 {ORDER} 这个什么价"))[0]
        assert f"订单 {ORDER}" in told
        assert "直播价 ¥75.00" in told
