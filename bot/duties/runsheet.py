"""The run sheet 排品表: read, shown with its errors by row and column, taken over by a press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.call import Call
from bot.card import Card, button, group, in_pages, line, lines, listed, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec, FileKind
from bot.offer import name_of
from playbooks import promotion, runsheet
from playbooks.announce import Listing, OfferVersion, first_offer, listing_id
from playbooks.broadcast import Broadcast, business_day
from playbooks.model import Refusal
from playbooks.room import CONTROL
from playbooks.runsheet import Finding, Product, Sheet
from storage.exports.grid import read_grid
from storage.rows import Draft, Job, Line

LINES_A_MESSAGE = 40
"""So that a sheet of sixty products is read whole: Telegram takes 4096 characters a message."""


@dataclass(frozen=True)
class SheetRead:
    """A run sheet as read, with the job it came by."""

    job: Job
    sheet: Sheet


def read(name: str, data: bytes, zone: ZoneInfo, job: Job) -> Sequence[SheetRead]:
    """The file as one batch. Raises Refusal `files.*` or `sheet.*`."""
    return [SheetRead(job, runsheet.read(read_grid(name, data).rows))]


def preview(batch: SheetRead, desk: Desk) -> list[Card]:
    """What was understood and each error with row, column and cure; nothing is in force yet."""
    sheet = batch.sheet
    errors = [f for f in sheet.findings if f.severity == "error"]
    warnings = [f for f in sheet.findings if f.severity == "warn"]
    draft = desk.books.drafts.put(
        Draft(
            id=desk.books.new_id("s"), by=desk.me.id, at=desk.now, file_name=batch.job.file_name,
            products=sheet.products, held_back=len({f.row for f in errors}),
        )
    )  # fmt: skip
    unknown = sheet.unknown_columns
    head = lines(
        line("sheet.read", name=batch.job.file_name, products=len(sheet.products)),
        _findings("sheet.errors", errors),
        _findings("sheet.warnings", warnings),
        line("sheet.unknown_columns", names=listed(unknown)) if unknown else None,
        line("sheet.understood"),
    )
    take = button("sheet.take", f"sheet take {draft.id}", count=len(sheet.products))
    buttons = ((take,), (button("sheet.leave", f"sheet leave {draft.id}"),))
    pages = in_pages([*head, *(_product(p) for p in sheet.products)], LINES_A_MESSAGE)
    cards = [tell(desk.me.id, page) for page in pages]
    return [*cards[:-1], cards[-1].changed(buttons=buttons)]


def _findings(key: str, found: Sequence[Finding]) -> list[Line]:
    return [line(key, count=len(found)), *(_finding(f) for f in found)] if found else []


def _finding(finding: Finding) -> Line:
    what = line(finding.key, **finding.values)
    return line("sheet.finding", row=finding.row, column=finding.column, what=what)


def _product(product: Product) -> Line:
    hands = promotion.advertised(product.live_price, product.promotions) if product.promotions else ()
    if not hands:
        return line("sheet.product", number=product.link_no, name=product.name, price=product.live_price)
    key, values = promotion.hand_line(hands[-1])
    return line(
        "sheet.product_promo", number=product.link_no, name=product.name, price=product.live_price,
        promo=product.promo or "，".join(p.text for p in product.promotions), hand=line(key, **values),
    )  # fmt: skip


def sheet(call: Call, desk: Desk) -> list[Card]:
    """`sheet take <draft>` takes the sheet over, `sheet leave <draft>` drops it."""
    what, _, id = call.args.partition(" ")
    draft = desk.books.drafts.get(id)
    if draft is None:
        raise Refusal("sheet.gone")
    desk.books.drafts.drop(draft.id)
    if what != "take":
        return [tell(desk.me.id, line("sheet.left", name=draft.file_name))]
    if not draft.products:
        raise Refusal("sheet.empty")
    return _take_over(draft, desk)


def _take_over(draft: Draft, desk: Desk) -> list[Card]:
    here = desk.broadcast()
    if here is None or here.stage == "ended" or _forgotten(here, desk):
        here = desk.open_broadcast()
    taken = _replace(here, draft, desk) if here.stage == "planned" else _add_new(here, draft, desk)
    desk.books.broadcasts.put(here.changed(sheet_at=desk.now))
    desk.note("sheet", here.id, broadcast=here.id, products=str(len(taken)), name=draft.file_name)
    differing = _differing(here, draft, desk) if here.stage != "planned" else []
    answer = [tell(desk.me.id, line("sheet.differs"), differing)] if differing else []
    if not taken:
        return answer or [tell(desk.me.id, line("sheet.nothing_new"))]
    order = sorted(taken, key=lambda one: (one.product.seq, one.link_no))
    key = "sheet.taken" if here.stage == "planned" else "sheet.added"
    said = [line(key, count=len(taken), by=desk.me.name), *(_run_order(one) for one in order)]
    return [*(group(page) for page in in_pages(said, LINES_A_MESSAGE)), *answer]


def _run_order(one: Listing) -> Line:
    promo = one.offer.promo or "—"
    return line("sheet.run_order", number=one.link_no, name=one.name, price=one.offer.live_price, promo=promo)


def _forgotten(here: Broadcast, desk: Desk) -> bool:
    """Whether nobody sent `/off` for another day's broadcast: today's sheet is none of its business."""
    return here.stage in ("live", "closing") and here.opened_on != business_day(desk.now, desk.zone)


def _differing(here: Broadcast, draft: Draft, desk: Desk) -> list[Line]:
    """Products whose price in the sheet is not the one in force: not taken over, but told with the cure."""
    known = {one.link_no: one for one in desk.books.listings.by("broadcast", here.id)}
    pairs = ((known[p.link_no], p) for p in draft.products if p.link_no in known)
    return [
        line(
            "sheet.differs_line",
            product=name_of(one),
            now=one.offer.live_price,
            sheet=p.live_price,
            number=p.link_no,
        )
        for one, p in pairs
        if one.offer.live_price != p.live_price
    ]


def _replace(here: Broadcast, draft: Draft, desk: Desk) -> list[Listing]:
    """Before the stream a new sheet takes the place of the old one."""
    for old in desk.books.listings.by("broadcast", here.id):
        desk.books.listings.drop(old.id)
    return [_list(here, product, desk) for product in draft.products]


def _add_new(here: Broadcast, draft: Draft, desk: Desk) -> list[Listing]:
    """On air a sheet only adds: what is in force changes by `/price` and the like, where everybody is told."""
    known = {one.link_no for one in desk.books.listings.by("broadcast", here.id)}
    return [_list(here, product, desk) for product in draft.products if product.link_no not in known]


def _list(here: Broadcast, product: Product, desk: Desk) -> Listing:
    offer = first_offer(product, desk.me.id, desk.now)
    id = listing_id(here.id, product.link_no)
    desk.books.offers.put(OfferVersion(id=f"{id}-r1", listing=id, offer=offer))
    return desk.books.listings.put(
        Listing(id=id, broadcast=here.id, link_no=product.link_no, product=product, offer=offer)
    )


DUTY = DutySpec(
    "runsheet",
    commands=(Command("sheet", sheet, roles=CONTROL, listed=False),),
    files=(FileKind("runsheet", CONTROL, read, preview),),
)
