"""The life of a held order 异常订单, from the audit that found it to the file that shows it solved.

REQUIREMENTS D02, D06, D07, K10, L07, L08. An agent's word leaves a hold "claimed done"; only a later export
solves it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Literal

from playbooks.addresses.audit import Finding, Verdict, verdict
from playbooks.model import Document, Model, Moment, Money, Refusal, to_cents
from playbooks.orders import DEAD, TO_SHIP, Order, OrderState, Status
from playbooks.rulebook import load

State = Literal[
    "open", "claimed", "done_claimed", "handed", "false_alarm_proposed", "solved", "waived", "false_alarm"
]  # fmt: skip
Step = Literal[
    "claim", "give_back", "act", "waive", "hand_over", "propose", "approve", "reject", "settle", "find_other"
]  # fmt: skip
Action = Literal["change_carrier", "shop_pays", "buyer_refund", "confirmed"]
ACTIONS: tuple[Action, ...] = ("change_carrier", "shop_pays", "buyer_refund", "confirmed")
"""换快递, 店铺承担运费, 买家申请退款或关闭, 平台上核实地址.

Extra freight and closing by the shop are never offered (D07).
"""
SHIPPED: frozenset[Status] = frozenset(["shipped", "received", "completed"])

# `find_other`: a later file names another region or rule; what was decided about the first no longer counts.
NEXT: dict[State, dict[Step, State]] = {
    "open": {
        "claim": "claimed", "waive": "waived", "hand_over": "handed", "settle": "solved",
        "find_other": "open",
    },
    "claimed": {
        "give_back": "open", "act": "done_claimed", "propose": "false_alarm_proposed", "waive": "waived",
        "hand_over": "handed", "settle": "solved", "find_other": "claimed",
    },
    "done_claimed": {
        "give_back": "open", "act": "done_claimed", "propose": "false_alarm_proposed", "waive": "waived",
        "hand_over": "handed", "settle": "solved", "find_other": "claimed",
    },
    "handed": {
        "claim": "claimed", "waive": "waived", "hand_over": "handed", "settle": "solved",
        "find_other": "handed",
    },
    "false_alarm_proposed": {
        "approve": "false_alarm", "reject": "claimed", "waive": "waived", "settle": "solved",
        "find_other": "claimed",
    },
    "waived": {"settle": "solved", "find_other": "open"},
    "false_alarm": {"settle": "solved", "find_other": "open"},
    "solved": {},
}  # fmt: skip
DEALT_WITH: frozenset[State] = frozenset(["solved", "waived", "false_alarm"])


class Hold(Document):
    """One order the audit stopped. `amount` in yuan; `solved_as` says what the later file showed.

    `region` and `rules` are those of the latest audit; at `due_at` the next shift must have dealt with it.
    """

    order_id: str
    link_no: int | None = None
    title: str = ""
    rules: tuple[str, ...]
    verdict: Verdict
    region: str
    findings: tuple[Finding, ...] = ()
    broadcast: str = ""
    found_at: Moment
    ship_by: Moment | None = None
    amount: Money | None = None
    state: State = "open"
    owner: str = ""
    action: Action | None = None
    note: str = ""
    waived_by: str = ""
    handed_to: str = ""
    due_at: Moment | None = None
    solved_as: Literal["", "cleared", "shipped", "cancelled", "closed", "refunded", "deleted"] = ""
    settled_at: Moment | None = None
    intercepted_at: Moment | None = None
    intercepted_by: str = ""
    released_at: Moment | None = None
    released_by: str = ""


def step(hold: Hold, name: Step) -> State:
    """The state after `name`; raises Refusal hold.step when the table does not know the step."""
    following = NEXT[hold.state].get(name)
    if following is None:
        raise Refusal("hold.step", order_id=hold.order_id, state=hold.state, step=name)
    return following


def take_in(
    known: Hold | None,
    order: Order,
    findings: Sequence[Finding],
    *,
    hold_id: str,
    now: datetime,
    link_no: int | None = None,
    title: str = "",
    broadcast: str = "",
) -> Hold | None:
    """What an audit makes of an order: a new hold, the known one brought up to date, None when all is well.

    Only orders still to be shipped are held; `hold_id` is f"{room}-h{order_id}".
    """
    if known is not None:
        return settle(known, order, findings, now)
    if not findings or order.status not in TO_SHIP:
        return None
    return Hold(
        id=hold_id, order_id=order.order_id, link_no=link_no, title=title, broadcast=broadcast, found_at=now,
        ship_by=order.ship_by, amount=order.amount, **told(findings),
    )  # fmt: skip


def told(findings: Sequence[Finding]) -> dict[str, object]:
    """The fields of a hold that come from the audit; the region is that of the worst finding."""
    worst = verdict(findings)
    region = next(found.region for found in findings if found.verdict == worst)
    rules = tuple(found.rule for found in findings)
    return {"rules": rules, "verdict": worst, "region": region, "findings": tuple(findings)}


def settle(hold: Hold, order: Order, findings: Sequence[Finding], now: datetime) -> Hold:
    """The hold after a later export: solved when the order ended, was shipped, or is found in order.

    Another region or rule than before puts aside what was decided. A solved hold stays solved.
    """
    if hold.state == "solved":
        return hold
    if order.status in DEAD | SHIPPED:
        how = order.status if order.status in DEAD else "shipped"
        return hold.changed(state=step(hold, "settle"), solved_as=how, settled_at=now)
    if not findings:
        return hold.changed(state=step(hold, "settle"), solved_as="cleared", settled_at=now)
    return refreshed(hold, order, told(findings))


def refreshed(hold: Hold, order: Order, news: dict[str, object]) -> Hold:
    """The hold with what the export says now."""
    fields = {**news, "ship_by": order.ship_by or hold.ship_by, "amount": order.amount or hold.amount}
    if all(news[name] == getattr(hold, name) for name in ("verdict", "region", "rules")):
        return hold.changed(**fields)
    undecided = {"state": step(hold, "find_other"), "action": None, "waived_by": ""}
    if hold.state in DEALT_WITH:
        undecided |= {"owner": ""}
    if hold.released_at is not None:
        undecided |= {"intercepted_at": None, "intercepted_by": "", "released_at": None, "released_by": ""}
    return hold.changed(**fields, **undecided)


def claim(hold: Hold, who: str) -> Hold:
    """`who` takes it on; pressing twice is once. Raises Refusal hold.taken, hold.step."""
    taken = hold.owner and hold.state not in DEALT_WITH
    if taken and hold.owner == who:
        return hold
    if taken:
        raise Refusal("hold.taken", order_id=hold.order_id, owner=hold.owner)
    return hold.changed(state=step(hold, "claim"), owner=who)


def give_back(hold: Hold, who: str) -> Hold:
    """Back to everybody. Raises Refusal hold.not_yours, hold.step."""
    return hold.changed(state=own_step(hold, "give_back", who), owner="", action=None)


def act(hold: Hold, who: str, action: str, note: str = "") -> Hold:
    """The owner says what was done; it stays claimed done until a file shows it.

    A refund or closing is the buyer's own step (L07), so its `note` must hold the buyer's request.
    Raises Refusal hold.not_yours, hold.action, hold.request_missing, hold.step.
    """
    known = next((one for one in ACTIONS if one == action), None)
    if known is None:
        raise Refusal("hold.action", action=action)
    if known == "buyer_refund" and not note.strip():
        raise Refusal("hold.request_missing", order_id=hold.order_id)
    return hold.changed(state=own_step(hold, "act", who), action=known, note=note.strip())


def own_step(hold: Hold, name: Step, who: str) -> State:
    """`step` for the owner alone."""
    following = step(hold, name)
    if hold.owner != who:
        raise Refusal("hold.not_yours", order_id=hold.order_id, owner=hold.owner)
    return following


def propose_false_alarm(hold: Hold, who: str, note: str) -> Hold:
    """误报: the owner thinks the rule is wrong here and says why.

    Raises Refusal hold.note_missing, hold.not_yours, hold.step.
    """
    following = own_step(hold, "propose", who)
    return hold.changed(state=following, note=said(hold, note))


def decide_false_alarm(hold: Hold, *, approved: bool) -> Hold:
    """A manager approves the exception, which deals with the hold, or sends it back to its owner."""
    return hold.changed(state=step(hold, "approve" if approved else "reject"))


def waive(hold: Hold, who: str, note: str) -> Hold:
    """A manager lets it ship by name 具名放行 and says why. Raises Refusal hold.note_missing, hold.step."""
    following = step(hold, "waive")
    return hold.changed(state=following, waived_by=who, note=said(hold, note))


def said(hold: Hold, note: str) -> str:
    if not note.strip():
        raise Refusal("hold.note_missing", order_id=hold.order_id)
    return note.strip()


def hand_over(
    hold: Hold, to: str, due_at: datetime, *, now: datetime, print_at: datetime | None = None
) -> Hold:
    """To the next shift `to`, which must have dealt with it at `due_at`, before labels are printed.

    The limit is `print_at` or the order's ship-by time, whichever is earlier.
    Raises Refusal hold.due_past, hold.due_late (with `limit`, a moment), hold.step.
    """
    following = step(hold, "hand_over")
    if due_at <= now:
        raise Refusal("hold.due_past", order_id=hold.order_id)
    limit = min((moment for moment in (print_at, hold.ship_by) if moment is not None), default=due_at)
    if due_at > limit:
        raise Refusal("hold.due_late", order_id=hold.order_id, limit=limit)
    return hold.changed(state=following, owner="", handed_to=to, due_at=due_at)


def tick_intercepted(hold: Hold, who: str, now: datetime) -> Hold:
    """已拦截: the warehouse has taken the parcel out. Ticking twice is once."""
    if hold.intercepted_at is not None:
        return hold
    return hold.changed(intercepted_at=now, intercepted_by=who)


def tick_released(hold: Hold, who: str, now: datetime) -> Hold:
    """已放行: the parcel goes on, or back on the shelf.

    Raises Refusal hold.not_free until the hold is dealt with.
    """
    if hold.released_at is not None:
        return hold
    if hold.state not in DEALT_WITH:
        raise Refusal("hold.not_free", order_id=hold.order_id)
    return hold.changed(released_at=now, released_by=who)


def open_holds(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """Those not dealt with, soonest ship-by first."""
    return in_order(hold for hold in holds if hold.state not in DEALT_WITH)


def may_wrap(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """The HOLDs that block /wrap: not solved, waived by name, approved as an exception, or handed over."""
    return tuple(hold for hold in open_holds(holds) if hold.verdict == "HOLD" and hold.state != "handed")


def intercept_list(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """拦截清单: what the warehouse must keep back, and what it has kept back and not let go yet (L08)."""
    return in_order(
        hold
        for hold in holds
        if hold.verdict == "HOLD"
        and hold.released_at is None
        and (hold.state not in DEALT_WITH or hold.intercepted_at is not None)
    )


def in_order(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    return tuple(sorted(holds, key=lambda hold: (hold.ship_by or hold.found_at, hold.order_id)))


class Penalty(Model):
    """What one late order costs, in yuan, and the day the figure was true for."""

    platform: str
    amount: Money
    as_of: date
    source: str


class Costs(Model):
    penalties: tuple[Penalty, ...]


def penalty(platform: str) -> Penalty | None:
    """The dated default of the platform; None where no figure is known: the room must set one."""
    known: Costs = load("aftercare", Costs)
    return next((one for one in known.penalties if one.platform == platform), None)


def exposure(orders: Collection[Hold | Order | OrderState], penalty: Money) -> Money:
    """What it costs if all these orders ship late: their number, each order once, times `penalty` (D02)."""
    return to_cents(len({order.order_id for order in orders}) * penalty)
