"""The cases as a workbook: a sheet a kind, with why, whose, how long; nothing of a buyer's own (E19, E21)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.texts import plain, say
from bot.workbook_sheets import Cell, Column, Kind, Workbook
from playbooks import cases
from playbooks.cases import Case

COLUMNS: tuple[tuple[str, Kind, int], ...] = (
    ("number", "count", 8), ("order_id", "text", 24), ("product", "text", 28), ("type", "text", 16),
    ("stars", "count", 8), ("cause", "text", 16), ("text", "text", 50), ("state", "text", 18), ("owner", "text", 12),
    ("by", "text", 12), ("at", "time", 16), ("due_at", "time", 16), ("closed_at", "time", 16), ("late", "text", 8),
    ("first_contact", "seconds", 16), ("took", "seconds", 16), ("amount", "yuan", 12), ("second", "text", 10),
    ("unsatisfied", "count", 12), ("reopened", "count", 10), ("steps", "text", 60),
)  # fmt: skip


def build(known: Iterable[Case], names: Mapping[str, str], lang: str, zone: ZoneInfo, now: datetime) -> bytes:
    """Every case, the oldest first; `names` go by person id. A kind without a case has an empty sheet."""
    book, of = Workbook(zone, now), sorted(known, key=lambda one: one.number)
    columns = [Column(_w(lang, f"case.table_{key}"), kind, width) for key, kind, width in COLUMNS]
    for kind in cases.KINDS:
        rows = [_row(one, names, lang, zone, now) for one in of if one.kind == kind]
        book.data_sheet(_w(lang, f"case.kind_{kind}"), columns, rows)
    return book.bytes()


def _row(one: Case, names: Mapping[str, str], lang: str, zone: ZoneInfo, now: datetime) -> list[Cell]:
    def called(person: str) -> str:
        return names.get(person, person)

    return [
        one.number, one.order_id, one.title, _label(lang, "type", one.type), one.stars,
        _label(lang, "cause", one.cause), one.text,
        _label(lang, "state", one.state) if one.open else _label(lang, "outcome", one.outcome),
        called(one.owner), called(one.by), one.at, one.due_at, one.closed_at,
        _yes(lang, cases.is_late(one, now)), one.contacted_at - one.at if one.contacted_at else None,
        one.closed_at - one.at if one.closed_at else None, one.amount, _yes(lang, one.second), one.unsatisfied,
        one.reopened, "\n".join(_steps(one, called, lang, zone)),
    ]  # fmt: skip


def _steps(one: Case, called: Callable[[str], str], lang: str, zone: ZoneInfo) -> Iterable[str]:
    """`11-11 20:14 小美 进展 已换新`."""
    for step in one.happened:
        at, what = f"{step.at.astimezone(zone):%m-%d %H:%M}", _w(lang, f"case.what_{step.what}")
        yield f"{at} {called(step.who)} {what} {_said(step.what, step.text, lang)}".strip()


def _said(what: str, text: str, lang: str) -> str:
    if what == "contact":
        return _w(lang, f"case.did_{text}")
    return _label(lang, "cause", text) if what == "cause" else text


def _label(lang: str, what: str, value: str) -> str:
    return _w(lang, f"case.{what}_{value}") if value else ""


def _yes(lang: str, said: bool) -> str:
    return _w(lang, "case.yes") if said else ""


def _w(lang: str, key: str) -> str:
    return plain(say(lang, key))
