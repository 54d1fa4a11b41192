"""A Refusal -> the line a person reads: moments on the room's clock, ids as names, codes as words."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import texts
from bot.card import line
from bot.clock import Clock
from playbooks.model import Refusal
from playbooks.room import Room
from storage.books import RoomBooks
from storage.rows import Line
from storage.store import NotSaved

PEOPLE = frozenset(["who", "owner"])
NOT_SAVED = {"full": "inbox.not_saved_full", "broken": "inbox.not_saved_broken"}
CODES = {
    "steps": "chase.step_{}", "platform": "platform.{}", "why": "chase.closed_{}", "stage": "stage.{}",
    "fields": "field.{}", "needed": "template.column_{}",
}  # fmt: skip

ONCE_IN = timedelta(seconds=30)
"""As long as a stranger's answer stands in the group (sender.VANISHES_AFTER): what they are told stands there."""


class Heard:
    """What groups were told lately: forty people without a role who try the same are not told forty times."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[tuple[int, str], float] = {}

    def lately(self, chat: int, key: str) -> bool:
        """Whether `chat` heard the refusal `key` within half a minute; if not, it does now."""
        now = self._clock.ticks()
        self._until = {one: until for one, until in self._until.items() if until > now}
        heard = (chat, key) in self._until
        self._until.setdefault((chat, key), now + ONCE_IN.total_seconds())
        return heard


def said(refusal: Refusal, room: Room | None, books: RoomBooks | None, now: datetime) -> Line:
    """The refusal's text with values as people read them; `room` and `books` where it concerns a room.

    Values the text does not name stay behind: what is said rests in the outbox.
    """
    zone = ZoneInfo(room.zone if room else "Asia/Shanghai")
    named, of_products = texts.named(refusal.key), _products(refusal)
    values = {
        name: _value(name, value, books, now.astimezone(zone))
        for name, value in refusal.values.items()
        if name in named and name not in of_products
    }
    return line(refusal.key, **values, **of_products)


def _products(refusal: Refusal) -> dict[str, tuple[Line, ...]]:
    """The products that may be meant, as the room's language names them."""
    names, numbers = refusal.values.get("names"), refusal.values.get("numbers")
    if not (isinstance(names, tuple) and isinstance(numbers, tuple)):
        return {}
    pairs = zip(numbers, names, strict=True)
    return {"names": tuple(line("air.product", number=number, name=name) for number, name in pairs)}


def not_saved(error: NotSaved) -> Refusal:
    """未保存, as a refusal: nothing was kept, for this reason, and what to do about it."""
    return Refusal(NOT_SAVED[error.reason])


def _value(name: str, value: object, books: RoomBooks | None, here: datetime) -> object:
    if isinstance(value, datetime):
        local = value.astimezone(here.tzinfo)
        return f"{local:%H:%M}" if local.date() == here.date() else f"{local:%m-%d %H:%M}"
    if name in PEOPLE and books is not None:
        member = books.members.get(str(value))
        return member.name if member else value
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return tuple(_coded(name, one) for one in value)
    return _coded(name, value) if name in CODES and isinstance(value, str) else value


def _coded(name: str, value: str) -> Line:
    key = CODES[name].format(value) if name in CODES else ""
    return line(key) if key and texts.known(key) else line("common.verbatim", text=value)
