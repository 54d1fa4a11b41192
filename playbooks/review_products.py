"""Section 4 of the review: what each product sold, how it was chased, and what changed on air 单品."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from playbooks.announce import Change, Listing
from playbooks.chase import Chase, funnel
from playbooks.journal import Entry
from playbooks.metrics import total
from playbooks.model import Moment
from playbooks.orders import DEAD, PAID, OrderState
from playbooks.review_model import ProductFigures, Revised, Sales

Part = tuple[list[Chase], list[OrderState]]


def sales(orders: Sequence[OrderState]) -> Sales:
    """What the orders of an export come to; the formulas stand at `Sales`."""
    kept = [order for order in orders if _paid(order) and order.status not in DEAD]
    return Sales(
        orders=len(orders), paid=sum(map(_paid, orders)), gmv=_yuan(orders), net_sales=_yuan(kept),
        unpriced=sum(order.amount is None for order in orders), refunded=sum(map(_paid, orders)) - len(kept),
    )  # fmt: skip


def _yuan(orders: Sequence[OrderState]) -> Decimal | None:
    """0 of no orders, None where there are orders but no amount is known."""
    return total(order.amount for order in orders) if orders else Decimal(0)


def product_figures(
    listings: Sequence[Listing],
    chases: Sequence[Chase],
    orders: Sequence[OrderState],
    journal: Sequence[Entry],
    now: Moment,
    *,
    exported: bool,
) -> tuple[ProductFigures, ...]:
    """A row a listing, the most recovered yuan first, and last the orders whose product is unclear.

    `exported`: an export reaches into the broadcast, so that no order of a product means none was made.
    """
    parts = _parts({one.link_no for one in listings}, chases, orders)
    known = exported or bool(chases)
    rows = [
        _row(parts.pop(one.link_no, ([], [])), one, journal, now, exported=exported, known=known)
        for one in listings
    ]
    rows.sort(key=_rank)
    unclear = [_row(part, None, (), now, exported=exported, known=known) for part in parts.values()]
    return (*rows, *unclear)


def _parts(links: set[int], chases: Sequence[Chase], orders: Sequence[OrderState]) -> dict[int | None, Part]:
    """Chases and orders by product. A chased order goes where its chase goes, as in the whole funnel."""
    parts: dict[int | None, Part] = defaultdict(lambda: ([], []))
    placed: dict[str, int | None] = {}
    for chase in chases:
        placed[chase.order_id] = link = chase.link_no if chase.link_no in links else None
        parts[link][0].append(chase)
    for order in orders:
        link = order.link_no if order.link_no in links else None
        parts[placed.get(order.order_id, link)][1].append(order)
    return parts


def _row(
    part: Part, listing: Listing | None, journal: Sequence[Entry], now: Moment, *, exported: bool, known: bool
) -> ProductFigures:
    chases, orders = part
    told = funnel(chases, orders, now, cut=False)
    return ProductFigures(
        link_no=listing.link_no if listing else None, name=listing.name if listing else "",
        live_price=listing.offer.live_price if listing else None,
        sales=sales(orders) if exported else Sales(),
        unpaid=told.unpaid if known else None, contacted=told.contacted if known else None,
        recovered=told.recovered if known else None, recovered_amount=told.recovered_amount,
        success_rate=told.success_rate, natural_rate=told.natural_rate,
        announced=_announced(listing, journal) if listing else (),
        first_order_at=min((o.created_at for o in orders if o.created_at), default=None),
        revised=_revised(listing, journal) if listing else (),
    )  # fmt: skip


def _announced(listing: Listing, journal: Sequence[Entry]) -> tuple[Moment, ...]:
    return tuple(e.at for e in journal if e.kind == "on_air" and e.about == listing.id)


def _revised(listing: Listing, journal: Sequence[Entry]) -> tuple[Revised, ...]:
    return tuple(
        Revised(at=e.at, who=e.who, change=_change(e))
        for e in journal
        if e.kind == "changed" and e.about == listing.id
    )


def _change(entry: Entry) -> Change:
    told = {name: entry.values.get(name, "") for name in ("field", "before", "after")}
    return Change.model_validate(told)


def _rank(row: ProductFigures) -> tuple[Decimal, Decimal, int, int]:
    zero = Decimal(0)
    sold = row.sales.net_sales or zero
    return (-(row.recovered_amount or zero), -sold, -(row.unpaid or 0), row.link_no or 0)


def _paid(order: OrderState) -> bool:
    return order.status in PAID or order.paid_at is not None
