"""What a room has set about its closing, and the one question to its managers: within how many hours orders ship."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.card import Card, Row, button, line, tell
from bot.desk import Desk
from playbooks import chase, closing, shipping
from playbooks.closing import ClosingSetup

ROW = 3


def setup(desk: Desk) -> ClosingSetup:
    """What a manager set for this room."""
    return desk.books.closing_setup.get(desk.room.id) or ClosingSetup(id=desk.room.id)


def next_printing(desk: Desk) -> datetime:
    """The next time labels are printed."""
    return closing.next_printing(desk.now, setup(desk).print_at, desk.zone)


def ship_hours(platform: str, desk: Desk) -> int | None:
    """Within how many hours of payment an order of `platform` ships, where its export does not say."""
    return shipping.hours(chase.sold_on(platform, desk.room.platform), setup(desk).ship_hours)


def ask_ship_hours(platform: str, desk: Desk) -> list[Card]:
    """The card to the managers on duty, else to all of them, the first time an order's ship-by time is unknown."""
    known = setup(desk)
    if known.ship_asked_at is not None or ship_hours(platform, desk) is not None:
        return []
    desk.books.closing_setup.put(known.changed(ship_asked_at=desk.now))
    theirs = line(f"platform.{chase.sold_on(platform, desk.room.platform)}")
    each = [button("ship.hours", f"shipby {n}", hours=n) for n in shipping.rules().choices]
    rows: Iterable[Row] = (tuple(each[at : at + ROW]) for at in range(0, len(each), ROW))
    said, rows = line("ship.ask", platform=theirs), tuple(rows)
    people = desk.on_duty("manager") or desk.with_role("manager")
    return [tell(m.id, said, buttons=rows, key=ask_key(m.id, desk), rank="work") for m in people]


def ask_key(who: str, desk: Desk) -> str:
    """Under which the question stands in a manager's chat."""
    return f"ship-hours:{desk.room.id}:{who}"
