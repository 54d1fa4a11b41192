"""Which room typed words are meant for, where a person works in several that are live: one question, then they act.

Kept in memory alone: what waits for its room may hold a buyer's data, and is not at rest anywhere. After a restart
nothing is known of the minutes before, so it is asked once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.asking import ANSWER_WITHIN
from bot.call import Call
from bot.card import Card, button, line, toast
from playbooks.model import Refusal

INTO = "into"
"""What a button of the question says: `into 5701 a2`, the question's mark and the room meant."""
SAME_ROOM_FOR = timedelta(minutes=5)
"""How long what a person did in private goes on meaning the same room."""
TYPED = frozenset(["typed", "word", "file"])
WORDS_SHOWN = 40


@dataclass(frozen=True)
class _Waiting:
    call: Call
    until: datetime


class WhichRoom:
    """Where people were lately, and what waits for them to say where it belongs."""

    def __init__(self) -> None:
        self._lately: dict[str, tuple[str, datetime]] = {}
        self._waiting: dict[str, _Waiting] = {}

    def was_in(self, person: str, room: str, now: datetime) -> None:
        """The person did something in private, and it was in `room`."""
        self._lately[person] = (room, now)

    def is_plain(self, call: Call, live: Iterable[str], now: datetime) -> bool:
        """Whether the call's room is the one meant: nobody types in private for several live rooms without a word."""
        if not call.private or call.via not in TYPED or len(set(live)) < 2:
            return True
        room, at = self._lately.get(call.who.id, ("", now))
        return room == call.room and now - at <= SAME_ROOM_FOR

    def ask(self, call: Call, rooms: Mapping[str, str], now: datetime) -> Card:
        """The question, a button a room (key -> shop); the newest words of a person wait, no others."""
        self._waiting[call.who.id] = _Waiting(call, now + ANSWER_WITHIN)
        mark = call.update_id
        rows = tuple(
            (button("front.into_room", f"{INTO} {mark} {key}", room=shop),) for key, shop in rooms.items()
        )
        said = line("front.which_room", words=_words(call), count=len(rooms))
        return Card(lines=(said,), buttons=rows, person=call.who.id)

    def said(self, press: Call, now: datetime) -> Call:
        """The waiting call, for the room pressed; a second press finds nothing. Raises Refusal `front.which_over`."""
        mark, _, room = press.args.partition(" ")
        found = self._waiting.get(press.who.id)
        if found is None or str(found.call.update_id) != mark or found.until < now:
            raise Refusal("front.which_over")
        del self._waiting[press.who.id]
        return found.call.to(room=room, update_id=press.update_id, via="button", press_id=press.press_id)

    def forget(self, person: str) -> None:
        """Whatever else they ask for ends the question."""
        self._waiting.pop(person, None)


def done_here(call: Call) -> Card:
    """That it was done; said in private it names the room."""
    return toast("front.done_here", words=_words(call))


def _words(call: Call) -> str:
    return (call.file.name if call.file else f"/{call.command} {call.args}".strip())[:WORDS_SHOWN]
