"""What a run sheet 排品表 is once it is read: products, and what to mend (REQUIREMENTS A02, A03)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from playbooks.model import Model, Money
from playbooks.promotion import Promotion
from playbooks.runsheet.rules import Extent, Role


class Product(Model):
    """One run-sheet row. Yuan; `duration` in minutes, `commission` in percent, `start` "HH:MM" room time.

    `promo`, `gift` and `coupon` are verbatim; `promotions` is what was understood of all three, `left` what was not
    of promo and coupon. `commission` and `forecast` are for ops and managers only.
    """

    seq: int
    link_no: int
    start: str | None = None
    duration: int
    product_id: str = ""
    sku_code: str = ""
    url: str = ""
    name: str
    aliases: tuple[str, ...] = ()
    """What else it is called 别名."""
    spec: str = ""
    category: str = ""
    role: Role | None = None
    list_price: Money | None = None
    list_price_basis: str = ""
    live_price: Money
    stated_hand_price: Money | None = None
    stock: int | None = None
    limit: int | None = None
    promo: str = ""
    promotions: tuple[Promotion, ...] = ()
    left: tuple[str, ...] = ()
    gift: str = ""
    coupon: str = ""
    points: tuple[str, ...] = ()
    pain: tuple[str, ...] = ()
    script: str = ""
    faq: tuple[str, ...] = ()
    ship_time: str = ""
    stop_regions: tuple[str, ...] = ()
    after_sale: str = ""
    backup: str = ""
    commission: Decimal | None = None
    forecast: Decimal | None = None
    note: str = ""
    absent: tuple[str, ...] = ()
    """Fields the sheet just read has nothing to say of, no column for: what stands of them stays."""


class Finding(Model):
    """What to mend: `row` as a person counts it in the file, `column` by its heading there, and the text.

    `field` names the column where the file has no such heading; an error may hold back several `rows` from there on.
    """

    row: int
    column: str
    severity: Literal["error", "warn"]
    key: str
    values: dict[str, str] = Field(default_factory=dict)
    field: str = ""
    rows: int = 1


class Sheet(Model):
    """A file as understood: `products` in run order, `findings` by row, both kinds of `columns` as headed."""

    products: tuple[Product, ...]
    findings: tuple[Finding, ...]
    columns: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    extent: Extent = "whole"
