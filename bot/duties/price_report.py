"""价格不符: what host or buyers say is not what is in force; ops settle it in one tap, agents hold buyers on."""

from __future__ import annotations

from datetime import timedelta

from bot.airing import card_kept_true
from bot.asking import ask
from bot.call import Call
from bot.card import Card, line, lines, listed, tell, toast
from bot.changing import change
from bot.desk import Desk
from bot.disputes import asked_anew, hold_on, question, settle
from bot.duty import Command, DutySpec
from bot.meaning import meant
from bot.offer import name_of
from playbooks import announce, broadcast, price_report
from playbooks.announce import Listing
from playbooks.model import Refusal
from playbooks.on_air import rules
from playbooks.price_report import PriceReport
from playbooks.room import CONTROL, Member
from storage.rows import Due, Line

ORDERS_NAMED = 30
"""Order numbers named of one report; the rest are counted."""


def report(call: Call, desk: Desk) -> list[Card]:
    """`/quote 59` for the product on air, `/quote 3 59` for another; without a price (or `?`) it asks for one."""
    words = call.words()
    if not words or words[-1] == "?":
        listing = meant(words[:-1], desk)
        return ask(f"quote {listing.link_no}", "quote.which", desk)
    *named, amount = words
    listing = meant(named, desk)
    broadcast.step(desk.need_broadcast(), "sell")
    price = announce.read_price(amount)
    if price == listing.offer.live_price:
        raise Refusal("quote.same", product=name_of(listing), price=price)
    known = price_report.standing(desk.books.price_reports.by("state", "open"), listing.id, price)
    return _merge(known, listing, desk) if known else _new(listing, price, desk)


def _new(listing: Listing, price: object, desk: Desk) -> list[Card]:
    made = desk.books.price_reports.put(
        PriceReport(
            id=desk.books.new_id("q"), broadcast=listing.broadcast, listing=listing.id, link_no=listing.link_no,
            price=price, ours=listing.offer.live_price, at=desk.now, reporters={desk.me.id: desk.now},
        )
    )  # fmt: skip
    _note(made, desk)
    deciders = _deciders(desk)
    desk.later("quote_waits", desk.now + timedelta(seconds=rules().report_seconds), made.id)
    asked = [question(made, listing, m.id, desk) for m in deciders]
    return [_thanks(listing, desk), *asked, *card_kept_true(listing, desk)]


def _merge(known: PriceReport, listing: Listing, desk: Desk) -> list[Card]:
    """Said twice is one question: ops' cards show who else heard it."""
    more = desk.books.price_reports.put(price_report.add(known, desk.me.id, desk.now))
    if more == known:
        return [_thanks(listing, desk)]
    _note(more, desk)
    return [_thanks(listing, desk), *asked_anew(more, listing, desk)]


def _note(report: PriceReport, desk: Desk) -> None:
    number, price, ours = str(report.link_no), str(report.price), str(report.ours)
    desk.note("price_report", report.listing, number=number, price=price, ours=ours)


def _deciders(desk: Desk) -> list[Member]:
    """Ops on duty; where none is, whoever else may change prices."""
    return desk.on_duty("ops") or desk.on_duty("lead", "manager") or desk.with_role("manager")


def _thanks(listing: Listing, desk: Desk) -> Card:
    """For whoever reports: it is asked, and what to tell the buyer meanwhile."""
    there = desk.on_duty("ops", "lead", "manager")
    said = lines(
        line("quote.thanks", product=name_of(listing)),
        None if there else line("quote.nobody"),
        line("quote.script_shown", text=line("quote.script")),
    )
    return tell(desk.me.id, said, buttons=((hold_on(desk),),), silent=True)


def yes(call: Call, desk: Desk) -> list[Card]:
    """The price heard is the price: it becomes a revision, and everybody is asked to know it."""
    one, listing = _open(call.args, desk)
    return change(listing, desk, live_price=one.price)


def no(call: Call, desk: Desk) -> list[Card]:
    """Ours holds: whoever reported is told, and can tell the buyers."""
    one, listing = _open(call.args, desk)
    done = settle(one, "ours", desk)
    said = line("quote.ours_holds", product=name_of(listing), price=one.price, ours=listing.offer.live_price)
    told = [tell(person, said, rank="air") for person in done.reporters if person != desk.me.id]
    return [toast("quote.noted"), *told, *asked_anew(done, listing, desk), *card_kept_true(listing, desk)]


def _open(id: str, desk: Desk) -> tuple[PriceReport, Listing]:
    one = desk.books.price_reports.get(id)
    if one is None or one.state != "open":
        raise Refusal("quote.settled")
    listing = desk.books.listings.get(one.listing)
    if listing is None or listing.broadcast != desk.broadcast_id():  # of an evening that is over
        raise Refusal("quote.settled")
    return one, listing


def waits(row: Due, desk: Desk) -> list[Card]:
    """Ops have not answered: leads and managers on duty are asked the same, once."""
    one = desk.books.price_reports.get(row.about)
    if one is None or one.state != "open" or one.broadcast != desk.broadcast_id():
        return []
    listing = desk.books.listings.get(one.listing)
    if listing is None:
        return []
    others = (m for m in desk.on_duty("lead", "manager"))
    return [
        question(one, listing, m.id, desk)
        for m in others
        if desk.books.sent.get(f"quote:{one.id}:{m.id}") is None
    ]


def disputed(call: Call, desk: Desk) -> list[Card]:
    """`/disputed`: what was reported this broadcast, how long it was open, and the orders placed meanwhile."""
    here = desk.need_broadcast()
    reports = sorted(desk.books.price_reports.by("broadcast", here.id), key=lambda one: (one.at, one.id))
    if not reports:
        raise Refusal("quote.none")
    orders = desk.books.orders.by("broadcast", here.id)
    said: list[Line] = []
    for one in reports:
        placed = price_report.placed_meanwhile(one, orders, desk.now)
        said += _told(one, [order.order_id for order in placed], desk)
    return [tell(desk.me.id, line("quote.head", count=len(reports)), said)]


def _told(one: PriceReport, orders: list[str], desk: Desk) -> list[Line]:
    seconds = int(one.lag.total_seconds()) if one.lag is not None else "—"
    listing = desk.books.listings.get(one.listing)
    head = line(
        f"quote.told_{one.state}", at=desk.clock(one.at), number=one.link_no,
        name=listing.name if listing else "", price=one.price, ours=one.ours, seconds=seconds,
    )  # fmt: skip
    if not orders:
        return [head, line("quote.no_orders")]
    rest = len(orders) - ORDERS_NAMED
    return list(
        lines(
            head,
            line("quote.orders", count=len(orders), orders=listed(orders[:ORDERS_NAMED])),
            line("quote.orders_more", count=rest) if rest > 0 else None,
        )
    )


DUTY = DutySpec(
    "price_report",
    commands=(
        Command("quote", report, words=("报价", "价格不符")),
        Command("quoteyes", yes, roles=CONTROL, listed=False),
        Command("quoteno", no, roles=CONTROL, listed=False),
        Command("disputed", disputed, words=("不符订单",), roles=CONTROL, private=True, args=False),
    ),
    due={"quote_waits": waits},
)
