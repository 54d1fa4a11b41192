"""A case 工单 begins, or what is said once more of an open one is taken up (REQUIREMENTS E16, E21, E24, K16, L02)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playbooks.cases.deadlines import cap_of
from playbooks.cases.rules import Kind, rules
from playbooks.cases.state import Case, Happened, What, first_state
from playbooks.cases.typed import Typed
from playbooks.cases.work import caused, for_managers, noted, typed_as


def opened(
    id: str,
    number: int,
    kind: Kind,
    typed: Typed,
    *,
    owner: str,
    by: str,
    at: datetime,
    due_at: datetime,
    title: str = "",
    buyer_key: str = "",
    broadcast: str = "",
    second: bool = False,
    event_at: datetime | None = None,
) -> Case:
    """A new case as typed. Where its cause is one only a manager may settle it says so (L02)."""
    return Case(
        id=id, number=number, kind=kind, state=first_state(kind, typed.cause), order_id=typed.order_id, title=title,
        buyer_key=buyer_key, type=typed.type, cause=typed.cause, stars=typed.stars, amount=typed.amount,
        text=typed.text, owner=owner, by=by, at=at, event_at=event_at, broadcast=broadcast,
        due_at=min(due_at, cap_of(kind, at)), cap_at=cap_of(kind, at), explain_by=typed.explain_by,
        heard_at=at, second=second, manager_only=for_managers(typed.cause),
        happened=_begun(kind, typed.cause, by, at),
    )  # fmt: skip


def _begun(kind: Kind, cause: str, by: str, at: datetime) -> tuple[Happened, ...]:
    """That it was put in, and of a complaint whose cause was said with it that its first state is over."""
    new = Happened(at=at, who=by, what="new")
    known = first_state(kind, cause) != first_state(kind)
    return (new, Happened(at=at, who=by, what="cause", text=cause)) if known else (new,)


def is_second(earlier: Iterable[Case], now: datetime) -> bool:
    """Whether a complaint that comes now is a second one: among `earlier` is one not too long ago (E24)."""
    since = now - timedelta(days=rules().second_days)
    complaints = (one for one in earlier if one.kind == "complaint" and one.outcome != "void")
    return any(one.at >= since for one in complaints)


def apart_from_review(case: Case, of_order: Iterable[Case]) -> Case:
    """Money for a buyer who wrote a bad review is a manager's to settle, so that it buys no other review (K16)."""
    pays = case.type in rules().types and rules().types[case.type].pays
    reviewed = any(one.kind == "negative" and one.outcome != "void" for one in of_order)
    return case.changed(manager_only=True) if pays and reviewed else case


def same_matter(of_order: Iterable[Case], kind: Kind, typed: Typed) -> Case | None:
    """The open case of the order that `typed` is more of; an order may have several after-sales cases, one a type."""
    still = (one for one in of_order if one.kind == kind and one.open)
    return next((one for one in still if not (one.type and typed.type) or one.type == typed.type), None)


def added(
    case: Case, typed: Typed, who: str, now: datetime, zone: ZoneInfo, *, window: datetime | None = None
) -> list[tuple[Case, What]]:
    """The case with what was said once more, step by step with what each is; [] where nothing of it is new.

    What was open is filled in; a complaint said again on a later day is a second one. What contradicts it stays as it
    was, and is noted as it was typed. `window`: when the review's would close had nobody said.
    """
    steps: list[tuple[Case, What]] = []
    if typed.type and not case.type:
        case = typed_as(case, who, typed.type, now, zone)
        steps.append((case, "note"))
    if typed.cause and not case.cause:
        case = caused(case, who, typed.cause, now)
        steps.append((case, "cause"))
    facts = _facts(case, typed, window) | _complained_again(case, now, zone)
    more = " ".join(filter(None, (typed.before if _contradicts(case, typed) else "", typed.text)))
    if more and more != case.text:
        case = noted(case, who, more, now)
        steps.append((case, "note"))
    if facts:
        case = case.changed(**facts)
        steps = [*steps[:-1], (case, steps[-1][1] if steps else "note")]
    return steps


def _facts(case: Case, typed: Typed, window: datetime | None) -> dict[str, object]:
    """Figures nobody had said before, and the day the review's window closes where one was said."""
    found: dict[str, object] = {}
    if typed.stars is not None and case.stars is None:
        found["stars"] = typed.stars
    if typed.amount is not None and case.amount is None:
        found["amount"] = typed.amount
    if typed.explain_by not in (None, window, case.explain_by):
        found["explain_by"] = typed.explain_by
    return found


def _complained_again(case: Case, now: datetime, zone: ZoneInfo) -> dict[str, object]:
    """Who complains once more on a later day, while the first is still open, complains a second time (E24)."""
    later = now.astimezone(zone).date() > case.at.astimezone(zone).date()
    return {"second": True} if case.kind == "complaint" and later and not case.second else {}


def _contradicts(case: Case, typed: Typed) -> bool:
    return (typed.cause not in ("", case.cause)) or (
        typed.stars not in (None, case.stars) and case.stars is not None
    )
