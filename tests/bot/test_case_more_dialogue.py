"""工单: what is typed with its cause leads on, a second matter is a case of its own, nothing personal gets in."""

from __future__ import annotations

from pathlib import Path

from playbooks.cases import Case
from storage.books import RoomBooks
from storage.store import Books
from tests.support.evening import BOSS, MEI, QIANG, Shift, evening

ORDER, OTHER = "6917000000000000001", "6917000000000000002"


def known(shift: Shift) -> list[Case]:
    """Every case of the room, in order."""
    return sorted(shift.here.bot.runner.view("a1").cases.scan(), key=lambda one: one.number)


async def test_a_complaint_typed_as_the_help_shows_it_goes_on_by_buttons_to_its_end(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "了解原因" in (await shift.asks(MEI, f"/complaint {ORDER} 态度 没人回复"))[0]
        await shift.press(MEI, "提出方案")
        refused = (await shift.asks(MEI, "给买家20元红包让他改好评"))[0]
        assert "法律禁止" in refused
        await shift.asks(MEI, f"/casepropose {known(shift)[0].id} 道歉并补发")
        await shift.press(MEI, "已答复买家，跟踪")
        await shift.press(MEI, "问过了：满意，结案")
        assert known(shift)[0].outcome == "solved"


async def test_money_for_a_buyer_who_complained_in_public_goes_to_a_manager_though_another_case_is_open(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"差评 {ORDER} 1星 质量 坏了")
        await shift.asks(MEI, f"售后登记 {ORDER} 退货退款 尺码不对")
        said = (await shift.asks(MEI, f"售后登记 {ORDER} 打款 补偿20元"))[0]
        assert "已登记" in said
        assert [(one.type, one.owner) for one in known(shift)[1:]] == [
            ("return_refund", str(MEI)), ("payment", str(BOSS)),
        ]  # fmt: skip


async def test_what_is_said_later_of_a_known_case_is_not_lost(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"售后登记 {ORDER} -")
        said = (await shift.asks(QIANG, f"售后登记 {ORDER} 换货 尺码不对"))[0]
        assert "同类工单" in said
        assert known(shift)[0].type == "exchange"
        await shift.asks(MEI, f"差评 {OTHER} 2星 物流 慢")
        assert "1星 质量 又坏了" in (await shift.asks(MEI, f"差评 {OTHER} 1星 质量 又坏了"))[0]


async def test_a_buyers_own_is_refused_with_what_it_is_and_nothing_is_kept(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        said = (await shift.asks(MEI, f"差评 {ORDER} 2星 物流 张女士住文三路138号3单元502"))[0]
        assert "「张女士住文三路138号3单元502」是买家的个人信息" in said
        assert not known(shift)
        assert "个人信息：张伟先生" in (await shift.asks(MEI, "案例 张伟先生说太慢 => 您好，马上催"))[0]


async def test_from_the_second_contact_on_nobody_is_led_to_say_that_it_is_put_right(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        first = (await shift.asks(MEI, f"差评 {ORDER} 1星 质量 坏了"))[0]
        assert "处理好了再说" not in first
        await shift.press(MEI, "已留言联系")
        card = (await shift.asks(MEI, "工单 1"))[0]
        assert "您反馈的问题还在处理中" in card
        assert card.index("还在处理中") < card.index("处理好了再说")
        assert "复制：已处理好" in shift.buttons(MEI)


async def test_five_stars_are_no_bad_review(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "不是中差评" in (await shift.asks(MEI, f"差评 {ORDER} 5星 盒子压坏"))[0]
        assert "好评带问题" in (await shift.asks(MEI, f"好评有问题 {ORDER} 5星 盒子压坏"))[0]


async def test_a_reply_on_pdd_holds_none_of_the_words_the_platform_forbids(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"差评 {ORDER} 1星 质量 坏了")
        assert "检查通过" in (await shift.asks(MEI, "/publicreply 1 您好，宝贝已经换新"))[0]

        def on_pdd(raw: Books) -> None:
            rooms = RoomBooks(raw).room
            room = rooms.get("a1")
            assert room is not None
            rooms.put(room.changed(platform="pinduoduo"))

        await shift.here.bot.runner.unit("a1", on_pdd)
        assert "「宝贝」" in (await shift.asks(MEI, "/publicreply 1 您好，宝贝已经换新"))[0]
        assert "检查通过" in (await shift.asks(MEI, "/publicreply 1 您好，商品已经换新"))[0]


async def test_a_second_review_of_an_order_in_a_file_does_not_put_off_the_first_ones_window(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        head = "订单编号,评价内容,评分,评价时间\n"
        rows = f"{head}{ORDER},太慢了,1,2026-11-01 10:00\n{ORDER},又坏了,2,2026-11-05 10:00\n"
        await shift.sends(MEI, "评价.csv", rows.encode())
        assert "评价 12-01 10:00 到期" in (await shift.asks(MEI, "工单 1"))[0]
        long_cell = "1 文三路" * 5000
        rows = f"{head}{OTHER},{long_cell},1,2026-11-01 10:00\n"
        await shift.sends(MEI, "长.csv", rows.encode())
        assert len(known(shift)[1].text) <= 200


async def test_who_complains_again_the_next_day_while_it_is_open_complains_a_second_time(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"投诉 {ORDER} 态度 没人回复")
        assert "二次投诉" not in (await shift.asks(MEI, f"投诉 {ORDER} 又说了一遍"))[0]
        await shift.at("12 10:00")
        assert "⚠ 二次投诉" in (await shift.asks(QIANG, f"投诉 {ORDER} 还是没人回"))[0]
        assert "二次投诉，请关注" in shift.read(BOSS)
        assert len(known(shift)) == 1
