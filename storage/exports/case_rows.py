"""A file of cases 工单表 read row by row: reviews, after-sales, complaints, its columns found by name (E19, E21).

Names, phones and addresses are no columns of it; what stands of them in a sentence is masked as it is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Literal

from playbooks import cases
from playbooks.cases.rules import Column, Rating
from playbooks.model import Model, Moment, Money
from storage.exports import cells
from storage.exports.cells import Damaged, heading, unwrap
from storage.exports.grid import HEAD_ROWS, Row
from storage.exports.times import Dates

FileKind = Literal["negative", "mixed", "aftersale", "complaint"]
READ_AT_MOST = 4
"""So many times as much of a sentence as is kept is read: masking shortens it."""
_STARS = re.compile(r"([0-5])(?:\.\d+)?\s*(?:星|分|颗星|stars?)?", re.IGNORECASE)


class CaseRow(Model):
    """One row. `owner` is the name that stands there; `line` counts from 1."""

    kind: FileKind
    order_id: str
    type: str = ""
    cause: str = ""
    stars: int | None = None
    amount: Money | None = None
    text: str = ""
    event_at: Moment | None = None
    explain_by: Moment | None = None
    owner: str = ""
    line: int


class Wrong(Exception):
    """A row that cannot be taken: which column, the text key, what stands there."""

    def __init__(self, column: Column, key: str, text: str = "") -> None:
        super().__init__(key)
        self.column: Column = column
        self.key = key
        self.text = text


@dataclass(frozen=True)
class Headed:
    """The header row of a sheet: where it stands, and what its columns are."""

    at: int
    kind: FileKind
    places: dict[Column, int] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def named(self, column: Column) -> str:
        """The heading as it is written."""
        return self.names[self.places[column]].strip() if column in self.places else ""


def header_of(rows: Sequence[Row]) -> Headed | None:
    """The first row that names an order number and what tells the kind of case; None where there is none."""
    for at, row in enumerate(rows[:HEAD_ROWS]):
        places = _places(row)
        kind = next(
            (kind for kind, by in cases.rules().kind_by.items() if any(c in places for c in by)), None
        )
        if kind is not None and kind != "mistake" and "order_id" in places:
            return Headed(at, kind, places, tuple(row))
    return None


def _places(row: Row) -> dict[Column, int]:
    cleaned = [heading(cell) for cell in row]
    found: dict[Column, int] = {}
    for column, names in cases.rules().columns.items():
        at = next((cleaned.index(one) for one in map(heading, names) if one in cleaned), None)
        if at is not None:
            found[column] = at
    return found


def read_row(headed: Headed, row: Row, line: int, zone: tzinfo) -> CaseRow | None:
    """One row below the header; None for a good review that says nothing bad. Raises Wrong."""
    said = {name: unwrap(row[at]) if at < len(row) else "" for name, at in headed.places.items()}
    kind, stars = _kind(headed, said)
    if kind is None:
        return None
    return CaseRow(
        kind=kind, order_id=_order(headed, said, row), stars=stars, type=_type(kind, said), cause=_cause(said),
        amount=_money(said), text=_text(said), event_at=_moment("at", said, zone),
        explain_by=_moment("explain_by", said, zone), owner=said.get("owner", ""), line=line,
    )  # fmt: skip


def _kind(headed: Headed, said: dict[Column, str]) -> tuple[FileKind | None, int | None]:
    """The row's kind and stars: of reviews the bad ones, and the good ones with a complaint in them (E14)."""
    if headed.kind != "negative":
        return headed.kind, None
    rating, stars = _rating(said.get("stars", "")) if "stars" in headed.places else ("bad", None)
    if rating != "good":
        return "negative", stars
    return ("mixed" if has_complaint(said.get("review", "")) else None), stars


def _rating(text: str) -> tuple[Rating, int | None]:
    known = cases.rules().star_words
    named = next((rating for rating, words in known.items() if text.casefold() in words), None)
    if named:
        return named, None
    figure = _STARS.fullmatch(text.strip())
    if figure is None or figure[1] == "0":
        raise Wrong("stars", "case.bad_stars", text)
    stars = int(figure[1])
    return ("good" if stars > 3 else "middling" if stars == 3 else "bad"), stars


def has_complaint(review: str) -> bool:
    """Whether a good review names something that was not good."""
    known, text = cases.rules().mixed_words, review.casefold()
    for word in known.unless:
        text = text.replace(word, "")
    return any(word in text for word in known.words)


def _order(headed: Headed, said: dict[Column, str], row: Row) -> str:
    text = said.get("order_id", "")
    if not text:
        raise Wrong("order_id", "case.bad_order_missing")
    try:
        found = cells.identifier(text, cells.is_packed(row[headed.places["order_id"]]))
    except Damaged:
        raise Wrong("order_id", "case.bad_order", text) from None
    if not cases.is_order(found):
        raise Wrong("order_id", "case.bad_order", text)
    return found


def _type(kind: FileKind, said: dict[Column, str]) -> str:
    if kind != "aftersale":
        return ""
    found = cases.type_of(said.get("type", ""))
    if not found:
        raise Wrong("type", "case.bad_type", said.get("type", ""))
    return found


def _cause(said: dict[Column, str]) -> str:
    """The cause where the cell is one of the room's words; any other stays with the text."""
    return cases.cause_of(said.get("cause", ""))


def _text(said: dict[Column, str]) -> str:
    cause = "" if _cause(said) else said.get("cause", "")
    parts = (cause, said.get("review", ""), said.get("complaint", ""), said.get("text", ""))
    whole = " ".join(dict.fromkeys(one for one in parts if one))
    longest = cases.rules().longest_text
    return cases.masked(whole[: READ_AT_MOST * longest])[:longest]


def _moment(column: Column, said: dict[Column, str], zone: tzinfo) -> datetime | None:
    try:
        return Dates(zone).moment(said.get(column, ""))
    except Damaged:
        raise Wrong(column, "case.bad_time", said[column]) from None


def _money(said: dict[Column, str]) -> Decimal | None:
    try:
        return cells.money(said.get("amount", ""))
    except Damaged:
        raise Wrong("amount", "case.bad_amount", said["amount"]) from None
