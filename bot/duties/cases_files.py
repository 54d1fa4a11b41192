"""A file of cases 工单表: reviews, after-sales and complaints from the platform's desk become cases (E16, E19, E21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.card import Card, button, line, lines, tell
from bot.case_cards import SHOWN, summary
from bot.cases import open_case
from bot.desk import Desk
from bot.duty import DutySpec, FileKind
from bot.intake import BAD_ROWS_SHOWN, Batch, batches, counted, record_of
from playbooks import cases, room
from playbooks.cases import Case, Typed
from playbooks.model import Refusal
from playbooks.room import SERVICE
from storage.exports import Grid
from storage.exports.case_rows import CaseRow, Headed, Wrong, header_of, read_row
from storage.rows import Job, Line


@dataclass(frozen=True)
class Written:
    """One row as the file has it: below which header, on which sheet (from 0) and line (from 1)."""

    headed: Headed
    cells: tuple[str, ...]
    line: int
    sheet: str


CaseBatch = Batch[int, Written]
"""`about`: how many sheets of the file are of cases."""


def read(grids: Sequence[Grid], job: Job) -> Iterator[CaseBatch]:
    """The rows of every sheet that is of cases, in batches. Raises Refusal `case.file_too_long` (most)."""
    headed = [(grid, header) for grid in grids if (header := header_of(grid.rows))]
    rows = [
        Written(header, tuple(row), at, grid.sheet if len(headed) > 1 else "")
        for grid, header in headed
        for at, row in enumerate(grid.rows[header.at + 1 :], start=header.at + 2)
        if any(cell.strip() for cell in row)
    ]
    if len(rows) > cases.rules().last_file_rows:
        raise Refusal("case.file_too_long", name=job.file_name, most=cases.rules().last_file_rows)
    return batches(job, len(headed), rows, None)


def take_in(batch: CaseBatch, desk: Desk) -> list[Card]:
    """One batch: what is new is opened, what is known stays, what cannot be read is told with row and column."""
    known = record_of(batch, "cases", desk)
    if known is None:
        return []
    told, bad, opened = Counter(known.counts), list(known.found.get("bad", ())), []
    for written in batch.rows:
        try:
            one = _row(written, desk, told)
        except Wrong as wrong:
            told["bad"] += 1
            bad += [_bad(written, wrong)] if len(bad) < BAD_ROWS_SHOWN else []
        else:
            opened += [one] if one else []
    counted(known.changed(found={"bad": tuple(bad)}), batch, told, desk)
    mine = [
        _handed(id, opened, desk) for id in dict.fromkeys(one.owner for one in opened) if id != desk.me.id
    ]
    return [*mine, *([_said(told, bad, opened, batch, desk)] if batch.last else [])]


def _row(written: Written, desk: Desk, told: Counter[str]) -> Case | None:
    """The case the row opened; None for one that is known, or is nothing bad. Raises Wrong."""
    row = read_row(written.headed, written.cells, written.line, desk.zone)
    if row is None:
        told["good"] += 1
        return None
    owner = _owner(row, desk)
    if _is_known(row, desk):
        told["known"] += 1
        return None
    one, new = open_case(row.kind, _typed(row, desk), desk, owner=owner, event_at=row.event_at)
    told[row.kind if new else "known"] += 1
    return one if new else None


def _owner(row: CaseRow, desk: Desk) -> str:
    """Who the row says answers for it; who sent the file where it names nobody."""
    if not row.owner:
        return desk.me.id
    try:
        return room.named(row.owner, desk.members()).id
    except Refusal:
        raise Wrong("owner", "case.bad_owner", row.owner) from None


def _is_known(row: CaseRow, desk: Desk) -> bool:
    """Whether the very same is there, open or closed: a file sent again opens nothing again."""
    same = (one for one in desk.books.cases.by("order_id", row.order_id) if one.kind == row.kind)
    return any(one.event_at == row.event_at and (row.event_at or one.text == row.text) for one in same)


def _typed(row: CaseRow, desk: Desk) -> Typed:
    window = None
    if row.kind == "negative":
        window = row.explain_by or cases.window_of(desk.room.platform, row.event_at or desk.now)
    return Typed(
        order_id=row.order_id, type=row.type, cause=row.cause, stars=row.stars, amount=row.amount, text=row.text,
        said=True, explain_by=window,
    )  # fmt: skip


def _bad(written: Written, wrong: Wrong) -> Line:
    column = written.headed.named(wrong.column)
    what = line(wrong.key, text=cases.masked(wrong.text)[:20] or "—")
    if written.sheet:
        return line("orders.bad_row_in", part=written.sheet, row=written.line, column=column, what=what)
    return line("orders.bad_row", row=written.line, column=column, what=what)


def _said(told: Counter[str], bad: list[Line], opened: list[Case], batch: CaseBatch, desk: Desk) -> Card:
    """What became of the file, for who sent it."""
    desk.note("import", batch.job.id, type="cases", name=batch.job.file_name, rows=str(batch.total))
    kinds = [(kind, told[kind]) for kind in cases.KINDS if told[kind]]
    said = lines(
        line("case.file", name=batch.job.file_name, count=sum(count for _, count in kinds)),
        (line("case.file_kind", kind=line(f"case.kind_{kind}"), count=count) for kind, count in kinds),
        line("case.file_known", count=told["known"]) if told["known"] else None,
        line("case.file_good", count=told["good"]) if told["good"] else None,
        line("orders.bad_rows", count=told["bad"]) if told["bad"] else None,
        bad,
    )
    return tell(desk.me.id, said, buttons=((button("case.show_list", "cases"),),))


def _handed(owner: str, opened: list[Case], desk: Desk) -> Card:
    """Whoever else has to answer for some of them is told once."""
    theirs = [one for one in opened if one.owner == owner]
    said = lines(
        line("case.file_yours", count=len(theirs), by=desk.me.name),
        (summary(one, desk) for one in theirs[:SHOWN]),
    )
    return tell(owner, said, buttons=((button("case.show_list", "cases"),),), rank="work")


DUTY = DutySpec("cases_files", files=(FileKind("cases", SERVICE, read, take_in),))
