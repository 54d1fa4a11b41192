"""价格不符: what host or buyers say is not what is in force; ops settle it in one tap, agents hold buyers on."""

from __future__ import annotations

from bot.airing import card_kept_true
from bot.asking import ask
from bot.call import Call
from bot.card import Card, line, lines, listed, tell, toast
from bot.changing import change
from bot.desk import Desk
from bot.disputes import ask_again, asked_anew, deciders, hold_on, overtaken, question, settle, told_how
from bot.duty import Command, DutySpec
from bot.meaning import meant
from bot.night import nights_kept_true
from bot.offer import name_of
from playbooks import announce, broadcast, flash, price_report
from playbooks.announce import Listing, OfferVersion
from playbooks.model import Refusal
from playbooks.price_report import PriceReport
from playbooks.room import CONTROL
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
    ask_again(made, 1, desk)
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
    desk.books.offers.put(OfferVersion(id=f"{listing.id}-r{after.revision}", listing=listing.id, offer=after))
    for c in announce.diff(listing.offer, after):
        desk.note(
            "changed", listing.id, broadcast=listing.broadcast, field=c.field, before=c.before, after=c.after,
            number=str(listing.link_no), name=listing.name,
        )  # fmt: skip
    return desk.books.listings.put(listing.changed(offer=after))


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
    """Nobody has answered: ops are asked again, then leads and managers as well, on air and not without end."""
    one = desk.books.price_reports.get(row.about)
    listing = desk.books.listings.get(one.listing) if one else None
    if one is None or listing is None or one.state != "open" or not _selling(one, desk):
        return []
    times = int(row.values["times"])
    seniors, again = price_report.asked_next(times)
    if again:
        ask_again(one, times + 1, desk)
    people = dict.fromkeys(
        m.id for m in (*deciders(desk), *(desk.on_duty("lead", "manager") if seniors else ()))
    )
    still = line("quote.still", minutes=max(1, int((desk.now - one.at).total_seconds()) // 60))
    return [question(one, listing, id, desk, still) for id in people]


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
