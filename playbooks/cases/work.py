"""Working on a case: what happened is kept with it, and it ends with an outcome or not at all (E14-E28, B13, B22, L02).

Pure functions; a step that cannot be taken is a Refusal and changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from playbooks import inducement
from playbooks.cases.deadlines import cap_of, due_of, visit_of
from playbooks.cases.rules import rules
from playbooks.cases.state import Case, Happened, What, may_end_as, step
from playbooks.cases.typed import checked
from playbooks.model import Refusal


def for_managers(cause: str) -> bool:
    """Whether only a manager may settle what came of this cause (L02)."""
    return cause in rules().causes and rules().causes[cause].manager


def said(case: Case, who: str, what: What, now: datetime, text: str = "", **changes: object) -> Case:
    """The case with one more thing that happened; whoever works on it has it heard of."""
    more = Happened(at=now, who=who, what=what, text=text)
    return case.changed(happened=(*case.happened, more), heard_at=now, **changes)


def noted(case: Case, who: str, text: str, now: datetime) -> Case:
    """Progress 进展, in a sentence (E25). Raises Refusal `case.over`, `case.no_text`, `case.long`."""
    return said(_still(case), who, "note", now, _sentence(text))


def rehearsed(case: Case, who: str, now: datetime) -> Case:
    """Practised with a colleague before the buyer is contacted 对练 (E20). Raises Refusal `case.over`."""
    return _still(case) if case.rehearsed_at else said(_still(case), who, "rehearsed", now, rehearsed_at=now)


def contacted(case: Case, who: str, how: str, now: datetime) -> Case:
    """The buyer was written to or called; `how` is a channel. Raises Refusal `case.over`."""
    return said(_still(case), who, "contact", now, how, contacted_at=case.contacted_at or now)


def missed(case: Case, who: str, now: datetime) -> Case:
    """The buyer was not to be reached 联系不上 (E28). Raises Refusal `case.over`."""
    return said(_still(case), who, "missed", now)


def caused(case: Case, who: str, cause: str, now: datetime) -> Case:
    """Why it came to this. A complaint goes on by it (E24). Raises Refusal `case.cause_unknown`, `case.over`."""
    if cause not in rules().causes:
        raise Refusal("case.cause_unknown")
    following = step(_still(case), "cause")
    return said(
        case, who, "cause", now, cause, cause=cause, state=following,
        manager_only=case.manager_only or for_managers(cause),
    )  # fmt: skip


def typed_as(case: Case, who: str, sort: str, now: datetime, zone: ZoneInfo) -> Case:
    """The type of after-sales case, and by it when it is due. Raises Refusal `case.type_unknown`, `case.over`."""
    if case.kind != "aftersale" or sort not in rules().types:
        raise Refusal("case.type_unknown")
    due = min(due_of(case.kind, sort, case.at, zone), case.cap_at)
    return said(_still(case), who, "note", now, type=sort, due_at=due)


def drafted(case: Case, who: str, text: str, now: datetime) -> Case:
    """A public reply was written and passed the check; it is not published yet. Raises Refusal `case.over`."""
    return said(_still(case), who, "drafted", now, text)


def proposed(case: Case, who: str, text: str, now: datetime) -> Case:
    """What is to be done about a complaint; nothing for another review (K16).

    Raises Refusal `case.step`, `case.no_text`, `case.long`, `case.over`, `postbuy.never_*`.
    """
    following, kept = step(_still(case), "propose"), _sentence(text)
    inducement.check(kept)
    return said(case, who, "proposed", now, kept, state=following)


def tracked(case: Case, who: str, now: datetime) -> Case:
    """The buyer was told; from now on it is followed. Raises Refusal `case.step`, `case.over`."""
    return said(case, who, "tracking", now, state=step(_still(case), "track"))


def replied(case: Case, who: str, now: datetime) -> Case:
    """The public reply stands below the review. Raises Refusal `case.over`."""
    return said(_still(case), who, "replied", now, replied_at=case.replied_at or now)


def unsatisfied(case: Case, who: str, now: datetime) -> Case:
    """Asked, and not satisfied: it is looked at again (E26). Raises Refusal `case.step`, `case.over`."""
    following = step(_still(case), "review")
    return said(case, who, "unsatisfied", now, state=following, unsatisfied=case.unsatisfied + 1)


def closed(
    case: Case, who: str, outcome: str, now: datetime, zone: ZoneInfo, *, manager: bool, text: str = ""
) -> Case:
    """Ended with an outcome; a complaint gets a return visit (E25).

    Raises Refusal `case.manager_only` (L02), `case.cause_missing` (E19), `case.outcome_unknown`, `case.reply_first`
    (E14, E18: what ends with a reply has one), `case.no_text` (withdrawn, passed on, cured: how), `case.step`.
    """
    if case.manager_only and not manager:
        raise Refusal("case.manager_only", number=case.number)
    if outcome not in may_end_as(case):
        raise Refusal("case.outcome_unknown")
    following = step(_still(case), "withdraw" if outcome in AT_ANY_STATE else "close")
    if rules().kinds[case.kind].cause and not case.cause and outcome != "void":
        raise Refusal("case.cause_missing", number=case.number)
    if outcome in ("explained", "replied") and case.replied_at is None:
        raise Refusal("case.reply_first", number=case.number)
    why = _sentence(text) if outcome in TO_BE_SAID else ""
    visit = visit_of(now, zone) if case.kind == "complaint" and outcome == "solved" else None
    return said(
        case, who, "closed", now, why, state=following, outcome=outcome, closed_at=now, closed_by=who,
        visit_at=visit, visited_at=None,
    )  # fmt: skip


AT_ANY_STATE = frozenset(["withdrawn", "platform", "void"])
"""Outcomes that need no solution before them."""
TO_BE_SAID = frozenset(["withdrawn", "passed_on", "cured", "platform", "void"])
"""Outcomes that need a sentence: who reads it later must see why nothing more was done."""


def reopened(case: Case, who: str, text: str, now: datetime, zone: ZoneInfo) -> Case:
    """It was not over after all: counted, and due anew (E26). Raises Refusal `case.step`, `case.no_text`."""
    following, why = step(case, "reopen"), _sentence(text)
    cap = cap_of(case.kind, now)
    return said(
        case, who, "reopened", now, why, state=following, outcome="", closed_at=None, closed_by="",
        reopened=case.reopened + 1, due_at=min(due_of(case.kind, case.type, now, zone), cap), cap_at=cap,
        visit_at=None, visited_at=None, replied_at=None if case.kind == "mixed" else case.replied_at,
    )  # fmt: skip


def passed(case: Case, to: str, who: str, why: str, now: datetime, *, to_manager: bool) -> Case:
    """Somebody else's from now on, with the reason (B13).

    Raises Refusal `case.over`, `case.no_text`, `case.same_owner`, `case.to_manager` (only a manager may settle it).
    """
    if to == _still(case).owner:
        raise Refusal("case.same_owner")
    if case.manager_only and not to_manager:
        raise Refusal("case.to_manager", number=case.number)
    return said(case, who, "passed", now, _sentence(why), owner=to)


def put_off(case: Case, at: datetime, who: str, now: datetime) -> Case:
    """Due later, never after its hard end (E17). Raises Refusal `case.over`, `case.after_cap`, `promise.past`."""
    if at <= now:
        raise Refusal("promise.past")
    if at > _still(case).cap_at:
        raise Refusal("case.after_cap", days=rules().kinds[case.kind].cap_days)
    return said(case, who, "put_off", now, due_at=at)


def visited(case: Case, who: str, now: datetime) -> Case:
    """The buyer of a closed complaint was asked how it is, and is content. Raises Refusal `case.no_visit`."""
    if not case.to_visit:
        raise Refusal("case.no_visit")
    return said(case, who, "visited", now, visited_at=now)


def _still(case: Case) -> Case:
    if not case.open:
        raise Refusal("case.over", number=case.number)
    return case


def _sentence(text: str) -> str:
    kept = checked(text)
    if not kept:
        raise Refusal("case.no_text")
    return kept
