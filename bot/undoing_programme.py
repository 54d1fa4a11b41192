"""Taking back a change of the programme 撤销: products renumbered 换号 or taken off 撤下, a step at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.card import Card, group, line
from bot.desk import Desk
from bot.offer import name_of
from bot.renumbering import move
from playbooks import undo
from playbooks.announce import Listing
from playbooks.journal import Entry
from playbooks.model import Moment, Refusal
from storage.rows import Line

KINDS = ("renumbered", "withdrawn")


@dataclass(frozen=True)
class Step:
    """What one person did to the programme in one go: `id` of its first entry; link numbers as they are now."""

    id: str
    kind: str
    at: Moment
    by: str
    entries: tuple[Entry, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The link numbers people call the products by."""
        field = "after" if self.kind == "renumbered" else "number"
        return tuple(int(one.values[field]) for one in self.entries)

    @property
    def said(self) -> Line:
        """`换号 3→7`, `撤下 5号 雨伞`."""
        what = tuple(line(f"undo.one_{self.kind}", **one.values) for one in self.entries)
        return line(f"undo.step_{self.kind}", what=what)


def steps(desk: Desk) -> list[Step]:
    """The steps of the current broadcast made within the minute and not taken back, the oldest first.

    What came with a run sheet is none: that is not taken back in part.
    """
    made = [e for kind in KINDS for e in _recent(kind, desk)]
    undone = _recent("undone", desk)
    others = {_unit(e.id) for e in (*undone, *_recent("sheet", desk))}
    used = {e.about for e in undone}
    units: dict[str, list[Entry]] = {}
    for one in made:
        if _unit(one.id) not in others:
            units.setdefault(_unit(one.id), []).append(one)
    found = [_step(some) for some in units.values()]
    return sorted((one for one in found if one.id not in used), key=lambda one: one.at)


def taken_back(desk: Desk) -> tuple[Step, Entry] | None:
    """The step taken back last within the minute, and the entry that says by whom."""
    last = max(_recent("undone", desk), key=lambda e: e.at, default=None)
    return (_whole(last.about, desk), last) if last else None


def _recent(kind: str, desk: Desk) -> list[Entry]:
    here = desk.broadcast_id()
    kept = desk.books.journal.by("kind", kind)
    return [e for e in kept if e.broadcast == here and undo.may_undo(e.at, desk.now)]


def _unit(id: str) -> str:
    """What the ids given in one unit have in common: `a1-j52` of `a1-j52.1`."""
    return id.partition(".")[0]


def _step(entries: Iterable[Entry]) -> Step:
    some = tuple(sorted(entries, key=lambda e: (len(e.id), e.id)))
    return Step(id=some[0].id, kind=some[0].kind, at=some[0].at, by=some[0].who, entries=some)


def _whole(id: str, desk: Desk) -> Step:
    first = desk.books.journal.get(id)
    assert first is not None  # the journal is never erased within a broadcast
    same = desk.books.journal.by("kind", first.kind)
    return _step(e for e in same if _unit(e.id) == _unit(id))


def take_back(id: str, desk: Desk) -> list[Card]:
    """The step `id` undone, in one message to the group.

    Raises Refusal `undo.late` where its minute is over, `undo.newer` where a product or a number of it was changed
    since, `undo.already` where it was taken back before.
    """
    first = desk.books.journal.get(id)
    if first is None or not undo.may_undo(first.at, desk.now):
        raise Refusal("undo.late")
    step = next((one for one in steps(desk) if one.id == id), None)
    if step is None:
        raise Refusal("undo.already")
    brought = _number_back(step, desk) if step.kind == "renumbered" else _bring_back(step, desk)
    desk.note("undone", step.id, step=step.kind)
    return [group(line("undo.programme", step=step.said, by=desk.me.name), brought, rank="air")]


def _number_back(step: Step, desk: Desk) -> list[Line]:
    """The former numbers; what is on air and the work on orders go with them."""
    moves = {int(e.values["after"]): int(e.values["before"]) for e in step.entries}
    held = {one.link_no: one.id for one in desk.listings()}
    moved_on = any(held.get(int(e.values["after"])) != e.about for e in step.entries)
    if moved_on or any(number in held and number not in moves for number in moves.values()):
        raise Refusal("undo.newer")
    moved = move(moves, desk.need_broadcast(), desk)
    return [
        line("link.moved", name=one.name, before=one.former[-1].link_no, after=one.link_no) for one in moved
    ]


def _bring_back(step: Step, desk: Desk) -> list[Line]:
    """On sale again under the same numbers."""
    gone = [desk.books.listings.get(e.about) for e in step.entries]
    held = {one.link_no for one in desk.listings()}
    back: list[Listing] = [one for one in gone if one and one.withdrawn_at and one.link_no not in held]
    if len(back) != len(gone):
        raise Refusal("undo.newer")
    for one in back:
        desk.books.listings.put(one.changed(withdrawn_at=None))
    return [line("undo.brought_back", product=name_of(one)) for one in back]
