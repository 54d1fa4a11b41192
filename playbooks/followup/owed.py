"""What buyers of a broadcast are still owed: gifts no export shows, orders placed while a price was in dispute.

REQUIREMENTS A03, B03, B22: each becomes a follow-up with an outcome. Gifts are many and are packed together, so they
are one piece of work a product; a price is settled with each buyer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from playbooks.announce import Listing
from playbooks.followup.rules import rules
from playbooks.followup.state import FollowUp, follow_up_id, step
from playbooks.gifts import GiftOwed
from playbooks.orders import OrderState
from playbooks.price_report import PriceReport


def gift_id(room: str, listing: Listing) -> str:
    """The id of a product's gifts."""
    return follow_up_id(room, "gift", listing.id.removeprefix(f"{room}-"))


def by_hand(owed: Sequence[GiftOwed]) -> list[GiftOwed]:
    """Those whose gift does not ship with the order by itself."""
    return [one for one in owed if not one.along]


def from_gifts(room: str, listing: Listing, owed: Sequence[GiftOwed], now: datetime) -> FollowUp | None:
    """The gifts of a product that have to be seen to; None where all of them ship along."""
    left = by_hand(owed)
    if not left:
        return None
    names = dict.fromkeys(gift.name for one in left for gift in one.gifts)
    return FollowUp(
        id=gift_id(room, listing), kind="gift", order_id="", link_no=listing.link_no, title=listing.name,
        why_key="followup.why_gift", created_at=now, due_at=now + timedelta(hours=rules().kinds["gift"].due_hours),
        values={"gift": "、".join(names), "count": str(len(left)), "listing": listing.id},
    )  # fmt: skip


def gifts_settled(item: FollowUp, owed: Sequence[GiftOwed]) -> FollowUp:
    """The product's gifts after a later export: how many are left, closed when none is."""
    if not item.alive:
        return item
    left = by_hand(owed)
    if left:
        return item.changed(values={**item.values, "count": str(len(left))})
    return item.changed(state=step(item, "settle"), outcome="along" if owed else "not_owed")


def from_price(room: str, report: PriceReport, order: OrderState, now: datetime) -> FollowUp | None:
    """A paid order placed while another price was heard; None for one unpaid or dead."""
    if not order.paid or order.dead:
        return None
    values = {"price": str(report.price), "ours": str(report.ours)}
    return FollowUp(
        id=follow_up_id(room, "price", order.order_id), kind="price", order_id=order.order_id,
        link_no=order.link_no, title=order.title, city=order.city, province=order.province,
        why_key="followup.why_price", values=values, created_at=now,
        due_at=now + timedelta(hours=rules().kinds["price"].due_hours),
    )  # fmt: skip
