"""What people do about a held order: claim it, act on it, waive it, hand it over (D07, K10, L07)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from playbooks.aftercare.intake import told
from playbooks.aftercare.state import ACTIONS, DEALT_WITH, Hold, State, Step, step
from playbooks.model import Refusal


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


def disputable(hold: Hold) -> tuple[str, ...]:
    """The rules that held it, each of which may be wrong."""
    return (
        tuple(dict.fromkeys(found.rule for found in hold.findings if found.verdict != "PASS")) or hold.rules
    )


def propose_false_alarm(hold: Hold, who: str, note: str, rules: Sequence[str] = ()) -> Hold:
    """误报: the owner thinks these of its rules (() all) are wrong here and says why.

    Raises Refusal hold.note_missing, hold.not_yours, hold.step.
    """
    following = own_step(hold, "propose", who)
    wrong = tuple(rule for rule in disputable(hold) if rule in rules)
    return hold.changed(state=following, note=said(hold, note), proposed_rules=wrong)


def decide_false_alarm(hold: Hold, *, approved: bool) -> Hold:
    """A manager approves, which deals with the hold unless another rule holds the order too, or sends it back.

    What is left to do about the other rules stays with its owner.
    """
    if not approved:
        return hold.changed(state=step(hold, "reject"), proposed_rules=())
    wrong = hold.proposed_rules or disputable(hold)
    counted = tuple(dict.fromkeys((*hold.false_alarm_rules, *wrong)))
    left = tuple(found for found in hold.findings if found.rule not in wrong)
    if not any(found.verdict != "PASS" for found in left):
        return hold.changed(state=step(hold, "approve"), false_alarm_rules=counted, proposed_rules=())
    passed = tuple(found for found in hold.findings if found.rule in wrong)
    return hold.changed(
        state=step(hold, "approve_part"), false_alarm_rules=counted, proposed_rules=(),
        let_pass=(*hold.let_pass, *passed), **told(left),
    )  # fmt: skip


def waive(hold: Hold, who: str, note: str) -> Hold:
    """A manager lets it ship by name 具名放行 and says why. Raises Refusal hold.note_missing, hold.step."""
    following = step(hold, "waive")
    return hold.changed(state=following, waived_by=who, note=said(hold, note))


def said(hold: Hold, note: str) -> str:
    if not note.strip():
        raise Refusal("hold.note_missing", order_id=hold.order_id)
    return note.strip()


def hand_over(
    hold: Hold,
    who: str,
    to: str,
    due_at: datetime,
    *,
    now: datetime,
    print_at: datetime | None = None,
    in_charge: bool = False,
) -> Hold:
    """To the next shift `to`, which must have dealt with it at `due_at`, before labels are printed.

    The owner hands it over, or who is `in_charge` (a lead or a manager). The limit is `print_at` or the order's
    ship-by time, whichever is earlier; a ship-by that has passed limits nothing, since it is late already.
    Raises Refusal hold.not_yours, hold.due_past, hold.due_late (with `limit`, a moment), hold.step.
    """
    following = step(hold, "hand_over") if in_charge else own_step(hold, "hand_over", who)
    if due_at <= now:
        raise Refusal("hold.due_past", order_id=hold.order_id)
    ahead = (moment for moment in (print_at, hold.ship_by) if moment is not None and moment > now)
    limit = min(ahead, default=due_at)
    if due_at > limit:
        raise Refusal("hold.due_late", order_id=hold.order_id, limit=limit)
    return hold.changed(state=following, owner="", handed_to=to, due_at=due_at)


def release_all(holds: Iterable[Hold], who: str) -> tuple[Hold, ...]:
    """Those `who` has claimed and not acted on, given back to everybody: what changes when `who` leaves."""
    return tuple(give_back(hold, who) for hold in holds if hold.owner == who and hold.state == "claimed")
