"""Follow-ups in the group's evening: dealt with the reason, hushed, alarmed, let go by name, never closed silently."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.rehearsal import samples
from storage.books import RoomBooks
from storage.store import Books
from tests.bot.test_closing import PARCELS
from tests.bot.test_reveal_dialogue import BUYER, CIPHERED, HEADINGS, books, export, keys, row
from tests.support.evening import BOSS, MEI, OPS, QIANG, SHANGHAI, Shift, evening

FIRST, SECOND, THIRD = "6917950000000000011", "6917950000000000022", "6917950000000000033"
SHEET = "序号,商品名称,直播价,类目\n3,玫瑰精华水,59.9,护肤\n5,海盐坚果,29.9,食品"


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "今晚.csv", SHEET.encode())
    await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")


def nuts(
    number: str, *, paid: str = "2026-11-11 19:19:00", status: str = "已发货", to: str = "浙江省"
) -> list[str]:
    """An order of product 5, which spoils."""
    return [
        cell.replace("玫瑰精华水", "海盐坚果")
        for cell in row(number, CIPHERED, paid=paid, status=status, to=to)
    ]


async def parcels(shift: Shift, *rows: tuple[str, str, str, str, float, float]) -> list[str]:
    """A logistics list of (order, parcel, carrier, state, shipped, last scan), the last two in hours ago."""
    now = shift.clock.now().astimezone(SHANGHAI)

    def at(hours: float) -> str:
        return f"{now - timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"

    lines = [
        [
            order,
            number,
            carrier,
            state,
            at(sent),
            at(seen) if state == "已签收" else "-",
            at(seen),
            "快件已到达",
        ]
        for order, number, carrier, state, sent, seen in rows
    ]
    return await shift.sends(MEI, f"物流明细_{now:%m%d%H%M}.csv", samples.csv_bytes(PARCELS, lines))


# -- dealing ------------------------------------------------------------------------------------------------


async def test_the_next_work_says_why_it_is_the_next_and_a_newer_list_settles_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await export(shift, nuts(FIRST), row(SECOND, CIPHERED, paid="2026-11-11 19:19:00", status="已发货"))
        await parcels(
            shift, (SECOND, "YT02", "圆通", "待取件", 60, 1), (FIRST, "YT01", "圆通", "待取件", 60, 1)
        )
        card = (await shift.asks(MEI, "接活"))[0]
        assert FIRST in card
        assert "必须做，最先到期：包裹待取件" in card
        assert "后面还有 1 件" in card
        assert "不能跳过" in (await shift.asks(MEI, "/skip a1-pYT01 忙"))[0]
        await shift.minutes(2)
        await parcels(shift, (FIRST, "YT01", "圆通", "已签收", 60, 0))
        assert "我手上" not in (await shift.asks(MEI, "/my"))[0]
        assert "可做可不做" in (await shift.asks(MEI, "接活"))[0]
        ended = [e for e in books(shift).journal.by("kind", "follow_done") if e.about == "a1-pYT01"]
        assert [(e.values["outcome"], e.values["state"]) for e in ended] == [("signed", "done")]


async def test_a_parcel_whose_list_names_no_order_is_settled_by_its_own_number(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        both = [("", number, "圆通", "待取件", 60.0, 1.0) for number in ("YT01", "YT02")]
        await parcels(shift, *both)
        assert "YT01" in (await shift.asks(MEI, "接活"))[0]
        await shift.minutes(2)
        await parcels(shift, ("", "YT01", "圆通", "已签收", 60, 0))
        assert "YT02" in (await shift.asks(MEI, "接活"))[0]  # the other one still waits


async def test_while_many_orders_are_unpaid_on_air_optional_work_has_to_wait(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await parcels(shift, ("", "YT01", "圆通", "待取件", 60, 1))
        for tail in range(3):
            await shift.asks(MEI, f"催 691795000000000010{tail} 3号")
            await shift.asks(MEI, f"/release a1-c691795000000000010{tail}")
        assert "先催付" in (await shift.asks(QIANG, "接活"))[0]
        await shift.says(OPS, "下播")
        assert "YT01" in (await shift.asks(QIANG, "接活"))[0]


async def test_who_is_in_charge_is_told_of_food_nobody_saw_to_and_not_without_end(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await export(shift, nuts(FIRST), nuts(SECOND))
        await parcels(
            shift, (FIRST, "YT01", "圆通", "待取件", 60, 5.5), (SECOND, "YT02", "圆通", "待取件", 60, 5.5)
        )
        assert "易腐" not in shift.read(BOSS)
        await shift.minutes(40)
        assert shift.read(BOSS).count("易腐商品待取件，已超时 2 件") == 1
        assert "易腐" not in shift.read(MEI)
        await shift.at("12 08:30")  # not at night, when nobody may write to the buyer
        assert shift.read(BOSS).count("易腐商品待取件，已超时 2 件") == 1
        await shift.at("12 18:00")
        assert shift.read(BOSS).count("易腐商品待取件，已超时 2 件") == 2


async def test_optional_work_left_for_days_is_let_go_by_name_and_with_the_reason(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await export(shift, row(FIRST, CIPHERED, paid="2026-11-11 19:19:00", status="已完成"))
        await shift.asks(MEI, "接活")
        said = (await shift.asks(BOSS, "跟进"))[0]
        assert "邀好评：待认领 0 · 跟进中 1" in said
        assert "小美：手上 1，今天 0" in said
        await shift.press(MEI, "放回队列")
        assert "没有放了 3 天以上" in (await shift.asks(BOSS, "/letgo review_invite 忙"))[0]
        await shift.at("16 12:00")
        assert "有 1 件可做可不做的放了 3 天以上" in (await shift.asks(BOSS, "跟进"))[0]
        await shift.press(BOSS, "放弃 邀好评（1）")
        await shift.asks(BOSS, "大促人手不够")
        assert "已放弃 邀好评 1 件" in shift.here.last(BOSS).text
        one = books(shift).follow_ups.get(f"a1-v{FIRST}")
        assert one is not None
        assert (one.state, one.owner, one.note) == ("dropped", str(BOSS), "大促人手不够")


async def test_a_buyer_who_wants_no_messages_gets_none_about_other_orders_either(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        done = {"paid": "2026-11-11 19:19:00", "status": "已完成"}
        await export(shift, row(FIRST, BUYER, **done), row(SECOND, BUYER, **done))
        await shift.asks(MEI, "接活")
        await shift.press(MEI, "买家不愿被打扰")
        assert "没有要跟进的" in (await shift.asks(MEI, "接活"))[0]
        states = {one.id: (one.state, one.outcome) for one in books(shift).follow_ups.scan()}
        assert sorted(states.values()) == [("done", "opted_out"), ("dropped", "opted_out")]


# -- what is owed -------------------------------------------------------------------------------------------


async def test_gifts_owed_and_orders_at_a_disputed_price_become_work_once_the_stream_is_over(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        sheet = "序号,商品名称,直播价,优惠机制\n3,玫瑰精华水,59.9,买一送便携小样"
        await shift.sends(OPS, "今晚.csv", sheet.encode())
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        await shift.says(OPS, "/on 3")
        await shift.says(MEI, "报价 49")
        await shift.minutes(5)
        await shift.press(OPS, "否")
        await shift.says(OPS, "下播")
        times = ("2026-11-11 19:22:00", "2026-11-11 19:40:00")
        orders = [
            [
                at if cell == "2026-11-11 19:18:00" else cell
                for cell in row(number, CIPHERED, paid=at, status="待发货")
            ]
            for number, at in zip((FIRST, SECOND), times, strict=True)
        ]
        await shift.minutes(20)
        name = f"{int(shift.clock.now().timestamp())}_a1b2.csv"
        await shift.sends(OPS, name, samples.csv_bytes(HEADINGS, orders))
        kinds = sorted((one.kind, one.order_id) for one in books(shift).follow_ups.scan())
        assert kinds == [("gift", ""), ("price", FIRST)]
        card = (await shift.asks(MEI, "接活"))[0]
        assert "补赠品" in card
        assert "2 单欠赠品 便携小样" in card
        assert "复制订单号 1–2" in shift.buttons(MEI)
        await shift.press(MEI, "已安排")
        await shift.asks(MEI, "仓库明天随包裹放入")
        await shift.at("12 10:00")
        price = (await shift.asks(QIANG, "接活"))[0]
        assert "听到 49.00，当时 59.90" in price
        await shift.press(QIANG, "已说明，买家认可")
        assert "没有要跟进的" in (await shift.asks(QIANG, "接活"))[0]


# -- carriers, routes, delays -------------------------------------------------------------------------------


async def stuck_in_xinjiang(shift: Shift) -> None:
    """Three parcels are stuck on their way to 新疆, one moves; one is stuck elsewhere."""
    there = [
        [
            {"杭州市": "乌鲁木齐市", "浙江省": "新疆维吾尔自治区", "西湖区": "天山区"}.get(cell, cell)
            for cell in one
        ]
        for one in (
            row(f"691795000000000020{n}", CIPHERED, paid="2026-11-11 19:19:00", status="已发货")
            for n in range(4)
        )
    ]
    await export(shift, *there, row(FIRST, CIPHERED, paid="2026-11-11 19:19:00", status="已发货"))
    await parcels(
        shift,
        *((f"691795000000000020{n}", f"78{n}", "中通快递", "在途", 190, 130) for n in range(3)),
        ("6917950000000000203", "783", "中通快递", "在途", 20, 2),
        (FIRST, "784", "中通快递", "在途", 190, 130),
    )


async def test_one_tap_gives_the_orders_on_their_way_to_a_region_and_what_to_say(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await stuck_in_xinjiang(shift)
        assert "1 条线路有多个包裹停滞" in shift.read(BOSS)
        await shift.press(BOSS, "延误告知：中通快递 → 新疆维吾尔自治区（3）")
        assert "在途 4 单" in shift.here.last(BOSS).text
        await shift.press(BOSS, "天气原因")
        listed = shift.here.last(BOSS).text
        assert "因天气原因，中通快递发往新疆维吾尔自治区的包裹会晚几天" in listed
        assert all(f"691795000000000020{n}" in listed for n in range(4))
        assert FIRST not in listed
        assert "延误告知 1" in (await shift.asks(BOSS, "/my"))[0]
        await shift.press(BOSS, "都告知了（4）")
        assert "已告知 新疆维吾尔自治区 4 位买家" in shift.read(BOSS)
        touched = [touch.purpose for one in books(shift).contacts.scan() for touch in one.touches]
        assert touched == ["delay"] * 4
        await shift.minutes(11)
        again = (await shift.asks(MEI, "延误 新疆 中通 暴风雪"))[0]
        assert "另有 4 单" in again  # told today: nobody is written to twice
        await shift.minutes(2)
        await parcels(shift, ("6917950000000000203", "783", "中通快递", "在途", 20, 0))
        assert "多个包裹停滞" in shift.read(BOSS)
        assert shift.read(BOSS).count("多个包裹停滞") == 1


async def test_a_notice_nobody_told_reminds_its_maker_and_then_who_is_in_charge(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await stuck_in_xinjiang(shift)
        await shift.asks(MEI, "延误 新疆 暴风雪")
        await shift.minutes(241)
        assert "4 单还没告诉买家（小美）" in shift.here.last(MEI).text
        assert "还没告诉买家" not in shift.read(BOSS)
        await shift.minutes(241)
        assert "4 单还没告诉买家（小美）" in shift.read(BOSS)
        await shift.press(MEI, "不用告知")
        await shift.asks(MEI, "路已通")
        assert "不告知" in shift.read(MEI)
        assert "已经结束" in (await shift.asks(MEI, f"/delaytold {next(books(shift).delays.scan()).id}"))[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("延误 火星", "不认识地区「火星」"),
        ("延误 西藏 中通 大雪", "没有在途的包裹发往 西藏自治区"),
        ("延误 新疆 中通 给您返现红包好评", "没有保存"),
        ("延误 新疆 中通 打 13800012345", "没有保存"),
    ],
)
async def test_a_notice_that_cannot_be_made_says_why(tmp_path: Path, typed: str, said: str) -> None:
    async with evening(tmp_path) as shift:
        await stuck_in_xinjiang(shift)
        assert said in "".join(await shift.asks(MEI, typed))
        assert not list(books(shift).delays.scan())


async def test_slow_routes_are_counted_once_however_often_a_list_comes_and_the_carrier_is_at_hand(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await stuck_in_xinjiang(shift)
        for _ in range(2):
            await shift.minutes(2)
            await parcels(
                shift,
                *(
                    (f"691795000000000020{n}", f"78{n}", "中通快递", "已签收", 192 + 24 * n, 0)
                    for n in range(3)
                ),
            )
        told = (await shift.asks(OPS, "慢线路"))[0]
        assert "中通快递 → 新疆维吾尔自治区：停滞 0 · 在途 1 · 签收 3，平均 9.0 天，超 7 天 3" in told
        assert "还没有快递联系方式" in (await shift.asks(MEI, "快递电话"))[0]
        assert "没看到电话" in (await shift.asks(MEI, "快递电话 中通 新疆 找网点"))[0]
        await shift.asks(BOSS, "快递电话 中通 网点前台 95311")
        await shift.asks(BOSS, "快递电话 中通 浙江 杭州网点李工 0571-8800000")
        assert "浙江省 · 杭州网点李工 0571-8800000" in (await shift.asks(MEI, "快递电话"))[0]
        card = (await shift.asks(MEI, "接活"))[0]
        assert FIRST in card
        assert "快递联系人（中通 浙江省）：杭州网点李工 0571-8800000" in card
        assert "已删除" in (await shift.asks(BOSS, "快递电话 中通 浙江 无"))[0]
        assert "网点前台 95311" in (await shift.asks(MEI, "接活"))[0]


# -- a buyer who fell silent ----------------------------------------------------------------------------------


async def test_a_silent_buyer_gets_a_message_then_perhaps_a_call_by_day(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("21:30")
        card = (await shift.asks(MEI, f"失联 {FIRST} 问到尺码"))[0]
        assert "请留言" in card
        assert "备注：问到尺码" in card
        assert "已打电话" not in shift.buttons(MEI)
        assert "请先留言" in (await shift.asks(MEI, f"/followed a1-x{FIRST} called"))[0]
        await shift.press(MEI, "已留言")
        assert "11-12 15:30" in shift.read(MEI)
        await shift.asks(MEI, f"失联 {FIRST} 又没声音")
        assert "安静时段" in (await shift.asks(MEI, f"/followed a1-x{FIRST} called"))[0]
        await shift.at("12 15:40")
        await shift.press(MEI, "已打电话")
        assert not [one for one in books(shift).follow_ups.scan() if one.alive]
        touches = [(t.purpose, t.channel) for one in books(shift).contacts.scan() for t in one.touches]
        assert touches == [("lost_contact", "message"), ("lost_contact", "phone")]


async def test_a_silent_buyer_without_an_order_is_known_by_the_product(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        card = (await shift.asks(MEI, "失联 3 问尺码"))[0]
        assert "3号 玫瑰精华水" in card
        assert "备注：问尺码" in card
        await shift.press(MEI, "买家回复了")
        assert [one.outcome for one in books(shift).follow_ups.scan()] == ["came_back"]


# -- texts ----------------------------------------------------------------------------------------------------


async def test_a_manager_may_write_own_texts_but_nothing_may_be_given_for_a_review(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await export(shift, row(FIRST, CIPHERED, paid="2026-11-11 19:19:00", status="已完成"))
        for bad in ("您好，好评返现5元", "说说感受，给您优 惠 券", "Give us a review for a coupon"):
            said = (await shift.asks(BOSS, f"跟进话术 邀好评 {bad}"))[0]
            assert "没有保存" in said or "谁都不能放行" in said
        assert "没有「抽奖」这种跟进" in (await shift.asks(BOSS, "跟进话术 抽奖 您好"))[0]
        assert "不能改" in (await shift.asks(BOSS, "跟进话术 发货告知 您好"))[0]
        assert (
            "（本店）：您好，期待您如实说说用后感受。"
            in (await shift.asks(BOSS, "跟进话术 邀好评 您好，期待您如实说说用后感受。"))[0]
        )
        assert "期待您如实说说用后感受" in (await shift.asks(MEI, "接活"))[0]
        assert "（本店）" not in (await shift.asks(BOSS, "跟进话术 邀好评 无"))[0]
        assert "（本店）" not in (await shift.asks(BOSS, "跟进话术"))[0]


# -- 京东 -----------------------------------------------------------------------------------------------------


async def test_on_jd_an_arrived_parcel_is_asked_about_and_what_is_wrong_becomes_a_complaint_by_one_press(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await export(shift, row(FIRST, CIPHERED, paid="2026-11-11 19:19:00", status="已发货"))

        def on_jd(raw: Books) -> None:
            orders = RoomBooks(raw).orders
            one = orders.get(f"a1-o{FIRST}")
            assert one is not None
            orders.put(one.changed(platform="jd"))

        await shift.here.bot.runner.unit("a1", on_jd)
        await parcels(shift, (FIRST, "JD01", "京东快递", "已签收", 40, 1))
        card = (await shift.asks(MEI, "接活"))[0]
        assert "到货确认" in card
        assert "请问收到了吗" in card
        await shift.press(MEI, "有问题")
        await shift.asks(MEI, "外盒压坏了")
        await shift.press(MEI, "登记投诉")
        assert "投诉" in shift.here.last(MEI).text
        assert "没有要跟进的" in (await shift.asks(QIANG, "接活"))[0]
