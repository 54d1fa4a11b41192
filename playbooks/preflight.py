"""The checklist before the stream 开播检查: which items apply, which are open, when whose turn it is.

REQUIREMENTS A01, A04, A16; PRODUCT "Pre-flight". What it lists never keeps a stream from going live.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from playbooks.announce import Listing
from playbooks.broadcast import Broadcast
from playbooks.model import Document, Model, Moment, Refusal
from playbooks.room import IN_CHARGE, Role
from playbooks.rulebook import load
from playbooks.upcoming import planned_at

Condition = Literal["sheet", "food", "presale", "gifts", "rostered", "actions"]
Check = Literal[
    "sheet",
    "private",
    "regions",
    "life",
    "gift_stock",
    "sheet_seen",
    "roster",
    "replies",
    "signed_in",
    "actions",
]


class Item(Model):
    """One line of `data/preflight.toml`; its text is `preflight.item_<id>`."""

    id: str
    role: Role
    minutes: int
    required: bool
    check: Check | None = None
    when: Condition | None = None
    days: int = 0


class Rules(Model):
    """`data/preflight.toml`."""

    source: str
    remind_again_minutes: int
    remind_most: int
    usual_late_hours: int
    item: tuple[Item, ...]


class Mark(Model):
    """Ticked by `by`, or, with `why`, waived by name."""

    by: str
    at: Moment
    why: str = ""


class Preflight(Document):
    """The checklist of the broadcast `id`. `starts_at` and `ends_at` are what `/plan` said, else None."""

    starts_at: Moment | None = None
    ends_at: Moment | None = None
    marks: dict[str, Mark] = Field(default_factory=dict)
    reminded: dict[str, int] = Field(default_factory=dict)
    gaps_told: tuple[Moment, ...] = ()
    """The half hours without anybody that the lead was told of."""


class Facts(Model):
    """What the books say: the conditions that hold, and per failing check what is missing, by name where named.

    `people`: the ids of those a failing check waits for; they are reminded, not everybody of the role.
    """

    holds: frozenset[Condition] = frozenset()
    failing: dict[Check, tuple[str, ...]] = Field(default_factory=dict)
    people: dict[Check, tuple[str, ...]] = Field(default_factory=dict)


class State(Model):
    """An item as it stands: `mark` where somebody ticked or waived it, `missing` what a failing check names."""

    item: Item
    done: bool
    mark: Mark | None = None
    missing: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def rules() -> Rules:
    """`data/preflight.toml`."""
    known: Rules = load("preflight", Rules)
    return known


def states(
    here: Preflight, facts: Facts, now: datetime, earlier: Iterable[Preflight] = ()
) -> tuple[State, ...]:
    """Every item that applies, in the order of the list. `earlier`: checklists of former broadcasts, whose ticks
    still count for items that hold for days."""
    before = list(earlier)
    applies = (item for item in rules().item if item.when is None or item.when in facts.holds)
    return tuple(_state(item, here, facts, now, before) for item in applies)


def _state(item: Item, here: Preflight, facts: Facts, now: datetime, before: Iterable[Preflight]) -> State:
    mark = here.marks.get(item.id) or _lasting(item, before, now)
    failing = item.check is not None and item.check in facts.failing
    done = mark is not None or (item.check is not None and not failing)
    if item.check is None or not failing:
        return State(item=item, done=done, mark=mark)
    missing, people = facts.failing[item.check], facts.people.get(item.check, ())
    return State(item=item, done=done, mark=mark, missing=missing, people=people)


def _lasting(item: Item, before: Iterable[Preflight], now: datetime) -> Mark | None:
    """The newest tick that still holds; a waiver is for its own broadcast alone."""
    marks = (one.marks[item.id] for one in before if item.id in one.marks)
    holding = (m for m in marks if not m.why and now - m.at < timedelta(days=item.days))
    return max(holding, key=lambda mark: mark.at, default=None)


def open_items(all_of_them: Iterable[State], *, required: bool = False) -> tuple[State, ...]:
    """Those not done; with `required` only those that must be."""
    return tuple(s for s in all_of_them if not s.done and (s.item.required or not required))


def find(id: str) -> Item:
    """The item with this id. Raises Refusal `preflight.gone`."""
    for item in rules().item:
        if item.id == id:
            return item
    raise Refusal("preflight.gone")


def tick(here: Preflight, item: Item, roles: Collection[Role], by: str, now: datetime) -> Preflight:
    """The item done by `by`. Raises Refusal `preflight.looked_up` for what the books tell, `preflight.whose`."""
    if item.check is not None:
        raise Refusal("preflight.looked_up")
    if not {item.role, *IN_CHARGE} & set(roles):
        raise Refusal("preflight.whose")
    if item.id in here.marks and not here.marks[item.id].why:
        return here
    return _marked(here, item, Mark(by=by, at=now))


def waive(here: Preflight, item: Item, by: str, why: str, now: datetime) -> Preflight:
    """The item waived by name. Raises Refusal `preflight.why` without a reason."""
    if not why.strip():
        raise Refusal("preflight.why")
    return _marked(here, item, Mark(by=by, at=now, why=why.strip()))


def _marked(here: Preflight, item: Item, mark: Mark) -> Preflight:
    return here.changed(marks={**here.marks, item.id: mark})


# -- times ------------------------------------------------------------------------------------------


def planned_span(
    here: Preflight, broadcast: Broadcast, listings: Iterable[Listing], zone: ZoneInfo, usual: timedelta
) -> tuple[datetime, datetime] | None:
    """When the broadcast is planned to begin and to end: as `/plan` said, else as the sheet's times say.

    Without an end it lasts `usual`; None where nobody said when it begins.
    """
    times = [
        (at, at + timedelta(minutes=one.product.duration))
        for one in listings
        if (at := planned_at(one, broadcast.opened_on, zone))
    ]
    first = min((at for at, _ in times), default=None)
    shift = _days_later(first, broadcast)
    start = here.starts_at or (first + shift if first else None)
    if start is None:
        return None
    sheet_ends = max((end for _, end in times), default=start) + shift
    end = here.ends_at or (sheet_ends if here.starts_at is None else None)
    return start, end if end and end > start else start + usual


def _days_later(first: datetime | None, broadcast: Broadcast) -> timedelta:
    """A sheet that came in long after its own first time is tomorrow's: its broadcast has not opened yet."""
    if first is None or broadcast.sheet_at is None or broadcast.stage != "planned":
        return timedelta()
    late = broadcast.sheet_at - first > timedelta(hours=rules().usual_late_hours)
    return timedelta(days=1) if late else timedelta()


def due(
    all_of_them: Iterable[State], reminded: Mapping[str, int], start: datetime, now: datetime
) -> tuple[State, ...]:
    """The open items to remind of at `now`: their time has come, they were not brought up too often or just now.

    After the planned start nobody is reminded: what is missing is told when the stream goes live.
    """
    if now >= start:
        return ()
    return tuple(s for s in open_items(all_of_them) if (at := _next(s, reminded, start)) and at <= now)


def next_due(
    all_of_them: Iterable[State], reminded: Mapping[str, int], start: datetime, now: datetime
) -> datetime | None:
    """When `due` next has something, given that all before was told; None: nothing any more."""
    moments = (_next(s, reminded, start) for s in open_items(all_of_them))
    return min((max(at, now) for at in moments if at and at < start and now < start), default=None)


def _next(state: State, reminded: Mapping[str, int], start: datetime) -> datetime | None:
    times = reminded.get(state.item.id, 0)
    if times >= (rules().remind_most if state.item.required else 1):
        return None
    again = timedelta(minutes=times * rules().remind_again_minutes)
    return start - timedelta(minutes=state.item.minutes) + again


def told(here: Preflight, items: Iterable[State], start: datetime, now: datetime) -> Preflight:
    """After reminding of `items`. What was missed is not caught up on: each counts as often as its time has come."""
    counts = dict(here.reminded)
    for state in items:
        late = now - (start - timedelta(minutes=state.item.minutes))
        passed = 1 + late // timedelta(minutes=rules().remind_again_minutes)
        counts[state.item.id] = max(counts.get(state.item.id, 0) + 1, passed)
    return here.changed(reminded=counts)
