"""What a run sheet would do, shown before it does it: findings with their cure, products, or what would change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.card import Card, Row, button, line, lines, listed, tell
from bot.desk import Desk
from bot.offer import change_line, name_of, price_of
from bot.pages import in_pages
from playbooks import promotion
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast, business_day
from playbooks.runsheet import Finding, Product
from playbooks.runsheet.changes import Comparison, Difference, compare
from playbooks.runsheet.facts import Fact
from storage.rows import Draft, Line

FINDINGS_SHOWN = 40
"""Of errors and of warnings: who has mended so many sends the sheet again and sees the next."""
MESSAGES = 8
ORDER_SHOWN = 20
"""Products of a new run order that are named whole."""


def meant(desk: Desk) -> Broadcast | None:
    """The broadcast a sheet sent now is for; None where it opens a new one."""
    here = desk.broadcast()
    return None if here is None or here.stage == "ended" or _forgotten(here, desk) else here


def _forgotten(here: Broadcast, desk: Desk) -> bool:
    """Whether nobody sent `/off` for another day's broadcast: today's sheet is none of its business."""
    return here.stage in ("live", "closing") and here.opened_on != business_day(desk.now, desk.zone)


def compared(draft: Draft, desk: Desk) -> Comparison | None:
    """The sheet beside the products there are; None where there are none yet."""
    here = meant(desk)
    listings = desk.books.listings.by("broadcast", here.id) if here else []
    return compare(listings, draft.sheet.products, draft.sheet.extent) if listings else None


def preview(draft: Draft, desk: Desk) -> list[Card]:
    """What was understood and each error with row, column and cure; nothing is in force yet."""
    sheet, found = draft.sheet, compared(draft, desk)
    errors = [f for f in sheet.findings if f.severity == "error"]
    warnings = [f for f in sheet.findings if f.severity == "warn"]
    head = lines(
        _opens(draft, desk),
        line("sheet.read", name=draft.file_name, products=len(sheet.products)),
        line("sheet.tab", name=draft.tab) if draft.tab else None,
        _findings("sheet.errors", errors),
        _findings("sheet.warnings", warnings),
        line("sheet.unknown_columns", names=listed(sheet.unknown_columns)) if sheet.unknown_columns else None,
    )
    body = _differences(found, draft) if found else [line("sheet.understood"), *map(_product, sheet.products)]
    pages = in_pages([*head, *body], desk.room.lang, at_most=MESSAGES, more="sheet.preview_more")
    cards = [tell(desk.me.id, page) for page in pages]
    return [*cards[:-1], cards[-1].changed(buttons=_buttons(draft, found))]


def _buttons(draft: Draft, found: Comparison | None) -> tuple[Row, ...]:
    leave = (button("sheet.leave", f"sheet leave {draft.id}"),)
    if not draft.sheet.products or (found and found.nothing):
        return (leave,)
    if found is None:
        caption = button("sheet.take", f"sheet take {draft.id}", count=len(draft.sheet.products))
    elif found.order and not (found.changed or found.new or found.replaced):
        caption = button("sheet.take_order", f"sheet take {draft.id}")
    else:
        caption = button(
            "sheet.take_changes", f"sheet take {draft.id}", changed=len(found.changed), new=len(found.new)
        )
    return ((caption,), leave)


def _findings(key: str, found: Sequence[Finding]) -> list[Line]:
    if not found:
        return []
    left = len(found) - FINDINGS_SHOWN
    more = [line("sheet.findings_more", count=left)] if left > 0 else []
    return [line(key, count=len(found)), *(_finding(f) for f in found[:FINDINGS_SHOWN]), *more]


def _finding(finding: Finding) -> Line:
    what = line(finding.key, **finding.values)
    column = line(f"template.column_{finding.field}") if finding.field else finding.column
    return line("sheet.finding", row=finding.row, column=column, what=what)


def _opens(draft: Draft, desk: Desk) -> Line | None:
    """That the sheet is the next broadcast's, where there was one before: its prices are not those of tonight."""
    if meant(desk) is not None or draft.sheet.extent == "order":
        return None
    last = desk.broadcast()
    if last is None:
        return None
    key = "sheet.opens_new" if last.stage == "ended" else "sheet.opens_new_forgotten"
    return line(key, number=last.number + 1, day=f"{last.opened_on:%m-%d}", at=desk.clock(last.ended_at))


def _product(product: Product) -> Line:
    hands = promotion.advertised(product.live_price, product.promotions) if product.promotions else ()
    price = price_of(product)
    if not hands:
        return line("sheet.product", number=product.link_no, name=product.name, price=price)
    key, values = promotion.hand_line(hands[-1])
    return line(
        "sheet.product_promo", number=product.link_no, name=product.name, price=price,
        promo=product.promo or _in_words(product.promotions), hand=line(key, **values),
    )  # fmt: skip


def _in_words(promotions: Iterable[promotion.Promotion]) -> tuple[Line, ...]:
    """What stands in no cell for promotions: read from the price, the gift or the coupon."""
    said = (promotion.line(one) for one in promotions)
    return tuple(line(key, **values) for key, values in said)


def _differences(found: Comparison, draft: Draft) -> list[Line]:
    if found.nothing:
        return [line("sheet.same_as_now")]
    unread = held_back(draft)
    return list(
        lines(
            order_line(found),
            _block("sheet.would_change", map(changed_line, found.changed)),
            _block("sheet.would_add", map(_product, found.new)),
            _block("sheet.would_replace", map(_listing, found.replaced)),
            _block("sheet.stays_as_on_air", (_held(one) for one in found.kept if one.stays)),
            _block("sheet.not_in_it", map(_listing, missing(found, draft))),
            line("sheet.unread_rows", count=unread) if unread and found.missing else None,
            line("sheet.unchanged", count=found.same) if found.same else None,
            line("sheet.untouched", count=found.untouched) if found.untouched else None,
        )
    )


def order_line(found: Comparison) -> Line | None:
    """`讲解顺序：1、2、3 → 3、2、1`, by link numbers; of a long one the stretch that changes."""
    if found.order is None:
        return None
    shown = found.order.shown(ORDER_SHOWN)
    before, after = ("、".join(map(str, numbers)) for numbers in (shown.before, shown.after))
    return line("sheet.new_order", before=before, after=after)


def held_back(draft: Draft) -> int:
    """How many rows could not be read."""
    wrong = [f for f in draft.sheet.findings if f.severity == "error"]
    return len({row for f in wrong for row in range(f.row, f.row + f.rows)})


def missing(found: Comparison, draft: Draft) -> tuple[Listing, ...]:
    """The products in no row. With rows that could not be read nobody knows which those are, so none is named."""
    return () if held_back(draft) else found.missing


def changed_line(one: Difference) -> Line:
    """`3号 玫瑰精华水：直播价 79 → 75`, with a new link number and the return to the programme where so."""
    return _changed(one, one.facts)


def told_line(one: Difference) -> Line:
    """The same for the group: what only the sender needs to see is left out."""
    return _changed(one, tuple(fact for fact in one.facts if fact.heard))


def _changed(one: Difference, facts: Sequence[Fact]) -> Line:
    number = line("sheet.new_number", number=one.link_no) if one.renumbered else None
    back = line("sheet.back") if one.back else None
    said = lines(back, number, map(_fact, facts), map(change_line, one.changes))
    return line("sheet.changed_line", product=name_of(one.listing), changes=said)


def _fact(fact: Fact) -> Line:
    what = line(f"template.column_{fact.field}")
    if fact.long:
        return line("sheet.fact_changed", what=what)
    before, after = (_said(fact.field, value) for value in (fact.before, fact.after))
    return line("sheet.fact", what=what, before=before, after=after)


def _said(field: str, value: str) -> Line | str:
    if not value:
        return line("change.none")
    return line(f"role.{value}") if field == "role" else value


def _held(one: Difference) -> Line:
    here, there = one.listing.link_no, one.product.link_no
    number = line("sheet.held_number", here=here, there=there) if one.held_number else None
    said = lines(number, map(change_line, one.held))
    return line("sheet.changed_line", product=name_of(one.listing), changes=said)


def _listing(one: Listing) -> Line:
    return line("sheet.product", number=one.link_no, name=one.name, price=price_of(one.offer))


def _block(key: str, said: Iterable[Line]) -> list[Line]:
    """A heading with its lines; nothing at all without lines."""
    found = list(said)
    return [line(key, count=len(found)), *found] if found else []
