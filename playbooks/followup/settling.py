"""What a later file settles: the parcel arrived or moves, the order left, or is over (B22, E02-E13, L01)."""

from __future__ import annotations

from datetime import datetime

from playbooks.followup.intake import RECEIVED, why_parcel
from playbooks.followup.rules import Kind
from playbooks.followup.state import MOVING, WAITING, FollowUp, ParcelState, step
from playbooks.orders import DEAD, RANK, Order

AFTER_SIGNING: frozenset[Kind] = frozenset(["review_invite", "arrival", "return_visit"])
"""Begun by the parcel's arrival, so it does not settle them."""
OWN_END: frozenset[Kind] = frozenset(["gift", "price", "lost_contact"])
"""Neither the parcel's way nor its arrival says anything of these."""
SHIPPED = RANK["shipped"]


def settle(
    item: FollowUp, *, now: datetime, parcel: ParcelState | None = None, order: Order | None = None
) -> FollowUp:
    """The item after a later file: done when signed for, dropped when its reason is gone, else unchanged."""
    if not item.alive:
        return item
    if order is not None and order.status in DEAD | {"refunding"}:
        return item.changed(state=step(item, "lapse"), outcome="ended")
    if item.kind == "urge_ship":
        return _urge_settled(item, parcel, order)
    return item if item.kind in AFTER_SIGNING | OWN_END else _on_its_way(item, now, parcel, order)


def _on_its_way(item: FollowUp, now: datetime, parcel: ParcelState | None, order: Order | None) -> FollowUp:
    """Of a parcel on its way: its arrival settles it, its moving on or a new reason changes it."""
    arrived = order is not None and order.status in RECEIVED
    if arrived or (parcel is not None and parcel.state == "signed"):
        return item.changed(state=step(item, "settle"), outcome="signed")
    if parcel is None or item.kind == "shipped_notice":
        return item
    reason = why_parcel(parcel, now)
    if reason is None or reason[0] != item.kind:
        return item.changed(state=step(item, "lapse"), outcome=lapsed_as(parcel))
    return item.changed(why_key=reason[1], values=reason[2])


def _urge_settled(item: FollowUp, parcel: ParcelState | None, order: Order | None) -> FollowUp:
    """An urged order is settled by being shipped, whichever file says so (L01); a label alone ships nothing."""
    gone = parcel is not None and parcel.state not in ("ordered", "no_trace", "cancelled")
    if gone or (order is not None and RANK[order.status] >= SHIPPED):
        return item.changed(state=step(item, "settle"), outcome="shipped")
    return item


def lapsed_as(parcel: ParcelState) -> str:
    """What became of a parcel that needs no more of this: it moves again, waits for pick-up, or has ended."""
    if parcel.state in MOVING:
        return "moving"
    return "waiting" if parcel.state in WAITING else "ended"
