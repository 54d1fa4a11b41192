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
from storage.exports.build import builder
from storage.exports.cells import Damaged, unwrap
from storage.exports.columns import Columns, Said
from storage.exports.formats import FORMATS, Field, Format, detect
from storage.exports.grid import HEAD_ROWS, LIMITS, Limits, Row, stream
from storage.exports.grouping import Entry, settled, to_order
from storage.exports.places import place, title
from storage.exports.words import Refund

T = TypeVar("T")
EXPORT_PREFIX = re.compile(r"(\d{10})_")
FIRST_EXPORT, LAST_EXPORT = 1_420_070_400, 4_102_444_800  # 2015 to 2100: other ten digits are no time
NOTHING_CLEAR = Personal()
build_personal = builder(Personal)


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
    columns: Columns = field(init=False)
    shared: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.columns = Columns(self.form, self.header)

    def take(self, line: int, row: Row) -> None:
        """Read one row below the header; a row that says nothing is passed."""
        said = self.columns.texts(row)
        try:
            entry = self.entry(line, row, said)
        except Rejected as wrong:
            if any(map(unwrap, row)):
                self.reject(line, said, wrong)
            return
        group = self.groups.get(entry.order_id)
        if group is None:
            self.groups[entry.order_id] = [entry]
        else:
            group.append(entry)

    def entry(self, line: int, row: Row, said: Said) -> Entry:
        """One row as it speaks. Texts that recur are kept once: a file has few products and places."""
        once = self.shared.setdefault
        paid_at = self.time("paid_at", said.paid_at)
        refund, refund_text = self.refund(said.refund_status) if said.refund_status else ("none", "")
        entry = Entry(
            line=line,
            order_id=self.order_id(row, said.order_id),
            sub_order_id=self.sub_order_id(row, said),
            product_id=once(t := cells.code(said.product_id), t),
            sku_code=once(t := cells.code(said.sku_code), t),
            title=title(said.product_title),
            sku=once(said.sku, said.sku),
            quantities=once(said.quantity, said.quantity),
            quantity=self.quantity(said.quantity),
            amount=self.read("amount_due", cells.money, said.amount_due) if said.amount_due else None,
            status=settled(self.status(said.status), refund, paid_at, self.columns.has_paid_at),
            status_text=once(said.status, said.status),
            refund=refund,
            refund_text=refund_text,
            created_at=self.time("created_at", said.created_at),
            paid_at=paid_at,
            ship_by=self.time("ship_by", said.ship_by),
            shipped_at=self.time("shipped_at", said.shipped_at),
            received_at=self.time("received_at", said.received_at),
            close_reason=once(said.close_reason, said.close_reason),
            province=place(said.province),
            city=place(said.city),
            district=place(said.district),
            phone_tail=cells.phone_tail(said.receiver_phone),
            tracking_no=said.tracking_no,
            talent_id=once(t := cells.code(said.talent_id), t),
            traffic=once(said.traffic, said.traffic),
            personal=personal(said),
        )
        self.see(entry)
        return entry

    def order_id(self, row: Row, text: str) -> str:
        if not text:
            raise Rejected("order_id", "orders.id_missing", "")
        return self.read("order_id", cells.identifier, text, self.columns.packed(row, "order_id"))

    def sub_order_id(self, row: Row, said: Said) -> str:
        """The sub-order's id; the main order's own text where both are one, as with most orders."""
        text = said.sub_order_id
        if text == said.order_id:
            return said.order_id
        if text and not is_joined(text):
            return self.read("sub_order_id", cells.identifier, text, self.columns.packed(row, "sub_order_id"))
        return text

    def quantity(self, text: str) -> int:
        """The row's count; of a joined one every line has its own (grouping.split)."""
        if text == "1" or is_joined(text):
            return 1
        return self.read("quantity", cells.pieces, text)

    def time(self, name: Field, text: str) -> datetime | None:
        return self.read(name, cells.moment, text, self.zone) if text else None

    def read(self, name: Field, how: Callable[..., T], text: str, *more: object) -> T:
        """`how(text, *more)`, a damaged cell turned into the reason this row is rejected for."""
        try:
            return how(text, *more)
        except Damaged as error:
            raise Rejected(name, str(error), text) from error

    def see(self, entry: Entry) -> None:
        """Remember the newest thing that has happened in this file; a promised time is still to come."""
        for moment in (entry.created_at, entry.paid_at, entry.shipped_at, entry.received_at):
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
        found = self.form.words.refunds.get(cells.word(text))
        return (found, "") if found else ("none", text)

    def reject(self, line: int, said: Said, wrong: Rejected) -> None:
        """Keep what is told of a bad row, and that its order is not whole."""
        readable = bool(cells.ID.fullmatch(said.order_id))
        # Only an id is quoted: in a row whose cells have shifted, any other text may be somebody's phone.
        quoted = said.order_id if readable or wrong.key == "orders.id_damaged" else ""
        column = self.columns.heading(wrong.field)
        self.bad.append(BadRow(line=line, column=column, key=wrong.key, values={"order_id": quoted}))
        if readable:
            self.incomplete.add(said.order_id)

    def orders(self) -> Iterator[ReadOrder]:
        """The main orders in the order of their first rows; what they were read from is let go on the way."""
        for order_id in list(self.groups):
            entries = self.groups.pop(order_id)
            yield to_order(self.form.id, entries, self.columns.has_paid_at, order_id in self.incomplete)


def is_joined(text: str) -> bool:
    return ";" in text or "；" in text


def personal(said: Said) -> Personal:
    """The clear personal fields of a row; one and the same model where nothing is clear, as in most files."""
    values = (
        cells.clear(said.receiver_name),
        cells.clear(said.receiver_phone),
        cells.clear(said.town),
        cells.clear(said.address),
        cells.note(said.buyer_message),
        cells.note(said.seller_memo),
    )
    if not any(values):
        return NOTHING_CLEAR
    name, phone, town, address, message, memo = values
    return build_personal(
        {
            "receiver_name": name,
            "phone": phone,
            "town": town,
            "address": address,
            "buyer_message": message,
            "seller_memo": memo,
            "nick": "",
        }
    )
