"""The unpaid life of a platform nobody knows 付款时限: a manager is asked once, by a card with buttons (B07)."""

from __future__ import annotations

from collections.abc import Iterable

from bot import chase_book
from bot.card import Card, button, line, tell
from bot.desk import Desk
from playbooks import chase
from playbooks.chase.rules import rules

ROW = 2


def ask_life(desk: Desk, platforms: Iterable[str]) -> list[Card]:
    """The cards to the managers on duty, else to all of them, the first time an unpaid order of a platform has no
    known end."""
    theirs = {chase.sold_on(one, desk.room.platform) for one in platforms}
    return [card for one in sorted(theirs) for card in _ask(one, desk)]


def _ask(platform: str, desk: Desk) -> list[Card]:
    known = chase_book.setup(desk)
    if desk.unpaid_life(platform) is not None or platform in known.lives_asked:
        return []
    desk.books.chase_setup.put(known.changed(lives_asked=(*known.lives_asked, platform)))
    said = line("chase.life_ask", platform=line(f"platform.{platform}"))
    words = "life" if platform == desk.room.platform else f"life {platform}"
    each = [button("chase.life_minutes", f"{words} {n}", minutes=n) for n in rules().life_choices]
    rows = tuple(tuple(each[at : at + ROW]) for at in range(0, len(each), ROW))
    people = desk.on_duty("manager") or desk.with_role("manager")
    return [tell(m.id, said, buttons=rows, key=_key(m.id, platform, desk), rank="work") for m in people]


def answered(desk: Desk, platform: str, minutes: int) -> list[Card]:
    """The asking cards say what was set and lose their buttons."""
    if platform not in chase_book.setup(desk).lives_asked:
        return []
    said = line("chase.life_set", platform=line(f"platform.{platform}"), minutes=minutes)
    keys = [(m.id, _key(m.id, platform, desk)) for m in desk.with_role("manager")]
    return [tell(who, said, key=key, edit=True, rank="work") for who, key in keys if desk.books.sent.get(key)]


def _key(who: str, platform: str, desk: Desk) -> str:
    return f"life:{desk.room.id}:{platform}:{who}"
