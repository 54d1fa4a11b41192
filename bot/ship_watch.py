"""Ship-by timers 发货时限: one due row a room, one message a moment, however many orders come due (H19)."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.card import Card, line, lines, listed, tell
from bot.closing_setup import setup
from bot.desk import Desk
from bot.exposure import late_line
from bot.reviewing import data_until
from playbooks import aftercare, shipping
from playbooks.orders import OrderState
from storage.rows import Line

KIND, LATE = "ship_by", "ship_late"
FIRST, FAR = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
EVERY = 1_000_000
SHOWN = 5


def watch(desk: Desk) -> None:
    """Have people told of the orders that come due next, or of nothing where none is left to ship."""
    first = next(iter(desk.books.orders.due(FAR, 1, since=setup(desk).ship_told_until or FIRST)), None)
    if first is None or first.ship_due is None:
        desk.books.due.drop(f"{desk.room.id}-d:{KIND}:{desk.room.id}")
        return
    at = max(shipping.remind_at(first.ship_due, desk.zone), desk.now)
    desk.later(KIND, at, desk.room.id)


def told(desk: Desk) -> list[Card]:
    """One message for who packs and who is in charge: what must leave next and has not; then the next moment.

    What was shipped, closed or refunded meanwhile is no longer among the orders that come due.
    """
    known = setup(desk)
    until = shipping.horizon(desk.now, desk.zone)
    coming = desk.books.orders.due(until, EVERY, since=known.ship_told_until or FIRST)
    desk.books.closing_setup.put(known.changed(ship_told_until=until))
    watch(desk)
    ahead = [one for one in coming if one.ship_due and one.ship_due > desk.now]
    late = desk.books.orders.due(desk.now, EVERY)
    if ahead and (last := ahead[-1].ship_due):  # nothing else may come due for days, and these may stay
        desk.later(LATE, shipping.told_late_at(last, desk.zone), desk.room.id)
    return _to_all(_said(ahead, late, until, desk), desk) if ahead or late else []


def told_late(desk: Desk) -> list[Card]:
    """The last of those told of has come due: what has still not left is late now, and what that costs."""
    late = desk.books.orders.due(desk.now, EVERY)
    return _to_all(_said([], late, desk.now, desk), desk) if late else []


def _to_all(said: tuple[Line, ...], desk: Desk) -> list[Card]:
    people = desk.on_duty("warehouse", "lead", "manager") or desk.with_role("manager", "warehouse")
    return [tell(m.id, said, key=f"ship-by:{m.id}:{desk.now:%d%H%M}", rank="work") for m in people]


def _said(ahead: list[OrderState], late: list[OrderState], until: datetime, desk: Desk) -> tuple[Line, ...]:
    held = sum(1 for one in ahead if _is_held(one, desk))
    first = desk.clock(ahead[0].ship_due) if ahead else "—"
    named = listed(one.order_id for one in (*late, *ahead)[:SHOWN])
    return lines(
        line("ship.due", count=len(ahead), until=desk.clock(until), first=first) if ahead else None,
        line("ship.held", count=held) if held else None,
        line("ship.late", count=len(late), exposure=late_line(late, desk)) if late else None,
        line("ship.orders", orders=named),
        line("ship.data", until=desk.clock(data_until(desk.books))),
    )


def _is_held(one: OrderState, desk: Desk) -> bool:
    hold = desk.books.holds.get(f"{desk.room.id}-h{one.order_id}")
    return hold is not None and hold.state not in aftercare.DEALT_WITH
