"""Units of a room's in which its spreadsheet is taken in: nobody in particular acts, and it is still bound as read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot.card import Card
from bot.desk import Desk
from bot.runner import Runner
from playbooks.room import Member, Room
from playbooks.sheets import SheetBinding
from storage.books import RoomBooks
from storage.store import Books

T = TypeVar("T")
AT_ONCE = 500
"""Rows in one unit: a press is answered in between."""


class BoundAnew(Exception):
    """The room's spreadsheet was unbound or changed in the middle of a pass: what was read says nothing any more."""


class Units:
    """A room's units while it is bound as in `bound`. `room`: as it was when the pass began."""

    def __init__(self, runner: Runner, room: Room, bound: SheetBinding) -> None:
        self._runner = runner
        self.room = room
        self._bound = bound

    @property
    def books(self) -> RoomBooks:
        """The room's books, as committed."""
        return self._runner.view(self.room.id)

    async def run(self, decide: Callable[[Desk], tuple[T, list[Card]]]) -> T:
        """A unit; its cards leave once it holds. Raises BoundAnew, NotSaved."""

        def unit(raw: Books) -> T:
            books, now = RoomBooks(raw), self._runner.clock.now()
            room = books.room.get(self.room.id)
            assert room is not None
            if books.sheet_bindings.get(self.room.id) != self._bound:
                raise BoundAnew
            nobody, runner = Member(id="", name=""), self._runner
            desk = Desk(
                books, runner.front(), room, nobody, None, now=now, vault=runner.vault, owners=runner.owners
            )
            result, cards = decide(desk)
            runner.post(books, cards, now)
            return result

        return await self._runner.unit(self.room.id, unit)
