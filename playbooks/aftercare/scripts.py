"""What an agent may tell the buyer of a held order, as texts to copy (D06, D07, H13, H16, H35)."""

from __future__ import annotations

from collections.abc import Sequence

from playbooks.aftercare.exposure import rules as figures


def script_keys(rules: Sequence[str]) -> tuple[str, ...]:
    """The text keys for an order these rules held, the first rule that has any; () where nothing is to be said."""
    known = figures().scripts
    return next((known[rule] for rule in rules if rule in known), ())
