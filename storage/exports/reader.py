"""An order export 订单导出 read into orders: the good rows count, each bad row says where and why.

Personal fields leave this module only in `ReadOrder.personal`, and only where they are clear: a ciphered or
masked value is unknown, not invalid (REQUIREMENTS K08).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import islice
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from playbooks.model import Model, Moment, Refusal
from playbooks.orders import ReadOrder
from storage.exports import cells
from storage.exports.cells import unwrap
from storage.exports.columns import Columns
from storage.exports.entry import Bad, Entry
from storage.exports.formats import FORMATS, Format, detect
from storage.exports.grid import Row, Table
from storage.exports.grouping import Grouping
from storage.exports.limits import LIMITS, Limits
from storage.exports.rounded import are_rounded
from storage.exports.times import Dates, OtherWayRound
from storage.exports.wire import BATCH, Values, codec

EXPORT_PREFIX = re.compile(r"(\d{10})_")
FIRST_EXPORT, LAST_EXPORT = 1_420_070_400, 4_102_444_800  # 2015 to 2100: other ten digits are no time
ORDER_ID = attrgetter("order_id")
HAPPENED = tuple(map(attrgetter, ("created_at", "paid_at", "shipped_at", "received_at")))
CHUNK = 500
"""Rows read at a time."""


class BadRow(Model):
    """A row that could not be read: its number in the file (1 = the first), the heading, the text key.

    `part`: the file of an archive of several it stands in, where `line` counts; else "".
    """

    line: int
    part: str = ""
    column: str
    key: str
    values: dict[str, str]

    def placed(self, table: Table) -> BadRow:
        """The row as whoever opens the file finds it; `line` counted through all parts so far."""
        part, line = table.place(self.line)
        return self.model_copy(update={"part": part, "line": line})


class Export(Model):
    """What a file says. `format`: what it is called, `platform`: whose orders they are.

    `exported_at`: when it was true; the caller caps it at the message's date. `says_status`: False where nothing in
    it tells the state of an order (淘宝宝贝报表): it completes another file and settles nothing.
    `unknown_statuses`: status words nobody listed, verbatim; their orders have the status `unknown`. `passed`: the
    files of an archive that are no tables.
    """

    format: str
    platform: str
    exported_at: Moment | None
    says_status: bool = True
    orders: tuple[ReadOrder, ...]
    bad: tuple[BadRow, ...]
    unknown_statuses: tuple[str, ...]
    passed: tuple[str, ...] = ()


def read_orders(
    name: str,
    data: bytes,
    zone: tzinfo,
    formats: Sequence[Format] = FORMATS,
    *,
    limits: Limits = LIMITS,
    as_platform: str = "",
) -> Export:
    """Read an export. Times without an offset are the wall clock of the platform, or of `zone` where it has none.

    `formats`: those declared and those mapped for the room (mapping.Mapped.format). `as_platform`: the id of a format
    or platform it is to be read as. Raises Refusal `files.*` where it is no table, `orders.unknown_format`,
    `orders.which_format`, `orders.no_such_format` as `detect` does, `orders.ids_rounded` where all ids lost digits.
    """
    table = Table(name, data, limits)
    about, batches = open_orders(table, zone, formats, as_platform=as_platform)
    packing = codec(ReadOrder)
    orders = [one for count, values in batches for one in packing.unpack(packing.pack_values(values), count)]
    return about.model_copy(update={"orders": tuple(orders)})


def open_orders(
    table: Table,
    zone: tzinfo,
    formats: Sequence[Format] = FORMATS,
    *,
    as_platform: str = "",
) -> tuple[Export, Iterator[tuple[int, Values]]]:
    """`read_orders`, its orders as batches of Values of ReadOrder: every row is read by then, what is taken let go."""
    try:
        reading = _read(table, zone, formats, as_platform, swapped=False)
    except OtherWayRound:
        reading = _read(table, zone, formats, as_platform, swapped=True)
    about = Export(
        format=reading.form.name,
        platform=reading.form.platform,
        exported_at=export_moment(table.name) or reading.newest,
        says_status=reading.says_status,
        orders=(),
        bad=tuple(one.placed(table) for one in reading.bad),
        unknown_statuses=tuple(reading.columns.unknown),
        passed=table.passed,
    )
    return about, reading.batches()


def _read(
    table: Table, zone: tzinfo, formats: Sequence[Format], as_platform: str, *, swapped: bool
) -> Reading:
    head = table.head()
    form, at = detect(head, formats, as_platform)
    zone = ZoneInfo(form.zone) if form.zone else zone
    reading = Reading(form, head[at], Dates(zone, form.slash_dates, swapped), table.is_text)
    line = at + 2
    rest = islice(table.rows(), at + 1, None)
    while chunk := list(islice(rest, CHUNK)):
        reading.take(line, chunk)
        line += len(chunk)
    return reading


def export_moment(name: str) -> datetime | None:
    """When 抖店 made the file: its name begins with ten digits of unix seconds and `_` (export_moment)."""
    found = EXPORT_PREFIX.match(name)
    seconds = int(found[1]) if found else 0
    return datetime.fromtimestamp(seconds, UTC) if FIRST_EXPORT <= seconds < LAST_EXPORT else None


class Reading:
    """One file being read: the columns of its header, and what its rows have said so far.

    `is_text`: whether the row of that number is a line of a text table, which has all its cells.
    """

    def __init__(self, form: Format, header: Row, dates: Dates, is_text: Callable[[int], bool]) -> None:
        self.form = form
        self.is_text = is_text
        self.columns = Columns(form, header, dates)
        self.bad: list[BadRow] = []
        self.newest: datetime | None = None
        self.groups: dict[str, list[Entry]] = {}
        self.incomplete: set[str] = set()
        self.begun = False
        self.last = ""

    @property
    def says_status(self) -> bool:
        return "status" in self.columns.places or "paid_at" in self.columns.places

    def take(self, line: int, rows: Sequence[Row]) -> None:
        """Read the next rows, the first of which is `line`; a row that says nothing is passed."""
        if not self.begun:
            self.begun = True
            self.judge(rows)
            if self.form.described and self.describes(rows[0]):
                line, rows = line + 1, rows[1:]
        if not rows:
            return
        entries, damaged = self.columns.entries(line, rows)
        if damaged or self.is_uneven(line, rows) or not all(map(ORDER_ID, entries)):
            entries = list(self.good(entries, rows))
        if self.form.joined_orders:
            entries = [one for entry in entries for one in apart(entry)]
        groups = self.groups
        for entry in entries:
            if (group := groups.get(entry.order_id)) is None:
                groups[entry.order_id] = [entry]
            else:
                group.append(entry)
        self.see(entries)

    def is_uneven(self, line: int, rows: Sequence[Row]) -> bool:
        """Whether some line of a text table is longer or shorter than its header."""
        width = self.columns.width
        if set(map(len, rows)) == {width}:
            return False
        return any(self.is_text(number) for number, row in enumerate(rows, line) if len(row) != width)

    def judge(self, rows: Sequence[Row]) -> None:
        """Refuse a file whose ids have all lost their last digits."""
        at = self.columns.places["order_id"][0]
        if are_rounded(row[at] for row in rows if at < len(row)):
            raise Refusal("orders.ids_rounded", column=self.columns.heading("order_id"))

    def describes(self, row: Row) -> bool:
        """Whether the row says what each column is for (TikTok Shop: "Platform unique order ID.")."""
        at = self.columns.places["order_id"][0]
        text = unwrap(row[at]) if at < len(row) else ""
        return any(map(str.isalpha, text)) and not any(map(str.isdigit, text))

    def good(self, entries: Sequence[Entry], rows: Sequence[Row]) -> Iterator[Entry]:
        """The entries that could be read; the others are kept as bad rows, blank ones passed."""
        for entry, row in zip(entries, rows, strict=True):
            slot = next((slot for slot, value in enumerate(entry[1:]) if isinstance(value, Bad)), None)
            uneven = self.columns.uneven(row) if self.is_text(entry.line) and any(map(unwrap, row)) else ""
            if uneven:
                self.reject_row(entry, row, uneven)
            elif slot is not None:
                self.reject(entry, slot)
            elif entry.order_id:
                self.last = entry.order_id
                yield entry
            elif self.form.continues and self.last and entry.title:
                yield entry._replace(order_id=self.last)
            elif any(map(unwrap, row)):
                self.reject(entry._replace(order_id=Bad("orders.id_missing", "")), 0)  # type: ignore[arg-type]

    def reject(self, entry: Entry, slot: int) -> None:
        """Keep what is told of a bad row, and that its order is not whole."""
        wrong: Any = entry[1 + slot]
        id = entry.order_id.text if isinstance(entry.order_id, Bad) else entry.order_id
        readable = bool(cells.ID.fullmatch(id))
        # Only an id is quoted: in a row whose cells have shifted, any other text may be somebody's phone.
        quoted = id if readable or wrong.key == "orders.id_damaged" else ""
        column = self.columns.heading(self.columns.fields[slot])
        self.bad.append(BadRow(line=entry.line, column=column, key=wrong.key, values={"order_id": quoted}))
        if readable:
            self.incomplete.add(id)

    def reject_row(self, entry: Entry, row: Row, why: str) -> None:
        """Keep what is told of a row that is too short or too long, and the last column it fills."""
        last = min(len(row), self.columns.needed) - 1
        column = self.columns.header[last].strip()
        values = {"order_id": "", "count": f"{len(row)}", "width": f"{self.columns.width}"}
        self.bad.append(BadRow(line=entry.line, column=column, key=why, values=values))
        # The cell a row breaks off in may itself be cut.
        whole = self.columns.places["order_id"][0] < last
        if whole and isinstance(entry.order_id, str) and cells.ID.fullmatch(entry.order_id):
            self.incomplete.add(entry.order_id)

    def see(self, entries: Sequence[Entry]) -> None:
        """Remember the newest thing that has happened in this file; a promised time is still to come."""
        for moment_of in HAPPENED:
            newest = max(filter(None, map(moment_of, entries)), default=None)
            if newest is not None and (self.newest is None or newest > self.newest):
                self.newest = newest

    def batches(self) -> Iterator[tuple[int, Values]]:
        """How many and what the main orders say, in the order of their first rows, BATCH at a time.

        What they were read from is let go on the way.
        """
        grouping = Grouping(self.form, "paid_at" in self.columns.places)
        ids = list(self.groups)
        for at in range(0, len(ids), BATCH):
            some = ids[at : at + BATCH]
            incomplete = [id in self.incomplete for id in some]
            yield len(some), grouping.orders([self.groups.pop(id) for id in some], incomplete)


def apart(entry: Entry) -> list[Entry]:
    """The orders an ERP merged into one parcel, which stand in one row: what each of them cost is unknown."""
    ids = entry.order_id.split(",")
    if len(ids) == 1:
        return [entry]
    nothing = dict.fromkeys(("amount_due", "amount_paid", "refund_amount", "line_amount"))
    return [entry._replace(order_id=id, **nothing) for id in ids]  # type: ignore[arg-type]
