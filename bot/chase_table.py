"""The table of many unpaid orders 批量催付表: as .xlsx to work from on the platform's desk (B09, B10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chase_script import script_for, script_text
from bot.texts import plain, say
from bot.workbook_sheets import Cell, Column, Kind, Workbook
from playbooks import chase
from playbooks.chase import Chase
from playbooks.room import Room
from storage.books import RoomBooks

COLUMNS: tuple[tuple[str, Kind, int], ...] = (
    ("order_id", "text", 24), ("product", "text", 32), ("amount", "yuan", 12), ("dies", "time", 16),
    ("city", "text", 14), ("script", "text", 60),
)  # fmt: skip


def in_hand(books: RoomBooks, who: str, now: datetime, room: Room) -> list[tuple[Chase, str]]:
    """What a person (id) has in hand, most urgent first, each with the text its buyer was not told yet, or ''."""
    held = [one for one in books.chases.by("open_owner", who) if one.held(now)]
    held.sort(key=lambda one: chase.urgency(one, now))
    return [(one, _script(one, books, now, room)) for one in held]


def _script(one: Chase, books: RoomBooks, now: datetime, room: Room) -> str:
    script = script_for(one, books, room, now)
    return script_text(script, one, books, room, now) if script else ""


def build(orders: Iterable[tuple[Chase, str]], lang: str, zone: ZoneInfo) -> bytes:
    """The orders as given, each with what to say: number, product, yuan, when it dies, city, the text."""
    book = Workbook(zone)
    columns = [Column(_said(lang, f"chase.table_{key}"), kind, width) for key, kind, width in COLUMNS]
    book.data_sheet(_said(lang, "chase.table_sheet"), columns, [_row(*each) for each in orders])
    return book.bytes()


def _row(one: Chase, script: str) -> list[Cell]:
    return [one.order_id, one.title, one.amount, one.expires_at, one.city, script]


def _said(lang: str, key: str) -> str:
    return plain(say(lang, key))
