"""One order as the rules see it: the row, the places its fields name, and what is known around it."""

from __future__ import annotations

from typing import NamedTuple

from playbooks.addresses.around import Around
from playbooks.addresses.findings import Finding, Span, Verdict
from playbooks.addresses.places import Places
from playbooks.addresses.scan import Mention
from playbooks.orders import Order, Personal


class Case(NamedTuple):
    """`mentions`: the places named in the address text, in its order."""

    order: Order
    personal: Personal
    around: Around
    places: Places
    mentions: tuple[Mention, ...]

    def says(
        self,
        rule: str,
        verdict: Verdict,
        field: str,
        *,
        span: Span | None = None,
        region: str | None = None,
        key: str = "",
        **values: str,
    ) -> Finding:
        """A finding of `rule`; its text is audit.<key>, else audit.<rule>; its region else the order's own."""
        return Finding(
            rule=rule, verdict=verdict, field=field, span=span, text_key=f"audit.{key or rule}", values=values,
            region=self.places.said if region is None else region,
        )  # fmt: skip
