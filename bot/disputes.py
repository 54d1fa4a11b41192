"""Prices in dispute 价格不符 in the room's books: which are open, how they are shown, how they end."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.card import Card, button, copy, line, lines, listed, tell
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

LISTED = 8
"""Open ones shown in one message; the rest are counted."""


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


def script(desk: Desk) -> str:
    """The sentence that holds a buyer on meanwhile (B05: never guess)."""
    return plain(say(desk.room.lang, "quote.script"))


def hold_on(desk: Desk) -> Button:
    """The same, to copy."""
    return copy("quote.copy_script", script(desk))


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


def list_key(broadcast: str, person: str) -> str:
    """The key of the list of a broadcast's open ones before a person."""
    return f"quotes:{broadcast}:{person}"


def listed_open(some: Sequence[PriceReport], broadcast: str, person: str, head: Line, desk: Desk) -> Card:
    """Several in one message, each with its own yes and no, one a row and under its number."""
    named = [(one, listing) for one in some if (listing := desk.books.listings.get(one.listing))]
    rows = [
        (button(f"quote.list_{key}", f"quote{key} {one.id}", number=one.link_no, price=price),)
        for one, _ in named[:LISTED]
        for key, price in (("yes", one.price), ("no", one.ours))
    ]
    more = line("quote.list_more", count=len(named) - LISTED) if len(named) > LISTED else None
    said = [_listed_line(one, listing, desk) for one, listing in named[:LISTED]]
    return tell(person, head, said, more, buttons=tuple(rows), key=list_key(broadcast, person), rank="air")


def _listed_line(one: PriceReport, listing: Listing, desk: Desk) -> Line:
    by = listed(desk.names(list(one.reporters)))
    return line("quote.list_one", product=name_of(listing), price=one.price, ours=one.ours, by=by)


def put_to(
    person: str, some: Sequence[PriceReport], head: Line | None, heads: Line, desk: Desk
) -> list[Card]:
    """These open ones, of one broadcast, before a person: one as its own card under `head`, several as one list under
    `heads`."""
    if len(some) > 1:
        return [listed_open(some, some[0].broadcast, person, heads, desk)]
    named = ((one, desk.books.listings.get(one.listing)) for one in some)
    more = (head,) if head else ()
    return [question(one, listing, person, desk, *more) for one, listing in named if listing]


def ask_again(broadcast: str, desk: Desk) -> None:
    """Look at the broadcast's open ones when the first of them is to be brought up again: one row for them all."""
    at = price_report.next_at(open_reports(desk, broadcast))
    if at is not None:
        desk.later("quote_waits", at, broadcast, cool_down=rules().report_seconds)


def wait(report: PriceReport, desk: Desk) -> PriceReport:
    """Keep that it waits for an answer from now, and have it brought up until it has one."""
    kept = desk.books.price_reports.put(price_report.wait(report, desk.now))
    ask_again(kept.broadcast, desk)
    return kept


def at_sign_in(member: Member, broadcast: str, desk: Desk) -> list[Card]:
    """The open ones the person may settle and was not asked yet, with their yes and no."""
    if not member.may(CONTROL):
        return []
    new = [
        one
        for one in open_reports(desk, broadcast)
        if desk.books.sent.get(f"quote:{one.id}:{member.id}") is None
    ]
    return put_to(member.id, new, None, line("quote.list_waiting", count=len(new)), desk)


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
    """The questions and lists ops were sent, as they stand now; edits do not notify.

    What the caller was sent elsewhere than where they pressed would be said anew: the next tick edits it.
    """
    shown = [card for m in desk.members() for card in as_shown(report, listing, m.id, desk)]
    here = [card for card in shown if card.person != desk.me.id or _pressed_on(card, desk)]
    if len(here) < len(shown):
        desk.later("quote_shown", desk.now, report.id, cool_down=1, who=desk.me.id)
    return here


def as_shown(report: PriceReport, listing: Listing, person: str, desk: Desk) -> list[Card]:
    """What a person was sent that shows it, edited to how it stands now."""
    alone = question(report, listing, person, desk)
    left = open_reports(desk, report.broadcast)
    head = line("quote.list_waiting", count=len(left)) if left else line("quote.list_done")
    both = (alone, listed_open(left, report.broadcast, person, head, desk))
    return [card.changed(edit=True) for card in both if desk.books.sent.get(card.key)]


def _pressed_on(card: Card, desk: Desk) -> bool:
    call, stands = desk.call, desk.books.sent.get(card.key)
    return bool(call and call.press_id and stands and stands.message_id == call.message_id)


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
    found = open_reports(desk, here.id)
    head = line("quote.after_off", at=desk.clock(here.ended_at))
    heads = line("quote.list_after_off", at=desk.clock(here.ended_at), count=len(found))
    return [card.changed(silent=True) for card in put_to(person, found, head, heads, desk)]


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
