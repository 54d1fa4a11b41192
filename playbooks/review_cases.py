"""What came to be dealt with after a broadcast: cases by kind, complaints, after-sales, promises, slips by owner.

Sections 7, 9 and 10 of the review (facts/metrics.yaml review_report_sections; REQUIREMENTS E16-E26, F16, G04, H36).
A case belongs to the broadcast of its order; what was put in by mistake is counted nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from playbooks.cases import KINDS, Case, Kind, State, is_late, tally
from playbooks.metrics import rate, total
from playbooks.model import Model, Money
from playbooks.promises import Promise

COMPLAINT_STATES: tuple[State, ...] = ("accepted", "cause", "proposed", "tracking", "closed")


class KindFigures(Model):
    """Cases of one kind: `late` were not closed when they were due, open or not; `rate` = closed / came."""

    kind: Kind
    came: int
    closed: int
    open: int
    late: int
    rate: Decimal | None


class TypeFigures(Model):
    """After-sales of one type, '' where nobody said which. `amount`: yuan, of those that name one."""

    type: str
    came: int
    closed: int
    amount: Money | None


class PromiseFigures(Model):
    """Promises 承诺: `kept` in time, `late` kept after they were due, `broken` due and not kept, the rest `open`."""

    made: int
    kept: int
    late: int
    broken: int
    open: int
    rate: Decimal | None
    """Kept in time / those that were due or are kept."""


class OwnerFigures(Model):
    """Slips one person answers for 失误; `cured` are closed."""

    who: str
    count: int
    cured: int


class CaseFigures(Model):
    """All of it. () and None where nothing came: nobody may have put it in, so it is no 0."""

    kinds: tuple[KindFigures, ...] = ()
    complaints: tuple[tuple[State, int], ...] = ()
    """State -> complaints in it, in the order of the states."""
    second: int = 0
    """Complaints of buyers who complained before (E24)."""
    reopened: int = 0
    unsatisfied: int = 0
    """Complaints whose buyer was asked and not satisfied (E26)."""
    causes: tuple[tuple[str, int], ...] = ()
    """Of negative reviews and complaints, most frequent first; '' where nobody said."""
    types: tuple[TypeFigures, ...] = ()
    promises: PromiseFigures | None = None
    mistakes: tuple[OwnerFigures, ...] = ()

    def of(self, kind: Kind) -> KindFigures | None:
        """The figures of a kind, None where none came."""
        return next((one for one in self.kinds if one.kind == kind), None)


def case_figures(cases: Iterable[Case], promises: Iterable[Promise], now: datetime) -> CaseFigures:
    """The figures at `now` of one broadcast's cases and promises."""
    known = counted(cases)
    complaints = [one for one in known if one.kind == "complaint"]
    said = tally([one for one in known if one.kind in ("negative", "complaint")], now)
    of_complaints = tally(complaints, now)
    return CaseFigures(
        kinds=tuple(found for kind in KINDS if (found := _kind(kind, known, now)).came),
        complaints=_states(complaints), second=of_complaints.second, reopened=of_complaints.reopened,
        unsatisfied=of_complaints.unsatisfied, causes=said.causes, types=_types(known),
        promises=_promises(list(promises), now), mistakes=_mistakes(known),
    )  # fmt: skip


def counted(cases: Iterable[Case]) -> list[Case]:
    """Those that count, the oldest first."""
    return sorted((one for one in cases if one.outcome != "void"), key=lambda one: (one.at, one.number))


def _kind(kind: Kind, cases: Sequence[Case], now: datetime) -> KindFigures:
    some = [one for one in cases if one.kind == kind]
    closed = sum(not one.open for one in some)
    return KindFigures(
        kind=kind, came=len(some), closed=closed, open=len(some) - closed,
        late=sum(is_late(one, now) for one in some), rate=rate(closed, len(some)),
    )  # fmt: skip


def _states(complaints: Iterable[Case]) -> tuple[tuple[State, int], ...]:
    found = Counter(one.state for one in complaints)
    return tuple((state, found[state]) for state in COMPLAINT_STATES if found[state])


def _types(cases: Iterable[Case]) -> tuple[TypeFigures, ...]:
    register = [one for one in cases if one.kind == "aftersale"]
    found = Counter(one.type for one in register)
    return tuple(
        _type(sort, [one for one in register if one.type == sort])
        for sort, _ in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _type(sort: str, some: Sequence[Case]) -> TypeFigures:
    closed = sum(not one.open for one in some)
    return TypeFigures(
        type=sort, came=len(some), closed=closed, amount=total(one.amount for one in some)
    )  # fmt: skip


def is_broken(promise: Promise, now: datetime) -> bool:
    """Whether it was due and is not kept."""
    return promise.kept_at is None and promise.due_at <= now


def is_kept_late(promise: Promise) -> bool:
    """Whether it was kept after it was due."""
    return promise.kept_at is not None and promise.kept_at > promise.due_at


def _promises(some: Sequence[Promise], now: datetime) -> PromiseFigures | None:
    if not some:
        return None
    broken, late = sum(is_broken(one, now) for one in some), sum(map(is_kept_late, some))
    kept = sum(one.kept_at is not None for one in some) - late
    return PromiseFigures(
        made=len(some), kept=kept, late=late, broken=broken, open=len(some) - kept - late - broken,
        rate=rate(kept, kept + late + broken),
    )  # fmt: skip


def _mistakes(cases: Iterable[Case]) -> tuple[OwnerFigures, ...]:
    """By who answers for it (F16), most first."""
    slips = [one for one in cases if one.kind == "mistake"]
    found = Counter(one.owner for one in slips)
    return tuple(
        OwnerFigures(who=who, count=n, cured=sum(one.owner == who and not one.open for one in slips))
        for who, n in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    )


HEADED: Mapping[str, Kind] = {"negative": "negative", "complaints": "complaint", "aftersales": "aftersale"}
"""What is compared between broadcasts -> its kind of cases."""


def of_cases(told: CaseFigures) -> dict[str, int | None]:
    """The figures by the ids of playbooks.review_marks.HEADLINES; of what nobody put in, nothing is known.

    Broken promises are those not kept in time: late, or not at all.
    """
    found: dict[str, int | None] = {}
    for id, kind in HEADED.items():
        some = told.of(kind)
        found |= {id: some.came if some else None, f"{id}_open": some.open if some else None}
    promised = told.promises
    return found | {
        "second": told.second if told.of("complaint") else None,
        "cases_late": sum(one.late for one in told.kinds) if told.kinds else None,
        "promises": promised.made if promised else None,
        "promises_broken": promised.late + promised.broken if promised else None,
        "mistakes": sum(one.count for one in told.mistakes) or None,
    }
