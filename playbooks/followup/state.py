"""What is kept of one follow-up, and the one table of its states."""

from __future__ import annotations

from typing import Literal

from playbooks.followup.rules import Kind, rules
from playbooks.model import Document, Model, Moment, Refusal

ParcelStatus = Literal[
    "ordered", "collected", "in_transit", "arrived_city", "out_for_delivery", "at_pickup_point",
    "pickup_overdue", "signed", "rejected", "returning", "returned", "problem", "no_trace", "cancelled",
]  # fmt: skip
"""logistics.canonical_states of facts/order_formats.yaml."""
WAITING: frozenset[ParcelStatus] = frozenset(["at_pickup_point", "pickup_overdue"])
MOVING: frozenset[ParcelStatus] = frozenset(
    ["ordered", "collected", "in_transit", "arrived_city", "out_for_delivery", "problem", "no_trace"]
)
GOING_BACK: frozenset[ParcelStatus] = frozenset(["rejected", "returning"])
UNSCANNED: frozenset[ParcelStatus] = frozenset(["ordered", "no_trace"])
"""The carrier has not had it in hand."""

State = Literal["open", "claimed", "done", "dropped"]
ALIVE: tuple[State, ...] = ("open", "claimed")
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


class ParcelState(Model):
    """One row of a logistics list; `last_scan_at` is the newest scan, None before the first.

    `told_at`: how new its list is. `known_since`: when a list first told of it; told where nobody says when it shipped.
    """

    order_id: str
    tracking_no: str
    carrier: str = ""
    state: ParcelStatus
    shipped_at: Moment | None = None
    last_scan_at: Moment | None = None
    signed_at: Moment | None = None
    told_at: Moment | None = None
    known_since: Moment | None = None


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
    province: str = ""
    why_key: str
    values: dict[str, str]
    due_at: Moment
    returns_at: Moment | None = None
    mandatory: bool = False
    """Goods that spoil: it cannot be skipped (E07)."""
    state: State = "open"
    owner: str = ""
    outcome: str = ""
    note: str = ""
    eta: Moment | None = None
    """Of an urged order: by when the warehouse says it ships."""
    by: str = ""
    """Who registered it; '' where a file did."""
    held_until: Moment | None = None
    """Until when it stays with who has it; None where it was taken before times were kept."""
    reminded: bool = False
    """Whether who has it was told that its time is over."""
    alarms: int = 0
    """How often leads were told that nobody has seen to it (E08)."""
    created_at: Moment

    @property
    def optional(self) -> bool:
        """Whether it may be left by workload (E07)."""
        return rules().kinds[self.kind].optional and not self.mandatory

    @property
    def number(self) -> str:
        """What people call it by: the order's number, else the parcel's, else the product's."""
        product = f"#{self.link_no}" if self.link_no is not None else "—"
        return self.order_id or self.tracking_no or product

    @property
    def waits_for_warehouse(self) -> bool:
        """Whether nothing can be done before the warehouse says when (L01)."""
        return self.kind == "urge_ship" and self.eta is None

    @property
    def alive(self) -> bool:
        """Whether something is still to be done."""
        return self.state in ALIVE


def follow_up_id(room: str, kind: Kind, number: str) -> str:
    """The id for an order or, for parcels, a tracking number: one follow-up of a kind each, ever (K02)."""
    return f"{room}-{rules().kinds[kind].letter}{number}"


def step(item: FollowUp, name: Step) -> State:
    """The state after `name`; raises Refusal followup.step when the table does not know the step."""
    following = NEXT[item.state].get(name)
    if following is None:
        raise Refusal("followup.step", order_id=item.number, state=item.state, step=name)
    return following
