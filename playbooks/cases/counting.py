"""What cases say together: how many, why, how long they took (REQUIREMENTS G04, E19)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from playbooks.cases.state import OPEN, Case
from playbooks.model import Model

WEEK = timedelta(days=7)


class Tally(Model):
    """`causes`: (cause, how many), the most frequent first; '' where nobody said. `hours`: the median until closed."""

    count: int
    open: int
    late: int
    second: int
    reopened: int
    unsatisfied: int
    hours: int | None
    causes: tuple[tuple[str, int], ...]


def tally(cases: Iterable[Case], now: datetime) -> Tally:
    """What is to be seen of some cases at `now`; late is what was not closed when it was due."""
    known = list(cases)
    took = sorted(one.closed_at - one.at for one in known if one.closed_at is not None)
    return Tally(
        count=len(known),
        open=sum(one.open for one in known),
        late=sum(is_late(one, now) for one in known),
        second=sum(one.second for one in known),
        reopened=sum(one.reopened > 0 for one in known),
        unsatisfied=sum(one.unsatisfied > 0 for one in known),
        hours=round(took[len(took) // 2].total_seconds() / 3600) if took else None,
        causes=tuple(
            sorted(Counter(one.cause for one in known).items(), key=lambda pair: (-pair[1], pair[0]))
        ),
    )


def is_late(case: Case, now: datetime) -> bool:
    """Whether it was not closed by the time it was due."""
    return (case.closed_at or now) > case.due_at


def of_week(cases: Iterable[Case], now: datetime) -> list[Case]:
    """Complaints and negative reviews of the seven days before `now`, the oldest first; none put in by mistake."""
    counts = (one for one in cases if one.kind in ("complaint", "negative") and one.outcome != "void")
    recent = (one for one in counts if now - WEEK <= one.at < now)
    return sorted(recent, key=lambda one: (one.at, one.number))


def waiting(cases: Iterable[Case]) -> list[Case]:
    """Those that are open, the soonest due first."""
    return sorted((one for one in cases if one.state in OPEN), key=lambda one: (one.due_at, one.number))
