"""Invented order exports, one for each declared format, as its platform writes them: container, encoding, packing.

`Sold` is one main order as a shop knows it; `export_file` writes some of them the way a format does, `expected` says
what reading that file must give back. Words, headings and quirks are those of playbooks/data/order_formats.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import xlsxwriter

from playbooks.orders import PAID, Status
from storage.exports.formats import FORMATS, Format

SHANGHAI = ZoneInfo("Asia/Shanghai")
BY_ID = {form.id: form for form in FORMATS}


@dataclass(frozen=True)
class Sold:
    """One order: `word` is the platform's status as it is looked up, `lines` are (title, quantity, amount)."""

    id: str
    word: str
    lines: tuple[tuple[str, int, Decimal], ...]
    created_at: datetime
    paid: bool


@dataclass(frozen=True)
class Quirks:
    """How a platform writes a file: container, encoding, what stands round an id and in an empty cell, its times."""

    container: str
    encoding: str = "utf-8"
    id_form: str = "{}"
    empty: str = ""
    time: str = "%Y-%m-%d %H:%M:%S"
    amount: str = "{}"
    above: tuple[tuple[str, ...], ...] = ()
    below: tuple[str, ...] = ()
    swap: tuple[tuple[str, str], ...] = ()


QUIRKS = {
    "douyin": Quirks("csv", "utf-8-sig", "\t{}", "-"),
    "kuaishou": Quirks("xlsx", empty="--", time="%Y/%m/%d %H:%M:%S", amount="¥{:,}"),
    "wechat_channels": Quirks("xlsx"),
    "xiaohongshu": Quirks("xlsx"),
    "taobao_classic": Quirks("csv", "gb18030", '="{}"', '=""'),
    "taobao_detail": Quirks("csv", "gb18030", '="{}"'),
    "taobao_qianniu": Quirks("xlsx"),
    "pinduoduo": Quirks("csv", amount="{}\t", swap=(("(元)", "（元）"),)),
    "jd": Quirks("csv", "gb18030"),
    "alibaba_1688": Quirks("xlsx", above=(("1688订单",), ())),
    "youzan": Quirks("csv", empty="——"),
    "tiktok_shop": Quirks(
        "csv", "utf-8-sig", "{}\t", "\t", "%d/%m/%Y %H:%M:%S", below=("Platform unique order ID.",)
    ),
    "shopify": Quirks("csv", time="%Y-%m-%d %H:%M:%S +0800"),
    "jushuitan": Quirks("xlsx", above=(("销售主题分析",),)),
    "wangdiantong": Quirks("csv", "gb18030", '="{}"'),
}  # fmt: skip
"""TikTok Shop's US and BR files differ: see `AMERICAN`."""

AMERICAN = Quirks("csv", "utf-8-sig", "{}\t", "\t", "%m/%d/%Y %I:%M:%S %p", "BRL {}")
ONE_LINE = frozenset(["kuaishou", "taobao_classic", "pinduoduo"])
"""One row an order, whatever is in it: the file knows one line."""


def export_file(form: Format, sold: list[Sold], quirks: Quirks | None = None) -> bytes:
    """The file a platform makes of these orders, with every column its declaration names."""
    quirks = quirks or QUIRKS[form.id]
    # The columns no field is read from stand there too: a file has them all.
    headings = list(
        dict.fromkeys((*form.headings, *form.variants, *(h for c in form.columns.values() for h in c)))
    )
    rows = [
        [cells.get(h, quirks.empty) for h in headings] for one in sold for cells in _rows(form, one, quirks)
    ]
    shown = [_retyped(heading, quirks) for heading in headings]
    below = [[*quirks.below, *[""] * (len(headings) - 1)]] if quirks.below else []
    table = [*map(list, quirks.above), shown, *below, *rows]
    return _xlsx(table) if quirks.container == "xlsx" else _csv(table, quirks.encoding)


def _rows(form: Format, one: Sold, quirks: Quirks) -> list[dict[str, str]]:
    """A row a line, as headings -> cells; only the first of a field's headings is written."""
    total = sum((amount for _, _, amount in one.lines), Decimal(0))
    rows = []
    for number, (title, quantity, amount) in enumerate(one.lines):
        due = amount if "amount_due" in form.summed else total
        said: dict[str, str] = {
            "order_id": quirks.id_form.format(one.id),
            "sub_order_id": quirks.id_form.format(f"{one.id}{number}"),
            "product_title": title,
            "quantity": str(quantity),
            "amount_due": quirks.amount.format(due),
            "amount_paid": quirks.amount.format(due),
            "line_amount": quirks.amount.format(amount),
            "status": one.word,
            "created_at": _time(one.created_at, form, quirks),
            "paid_at": _time(one.created_at + timedelta(minutes=5), form, quirks)
            if one.paid
            else quirks.empty,
            "currency": "USD",
        }
        if (
            form.id in ("shopify", "alibaba_1688") and number
        ):  # what is the order's stands on its first row alone
            kept = {"order_id"} if form.id == "shopify" else set()
            said = {f: c for f, c in said.items() if f in ("product_title", "quantity", "line_amount", *kept)}
        rows.append({form.columns[f][0]: cell for f, cell in said.items() if f in form.columns})
    return rows


def _time(moment: datetime, form: Format, quirks: Quirks) -> str:
    return moment.astimezone(SHANGHAI).strftime(quirks.time)


def _retyped(heading: str, quirks: Quirks) -> str:
    for old, new in quirks.swap:
        heading = heading.replace(old, new)
    return heading


def _csv(table: list[list[str]], encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return text.getvalue().encode(encoding)


def _xlsx(table: list[list[str]]) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(table):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(at, column, cell)
    return data.getvalue()


def status_of(form: Format, one: Sold) -> Status:
    """What the status must be read as (facts: canonical_statuses, status_rules)."""
    said = form.statuses[one.word]
    if said == "closed" and not one.paid and "paid_at" in form.columns:
        return "cancelled"
    return said


def words_of(form: Format) -> tuple[tuple[str, bool], ...]:
    """Each status word with the paid times a file that does not contradict itself says it with."""
    both = [(word, paid) for word in sorted(form.statuses) for paid in (True, False)]
    return tuple((word, paid) for word, paid in both if _agrees(form.statuses[word], paid))


def _agrees(status: Status, paid: bool) -> bool:
    return not paid if status == "pending_payment" else paid or status not in PAID
