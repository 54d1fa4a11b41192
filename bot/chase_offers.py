"""The offers ops approved for this broadcast 优惠档, as cards: what may be offered, and what was (B11, K07)."""

from __future__ import annotations

from bot.card import Card, Row, button, line, money
from bot.chase_cards import chase_card
from bot.desk import Desk
from bot.texts import plain, say
from playbooks import chase
from playbooks.chase import Chase, Ladder, Rung
from storage.rows import Line


def ladder(desk: Desk) -> Ladder | None:
    """The current broadcast's ladder."""
    return desk.books.ladders.get(desk.broadcast_id())


def label(rung: Rung, desk: Desk) -> str:
    """`减 5 元`, `送小样`: as the agent and the remark say it, in the room's language."""
    if rung.off is not None:
        return plain(say(desk.room.lang, "chase.rung_off", amount=money(rung.off).removesuffix(".00")))
    return plain(say(desk.room.lang, "chase.rung_gift", gift=rung.gift))


def rung_line(number: int, rung: Rung, desk: Desk) -> Line:
    """One offer as ops read it: whose authority it needs, how often it was made and may be."""
    return line(
        "chase.rung", number=number, offer=label(rung, desk), role=line(f"role.{rung.whose}"), given=rung.given,
        most="∞" if rung.most is None else rung.most,
    )  # fmt: skip


def offers_card(one: Chase, desk: Desk) -> Card | None:
    """The offers still open, to press one; None where none is, or this buyer was offered one already."""
    open_now = tuple(chase.open_rungs(ladder(desk), one.amount))
    if not open_now or one.offer:
        return None
    rows: list[Row] = []
    for number, rung in open_now:
        own = chase.in_authority(rung, desk.me)
        key = "chase.offer_make" if own else "chase.offer_ask"
        rows.append((button(key, f"offer {one.id} {number}", offer=label(rung, desk)),))
    rows.append((button("chase.offer_none", f"said {one.id} refused price !"),))
    rows.append((button("common.back", f"claim {one.id}"),))
    return chase_card(one, desk, (line("chase.offers", order_id=one.order_id),), tuple(rows), edit=True)
