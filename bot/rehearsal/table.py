"""The team's spreadsheet in a rehearsal 在线表格: what stands in the in-process Google, and what people do in it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from bot.clock import WoundClock
from bot.rehearsal.samples import SHOP
from bot.rehearsal.samples_products import HEADINGS, MISPRICED, RUNSHEET
from bot.rehearsal.sheets import Answer, Cell, Google, Tab
from bot.rehearsal.sheets.adapter import InProcess
from bot.rehearsal.telegram import TelegramCore
from bot.texts import plain, say
from playbooks.model import Model, Refusal
from storage.sheet_access import Access

ROWS_SHOWN = 300
SPARE_ROWS = 5
"""Empty ones below, to type into."""
SPARE_COLUMNS = 1
BIGGEST = 1000
"""Rows and columns people may type in: a rehearsal's sheet is small."""
MANY_TIMES = 1_000_000
PASS = timedelta(seconds=20)
"""How often the bot reads."""
WRONG_PRICE = Decimal("129.00")
Json = dict[str, Any]
At = Annotated[int, Field(ge=0, lt=BIGGEST)]


class Types(Model):
    """Somebody types into a cell; rows and columns are counted from 0."""

    does: Literal["types"] = "types"
    tab: str
    row: At
    column: At
    text: Annotated[str, Field(max_length=5000)]


class Inserts(Model):
    """Somebody inserts an empty row."""

    does: Literal["inserts"] = "inserts"
    tab: str
    row: At


class Deletes(Model):
    """Somebody deletes a row."""

    does: Literal["deletes"] = "deletes"
    tab: str
    row: At


class Sorts(Model):
    """Somebody sorts what stands below the frozen rows by a column."""

    does: Literal["sorts"] = "sorts"
    tab: str
    column: At


class Shares(Model):
    """Its owner shares the spreadsheet with the bot's address, or takes that back."""

    does: Literal["shares"] = "shares"
    role: Literal["", "reader", "writer"]


class Fails(Model):
    """Google is out of reach from now on, or is there again."""

    does: Literal["fails"] = "fails"
    on: bool


class Waits(Model):
    """Twenty seconds go by, in which the bot reads and writes."""

    does: Literal["waits"] = "waits"


TableDeed = Annotated[Types | Inserts | Deletes | Sorts | Shares | Fails | Waits, Field(discriminator="does")]


class Table:
    """The spreadsheet ops keep, shared with nobody yet: their run sheet, with one price wrong."""

    def __init__(self, core: TelegramCore, clock: WoundClock, lang: str) -> None:
        self._core = core
        self._loop = asyncio.get_running_loop()
        self.google = Google(clock.now)
        self.title = plain(say(lang, "rehearsal.table_title", shop=SHOP))
        tab = f"{plain(say(lang, 'sheet_tab.title_runsheet'))} {SHOP}"
        self.key = self.google.make(self.title, tab)
        self.shared = ""
        self.failing = False
        _fill(self.google.tab(self.key, tab))
        self.google.listeners.append(self._called)

    def _called(self, method: str, path: str, body: Any, answer: Answer) -> None:
        """The bot wrote, from a thread of its own: whoever looks at the page hears of it."""
        if method != "GET" and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._core.pulse.beat)

    def access(self) -> Access:
        """What the bot opens it with."""
        return Access(Google.key_info(), InProcess(self.google))

    @property
    def url(self) -> str:
        """Its address in a browser."""
        return f"https://docs.google.com/spreadsheets/d/{self.key}"

    def do(self, deed: Types | Inserts | Deletes | Sorts | Shares | Fails) -> None:
        """A deed, at once. Raises Refusal `rehearsal.no_tab` where somebody else removed the tab meanwhile."""
        with self.google.lock:
            if isinstance(deed, Shares):
                self.shared = deed.role
                self.google.share(self.key, deed.role)
            elif isinstance(deed, Fails):
                self._fail(deed.on)
            else:
                _work(self._tab(deed.tab), deed)
        self._core.pulse.beat()

    def _fail(self, on: bool) -> None:
        self.google.faults.over()
        self.failing = on
        if on:
            self.google.faults.throw("reset", times=MANY_TIMES)

    def _tab(self, title: str) -> Tab:
        if title not in self.google.titles(self.key):
            raise Refusal("rehearsal.no_tab", title=title[:50])
        return self.google.tab(self.key, title)

    def view(self, title: str) -> Json:
        """The spreadsheet with one of its tabs: the one asked for, else the first."""
        with self.google.lock:
            titles = self.google.titles(self.key)
            title = title if title in titles else titles[0]
            return {
                "title": self.title, "url": self.url, "address": self.google.address, "shared": self.shared,
                "failing": self.failing,
                "tabs": titles, "tab": title, "grid": _grid(self.google.tab(self.key, title)),
            }  # fmt: skip


def _fill(tab: Tab) -> None:
    tab.text_columns.update(range(len(HEADINGS)))
    rows = [one.cells(WRONG_PRICE if one.link_no == MISPRICED else one.live_price) for one in RUNSHEET]
    tab.paste([HEADINGS, *([_typed(cell) for cell in row] for row in rows)])


def _typed(cell: object) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _work(tab: Tab, deed: Types | Inserts | Deletes | Sorts) -> None:
    if isinstance(deed, Types):
        tab.type(deed.row, deed.column, deed.text)
    elif isinstance(deed, Inserts):
        tab.insert(deed.row)
    elif isinstance(deed, Deletes):
        tab.delete(deed.row)
    else:
        tab.sort(deed.column, after=max(tab.frozen, 1) - 1)


def _grid(tab: Tab) -> Json:
    """The cells there are and some empty ones; `ours`: columns with a warning over them."""
    filled = [row[: BIGGEST - SPARE_COLUMNS] for row in tab.grid[:ROWS_SHOWN]]
    wide = max((len(row) for row in filled), default=0) + SPARE_COLUMNS
    return {
        "frozen": tab.frozen,
        "columns": wide,
        "rows": [[_cell(one) for one in row] for row in filled] + [[] for _ in range(SPARE_ROWS)],
        "more": max(len(tab.grid) - ROWS_SHOWN, 0),
        "choices": {str(column): words for column, words in tab.choices.items()},
        "ours": sorted({one["range"]["startColumnIndex"] for one in tab.protected.values()}),
    }


def _cell(one: Cell) -> Json:
    return (
        {"text": one.text}
        | ({"number": True} if one.number else {})
        | ({"tinted": True} if one.tinted else {})
    )
