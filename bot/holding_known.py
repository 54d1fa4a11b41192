"""Orders the books know, held or let go between two exports: beside their buyer's other orders, and out of stock."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bot.auditing import as_order, goes_to, province_of
from bot.desk import Desk
from playbooks import aftercare
from playbooks.addresses.findings import Finding
from playbooks.aftercare import Hold
from playbooks.orders import OrderState


class Held(NamedTuple):
    """An order's hold as it was (None: there was none) and as it is now."""

    known: Hold | None
    now: Hold


def held_otherwise(
    state: OrderState, found: tuple[Finding, ...], ours: Callable[[Finding], bool], desk: Desk
) -> Held | None:
    """The order's hold with `found` in place of those of its findings that are `ours`; None where nothing changes.

    What a manager has let pass with these very findings stands.
    """
    id = f"{desk.room.id}-h{state.order_id}"
    known = desk.books.holds.get(id)
    stands = known.findings if known else ()
    is_open = known is not None and known.state not in aftercare.DEALT_WITH
    agreed = known is not None and known.state in ("waived", "false_alarm")
    same = tuple(filter(ours, stands)) == found
    if (same and (is_open or agreed)) or not (found or is_open):
        return None
    findings = (*(one for one in stands if is_open and not ours(one)), *found)
    order = as_order(state)
    hold = aftercare.take_in(
        known, order, findings, hold_id=id, now=desk.now, link_no=state.link_no, title=state.title,
        broadcast=state.broadcast, province=province_of(order), goes_to=goes_to(order),
    )  # fmt: skip
    return Held(known, hold) if hold is not None and hold != known else None


def kept(held: Held, desk: Desk) -> Hold:
    """The hold in the books, and noted."""
    known, hold = held
    desk.books.holds.put(hold)
    if known is None:
        rules = " ".join(hold.rules)
        desk.note(
            "hold_new",
            hold.id,
            broadcast=hold.broadcast,
            order_id=hold.order_id,
            rules=rules,
            region=hold.region,
        )
    elif hold.state == "solved" and known.state != "solved":
        desk.note(
            "hold_step",
            hold.id,
            broadcast=hold.broadcast,
            order_id=hold.order_id,
            step="settle",
            state="solved",
        )
    return hold
