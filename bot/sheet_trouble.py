"""How the sync of a room's spreadsheet goes 表格通知: kept where it changes; trouble, its cure and end told once."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.card import Card, button, line, tell
from bot.runner import Runner
from bot.sheet_pass import Done
from bot.sheet_words import heading
from playbooks.room import Room
from playbooks.sheets import COLUMNS, SheetBinding, SheetHealth, TabKind
from playbooks.sheets.model import SyncState
from storage.books import RoomBooks
from storage.rows import Line
from storage.sheets import (
    ApiDisabled,
    KeyRefused,
    Made,
    OfficeFile,
    SheetDown,
    SheetFault,
    SheetForbidden,
    SheetMissing,
    SheetRefused,
)
from storage.store import Books

log = logging.getLogger(__name__)
PROBE_EVERY = timedelta(minutes=5)
LONGEST_WAIT = timedelta(minutes=1)
TRIES = 5
HELPLESS: dict[type[SheetFault], SyncState] = {
    SheetForbidden: "forbidden", SheetMissing: "missing", KeyRefused: "key", ApiDisabled: "disabled",
    OfficeFile: "office",
}  # fmt: skip
"""What only a person can mend."""
TAB_WORDS = frozenset(["sheet_tab.tab_gone", "sheet_tab.taken", "sheet_tab.refused"])


@dataclass
class Going:
    """How a room's passes have gone since its last outage began: tries, edits taken over, rows written."""

    tries: int = 0
    read_at: datetime | None = None
    edits: int = 0
    rows: int = 0


@dataclass(frozen=True)
class Wrong:
    """What is wrong with tabs after a pass: kind -> text key, and what each lacks."""

    keys: dict[TabKind, str] = field(default_factory=dict)
    lacks: dict[TabKind, str] = field(default_factory=dict)


class Troubles:
    """Keeps and tells how the rooms' spreadsheets stand. `address`: the service account's."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._random = random.Random()  # noqa: S311 - spreads what is tried again

    def health(self, key: str) -> SheetHealth:
        """How a room's sync stands."""
        return self._runner.view(key).sheet_health.get(key) or SheetHealth(id=key)

    async def well(self, one: Going, room: Room, binding: SheetBinding, wrong: Wrong, done: Done) -> None:
        """A pass went through: an outage is over, and tabs that went wrong or are well again are named."""
        health = self.health(room.id)
        one.tries, one.edits, one.rows = 0, one.edits + done.edits, one.rows + done.rows
        if health.state == "ok" and (health.wrong, health.lacks) == (wrong.keys, wrong.lacks):
            one.edits = one.rows = 0
            return
        said: list[Line] = []
        if health.told:
            away = int((self._now() - health.since).total_seconds() // 60) if health.since else 0
            said.append(line("sheet_tab.back_again", minutes=away, edits=one.edits, rows=one.rows))
        new = (kind for kind, key in wrong.keys.items() if key != health.wrong.get(kind))
        said += [self._wrong(kind, wrong, binding, room) for kind in new]
        over = (kind for kind in health.wrong if kind not in wrong.keys and kind in binding.tabs)
        said += [line("sheet_tab.tab_well", tab=binding.tabs[kind]) for kind in over]
        await self._keep(room.id, binding, said, again=bool(wrong.keys), state="ok", since=None, why="", told=False,
                         wrong=dict(wrong.keys), lacks=dict(wrong.lacks))  # fmt: skip
        one.edits = one.rows = 0

    async def failed(self, one: Going, room: Room, binding: SheetBinding, fault: SheetFault) -> datetime:
        """When it is tried again; told once, when it has failed often enough, or at once where a person must help."""
        one.tries += 1
        health, helpless = self.health(room.id), HELPLESS.get(type(fault))
        log.info("the spreadsheet of %s: %s", room.id, fault.why)
        state: SyncState = helpless or ("refused" if isinstance(fault, SheetRefused) else "down")
        if (helpless or one.tries >= TRIES) and not (health.told and health.state == state):
            since = health.since if health.told else one.read_at or self._now()
            title, address = binding.title or binding.key, self._runner.sheet_address
            said = line(f"sheet_tab.fault_{state}", title=title, address=address, why=fault.why)
            await self._keep(room.id, binding, [said], again=state != "down", state=state, since=since,
                             why=fault.why, told=True)  # fmt: skip
        return self._now() + (PROBE_EVERY if helpless else self._wait(one, fault))

    def _wait(self, one: Going, fault: SheetFault) -> timedelta:
        wait = min(timedelta(seconds=2**one.tries + self._random.random()), LONGEST_WAIT)
        if isinstance(fault, SheetDown) and fault.retry_after:
            return max(wait, timedelta(seconds=fault.retry_after))
        return wait

    def _wrong(self, kind: TabKind, wrong: Wrong, binding: SheetBinding, room: Room) -> Line:
        """What is wrong with a tab, with the cure; its last good data stays in force."""
        key, tab = wrong.keys[kind], binding.tabs[kind]
        if key == "sheet_tab.header":
            known = {one.field for one in COLUMNS[kind]}
            fields = ((kind if f in known else "pending", f) for f in wrong.lacks[kind].split(","))
            names = tuple(line("common.verbatim", text=heading(room.lang, own, f)) for own, f in fields)
            return line("sheet_tab.header_gone", tab=tab, names=names)
        address = self._runner.sheet_address
        return line(key if key in TAB_WORDS else "sheet_tab.unreadable", tab=tab, address=address)

    async def set_up(self, room: Room, binding: SheetBinding, made: Made, title: str) -> None:
        """The spreadsheet is ready, unless it was unbound or bound anew meanwhile."""
        now = self._now()

        def unit(raw: Books) -> None:
            books = RoomBooks(raw)
            self._runner.post(books, _set_up(books, binding=binding, made=made, title=title, now=now), now)

        await self._runner.unit(room.id, unit)

    async def _keep(
        self, key: str, binding: SheetBinding, said: list[Line], *, again: bool, **fields: Any
    ) -> None:
        def unit(raw: Books) -> None:
            books = RoomBooks(raw)
            known = books.sheet_health.get(key) or SheetHealth(id=key)
            books.sheet_health.put(known.changed(**fields))
            buttons = ((button("sheets.again", "gsheet again"),),) if again else ()
            cards = [tell(binding.by, said, buttons=buttons, rank="work")] if said else []
            self._runner.post(books, cards, self._now())

        await self._runner.unit(key, unit)

    def _now(self) -> datetime:
        return self._runner.clock.now()


def _set_up(books: RoomBooks, *, binding: SheetBinding, made: Made, title: str, now: datetime) -> list[Card]:
    if books.sheet_bindings.get(binding.id) != binding:
        return []
    # A tab that had to be made is empty: nobody deleted the rows that stood in the one before.
    new = tuple(kind for kind, name in binding.tabs.items() if name in made.tabs and _agreed(books, kind))
    stale = tuple(dict.fromkeys((*binding.stale, *new)))
    books.sheet_bindings.put(binding.changed(made_at=now, title=title, stale=stale))
    books.sheet_health.put(SheetHealth(id=binding.id))
    said = [line("sheet_tab.set_up", title=title, tabs=_verbatim(binding.tabs.values()))]
    if made.tabs:
        said.append(line("sheet_tab.made_tabs", tabs=_verbatim(made.tabs)))
    headings = ((tab, names) for tab, names in made.headings.items() if tab not in made.tabs)
    said += [line("sheet_tab.made_headings", tab=tab, names=_verbatim(names)) for tab, names in headings]
    return [tell(binding.by, said)]


def _agreed(books: RoomBooks, kind: TabKind) -> bool:
    return next(iter(books.sheet_rows.scan("kind", kind)), None) is not None


def _verbatim(texts: Iterable[str]) -> tuple[Line, ...]:
    return tuple(line("common.verbatim", text=text) for text in texts)
