"""The rooms' books, units of work on them, and who is who in a room."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from bot import people
from bot.call import Call
from bot.clock import Clock
from bot.desk import Desk
from bot.units import Units
from playbooks.room import Member, Room, as_owner
from storage.books import DeskBooks, RoomBooks
from storage.rows import Handled
from storage.store import DESK, Books, NotSaved, Shelf, Store
from storage.vault import Vault

log = logging.getLogger(__name__)
T = TypeVar("T")


class Rooms:
    """The store as rooms: `owners` are managers in each of them."""

    def __init__(self, store: Store, clock: Clock, owners: frozenset[str], vault: Vault) -> None:
        self.store = store
        self.vault = vault
        self.clock = clock
        self.owners = owners
        self.units = Units(store)

    # -- books ---------------------------------------------------------------------------------------

    def front(self) -> DeskBooks:
        """The desk's books as committed."""
        return DeskBooks(self.store.view(DESK))

    def view(self, room: str) -> RoomBooks:
        """A room's books as committed."""
        return RoomBooks(self.store.view(room))

    def room(self, key: str) -> Room | None:
        """The room with this short key."""
        return self.view(key).room.get(key) if key in self.store.rooms() else None

    async def unit(
        self, room: str, fn: Callable[[Books], T], *, durable: bool = True, quiet: bool = False
    ) -> T:
        """A unit of work off the event loop; see units.Units.run."""
        return await self.units.run(room, fn, durable=durable, quiet=quiet)

    async def for_room(self, key: str, fn: Callable[[Desk], None], mark: str) -> None:
        """Do something in a room that nobody asked for, once under `mark`: `fn` has the room's desk in a unit."""

        def unit(raw: Books) -> None:
            books = RoomBooks(raw)
            room = books.room.get(key)
            if room is not None and self.first_time(books.handled, mark):
                nobody = Member(id="", name="")
                fn(Desk(books, self.front(), room, nobody, None, now=self.clock.now()))

        await self.unit(key, unit)

    def first_time(self, handled: Shelf[Handled], mark: str) -> bool:
        """In a unit: whether nothing was committed under `mark` yet; from now on something is."""
        if handled.get(mark):
            return False
        handled.put(Handled(id=mark, at=self.clock.now()))
        return True

    def committed(self, call: Call) -> bool:
        """Whether the call's unit holds already, in whatever room: the person's current one may have changed."""
        rooms = (self.view(key).handled for key in self.store.rooms())
        return any(handled.get(call.mark) for handled in rooms)

    def close(self) -> None:
        """Wait for units under way."""
        self.units.close()

    # -- people --------------------------------------------------------------------------------------

    async def meet(self, call: Call) -> None:
        """Remember who this is, that their private chat is open, and which room they last worked in."""
        if call.anonymous:
            return
        known = self.front().people.get(call.who.id)
        if people.met(known, call) == known:
            return
        try:
            await self.unit(DESK, lambda raw: people.meet(DeskBooks(raw), call))
        except NotSaved as error:
            log.warning("who was met is not remembered: %s", error)  # met again with their next words

    def member(self, books: RoomBooks, person: str, name: str) -> Member:
        """The person in this room: owners are managers everywhere, others what `/role` made them."""
        member = books.members.get(person) or Member(id=person, name=name)
        return as_owner(member) if person in self.owners else member

    def rooms_of(self, call: Call) -> dict[str, str]:
        """The rooms the caller has a role in: short key -> shop."""
        rooms = (room for key in self.store.rooms() if (room := self.room(key)))
        return {
            room.id: room.shop
            for room in rooms
            if self.member(self.view(room.id), call.who.id, call.who.name).roles
        }
