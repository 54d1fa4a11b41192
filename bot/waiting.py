"""What waits in all rooms' outboxes and may leave now: rows turned into items of the pump, by where they go."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from bot import logs
from bot.card import Button, group, line
from bot.chats import Chats
from bot.lanes import Destination, Lanes, Pick
from bot.pump import Item
from bot.runner import Runner
from playbooks.room import Member, Room
from storage.books import RoomBooks
from storage.rows import Outgoing, Rank

log = logging.getLogger(__name__)

PROMPT: tuple[Rank, ...] = ("air", "answer")
"""What has left within minutes wherever all is well."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """A row with the lanes it was found in: what an item of the outbox is. Without lanes it is not stored yet."""

    row: Outgoing
    lanes: Lanes | None = None
    to: Destination = ("", 0)

    def pick(self, now: datetime, leaving: AbstractSet[str]) -> Pick:
        """The row with those it makes needless, now that it leaves."""
        if self.lanes is None or self.row.does != "say":
            return Pick(self.row)
        return self.lanes.pick(self.to, self.row, now, leaving)


def invited(person: str) -> str:
    """The key of the card that asks a person to open the private chat: while it stands, they are asked no more."""
    return f"open:{person}"


class Waiting:
    """Reads the outboxes; a room's rows are sorted anew only when its outbox has changed."""

    def __init__(self, runner: Runner, chats: Chats, bot_name: str) -> None:
        self._runner = runner
        self._chats = chats
        self._bot_name = bot_name
        self._known: dict[str, tuple[object, Lanes]] = {}
        self._unread: set[str] = set()
        """Rooms of which it was logged that a row cannot be read."""

    def items(self, now: datetime, leaving: AbstractSet[str]) -> Iterator[Item]:
        """The most urgent card of each destination, deletions, and invitations to open a private chat."""
        for key in self._runner.store.rooms():
            lanes = self.lanes(key)
            room = self._runner.view(key).room.get(key) if lanes.count else None
            if room is None:
                continue
            for to, chat in self._open(room, lanes, now):
                row = lanes.first(to, now, leaving)
                if row:
                    yield Item(key, chat, row.card.rank, row.at, Chosen(row, lanes, to))
            for chat, rows in lanes.deletions.items():
                row = next((one for one in rows if lanes.may(one, now, leaving)), None)
                if row:
                    yield Item(key, chat, row.card.rank, row.at, Chosen(row, lanes), counts=False)
            for row in self._invitations(room, lanes, now):
                if row.id not in leaving:
                    yield Item(key, room.chat_id, row.card.rank, row.at, Chosen(row))

    def lanes(self, key: str) -> Lanes:
        """The room's waiting rows."""
        books = self._runner.view(key)
        known = self._known.get(key)
        if known is None or known[0] is not books.outbox.state():
            known = self._known[key] = books.outbox.state(), self._sorted(key, books)
        return known[1]

    def _sorted(self, key: str, books: RoomBooks) -> Lanes:
        """A row nobody can read, of another version for example, holds up its own room alone."""
        try:
            return Lanes(books.outbox.by("state", "waiting"))
        except Exception as error:
            if key not in self._unread:
                log.error("what waits in %s cannot be read: %s", key, logs.stack(error))
            self._unread.add(key)
            return Lanes(())

    def count(self) -> int:
        """How many rows wait, whatever for."""
        return sum(self.lanes(key).count for key in self._runner.store.rooms())

    def oldest(self, now: datetime) -> datetime | None:
        """Since when the oldest announcement or answer waits that could leave: not for its time, its person or its
        group. Other cards may queue for minutes in a group that is well."""
        views = (
            (self._runner.view(key).room.get(key), self.lanes(key)) for key in self._runner.store.rooms()
        )
        ages = (
            row.at
            for room, lanes in views
            if room
            for to, chat in self._open(room, lanes, now)
            for row in lanes.due(to, now)
            if row.card.rank in PROMPT and chat not in self._chats.closed
        )
        return min(ages, default=None)

    def later(self, now: datetime) -> datetime | None:
        """When a row that waits for its time is due, or a closed group may be tried again."""
        moments = (self.lanes(key).next_timed(now) for key in self._runner.store.rooms())
        return min((at for at in (*moments, self._chats.next_knock(now)) if at), default=None)

    def _open(self, room: Room, lanes: Lanes, now: datetime) -> Iterator[tuple[Destination, int]]:
        """Where cards of the room may go now, with the chat that is."""
        people = self._runner.front().people
        for to in lanes.destinations():
            person, asked_in = to
            met = people.get(person) if person else None
            chat = int(person) if met and met.private else asked_in or (0 if person else room.chat_id)
            if chat and self._chats.may_try(chat, now):
                yield to, chat

    def _invitations(self, room: Room, lanes: Lanes, now: datetime) -> Iterator[Outgoing]:
        """One for each person whose cards wait for a private chat; while it stands, waits itself, or was given up, no
        other."""
        books, people = self._runner.view(room.id), self._runner.front().people
        for person, asked_in in lanes.destinations() if room.chat_id not in self._chats.closed else ():
            met, member = people.get(person), books.members.get(person)
            wanted = person and not asked_in and not (met and met.private) and member and member.roles
            if wanted and member and not books.sent.get(invited(person)):
                row = self._invitation(room, member, now)
                if not books.outbox.get(row.id):
                    yield row

    def _invitation(self, room: Room, member: Member, now: datetime) -> Outgoing:
        url = f"https://t.me/{self._bot_name}?start={room.id}"
        opens = Button(line=line("common.open_private"), url=url)
        said = line("outbox.please_open", name=member.name)
        card = group(said, buttons=((opens,),), key=invited(member.id), rank="work", silent=True)
        return Outgoing(id=f"{room.id}-o-{invited(member.id)}", card=card, at=now)
