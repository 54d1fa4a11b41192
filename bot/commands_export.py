"""`shiftbot export --out DIR`: every book of every room as xlsx, csv or jsonl, archives too; the bot may run."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import xlsxwriter

from bot import settlement_table
from bot.card import line
from bot.clock import SystemClock
from bot.handing_over import store_of
from bot.render import line_html
from bot.settings import Settings
from bot.settling import newest_aired, settled
from bot.texts import plain
from bot.workbook_sheets import LONGEST, OPTIONS
from playbooks.broadcast import business_day
from playbooks.exported import Record, cell, columns, record, rules
from playbooks.model import Refusal
from playbooks.settlement import read_period
from storage.books import BOOKS, RoomBooks
from storage.tiny import TinyStore

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD, BAD_INPUT = 0, 2
ROWS = 1_000_000
"""Of one sheet; Excel takes 1,048,576."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Tables = Mapping[str, list[Record]]


def add(commands: Subcommands) -> None:
    """Its options."""
    export = commands.add_parser(
        "export", help="write every book as tables, personal fields masked; the bot may run"
    )
    export.add_argument("--room", metavar="ROOM", default="", help="its key or shop (default: every room)")
    export.add_argument("--out", metavar="DIR", type=Path, required=True, help="where the files go")
    export.add_argument(
        "--format", choices=list(WRITERS), default="xlsx", help="one workbook a room, or a file a book"
    )
    export.add_argument(
        "--settlement",
        metavar="PERIOD",
        help="instead: the settlement list of a month (2026-11), days ('11-01 11-15') or the last broadcast",
    )


def run(given: argparse.Namespace, settings_of: Callable[[], Settings | None]) -> int:
    """0 the files are written; 2 there is no such room or period."""
    settings = settings_of()
    if settings is None:
        return BAD_INPUT
    try:
        store, rooms = store_of(settings, given.room)
        found = [(books, list(_files(store, books, given))) for books in rooms]
    except Refusal as refusal:
        print(plain(line_html("en", line(refusal.key, **refusal.values))), file=sys.stderr)
        return BAD_INPUT
    for books, files in found:
        folder = given.out / books.raw.room
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files:
            (folder / name).write_bytes(data)
            print(folder / name)
    return GOOD


def _files(store: TinyStore, books: RoomBooks, given: argparse.Namespace) -> Iterable[tuple[str, bytes]]:
    """What is to be written of a room. Raises Refusal as playbooks.settlement.read_period."""
    if given.settlement is None:
        return WRITERS[given.format](tables(store, books))
    return [settlement_file(store, books, given.settlement, SystemClock().now())]


def settlement_file(store: TinyStore, books: RoomBooks, typed: str, now: datetime) -> tuple[str, bytes]:
    """The settlement list of a period, its name and its bytes. Raises Refusal as read_period."""
    room = books.room.get(books.raw.room)
    assert room is not None
    zone = ZoneInfo(room.zone)
    period = read_period(typed, business_day(now, zone), newest_aired(books))

    def archived(broadcast: str) -> RoomBooks | None:
        found = store.archived(room.id, broadcast)
        return RoomBooks(found) if found else None

    told = settled(books, zone, period, now, archived)
    names = {m.id: m.name for m in books.members.scan()}
    return f"settlement-{period.first}-{period.last}.xlsx", settlement_table.build(
        told, names, room.lang, zone
    )


def tables(store: TinyStore, books: RoomBooks) -> dict[str, list[Record]]:
    """Book -> its documents, those of the archives first; books without any are left out."""
    archived = [store.archived(books.raw.room, name) for name in store.archives(books.raw.room)]
    opened = [*(one for one in archived if one is not None), books.raw]
    found = {
        book.name: list({one.id: record(one) for part in opened for one in part.shelf(book).scan()}.values())
        for book in BOOKS
        if book.name not in rules().left
    }
    return {name: some for name, some in found.items() if some}


def _jsonl(found: Tables) -> Iterator[tuple[str, bytes]]:
    """One JSON object a line; what is not known is null."""
    for name, some in found.items():
        text = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in some)
        yield f"{name}.jsonl", text.encode()


def _csv(found: Tables) -> Iterator[tuple[str, bytes]]:
    """With a BOM, so that Excel reads Chinese; a cell that might be taken for a formula gets a leading quote."""
    for name, some in found.items():
        file, heads = io.StringIO(), columns(some)
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows([_guarded(one.get(head)) for head in heads] for one in some)
        yield f"{name}.csv", file.getvalue().encode("utf-8-sig")


def _guarded(value: object) -> str:
    text = cell(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _xlsx(found: Tables) -> Iterator[tuple[str, bytes]]:
    """One workbook, a sheet a book; everything is text, so that no order number loses a digit."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    for name, some in found.items():
        heads = columns(some)
        for part, at in enumerate(range(0, len(some), ROWS)):
            sheet = book.add_worksheet(name if part == 0 else f"{name} {part + 1}")
            _rows(sheet, heads, some[at : at + ROWS])
    book.close()
    yield "books.xlsx", file.getvalue()


def _rows(sheet: xlsxwriter.worksheet.Worksheet, heads: Sequence[str], some: Sequence[Record]) -> None:
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head)
    for row, one in enumerate(some, 1):
        for column, head in enumerate(heads):
            sheet.write_string(row, column, cell(one.get(head))[:LONGEST])
    sheet.freeze_panes(1, 0)


WRITERS: Mapping[str, Callable[[Tables], Iterator[tuple[str, bytes]]]] = {
    "xlsx": _xlsx,
    "csv": _csv,
    "jsonl": _jsonl,
}
"""By the name of the format; each gives file names and what is in them."""
