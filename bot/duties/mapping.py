"""A table of orders or logistics list nobody declared is mapped once by a person 对列, remembered, redone, forgotten.

The file waits meanwhile as a stored job, so a restart loses nothing; what is confirmed is a document of the room
(storage.exports.mapping.Mapped), found again by the table's headings.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import get_args

from bot import mapping_cards as cards
from bot import reading_card
from bot.call import Call
from bot.card import Card, button, line, lines, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.passwords import UNLOCK
from playbooks.model import Refusal
from playbooks.platforms import find_platform
from playbooks.privacy import without_phones
from playbooks.room import CONTROL, SERVICE, STAFF
from storage.exports.formats import FORMATS, Field
from storage.exports.mapping import PARCEL_FIELDS, AnyField, Mapped, Mapping, TableKind
from storage.rows import Job

LONGEST_NAME = 20


def columns(call: Call, desk: Desk) -> list[Card]:
    """`/columns` shows the tables mapped in this room. On the cards' buttons: `show`, `fields`, `field`, `set`,
    `platforms`, `platform`, `take`, `leave` and `as` of a file that waits; `forget` and `redo` of a mapping."""
    if not call.args:
        return _remembered(desk)
    step, *words = call.words()
    if step not in STEPS or not words:
        raise Refusal("columns.over")
    if step in OF_MAPPING:
        return OF_MAPPING[step](words, desk)
    job = _waiting(words[0], desk)
    return OF_FILE[step](job, words[1:], desk)


def _waiting(id: str, desk: Desk) -> Job:
    """A file that waits for an answer, of whoever asks; a manager may answer for others."""
    job = desk.books.jobs.get(id)
    if job is None or job.state != "asked" or not (job.by == desk.me.id or "manager" in desk.me.roles):
        raise Refusal("columns.over")
    return job


# -- looking -----------------------------------------------------------------------------------------------


def _show(job: Job, words: list[str], desk: Desk) -> list[Card]:
    return [cards.overview(job, desk.room, edit=True)]


def _fields(job: Job, words: list[str], desk: Desk) -> list[Card]:
    return [cards.fields(job)]


def _field(job: Job, words: list[str], desk: Desk) -> list[Card]:
    page = int(words[1]) if len(words) > 1 and words[1].isdecimal() else _page_of(job, _known(words))
    return [cards.columns(job, _known(words), page)]


def _page_of(job: Job, field: AnyField) -> int:
    """Where the field's column stands now."""
    places = (one.at for one in cards.mapping_of(job).columns if one.field == field)
    return next(places, 0) // cards.COLUMNS_A_PAGE


def _platforms(job: Job, words: list[str], desk: Desk) -> list[Card]:
    cards.mapping_of(job)
    return [cards.choose_platform(job)]


def _known(words: list[str]) -> AnyField:
    every: tuple[AnyField, ...] = (*get_args(Field), *PARCEL_FIELDS)
    field = next((one for one in every if words and one == words[0]), None)
    if field is None:
        raise Refusal("columns.over")
    return field


# -- putting right -----------------------------------------------------------------------------------------


def _set(job: Job, words: list[str], desk: Desk) -> list[Card]:
    seen, field = cards.mapping_of(job), _known(words)
    at = words[1] if len(words) > 1 else ""
    if at == "none":
        seen = _without(seen, field)
    elif at.isdecimal() and int(at) < len(seen.columns):
        seen = seen.assign(field, int(at))
    else:
        raise Refusal("columns.over")
    return _show(desk.books.jobs.put(job.changed(mapping=seen)), [], desk)


def _without(seen: Mapping, field: AnyField) -> Mapping:
    at = next((one.at for one in seen.columns if one.field == field), None)
    return seen if at is None else seen.assign(None, at)


def _platform(job: Job, words: list[str], desk: Desk) -> list[Card]:
    cards.mapping_of(job)
    found = find_platform(words[0]) if words else None
    if found is None:
        raise Refusal("columns.over")
    return _show(desk.books.jobs.put(job.changed(platform=found.id)), [], desk)


def _kind(job: Job, words: list[str], desk: Desk) -> list[Card]:
    """A table of orders, or a logistics list after all."""
    kind: TableKind | None = next((one for one in get_args(TableKind) if words and one == words[0]), None)
    if kind is None:
        raise Refusal("columns.over")
    seen = cards.as_kind(cards.mapping_of(job), kind)
    return _show(desk.books.jobs.put(job.changed(mapping=seen)), [], desk)


# -- deciding ----------------------------------------------------------------------------------------------


def _take(job: Job, words: list[str], desk: Desk) -> list[Card]:
    """The mapping is remembered, and every file that waited for it goes in."""
    seen = cards.mapping_of(job)
    headings = tuple(one.heading for one in seen.columns)
    twin = next((one for one in desk.books.mappings.scan() if one.headings == headings), None)
    before = desk.books.mappings.get(job.like) or twin
    id = before.id if before else desk.books.new_id("m")
    name = before.name if before else _name(job.file_name, desk)
    mapped = desk.books.mappings.put(seen.confirmed(id, name, job.platform or desk.room.platform))
    desk.note("mapping", mapped.id, name=mapped.name, step="redone" if before else "made")
    for one in desk.books.jobs.by("state", "asked"):
        if one.mapping and tuple(column.heading for column in one.mapping.columns) == headings:
            desk.books.jobs.put(one.changed(state="waiting", asks="", mapping=None, like=""))
    return [cards.taking(job, mapped)]


def _name(file: str, desk: Desk) -> str:
    """What people call the mapping: after the first file, and like no other format."""
    stem = without_phones(PurePath(file).stem)[:LONGEST_NAME].strip() or "?"
    taken = {one.name for one in FORMATS} | {one.name for one in desk.books.mappings.scan()}
    return next(
        name for n in range(1, len(taken) + 2) if (name := stem if n == 1 else f"{stem} {n}") not in taken
    )


def _as(job: Job, words: list[str], desk: Desk) -> list[Card]:
    """Which of several formats it is."""
    if job.asks != "format" or not words:
        raise Refusal("columns.over")
    desk.books.jobs.put(job.changed(state="waiting", asks="", as_platform=words[0]))
    return [reading_card.received(job)]


def _leave(job: Job, words: list[str], desk: Desk) -> list[Card]:
    desk.books.jobs.put(job.changed(state="refused", asks="", mapping=None, done_at=desk.now))
    desk.passwords.forget(job.id)
    _no_question(job, desk)
    said = line("files.left", name=job.file_name)
    if job.mapping:
        return [tell(desk.me.id, said, key=f"columns:{job.id}", edit=True)]
    return [tell(desk.me.id, said)]


def _no_question(job: Job, desk: Desk) -> None:
    id = f"{job.by}:{job.by}"
    asked = desk.books.dialogues.get(id)
    if asked and asked.command == f"{UNLOCK} {job.id}":
        desk.books.dialogues.drop(id)


# -- a mapping that is remembered --------------------------------------------------------------------------


def _remembered(desk: Desk) -> list[Card]:
    every = list(desk.books.mappings.scan())
    if not every:
        return [tell(desk.me.id, line("columns.none_remembered"))]
    said = lines(
        line("columns.remembered", count=len(every)),
        (
            line("columns.remembered_one", mapping=one.name, count=len(one.taken),
                 platform=line("columns.a_logistics_list" if one.parcels else f"platform.{one.platform}"))
            for one in every
        ),
    )  # fmt: skip
    rows = ((button("columns.forget_one", f"columns forget {one.id}", mapping=one.name),) for one in every)
    return [tell(desk.me.id, said, buttons=tuple(rows))]


def _mapped(words: list[str], desk: Desk) -> Mapped:
    mapped = desk.books.mappings.get(words[0])
    if mapped is None:
        raise Refusal("columns.forgotten_before")
    if not (mapped.parcels or desk.me.may(CONTROL | SERVICE)):  # the warehouse sends logistics lists alone
        raise Refusal("columns.over")
    return mapped


def _forget(words: list[str], desk: Desk) -> list[Card]:
    mapped = _mapped(words, desk)
    desk.books.mappings.drop(mapped.id)
    desk.note("mapping", mapped.id, name=mapped.name, step="forgotten")
    return [tell(desk.me.id, line("columns.forgotten", mapping=mapped.name))]


def _redo(words: list[str], desk: Desk) -> list[Card]:
    """The file is looked at again and its columns asked for, beginning with what they were taken for; until that
    is confirmed the mapping stands."""
    mapped = _mapped(words, desk)
    job = desk.books.jobs.get(words[1]) if len(words) > 1 else None
    if job is None or job.kind != "file":
        raise Refusal("columns.send_again", mapping=mapped.name)
    # A job of its own: what a job brought counts once.
    again = Job(
        id=desk.books.new_id("f"), file_id=job.file_id, file_name=job.file_name, by=desk.me.id, at=job.at,
        like=mapped.id, platform=mapped.platform,
    )  # fmt: skip
    desk.books.jobs.put(again)
    return [reading_card.received(again)]


OF_FILE: dict[str, Callable[[Job, list[str], Desk], list[Card]]] = {
    "show": _show, "fields": _fields, "field": _field, "set": _set, "platforms": _platforms,
    "platform": _platform, "kind": _kind, "take": _take, "leave": _leave, "as": _as,
}  # fmt: skip
OF_MAPPING: dict[str, Callable[[list[str], Desk], list[Card]]] = {"forget": _forget, "redo": _redo}
STEPS = OF_FILE.keys() | OF_MAPPING.keys()

DUTY = DutySpec(
    "mapping",
    commands=(Command("columns", columns, words=("对列",), roles=STAFF),),
)
