"""The cells of a row under their canonical names, whatever headings and order the file has."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple, get_args

from storage.exports import cells
from storage.exports.cells import EMPTY, unwrap
from storage.exports.formats import Field, Format


class Said(NamedTuple):
    """What a row says, unwrapped; "" where it says nothing or the file has no such column."""

    order_id: str
    sub_order_id: str
    product_title: str
    sku: str
    sku_code: str
    product_id: str
    quantity: str
    amount_due: str
    receiver_name: str
    receiver_phone: str
    province: str
    city: str
    district: str
    town: str
    address: str
    buyer_message: str
    seller_memo: str
    created_at: str
    paid_at: str
    ship_by: str
    shipped_at: str
    tracking_no: str
    received_at: str
    status: str
    refund_status: str
    close_reason: str
    talent_id: str
    traffic: str


def is_packed(texts: str) -> bool:
    """Whether a row holds any packing beside tabs and spaces; spelled out, for it is asked of every row."""
    return (
        "'" in texts or "=" in texts or "\ufeff" in texts
        or "\u200b" in texts or "\u200c" in texts or "\u200d" in texts
    )  # fmt: skip


class Columns:
    """Where each field stands in one file."""

    def __init__(self, form: Format, header: Sequence[str]) -> None:
        self.header = header
        self.places = form.places([cells.heading(cell) for cell in header])
        self.has_paid_at = "paid_at" in self.places
        self.width = len(header)
        # A field without a column points behind the last one, where every row is given an empty cell.
        self.pick = itemgetter(*(self.places.get(name, (self.width,))[0] for name in get_args(Field)))
        self.more = [
            (slot, at[1:])
            for slot, name in enumerate(get_args(Field))
            if len(at := self.places.get(name, ())) > 1
        ]

    def texts(self, row: Sequence[str]) -> Said:
        """The row's texts; it may be shorter or longer than the header."""
        full = (*row[: self.width], *[""] * (self.width - len(row)), "")
        picked = self.pick(full)
        if is_packed("".join(picked)):
            texts = [unwrap(cell) for cell in picked]
        else:
            texts = ["" if (text := cell.strip()) in EMPTY else text for cell in picked]
        for slot, others in self.more:
            if not texts[slot]:
                texts[slot] = next(filter(None, (unwrap(full[at]) for at in others)), "")
        return Said._make(texts)

    def packed(self, row: Sequence[str], name: Field) -> bool:
        """Whether the cell was written as text on purpose: behind a tab, an apostrophe or as ="…"."""
        raw = next(row[at] for at in self.places[name] if at < len(row) and row[at].strip() not in EMPTY)
        return raw[0] in "\t'=" or raw[-1] == "\t"

    def heading(self, name: Field) -> str:
        """The heading of a field as the file writes it."""
        return self.header[self.places[name][0]].strip()


# One list of names, kept in step: Said is picked by the order of Field.
assert Said._fields == get_args(Field)
