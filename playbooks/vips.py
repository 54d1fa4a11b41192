"""VIP buyers 专属客服: a buyer marked so has an agent of their own (REQUIREMENTS I04).

The mark hangs on the buyer key, so it holds for whatever the buyer orders; a buyer nobody knows cannot have one.
"""

from __future__ import annotations

from collections.abc import Collection

from playbooks.model import Document, Moment
from playbooks.room import SERVICE, Member


class Vip(Document):
    """`id`: see `vip_id`. `owner` (a person's id) serves the buyer; `order_id` is the one they were marked by."""

    owner: str
    order_id: str
    by: str
    at: Moment


def vip_id(room: str, buyer_key: str) -> str:
    """`a1-v<buyer key>`."""
    return f"{room}-v{buyer_key}"


def kept_for(vip: Vip | None, owner: Member | None, unwanted: Collection[str] = ()) -> str:
    """Whom the buyer's work is kept for: the agent of their own while on duty; '' for everybody.

    A VIP is not to wait for somebody who is away, or whom they were unhappy with (`unwanted`).
    """
    if vip is None or owner is None or owner.id in unwanted:
        return ""
    return owner.id if owner.presence == "in" and owner.may(SERVICE) else ""
