"""What the books show of the daily tasks by themselves: what is done without a tap, and what was registered today."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from bot import entries
from bot.desk import Desk
from playbooks import cases, daily
from playbooks.broadcast import business_day
from playbooks.cases import Case
from playbooks.daily.tasks import Check, Counted


def holds(check: Check, desk: Desk) -> bool:
    """Whether the books show what `check` asks for."""
    return bool(check) and CHECKS[check](desk)


def registered(counted: Counted, since: datetime, desk: Desk) -> int:
    """How many were registered since a moment."""
    return sum(at >= since for at in COUNTS[counted](desk)) if counted else 0


def _cutoff(desk: Desk) -> bool:
    """Today's cut-off is stated (A14)."""
    return "cutoff" in entries.stated(desk)


def _parcels(desk: Desk) -> bool:
    """A logistics list was taken in today and nothing in it waits for somebody (E09)."""
    since, _ = daily.day_span(business_day(desk.now, desk.zone), desk.zone)
    came = any(one.kind == "parcels" and one.done and one.at >= since for one in desk.books.imports.scan())
    waiting = (one for one in desk.books.follow_ups.by("state", "open") if one.kind == "logistics")
    return came and not any(waiting)


def _unpaid(desk: Desk) -> bool:
    """No unpaid order that nobody has contacted."""
    return not any(desk.books.chases.by("state", state, 1) for state in ("open", "claimed"))


def _open_cases(desk: Desk, *kinds: str) -> list[Case]:
    known = (one for state in cases.OPEN for one in desk.books.cases.by("state", state))
    return [one for one in known if one.kind in kinds]


def _reviews(desk: Desk) -> bool:
    """No bad review is due today (E16)."""
    _, turns = daily.day_span(business_day(desk.now, desk.zone), desk.zone)
    return not any(one.due_at < turns for one in _open_cases(desk, "negative", "mixed"))


def _complaints(desk: Desk) -> bool:
    """Every open complaint was worked on today (F10)."""
    since, _ = daily.day_span(business_day(desk.now, desk.zone), desk.zone)
    return all(one.heard_at >= since for one in _open_cases(desk, "complaint"))


def _handover(desk: Desk) -> bool:
    """Nothing of an earlier shift waits to be taken on (A15)."""
    return not desk.books.hand_overs.by("state", "open", 1)


def _phrases(desk: Desk) -> bool:
    """No proposed answer waits for a manager."""
    return all(one.state != "proposed" for one in desk.books.knowledge.scan())


def _red_flags(desk: Desk) -> bool:
    """Every special request is written on its order (B26)."""
    return not desk.books.notes.by("state", "new", 1)


def _report(desk: Desk) -> bool:
    """The bot itself makes it (F19)."""
    return True


CHECKS: dict[Check, Callable[[Desk], bool]] = {
    "cutoff": _cutoff,
    "parcels": _parcels,
    "unpaid": _unpaid,
    "reviews": _reviews,
    "handover": _handover,
    "phrases": _phrases,
    "red_flags": _red_flags,
    "complaints": _complaints,
    "report": _report,
}


def _knowledge(desk: Desk, state: str) -> Iterable[datetime]:
    return (one.changed_at for one in desk.books.knowledge.scan() if one.state == state)


def _cases(desk: Desk, kind: str) -> Iterable[datetime]:
    return (one.at for one in desk.books.cases.scan() if one.kind == kind and one.outcome != "void")


COUNTS: dict[Counted, Callable[[Desk], Iterable[datetime]]] = {
    "lost": lambda desk: (one.at for one in desk.books.lost_inquiries.scan()),
    "hard_questions": lambda desk: _knowledge(desk, "proposed"),
    "phrases": lambda desk: _knowledge(desk, "approved"),
    "aftersales": lambda desk: _cases(desk, "aftersale"),
    "lessons": lambda desk: (one.at for one in desk.books.lessons.scan()),
    "mistakes": lambda desk: _cases(desk, "mistake"),
    "pictures": lambda desk: (one.at for one in desk.books.pictures.scan()),
}
"""By what is counted: when each was registered."""
