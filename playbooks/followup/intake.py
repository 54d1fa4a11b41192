"""What order exports and logistics lists bring: new follow-ups (E02-E13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from playbooks.followup.rules import Kind, rules
from playbooks.followup.state import (
    GOING_BACK,
    MOVING,
    WAITING,
    FollowUp,
    ParcelState,
    ParcelStatus,
    follow_up_id,
)
from playbooks.orders import Order, OrderState

RECEIVED: frozenset[str] = frozenset(["received", "completed"])


def from_order(room: str, order: Order, now: datetime, *, link_no: int | None = None) -> tuple[FollowUp, ...]:
    """What an order asks for as it stands: a notice that it was shipped, or once received the invitation to a review,
    the arrival check and the return visit, each where its platform has it (E02, E10, E11, E13)."""
    about = {
        "order_id": order.order_id, "tracking_no": order.tracking_no, "carrier": order.carrier,
        "link_no": link_no, "title": order.lines[0].title if order.lines else "", "city": order.city,
        "province": order.province,
    }  # fmt: skip
    return tuple(
        _made(room, kind, at, now, about)
        for kind, at in _events(order)
        if rules().kinds[kind].wanted(order.platform, at, now)
    )


def from_signed(room: str, parcel: ParcelState, order: OrderState, now: datetime) -> FollowUp | None:
    """The arrival check of an order whose parcel was signed for, None where its platform has none (E11)."""
    at = parcel.signed_at or parcel.last_scan_at
    if not rules().kinds["arrival"].wanted(order.platform, at, now) or order.dead:
        return None
    about = {
        "order_id": order.order_id, "tracking_no": parcel.tracking_no, "carrier": parcel.carrier,
        "link_no": order.link_no, "title": order.title, "city": order.city, "province": order.province,
    }  # fmt: skip
    return _made(room, "arrival", at, now, about)


def _events(order: Order) -> Iterator[tuple[Kind, datetime | None]]:
    """What has happened to the order that asks for something: kind and when."""
    if order.status == "shipped":
        yield "shipped_notice", order.shipped_at
    if order.status in RECEIVED:
        yield "arrival", order.received_at
        yield "return_visit", order.received_at
        yield "review_invite", order.received_at


WHY: dict[Kind, str] = {
    "review_invite": "followup.why_received",
    "shipped_notice": "followup.why_shipped",
    "arrival": "followup.why_arrived",
    "return_visit": "followup.why_had_it",
}


def _made(room: str, kind: Kind, at: datetime | None, now: datetime, about: Mapping[str, object]) -> FollowUp:
    rule = rules().kinds[kind]
    offered = max(now, (at or now) + timedelta(hours=rule.after_hours))
    return FollowUp.model_validate(
        {
            **about, "id": follow_up_id(room, kind, str(about["order_id"])), "kind": kind, "why_key": WHY[kind],
            "values": {}, "created_at": now, "due_at": offered + timedelta(hours=rule.due_hours),
            "returns_at": offered if offered > now else None,
        }
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
    province: str = "",
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
        link_no=link_no, title=title, city=city, province=province, why_key=why_key, values=values,
        mandatory=must, created_at=now, due_at=parcel_due(parcel, kind, must, now),
    )  # fmt: skip


class OnItsWay(Protocol):
    """What is asked of a parcel to tell whether somebody must see to it."""

    @property
    def state(self) -> ParcelStatus: ...
    @property
    def carrier(self) -> str: ...
    @property
    def shipped_at(self) -> datetime | None: ...
    @property
    def last_scan_at(self) -> datetime | None: ...
    @property
    def known_since(self) -> datetime | None: ...


def why_parcel(parcel: OnItsWay, now: datetime) -> tuple[Kind, str, dict[str, str]] | None:
    """(kind, text key, values) of why the parcel needs somebody; the most serious reason alone."""
    if parcel.state in WAITING:
        return "pickup", f"followup.why_{parcel.state}", {"carrier": parcel.carrier}
    if parcel.state in GOING_BACK:
        return "logistics", "followup.why_going_back", {"carrier": parcel.carrier}
    begun = parcel.shipped_at or parcel.known_since
    if parcel.state not in MOVING or begun is None:
        return None
    stalled, age = rules().stalled, now - begun
    still = now - (parcel.last_scan_at or begun)
    why = ""
    if parcel.state == "problem":
        why = "problem"
    elif age > timedelta(days=stalled.not_signed_days):
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
