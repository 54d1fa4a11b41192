"""The contact ledger 联系台账: how often a buyer was contacted, across channels and purposes, and whether once more.

Pure functions over `Ledger`; times in UTC, people, buyers and orders by id. A contact not allowed is a Refusal.
"""

from playbooks.contacts.ledger import (
    Ledger,
    Touch,
    check,
    check_open,
    contacts,
    forgettable,
    ledger_id,
    merged,
    open_for,
    with_touch,
)
from playbooks.contacts.rules import Channel, Purpose, quiet, quiet_until, rules

__all__ = [
    "Channel", "Ledger", "Purpose", "Touch", "check", "check_open", "contacts", "forgettable", "ledger_id", "merged",
    "open_for", "quiet", "quiet_until", "rules", "with_touch",
]  # fmt: skip
