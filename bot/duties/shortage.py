"""Products nobody can pack 断码: the warehouse or ops say so, and their orders are held until they are there again
(D06, H35)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.call import Call
from bot.card import Card, button, group, line, lines, listed, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.held_cards import may_leave, to_the_warehouse
from bot.holding_known import Held
from bot.offer import bought, name_of
from bot.stock_holds import AT_ONCE, RULE, containing, looked_at_again
from playbooks import aftercare, products
from playbooks.aftercare import Shortage
from playbooks.model import Refusal
from playbooks.room import Role
from storage.rows import Line

STORE: frozenset[Role] = frozenset(["warehouse", "ops", "lead", "manager"])


def shortage(call: Call, desk: Desk) -> list[Card]:
    """`/shortage 3`: product 3 cannot be delivered, and each order that holds it is held: its buyer is to be asked.

    `/shortage` lists what cannot be delivered, each with the way back.
    """
    if not call.args:
        return [_list(desk)]
    listing = products.find(desk.asked_about(), call.args)
    one = desk.books.shortages.put(
        Shortage(
            id=f"{desk.room.id}-x{listing.id}", listing=listing.id, broadcast=listing.broadcast,
            link_no=listing.link_no, name=listing.name, by=desk.me.id, at=desk.now,
        )
    )  # fmt: skip
    desk.note("rules", one.id, change="shortage", text=str(listing.link_no))
    product = name_of(listing)
    back = (button("shortage.back", f"instock {one.id}", product=product),)
    waiting = containing(one, desk)
    looked_at_again(waiting, desk)
    take = (button("shortage.take", f"holds {RULE}"),)
    said = lines(
        line("shortage.noted", product=product),
        line("shortage.held", count=min(len(waiting), AT_ONCE)) if waiting else None,
        line("shortage.rest", count=len(waiting) - AT_ONCE) if len(waiting) > AT_ONCE else None,
    )
    rows = (take, back) if waiting else (back,)
    told = group(said, topic="anomaly", silent=True, buttons=rows, key=f"shortage:{one.id}")
    return [told, *(to_the_warehouse(desk) if waiting else [])]


def _list(desk: Desk) -> Card:
    known = list(desk.books.shortages.scan())
    if not known:
        return tell(desk.me.id, line("shortage.none"), line("shortage.usage"))
    said = lines(line("shortage.list_head"), (_line(one, desk) for one in known))
    rows = tuple((button("shortage.back", f"instock {one.id}", product=_product(one)),) for one in known)
    return tell(desk.me.id, said, buttons=rows)


def _line(one: Shortage, desk: Desk) -> Line:
    return line("shortage.list_line", product=_product(one), by=desk.name(one.by), at=desk.clock(one.at))


def _product(one: Shortage) -> Line:
    return bought(one.link_no, one.name)


def in_stock(call: Call, desk: Desk) -> list[Card]:
    """It is there again: its orders are let go, and who spoke to their buyers hears so."""
    one = desk.books.shortages.get(call.args)
    if one is None:
        raise Refusal("shortage.gone")
    desk.books.shortages.drop(one.id)
    desk.note("rules", one.id, change="in_stock", text=str(one.link_no))
    waiting = containing(one, desk)
    free = [held for held in looked_at_again(waiting, desk) if held.now.state in aftercare.DEALT_WITH]
    product = _product(one)
    said = lines(
        line("shortage.over", product=product),
        line("shortage.may_ship", count=len(free)) if free else None,
        line("shortage.rest_free", count=len(waiting) - AT_ONCE) if len(waiting) > AT_ONCE else None,
    )
    told = group(said, topic="anomaly", silent=True, key=f"shortage:{one.id}")
    return [told, *_ship_notices(free, product, desk), *may_leave(desk)]


def _ship_notices(free: Sequence[Held], product: Line, desk: Desk) -> list[Card]:
    """Whoever had an order in hand hears that it may ship, for they have spoken to its buyer."""
    theirs: dict[str, list[str]] = {}
    for held in free:
        if held.known and held.known.owner:
            theirs.setdefault(held.known.owner, []).append(held.now.order_id)
    return [
        tell(who, line("shortage.tell_buyers", product=product, orders=listed(numbers)), rank="work")
        for who, numbers in theirs.items()
    ]


DUTY = DutySpec(
    "shortage",
    commands=(
        Command("shortage", shortage, words=("断码", "无货"), roles=STORE),
        Command("instock", in_stock, roles=STORE, listed=False),
    ),
)
