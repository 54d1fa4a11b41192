"""The closing audit 审单: which paid orders cannot or should not ship as they stand (REQUIREMENTS D01).

A rule is a function from a case to its findings, its id the function's name (other_orders and the readings of messages
and memos speak for double_address). RULES lists them; each docstring gives reason and examples.
"""

from __future__ import annotations

from collections.abc import Callable

from playbooks.addresses.around import Around, excused, footprint
from playbooks.addresses.case import Case
from playbooks.addresses.findings import Finding, Verdict, excerpt, verdict, weighty
from playbooks.addresses.places import NOWHERE, Places, of_unit, places
from playbooks.addresses.rules_order import (
    changed_address,
    merge_candidate,
    other_orders,
    out_of_stock,
    presale,
)
from playbooks.addresses.rules_place import (
    field_contradiction,
    other_place,
    outdated_division,
    unknown_division,
)
from playbooks.addresses.rules_region import no_rule_set, no_ship, remote
from playbooks.addresses.rules_row import bad_phone, incomplete, masked, test_order, virtual_expired
from playbooks.addresses.rules_written import written_beside
from playbooks.addresses.scan import Mention, scan
from playbooks.orders import Order, Personal

__all__ = ["RULES", "RULE_IDS", "Finding", "Verdict", "audit", "excerpt", "footprint", "verdict", "weighty"]

Rule = Callable[[Case], tuple[Finding, ...]]
RULES: tuple[Rule, ...] = (
    no_ship, remote, no_rule_set, field_contradiction, unknown_division, outdated_division, other_place, incomplete,
    bad_phone, virtual_expired, masked, test_order, other_orders, merge_candidate, presale, out_of_stock,
    changed_address, written_beside,
)  # fmt: skip
SPEAK_FOR: dict[Rule, tuple[str, ...]] = {
    other_orders: ("double_address",),
    written_beside: (
        "double_address", "other_contact", "asks_to_wait", "remote_question", "buyer_wish", "sensitive_data",
    ),
}  # fmt: skip
"""The ids that the findings of these carry; all others carry the function's name."""
RULE_IDS: tuple[str, ...] = tuple(
    dict.fromkeys(id for rule in RULES for id in SPEAK_FOR.get(rule, (rule.__name__,)))
)
NO_ONE = Personal()
NOTHING = Around()


def audit(order: Order, personal: Personal = NO_ONE, around: Around = NOTHING) -> tuple[Finding, ...]:
    """Everything found about `order`, its personal fields as they stood in the file, and what is known around it."""
    case = gather(order, personal, around)
    found = tuple(finding for rule in RULES for finding in rule(case))
    return excused(found, around) if found else found


def gather(order: Order, personal: Personal, around: Around) -> Case:
    mentions = scan(personal.address) if personal.address else ()
    own = places(order.province, order.city, order.district)
    if not own.here and mentions and not (order.province or order.city or order.district):
        own = from_text(mentions[0])
    return Case(order, personal, around, own, mentions)


def from_text(first: Mention) -> Places:
    """Where an order goes whose address stands in one field, and begins with the region."""
    return of_unit(first.sure[-1]) if first.sure and first.start == 0 else NOWHERE
