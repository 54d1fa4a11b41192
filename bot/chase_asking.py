"""The unpaid life of a room nobody knows 付款时限: a manager is asked once, by a card with buttons (B07)."""

from __future__ import annotations

from bot import chase_book
from bot.card import Card, button, line, tell
from bot.desk import Desk
from playbooks.chase.rules import rules

ROW = 2


def ask_life(desk: Desk) -> list[Card]:
    """The card to the managers on duty, else to all of them, the first time an unpaid order has no known end."""
    known = chase_book.setup(desk)
    if desk.unpaid_life() is not None or known.life_asked_at is not None:
        return []
    desk.books.chase_setup.put(known.changed(life_asked_at=desk.now))
    said = line("chase.life_ask", platform=line(f"platform.{desk.room.platform}"))
    each = [button("chase.life_minutes", f"life {n}", minutes=n) for n in rules().life_choices]
    rows = tuple(tuple(each[at : at + ROW]) for at in range(0, len(each), ROW))
    people = desk.on_duty("manager") or desk.with_role("manager")
    return [tell(m.id, said, buttons=rows, key=_key(m.id, desk), rank="work") for m in people]


def answered(desk: Desk, minutes: int) -> list[Card]:
    """The asking cards say what was set and lose their buttons."""
    if chase_book.setup(desk).life_asked_at is None:
        return []
    said = line("chase.life_set", minutes=minutes)
    keys = [(m.id, _key(m.id, desk)) for m in desk.with_role("manager")]
    return [tell(who, said, key=key, edit=True, rank="work") for who, key in keys if desk.books.sent.get(key)]


def _key(who: str, desk: Desk) -> str:
    return f"life:{desk.room.id}:{who}"
