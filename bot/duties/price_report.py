"""价格不符: what host or buyers say is not what is in force; ops settle it in one tap, agents hold buyers on."""

from __future__ import annotations

from bot.airing import card_kept_true
from bot.asking import ask
from bot.call import Call
from bot.card import Card, line, lines, listed, tell, toast
from bot.changing import change, keep
from bot.desk import Desk
from bot.disputes import (
    as_shown,
    ask_again,
    asked_anew,
    deciders,
    hold_on,
    open_reports,
    overtaken,
    put_to,
    question,
    settle,
    told_how,
    wait,
)
from bot.duty import Command, DutySpec
from bot.meaning import meant, said_words
from bot.night import nights_kept_true
from bot.offer import name_of
from playbooks import announce, broadcast, flash, price_report
from playbooks.announce import Listing
from playbooks.model import Refusal
from playbooks.price_report import PriceReport
from playbooks.room import CONTROL
from storage.rows import Due, Line

ORDERS_NAMED = 30
"""Order numbers named of one report; the rest are counted."""


def report(call: Call, desk: Desk) -> list[Card]:
    """`/quote 59` for the product on air, `/quote 3 59` for another; without a price (or `?`) it asks for one."""
    words = said_words(call)
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
    made = wait(
        PriceReport(
            id=desk.books.new_id("q"), broadcast=listing.broadcast, listing=listing.id, link_no=listing.link_no,
            price=price, ours=listing.offer.live_price, at=desk.now, reporters={desk.me.id: desk.now},
        ),
        desk,
    )  # fmt: skip
    _note(made, desk)
    asked = [question(made, listing, m.id, desk) for m in deciders(desk)]
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
    """The price heard is the price: it becomes a revision, and everybody is asked to know it. Once the broadcast has
    ended nobody sells at it any more: it is kept in that evening's history, and those who asked are told."""
    one, listing = _open(call.args, desk)
    if one.broadcast == desk.broadcast_id() and _selling(one, desk) and listing.withdrawn_at is None:
        return change(listing, desk, live_price=one.price)
    priced = _keep_price(listing, one, desk)
    said = line("quote.taken_late", product=name_of(listing), price=one.price)
    return [*overtaken(priced, one.price, desk), *told_how(one, said, desk), *nights_kept_true(desk)]


def _keep_price(listing: Listing, one: PriceReport, desk: Desk) -> Listing:
    fields = flash.overtaken(listing.offer, {"live_price": one.price})
    after = announce.revise(listing.offer, desk.me.id, desk.now, **fields)
    return keep(listing, after, announce.diff(listing.offer, after), None, desk)


def no(call: Call, desk: Desk) -> list[Card]:
    """Ours holds: whoever reported it or saw 待确认 is told, and can tell the buyers."""
    one, listing = _open(call.args, desk)
    done = settle(one, "ours", desk)
    said = line("quote.ours_holds", product=name_of(listing), price=one.price, ours=listing.offer.live_price)
    shown = [*asked_anew(done, listing, desk), *card_kept_true(listing, desk), *nights_kept_true(desk)]
    return [toast("quote.noted"), *told_how(done, said, desk), *shown]


def _open(id: str, desk: Desk) -> tuple[PriceReport, Listing]:
    """It stays to be answered until its broadcast is archived. Raises Refusal `quote.settled`."""
    one = desk.books.price_reports.get(id)
    listing = desk.books.listings.get(one.listing) if one else None
    if one is None or one.state != "open" or listing is None:
        raise Refusal("quote.settled")
    return one, listing


def _selling(one: PriceReport, desk: Desk) -> bool:
    here = desk.books.broadcasts.get(one.broadcast)
    return here is not None and here.stage in ("live", "closing")


def waits(row: Due, desk: Desk) -> list[Card]:
    """Nobody has answered: ops are asked again, then leads and managers as well, on air and not without end; one
    message a person however many prices are in dispute."""
    here = desk.books.broadcasts.get(row.about)
    if here is None or here.stage not in ("live", "closing"):
        return []
    some = price_report.due(open_reports(desk, here.id), desk.now)
    asked = [desk.books.price_reports.put(price_report.remind(one, desk.now)) for one in some]
    ask_again(here.id, desk)
    ops, seniors = deciders(desk), desk.on_duty("lead", "manager")
    return [
        card
        for id in dict.fromkeys(m.id for m in (*ops, *seniors))
        for card in _still(id, asked if any(m.id == id for m in ops) else _for_seniors(asked), desk)
    ]


def _for_seniors(asked: list[PriceReport]) -> list[PriceReport]:
    return [one for one in asked if price_report.for_seniors(one)]


def _still(person: str, some: list[PriceReport], desk: Desk) -> list[Card]:
    """Once more before a person, with how long the buyers of the first have waited."""
    if not some:
        return []
    minutes = max(1, int((desk.now - some[0].at).total_seconds()) // 60)
    heads = line("quote.list_still", count=len(some), minutes=minutes)
    return put_to(person, some, line("quote.still", minutes=minutes), heads, desk)


def shown(row: Due, desk: Desk) -> list[Card]:
    """How a report stands on the other cards of whoever pressed or typed something that changed it."""
    one = desk.books.price_reports.get(row.about)
    listing = desk.books.listings.get(one.listing) if one else None
    return as_shown(one, listing, row.values["who"], desk) if one and listing else []


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
    due={"quote_waits": waits, "quote_shown": shown},
)
