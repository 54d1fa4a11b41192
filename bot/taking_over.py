"""A run sheet taken over: new products listed, changes made as if ops had typed them, one message to the group."""

from __future__ import annotations

from collections.abc import Sequence

from bot.airing import card_kept_true
from bot.card import Card, button, group, line, tell
from bot.changing import ask_known, keep
from bot.desk import Desk
from bot.disputes import overtaken
from bot.flashing import arm_all
from bot.offer import name_of, price_of
from bot.pages import in_pages
from bot.readiness import replan
from bot.renumbering import move
from bot.sheet_preview import compared, meant, missing, order_line, told_line
from playbooks import announce
from playbooks.announce import GiftCount, Listing, OfferVersion, first_offer, listing_id
from playbooks.broadcast import Broadcast
from playbooks.gifts import planned_count
from playbooks.model import Refusal
from playbooks.runsheet import Product
from playbooks.runsheet.changes import Comparison, Difference
from playbooks.runsheet.receipt import SheetReceipt
from storage.rows import Draft, Line

PAGES = 2
"""Messages to the group at most."""
BUTTONS_OF_MISSING = 8


def take_over(draft: Draft, desk: Desk) -> list[Card]:
    """Everything the sheet says, in one unit. Raises Refusal `sheet.replaced_on_air`, `sheet.gone`."""
    found = compared(draft, desk)
    here = meant(desk) or desk.open_broadcast()
    said, notices, more = _first(here, draft, desk) if found is None else _apply(here, found, desk)
    receipt = _receipt(here, draft, found, notices, desk)
    arm_all(here, desk)
    replan(desk)
    return [*_to_the_group(said, receipt, desk), *more, *_ask_missing(receipt, desk)]


Done = tuple[list[Line], tuple[str, ...], list[Card]]
"""What was done, in lines; the notices that ask for 已知悉; and what else it entails."""


def _first(here: Broadcast, draft: Draft, desk: Desk) -> Done:
    added = [add(here, product, desk) for product in draft.sheet.products]
    order = sorted(added, key=lambda one: (one.product.seq, one.link_no))
    return [line("sheet.taken", count=len(order), by=desk.me.name), *map(run_order, order)], (), []


def run_order(one: Listing) -> Line:
    """A product as the run order shows it: with its promotions and its gift, where it has any."""
    named = {"number": one.link_no, "name": one.name, "price": price_of(one.offer)}
    gift = line("air.gift", value=one.offer.gift) if one.offer.gift else None
    offers = [line("common.verbatim", text=one.offer.promo)] if one.offer.promo else []
    offers += [gift] if gift else []
    return (
        line("sheet.run_order", **named, promo=tuple(offers)) if offers else line("sheet.run_plain", **named)
    )


def _apply(here: Broadcast, found: Comparison, desk: Desk) -> Done:
    if any(one.link_no == here.on_air for one in found.replaced):
        raise Refusal("sheet.replaced_on_air", number=here.on_air)
    order = order_line(found)
    told = [*([order] if order else []), *map(told_line, found.told)]
    withdraw(found.replaced, desk)
    moves = {one.listing.link_no: one.link_no for one in found.kept if one.renumbered and not one.back}
    move(moves, here, desk)
    revised = [_revise(one, desk) for one in found.kept]
    added = [add(here, product, desk) for product in found.new]
    head = line("sheet.changed", changed=len(found.told), new=len(found.new), by=desk.me.name)
    gone = (line("sheet.replaced_line", product=name_of(one)) for one in found.replaced)
    fresh = (line("sheet.added_line", product=run_order(one)) for one in added)
    notices = tuple(notice for notice, _ in revised if notice)
    on_air = desk.on_air()
    if order and on_air:  # what comes next stands on its card
        revised.append(("", card_kept_true(on_air, desk)))
    if order and len(told) == 1 and not (found.new or found.replaced):
        return (
            [line("sheet.reordered", by=desk.me.name), order],
            (),
            [c for _, cards in revised for c in cards],
        )
    return [head, *told, *gone, *fresh], notices, [card for _, cards in revised for card in cards]


def add(here: Broadcast, product: Product, desk: Desk) -> Listing:
    """A product new to the broadcast. Its id is its first link number's, unless that one had another product."""
    product = product.changed(absent=())
    id = listing_id(here.id, product.link_no)
    if desk.books.listings.get(id):
        id = f"{id}-{desk.books.new_id('p')}"
    offer = first_offer(product, desk.me.id, desk.now)
    desk.books.offers.put(OfferVersion(id=f"{id}-r1", listing=id, offer=offer))
    listing = Listing(id=id, broadcast=here.id, link_no=product.link_no, product=product, offer=offer)
    return desk.books.listings.put(_counted(listing, planned_count(product, desk.now), desk))


def _counted(listing: Listing, count: GiftCount | None, desk: Desk) -> Listing:
    """With as many gifts as the sheet names; the journal keeps since when."""
    if count:
        left, number = str(count.left), str(listing.link_no)
        desk.note("gift_count", listing.id, broadcast=listing.broadcast, left=left, number=number)
    return listing.changed(gift_count=count)


def _revise(one: Difference, desk: Desk) -> tuple[str, list[Card]]:
    """The product as the sheet has it now; the id of the notice where that binds, else ''; and what it entails."""
    stands = desk.books.listings.get(one.listing.id)
    assert stands is not None
    count = planned_count(one.product, desk.now)
    same_count = planned_count(stands.product, desk.now) == count
    listing = stands.changed(product=one.product, link_no=one.link_no, withdrawn_at=None)
    listing = listing if same_count else _counted(listing, count, desk)
    if not one.changes:
        desk.books.listings.put(listing)
        return "", []
    after = announce.revise(listing.offer, desk.me.id, desk.now, **one.fields)
    listing = keep(listing, after, one.changes, None, desk)
    notice = ask_known(listing, one.changes, None, desk).id if announce.is_binding(one.changes) else ""
    priced = any(change.field == "live_price" for change in one.changes)
    settled = overtaken(listing, after.live_price, desk) if priced else []
    return notice, [*settled, *card_kept_true(listing, desk)]


def withdraw(listings: Sequence[Listing], desk: Desk) -> None:
    """Taken off the programme: found by nobody any more, and kept with their history."""
    for one in listings:
        desk.books.listings.put(one.changed(withdrawn_at=desk.now))
        desk.note("withdrawn", one.id, number=str(one.link_no), name=one.name)


def _receipt(
    here: Broadcast, draft: Draft, found: Comparison | None, notices: tuple[str, ...], desk: Desk
) -> SheetReceipt:
    stands = desk.books.broadcasts.get(here.id) or here  # its product on air may have a new number
    desk.books.broadcasts.put(stands.changed(sheet_at=desk.now))
    desk.note(
        "sheet", here.id, broadcast=here.id, products=str(len(draft.sheet.products)), name=draft.file_name
    )
    agents = desk.with_role("agent", "lead")
    return desk.books.sheets.put(
        SheetReceipt(
            id=desk.books.new_id("q"), broadcast=here.id, at=desk.now, by=desk.me.id, file_name=draft.file_name,
            products=len(draft.sheet.products), notices=notices,
            asked=tuple(m.id for m in agents if m.id != desk.me.id),
            missing=tuple(one.id for one in missing(found, draft)) if found else (),
        )
    )  # fmt: skip


def _to_the_group(said: Sequence[Line], receipt: SheetReceipt, desk: Desk) -> list[Card]:
    """At most two messages, the last one asking to confirm; nothing where only words nobody reads have changed."""
    if len(said) == 1 and not receipt.notices:
        return [tell(desk.me.id, line("sheet.noted"))]
    *pages, last = in_pages(said, desk.room.lang, at_most=PAGES, more="sheet.more")
    confirm = button("sheet.seen_button", f"seen {receipt.id}")
    key = f"sheet:{receipt.broadcast}"
    return [*(group(page) for page in pages), group(last, buttons=((confirm,),), key=key)]


def _ask_missing(receipt: SheetReceipt, desk: Desk) -> list[Card]:
    """Keep or withdraw what the new sheet no longer has: nothing goes by itself."""
    gone = [one for id in receipt.missing if (one := desk.books.listings.get(id))]
    if not gone:
        return []
    rows = [
        (button("sheet.withdraw_one", f"withdraw {one.link_no}", product=name_of(one)),)
        for one in gone[:BUTTONS_OF_MISSING]
    ]
    every = (
        button("sheet.withdraw_all", f"sheet drop {receipt.id}", count=len(gone)),
        button("sheet.keep_all", f"sheet keep {receipt.id}"),
    )
    said = line("sheet.ask_missing", names=tuple(map(name_of, gone)))
    return [tell(desk.me.id, said, buttons=(*rows, every), key=f"sheet-missing:{receipt.id}")]
