"""The run sheet 排品表: a file, pasted lines or numbers; shown with its errors, taken over by a press, seen by all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import sheet_binding
from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, lines, listed, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec, FileKind
from bot.offer import name_of, price_of
from bot.pages import in_pages
from bot.sheet_preview import preview
from bot.taking_over import take_over, withdraw
from bot.withdrawing import withdrawn_card
from playbooks import announce, runsheet
from playbooks.announce import Listing
from playbooks.model import Refusal
from playbooks.privacy import without_phones
from playbooks.room import CONTROL
from playbooks.runsheet import Product, Tab
from playbooks.runsheet.receipt import SheetReceipt, seen
from storage.exports import Grid
from storage.rows import Draft, Job, Line

STEPS = frozenset(["take", "leave", "show", "drop", "keep"])
PASTED_NAME = 20
"""Characters of pasted text that name it."""


@dataclass(frozen=True)
class SheetRead:
    """A file's run sheet, with the job it came by; several where nobody can tell which of its tabs is meant."""

    job: Job
    tabs: tuple[Tab, ...]
    others: int
    """How many further tabs the file has."""


def read(grids: Sequence[Grid], job: Job) -> Sequence[SheetRead]:
    """The file as one batch. Raises Refusal `sheet.*`."""
    tabs = runsheet.choose([(grid.sheet, grid.rows) for grid in grids])
    return [SheetRead(job, tabs, len(grids) - len(tabs))]


def take_in(batch: SheetRead, desk: Desk) -> list[Card]:
    """The preview; of several tabs that may be meant, the question which."""
    named = len(batch.tabs) + batch.others > 1
    drafts = [_draft(batch.job.file_name, tab if named else tab.changed(name=""), desk) for tab in batch.tabs]
    if len(drafts) == 1:
        return preview(drafts[0], desk)
    rows = [
        (button("sheet.tab_button", f"sheet show {one.id}", name=one.tab, count=len(one.sheet.products)),)
        for one in drafts
    ]
    return [tell(desk.me.id, line("sheet.which_tab", name=batch.job.file_name), buttons=tuple(rows))]


def _draft(name: str, tab: Tab, desk: Desk) -> Draft:
    draft = Draft(
        id=desk.books.new_id("s"), by=desk.me.id, at=desk.now, file_name=name, tab=tab.name, sheet=tab.sheet
    )
    return desk.books.drafts.put(draft)


def sheet(call: Call, desk: Desk) -> list[Card]:
    """`/sheet` says how things stand and asks for lines; `/sheet 1 面霜 59.9` or `/sheet 1，4，7` is a pasted sheet,
    the address of a spreadsheet binds it (managers; bot/sheet_binding.py).

    On its buttons: `blank` for a template; `take`, `leave`, `show` a draft; `drop`, `keep` what a sheet lacks.
    """
    what, _, id = call.args.partition(" ")
    if what in STEPS and id:
        return _step(what, id, desk)
    if call.args == "blank":
        return [tell(desk.me.id, line("sheet.blank"), attach="runsheet.xlsx")]
    if not call.args:
        blank = ((button("sheet.blank_button", "sheet blank"),),)
        asking = (card.changed(buttons=blank) for card in ask("sheet", "sheet.paste_here", desk))
        return [*_stands(desk), *asking]
    if sheet_binding.is_address(call.args):
        return sheet_binding.bind(call.args, desk)
    pasted = runsheet.read_pasted(call.args, _known(desk))
    name = without_phones(call.args.split("\n", 1)[0])[:PASTED_NAME]
    return preview(_draft(name, Tab(name="", sheet=pasted), desk), desk)


def _known(desk: Desk) -> Iterator[Product]:
    """The products bare numbers mean: this broadcast's, else those of the last one that had any."""
    for here in sorted(desk.books.broadcasts.scan(), key=lambda b: -b.number):
        on_sale = [one for one in desk.books.listings.by("broadcast", here.id) if one.withdrawn_at is None]
        if on_sale:
            yield from (one.product.changed(link_no=one.link_no) for one in on_sale)
            return
    raise Refusal("broadcast.no_sheet")


def _stands(desk: Desk) -> list[Card]:
    """The sheet in force, and who has not said that they have seen it."""
    newest = max(desk.books.sheets.by("broadcast", desk.broadcast_id()), key=_age, default=None)
    if newest is None:
        return []
    waiting = newest.waiting_for()
    said = lines(
        line(
            "sheet.in_force", name=newest.file_name, at=desk.clock(newest.at), by=desk.name(newest.by),
            products=len(desk.listings()),
        ),
        line("sheet.not_seen", names=listed(desk.names(waiting))) if waiting else line("sheet.all_seen"),
    )  # fmt: skip
    return [tell(desk.me.id, said)]


def _age(receipt: SheetReceipt) -> tuple[datetime, int, str]:
    """Of one moment the one made last."""
    return receipt.at, len(receipt.id), receipt.id


def _step(what: str, id: str, desk: Desk) -> list[Card]:
    if what in ("drop", "keep"):
        return _missing(what, id, desk)
    draft = desk.books.drafts.get(id)
    if draft is None:
        raise Refusal("sheet.gone")
    if what == "show":
        return preview(draft, desk)
    desk.books.drafts.drop(draft.id)
    if what == "leave":
        return [tell(desk.me.id, line("sheet.left", name=draft.file_name))]
    if not draft.sheet.products:
        raise Refusal("sheet.nothing_in_it")
    return take_over(draft, desk)


def _missing(what: str, id: str, desk: Desk) -> list[Card]:
    receipt = desk.books.sheets.get(id)
    gone = [one for one in map(desk.books.listings.get, receipt.missing if receipt else ()) if one]
    gone = [one for one in gone if one.withdrawn_at is None]
    if receipt is None or not gone:
        raise Refusal("sheet.gone")
    desk.books.sheets.put(receipt.changed(missing=()))
    if what == "keep":
        return [tell(desk.me.id, line("sheet.kept", names=tuple(map(name_of, gone))))]
    on_air = desk.on_air()
    off = [one for one in gone if on_air is None or one.id != on_air.id]
    withdraw(off, desk)
    return withdrawn_card(off, desk) if off else [toast("withdraw.on_air", product=name_of(gone[0]))]


def see(call: Call, desk: Desk) -> list[Card]:
    """`seen <receipt>`: this person has seen the sheet, and with it the changes it made (A04)."""
    receipt = desk.books.sheets.get(call.args)
    if receipt is None:
        raise Refusal("sheet.gone")
    if desk.me.id in receipt.known:
        return [toast("known.already")]
    receipt = desk.books.sheets.put(seen(receipt, desk.me.id, desk.now))
    _know_changes(receipt, desk)
    desk.note("sheet_seen", receipt.broadcast, name=receipt.file_name)
    known, asked = len(receipt.asked) - len(receipt.waiting_for()), len(receipt.asked)
    return [toast("sheet.seen", known=known, asked=asked)]


def _know_changes(receipt: SheetReceipt, desk: Desk) -> None:
    for notice in filter(None, map(desk.books.notices.get, receipt.notices)):
        if desk.me.id not in notice.known and not notice.superseded:
            desk.books.notices.put(announce.know(notice, desk.me.id, desk.now))
            desk.note("known", notice.listing, revision=str(notice.revision), how="pressed")


def run_order(call: Call, desk: Desk) -> list[Card]:
    """`/runorder`: every product with its link, in run order, to open beforehand (A05)."""
    if not desk.listings():
        raise Refusal("broadcast.no_sheet")
    order = sorted(desk.listings(), key=lambda one: (one.product.seq, one.link_no))
    here = desk.need_broadcast()
    key = "sheet.of_planned" if here.stage == "planned" else "sheet.of_broadcast"
    of = line(key, number=here.number, day=f"{here.opened_on:%m-%d}")
    said = [
        line("sheet.order_head", count=len(order), of=of),
        *(row for one in order for row in _linked(one)),
    ]
    return [tell(desk.me.id, page) for page in in_pages(said, desk.room.lang)]


def _linked(one: Listing) -> list[Line]:
    price = line(
        "sheet.order_line", product=name_of(one), price=price_of(one.offer), start=one.product.start or ""
    )
    return [price, line("air.link", url=one.product.url)] if one.product.url else [price]


DUTY = DutySpec(
    "runsheet",
    commands=(
        Command("sheet", sheet, words=("排品表", "排品"), roles=CONTROL),
        Command("seen", see, listed=False),
        Command("runorder", run_order, words=("讲解顺序", "排品顺序"), reads=True, args=False),
    ),
    files=(FileKind("runsheet", CONTROL, read, take_in),),
)
