"""Any file sent to the bot: read exactly, or refused with the cure; never a crash."""

from __future__ import annotations

import csv
import struct
from datetime import datetime, time
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.model import Refusal
from storage.exports import LIMITS, Limits, read_grid, read_head

LONG_ID = 6917926768823643751
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def refusal(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(Refusal) as refused:
        read_grid("file.xlsx", data, limits)
    assert refused.value.values["name"] == "file.xlsx"
    return refused.value.key


def rows_or_refusal(data: bytes) -> object:
    """The rows, or the key of the refusal; anything else raised is a crash."""
    try:
        return read_grid("a", data).rows
    except Refusal as refused:
        return refused.key.startswith("files.")


def openpyxl_book(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def with_part(book: bytes, path: str, content: bytes) -> bytes:
    """The workbook with one part replaced."""
    target = BytesIO()
    with ZipFile(BytesIO(book)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == path else old.read(name))
    return target.getvalue()


def with_sheet(rows: str, head: str = "") -> bytes:
    book = openpyxl_book(["主订单编号", "订单状态"])
    xml = f'{head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{rows}</worksheet>'
    return with_part(book, "xl/worksheets/sheet1.xml", xml.encode())


# What is read


def test_a_whole_number_of_19_digits_keeps_every_digit():
    sheet = f"<sheetData><row><c><v>{LONG_ID}</v></c><c><v>1</v></c></row></sheetData>"
    assert read_grid("a", with_sheet(sheet)).rows == ((str(LONG_ID), "1"),)


def test_a_number_whose_digits_excel_dropped_is_seen_to_be_damaged():
    cells = "<c><v>6917926768823640000</v></c><c><v>6.91792676882364E+18</v></c>"
    sheet = f"<sheetData><row>{cells}</row></sheetData>"
    assert read_grid("a", with_sheet(sheet)).rows == (("6.91792676882364e+18",) * 2,)


def test_prices_read_as_people_write_them():
    cells = '<c r="A1"><v>59.899999999999999</v></c><c r="B1"><v>1.0</v></c>'
    sheet = f'<sheetData><row r="1">{cells}</row></sheetData>'
    assert read_grid("a", with_sheet(sheet)).rows == (("59.9", "1"),)


def test_dates_and_times_of_a_sheet_are_read_as_text():
    book = openpyxl_book(
        ["at", "on"], [datetime(2026, 11, 11, 20, 18, 5), time(20, 10)], [datetime(2026, 11, 11), 1]
    )
    assert read_grid("a", book).rows[1:] == (("2026-11-11 20:18:05", "20:10"), ("2026-11-11 00:00:00", "1"))


def test_rows_keep_the_number_a_person_sees_and_columns_their_place():
    sheet = (
        '<dimension ref="A1:A1"/><sheetData><row r="3"><c r="B3" t="inlineStr"><is><t>标题</t></is></c>'
        '<c r="D3"><v>7</v></c></row><row r="1048576" s="1"><c r="A1048576" s="1"/></row></sheetData>'
    )
    assert read_grid("a", with_sheet(sheet)).rows == ((), (), ("", "标题", "", "7"))


def test_rich_text_is_joined_and_its_reading_left_out():
    sheet = (
        '<sheetData><row><c t="inlineStr"><is><r><t>面</t></r><r><t>膜</t></r>'
        "<rPh><t>mianmo</t></rPh></is></c>"
        '<c t="b"><v>1</v></c><c t="str"><f>A1</f><v>x_x000D_y</v></c></row></sheetData>'
    )
    assert read_grid("a", with_sheet(sheet)).rows == (("面膜", "TRUE", "x\ry"),)


def test_a_hidden_sheet_and_a_cover_are_passed():
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    cover, hidden, table = (book.add_worksheet(name) for name in ("说明", "旧表", "订单"))
    cover.write(0, 0, "请勿修改")
    hidden.write_row(0, 0, ["a", "b"])
    hidden.hide()
    table.write_row(0, 0, ["商品名", "直播价"])
    book.close()
    grid = read_grid("a", target.getvalue())
    assert (grid.sheet, grid.rows) == ("订单", (("商品名", "直播价"),))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_the_encodings_shops_send(encoding):
    grid = read_grid("a.xls", "订单编号,备注\n69179,好看😀\n".encode(encoding))
    assert grid.rows == (("订单编号", "备注"), ("69179", "好看😀"))


def test_tabs_part_cells_only_where_there_are_more_of_them_than_commas():
    assert read_grid("a", b"a\tb\tc\n1,5\t2\t3\n").rows[1] == ("1,5", "2", "3")
    assert read_grid("a", b'a,b,c\n"\t1","\t2",3\n').rows[1] == ("\t1", "\t2", "3")


def test_the_head_of_a_file_is_its_first_20_rows():
    assert len(read_head("a", b"a,b\n" * 50).rows) == 20


cell = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
table = st.lists(st.lists(cell, min_size=2, max_size=5), min_size=1, max_size=8)


@given(table)
def test_a_csv_is_read_back_cell_by_cell(rows):
    rows[0][0] = "head," + rows[0][0]
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    assert [list(row) for row in read_grid("a", text.getvalue().encode("utf-8-sig")).rows] == rows


@settings(deadline=None, max_examples=40)
@given(table)
def test_an_xlsx_is_read_back_cell_by_cell(rows):
    rows[0][:2] = ["head", "second"]
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)
    book.close()
    got = read_grid("a", target.getvalue()).rows
    want = [tuple(row) for row in rows]
    filled = [tuple(row[: max((i + 1 for i, text in enumerate(row) if text), default=0)]) for row in want]
    while filled and not filled[-1]:
        filled.pop()
    assert list(got) == filled


# What is refused


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "files.empty"),
        (b"\n , \n".replace(b" , ", b""), "files.empty"),
        (b",,\n,,\n", "files.empty"),
        (OLE + b"\0" * 600, "files.old_xls"),
        (OLE + b"\0" * 60 + "EncryptedPackage".encode("utf-16-le"), "files.password_needed"),
        (b"\xef\xbb\xbf <HTML><table>", "files.empty"),
        (b'<?xml version="1.0"?><Workbook/>', "files.html"),
        (b"%PDF-1.7\n\x00\x01\xff\xfe", "files.not_table"),
        (b"a,b\n1,\x002\n", "files.not_table"),
        ("订单,状态\n".encode()[:-4] + b"\xff\n", "files.not_table"),
        ("订单,状态\n".encode("utf-16")[:-1], "files.not_table"),
        (b'a,b\n1,"2\n3,4\n5,6\n', "files.csv_broken"),
        (b'a,b\n1,"2\n' + b"3,4\n" * 40_000, "files.csv_broken"),
        (b'a,b\n1,"' + b"x" * 140_000 + b'"\n', "files.cell_too_long"),
        (b"a,b\n1," + b"x" * 140_000, "files.cell_too_long"),
        (b"PK\x03\x04 and nothing more", "files.xlsx_broken"),
        (openpyxl_book(["a", "b"])[:-200], "files.xlsx_broken"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_cure(data, key):
    assert refusal(data) == key


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    book = with_part(openpyxl_book(["a", "b"]), "xl/worksheets/sheet1.xml", b" " * 30_000_000)
    assert refusal(book) == "files.hostile"
    assert refusal(book, Limits(ratio=10**9, unpacked=10_000_000)) == "files.hostile"


def test_a_workbook_that_lies_about_its_size_is_refused():
    book = bytearray(
        with_part(openpyxl_book(["a", "b"]), "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 9_000)
    )
    at = book.index(b"PK\x01\x02")
    while at >= 0:
        book[at + 24 : at + 28] = struct.pack("<I", 10)
        at = book.find(b"PK\x01\x02", at + 4)
    assert refusal(bytes(book)) == "files.xlsx_broken"


def test_a_cell_in_the_far_corner_is_refused():
    far = '<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    wide = '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row></sheetData>'
    assert refusal(with_sheet(far)) == "files.hostile"
    assert refusal(with_sheet(wide)) == "files.too_wide"


@pytest.mark.parametrize(
    "rows",
    [
        '<sheetData><row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row></sheetData>',
        '<sheetData><row r="1"><c r="ZZZZ1"><v>1</v></c></row></sheetData>',
        '<sheetData><row r="0"><c r="A0"><v>1</v></c></row></sheetData>',
        f'<sheetData><row><c t="str"><v>{"x" * 200_000}</v></c></row></sheetData>',
    ],
)
def test_a_sheet_no_spreadsheet_program_writes_is_refused(rows):
    assert refusal(with_sheet(rows), Limits(ratio=10**6)) == "files.hostile"


@pytest.mark.parametrize(
    "rows",
    [
        '<sheetData><row><c t="s"><v>99999</v></c></row></sheetData>',
        "<sheetData><row><c><v>not a number</v></c></row></sheetData>",
        "<sheetData><row><c>",
    ],
)
def test_a_damaged_sheet_is_refused(rows):
    assert refusal(with_sheet(rows)) == "files.xlsx_broken"


def test_entities_cannot_blow_a_sheet_up():
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert (
        refusal(with_sheet("<sheetData><row><c t='str'><v>&b;</v></c></row></sheetData>", laughs))
        == "files.hostile"
    )


def test_a_file_over_a_limit_is_refused_with_the_limit():
    assert refusal(b"a,b\n" * 30, Limits(sent=20)) == "files.too_big"
    assert refusal(b"a,b\n" * 30, Limits(rows=20)) == "files.too_long"
    assert refusal(b"a,b\n" * 30, Limits(cells=20)) == "files.too_long"
    assert refusal(b"a,b,c\n" * 3, Limits(columns=2)) == "files.too_wide"


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", OLE, b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_no_bytes_at_all_end_in_anything_but_rows_or_a_refusal(data, magic):
    assert rows_or_refusal(magic + data)


# Made once: a workbook carries the time it was written, so a fresh one is not the same length each time.
SMALL_BOOK = openpyxl_book(["id", "at"], [LONG_ID, datetime(2026, 11, 11)])


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_no_damage_to_a_workbook_ends_in_anything_but_rows_or_a_refusal(data):
    book = bytearray(SMALL_BOOK)
    for _ in range(data.draw(st.integers(1, 6))):
        book[data.draw(st.integers(4, len(book) - 1))] = data.draw(st.integers(0, 255))
    assert rows_or_refusal(bytes(book))
