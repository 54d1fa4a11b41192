"""价格不符: somebody hears another price than the one in force, and ops settle it with one tap (REQUIREMENTS B03).

Until then nobody guesses: the price is 待确认, and the agent has a sentence that holds the buyer on. The time it
takes is hand-off lag; orders placed meanwhile may have been made at either price.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from playbooks.metrics import SECOND, median, worst
from playbooks.model import Document, Model, Moment, Money, Refusal
from playbooks.on_air import rules
from playbooks.orders import OrderState

Outcome = Literal["open", "taken", "ours", "overtaken"]
"""待确认 open · 按新价 taken · 按原价 ours · 价格已另改 overtaken."""
Answer = Literal["taken", "ours", "overtaken"]


class PriceReport(Document):
    """One price heard for one product, in yuan, while `ours` was in force. `reporters`: person -> when they said so."""

    broadcast: str
    listing: str
    link_no: int
    price: Money
    ours: Money
    at: Moment
    reporters: dict[str, Moment]
    state: Outcome = "open"
    settled_at: Moment | None = None
    settled_by: str = ""
    asked: int = 0
    """How often those who settle it were reminded."""
    ask_at: Moment | None = None
    """When they are next; None: not any more."""

    @property
    def lag(self) -> timedelta | None:
        """How long it was open, in whole seconds; None while it is."""
        return (self.settled_at - self.at) // SECOND * SECOND if self.settled_at else None


def standing(reports: Iterable[PriceReport], listing: str, price: Decimal) -> PriceReport | None:
    """The open report of the same price for the same product."""
    found = (one for one in reports if one.state == "open" and one.listing == listing)
    return next((one for one in found if one.price == price), None)


def add(report: PriceReport, person: str, now: datetime) -> PriceReport:
    """`person` has heard the same; saying it twice keeps the first moment."""
    if person in report.reporters:
        return report
    return report.changed(reporters={**report.reporters, person: now})


def settle(report: PriceReport, answer: Answer, by: str, now: datetime) -> PriceReport:
    """Settled once and for good. Raises Refusal `quote.settled` where it was before."""
    if report.state != "open":
        raise Refusal("quote.settled")
    return report.changed(state=answer, settled_at=now, settled_by=by)


def wait(report: PriceReport, now: datetime) -> PriceReport:
    """It waits for an answer from `now`: nobody was reminded of it yet."""
    return report.changed(asked=0, ask_at=now + timedelta(seconds=rules().report_seconds))


def due(reports: Iterable[PriceReport], now: datetime) -> list[PriceReport]:
    """Those that are brought up now, the oldest first, all of them in one message: with the one that is due also those
    nearly so, for who is asked seconds later again reads neither."""
    near = now + timedelta(seconds=rules().report_seconds / 2)
    found = [one for one in reports if one.state == "open" and one.ask_at and one.ask_at <= near]
    return sorted(found, key=lambda one: (one.at, one.id))


def remind(report: PriceReport, now: datetime) -> PriceReport:
    """It was brought up at `now`: once more, and not without end."""
    again = wait(report, now).ask_at if report.asked + 1 < rules().report_at_most else None
    return report.changed(asked=report.asked + 1, ask_at=again)


def for_seniors(report: PriceReport) -> bool:
    """Whether leads and managers are asked as well as ops, by how often it was brought up."""
    return report.asked >= rules().report_lead_from


def next_at(reports: Iterable[PriceReport]) -> datetime | None:
    """When the first of these is brought up next; None: none of them."""
    moments = (one.ask_at for one in reports if one.state == "open")
    return min((at for at in moments if at), default=None)


def placed_meanwhile(
    report: PriceReport, orders: Iterable[OrderState], now: datetime
) -> tuple[OrderState, ...]:
    """Orders of the product placed while the price was disputed, earliest first; dead ones are nobody's worry."""
    until = report.settled_at or now
    found = [
        one
        for one in orders
        if (one.broadcast, one.link_no) == (report.broadcast, report.link_no)
        and one.created_at
        and report.at <= one.created_at <= until
        and not one.dead
    ]
    return tuple(sorted(found, key=lambda one: (one.created_at, one.order_id)))


class Disputes(Model):
    """What a broadcast's reports come to: how many, how many of them ours held against or were never settled, how
    long the settled ones were open, and the orders placed meanwhile."""

    reported: int = 0
    ours: int = 0
    unsettled: int = 0
    median: timedelta | None = None
    worst: timedelta | None = None
    orders: int = 0
    waiting: tuple[PriceReport, ...] = ()
    """Those nobody has settled, the oldest first."""


def figures(reports: Iterable[PriceReport], orders: Iterable[OrderState], now: datetime) -> Disputes:
    """The hand-off figures of the reports; an order disputed twice counts once."""
    known, placed = list(reports), list(orders)
    lags = [one.lag for one in known if one.lag is not None]
    meant = {order.order_id for one in known for order in placed_meanwhile(one, placed, now)}
    return Disputes(
        reported=len(known), ours=sum(one.state == "ours" for one in known),
        unsettled=sum(one.state == "open" for one in known), median=median(lags), worst=worst(lags),
        orders=len(meant),
        waiting=tuple(sorted((one for one in known if one.state == "open"), key=lambda one: (one.at, one.id))),
    )  # fmt: skip
