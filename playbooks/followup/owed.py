"""What buyers of a broadcast are still owed: gifts no export shows, orders placed while a price was in dispute.

REQUIREMENTS A03, B03, B22: each becomes a follow-up with an outcome.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from playbooks.followup.rules import Kind, rules
from playbooks.followup.state import FollowUp, follow_up_id, step
from playbooks.gifts import GiftOwed
from playbooks.orders import OrderState
from playbooks.price_report import PriceReport


def from_gift(room: str, owed: GiftOwed, order: OrderState, now: datetime) -> FollowUp | None:
    """A gift that does not ship with the order by itself; None where it does."""
    if owed.along:
        return None
    named = "、".join(f"{one.name}×{one.qty}" if one.qty > 1 else one.name for one in owed.gifts)
    return _made(room, "gift", order, {"gift": named}, now)


def gift_settled(item: FollowUp, owed: GiftOwed | None) -> FollowUp:
    """Closed by a later export: the gift is shown in the order now, or is owed no more."""
    if not item.alive or (owed is not None and not owed.along):
        return item
    if owed is None:
        return item.changed(state=step(item, "lapse"), outcome="not_owed")
    return item.changed(state=step(item, "settle"), outcome="along")


def from_price(room: str, report: PriceReport, order: OrderState, now: datetime) -> FollowUp | None:
    """A paid order placed while another price was heard; None for one unpaid or dead."""
    if not order.paid or order.dead:
        return None
    values = {"price": str(report.price), "ours": str(report.ours)}
    return _made(room, "price", order, values, now)


def _made(room: str, kind: Kind, order: OrderState, values: dict[str, str], now: datetime) -> FollowUp:
    return FollowUp(
        id=follow_up_id(room, kind, order.order_id), kind=kind, order_id=order.order_id, link_no=order.link_no,
        title=order.title, city=order.city, province=order.province, why_key=f"followup.why_{kind}",
        values=values, created_at=now, due_at=now + timedelta(hours=rules().kinds[kind].due_hours),
    )  # fmt: skip
