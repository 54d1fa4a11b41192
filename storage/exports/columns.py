"""Rows of a file as entries, whatever headings and order it has: read column by column, each distinct cell once.

A file has few products, places, words and amounts, and its times recur; a dict answers a cell seen before ten times
faster than reading it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import repeat
from typing import Any

from playbooks.orders import Status
from storage.exports import cells
from storage.exports.cells import Damaged, unwrap
from storage.exports.entry import Bad, Entry
from storage.exports.formats import Field, Format
from storage.exports.places import brief, division, packed_address, place, title
from storage.exports.times import Dates
from storage.exports.words import Refund

entry_of: Callable[[Sequence[Any]], Entry] = partial(tuple.__new__, Entry)
"""Entry._make without its check of the length, which is right by the slots."""

MOST_KEPT = 10_000
"""Distinct cells remembered of one column."""

Row = Sequence[str]
How = Callable[[str], Any]


class Memo(dict[str, Any]):
    """Cell as it stands -> what it says; a damaged one is Bad. `damaged`: whether any is."""

    def __init__(self, how: How) -> None:
        super().__init__()
        self.how = how
        self.damaged = False

    def __missing__(self, cell: str) -> Any:
        try:
            said = self.how(cell)
        except Damaged as error:
            said, self.damaged = Bad(str(error), unwrap(cell)), True
        self[cell] = said
        return said

    def all(self, cells: Sequence[str]) -> Iterable[Any]:
        """What the cells of a column say."""
        return map(self.__getitem__, cells)

    def trim(self) -> None:
        """Forget, before so many distinct cells cost more memory than they save time."""
        if len(self) > MOST_KEPT:
            self.clear()
            self.damaged = False


class Each(Memo):
    """Reads every cell anew: for columns that hardly ever say the same twice (ids, names, addresses)."""

    def all(self, cells: Sequence[str]) -> Iterable[Any]:
        try:
            return list(map(self.how, cells))
        except Damaged:
            return map(self.__missing__, cells)

    def trim(self) -> None:
        """Forget the damaged ones, which alone were kept."""
        self.clear()
        self.damaged = False


class Columns:
    """Where each field stands in one file, and how its cells are read. `unknown`: status words nobody listed."""

    def __init__(self, form: Format, header: Row, dates: Dates) -> None:
        self.form = form
        self.header = header
        self.width = len(header)
        self.needed = max((at for at, cell in enumerate(header, 1) if cell.strip()), default=0)
        """Cells a whole row has at least: headings may end in empty ones."""
        self.places = form.places([cells.heading(cell) for cell in header])
        self.unknown: dict[str, None] = {}
        self.says = Memo(unwrap)
        self.plain_ids = not form.id_suffix
        self.ids = Each(self.order_id)
        self.slots = self.slots_of(dates)
        # The field each value of an Entry was read from, behind `line`; for whoever is told of a bad cell.
        self.fields: tuple[Field, ...] = tuple(field for field, _ in self.slots)

    def entries(self, first: int, rows: Sequence[Row]) -> tuple[list[Entry], bool]:
        """The entries of `rows`, the first of which is line `first`; and whether a cell of any may be Bad."""
        columns = self.columns(rows)
        raw: dict[Field, Sequence[str]] = {}
        values: list[Any] = []
        for field, memo in self.slots:
            if field not in self.places:
                values.append(repeat(memo[""]))
                continue
            if field not in raw:
                raw[field] = self.cells_of(field, columns)
            values.append(memo.all(raw[field]))
        found = list(map(entry_of, zip(range(first, first + len(rows)), *values, strict=False)))
        damaged = any(memo.damaged for _, memo in self.slots)
        for _, memo in self.slots:
            memo.trim()
        self.says.trim()
        return found, damaged

    def columns(self, rows: Sequence[Row]) -> list[tuple[str, ...]]:
        """The rows turned; they may be shorter or longer than the header."""
        if set(map(len, rows)) != {self.width}:
            rows = [(*row[: self.width], *[""] * (self.width - len(row))) for row in rows]
        return list(zip(*rows, strict=True))

    def uneven(self, row: Row) -> str:
        """The text key of why a line of a text table cannot be trusted, "" where it has a cell for each heading: cut
        off on the way, or with a cell too many in the middle."""
        if len(row) < self.needed:
            return "orders.row_short"
        return "orders.row_long" if any(map(unwrap, row[self.width :])) else ""

    def cells_of(self, field: Field, columns: Sequence[tuple[str, ...]]) -> Sequence[str]:
        """The cells of a field; of several columns the first that says something."""
        first, *others = self.places[field]
        chosen: Sequence[str] = columns[first]
        for at in others:
            if not all(said := list(map(self.says.__getitem__, chosen))):
                chosen = [a if s else b for a, s, b in zip(chosen, said, columns[at], strict=True)]
        return chosen

    def heading(self, field: Field) -> str:
        """The heading of a field as the file writes it."""
        return self.header[self.places[field][0]].strip()

    def slots_of(self, dates: Dates) -> tuple[tuple[Field, Memo], ...]:
        """(field, how it is read) of each value of an Entry behind `line`, in its order."""
        form = self.form
        packed = form.divisions_in == "packed"
        whole: Field = "province" if form.divisions_in == "province" else "address"
        moment, money = said(dates.moment), said(cells.money)
        code, short = said(cells.code), said(brief)

        def part(of_columns: Field, at: int) -> tuple[Field, Memo]:
            """A division by its own column, or the part `at` of a cell that holds them all."""
            if form.divisions_in == "columns":
                return of_columns, Memo(said(place))
            return whole, Memo(
                lambda cell: division(packed_address(unwrap(cell))[2] if packed else unwrap(cell))[at]
            )

        def person(field: Field, at: int, how: How) -> tuple[Field, Memo]:
            """A personal field by its own column, or the part `at` of the packed address."""
            if packed and field not in self.places:
                return "address", Each(lambda cell: how(packed_address(unwrap(cell))[at]))
            return field, Each(how)

        return (
            ("order_id", self.ids),
            ("sub_order_id", Each(self.sub_order_id) if form.joined else self.ids),
            ("product_title", Memo(said(title))),
            ("sku", Memo(unwrap)),
            ("sku_code", Memo(code)),
            ("product_id", Memo(code)),
            ("quantity", Memo(self.quantity)),
            ("amount_due", Memo(money)),
            ("amount_paid", Memo(money)),
            ("refund_amount", Memo(money)),
            ("line_amount", Memo(money)),
            self.currency_slot(),
            ("buyer_nick", Each(clear)),
            person("receiver_name", 0, clear),
            person("receiver_phone", 1, clear),
            person("receiver_phone", 1, phone_tail),
            part("province", 0),
            part("city", 1),
            part("district", 2),
            ("town", Memo(clear)),
            ("address", Each(lambda cell: packed_address(unwrap(cell))[2])) if packed else ("address", Each(clear)),
            ("buyer_message", Memo(note)),
            ("seller_memo", Memo(note)),
            ("flag_colour", Memo(short)),
            ("created_at", Memo(moment)),
            ("paid_at", Memo(moment)),
            ("ship_by", Memo(moment)),
            ("shipped_at", Memo(moment)),
            ("received_at", Memo(moment)),
            ("carrier", Memo(short)),
            ("tracking_no", Each(unwrap)),
            ("status", Memo(self.status)),
            ("status", Memo(unwrap)),
            ("fulfilment", Memo(lambda cell: form.fulfilments.get(cells.word(unwrap(cell)), ""))),
            ("cancelled", Memo(unwrap)),
            ("refund_status", Memo(self.refund)),
            ("refund_status", Memo(self.refund_text)),
            ("close_reason", Memo(unwrap)),
            ("talent_id", Memo(code)),
            ("talent_name", Memo(short)),
            ("traffic", Memo(unwrap)),
            ("shop_name", Memo(short)),
            ("address_changed", Memo(said(cells.says_yes))),
            ("presale", Memo(said(cells.says_presale))),
            ("phone_until", Memo(said(perhaps(dates.moment)))),
            person("receiver_phone", 1, is_hidden),
            ("address", Each(lambda cell: is_hidden(packed_address(unwrap(cell))[2]) if packed else is_hidden(cell))),
        )  # fmt: skip

    def currency_slot(self) -> tuple[Field, Memo]:
        """The currency's own column; without one, and where the format knows none, the code beside the amount."""
        if "currency" in self.places or self.form.currency:
            return "currency", Memo(unwrap)
        return "amount_due", Memo(said(cells.currency))

    def order_id(self, cell: str) -> str:
        """An id without the ERP's ending; "" for an empty cell; joined ones with a comma between them."""
        text = cell.strip()
        if self.plain_ids and cells.is_plain_id(text):
            return text
        text = unwrap(cell)
        if not text:
            return ""
        if self.form.joined_orders and any(mark in text for mark in self.form.joined_orders):
            parts = re.split(f"[{self.form.joined_orders}]", text)
            return ",".join(cells.identifier(one) for part in parts if (one := unwrap(part)))
        id = cells.identifier(text, cells.is_packed(cell))
        return re.sub(f"{self.form.id_suffix}$", "", id) if self.form.id_suffix else id

    def sub_order_id(self, cell: str) -> Any:
        """A sub-order's id, or the joined ones as they stand."""
        text = cell.strip()
        if self.plain_ids and cells.is_plain_id(text):
            return text
        return unwrap(cell) if self.is_joined(cell) else self.order_id(cell)

    def quantity(self, cell: str) -> int | str | None:
        """A count, or the joined ones as they stand: each line has its own (grouping.split)."""
        text = unwrap(cell)
        return text if self.is_joined(text) else cells.pieces(text)

    def is_joined(self, text: str) -> bool:
        return any(mark in text for mark in self.form.joined)

    def status(self, cell: str) -> Status:
        """The canonical status; a word nobody listed is kept and reported, never guessed (status_rules)."""
        text = unwrap(cell)
        if not text:
            return "unknown"
        found = status_of(self.form, cells.word(text))
        if found is None:
            self.unknown[text] = None
        return found or "unknown"

    def refund(self, cell: str) -> Refund:
        """The canonical after-sale state; `none` for a word nobody listed, which is kept."""
        return self.form.refunds.get(cells.word(unwrap(cell)), "none")

    def refund_text(self, cell: str) -> str:
        """The after-sale word where nobody listed it."""
        text = unwrap(cell)
        return "" if cells.word(text) in self.form.refunds else brief(text)


def clear(cell: str) -> str:
    """What is clear of a personal field; ciphered ones, as in most files, are not looked at closer."""
    return "" if cell[:1] in ("#", "$") else cells.clear(unwrap(cell))


def is_hidden(cell: str) -> bool:
    """Whether something stands there that nobody can read."""
    return cell[:1] in ("#", "$") or cells.is_hidden(unwrap(cell))


def phone_tail(cell: str) -> str:
    return "" if cell[:1] == "$" else cells.phone_tail(unwrap(cell))


def note(cell: str) -> str:
    return cells.note(unwrap(cell))


def said(how: How) -> How:
    """`how` of what a cell says without its packing."""
    return lambda cell: how(unwrap(cell))


def perhaps(how: How) -> How:
    """`how` of a cell no order is refused for: None where it cannot be read."""

    def read(cell: str) -> Any:
        try:
            return how(cell)
        except Damaged:
            return None

    return read


def status_of(form: Format, word: str) -> Status | None:
    """The canonical status of a word; a modifier before it (京东's (锁定), (删除)) is taken off.

    What is deleted is over; an unpaid order that is deleted died unpaid.
    """
    found = form.statuses.get(word)
    if found is not None:
        return found
    for modifier, becomes in form.modifiers.items():
        if word.startswith(modifier):
            bare = form.statuses.get(word.removeprefix(modifier))
            return ("cancelled" if bare == "pending_payment" else becomes) if becomes else bare
    return None
