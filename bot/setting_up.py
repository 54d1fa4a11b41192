"""`/setup` 绑定: the group is bound above the rooms, then the room's record is made."""

from __future__ import annotations

from bot import binding
from bot.call import Call
from bot.desk import Desk
from bot.posting import post
from bot.rooms import Rooms
from playbooks.model import Refusal
from playbooks.room import Room
from storage.books import DeskBooks, RoomBooks
from storage.store import DESK


async def set_up(rooms: Rooms, call: Call) -> None:
    """`/setup` works above and in the room: first the group is bound, then the room's record is made."""
    if call.who.id not in rooms.owners:
        raise Refusal("setup.owner_only", id=call.who.id)
    asked = binding.read_setup(call, rooms.clock.now())
    key = await rooms.unit(DESK, lambda raw: binding.bind(DeskBooks(raw), call.chat_id))
    await rooms.unit(
        key, lambda raw: _settle_in(rooms, RoomBooks(raw), call.to(room=key), asked.changed(id=key))
    )
    await rooms.unit(DESK, lambda raw: binding.made(DeskBooks(raw), call.chat_id))


def _settle_in(rooms: Rooms, books: RoomBooks, call: Call, asked: Room) -> None:
    if not rooms.first_time(books.handled, call.mark):
        return
    known = books.room.get(asked.id)
    if known:
        asked = known.changed(
            shop=asked.shop, platform=asked.platform, zone=asked.zone, lang=asked.lang, forum=asked.forum
        )
    me = rooms.member(books, call.who.id, call.who.name)
    desk = Desk(books, rooms.front(), asked, me, call, now=rooms.clock.now())
    post(books, binding.settle_in(call, desk), desk.now, call)
