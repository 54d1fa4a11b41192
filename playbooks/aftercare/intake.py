"""What an export says about held orders: found, found again, found otherwise, solved (D02, D06)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from playbooks.addresses.findings import Finding, verdict
from playbooks.aftercare.state import DEALT_WITH, REOPENS, SHIPPED, Hold, step
from playbooks.orders import DEAD, TO_SHIP, Order


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
    province: str = "",
    goes_to: str = "",
) -> Hold | None:
    """What an audit makes of an order: a new hold, the known one brought up to date, None when all is well.

    Only orders still to be shipped are held; `hold_id` is f"{room}-h{order_id}".
    """
    if known is not None:
        goes = known.changed(province=province or known.province, goes_to=goes_to or known.goes_to)
        return settle(goes, order, findings, now)
    if not findings or order.status not in TO_SHIP:
        return None
    return Hold(
        id=hold_id, order_id=order.order_id, link_no=link_no, title=title, broadcast=broadcast, found_at=now,
        ship_by=order.ship_by, amount=order.amount, province=province, goes_to=goes_to,
        **told(findings),
    )  # fmt: skip


def found_anew(known: Hold | None, now: Hold) -> bool:
    """Whether an export says of an open hold what nobody has heard yet: it is new, found again after it was dealt
    with, or to be held where it was only to be looked at."""
    if now.state in DEALT_WITH:
        return False
    return known is None or known.state in DEALT_WITH or (known.verdict, now.verdict) == ("CHECK", "HOLD")


def told(findings: Sequence[Finding]) -> dict[str, object]:
    """The fields of a hold that come from the audit; the region is that of the worst finding."""
    worst = verdict(findings)
    region = next(found.region for found in findings if found.verdict == worst)
    rules = tuple(found.rule for found in findings)
    return {"rules": rules, "verdict": worst, "region": region, "findings": tuple(findings)}


def settle(hold: Hold, order: Order, findings: Sequence[Finding], now: datetime) -> Hold:
    """The hold after a later export: solved when the order ended, was shipped, or is found in order.

    Another region or rule than before puts aside what was decided. What was found in order opens again when
    something is found once more; a hold whose order was shipped or ended stays solved.
    """
    if hold.state == "solved":
        return _after_solved(hold, order, findings, now)
    if order.status in DEAD | SHIPPED:
        return _ended(hold, order, now)
    findings = undisputed(hold, findings)
    if not findings and hold.state == "false_alarm":  # a manager agreed to this very order: that stands
        return hold
    if not findings:
        return hold.changed(state=step(hold, "settle"), solved_as="cleared", settled_at=now)
    return refreshed(hold, order, told(findings))


def undisputed(hold: Hold, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings without those a manager agreed were wrong for this order."""
    agreed = {(found.rule, found.region) for found in hold.let_pass}
    return tuple(found for found in findings if (found.rule, found.region) not in agreed)


def _ended(hold: Hold, order: Order, now: datetime) -> Hold:
    how = order.status if order.status in DEAD else "shipped"
    return hold.changed(state=step(hold, "settle"), solved_as=how, settled_at=now)


def _after_solved(hold: Hold, order: Order, findings: Sequence[Finding], now: datetime) -> Hold:
    if hold.solved_as not in REOPENS:
        return hold
    if order.status in DEAD | SHIPPED:
        return _ended(hold, order, now)
    findings = undisputed(hold, findings)
    if not findings or order.status not in TO_SHIP:
        return hold
    return _reopened(hold.changed(**told(findings), ship_by=order.ship_by or hold.ship_by))


def _reopened(hold: Hold) -> Hold:
    """Open as on the first day: whatever was done about it did not last."""
    return hold.changed(
        state=step(hold, "find_other"), owner="", action=None, note="", waived_by="", handed_to="", due_at=None,
        solved_as="", settled_at=None, **_not_let_go(hold),
    )  # fmt: skip


def _not_let_go(hold: Hold) -> dict[str, object]:
    """A parcel the warehouse has let go must be taken out anew."""
    if hold.released_at is None:
        return {}
    return {"intercepted_at": None, "intercepted_by": "", "released_at": None, "released_by": ""}


def refreshed(hold: Hold, order: Order, news: dict[str, object]) -> Hold:
    """The hold with what the export says now."""
    fields = {**news, "ship_by": order.ship_by or hold.ship_by, "amount": order.amount or hold.amount}
    if all(news[name] == getattr(hold, name) for name in ("verdict", "region", "rules")):
        return hold.changed(**fields)
    if _still_disputed(hold, hold.changed(**news)):
        return hold.changed(**fields)
    undecided = {"state": step(hold, "find_other"), "action": None, "waived_by": "", **_not_let_go(hold)}
    if hold.state in DEALT_WITH:
        undecided |= {"owner": ""}
    return hold.changed(**fields, **undecided)


def _still_disputed(hold: Hold, now: Hold) -> bool:
    """Whether a proposed false alarm is one all the same: what is disputed is still found as it was, or, where all of
    it is disputed, nothing else has come."""
    if hold.state != "false_alarm_proposed":
        return False
    before, after = ({(found.rule, found.region) for found in one.findings} for one in (hold, now))
    disputed = {pair for pair in before if pair[0] in hold.proposed_rules}
    return disputed <= after if disputed else after <= before
