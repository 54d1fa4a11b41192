"""What a product is called, when it is on, where its page is: what a new sheet says anew beside the offer (A02)."""

from __future__ import annotations

from dataclasses import dataclass

from playbooks.promotion import plain
from playbooks.runsheet.model import Product

HEARD = ("name", "start", "spec", "ship_time", "stop_regions", "after_sale", "url")
"""What agents tell buyers or go by: the group hears of it."""
QUIET = (
    "duration", "product_id", "sku_code", "aliases", "category", "role", "list_price", "list_price_basis", "points",
    "pain", "script", "faq", "backup", "commission", "forecast", "note",
)  # fmt: skip
"""What the sender sees in the preview and nobody else needs to hear."""
LONGEST = 60
"""Characters of a value that is told whole; of a longer one only that it changed."""


@dataclass(frozen=True)
class Fact:
    """A field of the run sheet and what it says before and after, as people read it ('' = nothing)."""

    field: str
    before: str
    after: str

    @property
    def heard(self) -> bool:
        """Whether the group hears of it."""
        return self.field in HEARD

    @property
    def long(self) -> bool:
        """Whether it is too long to be told whole."""
        return max(len(self.before), len(self.after)) > LONGEST


def facts(old: Product, new: Product) -> tuple[Fact, ...]:
    """What `new` says otherwise than `old`, the name first."""
    pairs = ((field, _shown(old, field), _shown(new, field)) for field in (*HEARD, *QUIET))
    return tuple(Fact(field, before, after) for field, before, after in pairs if before != after)


def _shown(product: Product, field: str) -> str:
    value = getattr(product, field)
    if isinstance(value, tuple):
        return "、".join(value)
    if field in ("commission", "forecast") and value is not None:
        return plain(value)
    return "" if value is None else str(value)
