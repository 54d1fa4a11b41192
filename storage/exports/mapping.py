"""A table nobody declared, mapped once by a person: the guess to start from, and the format it becomes.

    seen = guess(rows)                          what each column probably is
    seen = seen.assign("paid_at", 4)            as the person says; None takes it away
    seen.missing()                              what is still needed, () when it can be read
    mapped = seen.confirmed(id, name, platform) a document for the room's books
    read_orders(…, formats=(*FORMATS, mapped.format()))

The values shown are masked: whoever maps a table needs their look, not a buyer's phone (REQUIREMENTS K08).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, Self, TypeVar, get_args

from playbooks.model import Document, Model, Refusal
from playbooks.orders import Status
from playbooks.rulebook import load
from storage.exports.cells import heading, unwrap
from storage.exports.formats import FORMATS, Field, Format, shown_columns
from storage.exports.grid import HEAD_ROWS
from storage.exports.words import WORDS, ParcelField, Refund

W = TypeVar("W", bound=str)
AnyField = Field | ParcelField
"""What a column of a table of orders, or of a logistics list, may be."""
TableKind = Literal["orders", "parcels"]
Sureness = Literal["sure", "likely", "none"]
"""How well a column fits: by heading and values, by heading alone, not at all."""

ALIASES: dict[Field, tuple[str, ...]] = load("order_aliases", dict[Field, tuple[str, ...]])
OURS = frozenset(["line_amount", "currency", "fulfilment", "cancelled"])
SHOWN_FIELDS: tuple[Field, ...] = tuple(
    dict.fromkeys((*ALIASES, *(f for f in get_args(Field) if f not in OURS)))
)
"""What a column may be said to be, the most needed first."""
NEEDED: tuple[tuple[Field, ...], ...] = (("order_id",), ("status", "paid_at"))
"""Of each group one is needed: without them nothing can be settled, nor anybody told from who has paid."""
PARCEL_FIELDS: tuple[ParcelField, ...] = get_args(ParcelField)
SHOWN: dict[TableKind, tuple[AnyField, ...]] = {"orders": SHOWN_FIELDS, "parcels": PARCEL_FIELDS}
NEEDED_OF: dict[TableKind, tuple[tuple[AnyField, ...], ...]] = {
    "orders": NEEDED,
    "parcels": (("tracking_no",), ("state", "message")),
}

SAMPLES = 3
LONGEST_SAMPLE = 24
FEWEST_CELLS = 2
ID_DIGITS = r"#?[A-Za-z]{0,4}\d{4,30}|\d{6}-\d{15}|[A-Za-z]{1,4}(?:-[A-Za-z0-9]+)+"
LOOKS: dict[AnyField, re.Pattern[str]] = {
    "order_id": re.compile("|".join([ID_DIGITS, *(f.id_pattern for f in FORMATS if f.id_pattern)])),
    "sub_order_id": re.compile(ID_DIGITS),
    "quantity": re.compile(r"\d{1,6}(?:\.0)?"),
    **dict.fromkeys(
        ("amount_due", "amount_paid", "refund_amount"), re.compile(r"[¥￥$A-Z\s]*[\d,]+(?:\.\d+)?元?")
    ),
    **dict.fromkeys(
        ("created_at", "paid_at", "ship_by", "shipped_at", "received_at", "signed_at", "collected_at", "scanned_at"),
        re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}.*|\d{1,2}/\d{1,2}/\d{4}.*|\d{5}(?:\.\d+)?"),
    ),
}  # fmt: skip
"""What the values of a field look like, where that says anything."""
SLASHED = re.compile(r"\d{1,2}/\d{1,2}/\d{4}\b.*")
PACKED = re.compile(r"[^,，]{1,40}[,，]\s*(?:86-)?1[\d*]{10}[,，].+", re.DOTALL)


class Column(Model):
    """One column: where it stands (from 0), its heading, a few masked values, and the guess of what it is."""

    at: int
    heading: str
    samples: tuple[str, ...]
    field: AnyField | None = None
    sure: Sureness = "none"


class Mapping(Model):
    """What each column of a table is taken for. `header`: the index of its header row, from 0.

    `slash_dates`, `packed`: whether its dates may be dd/mm/yyyy, its addresses begin with name and phone.
    """

    kind: TableKind = "orders"
    header: int
    columns: tuple[Column, ...]
    slash_dates: bool = False
    packed: bool = False

    def assign(self, field: AnyField | None, at: int) -> Self:
        """Column `at` is `field`, and no other column is; None: it is nothing that is read."""
        changed = tuple(
            one.changed(field=field, sure="sure" if field else "none")
            if one.at == at
            else one.changed(field=None, sure="none")
            if field and one.field == field
            else one
            for one in self.columns
        )
        return self.changed(columns=changed)

    def missing(self) -> tuple[tuple[AnyField, ...], ...]:
        """Groups of fields of which one is still needed; () where the table can be read."""
        given = {one.field for one in self.columns}
        return tuple(group for group in NEEDED_OF[self.kind] if not given & set(group))

    def confirmed(self, id: str, name: str, platform: str) -> Mapped:
        """The format as a document of a room's books. `name`: what a person calls it; `platform`: the room's.

        Raises Refusal `orders.mapping_missing` (`fields`, the first of each group) where something needed is.
        """
        if missing := self.missing():
            raise Refusal("orders.mapping_missing", fields=tuple(group[0] for group in missing))
        given = {one.field: one.heading for one in self.columns if one.field}
        parcels = tuple((field, given[field]) for field in PARCEL_FIELDS if field in given)
        of_orders = self.kind == "orders"
        return Mapped(
            id=id,
            name=name,
            platform=platform,
            headings=tuple(one.heading for one in self.columns),
            columns={field: given[field] for field in get_args(Field) if field in given} if of_orders else {},
            parcels=() if of_orders else parcels,
            slash_dates=self.slash_dates,
            packed=self.packed,
        )


class Mapped(Document):
    """A table as a person has mapped it; files with the same headings are read so from then on."""

    name: str
    platform: str
    headings: tuple[str, ...]
    columns: dict[Field, str]
    parcels: tuple[tuple[ParcelField, str], ...] = ()
    """Of a logistics list: field and heading; `columns` is empty then."""
    slash_dates: bool = False
    packed: bool = False

    @property
    def taken(self) -> dict[AnyField, str]:
        """Field -> heading, whichever kind of table it is."""
        return dict([*self.columns.items(), *self.parcels])

    def format(self) -> Format:
        """What `read_orders` takes. It fits a file with all the mapped headings; the words are the platforms' own."""
        own = next((form for form in FORMATS if form.platform == self.platform), None)
        return Format(
            id=self.id,
            name=self.name,
            platform=self.platform,
            zone=own.zone if own else "",
            currency=own.currency if own else "",
            detect_all=tuple((one,) for one in self.columns.values()),
            headings=tuple(one for one in self.headings if one),
            columns={field: (one,) for field, one in self.columns.items()},
            statuses=_statuses(own),
            modifiers=own.modifiers if own else {},
            refunds=_refunds(own),
            summed=own.summed if own else frozenset(),
            divisions_in="packed" if self.packed else "columns" if "province" in self.columns else "address",
            joined=own.joined if own else "",
            slash_dates=self.slash_dates,
        )


def guess(rows: Sequence[Sequence[str]]) -> Mapping:
    """What the columns of a table probably are, by their headings and the look of their first values.

    `rows`: the first of the file, 20 suffice. Raises Refusal `orders.unknown_format` where no row looks like a header.
    """
    return _guessed("orders", rows, list(_names()))


def guess_parcels(rows: Sequence[Sequence[str]]) -> Mapping:
    """The same for a logistics list. Raises Refusal `orders.unknown_format`."""
    return _guessed("parcels", rows, list(_parcel_names()))


def _guessed(
    kind: TableKind, rows: Sequence[Sequence[str]], names: Sequence[tuple[AnyField, list[str]]]
) -> Mapping:
    at = max(range(len(rows[:HEAD_ROWS])), key=lambda index: len(_by_heading(rows[index], names)), default=0)
    found = _by_heading(rows[at], names) if rows else {}
    if not found:
        raise Refusal("orders.unknown_format", columns=shown_columns(rows))
    below = rows[at + 1 :]
    columns = tuple(
        _column(
            index, cell.strip(), found.get(index), [unwrap(row[index]) for row in below if index < len(row)]
        )
        for index, cell in enumerate(rows[at])
    )
    values = [unwrap(cell) for row in below for cell in row]
    return Mapping(
        kind=kind,
        header=at,
        columns=columns,
        slash_dates=any(SLASHED.fullmatch(value) for value in values),
        packed=any(PACKED.fullmatch(value) for value in values),
    )


def looks_like_orders(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a person could map the table: its headings name all that is needed."""
    try:
        return not guess(rows).missing()
    except Refusal:
        return False


def _by_heading(row: Sequence[str], names_of: Sequence[tuple[AnyField, list[str]]]) -> dict[int, AnyField]:
    """Column -> field by heading alone: every declared format's headings, then the common ones; a field once."""
    header = [heading(cell) for cell in row]
    found: dict[int, AnyField] = {}
    for field, names in names_of:
        at = next(
            (header.index(name) for name in names if name in header and header.index(name) not in found), None
        )
        if at is not None:
            found[at] = field
    return found


def _parcel_names() -> Iterator[tuple[AnyField, list[str]]]:
    """The same for a logistics list: what it shares with orders, its own headings, then likely ones."""
    words = WORDS.parcels
    for field in PARCEL_FIELDS:
        shared: tuple[str, ...] = next((names for known, names in ALIASES.items() if known == field), ())
        listed = (*shared, *words.columns.get(field, ()), *words.guesses.get(field, ()))
        yield field, list(dict.fromkeys(map(heading, listed)))


def _names() -> Iterator[tuple[AnyField, list[str]]]:
    """Field -> headings it may stand under, normalised; the most likely first."""
    for field in SHOWN_FIELDS:
        declared = [name for form in FORMATS for name in form.columns.get(field, ())]
        yield field, list(dict.fromkeys(map(heading, (*ALIASES.get(field, ()), *declared))))


def _column(at: int, name: str, field: AnyField | None, values: Sequence[str]) -> Column:
    """One column with its guess; a field most of whose values look otherwise is none."""
    said = [value for value in values if value]
    look = LOOKS.get(field) if field else None
    if look and sum(1 for value in said if look.fullmatch(value)) * 2 < len(said):
        field = None
    sure: Sureness = "none" if field is None else "sure" if look and len(said) >= FEWEST_CELLS else "likely"
    samples = tuple(masked(value, field) for value in dict.fromkeys(said))
    return Column(at=at, heading=name, samples=samples[:SAMPLES], field=field, sure=sure)


def masked(value: str, field: AnyField | None) -> str:
    """A value a person may be shown: times, amounts and status words as they are; of anything else the first and last
    character, every digit and letter between them hidden."""
    look = LOOKS.get(field) if field and field not in ("order_id", "sub_order_id", "tracking_no") else None
    if (look and look.fullmatch(value)) or field in ("status", "refund_status", "state"):
        return value[:LONGEST_SAMPLE]
    hidden = re.sub(r"\w", "*", value[1:-1])
    return (value[:1] + hidden + (value[-1:] if len(value) > 2 else "*" * (len(value) - 1)))[:LONGEST_SAMPLE]


def _statuses(own: Format | None) -> dict[str, Status]:
    """Status words: the platform's own, then those all others agree on."""
    return {**_agreed([form.statuses for form in FORMATS]), **(own.statuses if own else {})}


def _refunds(own: Format | None) -> dict[str, Refund]:
    return {**_agreed([form.refunds for form in FORMATS]), **(own.refunds if own else {})}


def _agreed(tables: Sequence[dict[str, W]]) -> dict[str, W]:
    """Words that mean the same wherever they are listed."""
    listed = [(word, said) for table in tables for word, said in table.items()]
    meanings = {word: {said for one, said in listed if one == word} for word, _ in listed}
    return {word: said for word, said in listed if len(meanings[word]) == 1}
