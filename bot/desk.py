"""What a duty works at: the room's books in a unit, who asks, the time, and how to note and put off things."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.call import Call
from bot.passwords import Passwords
from playbooks import room as rooms
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast, answering, business_day, current
from playbooks.chase import ALIVE, Chase, sold_on
from playbooks.journal import KINDS, Entry
from playbooks.model import Refusal
from playbooks.room import Member, Role, Room
from storage.books import DeskBooks, RoomBooks
from storage.exports import unpaid_life
from storage.rows import Due
from storage.vault import NO_KEYS, Vault
from storage.vault_books import BuyerBooks

SWEEPS_APART = 10
"""Seconds: many orders are placed in the same minute, so many die in the same minute."""


class Desk:
    """One unit's working place. Reads and writes go through `books`; nothing is said before the unit holds."""

    def __init__(
        self,
        books: RoomBooks,
        front: DeskBooks,
        room: Room,
        me: Member,
        call: Call | None,
        *,
        now: datetime,
        vault: Vault = NO_KEYS,
        passwords: Passwords | None = None,
        owners: frozenset[str] = frozenset(),
        sheet_address: str = "",
    ) -> None:
        self.books = books
        self.front = front
        self.room = room
        self.me = me
        self.call = call
        self.now = now
        self.passwords = passwords or Passwords()
        self.sheet_address = sheet_address
        """Whom a spreadsheet is shared with for the bot to reach it; '' where it has no account with Google."""
        self.ahead: Any = None
        """What the command worked out on a view before its unit (Command.ahead)."""
        self._owners = owners
        self.zone = ZoneInfo(room.zone)
        self.buyers = BuyerBooks(books, vault, now, business_day(now, self.zone))

    def note(self, kind: str, about: str = "", *, broadcast: str = "", **values: str) -> Entry:
        """Write into the journal what `me` just did."""
        assert kind in KINDS, kind
        here = broadcast or self.broadcast_id()
        entry = Entry(
            id=self.books.new_id("j"),
            at=self.now,
            kind=kind,
            who=self.me.id,
            broadcast=here,
            about=about,
            values=values,
        )
        return self.books.journal.put(entry)

    def later(
        self, kind: str, at: datetime, about: str, *, at_most: int = 3, cool_down: int = 60, **values: str
    ) -> Due:
        """Have the duty's handler `kind` called at `at`; one row per kind and thing, a new one replaces the old.

        Not sooner than `cool_down` seconds after it last said something: reminders must not pile up on people.
        """
        id = f"{self.room.id}-d:{kind}:{about}"
        said = self.books.handled.get(id)
        rested = said.at + timedelta(seconds=cool_down) if said else at
        return self.books.due.put(
            Due(
                id=id, kind=kind, due_at=max(at, rested), about=about, at_most=at_most, cool_down=cool_down,
                values=values,
            )
        )  # fmt: skip

    def sweep_at(self, at: datetime) -> None:
        """Have the unpaid orders looked through at `at`, when one dies; those that die within seconds, together."""
        self.later("chase_sweep", at, self.room.id, cool_down=SWEEPS_APART)

    def broadcast(self) -> Broadcast | None:
        """The room's current broadcast, if there is one."""
        return current(list(self.books.broadcasts.scan()))

    def broadcast_id(self) -> str:
        """Its id, or ''."""
        here = self.broadcast()
        return here.id if here else ""

    def open_broadcast(self) -> Broadcast:
        """A new planned broadcast of this business day."""
        number = max((b.number for b in self.books.broadcasts.scan()), default=0) + 1
        day = business_day(self.now, self.zone)
        return self.books.broadcasts.put(
            Broadcast(id=f"{self.room.id}-b{number}", number=number, opened_on=day)
        )

    def to_wrap(self) -> Broadcast | None:
        """The newest broadcast that has ended and is not wrapped, even if the next one is planned already."""
        ended = [b for b in self.books.broadcasts.scan() if b.stage == "ended" and b.wrapped_at is None]
        return max(ended, key=lambda b: b.number, default=None)

    def need_broadcast(self) -> Broadcast:
        """The current broadcast. Raises Refusal `broadcast.none`."""
        here = self.broadcast()
        if here is None:
            raise Refusal("broadcast.none")
        return here

    def answering(self) -> Broadcast | None:
        """The broadcast buyers ask about: between two of them the one that ended tonight."""
        return answering(list(self.books.broadcasts.scan()), self.now, self.zone)

    def asked_about(self) -> list[Listing]:
        """The products buyers ask about, not the withdrawn ones."""
        return self._on_sale(self.answering())

    def listings(self) -> list[Listing]:
        """The products of the current broadcast that have not been withdrawn."""
        return self._on_sale(self.broadcast())

    def _on_sale(self, here: Broadcast | None) -> list[Listing]:
        known = self.books.listings.by("broadcast", here.id) if here else []
        return [one for one in known if one.withdrawn_at is None]

    def on_air(self) -> Listing | None:
        """The listing on air, if any."""
        here = self.broadcast()
        if here is None or here.on_air is None:
            return None
        return next((one for one in self.listings() if one.link_no == here.on_air), None)

    def chases(self) -> list[Chase]:
        """The chases that are in none of their ends."""
        return [one for state in ALIVE for one in self.books.chases.by("state", state)]

    def unpaid_life(self, platform: str = "") -> timedelta | None:
        """How long an unpaid order of `platform`, '' for the room's own, lives: as a manager set it here, else as the
        platform is known to do. None where nobody knows."""
        own = self.room.platform
        platform = sold_on(platform, own) if platform else own
        seconds = self.room.unpaid_seconds
        if platform != own:
            known = self.books.chase_setup.get(self.room.id)
            seconds = known.platform_lives.get(platform) if known else None
        return timedelta(seconds=seconds) if seconds else unpaid_life(platform)

    def members(self) -> list[Member]:
        """Everybody with a role in the room."""
        return [m for m in self.books.members.scan() if m.roles]

    def member(self, person: str) -> Member:
        """A person as they stand in the room now, where the desk was told who the owners are."""
        known = self.books.members.get(person) or Member(id=person, name="")
        return rooms.as_owner(known) if person in self._owners else known

    def on_duty(self, *roles: Role) -> list[Member]:
        """Those signed in, with one of `roles` if any are named."""
        return rooms.on_duty(self.members(), *roles)

    def with_role(self, *roles: Role) -> list[Member]:
        """Everybody who holds one of `roles`, on duty or not."""
        return [m for m in self.members() if m.may(frozenset(roles))]

    def name(self, person: str) -> str:
        """What the room calls a person; the id where nobody has met them."""
        member = self.books.members.get(person)
        if member:
            return member.name
        met = self.front.people.get(person)
        return met.name if met else person

    def names(self, people: Sequence[str]) -> list[str]:
        """Several people's names."""
        return [self.name(p) for p in people]

    def clock(self, moment: datetime | None) -> str:
        """`20:14` room time; with the date where it is another calendar date; '—' for None."""
        if moment is None:
            return "—"
        local = moment.astimezone(self.zone)
        same = local.date() == self.now.astimezone(self.zone).date()
        return f"{local:%H:%M}" if same else f"{local:%m-%d %H:%M}"


class FrontDesk:
    """The working place above the rooms: people, private chats, bindings."""

    def __init__(self, books: DeskBooks, call: Call, now: datetime, rooms: dict[str, str]) -> None:
        self.books = books
        self.call = call
        self.now = now
        self.rooms = rooms
        """The rooms the caller has a role in: short key -> shop. Others are not even named."""
