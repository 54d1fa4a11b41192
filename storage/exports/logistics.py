"""A logistics list 物流 read into parcels.

The latest message is looked at, never kept: it names phones and places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import islice
from typing import Literal

from playbooks.followup import ParcelStatus
from playbooks.model import Model, Moment, Refusal
from storage.exports import cells
from storage.exports.cells import Damaged, heading, unwrap
from storage.exports.formats import shown_columns
from storage.exports.grid import HEAD_ROWS, LIMITS, Limits, Row, Table
from storage.exports.mapping import ALIASES
from storage.exports.reader import BadRow, export_moment
from storage.exports.times import Dates
from storage.exports.words import WORDS, Codes, ParcelField

SHARED: tuple[Literal["tracking_no", "carrier", "order_id", "shipped_at"], ...] = (
    "tracking_no", "carrier", "order_id", "shipped_at",
)  # fmt: skip
"""What stands under the same headings as in a table of orders nobody declared."""
Columns = Mapping[ParcelField, tuple[str, ...]]
"""Field -> the headings it may stand under."""
COLUMNS: Columns = {
    **{name: ALIASES[name] for name in SHARED},
    **WORDS.parcels.columns,
}

# States the carrier still calls under way; only these a message may turn into "waiting for pick-up".
State = ParcelStatus | Literal["unknown"]
"""`unknown` is a word nobody listed."""

UNDER_WAY: frozenset[State] = frozenset(
    ["ordered", "collected", "in_transit", "arrived_city", "out_for_delivery", "no_trace", "unknown"]
)
TIME_IN_MESSAGE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\s+\d{1,2}:\d{2}(?::\d{2})?")


class Parcel(Model):
    """One parcel: `order_id` "" where the list has none; `line` counts from 1.

    `state` is `unknown` for a word nobody listed; `state_text` is the word as the file has it.
    """

    order_id: str
    tracking_no: str
    carrier: str
    state: State
    state_text: str
    shipped_at: Moment | None
    last_scan_at: Moment | None
    signed_at: Moment | None
    line: int


class Parcels(Model):
    """What a logistics list says; `unknown`: state words nobody listed. The caller caps `exported_at`."""

    exported_at: Moment | None
    rows: tuple[Parcel, ...]
    bad: tuple[BadRow, ...]
    unknown: tuple[str, ...]


def read_parcels(name: str, data: bytes, zone: tzinfo, limits: Limits = LIMITS) -> Parcels:
    """Read a list of parcels; times are the wall clock of `zone`.

    Raises Refusal `files.*` where it is no table, `parcels.unknown_format` where its headings do not fit.
    """
    return parcels_of(Table(name, data, limits), zone)


def parcels_of(table: Table, zone: tzinfo, *, columns: Columns = COLUMNS, codes: str = "") -> Parcels:
    """`read_parcels` of a table that is open. `columns`: as a person mapped it; `codes`: whose numbers its states are,
    as a person said. Raises Refusal `parcels.which_codes` (`candidates`) where nobody can tell.
    """
    head = table.head()
    at = header_at(head, columns)
    if at is None:
        raise Refusal("parcels.unknown_format", columns=shown_columns(head))
    reading = Reading(head[at], zone, columns)
    for line, row in enumerate(islice(table.rows(), at + 1, None), start=at + 2):
        if any(map(unwrap, row)):
            reading.take(line, row)
    reading.decode(codes)
    return Parcels(
        exported_at=export_moment(table.name) or reading.newest(),
        rows=tuple(reading.parcels),
        bad=tuple(one.placed(table) for one in reading.bad),
        unknown=tuple(reading.unknown),
    )


def header_at(head: Sequence[Row], columns: Columns = COLUMNS) -> int | None:
    """The header's index: the first row with a tracking number and either a state or a latest message."""
    for index, row in enumerate(head[:HEAD_ROWS]):
        places = places_of(row, columns)
        if "tracking_no" in places and ("state" in places or "message" in places):
            return index
    return None


def mapped_columns(head: Sequence[Row], mapped: Iterable[Mapping[ParcelField, str]]) -> Columns | None:
    """The first mapping of a person all of whose headings stand in one row, as columns; None where none fits."""
    rows = [{heading(cell) for cell in row} for row in head[:HEAD_ROWS]]
    for one in mapped:
        if any({heading(name) for name in one.values()} <= row for row in rows):
            return {field: (name,) for field, name in one.items()}
    return None


def places_of(header: Row, columns: Columns = COLUMNS) -> dict[ParcelField, int]:
    """Field -> its column, by the first of its headings that is there."""
    cleaned = [heading(cell) for cell in header]
    found = {}
    for name, headings in columns.items():
        at = next((cleaned.index(h) for h in map(heading, headings) if h in cleaned), None)
        if at is not None:
            found[name] = at
    return found


def state_of(word: str, message: str, signed: bool) -> State:
    """The canonical state; a word nobody listed is reported, never guessed.

    A message that speaks of a pick-up point overrules a state that is still under way.
    """
    unsaid: State = "signed" if signed else "no_trace"
    state: State = WORDS.parcels.states.get(cells.word(word), "unknown") if word else unsaid
    if state in UNDER_WAY and any(hint in message for hint in WORDS.parcels.pickup_words):
        return "at_pickup_point"
    return state


@dataclass(slots=True)
class Reading:
    """One list being read."""

    header: Row
    zone: tzinfo
    columns: Columns = field(default_factory=lambda: COLUMNS)
    coded: dict[int, bool] = field(default_factory=dict)
    """Place in `parcels` of those whose state is a number -> whether the message speaks of a pick-up point."""
    parcels: list[Parcel] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    unknown: dict[str, None] = field(default_factory=dict)
    places: dict[ParcelField, int] = field(init=False)
    dates: Dates = field(init=False)

    def __post_init__(self) -> None:
        self.places = places_of(self.header, self.columns)
        self.dates = Dates(self.zone)

    def take(self, line: int, row: Row) -> None:
        """Read one row, or keep why it cannot be read."""
        column: ParcelField = "tracking_no"
        said = {name: unwrap(row[at]) if at < len(row) else "" for name, at in self.places.items()}
        times: dict[ParcelField, datetime | None] = {}
        try:
            tracking_no = self.tracking_no(said, row)
            for column in ("shipped_at", "signed_at", "collected_at", "scanned_at"):
                times[column] = self.dates.moment(said.get(column, ""))
        except Damaged as wrong:
            heading_text = self.header[self.places[column]].strip()
            self.bad.append(BadRow(line=line, column=heading_text, key=str(wrong), values={"order_id": ""}))
            return
        self.parcels.append(self.parcel(line, said, tracking_no, times))

    def tracking_no(self, said: dict[ParcelField, str], row: Row) -> str:
        text = said["tracking_no"]
        if not text:
            raise Damaged("parcels.number_missing")
        packed = row[self.places["tracking_no"]][:1] in ("\t", "'", "=")
        try:
            return cells.identifier(text, packed)
        except Damaged as error:
            raise Damaged("parcels.number_damaged") from error

    def parcel(
        self,
        line: int,
        said: dict[ParcelField, str],
        tracking_no: str,
        times: dict[ParcelField, datetime | None],
    ) -> Parcel:
        word, message = said.get("state", ""), said.get("message", "")
        state = state_of(word, message, times["signed_at"] is not None)
        scanned_at = (
            times["scanned_at"] or self.time_in(message) or times["signed_at"] or times["collected_at"]
        )
        if word.isdecimal():
            self.coded[len(self.parcels)] = state == "at_pickup_point"
        elif word and cells.word(word) not in WORDS.parcels.states:
            self.unknown[word] = None
        return Parcel(
            order_id=cells.code(said.get("order_id", "")),
            tracking_no=tracking_no,
            carrier=said.get("carrier", ""),
            state=state,
            state_text=word,
            shipped_at=times["shipped_at"],
            last_scan_at=scanned_at,
            signed_at=times["signed_at"],
            line=line,
        )

    def time_in(self, message: str) -> datetime | None:
        """The time a latest message begins with; None where it has none."""
        found = TIME_IN_MESSAGE.search(message)
        try:
            return self.dates.moment(found[0]) if found else None
        except Damaged:
            return None

    def decode(self, said: str) -> None:
        """States that are a tracking service's numbers; a number it does not have is reported like an unknown word."""
        if not self.coded:
            return
        states = WORDS.parcels.codes[self.service(said)].states
        for at, waits in self.coded.items():
            one = self.parcels[at]
            state: State = states.get(one.state_text, "unknown")
            if state == "unknown":
                self.unknown[one.state_text] = None
            if waits and state in UNDER_WAY:
                state = "at_pickup_point"
            self.parcels[at] = one.model_copy(update={"state": state})

    def service(self, said: str) -> str:
        """Whose numbers they are: as a person said, by a heading, by what only one of them has, or where it is all the
        same. Raises Refusal `parcels.which_codes`."""
        known: dict[str, Codes] = WORDS.parcels.codes
        numbers = {self.parcels[at].state_text for at in self.coded}
        if said in known:
            return said
        header = {heading(cell) for cell in self.header}
        named = [id for id, one in known.items() if header & set(map(heading, one.headings))]
        fits = named or [id for id, one in known.items() if numbers <= one.states.keys()] or list(known)
        meant = {tuple(known[id].states.get(number) for number in sorted(numbers)) for id in fits}
        if len(meant) > 1:
            raise Refusal("parcels.which_codes", candidates=fits)
        return fits[0]

    def newest(self) -> datetime | None:
        """The newest thing that has happened in this list."""
        happened = (m for p in self.parcels for m in (p.shipped_at, p.last_scan_at, p.signed_at) if m)
        return max(happened, default=None)
