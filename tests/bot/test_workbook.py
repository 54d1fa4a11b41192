"""The workbook opens, holds what was recorded, and nothing in it is ever taken for a formula."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot import workbook
from bot.review_words import said
from playbooks.journal import KINDS
from tests.support.review_evening import AGENTS, OFF, PEOPLE, SHANGHAI, Evening, full_evening, order_id


def opened(evening, lang="zh-CN", **told):
    data = workbook.build(
        evening.review(**told), lang, zone=SHANGHAI, chases=evening.chases, holds=evening.holds,
        notices=evening.notices, journal=evening.journal, names=PEOPLE,
    )  # fmt: skip
    return load_workbook(BytesIO(data))


def table(sheet):
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def figures(book):
    sheet = book.worksheets[0]
    return {row[0].value: row[1].value for row in sheet.iter_rows(min_row=2, max_col=2) if row[0].value}


def test_it_has_six_sheets_with_frozen_headings_and_charts():
    book = opened(full_evening())
    assert book.sheetnames == ["总览", "单品", "催付明细", "异常订单", "衔接", "流水"]
    assert all(sheet.freeze_panes == "A2" for sheet in book.worksheets)
    assert [len(sheet._charts) for sheet in book.worksheets[:2]] == [1, 1]
    assert opened(full_evening(), "en").sheetnames[0] == "Overview"


def test_the_overview_says_the_figures_of_the_evenings_own_script():
    evening = full_evening(4)
    told, tally = figures(opened(evening)), evening.tally
    assert (told["下单"], told["付款"]) == (tally.orders.total(), tally.paid.total())
    assert (told["联系"], told["催回"]) == (tally.contacted.total(), tally.recovered.total())
    assert told["催回金额（元）"] == float(sum(tally.amount.values()))
    assert told["自然付款率"] == pytest.approx(
        tally.left_alone_paid.total() / tally.left_alone.total(), abs=1e-4
    )
    assert (told["异常订单"], told["已解决"], told["未解决"]) == (6, 3, 3)


def test_what_nobody_entered_is_said_and_not_zero():
    told = figures(opened(Evening(products=0, orders=0), data_until=None))
    for caption in ("下单", "付款", "待付", "催回", "催回率", "异常订单", "数据截至"):
        assert told[caption] == "未录入", caption


def test_every_chase_has_its_row_with_the_whole_order_number_as_text():
    evening = full_evening(orders=60)
    rows = table(opened(evening)["催付明细"])
    assert sorted(row["订单号"] for row in rows) == sorted(chase.order_id for chase in evening.chases)
    assert all(isinstance(row["订单号"], str) for row in rows)
    assert {row["原因"] for row in rows if row["原因"]} <= {
        "价格/赠品",
        "随便看看",
        "不会付款",
        "余额不足",
        "选了别家",
    }


def test_no_personal_field_enters():
    evening = full_evening(orders=60)
    evening.chases = [
        one.changed(city="杭州市", phone_tail="4321", note="王先生 13800001234") for one in evening.chases
    ]
    for sheet in opened(evening):
        for row in sheet.iter_rows(values_only=True):
            for cell in row:
                assert not any(word in str(cell) for word in ("杭州", "4321", "王先生", "13800001234"))


def test_a_change_has_a_row_for_each_person_asked_with_the_seconds_it_took():
    evening = Evening(products=1, orders=0)
    evening.change_price(1, 10, "79.00", "75.00", {"21": 9, "22": 200}, asked=("21", "22", "23"))
    rows = table(opened(evening)["衔接"])
    assert [(row["人员"], row["用时（秒）"]) for row in rows] == [("小美", 9), ("阿杰", 200), ("Lily", None)]
    assert rows[0]["变更"] == "直播价 79 → 75"
    assert rows[0]["变更时间"].strftime("%H:%M") == "20:10"


def test_a_change_nobody_was_asked_about_says_so():
    evening = Evening(products=1, orders=0)
    evening.change_price(1, 10, "9", "8", {}, asked=())
    assert [row["人员"] for row in table(opened(evening)["衔接"])] == ["无人在岗"]


def test_the_journal_is_told_whole_in_order_and_in_words():
    evening = full_evening(orders=0)
    rows = table(opened(evening)["流水"])
    assert len(rows) == len(evening.journal)
    assert [row["时间"] for row in rows] == sorted(row["时间"] for row in rows)
    assert {"操作人": "小周", "事项": "变更", "内容": "直播价 79.00 → 75.00"}.items() <= next(
        row for row in rows if row["内容"] and "75.00" in row["内容"]
    ).items()


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_kind_of_entry_has_a_word(lang):
    for kind in KINDS:
        assert said(lang, f"workbook.kind_{kind}")


ODD = ("=1+1", "@SUM(A1)", "-1", "+86", "http://example.com", "0012", "a\x00b\x1bc", "x" * 40_000)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_product_name_is_text(name):
    book = opened(Evening(products=1, orders=5, names=[name]))
    cell = book["单品"]["B2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert str(cell.value).startswith(name[0])


def test_the_intercept_list_names_what_to_keep_back_and_why():
    evening = full_evening(orders=0)
    book = load_workbook(BytesIO(workbook.intercept(evening.holds, "zh-CN", SHANGHAI)))
    rows = table(book["拦截清单"])
    assert [(row["订单号"], row["规则"], row["地区"], row["状态"]) for row in rows] == [
        (order_id(0), "停发地区", "新疆", "待认领"), (order_id(4), "省市区不一致", "浙江省", "已交下一班")
    ]  # fmt: skip
    assert "新疆" in rows[0]["原因说明"]


def test_an_intercepted_parcel_stays_listed_until_it_is_let_go():
    evening = Evening(products=1, orders=0)
    evening.hold(1, "no_ship", "新疆", "solved")
    evening.holds = [evening.holds[0].changed(intercepted_at=OFF, intercepted_by=AGENTS[0])]
    rows = table(load_workbook(BytesIO(workbook.intercept(evening.holds, "zh-CN", SHANGHAI))).active)
    assert [row["状态"] for row in rows] == ["已拦截"]


def test_an_empty_intercept_list_opens():
    book = load_workbook(BytesIO(workbook.intercept([], "en", SHANGHAI)))
    assert book.active.max_row == 1
