"""The case tab 工单 of a bound spreadsheet: causes, progress and outcomes, by the same decisions as in the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playbooks.cases import Case
from tests.support.bound_sheet import ROOM, Sheet, bound
from tests.support.evening import BOSS, MEI, Shift

ORDER, OTHER = "6917000000000000001", "6917000000000000002"
Both = tuple[Shift, Sheet]


@pytest.fixture
async def evening_with_cases(tmp_path: Path) -> AsyncIterator[Both]:
    """小美 has a bad review and an after-sales case, and both stand in the tab."""
    async with bound(tmp_path, tabs=("case",)) as (shift, sheet):
        await shift.asks(MEI, f"差评 {ORDER} 2星 等了十天")
        await shift.asks(MEI, f"售后登记 {OTHER} 换货 尺码小了")
        await sheet.in_step()
        yield shift, sheet


def the_case(shift: Shift, number: int) -> Case:
    return next(one for one in shift.here.bot.runner.view(ROOM).cases.scan() if one.number == number)


def says(sheet: Sheet, number: int, field: str) -> str:
    return sheet.says(str(number), field, "case")


async def edited(sheet: Sheet, number: int, **cells: str) -> None:
    for field, text in cells.items():
        sheet.type(str(number), field, text, "case")
    await sheet.in_step()


async def test_open_cases_stand_in_the_tab_with_whose_they_are_and_until_when(
    evening_with_cases: Both,
) -> None:
    _shift, sheet = evening_with_cases
    assert sheet.numbers("case") == ["1", "2"]
    shown = [says(sheet, 1, field) for field in ("kind", "order_id", "text", "owner", "due", "state")]
    assert shown == ["差评", ORDER, "等了十天", "小美", "11-12 18:30", "处理中"]
    choices = sheet.tab("case").choices[sheet.column("state", "case")]
    assert {"已解决，买家满意", "已办结", "处理中"} <= set(choices)


async def test_an_outcome_waits_for_its_cause_and_closes_the_case_with_it(evening_with_cases: Both) -> None:
    shift, sheet = evening_with_cases
    await edited(sheet, 1, state="已解决，买家满意")
    assert the_case(shift, 1).open
    assert "还没有原因" in says(sheet, 1, "problem")
    assert says(sheet, 1, "state") == "已解决，买家满意"
    await edited(sheet, 1, cause="物流")
    one = the_case(shift, 1)
    assert (one.outcome, one.cause, one.closed_by) == ("solved", "logistics", str(MEI))
    assert (says(sheet, 1, "problem"), says(sheet, 1, "due")) == ("", "")


async def test_a_note_is_progress_and_a_new_one_is_added_to_it(evening_with_cases: Both) -> None:
    shift, sheet = evening_with_cases
    await edited(sheet, 2, note="已和快递确认")
    await edited(sheet, 2, note="新尺码已寄")
    said = [step.text for step in the_case(shift, 2).happened if step.what == "note"]
    assert said == ["已和快递确认", "新尺码已寄"]
    await edited(sheet, 2, note="")
    assert says(sheet, 2, "note") == "新尺码已寄"
    assert "不能清空" in shift.read(MEI)


async def test_an_outcome_that_needs_a_sentence_takes_the_note(evening_with_cases: Both) -> None:
    shift, sheet = evening_with_cases
    await edited(sheet, 2, state="买家撤回")
    assert the_case(shift, 2).open
    assert says(sheet, 2, "problem") != ""
    await edited(sheet, 2, note="买家说不换了")
    one = the_case(shift, 2)
    assert (one.outcome, one.happened[-1].text) == ("withdrawn", "买家说不换了")


async def test_what_only_a_manager_may_settle_is_not_closed_in_a_table(evening_with_cases: Both) -> None:
    shift, sheet = evening_with_cases
    await edited(sheet, 1, cause="假货（主管）")
    one = the_case(shift, 1)
    assert (one.manager_only, one.owner) == (True, str(BOSS))
    assert "#1 差评" in shift.read(BOSS)
    await edited(sheet, 1, state="已解决，买家满意")
    assert the_case(shift, 1).open
    assert "「已解决，买家满意」已改回" in shift.read(BOSS)
    assert says(sheet, 1, "state") == "处理中"


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("state", "搞定", "不在可选的状态里"), ("state", "已受理", "由机器人按进度填写"), ("state", "", "不能清空"),
        ("cause", "随便", "不在可选的原因里"), ("note", "打13800012345", "已改回"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_put_back_with_the_reason(
    evening_with_cases: Both, field: str, text: str, why: str
) -> None:
    shift, sheet = evening_with_cases
    before = says(sheet, 1, field)
    await edited(sheet, 1, **{field: text})
    assert why in shift.read(MEI)
    assert says(sheet, 1, field) == before


async def test_a_case_that_is_over_stays_as_it_was_closed(evening_with_cases: Both) -> None:
    shift, sheet = evening_with_cases
    await edited(sheet, 2, state="已办结")
    await edited(sheet, 2, state="处理中", note="其实还没完")
    assert (the_case(shift, 2).outcome, says(sheet, 2, "state"), says(sheet, 2, "note")) == (
        "done",
        "已办结",
        "",
    )
    assert "其实还没完" in shift.read(MEI)


async def test_rows_of_cases_are_the_bots_to_add(evening_with_cases: Both) -> None:
    _shift, sheet = evening_with_cases
    tab = sheet.tab("case")
    tab.type(3, sheet.column("key", "case"), "77")
    await sheet.in_step()
    assert says(sheet, 77, "problem") == "没有这个编号；这一页的行由机器人添加。"
