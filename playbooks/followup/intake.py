"""What order exports and logistics lists bring: new follow-ups, and what settles those there are (E02-E09)."""

from __future__ import annotations

from datetime import datetime, timedelta

from playbooks.followup.rules import Kind, rules
from playbooks.followup.state import FollowUp, ParcelState, ParcelStatus, follow_up_id, step
from playbooks.orders import DEAD, Order

WAITING: frozenset[ParcelStatus] = frozenset(["at_pickup_point", "pickup_overdue"])
MOVING: frozenset[ParcelStatus] = frozenset(
    ["ordered", "collected", "in_transit", "arrived_city", "out_for_delivery", "problem", "no_trace"]
)


def from_order(room: str, order: Order, now: datetime, *, link_no: int | None = None) -> FollowUp | None:
    """A review invitation for an order the buyer has received; None for every other (E02)."""
    if order.status not in ("received", "completed"):
        return None
    return FollowUp(
        id=follow_up_id(room, "review_invite", order.order_id), kind="review_invite", order_id=order.order_id,
        tracking_no=order.tracking_no, carrier=order.carrier, link_no=link_no,
        title=order.lines[0].title if order.lines else "", city=order.city,
        why_key="followup.why_received", values={}, created_at=now,
        due_at=now + timedelta(hours=rules().kinds["review_invite"].due_hours),
    )  # fmt: skip


def from_parcel(
    room: str,
    parcel: ParcelState,
    food: bool,
    now: datetime,
    *,
    link_no: int | None = None,
    title: str = "",
    city: str = "",
) -> FollowUp | None:
    """Pick-up or logistics follow-up of a parcel, None when it moves as it should or has ended.

    `food`: the goods spoil, so a waiting parcel must be followed up and within fewer hours (E07, E08).
    """
    reason = why_parcel(parcel, now)
    if reason is None:
        return None
    kind, why_key, values = reason
    must = food and kind == "pickup"
    return FollowUp(
        id=follow_up_id(room, kind, parcel.tracking_no or parcel.order_id), kind=kind,
        order_id=parcel.order_id, tracking_no=parcel.tracking_no, carrier=parcel.carrier,
        link_no=link_no, title=title, city=city, why_key=why_key, values=values,
        mandatory=must, created_at=now, due_at=parcel_due(parcel, kind, must, now),
    )  # fmt: skip


def why_parcel(parcel: ParcelState, now: datetime) -> tuple[Kind, str, dict[str, str]] | None:
    """(kind, text key, values) of why the parcel needs somebody; the most serious reason alone."""
    if parcel.state in WAITING:
        return "pickup", f"followup.why_{parcel.state}", {"carrier": parcel.carrier}
    if parcel.state not in MOVING or parcel.shipped_at is None:
        return None
    stalled, age = rules().stalled, now - parcel.shipped_at
    still = now - (parcel.last_scan_at or parcel.shipped_at)
    why = ""
    if age > timedelta(days=stalled.not_signed_days):
        why, still = "not_signed", age
    elif parcel.last_scan_at is not None and still >= timedelta(days=stalled.no_scan_days):
        why = "no_scan"
    elif parcel.last_scan_at is None and still >= timedelta(hours=stalled.no_first_scan_hours):
        why = "no_first_scan"
    if not why:
        return None
    hours = int(still.total_seconds() // 3600)
    values = {"days": str(still.days), "hours": str(hours), "carrier": parcel.carrier}
    return "logistics", f"followup.why_{why}", values


def parcel_due(parcel: ParcelState, kind: Kind, must: bool, now: datetime) -> datetime:
    """Food counts from the moment it began to wait, the rest from when we learnt of it."""
    known = rules().kinds[kind]
    if must and known.food_due_hours is not None:
        return (parcel.last_scan_at or now) + timedelta(hours=known.food_due_hours)
    return now + timedelta(hours=known.due_hours)


def settle(
    item: FollowUp, *, now: datetime, parcel: ParcelState | None = None, order: Order | None = None
) -> FollowUp:
    """The item after a later file: done when signed for, dropped when its reason is gone, else unchanged."""
    if item.state in ("done", "dropped"):
        return item
    if order is not None and order.status in DEAD | {"refunding"}:
        return item.changed(state=step(item, "lapse"), outcome="ended")
    arrived = order is not None and order.status in ("received", "completed")
    if item.kind != "review_invite" and (arrived or (parcel is not None and parcel.state == "signed")):
        return item.changed(state=step(item, "settle"), outcome="signed")
    if parcel is None or item.kind == "review_invite":
        return item
    reason = why_parcel(parcel, now)
    if reason is None or reason[0] != item.kind:
        return item.changed(state=step(item, "lapse"), outcome=lapsed_as(parcel))
    return item.changed(why_key=reason[1], values=reason[2])


def lapsed_as(parcel: ParcelState) -> str:
    """What became of a parcel that needs no more of this: it moves again, waits for pick-up, or has ended."""
    if parcel.state in MOVING:
        return "moving"
    return "waiting" if parcel.state in WAITING else "ended"
