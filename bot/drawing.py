"""What a room's board and desks should say now: cards from committed books, rendered as they stand in the chats."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot import render
from bot.board import Glance, board, my_desk
from bot.card import Card, line
from bot.chase_figures import Live
from bot.desk import Desk
from playbooks.room import Member, Room
from storage.books import DeskBooks, RoomBooks


@dataclass(frozen=True)
class Screen:
    """What a board or desk should say. `since` it is wanted; `tries` and `not_before` after a fault; `doubts`: how
    many new messages there were of which nobody knows whether they stand."""

    room: str
    key: str
    chat: int
    thread: int
    text: str
    keyboard: str
    mark: str
    since: datetime
    tries: int = 0
    doubts: int = 0
    not_before: datetime | None = None


def screens(room: Room, books: RoomBooks, front: DeskBooks, now: datetime, live: Live) -> list[Screen]:
    """All of a room; a busy one has thousands of chases, so it is called in a thread."""
    desk = Desk(books, front, room, Member(id="", name=""), None, now=now)
    return [_screen(room, key, chat, card, now) for key, chat, card in _cards(Glance.of(desk, live), desk)]


def _screen(room: Room, key: str, chat: int, card: Card, now: datetime) -> Screen:
    text = render.text_html(card, room.lang)
    keyboard = render.keyboard_json(card, room.lang, room.id)
    shown = f"{text}\n{keyboard}"
    mark = hashlib.sha256(shown.encode()).hexdigest()[:16]
    thread = room.topics.get("announce", 0) if chat == room.chat_id else 0
    return Screen(room.id, key, chat, thread, text, keyboard, mark, now)


def _cards(glance: Glance, desk: Desk) -> Iterator[tuple[str, int, Card]]:
    """Key, chat and card of the board and of every desk."""
    room, books, front = desk.room, desk.books, desk.front
    yield "board", room.chat_id, board(glance)
    for member in desk.members():
        met = front.people.get(member.id)
        begun = member.presence != "out" or books.sent.get(f"desk:{member.id}")
        if met and met.private and met.room == room.id and begun:
            yield f"desk:{member.id}", int(member.id), my_desk(member, glance)
    blank = Card(lines=(line("board.no_role", shop=room.shop),))  # whoever has left sees nothing of the room
    for member in books.members.scan():
        if not member.roles and books.sent.get(f"desk:{member.id}"):
            yield f"desk:{member.id}", int(member.id), blank
