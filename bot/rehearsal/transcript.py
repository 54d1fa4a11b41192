"""What happened on the stage as a dialogue to read: time, place, who, text; edits, presses and files marked.

The same deeds give the same lines: what the bot did at one moment in several chats at once stands in the order
of the chats, and a message written and edited at one go is told once, as it stands in the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.rehearsal.cast import CAST
from bot.rehearsal.samples import ZONE
from bot.rehearsal.show import Show
from bot.rehearsal.telegram import Event, Message
from bot.texts import escape, plain, say

INDENT = " " * 8
WRITTEN = frozenset({"said", "edited"})


class Transcript:
    """Reads the core's events from where it last stopped."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._read = 0
        self._board = ""

    def news(self) -> list[str]:
        """The lines for what has happened since the last call."""
        events = self._show.core.transcript[self._read :]
        self._read += len(events)
        lines: list[str] = []
        for event in self._in_order(_settled(events)):
            lines += self._told(event)
        return lines

    def _in_order(self, events: list[Event]) -> Iterable[Event]:
        """By time; people before the bot, the group before private chats: no order that threads decide."""
        chats = [self._show.group, *(person.id for person in CAST)]
        bot = self._show.core.bot.id
        return sorted(
            events, key=lambda e: (e.at, e.who == bot, chats.index(e.chat_id) if e.who == bot else -1)
        )

    def _told(self, event: Event) -> list[str]:
        message = self._show.core.message(event.chat_id, event.message_id)
        if event.kind in WRITTEN:
            screen = (event.chat_id, event.message_id) in self._show.screens()
            return self._board_line(event, message) if screen else self._message(event, message)
        return [self._line(event, said) for said in self._done(event, message)]

    def _done(self, event: Event, message: Message) -> Iterable[str]:
        if event.kind == "pressed":
            yield self._say("pressed", caption=event.text)
        elif event.kind == "answered" and event.text:
            yield self._say("toast", text=event.text)
        elif event.kind == "deleted":
            yield self._say("deleted", text=message.text.split("\n")[0])

    def _board_line(self, event: Event, message: Message) -> list[str]:
        """The group's board by its first line, and only where that is news; desks are left out."""
        first = message.text.split("\n")[0]
        if event.chat_id != self._show.group or first == self._board:
            return []
        self._board = first
        return [self._line(event, self._say("board", text=first))]

    def _message(self, event: Event, message: Message) -> list[str]:
        text = message.text
        if file := message.document or message.photo:
            kind = "photo" if message.photo else "file"
            text = f"{self._say(kind, name=file.name)} {text}".strip()
        head, *rest = text.split("\n")
        mark = self._say("edited") if event.kind == "edited" else ""
        lines = [self._line(event, f"{self._name(event.who)}{mark}: {head}"), *(INDENT + one for one in rest)]
        return lines + [INDENT + " ".join(f"[{b.text}]" for b in row) for row in message.rows]

    def _line(self, event: Event, said: str) -> str:
        who = "" if event.kind in WRITTEN else f"{self._name(event.who)} "
        return f"  {clock(event.at)} {self._place(event.chat_id)} {who}{said}"

    def _place(self, chat: int) -> str:
        return self._say("group") if chat == self._show.group else self._say("private", who=self._name(chat))

    def _name(self, id: int) -> str:
        return self._show.core.people[id].first_name

    def _say(self, key: str, **values: str) -> str:
        filled = {name: escape(value) for name, value in values.items()}
        return plain(say(self._show.lang, f"rehearsal.transcript.{key}", **filled))


def _settled(events: list[Event]) -> list[Event]:
    """Each message at most once: its first event stands for all, told with the text it has in the end."""
    seen: set[tuple[int, int]] = set()
    kept: list[Event] = []
    for event in events:
        place = event.chat_id, event.message_id
        if event.kind not in WRITTEN:
            kept.append(event)
        elif place not in seen:
            seen.add(place)
            kept.append(event)
    return kept


def clock(moment: datetime) -> str:
    """`20:40`, with the day once it is not the opening day any more: `11-14 10:00`."""
    local = moment.astimezone(ZONE)
    return f"{local:%H:%M}" if local.day == 11 else f"{local:%m-%d %H:%M}"
