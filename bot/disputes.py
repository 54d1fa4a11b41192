"""Prices in dispute 价格不符 in the room's books: which are open, how they are shown, how they end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bot.card import Card, button, copy, line, lines, tell
from bot.desk import Desk
from bot.offer import name_of
from bot.texts import plain, say
from playbooks import price_report
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast
from playbooks.on_air import rules
from playbooks.price_report import Answer, PriceReport
from playbooks.room import CONTROL, Member
from storage.rows import Button, Line


def open_reports(desk: Desk, broadcast: str) -> list[PriceReport]:
    """The broadcast's open ones, the oldest first."""
    found = [one for one in desk.books.price_reports.by("state", "open") if one.broadcast == broadcast]
    return sorted(found, key=lambda one: (one.at, one.id))


def of_listing(desk: Desk, listing: Listing) -> list[PriceReport]:
    """The product's open ones."""
    return [one for one in open_reports(desk, listing.broadcast) if one.listing == listing.id]


def dispute_lines(listing: Listing, desk: Desk) -> list[Line]:
    """What stands beside the price wherever it is shown while it is in dispute."""
    return [line("quote.open", price=one.price) for one in of_listing(desk, listing)]


def hold_on(desk: Desk) -> Button:
    """The sentence that holds a buyer on meanwhile, to copy (B05: never guess)."""
    return copy("quote.copy_script", plain(say(desk.room.lang, "quote.script")))


def deciders(desk: Desk) -> list[Member]:
    """Ops on duty; where none is, whoever else may change prices."""
    return desk.on_duty("ops") or desk.on_duty("lead", "manager") or desk.with_role("manager")


def question(report: PriceReport, listing: Listing, person: str, desk: Desk, *more: Line) -> Card:
    """What ops are asked, answered in one tap; once settled the same card says how and has no buttons. `more` is said
    first."""
    by = tuple(line("common.verbatim", text=name) for name in desk.names(list(report.reporters)))
    said = lines(
        more,
        line("quote.ask", product=name_of(listing), price=report.price, ours=report.ours, by=by),
        line(
            f"quote.was_{report.state}", by=desk.name(report.settled_by), price=report.price, ours=report.ours
        )
        if report.state != "open"
        else None,
    )
    yes = button("quote.yes", f"quoteyes {report.id}", price=report.price)
    no = button("quote.no", f"quoteno {report.id}", price=report.ours)
    rows = ((yes,), (no,)) if report.state == "open" else ()
    return tell(person, said, buttons=rows, key=f"quote:{report.id}:{person}", rank="air")


def ask_again(report: PriceReport, times: int, desk: Desk) -> None:
    """Look after a while whether it is settled, for the `times`-th time."""
    every = rules().report_seconds
    desk.later(
        "quote_waits", desk.now + timedelta(seconds=every), report.id, cool_down=every, times=str(times)
    )


def at_sign_in(member: Member, broadcast: str, desk: Desk) -> list[Card]:
    """The open ones the person may settle and was not asked yet, with their yes and no."""
    if not member.may(CONTROL):
        return []
    cards = []
    for one in open_reports(desk, broadcast):
        listing = desk.books.listings.get(one.listing)
        if listing and desk.books.sent.get(f"quote:{one.id}:{member.id}") is None:
            cards.append(question(one, listing, member.id, desk))
    return cards


def settle(report: PriceReport, answer: Answer, desk: Desk) -> PriceReport:
    """Keep how it ended; the journal has the seconds it took, which are hand-off lag."""
    done = desk.books.price_reports.put(price_report.settle(report, answer, desk.me.id, desk.now))
    assert done.lag is not None
    desk.note(
        "price_settled", done.listing, broadcast=done.broadcast, outcome=answer, price=str(done.price),
        ours=str(done.ours), number=str(done.link_no), seconds=str(int(done.lag.total_seconds())),
    )  # fmt: skip
    return done


def asked_anew(report: PriceReport, listing: Listing, desk: Desk) -> list[Card]:
    """The questions ops were sent, as they stand now; edits do not notify."""
    keys = ((m.id, f"quote:{report.id}:{m.id}") for m in desk.members())
    sent = (id for id, key in keys if desk.books.sent.get(key))
    return [question(report, listing, id, desk).changed(edit=True) for id in sent]


def told_how(done: PriceReport, said: Line, desk: Desk) -> list[Card]:
    """Whoever asked hears how it ended; so do, silently, all others on duty whose desk and card said 待确认."""
    askers = [person for person in done.reporters if person != desk.me.id]
    others = (m.id for m in desk.on_duty("agent", "lead") if m.id not in (*done.reporters, desk.me.id))
    return [
        *(tell(person, said, rank="air") for person in askers),
        *(tell(person, said, silent=True) for person in others),
    ]


def left_open(here: Broadcast, desk: Desk) -> list[Card]:
    """At the end of a broadcast: what nobody has settled, put once more before ops and the managers (B03)."""
    people = {m.id for m in (*deciders(desk), *desk.with_role("manager"))}
    return [card for person in sorted(people) for card in put_before(person, here, desk)]


def put_before(person: str, here: Broadcast, desk: Desk) -> list[Card]:
    """The open ones of a broadcast that has ended, for one person: silent, for it is late."""
    head = line("quote.after_off", at=desk.clock(here.ended_at))
    return [
        question(one, listing, person, desk, head).changed(silent=True)
        for one in open_reports(desk, here.id)
        if (listing := desk.books.listings.get(one.listing))
    ]


def waiting_line(broadcast: str, desk: Desk) -> Line | None:
    """How many of a broadcast's are open, and about which products; None for none."""
    found = open_reports(desk, broadcast)
    said = (line("quote.waiting_one", number=one.link_no, price=one.price) for one in found)
    return line("quote.waiting", count=len(found), prices=tuple(said)) if found else None


def overtaken(listing: Listing, price: Decimal, desk: Desk) -> list[Card]:
    """The live price has changed to `price`: what was in dispute about it is settled by that."""
    cards: list[Card] = []
    for one in of_listing(desk, listing):
        done = settle(one, "taken" if one.price == price else "overtaken", desk)
        cards += asked_anew(done, listing, desk)
    return cards
