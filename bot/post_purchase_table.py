"""The messages after a purchase 售后留言 as .xlsx: a row a buyer, to work from on the platform's desk."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.texts import plain, say
from bot.workbook_sheets import Cell, Column, Workbook
from playbooks.post_purchase import HandedOut, Message

COLUMNS = (("orders", 24), ("products", 32), ("message", 90))
"""Heading's text and width in characters."""


def build(handed: HandedOut | None, lang: str, zone: ZoneInfo) -> bytes:
    """The list as it was handed out; only headings where it is gone."""
    book = Workbook(zone)
    columns = [Column(_said(lang, f"postbuy.table_{key}"), "text", width) for key, width in COLUMNS]
    rows = [_row(one) for one in handed.messages] if handed else []
    book.data_sheet(_said(lang, "postbuy.table_sheet"), columns, rows)
    return book.bytes()


def _row(one: Message) -> list[Cell]:
    products = ("、".join(filter(None, names)) for names in one.bought)
    return ["\n".join(one.orders), "\n".join(products), "\n".join(one.parts)]


def _said(lang: str, key: str) -> str:
    return plain(say(lang, key))
