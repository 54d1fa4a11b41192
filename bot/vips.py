"""VIP buyers in the room's books: whose agent of their own works on an order, and what its card says (I04)."""

from __future__ import annotations

from bot.card import line
from bot.desk import Desk
from playbooks import vips
from playbooks.chase import Chase
from playbooks.model import Refusal
from playbooks.vips import Vip
from storage.rows import Line


def key_of(order_id: str, desk: Desk) -> str:
    """The buyer's key of an order the room knows, by its export or as an unpaid one; '' where nobody knows it."""
    state = desk.books.orders.get(f"{desk.room.id}-o{order_id}")
    if state and state.buyer_key:
        return state.buyer_key
    return next((c.buyer_key for c in desk.books.chases.by("order_id", order_id) if c.buyer_key), "")


def vip_of(buyer_key: str, desk: Desk) -> Vip | None:
    """The buyer's mark, if they are a VIP."""
    return desk.books.vips.get(vips.vip_id(desk.room.id, buyer_key)) if buyer_key else None


def kept_for(one: Chase, desk: Desk) -> str:
    """The agent on duty this order is kept for; '' for everybody. Who has it in hand keeps it."""
    if one.held(desk.now):
        return ""
    return _kept(one.buyer_key, desk, unwanted=one.avoid)


def is_anothers(one: Chase, desk: Desk) -> bool:
    """Whether it is kept for somebody else than the caller."""
    return kept_for(one, desk) not in ("", desk.me.id)


def need_mine(one: Chase, desk: Desk) -> None:
    """Raises Refusal `vip.kept` {name} where the order is kept for somebody else."""
    if is_anothers(one, desk):
        raise Refusal("vip.kept", order_id=one.order_id, name=desk.name(kept_for(one, desk)))


def order_is_anothers(order_id: str, desk: Desk) -> bool:
    """The same of work that follows an order."""
    return bool(order_id) and _kept(key_of(order_id, desk), desk) not in ("", desk.me.id)


def vip_line(buyer_key: str, desk: Desk) -> Line | None:
    """That the buyer is a VIP, and whose; None for others."""
    vip = vip_of(buyer_key, desk)
    return line("vip.card", name=desk.name(vip.owner)) if vip else None


def _kept(buyer_key: str, desk: Desk, unwanted: tuple[str, ...] = ()) -> str:
    vip = vip_of(buyer_key, desk)
    return vips.kept_for(vip, desk.books.members.get(vip.owner), unwanted) if vip else ""
