"""The template: what we hand out to be filled in is what we read, and its example is no product."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from bot.cli import main
from bot.template import NAMES, ROWS, run_sheet
from playbooks.model import Refusal
from playbooks.runsheet import RULES, Sheet, choose, read
from storage.exports import kind_of, read_sheets
from tests.support.evening import OPS, evening

LANGS = list(NAMES)
FILLED = {
    "link_no": "7", "name": "玫瑰精华水", "product_id": "3567890123456789012", "role": "引流款", "live_price": "59.90",
    "stock": "500", "promo": "拍一发二", "points": "清爽；大瓶", "start": "23:50-00:10", "commission": "20%",
}  # fmt: skip


def as_read(data: bytes) -> Sheet:
    (tab,) = choose([(grid.sheet, grid.rows) for grid in read_sheets("模板.xlsx", data)])
    return tab.sheet


def filled_in(lang: str) -> bytes:
    book = openpyxl.load_workbook(BytesIO(run_sheet(lang)))
    page = book.worksheets[0]
    for at, field in enumerate(RULES.columns, 1):
        page.cell(row=3, column=at, value=FILLED.get(field))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("lang", LANGS)
def test_every_heading_of_the_template_is_read_by_our_own_import(lang: str) -> None:
    data = filled_in(lang)
    assert kind_of("模板.xlsx", data) == "runsheet"
    found = as_read(data)
    assert (len(found.columns), found.unknown_columns) == (len(RULES.columns), ())


@pytest.mark.parametrize("lang", LANGS)
def test_a_filled_template_is_read_as_written_and_the_example_is_not(lang: str) -> None:
    found = as_read(filled_in(lang))
    (product,) = found.products
    assert found.findings == ()
    assert (product.link_no, product.name, product.product_id) == (7, "玫瑰精华水", "3567890123456789012")
    assert (product.role, str(product.live_price), product.start) == ("traffic", "59.90", "23:50")


@pytest.mark.parametrize("lang", LANGS)
def test_an_untouched_template_holds_no_product(lang: str) -> None:
    with pytest.raises(Refusal) as refused:
        as_read(run_sheet(lang))
    assert refused.value.key == "sheet.empty"


@pytest.mark.parametrize("lang", LANGS)
def test_ids_are_text_and_every_column_is_explained(lang: str) -> None:
    page = openpyxl.load_workbook(BytesIO(run_sheet(lang))).worksheets[0]
    at = {field: number for number, field in enumerate(RULES.columns, 1)}
    letter = openpyxl.utils.get_column_letter
    for field in ("product_id", "sku_code"):
        assert page.column_dimensions[letter(at[field])].width > 10
        assert page.cell(row=2, column=at[field]).number_format == "@"
    assert all(page.cell(row=1, column=number).comment for number in at.values())


@pytest.mark.parametrize("lang", LANGS)
def test_roles_and_returns_are_chosen_from_lists_in_every_row_and_each_choice_is_read(lang: str) -> None:
    book = openpyxl.load_workbook(BytesIO(run_sheet(lang)))
    page = book.worksheets[0]
    at = {field: number for number, field in enumerate(RULES.columns, 1)}
    letter = openpyxl.utils.get_column_letter
    lists = {str(one.sqref): one for one in page.data_validations.dataValidation}
    rows = {f"{letter(at[field])}2:{letter(at[field])}{ROWS + 1}": field for field in ("role", "after_sale")}
    assert lists.keys() == rows.keys()
    assert {one.type for one in lists.values()} == {"list"}
    assert RULES.highest_link <= ROWS
    for cells, field in rows.items():
        choices = lists[cells].formula1.strip('"').split(",")
        for number, choice in enumerate(choices):
            page.cell(row=3 + number, column=at["name"], value=f"Toner {field} {number}")
            page.cell(row=3 + number, column=at["live_price"], value="59.90")
            page.cell(row=3 + number, column=at[field], value=choice)
        out = BytesIO()
        book.save(out)
        found = as_read(out.getvalue())
        assert not [f.key for f in found.findings if f.key == "sheet.role_unknown"]
        if field == "role":
            assert [product.role for product in found.products] == list(RULES.roles)
        else:
            assert [product.after_sale for product in found.products[: len(choices)]] == choices


def test_the_english_template_is_english_and_its_examples_are_understood() -> None:
    page = openpyxl.load_workbook(BytesIO(run_sheet("en"))).worksheets[0]
    said = [cell.value for row in page.iter_rows(min_row=1, max_row=2) for cell in row if cell.value]
    assert not [text for text in said if re.search("[\u4e00-\u9fff]", text)]
    headings, example = ([cell.value or "" for cell in row] for row in page.iter_rows(min_row=1, max_row=2))
    example[0], example[headings.index("Product name")] = "1", "Rose toner"
    (product,) = read([headings, example]).products
    assert [p.kind for p in product.promotions] == ["n_for_1", "gift", "coupon"]
    assert (product.left, product.role, product.limit) == ((), "traffic", 2)


@pytest.mark.parametrize("lang", LANGS)
def test_the_command_writes_the_file_once_and_never_over_another(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sheet.xlsx"
    assert main(["template", "runsheet", "--out", str(out), "--lang", lang]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    before = out.read_bytes()
    assert main(["template", "runsheet", "--out", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert out.read_bytes() == before


async def test_ops_are_handed_an_empty_sheet_in_the_chat(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/sheet")
        await shift.press(OPS, "要一张空表")
        sent = shift.here.last(OPS)
        assert "填好发回来" in sent.text
        assert sent.document is not None
        assert sent.document.name == NAMES["zh-CN"]
