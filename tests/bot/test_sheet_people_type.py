"""What people type into the pending tab 待付款: times as they say them, numbers as pasted, rows half filled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from playbooks.chase import Chase, chase_id
from storage.books import RoomBooks
from tests.support.bound_sheet import ROOM, Sheet, bound
from tests.support.evening import BOSS, MEI, Shift

ONE, TWO = "6917926768823643751", "6917926768823643752"
SHANGHAI = ZoneInfo("Asia/Shanghai")
Both = tuple[Shift, Sheet]


@pytest.fixture
async def evening_with_two(tmp_path: Path) -> AsyncIterator[Both]:
    """小美 has called both buyers."""
    async with bound(tmp_path) as (shift, sheet):
        for order in (ONE, TWO):
            await shift.asks(MEI, f"催 {order}")
        await sheet.in_step()
        yield shift, sheet


def kept(shift: Shift, order: str) -> Chase | None:
    return shift.here.bot.runner.view(ROOM).chases.get(chase_id(ROOM, order))


async def newly(shift: Shift, who: int, sheet: Sheet) -> str:
    before = {m.message_id for m in shift.here.core.said(who)}
    await sheet.in_step()
    return "\n".join(m.text for m in shift.here.core.said(who) if m.message_id not in before)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("10", "19:31"), ("10分钟", "19:31"), ("10 min", "19:31"), ("半小时后", "19:51"), ("19:45", "19:45"),
        ("19：45", "19:45"), ("19:45:00", "19:45"), ("19:45前", "19:45"), ("19点45", "19:45"), ("晚上7点45", "19:45"),
        ("今晚7点半", "19:30"), ("11-11 19:45", "19:45"), ("11月11日 19:45", "19:45"),
        ("2026-11-11 19:45", "19:45"), ("2026/11/11 19:45:00", "19:45"),
    ],
)  # fmt: skip
async def test_a_promised_time_is_read_as_people_say_it(
    evening_with_two: Both, typed: str, means: str
) -> None:
    shift, sheet = evening_with_two

    def longer(raw: object) -> None:
        books = RoomBooks(raw)  # type: ignore[arg-type]
        one = books.chases.get(chase_id(ROOM, ONE))
        assert one
        at = datetime(2026, 11, 11, 22, 0, tzinfo=SHANGHAI)
        books.chases.put(one.changed(expires_at=at))

    await shift.here.bot.runner.unit(ROOM, longer)
    for step in ("电话", "提醒付款", "留言"):
        sheet.type(ONE, "state", step)
        await sheet.in_step()
    sheet.type(ONE, "state", "答应付款")
    sheet.type(ONE, "promised", typed)
    now = shift.clock.now()
    await sheet.in_step()
    one = kept(shift, ONE)
    assert one
    assert one.answer == "will_pay", sheet.says(ONE, "problem")
    assert one.promised_at
    if typed in ("10", "10分钟", "10 min", "半小时后"):
        minutes = 30 if "半" in typed else 10
        assert minutes * 60 <= (one.promised_at - now).total_seconds() <= (minutes + 1) * 60
    else:
        assert f"{one.promised_at.astimezone(SHANGHAI):%H:%M}" == means


@pytest.mark.parametrize("typed", ["一会儿", "25:00", "0.8645", "2045", "11-31 20:00"])
async def test_a_time_nobody_can_read_waits_beside_its_row(evening_with_two: Both, typed: str) -> None:
    _shift, sheet = evening_with_two
    sheet.type(ONE, "state", "电话")
    await sheet.in_step()
    sheet.type(ONE, "state", "答应付款")
    sheet.type(ONE, "promised", typed)
    await sheet.in_step()
    assert typed in sheet.says(ONE, "problem")
    assert sheet.says(ONE, "promised") == typed


async def test_a_number_written_over_is_no_new_order_and_no_deleted_one(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    row, key = sheet.row(ONE), sheet.column("key")
    cut = ONE[:-3]
    sheet.tab().type(row, key, cut)
    assert await newly(shift, BOSS, sheet) == ""
    await sheet.in_step()
    assert f"这一行原来是 {ONE}" in sheet.says(cut, "problem")
    assert kept(shift, cut) is None
    sheet.tab().type(row, key, ONE)
    await sheet.in_step()
    assert sheet.says(ONE, "problem") == ""
    assert sheet.says(ONE, "state") == "已认领"


async def test_a_row_copied_for_a_new_order_is_a_new_order(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    new = "6917926768823643759"
    for at, cell in enumerate(sheet.tab().texts()[sheet.row(ONE)]):
        sheet.tab().type(3, at, cell)
    sheet.tab().type(3, sheet.column("key"), new)
    await sheet.in_step()
    await sheet.in_step()
    assert kept(shift, new)


async def test_signs_nobody_sees_in_a_pasted_number_do_not_matter(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.tab().type(3, sheet.column("key"), "\u200b６917926768823643753\ufeff")
    await sheet.in_step()
    await sheet.in_step()
    assert kept(shift, "6917926768823643753")


async def test_a_row_without_a_number_is_pointed_out_once_it_stands(evening_with_two: Both) -> None:
    _shift, sheet = evening_with_two
    sheet.tab().type(6, sheet.column("note"), "忘了写订单号")
    await sheet.in_step()
    hint = sheet.tab().cell(6, sheet.column("problem"))
    assert hint.text == "这一行没有编号，不会读。请填上订单号。"
    sheet.tab().type(6, sheet.column("note"), "")
    await sheet.in_step()
    assert sheet.tab().cell(6, sheet.column("problem")).text == ""


async def test_an_emptied_state_is_put_back_with_the_reason(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.type(ONE, "state", "")
    assert "「状态」不能清空" in await newly(shift, MEI, sheet)
    assert sheet.says(ONE, "state") == "已认领"


async def test_what_happens_to_the_order_of_somebody_who_left_is_told_to_whoever_bound_the_sheet(
    evening_with_two: Both,
) -> None:
    shift, sheet = evening_with_two
    await shift.here.bot.runner.unit(ROOM, lambda raw: RoomBooks(raw).members.drop(str(MEI)))
    sheet.type(ONE, "state", "搞定了")
    assert "「搞定了」不在可选的状态里" in await newly(shift, BOSS, sheet)


async def test_a_time_beside_a_step_waits_for_its_answer_and_beside_another_answer_is_told(
    evening_with_two: Both,
) -> None:
    shift, sheet = evening_with_two
    sheet.type(ONE, "promised", "19:45")
    sheet.type(ONE, "state", "电话")
    await sheet.in_step()
    assert (sheet.says(ONE, "promised"), sheet.says(ONE, "state")) == ("19:45", "已联系")
    assert sheet.says(ONE, "problem") == "请先在「状态」里选结果。"
    for state in ("提醒付款", "留言", "答应付款"):
        sheet.type(ONE, "state", state)
        await sheet.in_step()
    assert (sheet.says(ONE, "promised"), sheet.says(ONE, "problem")) == ("11-11 19:45", "")
    for state in ("电话", "提醒付款", "留言"):
        sheet.type(TWO, "state", state)
        await sheet.in_step()
    sheet.type(TWO, "state", "不方便")
    sheet.type(TWO, "reason", "余额不足")
    assert "原因「余额不足」已改回。和「不方便」用不上" in await newly(shift, MEI, sheet)
    assert (sheet.says(TWO, "state"), sheet.says(TWO, "reason")) == ("不方便", "")
