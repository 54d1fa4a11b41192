"""Answers worth keeping: one list for the managers instead of a card each, decided from it one by one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.support.evening import BOSS, MEI, OPS, QIANG, Shift, evening

SHEET = "商品名称,直播价,库存\n丝绒口红,69,200\n纯棉卫衣,129,50\n玫瑰精华水,79,500\n"
ASKED = ("会掉色吗", "孕妇能用吗", "味道重不重", "保质期多久", "可以卸妆吗", "持久不持久", "沾杯严重吗")


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


async def answered(shift: Shift, count: int) -> None:
    """So many questions, asked and answered a few seconds apart."""
    for number, text in enumerate(ASKED[:count], 1):
        await shift.asks(MEI, f"/ask 1 {text}")
        await shift.asks(OPS, f"/reply {number} 答案{number}")
        await shift.here.wind_by(timedelta(seconds=5))


def lists(shift: Shift) -> list[str]:
    return [m.text for m in shift.here.core.said(BOSS) if "待批问答" in m.text]


async def test_an_evening_of_answers_is_one_silent_list_after_the_stream(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await answered(shift, 7)
        assert lists(shift) == []
        await shift.says(OPS, "下播")
        assert len(lists(shift)) == 1
        assert "待批问答 7 条（第 1/2 页）" in lists(shift)[0]
        assert "1. 丝绒口红 · 问：会掉色吗" in lists(shift)[0]
        assert "（小周 · 长期有效）" in lists(shift)[0]


async def test_a_night_without_answers_brings_no_list(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "下播")
        assert lists(shift) == []


async def test_pages_turn_in_place_and_a_decision_keeps_the_page(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await answered(shift, 7)
        await shift.asks(BOSS, "待批")
        await shift.press(BOSS, "下一页")
        assert len(lists(shift)) == 1
        assert "第 2/2 页" in lists(shift)[0]
        await shift.press(BOSS, "✗ 7 不采用")
        assert "待批问答 6 条（第 2/2 页）" in lists(shift)[0]
        await shift.press(BOSS, "✓ 6 批准")
        assert "待批问答 5 条（第 1/1 页）" in lists(shift)[0]
        assert "答案6" in (await shift.asks(QIANG, "/q 持久不持久"))[0]
        assert "答案7" not in (await shift.asks(QIANG, "/q 沾杯严重吗"))[0]


async def test_a_manager_changes_an_answer_and_it_is_in_force_as_changed(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await answered(shift, 1)
        await shift.asks(BOSS, "/faq")
        await shift.press(BOSS, "✎ 1")
        assert "答案1" in shift.here.last(BOSS).text
        await shift.asks(BOSS, "不会掉色，放心用 ")
        told = (await shift.asks(QIANG, "/q 口红会掉色吗"))[0]
        assert "不会掉色，放心用" in told
        assert "答案1" not in told
        assert "待批问答都处理完了" in shift.read(BOSS)
        assert "批准了「会掉色吗」" in shift.read(OPS)


async def test_a_change_may_bring_another_question_a_date_and_refuses_one_that_is_over(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await answered(shift, 1)
        await shift.asks(BOSS, "/faq")
        await shift.press(BOSS, "✎ 1")
        assert "日期「11-10」已过" in (await shift.asks(BOSS, "口红掉不掉色 | 不掉 | 到 11-10"))[0]
        await shift.asks(BOSS, "口红掉不掉色 | 不掉 | 到 12-31")
        await shift.asks(BOSS, "/kb 删除 掉不掉色")
        assert "有效到 2026-12-31" in shift.here.last(BOSS).text
        assert "小周" in shift.here.last(BOSS).text


async def test_a_proposal_shows_owner_and_date_and_is_not_approved_once_that_is_over(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, "提议 今天几点截单 | 16点 | 到 11-11")
        card = shift.here.last(BOSS).text
        assert "负责人：小美" in card
        assert "有效到 2026-11-11" in card
        await shift.at("12 10:00")
        refused = await shift.press(BOSS, "批准")
        assert refused is not None
        assert "有效期已过，不能批准" in refused.text
        await shift.press(BOSS, "改一改再批准")
        await shift.asks(BOSS, "今天几点截单 | 17点 | 到 11-12")
        assert "17点" in (await shift.asks(QIANG, "/q 几点截单"))[0]


async def test_an_approved_answer_takes_the_place_of_the_one_with_the_same_question(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/kb 添加 几点下班 | 22点")
        await shift.asks(MEI, "提议 几点下班 | 23点")
        await shift.press(BOSS, "批准")
        told = (await shift.asks(QIANG, "/q 几点下班"))[0]
        assert "23点" in told
        assert "22点" not in told


async def test_a_corrected_answer_changes_the_list_that_stands(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await answered(shift, 1)
        await shift.asks(BOSS, "/faq")
        await shift.asks(OPS, "/reply 1 会掉一点")
        await shift.press(OPS, "改成这个回答")
        assert "会掉一点" in lists(shift)[0]
        assert "答案1" not in lists(shift)[0]


async def test_a_date_behind_a_changed_answer_is_read_as_one_and_looked_at_before_it_is_approved(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await answered(shift, 1)
        await shift.asks(BOSS, "/faq")
        await shift.press(BOSS, "✎ 1")
        assert "日期「2020-01-01」已过" in (await shift.asks(BOSS, "到 2020-01-01"))[0]
        told = await shift.asks(BOSS, "答案 一 到 12-31")
        assert "请看一遍再批准" in told[0]
        assert "答：答案 一\n" in told[0]
        assert "有效到 2026-12-31" in told[0]
        assert "答案 一" not in (await shift.asks(QIANG, "/q 口红会掉色吗"))[0]
        await shift.press(BOSS, "批准")
        assert "答案 一" in (await shift.asks(QIANG, "/q 口红会掉色吗"))[0]


async def test_a_date_alone_leaves_the_answer_and_a_changed_answer_is_confirmed_in_one_message(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await answered(shift, 2)
        await shift.asks(BOSS, "/faq")
        await shift.press(BOSS, "✎ 1")
        (told,) = await shift.asks(BOSS, "到 12-31")
        assert "答：答案1" in told
        assert "有效到 2026-12-31" in told
        await shift.asks(BOSS, "/faq")
        await shift.press(BOSS, "✎ 1")  # the one just written anew is the newer
        said, *more = await shift.asks(BOSS, "活动到12-31结束")
        assert not any("已办好" in one for one in more)
        assert "已改好并批准" in said
        assert "活动到12-31结束" in said
        assert "有效到" not in said


async def test_a_page_that_was_read_is_approved_in_one_tap_and_each_owner_told_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await answered(shift, 7)
        await shift.asks(BOSS, "待批")
        await shift.press(BOSS, "这一页 5 条全部批准")
        assert "待批问答 2 条（第 1/1 页）" in lists(shift)[0]
        assert "答案5" in (await shift.asks(QIANG, "/q 可以卸妆吗"))[0]
        assert "答案6" not in (await shift.asks(QIANG, "/q 持久不持久"))[0]
        told = [m.text for m in shift.here.core.said(OPS) if "批准了" in m.text]
        assert len(told) == 1
        assert "会掉色吗、孕妇能用吗" in told[0]


async def test_of_a_page_what_promises_too_much_stays_in_the_list(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await answered(shift, 3)
        await shift.asks(BOSS, "/ready 保障 七天无理由")
        await shift.asks(MEI, "/ask 1 能退吗")
        await shift.asks(OPS, "/reply 4 支持七天无理由")
        await shift.asks(BOSS, "/ready 保障 无")
        await shift.asks(BOSS, "待批")
        pressed = await shift.press(BOSS, "这一页 4 条全部批准")
        assert pressed is not None
        assert "批准了 3 条；1 条" in pressed.text
        assert "待批问答 1 条" in lists(shift)[0]
        assert "能退吗" in lists(shift)[0]


async def test_what_came_after_the_page_was_shown_is_not_approved_with_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await answered(shift, 2)
        await shift.asks(BOSS, "待批")
        message, caption = shift.find(BOSS, "这一页 2 条全部批准")
        await shift.asks(MEI, f"/ask 1 {ASKED[2]}")
        await shift.asks(OPS, "/reply 3 答案3")
        await shift.here.presses(BOSS, BOSS, message.message_id, caption)
        assert "待批问答 1 条" in lists(shift)[0]
        assert "答案3" in lists(shift)[0]
