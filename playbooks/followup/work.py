"""Working on follow-ups: which is next and why, who has it, what came of it (E01, B22)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from playbooks.followup.rules import Result, rules
from playbooks.followup.state import FollowUp, State, Step, step
from playbooks.model import Refusal


def claim(item: FollowUp, who: str) -> FollowUp:
    """`who` takes it on; pressing twice is once. Raises Refusal followup.taken, followup.step."""
    if item.state == "claimed" and item.owner == who:
        return item
    if item.state == "claimed":
        raise Refusal("followup.taken", order_id=item.number, owner=item.owner)
    return item.changed(state=step(item, "claim"), owner=who)


def give_back(item: FollowUp, who: str) -> FollowUp:
    """Back to everybody. Raises Refusal followup.not_yours, followup.step."""
    return item.changed(state=own_step(item, "give_back", who), owner="", held_until=None)


def release_all(items: Iterable[FollowUp], who: str) -> tuple[FollowUp, ...]:
    """Those `who` is at, given back to everybody: what changes when `who` leaves."""
    return tuple(give_back(item, who) for item in items if item.owner == who and item.state == "claimed")


def result_of(item: FollowUp, outcome: str) -> Result:
    """What an outcome leads to. Raises Refusal followup.outcome, followup.first where another step comes before it."""
    result = rules().kinds[item.kind].outcomes.get(outcome)
    if result is None:
        raise Refusal("followup.outcome", outcome=outcome)
    if result.after and item.outcome != result.after:
        raise Refusal("followup.first", order_id=item.number)
    return result


def is_said(kind: str, outcome: str) -> bool:
    """Whether somebody said this outcome of such work; what was skipped and what a file settled is nobody's doing."""
    return any(outcome in rule.outcomes for name, rule in rules().kinds.items() if name == kind)


def offered(item: FollowUp) -> tuple[str, ...]:
    """The outcomes that can be said of the item as it stands, in the order of their buttons."""
    known = rules().kinds[item.kind].outcomes.items()
    return tuple(name for name, result in known if result.after in ("", item.outcome))


def record(item: FollowUp, who: str, outcome: str, note: str, now: datetime) -> FollowUp:
    """The owner's outcome: the item is done, or comes back to everybody after the outcome's hours.

    An urged order whose buyer was told the warehouse's time comes back when that is over.
    Raises Refusal followup.outcome, followup.first, followup.note_missing, followup.not_yours, followup.step.
    """
    result = result_of(item, outcome)
    if result.note_required and not note.strip():
        raise Refusal("followup.note_missing", order_id=item.number)
    said = item.changed(outcome=outcome, note=note.strip())
    if result.returns_after_hours is None:
        return said.changed(state=own_step(item, "finish", who))
    later = now + timedelta(hours=result.returns_after_hours)
    if item.eta and item.eta > now:
        later = item.eta
    return said.changed(state=own_step(item, "come_back", who), owner="", returns_at=later, due_at=later)


def may_drop(item: FollowUp, who: str) -> State:
    """The state dropping it leads to. Raises Refusal followup.mandatory, followup.taken, followup.step."""
    following = step(item, "drop")
    if item.mandatory:
        raise Refusal("followup.mandatory", order_id=item.number)
    if item.owner not in ("", who):
        raise Refusal("followup.taken", order_id=item.number, owner=item.owner)
    return following


def drop(item: FollowUp, who: str, note: str) -> FollowUp:
    """Left undone, by name and with the reason (B22); food waiting for pick-up may not be (E07).

    Raises Refusal followup.mandatory, followup.note_missing, followup.taken, followup.step.
    """
    following = may_drop(item, who)
    if not note.strip():
        raise Refusal("followup.note_missing", order_id=item.number)
    return item.changed(state=following, owner=who, note=note.strip())


def refused_by_buyer(item: FollowUp) -> FollowUp:
    """The buyer wants no more messages: what was only to write to them ends too, and says so (H21)."""
    if item.state != "open" or rules().kinds[item.kind].without_buyer or not item.optional:
        return item
    return item.changed(state=step(item, "lapse"), outcome="opted_out")


def own_step(item: FollowUp, name: Step, who: str) -> State:
    """`step` for the owner alone."""
    following = step(item, name)
    if item.owner != who:
        raise Refusal("followup.not_yours", order_id=item.number, owner=item.owner)
    return following


def next_for(items: Sequence[FollowUp], now: datetime, *, busy: bool = False) -> tuple[FollowUp, str] | None:
    """The best next work and the text key of why this one (E01), None when nothing is ready.

    What spoils goes first, the late before the rest, then what is due, then the rest; among equals the earliest due.
    What may be left waits for everything else, and while it is `busy` (E07).
    """
    ready = [one for one in items if one.state == "open" and (one.returns_at or now) <= now]
    ready = [one for one in ready if not (busy and one.optional)]
    if not ready:
        return None
    best = min(ready, key=lambda one: (urgency(one, now), one.due_at, one.created_at, one.id))
    return best, WHY_NEXT[urgency(best, now)]


WHY_NEXT = (
    "followup.next_mandatory_late",
    "followup.next_mandatory",
    "followup.next_due",
    "followup.next_earliest",
    "followup.next_optional",
)
"""Why an item is the next one, the most urgent reason first."""


def urgency(item: FollowUp, now: datetime) -> int:
    """Its place in WHY_NEXT; 0 is the most urgent."""
    if item.mandatory:
        return 0 if item.due_at <= now else 1
    if item.optional:
        return 4
    return 2 if item.due_at <= now else 3


def late_unseen(items: Iterable[FollowUp], now: datetime) -> list[FollowUp]:
    """Perishable goods whose time is over and of which leads may be told once more, the oldest first (E08)."""
    most = rules().alarm.at_most
    found = [one for one in items if one.mandatory and one.alive and one.due_at <= now and one.alarms < most]
    return sorted(found, key=lambda one: (one.due_at, one.id))


def next_alarm(items: Iterable[FollowUp], now: datetime) -> datetime | None:
    """When leads are next told of such goods; None: not any more."""
    alarm = rules().alarm
    again = timedelta(hours=alarm.again_hours)
    waiting = [one for one in items if one.mandatory and one.alive and one.alarms < alarm.at_most]
    return min((max(one.due_at + again * one.alarms, now) for one in waiting), default=None)


def stale(items: Iterable[FollowUp], now: datetime) -> list[FollowUp]:
    """Optional work nobody has, left for days after its time: a lead may let it go, by name (B22, E07)."""
    oldest = now - timedelta(days=rules().stale.days)
    return [one for one in items if one.state == "open" and one.optional and one.due_at <= oldest]
