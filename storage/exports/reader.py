"""An order export 订单导出 read into orders: the good rows count, each bad row says where and why.

Personal fields leave this module only in `ReadOrder.personal`, and only where they are clear: a ciphered or
masked value is unknown, not invalid (REQUIREMENTS K08).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import chain, islice
from typing import TypeVar

from playbooks.model import Model, Moment
from playbooks.orders import Personal, ReadOrder, Status
from storage.exports import cells
from storage.exports.cells import Damaged, unwrap
from storage.exports.formats import FORMATS, Field, Format, detect
from storage.exports.grid import HEAD_ROWS, LIMITS, Limits, Row, stream
from storage.exports.grouping import Entry, settled, to_order
from storage.exports.words import Refund

T = TypeVar("T")
EXPORT_PREFIX = re.compile(r"(\d{10})_")
FIRST_EXPORT, LAST_EXPORT = 1_420_070_400, 4_102_444_800  # 2015 to 2100: other ten digits are no time
JOINED_ID = ";；"


class BadRow(Model):
    """A row that could not be read: its number in the file (1 = the first), the heading, the text key."""

    line: int
    column: str
    key: str
    values: dict[str, str]


class Export(Model):
    """What a file says. `exported_at`: when it was true; the caller caps it at the message's date.

    `unknown_statuses`: status words nobody listed, verbatim; their orders have the status `unknown`.
    """

    format: str
    platform: str
    exported_at: Moment | None
    orders: tuple[ReadOrder, ...]
    bad: tuple[BadRow, ...]
    unknown_statuses: tuple[str, ...]


def read_orders(
    name: str,
    data: bytes,
    zone: tzinfo,
    formats: Sequence[Format] = FORMATS,
    limits: Limits = LIMITS,
) -> Export:
    """Read an export. Times without an offset are the wall clock of `zone`.

    Raises Refusal `files.*` where it is no table, `orders.unknown_format` where no platform's headings fit.
    """
    _, rows = stream(name, data, limits)
    head = list(islice(rows, HEAD_ROWS))
    form, at = detect(head, formats)
    reading = Reading(form, head[at], zone)
    for line, row in enumerate(chain(head[at + 1 :], rows), start=at + 2):
        reading.take(line, row)
    return Export(
        format=form.name,
        platform=form.id,
        exported_at=export_moment(name) or reading.newest,
        orders=tuple(reading.orders()),
        bad=tuple(reading.bad),
        unknown_statuses=tuple(reading.unknown),
    )


def export_moment(name: str) -> datetime | None:
    """When 抖店 made the file: its name begins with ten digits of unix seconds and `_` (export_moment)."""
    found = EXPORT_PREFIX.match(name)
    seconds = int(found[1]) if found else 0
    return datetime.fromtimestamp(seconds, UTC) if FIRST_EXPORT <= seconds < LAST_EXPORT else None


class Rejected(Exception):
    """A field of the row at hand that cannot be read: which, the text key of why, and what stood there."""

    def __init__(self, name: Field, key: str, text: str) -> None:
        super().__init__(key)
        self.field, self.key, self.text = name, key, text


@dataclass(slots=True)
class Reading:
    """One file being read: the columns of its header, and what its rows have said so far."""

    form: Format
    header: Row
    zone: tzinfo
    bad: list[BadRow] = field(default_factory=list)
    unknown: dict[str, None] = field(default_factory=dict)
    newest: datetime | None = None
    groups: dict[str, list[Entry]] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)
    places: dict[Field, tuple[int, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.places = self.form.places([cells.heading(cell) for cell in self.header])

    def take(self, line: int, row: Row) -> None:
        """Read one row below the header; a row that says nothing is passed."""
        try:
            entry = self.entry(line, row)
        except Rejected as wrong:
            if any(map(unwrap, row)):
                self.reject(line, row, wrong)
            return
        self.groups.setdefault(entry.order_id, []).append(entry)

    def entry(self, line: int, row: Row) -> Entry:
        said = {name: self.text(row, at) for name, at in self.places.items()}
        order_id = self.order_id(row, said)
        paid_at = self.time(said, "paid_at")
        created_at = self.time(said, "created_at")
        shipped_at = self.time(said, "shipped_at")
        received_at = self.time(said, "received_at")
        self.see(created_at, paid_at, shipped_at, received_at)
        refund, refund_text = self.refund(said.get("refund_status", ""))
        quantities = said.get("quantity", "")
        get = said.get
        return Entry(
            line=line,
            order_id=order_id,
            sub_order_id=self.sub_order_id(row, said),
            product_id=cells.code(get("product_id", "")),
            sku_code=cells.code(get("sku_code", "")),
            title=get("product_title", ""),
            sku=get("sku", ""),
            quantities=quantities,
            quantity=1 if is_joined(quantities) else self.read("quantity", cells.pieces, quantities),
            amount=self.read("amount_due", cells.money, get("amount_due", "")),
            status=settled(self.status(get("status", "")), refund, paid_at, "paid_at" in self.places),
            status_text=get("status", ""),
            refund=refund,
            refund_text=refund_text,
            created_at=created_at,
            paid_at=paid_at,
            ship_by=self.time(said, "ship_by"),
            shipped_at=shipped_at,
            received_at=received_at,
            close_reason=get("close_reason", ""),
            province=cells.clear(get("province", "")),
            city=cells.clear(get("city", "")),
            district=cells.clear(get("district", "")),
            phone_tail=cells.phone_tail(get("receiver_phone", "")),
            tracking_no=get("tracking_no", ""),
            talent_id=cells.code(get("talent_id", "")),
            traffic=get("traffic", ""),
            personal=personal(get),
        )

    def text(self, row: Row, at: tuple[int, ...]) -> str:
        """The first of its columns that says something; a row may be shorter than the header."""
        for index in at:
            if index < len(row) and (text := unwrap(row[index])):
                return text
        return ""

    def order_id(self, row: Row, said: dict[Field, str]) -> str:
        text = said.get("order_id", "")
        if not text:
            raise Rejected("order_id", "orders.id_missing", "")
        return self.read("order_id", cells.identifier, text, self.packed(row, "order_id"))

    def sub_order_id(self, row: Row, said: dict[Field, str]) -> str:
        text = said.get("sub_order_id", "")
        if text and not is_joined(text):
            return self.read("sub_order_id", cells.identifier, text, self.packed(row, "sub_order_id"))
        return text

    def packed(self, row: Row, name: Field) -> bool:
        """Whether the cell was written as text on purpose: behind a tab, an apostrophe or as ="…"."""
        raw = next(row[index] for index in self.places[name] if index < len(row) and unwrap(row[index]))
        return raw[:1] in ("\t", "'", "=") or raw.endswith("\t")

    def time(self, said: dict[Field, str], name: Field) -> datetime | None:
        text = said.get(name, "")
        return self.read(name, cells.moment, text, self.zone) if text else None

    def read(self, name: Field, how: Callable[..., T], text: str, *more: object) -> T:
        """`how(text, *more)`, a damaged cell turned into the reason this row is rejected for."""
        try:
            return how(text, *more)
        except Damaged as error:
            raise Rejected(name, str(error), text) from error

    def see(self, *moments: datetime | None) -> None:
        """Remember the newest thing that has happened in this file; a promised time is still to come."""
        for moment in moments:
            if moment is not None and (self.newest is None or moment > self.newest):
                self.newest = moment

    def status(self, text: str) -> Status:
        """The canonical status; a word nobody listed is kept and reported, never guessed (status_rules)."""
        found = self.form.words.statuses.get(cells.word(text))
        if found is None:
            if text:
                self.unknown[text] = None
            return "unknown"
        return found

    def refund(self, text: str) -> tuple[Refund, str]:
        """The canonical after-sale state, and the word where nobody listed it."""
        found = self.form.words.refunds.get(cells.word(text)) if text else "none"
        return (found, "") if found else ("none", text)

    def reject(self, line: int, row: Row, wrong: Rejected) -> None:
        """Keep what is told of a bad row, and that its order is not whole."""
        column = self.header[self.places[wrong.field][0]].strip()
        order_id = self.text(row, self.places["order_id"])
        readable = bool(cells.ID.fullmatch(order_id))
        # Only an id is quoted: in a row whose cells have shifted, any other text may be somebody's phone.
        quoted = order_id if readable or wrong.key == "orders.id_damaged" else ""
        self.bad.append(BadRow(line=line, column=column, key=wrong.key, values={"order_id": quoted}))
        if readable:
            self.incomplete.add(order_id)

    def orders(self) -> Iterator[ReadOrder]:
        """The main orders in the order of their first rows."""
        paid_column = "paid_at" in self.places
        for order_id, entries in self.groups.items():
            yield to_order(self.form.id, entries, paid_column, order_id in self.incomplete)


def is_joined(text: str) -> bool:
    return any(mark in text for mark in JOINED_ID)


def personal(get: Callable[[Field, str], str]) -> Personal:
    """The clear personal fields of a row."""
    return Personal(
        receiver_name=cells.clear(get("receiver_name", "")),
        phone=cells.clear(get("receiver_phone", "")),
        town=cells.clear(get("town", "")),
        address=cells.clear(get("address", "")),
        buyer_message=cells.note(get("buyer_message", "")),
        seller_memo=cells.note(get("seller_memo", "")),
    )
