"""A shift with a bound spreadsheet in the in-process Google: `async with bound(tmp_path) as (shift, sheet)`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.rehearsal.sheets import Google, Tab
from bot.rehearsal.sheets.adapter import InProcess
from bot.sheet_words import heading
from playbooks.sheets import SheetBinding, TabKind
from storage.books import RoomBooks
from storage.sheet_access import Access
from storage.sheets import Account
from tests.support.evening import BOSS, Shift, evening, settled
from tests.support.sheets_referee import refereed

ROOM = "a1"
TABS: dict[TabKind, str] = {
    "runsheet": "排品",
    "pending": "待付款",
    "followup": "跟进",
    "case": "工单",
    "review": "复盘",
}
PERIOD = timedelta(seconds=45)
"""Two readings and the writes between them."""


class Sheet:
    """The spreadsheet as people see it and work in it: rows by order number, columns by heading."""

    def __init__(self, google: Google, key: str, shift: Shift) -> None:
        self.google = google
        self.key = key
        self._shift = shift

    @property
    def account(self) -> Account:
        """The bot's."""
        made = self._shift.here.bot.sheets._account
        assert made
        return made

    def tab(self, kind: TabKind = "pending") -> Tab:
        """A tab."""
        return self.google.tab(self.key, TABS[kind])

    def column(self, field: str, kind: TabKind = "pending") -> int:
        """Where a column stands."""
        return self.tab(kind).texts()[0].index(heading("zh-CN", kind, field))

    def numbers(self, kind: TabKind = "pending") -> list[str]:
        """The order numbers, from the top."""
        at = self.column("key", kind)
        return [row[at] if len(row) > at else "" for row in self.tab(kind).texts()[1:]]

    def row(self, key: str, kind: TabKind = "pending") -> int:
        """Where an order stands."""
        return self.tab(kind).find(key, self.column("key", kind))

    def says(self, key: str, field: str, kind: TabKind = "pending") -> str:
        """What a cell of an order says."""
        return self.tab(kind).cell(self.row(key, kind), self.column(field, kind)).text

    def type(self, key: str, field: str, text: str, kind: TabKind = "pending") -> None:
        """Somebody types into a cell of an order."""
        self.tab(kind).type(self.row(key, kind), self.column(field, kind), text)

    async def in_step(self) -> None:
        """Wind on until both sides have read and written."""
        await self._shift.here.wind_by(PERIOD)


@asynccontextmanager
async def bound(
    data: Path, *, tabs: tuple[TabKind, ...] = ("pending",), google: Google | None = None
) -> AsyncIterator[tuple[Shift, Sheet]]:
    """An evening whose manager has bound a spreadsheet, set up by the bot."""
    core, clock, group = (await settled(False, True)).begun_in(data)
    google = google or refereed(Google(clock.now))
    key = google.make("小满优选 共享表")
    google.share(key)

    opened = Access(Google.key_info(), InProcess(google))
    async with evening(data, core=core, clock=clock, group=group, sheets=opened) as shift:
        sheet = Sheet(google, key, shift)
        await bind(shift, key, tabs)
        await sheet.in_step()
        yield shift, sheet


async def bind(shift: Shift, key: str, tabs: tuple[TabKind, ...]) -> None:
    """The manager binds it."""
    runner = shift.here.bot.runner
    made = SheetBinding(
        id=ROOM, key=key, by=str(BOSS), at=runner.clock.now(), tabs={kind: TABS[kind] for kind in tabs}
    )
    await runner.unit(ROOM, lambda raw: RoomBooks(raw).sheet_bindings.put(made))
