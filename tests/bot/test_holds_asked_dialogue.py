"""Held orders asked for by a word, shown with both places, and called wrong one rule at a time."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.hold_words import rules_called
from playbooks.addresses.audit import RULE_IDS
from tests.bot.test_hold_work_dialogue import VAULT, audited, buttons, far
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, evening
from tests.support.orders_to_audit import HANGZHOU, TAIWAN, XINJIANG, To, number, sends

CHANGSHA = "湖南省长沙市岳麓区麓谷街道 12 号"
NANJING = ("江苏省", "南京市", "鼓楼区")


async def test_the_list_is_narrowed_by_province_place_or_rule_and_an_unknown_word_says_so(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await audited(shift, *far(1, 2), To(number(3), TAIWAN, phone="13900030003"))
        called = {"偏远": "偏远地区", "no_ship": "停发地区", "Remote region": "偏远地区"}
        for word, here, not_here in (
            ("新疆", number(1), number(3)), ("台湾", number(3), number(1)), ("喀什", number(2), number(3)),
            ("停发地区", number(3), number(1)), ("偏远", number(1), number(3)), ("no_ship", number(3), number(1)),
            ("Remote region", number(2), number(3)),
        ):  # fmt: skip
            (said,) = await shift.asks(MEI, f"/holds {word}")
            assert f"「{called.get(word, word)}」的异常订单" in said
            assert "（共 3 单）" in said
            assert here in said
            assert not_here not in said
        for ending in (number(2), number(2)[-6:]):
            (said,) = await shift.asks(MEI, f"/holds {ending}")
            assert number(2) in said
            assert number(1) not in said
        assert "「699999」现在没有待处理的异常订单" in (await shift.asks(MEI, "/holds 699999"))[0]
        assert "「西藏」现在没有待处理的异常订单" in (await shift.asks(MEI, "/holds 西藏"))[0]
        assert "「双地址」现在没有待处理的异常订单" in (await shift.asks(MEI, "/holds 双地址"))[0]
        assert "没有叫「火星」的省、地方或规则" in (await shift.asks(MEI, "/holds 火星"))[0]


async def test_a_narrowed_list_goes_on_where_it_stopped(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await audited(shift, *far(*range(10, 22)), To(number(1), TAIWAN, phone="13900030001"))
        (said,) = await shift.asks(MEI, "/holds 新疆")
        assert "异常订单 12 单" in said
        await shift.press(MEI, "还有 2 单")
        rest = shift.here.last(MEI).text
        assert sum(number(tail) in rest for tail in range(10, 22)) == 2
        assert number(1) not in rest


@pytest.mark.parametrize("rule", RULE_IDS)
def test_every_rule_is_found_by_its_id(rule: str) -> None:
    assert rules_called(rule) == {rule}


async def test_the_warehouse_reads_where_an_order_goes_and_beside_it_the_other_place(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await audited(
            shift, To(number(1), HANGZHOU, address=CHANGSHA), To(number(2), TAIWAN, phone="13900030002")
        )
        (said, *_) = await shift.asks(CHEN, "/intercept")
        assert f"{number(1)} 浙江省 杭州市（另有：湖南省 长沙市 岳麓区）" in said
        assert f"{number(2)} 台湾省 ·" in said
        assert "浙江省 杭州市（另有：湖南省 长沙市 岳麓区）" in shift.read(shift.group)
        (file,) = [one.document.content for one in shift.here.core.said(CHEN) if one.document]
        table = load_workbook(BytesIO(file)).active
        assert table is not None
        rows = [[cell.value for cell in row] for row in table.iter_rows()]
        headings = next(row for row in rows if "另有地方" in row)
        line = next(row for row in rows if number(1) in row)
        assert line[headings.index("地区")] == "浙江省 杭州市"
        assert line[headings.index("另有地方")] == "湖南省 长沙市 岳麓区"


TWICE = To(number(1), XINJIANG, phone="13900030001", message="麻烦改寄到广州市天河区石牌街道 5 号")


async def test_of_several_rules_the_agent_says_which_is_wrong_and_the_order_stays_held_for_the_other(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await audited(shift, TWICE)
        await shift.asks(MEI, f"/hold a1-h{number(1)}")
        await shift.press(MEI, "误报")
        assert "哪一条查错了" in shift.here.last(MEI).text
        await shift.press(MEI, "「偏远地区」查错了")
        await shift.asks(MEI, "我们的快递到喀什")
        asked = shift.here.last(BOSS).text
        assert "说是误报：偏远" in asked
        assert "仍要处理：要求寄到" in asked
        await shift.press(BOSS, "同意")
        assert "这一条是误报。还有：双地址，请继续处理" in shift.read(MEI)
        card = (await shift.asks(MEI, f"/hold a1-h{number(1)}"))[0]
        assert "处理中" in card
        assert "偏远" not in card
        precision = (await shift.asks(BOSS, "/precision"))[0]
        assert "偏远地区：查出 1，照办 0，误报 1 · 准 0%" in precision
        assert "双地址：查出 1，照办 0，误报 0" in precision
        await shift.minutes(10)
        await sends(shift, TWICE)
        card = (await shift.asks(MEI, f"/hold a1-h{number(1)}"))[0]
        assert "偏远" not in card, "the manager agreed to that for this order"
        await shift.minutes(10)
        await sends(shift, TWICE.but(message=""))
        assert "没有待处理的异常订单" in (await shift.asks(MEI, "/holds"))[0]


async def test_all_rules_may_be_wrong_at_once_and_one_alone_is_not_asked_for(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await audited(shift, TWICE, *far(2))
        await shift.asks(MEI, f"/hold a1-h{number(1)}")
        await shift.press(MEI, "误报")
        await shift.press(MEI, "全部都查错了")
        await shift.asks(MEI, "买家改口了，快递也到")
        await shift.press(BOSS, "同意")
        assert "是误报，可以照发" in shift.read(MEI)
        await shift.asks(QIANG, f"/hold a1-h{number(2)}")
        await shift.press(QIANG, "误报")
        assert "请用一句话回复原因" in shift.here.last(QIANG).text


async def test_what_a_manager_rejects_is_held_for_every_rule_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await audited(shift, TWICE)
        await shift.asks(MEI, f"/hold a1-h{number(1)}")
        await shift.press(MEI, "误报")
        await shift.press(MEI, "「双地址」查错了")
        await shift.asks(MEI, "只是写着玩")
        await shift.press(BOSS, "不同意")
        card = (await shift.asks(MEI, f"/hold a1-h{number(1)}"))[0]
        assert "偏远" in card
        assert "要求寄到" in card
        assert "误报" in "".join(buttons(shift, MEI))


async def test_an_order_of_another_evening_is_held_when_the_buyers_second_one_goes_elsewhere(
    tmp_path: Path,
) -> None:
    first = To(number(1), phone="13900030021")
    second = To(number(2), NANJING, address="上海路 88 号 2 幢 201 室", phone="13900030021")
    async with evening(tmp_path, vault=VAULT) as shift:
        await audited(shift, first)
        assert "没有待处理的异常订单" in (await shift.asks(MEI, "/holds"))[0]
        await shift.minutes(10)
        told = "\n".join(await sends(shift, second))
        assert "2" in told
        card = (await shift.asks(MEI, f"/hold a1-h{number(1)}"))[0]
        assert f"同一买家还有待发订单 {number(2)}，寄往 江苏省 南京市" in card
        await shift.minutes(10)
        await sends(shift, second)
        assert f"{number(1)} 双地址" in (await shift.asks(MEI, "/holds"))[0], "as it was"
        await shift.minutes(10)
        await sends(shift, first, second.but(status="已关闭"))
        assert "没有待处理的异常订单" in (await shift.asks(QIANG, "/holds"))[0]


async def test_what_held_orders_may_cost_is_one_figure_wherever_it_is_said(tmp_path: Path) -> None:
    said = "敞口：3 单未解决 × 3.00 元 = 9.00 元（罚款标准 2023-10-04）"
    async with evening(tmp_path) as shift:
        await shift.at("19:40")
        held = [To(number(tail), TAIWAN, phone=f"139000300{tail:02}") for tail in (1, 2, 3)]
        await audited(shift, *held, *far(4))
        assert said in shift.read(shift.group), "what is only to be looked at may ship"
        await shift.asks(MEI, f"/hold a1-h{number(1)}")
        await shift.press(MEI, "交下一班")
        await shift.says(OPS, "下播")
        assert said in shift.read(BOSS), "the night's card: what is handed over is not solved"
        assert "还有 2 单没有着落" in (refused := (await shift.asks(BOSS, "/wrap"))[0])
        assert said in refused
        await shift.asks(BOSS, "/handall all")
        assert said in shift.here.core.pinned(BOSS)[-1].text
        assert f"交下一班 4 单。{said}" in (await shift.says(BOSS, "/wrap"))[-1]
        await shift.minutes(40)
        await sends(shift, *held, *far(4))
        assert "敞口：3 单未解决 × 3 元 = 9 元（罚款标准 2023-10-04）" in "\n".join(
            await shift.asks(BOSS, "/review")
        )


async def test_orders_that_may_go_as_one_parcel_are_named_once_to_who_sent_the_file(tmp_path: Path) -> None:
    buyers = [To(number(tail), phone="13900030005") for tail in (5, 6, 7)]
    async with evening(tmp_path, vault=VAULT) as shift:
        await audited(shift, *buyers[:2])
        assert f"可合并发货：{number(6)}、{number(5)}" in shift.read(OPS)
        await shift.minutes(10)
        said = "\n".join(await sends(shift, *buyers[:2]))
        assert said.count("可合并发货：") == 1
        assert "可以照发，只是提醒：可合并发货 2" in said
        await shift.minutes(10)
        await shift.asks(OPS, "/check")
        assert "可合并发货：" in "\n".join(await sends(shift, *buyers))
        assert "没有待处理的异常订单" in (await shift.asks(MEI, "/holds 3000"))[0]


async def test_a_list_asked_for_beyond_its_end_begins_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await audited(shift, *far(1))
        assert number(1) in (await shift.asks(MEI, "/holds 3000"))[0]


async def test_a_file_in_which_an_order_stands_twice_holds_nothing_that_is_over(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        to_taiwan = [To(number(tail), TAIWAN, phone=f"139000300{tail:02}") for tail in (1, 2)]
        await audited(shift, to_taiwan[0])
        assert number(1) in (await shift.asks(MEI, "/holds"))[0]
        await shift.minutes(10)
        await sends(shift, *to_taiwan, *(one.but(status="已关闭") for one in to_taiwan))
        assert "没有待处理的异常订单" in (await shift.asks(MEI, "/holds"))[0]
        assert "待付 0 · 已付 0 · 已关 2" in shift.read(OPS)


async def test_what_is_disputed_stays_so_when_another_reason_goes_away(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await audited(shift, TWICE)
        await shift.asks(MEI, f"/hold a1-h{number(1)}")
        await shift.press(MEI, "误报")
        await shift.press(MEI, "「偏远地区」查错了")
        await shift.asks(MEI, "我们的快递到喀什")
        await shift.minutes(10)
        await sends(shift, TWICE.but(message=""))
        assert "误报待审" in (await shift.asks(MEI, "/holds"))[0]
        await shift.press(BOSS, "同意")
        assert "没有待处理的异常订单" in (await shift.asks(MEI, "/holds"))[0]


async def test_what_is_disputed_counts_no_more_when_it_is_not_found_any_longer(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await audited(shift, TWICE)
        await shift.asks(MEI, f"/hold a1-h{number(1)}")
        await shift.press(MEI, "误报")
        await shift.press(MEI, "「双地址」查错了")
        await shift.asks(MEI, "只是写着玩")
        await shift.minutes(10)
        await sends(shift, TWICE.but(message=""))
        assert "处理中" in (await shift.asks(MEI, "/holds"))[0]
