"""What is kept of one held order 异常订单, and the one table of its states."""

from __future__ import annotations

from typing import Literal

from playbooks.addresses.findings import Finding, Verdict
from playbooks.model import Document, Moment, Money, Refusal
from playbooks.orders import Status

State = Literal[
    "open", "claimed", "done_claimed", "handed", "false_alarm_proposed", "solved", "waived", "false_alarm"
]  # fmt: skip
Step = Literal[
    "claim", "give_back", "act", "waive", "hand_over", "propose", "approve", "approve_part", "reject", "settle",
    "find_other",
]  # fmt: skip
Action = Literal["change_carrier", "shop_pays", "buyer_refund", "confirmed"]
ACTIONS: tuple[Action, ...] = ("change_carrier", "shop_pays", "buyer_refund", "confirmed")
"""换快递, 店铺承担运费, 买家申请退款或关闭, 平台上核实地址.

Extra freight and closing by the shop are never offered (D07).
"""
NAMES_ANOTHER = frozenset(["other_place", "double_address"])
"""Rules whose findings name a place beside the order's own."""
REOPENS = frozenset(["cleared", "excepted"])
"""Solved, and yet found again when a later file says so: every other end is the order's own."""
SHIPPED: frozenset[Status] = frozenset(["shipped", "received", "completed"])

# `find_other`: a later file names another region or rule; what was decided about the first no longer counts.
# Of what is solved only the cleared can be found again: the other ends are the order's own (see `step`).
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
        "approve": "false_alarm", "approve_part": "claimed", "reject": "claimed", "waive": "waived",
        "settle": "solved", "find_other": "claimed",
    },
    "waived": {"settle": "solved", "find_other": "open"},
    "false_alarm": {"settle": "solved", "find_other": "open"},
    "solved": {"settle": "solved", "find_other": "open"},
}  # fmt: skip
DEALT_WITH: frozenset[State] = frozenset(["solved", "waived", "false_alarm"])
OPEN: tuple[State, ...] = tuple(state for state in NEXT if state not in DEALT_WITH)
"""The states of what is not dealt with."""
NEXT_SHIFT = "next_shift"
"""Whom a hold is handed over to: a code, said in words by the text hold.to_next_shift."""


class Hold(Document):
    """One order the audit stopped. `amount` in yuan; `solved_as` says what the later file showed.

    `region` and `rules` are those of the latest audit; at `due_at` those it was `handed_to` must have dealt with
    it.
    """

    order_id: str
    link_no: int | None = None
    title: str = ""
    rules: tuple[str, ...]
    verdict: Verdict
    region: str
    province: str = ""
    """Where the order goes, as the divisions call it; '' unknown. Holds are worked on together by it."""
    goes_to: str = ""
    """Province and city the order goes to, as the export writes them; '' unknown."""
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
    solved_as: Literal["", "cleared", "excepted", "shipped", "cancelled", "closed", "refunded", "deleted"] = (
        ""
    )
    proposed_rules: tuple[str, ...] = ()
    """Which of its rules the owner says are wrong here, for a manager to decide; () all of them."""
    let_pass: tuple[Finding, ...] = ()
    """Findings a manager agreed were wrong while others still hold the order: the same ones do not count again."""
    false_alarm_rules: tuple[str, ...] = ()
    """The rules a manager agreed were wrong here: each rule's precision is counted by it, whatever came after."""
    settled_at: Moment | None = None
    intercepted_at: Moment | None = None
    intercepted_by: str = ""
    released_at: Moment | None = None
    released_by: str = ""

    @property
    def elsewhere(self) -> str:
        """The other place that message, memo, address or another order name; '' none."""
        named = (found.values.get("place", "") for found in self.findings if found.rule in NAMES_ANOTHER)
        return next((place for place in named if place and place != self.goes_to), "")

    @property
    def place(self) -> str:
        """Where the order itself goes, as far as the group needs it."""
        return self.goes_to or self.region if self.elsewhere else self.region or self.goes_to


def step(hold: Hold, name: Step) -> State:
    """The state after `name`; raises Refusal hold.step when the table does not know the step.

    A hold solved because its order was shipped or ended is out of every step.
    """
    following = NEXT[hold.state].get(name)
    over = hold.state == "solved" and hold.solved_as not in REOPENS
    if following is None or over:
        raise Refusal("hold.step", order_id=hold.order_id, state=hold.state, step=name)
    return following
