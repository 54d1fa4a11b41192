"""催发货 (REQUIREMENTS L01): a buyer asks when a paid order ships; the warehouse is asked once per product."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from playbooks.followup.rules import rules
from playbooks.followup.state import FollowUp, follow_up_id
from playbooks.model import Document, Moment, Refusal
from playbooks.orders import RANK, TO_SHIP, OrderState


class ShipTime(Document):
    """When the orders of a product ship, as the warehouse says; asked for every urged order of it together.

    `link_no` None: an order whose product nobody knows, asked for by itself. `asks`: how often they were asked.
    """

    broadcast: str = ""
    link_no: int | None = None
    title: str = ""
    order_id: str = ""
    asked_at: Moment
    asks: int = 1
    eta: Moment | None = None
    said_by: str = ""
    said_at: Moment | None = None

    def covers(self, item: FollowUp) -> bool:
        """Whether it is about this urged order."""
        return item.kind == "urge_ship" and item.values.get("ship_time") == self.id

    def holds(self, now: datetime) -> bool:
        """Whether there is a time and it is not over."""
        return self.eta is not None and self.eta > now


def ship_time_id(room: str, order_id: str, known: OrderState | None) -> str:
    """One a product of a broadcast; one an order where the product is unknown."""
    if known is None or known.link_no is None:
        return f"{room}-e{order_id}"
    return f"{room}-e{known.broadcast.rpartition('-')[2] or 'x'}p{known.link_no}"


def need_to_ship(order_id: str, known: OrderState | None) -> None:
    """Raises Refusal `urge.unpaid`, `urge.shipped`, `urge.ended` where an export says that it cannot be urged.

    An order no export has told of yet is taken on trust: the agent has it before them.
    """
    if known is None or known.status in TO_SHIP or known.status == "unknown":
        return
    if known.dead or known.status == "refunding":
        raise Refusal("urge.ended", order_id=order_id)
    raise Refusal(
        "urge.shipped" if RANK[known.status] >= RANK["shipped"] else "urge.unpaid", order_id=order_id
    )


def urged(
    room: str,
    order_id: str,
    known: OrderState | None,
    ship: ShipTime,
    before: FollowUp | None,
    *,
    by: str,
    note: str,
    now: datetime,
) -> FollowUp:
    """The order's follow-up, the registrar's own; asked again by the buyer it counts how often.

    Raises Refusal `followup.taken` where somebody else is at it.
    """
    if before and before.state == "claimed" and before.owner != by:
        raise Refusal("followup.taken", order_id=order_id, owner=before.owner)
    times = 1 + int(before.values.get("times", "0")) if before else 1
    made = before.created_at if before and before.alive else now
    return FollowUp(
        id=follow_up_id(room, "urge_ship", order_id), kind="urge_ship", order_id=order_id,
        link_no=known.link_no if known else None, title=known.title if known else "",
        city=known.city if known else "", province=known.province if known else "",
        why_key="followup.why_urged" if times == 1 else "followup.why_urged_again",
        values={"times": str(times), "ship_time": ship.id}, eta=ship.eta if ship.holds(now) else None,
        due_at=now + timedelta(hours=rules().kinds["urge_ship"].due_hours),
        state="claimed", owner=by, by=by, note=note, created_at=made,
    )  # fmt: skip


def told_time(item: FollowUp, ship: ShipTime, now: datetime) -> FollowUp:
    """The warehouse has said when: the buyer is to be told now, by whoever is at it or by the next one free."""
    due = now + timedelta(hours=rules().kinds["urge_ship"].due_hours)
    return item.changed(
        eta=ship.eta, due_at=due, returns_at=None if item.state == "open" else item.returns_at
    )


def time_is_over(item: FollowUp, now: datetime) -> FollowUp:
    """The time the warehouse gave is over and no file shows that the order left: the buyer waits again."""
    return item.changed(eta=None, due_at=now, returns_at=None, why_key="followup.why_time_over")


def answered(ship: ShipTime, eta: datetime, *, by: str, now: datetime) -> ShipTime:
    """The warehouse's time."""
    return ship.changed(eta=eta, said_by=by, said_at=now)


def asked_again(ship: ShipTime, now: datetime) -> ShipTime:
    """Asked anew: after a reminder, or since the time given is over."""
    over = ship.eta is not None
    return ship.changed(eta=None, asks=1 if over else ship.asks + 1, asked_at=now)


def choices(now: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The times offered on buttons: those that are still to come."""
    today, hour = now.astimezone(zone).date(), time(rules().eta.hour)
    every = (datetime.combine(today + timedelta(days=days), hour, zone) for days in rules().eta.days)
    return tuple(at for at in every if at > now)


def waiting_for(items: Iterable[FollowUp], ship: ShipTime) -> list[FollowUp]:
    """The urged orders of it that are not settled, the first registered first."""
    return sorted(
        (one for one in items if one.alive and ship.covers(one)), key=lambda one: (one.created_at, one.id)
    )
