"""The room's cases 工单 in its books: found, opened, kept with what is due next, handed on (REQUIREMENTS B13, B22)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk import Desk
from bot.questioning import seniors
from playbooks import announce, cases
from playbooks.cases import Case, Kind, Typed, What
from playbooks.model import Refusal
from playbooks.orders import OrderState
from playbooks.room import IN_CHARGE, MANAGERS, Member

DUE, WEEKLY = "case_due", "case_weekly"


def open_cases(desk: Desk) -> list[Case]:
    """Those that are open, the soonest due first."""
    return cases.waiting(one for state in cases.OPEN for one in desk.books.cases.by("state", state))


def open_of(person: str, desk: Desk) -> list[Case]:
    """The open ones a person answers for, the soonest due first."""
    return cases.waiting(desk.books.cases.by("owner", person))


def need_case(word: str, desk: Desk) -> Case:
    """The case with this id, or of this number (`12`, `#12`). Raises Refusal `case.unknown`."""
    number = announce.whole(word.lstrip("#"))
    found = desk.books.cases.get(word)
    if found is None and number is not None:
        found = next((one for one in desk.books.cases.scan() if one.number == number), None)
    if found is None:
        raise Refusal("case.unknown", number=word[:20])
    return found


def need_theirs(word: str, desk: Desk) -> Case:
    """The case, where it is the caller's to work on. Raises Refusal `case.unknown`, `case.not_yours`."""
    one = need_case(word, desk)
    if one.owner != desk.me.id and not desk.me.may(IN_CHARGE):
        raise Refusal("case.not_yours", number=one.number, owner=desk.name(one.owner))
    return one


def open_case(
    kind: Kind, typed: Typed, desk: Desk, *, owner: str = "", event_at: datetime | None = None
) -> tuple[Case, bool]:
    """The case as typed, and whether it is new: one of its kind and order that is open already takes up the text.

    `owner`: '' for who puts it in; what only a manager may settle is a manager's (L02).
    """
    same = cases.same_matter(_of_order(typed.order_id, desk), kind, typed)
    if same:
        return _with_more(same, typed, event_at, desk), False
    order = desk.books.orders.get(f"{desk.room.id}-o{typed.order_id}")
    buyer = order.buyer_key if order else ""
    due = cases.due_of(kind, typed.type, desk.now, desk.zone, _shifts(owner or desk.me.id, desk))
    one = cases.opened(
        desk.books.new_id("cs"), _next_number(desk), kind, typed, owner=owner or desk.me.id, by=desk.me.id,
        at=desk.now, due_at=due, title=order.title if order else "", buyer_key=buyer, event_at=event_at,
        broadcast=_broadcast(order, desk), second=kind == "complaint" and _complained(typed.order_id, buyer, desk),
    )  # fmt: skip
    kept = keep(for_managers(one, desk), "new", desk)
    if kind == "negative":
        _payments_to_managers(typed.order_id, desk)
    if (
        kind in ("complaint", "negative")
        and desk.books.due.get(f"{desk.room.id}-d:{WEEKLY}:{desk.room.id}") is None
    ):
        desk.later(WEEKLY, cases.next_weekly(desk.now, desk.zone), desk.room.id)
    return kept, True


def _of_order(order_id: str, desk: Desk) -> list[Case]:
    return desk.books.cases.by("order_id", order_id) if order_id else []


def _with_more(one: Case, typed: Typed, event_at: datetime | None, desk: Desk) -> Case:
    window = cases.window_of(desk.room.platform, event_at or desk.now)
    for step, what in cases.added(one, typed, desk.me.id, desk.now, desk.zone, window=window):
        one = keep(for_managers(step, desk), what, desk)
    return one


def _next_number(desk: Desk) -> int:
    return max((one.number for one in desk.books.cases.scan()), default=0) + 1


def _shifts(person: str, desk: Desk) -> Iterable[tuple[datetime, datetime]]:
    return ((one.start, one.end) for one in desk.books.shifts.by("who", person))


def _broadcast(order: OrderState | None, desk: Desk) -> str:
    """The broadcast the order belongs to, else the one buyers ask about."""
    if order and order.broadcast:
        return order.broadcast
    here = desk.answering()
    return here.id if here else ""


def _complained(order_id: str, buyer: str, desk: Desk) -> bool:
    """Whether the order's buyer complained before (E24)."""
    before = desk.books.cases.by("buyer_key", buyer) if buyer else []
    return cases.is_second([*_of_order(order_id, desk), *before], desk.now)


def for_managers(one: Case, desk: Desk) -> Case:
    """The case with somebody who may settle it: money to a buyer with a bad review is a manager's too (K16, L02)."""
    one = cases.apart_from_review(one, _of_order(one.order_id, desk))
    return one.changed(owner=_able_to_settle(one, desk))


def _payments_to_managers(order_id: str, desk: Desk) -> None:
    """Money not paid yet when a bad review came is not the agent's to give any more (K16)."""
    for one in _of_order(order_id, desk):
        now = for_managers(one, desk) if one.open else one
        if now != one:
            keep(now, "passed", desk, to=now.owner, why="review")


def _able_to_settle(one: Case, desk: Desk) -> str:
    """Its owner; of what only a manager may settle a manager, on duty if one is (L02)."""
    if not one.manager_only or desk.member(one.owner).may(MANAGERS):
        return one.owner
    if desk.me.may(MANAGERS):
        return desk.me.id
    managers: list[Member] = desk.on_duty("manager") or desk.with_role("manager")
    return managers[0].id if managers else one.owner


def keep(one: Case, what: What, desk: Desk, **values: str) -> Case:
    """Kept, written into the journal, and what is due next planned."""
    desk.note(
        "case", one.id, broadcast=one.broadcast, step=what, type=one.kind, number=str(one.number),
        order_id=one.order_id, sort=one.type, cause=one.cause, owner=one.owner, **values,
    )  # fmt: skip
    plan(one, desk)
    return desk.books.cases.put(one)


def close(before: Case, outcome: str, text: str, desk: Desk, *, manager: bool) -> Case:
    """Closed with an outcome, and how long it took in the journal. `manager`: who closes it is one.

    Raises Refusal `case.*`.
    """
    one = cases.closed(before, desk.me.id, outcome, desk.now, desk.zone, manager=manager, text=text)
    figures = {
        "outcome": outcome,
        "seconds": _seconds(one.at, desk.now),
        "late": "yes" if cases.is_late(one, desk.now) else "no",
    }
    if one.contacted_at:
        figures["first_seconds"] = _seconds(one.at, one.contacted_at)
    return keep(one, "closed", desk, **figures)


def _seconds(since: datetime, until: datetime) -> str:
    return str(int((until - since).total_seconds()))


def plan(one: Case, desk: Desk) -> None:
    """Have somebody told when the case as it stands is next due; one that is over is told of no more."""
    following = cases.next_told(one, desk.now, desk.zone)
    if following is None:
        desk.books.due.drop(f"{desk.room.id}-d:{DUE}:{one.id}")
    else:
        desk.later(DUE, following.at, one.id, since=following.at.isoformat())


def alarms(one: Case, since: datetime, now: datetime, zone: ZoneInfo) -> list[cases.Alarm]:
    """What is to be told of the case between two moments, the gravest first: what was missed is told at once."""
    late = {what for at, what in cases.told(one, zone) if since <= at <= now}
    return sorted(late, key=cases.GRAVEST.index)


def hand_on(one: Case, to: str, why: str, desk: Desk) -> Case:
    """Somebody else's from now on. Raises Refusal `case.same_owner`, `case.to_manager`, `case.no_text`, `case.over`."""
    member = desk.member(to)
    passed = cases.passed(one, to, desk.me.id, why, desk.now, to_manager=member.may(MANAGERS))
    return keep(passed, "passed", desk, to=to, why=why)


def settle_owner(one: Case, desk: Desk) -> Case:
    """The case with somebody who is still there: one whose owner left the room is a lead's (B22)."""
    if desk.member(one.owner).roles:
        return one
    there = desk.on_duty("manager") if one.manager_only else seniors(desk)
    there = there or desk.with_role("manager")
    if not there:
        return one
    moved = one.changed(owner=there[0].id)
    desk.note("case", one.id, broadcast=one.broadcast, step="passed", type=one.kind, number=str(one.number),
              order_id=one.order_id, cause=one.cause, sort=one.type, owner=moved.owner, why="left")  # fmt: skip
    return moved
