"""Follow-ups after the stream: 邀好评 review invitations, 催物流 stuck parcels, 催签收 pick-ups.

REQUIREMENTS E02, E04, E06–E09, K01, K02, B22. Hours, outcomes and scripts stand in `data/followup.toml`.
A review invitation asks for an honest review and offers nothing (K01).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Literal

from pydantic import Field

from playbooks.model import Document, Model, Moment, Refusal
from playbooks.orders import DEAD, Order
from playbooks.rulebook import load

Kind = Literal["review_invite", "logistics", "pickup"]
ParcelStatus = Literal[
    "ordered", "collected", "in_transit", "arrived_city", "out_for_delivery", "at_pickup_point",
    "pickup_overdue", "signed", "rejected", "returning", "returned", "problem", "no_trace", "cancelled",
]  # fmt: skip
"""logistics.canonical_states of facts/order_formats.yaml."""
WAITING: frozenset[ParcelStatus] = frozenset(["at_pickup_point", "pickup_overdue"])
MOVING: frozenset[ParcelStatus] = frozenset(
    ["ordered", "collected", "in_transit", "arrived_city", "out_for_delivery", "problem", "no_trace"]
)

State = Literal["open", "claimed", "done", "dropped"]
Step = Literal["claim", "give_back", "finish", "come_back", "drop", "settle", "lapse"]
# `settle` and `lapse` are what a later file does: the matter is settled, or there is no reason left to act.
NEXT: dict[State, dict[Step, State]] = {
    "open": {"claim": "claimed", "drop": "dropped", "settle": "done", "lapse": "dropped"},
    "claimed": {
        "give_back": "open", "finish": "done", "come_back": "open", "drop": "dropped", "settle": "done",
        "lapse": "dropped",
    },
    "done": {},
    "dropped": {},
}  # fmt: skip


class Quiet(Model):
    from_: time = Field(alias="from")
    until: time


class Stalled(Model):
    no_first_scan_hours: int
    no_scan_days: int
    not_signed_days: int


class Result(Model):
    """What an outcome leads to: back after some hours, or done."""

    returns_after_hours: int | None = None
    note_required: bool = False


class KindRules(Model):
    letter: str
    due_hours: int
    food_due_hours: int | None = None
    outcomes: dict[str, Result]
    scripts: tuple[str, ...]


class Rules(Model):
    quiet: Quiet
    stalled: Stalled
    kinds: dict[Kind, KindRules]


class ParcelState(Model):
    """One row of a logistics list; `last_scan_at` is the newest scan, None before the first."""

    order_id: str
    tracking_no: str
    carrier: str = ""
    state: ParcelStatus
    shipped_at: Moment | None = None
    last_scan_at: Moment | None = None


class FollowUp(Document):
    """One thing to do for one order or parcel, offered from `returns_at` on.

    `why_key` with `values` says why it is there.
    """

    kind: Kind
    order_id: str
    tracking_no: str = ""
    carrier: str = ""
    link_no: int | None = None
    title: str = ""
    city: str = ""
    why_key: str
    values: dict[str, str]
    due_at: Moment
    returns_at: Moment | None = None
    mandatory: bool = False
    state: State = "open"
    owner: str = ""
    outcome: str = ""
    note: str = ""
    created_at: Moment


def rules() -> Rules:
    data: Rules = load("followup", Rules)
    return data


def follow_up_id(room: str, kind: Kind, number: str) -> str:
    """The id for an order or, for parcels, a tracking number: one follow-up of a kind each, ever (K02)."""
    return f"{room}-{rules().kinds[kind].letter}{number}"


def from_order(room: str, order: Order, now: datetime, *, link_no: int | None = None) -> FollowUp | None:
    """A review invitation for an order the buyer has received; None for every other (E02)."""
    if order.status not in ("received", "completed"):
        return None
    return FollowUp(
        id=follow_up_id(room, "review_invite", order.order_id), kind="review_invite", order_id=order.order_id,
        tracking_no=order.tracking_no, carrier=order.carrier, link_no=link_no,
        title=order.lines[0].title if order.lines else "", city=order.city,
        why_key="followup.why_received", values={}, created_at=now,
        due_at=now + timedelta(hours=rules().kinds["review_invite"].due_hours),
    )  # fmt: skip


def from_parcel(
    room: str,
    parcel: ParcelState,
    food: bool,
    now: datetime,
    *,
    link_no: int | None = None,
    title: str = "",
    city: str = "",
) -> FollowUp | None:
    """Pick-up or logistics follow-up of a parcel, None when it moves as it should or has ended.

    `food`: the goods spoil, so a waiting parcel must be followed up and within fewer hours (E07, E08).
    """
    reason = why_parcel(parcel, now)
    if reason is None:
        return None
    kind, why_key, values = reason
    must = food and kind == "pickup"
    return FollowUp(
        id=follow_up_id(room, kind, parcel.tracking_no or parcel.order_id), kind=kind,
        order_id=parcel.order_id, tracking_no=parcel.tracking_no, carrier=parcel.carrier,
        link_no=link_no, title=title, city=city, why_key=why_key, values=values,
        mandatory=must, created_at=now, due_at=parcel_due(parcel, kind, must, now),
    )  # fmt: skip


def why_parcel(parcel: ParcelState, now: datetime) -> tuple[Kind, str, dict[str, str]] | None:
    """(kind, text key, values) of why the parcel needs somebody; the most serious reason alone."""
    if parcel.state in WAITING:
        return "pickup", f"followup.why_{parcel.state}", {"carrier": parcel.carrier}
    if parcel.state not in MOVING or parcel.shipped_at is None:
        return None
    stalled, age = rules().stalled, now - parcel.shipped_at
    still = now - (parcel.last_scan_at or parcel.shipped_at)
    why = ""
    if age > timedelta(days=stalled.not_signed_days):
        why, still = "not_signed", age
    elif parcel.last_scan_at is not None and still >= timedelta(days=stalled.no_scan_days):
        why = "no_scan"
    elif parcel.last_scan_at is None and still >= timedelta(hours=stalled.no_first_scan_hours):
        why = "no_first_scan"
    if not why:
        return None
    hours = int(still.total_seconds() // 3600)
    values = {"days": str(still.days), "hours": str(hours), "carrier": parcel.carrier}
    return "logistics", f"followup.why_{why}", values


def parcel_due(parcel: ParcelState, kind: Kind, must: bool, now: datetime) -> datetime:
    """Food counts from the moment it began to wait, the rest from when we learnt of it."""
    known = rules().kinds[kind]
    if must and known.food_due_hours is not None:
        return (parcel.last_scan_at or now) + timedelta(hours=known.food_due_hours)
    return now + timedelta(hours=known.due_hours)


def step(item: FollowUp, name: Step) -> State:
    """The state after `name`; raises Refusal followup.step when the table does not know the step."""
    following = NEXT[item.state].get(name)
    if following is None:
        raise Refusal("followup.step", order_id=item.order_id, state=item.state, step=name)
    return following


def settle(
    item: FollowUp, *, now: datetime, parcel: ParcelState | None = None, order: Order | None = None
) -> FollowUp:
    """The item after a later file: done when signed for, dropped when its reason is gone, else unchanged."""
    if item.state in ("done", "dropped"):
        return item
    if order is not None and order.status in DEAD | {"refunding"}:
        return item.changed(state=step(item, "lapse"), outcome="ended")
    arrived = order is not None and order.status in ("received", "completed")
    if item.kind != "review_invite" and (arrived or (parcel is not None and parcel.state == "signed")):
        return item.changed(state=step(item, "settle"), outcome="signed")
    if parcel is None or item.kind == "review_invite":
        return item
    reason = why_parcel(parcel, now)
    if reason is None or reason[0] != item.kind:
        return item.changed(state=step(item, "lapse"), outcome=lapsed_as(parcel))
    return item.changed(why_key=reason[1], values=reason[2])


def lapsed_as(parcel: ParcelState) -> str:
    """What became of a parcel that needs no more of this: it moves again, waits for pick-up, or has ended."""
    if parcel.state in MOVING:
        return "moving"
    return "waiting" if parcel.state in WAITING else "ended"


def claim(item: FollowUp, who: str) -> FollowUp:
    """`who` takes it on; pressing twice is once. Raises Refusal followup.taken, followup.step."""
    if item.state == "claimed" and item.owner == who:
        return item
    if item.state == "claimed":
        raise Refusal("followup.taken", order_id=item.order_id, owner=item.owner)
    return item.changed(state=step(item, "claim"), owner=who)


def give_back(item: FollowUp, who: str) -> FollowUp:
    """Back to everybody. Raises Refusal followup.not_yours, followup.step."""
    return item.changed(state=own_step(item, "give_back", who), owner="")


def record(item: FollowUp, who: str, outcome: str, note: str, now: datetime) -> FollowUp:
    """The owner's outcome: the item is done, or comes back to everybody after the outcome's hours.

    Raises Refusal followup.outcome, followup.note_missing, followup.not_yours, followup.step.
    """
    result = rules().kinds[item.kind].outcomes.get(outcome)
    if result is None:
        raise Refusal("followup.outcome", outcome=outcome)
    if result.note_required and not note.strip():
        raise Refusal("followup.note_missing", order_id=item.order_id)
    said = item.changed(outcome=outcome, note=note.strip())
    if result.returns_after_hours is None:
        return said.changed(state=own_step(item, "finish", who))
    later = now + timedelta(hours=result.returns_after_hours)
    return said.changed(state=own_step(item, "come_back", who), owner="", returns_at=later, due_at=later)


def drop(item: FollowUp, who: str, note: str) -> FollowUp:
    """Left undone, by name and with the reason (B22); food waiting for pick-up may not be (E07).

    Raises Refusal followup.mandatory, followup.note_missing, followup.taken, followup.step.
    """
    following = step(item, "drop")
    if item.mandatory:
        raise Refusal("followup.mandatory", order_id=item.order_id)
    if item.owner not in ("", who):
        raise Refusal("followup.taken", order_id=item.order_id, owner=item.owner)
    if not note.strip():
        raise Refusal("followup.note_missing", order_id=item.order_id)
    return item.changed(state=following, owner=who, note=note.strip())


def own_step(item: FollowUp, name: Step, who: str) -> State:
    """`step` for the owner alone."""
    following = step(item, name)
    if item.owner != who:
        raise Refusal("followup.not_yours", order_id=item.order_id, owner=item.owner)
    return following


def next_for(items: Sequence[FollowUp], now: datetime) -> tuple[FollowUp, str] | None:
    """The best next work and the text key of why this one (E01), None when nothing is ready.

    What must be done and is late goes first, then what is due, then what must be done, then the rest; among
    equals the earliest due.
    """
    ready = [one for one in items if one.state == "open" and (one.returns_at or now) <= now]
    if not ready:
        return None
    best = min(ready, key=lambda one: (urgency(one, now), one.due_at, one.created_at, one.id))
    return best, WHY_NEXT[urgency(best, now)]


WHY_NEXT = (
    "followup.next_mandatory_late",
    "followup.next_due",
    "followup.next_mandatory",
    "followup.next_earliest",
)
"""Why an item is the next one, the most urgent reason first."""


def urgency(item: FollowUp, now: datetime) -> int:
    """Its place in WHY_NEXT; 0 is the most urgent."""
    if item.due_at <= now:
        return 0 if item.mandatory else 1
    return 2 if item.mandatory else 3


def may_contact(now_local: datetime) -> bool:
    """Whether a buyer may be contacted at this time of the room's day (K02)."""
    quiet, clock = rules().quiet, now_local.time()
    return quiet.until <= clock < quiet.from_


def scripts(kind: Kind) -> tuple[str, ...]:
    """Text keys of what the agent may copy to the buyer, in order, one message a part."""
    return rules().kinds[kind].scripts


def outcomes(kind: Kind) -> tuple[str, ...]:
    """The outcomes of a kind in the order of their buttons; each has a text followup.outcome_<name>."""
    return tuple(rules().kinds[kind].outcomes)
