"""What the closing audit says of an order: findings, each with the rule, the verdict and where it stood."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from playbooks.model import Model
from playbooks.orders import Order, Personal

Verdict = Literal["PASS", "CHECK", "HOLD"]
WORST_LAST: tuple[Verdict, ...] = get_args(Verdict)
Field = Literal[
    "province", "city", "district", "address", "phone", "receiver_name", "buyer_message", "seller_memo",
    "orders", "order",
]  # fmt: skip
"""Where a finding stands: a field of the row, the buyer's other `orders`, or the `order` as a whole."""
Span = tuple[int, int]
"""Where in the field, as offsets of its text as given: from, to."""


class Finding(Model):
    """What one rule says of one order.

    It is stored and shown in the group, so nothing personal is in it: `region` and `values` hold names of
    divisions, carriers, products and numbers. `span` says where in the field the text stands that triggered
    it; `excerpt` gives that text to whoever may see it. `text_key` with `values` says the reason and the cure.
    """

    rule: str
    verdict: Verdict
    field: str
    region: str
    text_key: str
    values: dict[str, str]
    span: Span | None = None


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The worst of the findings; PASS without any."""
    return max((found.verdict for found in findings), key=WORST_LAST.index, default="PASS")


def weighty(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those somebody has to act on: CHECK and HOLD. The others are notes on an order that may ship."""
    return tuple(found for found in findings if found.verdict != "PASS")


def excerpt(finding: Finding, order: Order, personal: Personal) -> str:
    """The text that triggered it, as it stood in the row; '' where no single text did.

    It may be personal: for the command line of whoever holds the file, and for the claimant in private.
    """
    text = field_text(finding.field, order, personal)
    return text[slice(*finding.span)] if finding.span else text


def field_text(field: str, order: Order, personal: Personal) -> str:
    if field in ("province", "city", "district"):
        return str(getattr(order, field))
    return str(getattr(personal, field)) if field in Personal.model_fields else ""
