"""The cards on which a person maps the columns of a table nobody declared 对列: one field at a time, by buttons.

    overview   what each field is taken from, what is missing; one button takes the file in
    fields     which field to change
    columns    which column that field is, a page at a time: a table may have 80

All three are one message, edited in place. Samples are masked (storage/exports/mapping.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from bot.card import Button, Card, Line, Row, button, line, lines, listed, tell
from bot.file_questions import leave_button
from playbooks.model import Refusal
from playbooks.platforms import platforms
from playbooks.room import Room
from storage.exports.mapping import (
    SHOWN,
    AnyField,
    Column,
    Mapped,
    Mapping,
    TableKind,
    guess,
    guess_parcels,
)
from storage.rows import Job

FEWEST_KNOWN = 2
"""Columns that must be recognised before a table may be one of orders at all."""
COLUMNS_A_PAGE = 20
FIELDS_A_ROW = 3
LONGEST_HEADING = 20
UNUSED_SHOWN = 12


def guessed(rows: Sequence[Sequence[str]], like: Mapped | None) -> Mapping | None:
    """What the columns of an unknown table probably are; None where it is hardly one of orders.

    `like`: the mapping it had before, which is put right and not begun anew.
    """
    seen = _likely(rows, like)
    if seen is None:
        return None
    if like:
        fields = {heading: field for field, heading in like.taken.items()}
        for one in seen.columns:
            seen = seen.assign(fields.get(one.heading), one.at)
    return seen if sum(one.field is not None for one in seen.columns) >= FEWEST_KNOWN else None


def _likely(rows: Sequence[Sequence[str]], like: Mapped | None) -> Mapping | None:
    """As orders or as a logistics list: as it was mapped before, else whichever lacks less of what is needed."""
    found = [seen for seen in (_tried(guess, rows), _tried(guess_parcels, rows)) if seen]
    if like:
        return next((seen for seen in found if (seen.kind == "parcels") == bool(like.parcels)), None)
    return min(found, key=lambda seen: (len(seen.missing()), seen.kind == "parcels"), default=None)


def as_kind(seen: Mapping, kind: TableKind) -> Mapping:
    """The same table taken for the other kind: what its columns are is guessed anew from the headings."""
    if kind == seen.kind:
        return seen
    again = _tried(guess_parcels if kind == "parcels" else guess, [[one.heading for one in seen.columns]])
    bare = tuple(one.changed(field=None, sure="none") for one in seen.columns)
    if again is None:
        return seen.changed(kind=kind, columns=bare)
    return seen.changed(
        kind=kind,
        columns=tuple(
            one.changed(field=other.field, sure="likely" if other.field else "none")
            for one, other in zip(bare, again.columns, strict=True)
        ),
    )


def _tried(
    how: Callable[[Sequence[Sequence[str]]], Mapping], rows: Sequence[Sequence[str]]
) -> Mapping | None:
    try:
        return how(rows)
    except Refusal:
        return None


def mapping_of(job: Job) -> Mapping:
    """The mapping under way. Raises Refusal `columns.over` where there is none any more."""
    if job.state != "asked" or job.mapping is None:
        raise Refusal("columns.over")
    return job.mapping


# -- the three views -------------------------------------------------------------------------------------


def overview(job: Job, room: Room, *, edit: bool = False) -> Card:
    """What is taken from where, and what is still missing."""
    seen = mapping_of(job)
    unused = [one for one in seen.columns if one.field is None]
    missing = seen.missing()
    said = lines(
        line("columns.head", name=job.file_name, count=len(seen.columns)),
        (_taken(one) for field in SHOWN[seen.kind] for one in seen.columns if one.field == field),
        _unused(unused) if unused else None,
        (line("columns.missing", fields=_or(group)) for group in missing),
        _ready(job, room) if not missing else None,
    )
    return _card(job, said, _overview_buttons(job, room, missing), edit)


def _ready(job: Job, room: Room) -> Line:
    if mapping_of(job).kind == "parcels":
        return line("columns.ready_parcels")
    return line("columns.ready", platform=line(f"platform.{job.platform or room.platform}"))


def _overview_buttons(job: Job, room: Room, missing: tuple[tuple[AnyField, ...], ...]) -> Iterator[Row]:
    for group in missing:
        yield tuple(
            button("columns.name_field", f"columns field {job.id} {field}", field=line(f"field.{field}"))
            for field in group
        )
    if not missing:
        yield (button("columns.take", f"columns take {job.id}"),)
    change = button("columns.change", f"columns fields {job.id}")
    if mapping_of(job).kind == "parcels":
        yield (change, button("columns.is_orders", f"columns kind {job.id} orders"))
    else:
        platform = line(f"platform.{job.platform or room.platform}")
        yield (change, button("columns.of_platform", f"columns platforms {job.id}", platform=platform))
        yield (button("columns.is_parcels", f"columns kind {job.id} parcels"),)
    yield (leave_button(job),)


def fields(job: Job) -> Card:
    """Which field to change; those that have a column are marked."""
    given = {one.field for one in mapping_of(job).columns}
    buttons = [
        button(
            "columns.field_set" if field in given else "columns.field_open",
            f"columns field {job.id} {field}", field=line(f"field.{field}"),
        )
        for field in SHOWN[mapping_of(job).kind]
    ]  # fmt: skip
    return _card(job, (line("columns.which_field", name=job.file_name),), (*_in_rows(buttons), (_back(job),)))


def columns(job: Job, field: AnyField, page: int) -> Card:
    """Which column the field is, `page` (from 0) of them; beside each a masked sample."""
    every = mapping_of(job).columns
    pages = -(-len(every) // COLUMNS_A_PAGE)
    page = min(max(page, 0), pages - 1)
    shown = every[page * COLUMNS_A_PAGE :][:COLUMNS_A_PAGE]
    said = line(
        "columns.which_column", name=job.file_name, field=line(f"field.{field}"), page=page + 1, pages=pages
    )
    rows = [(_choice(job, field, one),) for one in shown]
    turn = [
        button(key, f"columns field {job.id} {field} {to}")
        for key, to in (("columns.page_before", page - 1), ("columns.page_after", page + 1))
        if 0 <= to < pages
    ]
    none = button("columns.none", f"columns set {job.id} {field} none", field=line(f"field.{field}"))
    last = (none, _back(job)) if any(one.field == field for one in every) else (_back(job),)
    return _card(job, (said,), (*rows, tuple(turn), last))


def choose_platform(job: Job) -> Card:
    """Whose orders they are: what the words of a status mean, in which zone its clocks stand."""
    buttons = [button(f"platform.{one.id}", f"columns platform {job.id} {one.id}") for one in platforms()]
    return _card(
        job, (line("columns.which_platform", name=job.file_name),), (*_in_rows(buttons), (_back(job),))
    )


# -- once it is mapped -----------------------------------------------------------------------------------


def taking(job: Job, mapped: Mapped) -> Card:
    """The mapping was confirmed; the file is read with it."""
    return _card(job, (line("columns.kept", name=job.file_name, mapping=mapped.name),), ())


def read_by(mapped: Mapped, job: Job) -> Card:
    """A file was read by a mapping: which, and how to change that."""
    forget = button("columns.forget", f"columns forget {mapped.id}")
    redo = button("columns.redo", f"columns redo {mapped.id} {job.id}")
    # What the command line handed over is not there to be looked at again.
    buttons = ((redo, forget),) if job.kind == "file" else ((forget,),)
    said = line("columns.read_by", name=job.file_name, mapping=mapped.name)
    return tell(job.by, said, buttons=buttons, silent=True)


# -- parts -----------------------------------------------------------------------------------------------


def _card(job: Job, said: Sequence[Line], buttons: Iterator[Row] | Sequence[Row], edit: bool = True) -> Card:
    rows = tuple(row for row in buttons if row)
    return tell(job.by, tuple(said), buttons=rows, key=f"columns:{job.id}", edit=edit)


def _taken(one: Column) -> Line:
    key = "columns.taken" if one.sure == "sure" else "columns.taken_unsure"
    return line(
        key, field=line(f"field.{one.field}"), column=_heading(one), samples=listed(one.samples[:2]),
    )  # fmt: skip


def _unused(columns: Sequence[Column]) -> Line:
    names = listed(_heading(one) for one in columns[:UNUSED_SHOWN])
    return line("columns.unused", count=len(columns), columns=names)


def _or(group: Sequence[AnyField]) -> Line:
    words = [line(f"field.{field}") for field in group]
    return words[0] if len(words) == 1 else line("columns.either", one=words[0], other=words[1])


def _choice(job: Job, field: AnyField, one: Column) -> Button:
    key = "columns.chosen" if one.field == field else "columns.choice"
    sample = one.samples[0] if one.samples else "—"
    return button(key, f"columns set {job.id} {field} {one.at}", column=_heading(one), sample=sample)


def _heading(one: Column) -> str:
    """The heading as it is shown; a column without one is known by its place."""
    return one.heading[:LONGEST_HEADING] or f"#{one.at + 1}"


def _back(job: Job) -> Button:
    return button("common.back", f"columns show {job.id}")


def _in_rows(buttons: Sequence[Button]) -> Iterator[Row]:
    left = iter(buttons)
    while row := tuple(islice(left, FIELDS_A_ROW)):
        yield row
