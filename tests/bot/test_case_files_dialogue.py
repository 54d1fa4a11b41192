"""工单表: a file of reviews, after-sales or complaints becomes cases; bad rows are named, buyers are not kept."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook

from playbooks.cases import Case
from tests.support.evening import BOSS, MEI, QIANG, Shift, evening

REVIEWS = (
    "订单编号,商品,评价内容,评价等级,评价时间,负责人\n"
    "'6917000000000000001,面霜,收到是坏的 电话13800000001,差评,2026-11-11 10:00,\n"
    "'6917000000000000002,面霜,很好用,好评,2026-11-11 10:05,\n"
    "'6917000000000000003,面霜,很好用 可惜少发一支,好评,2026-11-11 10:06,阿强\n"
    "'6917000000000000004,面霜,一般,三颗半,2026-11-11 10:07,\n"
    "6.917E+18,面霜,不好,1,2026-11-11 10:08,\n"
    "'6917000000000000006,面霜,太差,1,昨天,\n"
    "'6917000000000000007,面霜,太差,1,2026-11-11 10:09,老王\n"
).encode()


def known(shift: Shift) -> list[Case]:
    """Every case of the room, in order."""
    return sorted(shift.here.bot.runner.view("a1").cases.scan(), key=lambda one: one.number)


async def test_a_file_of_reviews_opens_the_bad_ones_names_its_bad_rows_and_opens_nothing_twice(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        group = len(shift.here.core.said(shift.group))
        said = "\n".join(await shift.sends(MEI, "评价.csv", REVIEWS))
        assert "新工单 2 条" in said
        assert "没有问题的好评 1 条" in said
        assert "第 5 行" in said
        assert "看不懂评分「三颗半」" in said
        assert "第 6 行" in said
        assert "不是完整的订单号" in said
        assert "看不懂时间「昨天」" in said
        assert "没有叫「老王」的人" in said
        bad, mixed = known(shift)
        assert (bad.kind, bad.owner, bad.text) == ("negative", str(MEI), "收到是坏的 电话…")
        assert (mixed.kind, mixed.owner) == ("mixed", str(QIANG))
        assert "由你负责的工单 1 条" in shift.here.last(QIANG).text
        await shift.asks(MEI, f"/caseend {bad.id} void 重复了")
        assert not known(shift)[0].open
        again = "\n".join(await shift.sends(MEI, "评价.csv", REVIEWS))
        assert "新工单 0 条" in again
        assert "已有的 2 条" in again
        assert len(known(shift)) == 2
        assert len(shift.here.core.said(shift.group)) == group
        assert "13800000001" not in "".join(one.model_dump_json() for one in known(shift))


async def test_a_workbook_with_a_sheet_of_each_kind_is_read_whole(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "售后"
    for row in (
        ["订单编号", "售后类型", "退款原因", "退款金额", "申请时间"],
        ["6917000000000000011", "退货退款", "尺码", 59.9, "2026-11-11 09:00"],
        ["6917000000000000012", "打款", "少发一支补差", "12", "2026-11-11 09:10"],
        ["6917000000000000013", "随便", "", "", ""],
    ):
        sheet.append(row)
    more = book.create_sheet("投诉")
    for row in (["订单编号", "投诉内容", "原因"], ["6917000000000000014", "客服不理人", "态度"]):
        more.append(row)
    data = BytesIO()
    book.save(data)
    async with evening(tmp_path) as shift:
        said = "\n".join(await shift.sends(BOSS, "售后.xlsx", data.getvalue()))
        assert "新工单 3 条" in said
        assert "不认识售后类型「随便」" in said
        assert Counter(one.kind for one in known(shift)) == {"aftersale": 2, "complaint": 1}
        assert [str(one.amount) for one in known(shift)] == ["59.90", "12.00", "None"]
        assert [one.type for one in known(shift)] == ["return_refund", "payment", ""]
        assert known(shift)[2].cause == "attitude"


async def test_the_table_has_a_sheet_a_kind_with_the_cause_and_what_was_done(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, "评价.csv", REVIEWS)
        await shift.asks(MEI, "/casecause " + known(shift)[0].id + " quality")
        await shift.asks(MEI, "工单 导出")
        file = shift.here.core.said(MEI)[-1].document
        assert file is not None
        book = load_workbook(BytesIO(file.content))
        assert book.sheetnames == ["差评", "好评带问题", "售后", "投诉", "工作失误"]
        head, row = list(book["差评"].iter_rows(values_only=True))
        found = dict(zip(head, row, strict=True))
        assert found["订单号"] == "6917000000000000001"
        assert found["原因"] == "质量"
        assert "小美 原因 质量" in str(found["处理过程"])
