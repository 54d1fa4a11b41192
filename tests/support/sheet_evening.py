"""Two people in a sheet, one in the chat, Google failing now and then: half an hour by script, and what came of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

from bot.rehearsal.sheets import Fault
from bot.sheet_rows import Rows
from playbooks.chase import chase_id
from playbooks.sheets import COLUMNS
from storage.books import RoomBooks
from storage.store import Books
from tests.support.bound_sheet import ROOM, Sheet
from tests.support.evening import BOSS, MEI, Shift

ORDERS = tuple(str(6917926768823643700 + number) for number in range(10))
FAULTS: tuple[Fault, ...] = ("429", "429 wait", "500", "502", "503", "reset", "lost", "late", "late")
STEP = timedelta(seconds=10)
STEPS = 180
WORDS = ("没接没回", "电话", "留言", "说已付", "答应付款", "搞定", "已关", "待认领")


async def noted(shift: Shift, order: str, text: str) -> None:
    """The order's note changes on the bot's side."""

    def unit(raw: Books) -> None:
        books = RoomBooks(raw)
        one = books.chases.get(chase_id(ROOM, order))
        assert one
        books.chases.put(one.changed(note=text))

    await shift.here.bot.runner.unit(ROOM, unit)


@dataclass
class Script:
    """`typed`: every note typed into the sheet: order, text, and what the cell said before; `said`: in the chat."""

    shift: Shift
    sheet: Sheet
    random: random.Random
    typed: list[tuple[str, str, str]] = field(default_factory=list)
    said: list[tuple[str, str, str]] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    count: int = 0

    async def play(self) -> None:
        """Half an hour, then time to come to rest with nothing going wrong."""
        for order in ORDERS:
            await self.shift.asks(MEI, f"催 {order}")
        await self.sheet.in_step()
        self.sheet.google.before.append(self._between)
        self.sheet.google.listeners.append(lambda *_: self._look())
        for _ in range(STEPS):
            if self.random.random() < 0.5:
                self._people()
            if self.random.random() < 0.08:
                await self._chat()
            await self.shift.here.wind_by(STEP)
            self._look()
        self.sheet.google.before.clear()
        self.sheet.google.faults.over()
        await self.shift.minutes(8)
        if any("放回去" in one for one in self.shift.buttons(BOSS)):
            await self.shift.press(BOSS, "放回去")
        await self.shift.minutes(2)

    # -- what people do --------------------------------------------------------------------------------

    def _between(self, kind: str) -> None:
        """Between the bot's reading and its writing, and before it reads."""
        if self.random.random() < 0.25:
            self._people()
        if kind == "write" and self.random.random() < 0.05:
            self._move_a_column()
        if self.random.random() < 0.1:
            self.sheet.google.faults.throw(self.random.choice(FAULTS), kind=kind)

    def _people(self) -> None:
        self._look()
        order, what = self.random.choice(ORDERS), self.random.random()
        tab = self.sheet.tab()
        if what < 0.08:
            tab.sort(
                self.sheet.column(self.random.choice(("key", "note"))), reverse=self.random.random() < 0.5
            )
        elif what < 0.12:
            tab.insert(self.random.randrange(1, 8))
        elif what < 0.13 and order in self.sheet.numbers():
            tab.delete(self.sheet.row(order))
        elif what < 0.15:
            self._move_a_column()
        elif order not in self.sheet.numbers():
            return
        elif what < 0.18:
            self.sheet.type(order, self.random.choice(("owner", "expires", "problem")), "乱写")
        elif what < 0.32:
            self.sheet.type(order, "state", self.random.choice(WORDS))
        elif what < 0.36:
            self.sheet.type(order, "promised", self.random.choice(("10", "23:50", "晚点")))
        else:
            self.count += 1
            text = f"表{self.count:03d}"
            self.typed.append((order, text, self.sheet.says(order, "note")))
            self.sheet.type(order, "note", text)
        self._look()

    def _move_a_column(self) -> None:
        tab = self.sheet.tab()
        wide = len(tab.texts()[0])
        tab.move_column(self.random.randrange(wide), self.random.randrange(wide))

    async def _chat(self) -> None:
        order, self.count = self.random.choice(ORDERS), self.count + 1
        text = f"群{self.count:03d}"
        self.said.append((order, text, self.note(order)))
        await noted(self.shift, order, text)

    # -- what came of it -------------------------------------------------------------------------------

    def _look(self) -> None:
        at = self.sheet.column("note")
        self.shown |= {row[at] for row in self.sheet.tab().texts() if len(row) > at}
        self.kept |= {self.note(order) for order in ORDERS}

    @property
    def books(self) -> RoomBooks:
        """The room's."""
        return self.shift.here.bot.runner.view(ROOM)

    def note(self, order: str) -> str:
        """The order's note with us."""
        one = self.books.chases.get(chase_id(ROOM, order))
        return one.note if one else ""

    def lost(self) -> list[str]:
        """Edits that are neither in force nor were, nor seen and overwritten by a person, nor told to anybody."""
        told = self.shift.read(MEI) + self.shift.read(BOSS)
        overwritten = {(order, before) for order, _, before in self.typed}
        deleted = self.shift.read(BOSS)
        gone = [
            text
            for order, text, _ in self.typed
            if text not in self.kept
            and (order, text) not in overwritten
            and text not in told
            and not (self.sheet.says(order, "note") == text and self.sheet.says(order, "problem"))
            and f"行被删了：{order}" not in deleted
        ]
        return gone + [
            text
            for order, text, _ in self.said
            if self.note(order) != text
            and text not in self.shown
            and text not in told
            and (order, text) not in {(one, before) for one, _, before in self.said}
        ]

    def strange(self) -> list[str]:
        """Orders whose note is not the last one people wrote, in the sheet or in the chat, and notes nobody wrote. Who
        deletes a row deletes what was typed there since the last reading."""
        newest = {order: {""} for order in ORDERS}
        for those in (self.typed, self.said):
            for order, text in {order: text for order, text, _ in those}.items():
                newest[order] = newest[order] - {""} | {text}
        deleted = [one for one in self.shift.read(BOSS).splitlines() if "行被删了" in one]
        undone = [
            f"{order} {self.note(order)!r}"
            for order in ORDERS
            if self.note(order) not in newest[order] and not any(order in one for one in deleted)
        ]
        written = {text for _, text, _ in (*self.typed, *self.said)}
        return undone + sorted(self.kept - written - {""})

    def apart(self) -> list[str]:
        """Cells in which the sheet and the store say different things, but those with a word beside them."""
        room = self.books.room.get(ROOM)
        assert room
        ours = Rows(self.books, room, self.shift.clock.now()).of("pending")
        fields = [
            one.field
            for one in COLUMNS["pending"]
            if not one.personal and one.field not in ("key", "problem")
        ]
        return [
            f"{key} {name}: {self.sheet.says(key, name)!r} / {ours[key].cells[name]!r}"
            for key in ours
            if not self.sheet.says(key, "problem")
            for name in fields
            if self.sheet.says(key, name) != ours[key].cells[name]
        ]
