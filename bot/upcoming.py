"""Products the run sheet has planned next, on the desks of those on duty minutes before their time (B20)."""

from __future__ import annotations

from bot.card import line
from bot.desk import Desk
from bot.offer import name_of
from playbooks import upcoming
from playbooks.broadcast import Broadcast
from storage.rows import Line


def watch_the_clock(here: Broadcast, desk: Desk) -> None:
    """Have the desks drawn again when the next planned product comes near."""
    at = upcoming.next_look(desk.listings(), here.opened_on, desk.now, desk.zone)
    if at is not None:
        desk.later("upcoming", at, here.id)


def warning(desk: Desk) -> list[Line]:
    """`20:30 将讲 5号 …`: one line while it is near, else none."""
    here = desk.broadcast()
    if here is None or here.stage not in ("live", "closing"):
        return []
    near = upcoming.soon(desk.listings(), here.opened_on, here.on_air, desk.now, desk.zone)
    if near is None:
        return []
    at, listing = near
    return [
        line("upcoming.soon", at=desk.clock(at), product=name_of(listing), price=listing.offer.live_price)
    ]
