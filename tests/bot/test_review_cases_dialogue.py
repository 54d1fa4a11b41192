"""What came to be dealt with after a stream stands in its review, in every form of it, and opens what it counted."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from bot import review_page
from bot.picture import draw
from bot.review_files import as_workbook, made
from tests.bot.test_review_entry_dialogue import over, reviewed
from tests.support.evening import BOSS, MEI, QIANG, Shift, evening

BAD, ANGRY, BACK, SENT, SOON, BROKEN = (f"691700000000000000{n}" for n in range(1, 7))


async def dealt_with(shift: Shift) -> None:
    """An evening, and the cases, promises and a slip of the next day; the second complaint is the buyer's again."""
    await over(shift)
    await shift.asks(MEI, f"/promise {BROKEN} 今晚21:00 补发小样")
    await shift.asks(QIANG, f"/promise {SOON} 明天 18:00 回电")
    await shift.at("21:30")
    await shift.asks(MEI, f"差评 {BAD} 2星 物流 等了十天")
    await shift.asks(QIANG, f"投诉 {ANGRY} 质量 少了一瓶")
    await shift.asks(MEI, f"售后单 {BACK} 退货退款 59元 不想要了")
    await shift.asks(MEI, f"售后单 {SENT} 补发 漏了赠品")
    await shift.asks(BOSS, "失误 小美 报错了价格")


async def test_the_review_says_what_came_after_it_and_who_answers_for_what(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await dealt_with(shift)
        text = await reviewed(shift)
        assert "\n7 客服\n" in text
        assert "投诉 1 件：了解原因 1；再次投诉 0" in text
        assert "差评与投诉原因：物流 1、质量 1" in text
        assert "售后登记 2 件：补发货 1（已结 0）、退货退款 1（已结 0" in text
        assert "9 岗位复盘\n工作失误 1 件：小美 1（已整改 0）" in text
        assert "差评：完成 0/1（0%），待处理 1，超时 0" in text
        assert "承诺 2 条：按时兑现 0，晚了才兑现 0，到期未兑现 1，未到期 1；按时率 0%" in text
        assert "还没有跟进任务" not in text


async def test_an_evening_nothing_came_after_says_nothing_of_cases(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        text = await reviewed(shift)
        assert not [word for word in ("差评", "投诉", "承诺", "失误", "售后") if word in text]
        assert "还没有跟进任务" in text


async def test_each_figure_opens_the_cases_and_promises_it_counts(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await dealt_with(shift)
        opened = (await shift.asks(BOSS, "/why 差评"))[-1]
        assert "差评 1 11-11 场次，依据 1 条" in opened
        assert f"#1 差评 {BAD}" in opened
        assert "处理中 小美" in opened
        opened = (await shift.asks(BOSS, "/why 未兑现承诺"))[-1]
        assert f"{BROKEN} 补发小样" in opened
        assert "小美：未兑现" in opened
        assert SOON not in opened
        assert "小美" in (await shift.asks(BOSS, "/why 失误"))[-1]
        await shift.asks(BOSS, "/why")
        await shift.press(BOSS, "售后 2")
        assert BACK in shift.here.last(BOSS).text
        assert SENT in shift.here.last(BOSS).text


async def test_one_put_in_by_mistake_leaves_the_figures_and_one_that_is_closed_completes_them(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await dealt_with(shift)
        await shift.asks(MEI, f"/kept {promise_id(shift, BROKEN)}")
        await shift.asks(QIANG, f"/kept {promise_id(shift, SOON)}")
        text = await reviewed(shift)
        assert "承诺 2 条：按时兑现 1，晚了才兑现 1，到期未兑现 0，未到期 0；按时率 50%" in text
        assert "与第 1 版相比" not in text  # the first version was made just now


def promise_id(shift: Shift, order_id: str) -> str:
    return shift.here.bot.runner.view("a1").promises.by("order_id", order_id)[0].id


async def test_the_workbook_the_picture_and_the_page_say_the_same(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await dealt_with(shift)
        books = shift.here.bot.runner.view("a1")
        room, here = books.room.get("a1"), books.broadcasts.get("a1-b1")
        assert room
        assert here
        one = made(books, books, room, here, shift.clock.now())
        book = load_workbook(BytesIO(as_workbook(one, "zh-CN")))
        rows = list(book["工单"].iter_rows(min_row=2, values_only=True))
        assert [(row[1], row[2], row[7]) for row in rows if row[1] != "工作失误"] == [
            ("差评", BAD, "小美"), ("投诉", ANGRY, "阿强"), ("售后", BACK, "小美"), ("售后", SENT, "小美"),
        ]  # fmt: skip
        details = [row[4] for row in book["流水"].iter_rows(min_row=2, values_only=True) if row[2] == "工单"]
        assert any("登记" in said and "差评" in said and "物流" in said for said in details), details
        assert not [said for said in details if "negative" in said or "logistics" in said]
        assert [row[6] for row in book["承诺"].iter_rows(min_row=2, values_only=True)] == ["未兑现", "未到期"]
        told = {row[0]: row[1] for row in book["总览"].iter_rows(min_row=2, max_col=2, values_only=True)}
        assert (told["承诺"], told["失信承诺"], told["工作失误 · 小美"]) == (2, 1, 1)
        assert (told["差评 · 未解决"], told["工单超时"]) == (1, 0)
        page = review_page.page(one.review, "zh-CN")
        assert "投诉 1 件：了解原因 1" in page
        assert "承诺 2 条" in page
        assert page.count("<h1>") == 1
        assert "<h2><b>7 客服</b></h2>" in page
        quiet = one.review.changed(cases=type(one.review.cases)())
        assert picture_height(draw(one.review, "zh-CN")) > picture_height(draw(quiet, "zh-CN"))


def picture_height(png: bytes) -> int:
    return int.from_bytes(png[20:24])
