"""The daily report 日报 and the weekly digest 周报, counted from the journal and the books (F19, G05, I06, I07).

Only what somebody noted is counted; what nobody noted is absent, never 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from playbooks.broadcast import Broadcast
from playbooks.daily.handover import HandOver
from playbooks.daily.state import DailyTask
from playbooks.daily.tasks import rules
from playbooks.daily.work import Work, on_air, works
from playbooks.inquiries import LostInquiry
from playbooks.journal import Entry
from playbooks.model import Model, Moment
from playbooks.needs import BuyerNeed
from playbooks.questions import Question


class CaseCount(Model):
    """Cases of one kind: how many came, were closed, and of these late."""

    kind: str
    new: int
    closed: int
    late: int


class Asked(Model):
    """A question and how many asked it."""

    text: str
    product: str
    count: int


class DayReport(Model):
    """The figures of `start` to before `end`."""

    start: Moment
    end: Moment
    until: Moment
    """As far as it is known: when it was counted, if that is before `end`."""
    on_air_minutes: int
    work: tuple[Work, ...]
    chases: dict[str, int]
    """new, contacted, paid, lost: orders."""
    questions: dict[str, int]
    """asked, answered."""
    promises: dict[str, int]
    """made, kept."""
    holds: dict[str, int]
    """new, settled."""
    cases: tuple[CaseCount, ...]
    lost: tuple[tuple[str, int], ...]
    """Reason -> buyers who asked and did not order, the most frequent first; '' where nobody said why."""
    needs: tuple[tuple[str, int], ...]
    suggested: tuple[str, ...]
    top: tuple[Asked, ...]
    tasks: tuple[DailyTask, ...]
    handed: dict[str, int]
    """accepted, given, settled, back, waiting: items."""


def summarise(
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    journal: Iterable[Entry],
    broadcasts: Iterable[Broadcast],
    tasks: Iterable[DailyTask],
    questions: Iterable[Question],
    needs: Iterable[BuyerNeed],
    lost: Iterable[LostInquiry],
    handed: Iterable[HandOver],
) -> DayReport:
    """What happened from `start` to before `end`; whatever of the given lies outside is left out. Of cases the whole
    journal is wanted: one that turned out none is not counted."""

    def within(at: datetime) -> bool:
        return start <= at < end

    known = list(journal)
    void = _void(known)
    entries = [one for one in known if within(one.at) and not _in_error(one, void)]
    spans = on_air(broadcasts, start, min(end, now))
    buyers = [one for one in needs if within(one.at)]
    return DayReport(
        start=start, end=end, until=min(now, end),
        on_air_minutes=int(sum((b - a).total_seconds() for a, b in spans) // 60),
        work=works(entries, spans), chases=_chases(entries),
        questions=_steps(entries, "question", {"asked": "asked", "answered": "answered"}),
        promises=_steps(entries, "promise", {"made": "made", "kept": "kept"}),
        holds=_holds(entries), cases=_cases(entries),
        lost=tuple(Counter(one.reason for one in lost if within(one.at)).most_common()),
        needs=tuple(Counter(one.sort for one in buyers).most_common()),
        suggested=tuple(one.text for one in buyers)[-rules().top :],
        top=_top(questions, start, end), tasks=tuple(tasks), handed=_handed(handed, start, end),
    )  # fmt: skip


def _chases(entries: Sequence[Entry]) -> dict[str, int]:
    """Orders, each once however often it was contacted."""
    kinds = {"chase_new": "new", "chase_contact": "contacted", "chase_paid": "paid", "chase_lost": "lost"}
    found: dict[str, set[str]] = defaultdict(set)
    for one in entries:
        if one.kind in kinds:
            found[kinds[one.kind]].add(one.about)
    return {name: len(found[name]) for name in kinds.values() if name in found}


def _steps(entries: Iterable[Entry], kind: str, names: dict[str, str]) -> dict[str, int]:
    counts = Counter(names[s] for e in entries if e.kind == kind and (s := e.values.get("step", "")) in names)
    return dict(counts)


def _holds(entries: Iterable[Entry]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for one in entries:
        counts["new"] += one.kind == "hold_new"
        counts["settled"] += one.kind == "hold_step" and one.values.get("state") in ("solved", "waived")
    return {name: count for name, count in counts.items() if count}


def _void(entries: Iterable[Entry]) -> set[str]:
    """Cases registered in error, whichever day that was said: they were none."""
    told = sorted(entries, key=lambda one: one.at)
    ends = {
        one.about: one
        for one in told
        if one.kind == "case" and one.values.get("step") in ("closed", "reopened")
    }
    return {case for case, one in ends.items() if one.values.get("outcome") == "void"}


def _in_error(entry: Entry, void: set[str]) -> bool:
    """Whether it is of a case that was none, or ended one as that before it came to life again."""
    return entry.kind == "case" and (entry.about in void or entry.values.get("outcome") == "void")


def _cases(entries: Iterable[Entry]) -> tuple[CaseCount, ...]:
    new, closed, late = Counter[str](), Counter[str](), Counter[str]()
    for one in entries:
        if one.kind != "case":
            continue
        kind, step = one.values.get("type", ""), one.values.get("step")
        new[kind] += step == "new"
        closed[kind] += step == "closed"
        late[kind] += step == "closed" and one.values.get("late") == "yes"
    kinds = sorted(kind for kind in new if new[kind] or closed[kind])
    return tuple(CaseCount(kind=k, new=new[k], closed=closed[k], late=late[k]) for k in kinds)


def _top(questions: Iterable[Question], start: datetime, end: datetime) -> tuple[Asked, ...]:
    """What was asked most often (G05)."""
    counted = [
        Asked(text=one.text, product=one.product, count=times)
        for one in questions
        if (times := sum(start <= said.at < end for said in one.asks))
    ]
    return tuple(sorted(counted, key=lambda one: (-one.count, one.text))[: rules().top])


def _handed(handed: Iterable[HandOver], start: datetime, end: datetime) -> dict[str, int]:
    items = (item for one in handed if start <= one.at < end for item in one.items)
    return dict(Counter(item.outcome or "waiting" for item in items))
