"""The formats of order exports 订单导出: one declaration a format, and which one a file is.

A new platform is one file in `playbooks/data/order_formats` and its name in `IDS`; the files name their sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, PrivateAttr
from pydantic import Field as Table

from playbooks.model import Model, Refusal
from playbooks.orders import Status
from playbooks.rulebook import load
from storage.exports.cells import heading, word
from storage.exports.grid import HEAD_ROWS
from storage.exports.words import Refund

Field = Literal[
    "order_id", "sub_order_id", "product_title", "sku", "sku_code", "product_id", "quantity", "amount_due",
    "amount_paid", "buyer_nick", "receiver_name", "receiver_phone", "province", "city", "district", "town",
    "address", "buyer_message", "seller_memo", "flag_colour", "created_at", "paid_at", "ship_by", "shipped_at",
    "carrier", "tracking_no", "received_at", "status", "refund_status", "refund_amount", "close_reason",
    "talent_id", "talent_name", "traffic", "shop_name", "address_changed", "presale", "phone_until",
    "line_amount", "currency", "fulfilment", "cancelled",
]  # fmt: skip
"""The canonical fields an order is read from (facts/order_formats.yaml, canonical_fields), and four of our own: what
one line costs, the currency's code, how far a paid order has shipped, and whether it was cancelled whatever the rest
says (both Shopify's)."""

SHOWN_COLUMNS = 12
"""How many headings of an unknown file are named to the person who sent it."""
LONGEST_HEADING = 20
NUMBER = re.compile(r"\d{3}|\d\.\d")


def _as_looked_up(words: dict[str, str]) -> dict[str, str]:
    return {word(text): said for text, said in words.items()}


Statuses = Annotated[dict[str, Status], AfterValidator(_as_looked_up)]
Refunds = Annotated[dict[str, Refund], AfterValidator(_as_looked_up)]
Modifiers = Annotated[dict[str, Status | Literal[""]], AfterValidator(_as_looked_up)]


class Format(Model):
    """What one kind of export looks like: a platform's, an ERP's, or one a person mapped.

    `platform`: whose orders they are. `zone`: of its wall clocks, "" the room's. `currency`: of its amounts, "" the
    shop's own. `detect_all`: of each group of headings one must be there; `detect_any`: at least one of these, if
    any are named. `headings`: the standard report's columns, in order; `variants`: others it may have. `columns`:
    field -> headings it may stand under; where several stand in a file, the first that says something counts.
    `statuses`, `refunds`: words -> canonical; `modifiers`: words before a status and what they make of it, "" what
    it says without them; `fulfilments`: how far a paid order has shipped.
    `summed`: amounts each row of an order has of its own; others are the order's and stand on each row, or the first.
    `divisions_in`: where province, city and district stand: columns of their own, one cell, the address, or packed
    behind name and phone. `joined`: characters between sub-orders in one row; `joined_orders`: between order ids.
    `continues`: a row without an order id belongs to the order above. `described`: the row below the headings may
    describe them. `slash_dates`: dates may be dd/mm/yyyy or mm/dd/yyyy. `id_pattern`: how order ids look, "" just
    digits; `id_suffix`: what may follow a platform's id.
    """

    id: str
    name: str
    platform: str
    zone: str = ""
    currency: str = ""
    detect_all: tuple[tuple[str, ...], ...]
    detect_any: tuple[str, ...] = ()
    headings: tuple[str, ...]
    variants: tuple[str, ...] = ()
    columns: dict[Field, tuple[str, ...]]
    statuses: Statuses
    modifiers: Modifiers = Table(default_factory=dict)
    fulfilments: Statuses = Table(default_factory=dict)
    refunds: Refunds = Table(default_factory=dict)
    summed: frozenset[Literal["amount_due", "amount_paid", "refund_amount"]] = frozenset()
    divisions_in: Literal["columns", "province", "address", "packed"] = "columns"
    joined: str = ""
    joined_orders: str = ""
    continues: bool = False
    described: bool = False
    slash_dates: bool = False
    id_pattern: str = ""
    id_suffix: str = ""

    _known: frozenset[str] = PrivateAttr()
    _signature: tuple[frozenset[str], ...] = PrivateAttr()

    def model_post_init(self, _: object) -> None:
        listed = (h for names in self.columns.values() for h in names)
        self._known = normalised((*self.headings, *self.variants, *listed))
        groups = (*self.detect_all, self.detect_any) if self.detect_any else self.detect_all
        self._signature = tuple(map(normalised, groups))

    @property
    def known(self) -> frozenset[str]:
        """Every heading of this format, normalised."""
        return self._known

    def signed(self, header: frozenset[str]) -> bool:
        """Whether a row holds the key headings. `header` is normalised."""
        return all(header & group for group in self._signature)

    def places(self, header: Sequence[str]) -> dict[Field, tuple[int, ...]]:
        """Field -> its columns in this file, by position: a heading may stand twice. `header`: normalised."""
        found: dict[Field, tuple[int, ...]] = {}
        for field, names in self.columns.items():
            at = [i for name in map(heading, names) for i, one in enumerate(header) if one == name]
            if at:
                found[field] = tuple(at)
        return found


def normalised(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(heading, names))


IDS = (
    "douyin", "kuaishou", "wechat_channels", "xiaohongshu", "taobao_classic", "taobao_detail", "taobao_qianniu",
    "pinduoduo", "jd", "alibaba_1688", "youzan", "tiktok_shop", "shopify",
    "jushuitan", "wangdiantong",
)  # fmt: skip

FORMATS: tuple[Format, ...] = tuple(load(f"order_formats/{id}", Format) for id in IDS)
DOUYIN = FORMATS[0]


def detect(
    head: Sequence[Sequence[str]], formats: Sequence[Format] = FORMATS, as_platform: str = ""
) -> tuple[Format, int]:
    """The format of a file and the index of its header among the first 20 rows.

    The format with most matched headings wins; `as_platform` (the id of a format or platform) leaves only those, and
    then the key headings need not be there. Raises Refusal `orders.unknown_format` where none fits (`columns`: the
    headings of the fullest row), `orders.which_format` where two fit equally (`candidates`: their ids, `formats`:
    their names); for an `as_platform` `orders.no_such_format` where nobody declared it, `orders.other_format` where the
    headings are another's (`said`, `found`: their names), `orders.not_as` (`said`, `columns`) where they are nobody's.
    """
    if as_platform:
        return _detect_as(head, formats, named(as_platform, formats))
    for index, row in enumerate(head[:HEAD_ROWS]):
        header = normalised(row)
        fitting = [form for form in formats if form.signed(header)]
        if fitting:
            return _best(fitting, header), index
    raise Refusal("orders.unknown_format", columns=shown_columns(head))


def _detect_as(
    head: Sequence[Sequence[str]], formats: Sequence[Format], wanted: Sequence[Format]
) -> tuple[Format, int]:
    """`detect` among the formats a person named; a table that is plainly another's is not read as theirs."""
    said = "、".join(form.name for form in wanted)
    for index, row in enumerate(head[:HEAD_ROWS]):
        header = normalised(row)
        if fitting := [form for form in wanted if _has_orders(form, header)]:
            others = [form for form in formats if form.signed(header)]
            if others and not any(form.signed(header) for form in wanted):
                raise Refusal("orders.other_format", said=said, found="、".join(form.name for form in others))
            return _best(fitting, header), index
    try:
        found = detect(head, formats)[0].name
    except Refusal as refusal:
        found = str(refusal.values.get("formats", ""))
    if found:
        raise Refusal("orders.other_format", said=said, found=found)
    raise Refusal("orders.not_as", said=said, columns=shown_columns(head))


def named(platform: str, formats: Sequence[Format] = FORMATS) -> tuple[Format, ...]:
    """The formats a person means by the id of a format or platform. Raises Refusal `orders.no_such_format`."""
    found = tuple(f for f in formats if platform in (f.id, f.platform))
    if not found:
        known = ", ".join(dict.fromkeys(f.id for f in formats))
        raise Refusal("orders.no_such_format", platform=platform, known=known)
    return found


def _has_orders(form: Format, header: frozenset[str]) -> bool:
    """Whether a row can be its header at all: an order id, and something known beside it."""
    return bool(header & normalised(form.columns["order_id"])) and len(header & form.known) > 1


def _best(fitting: Sequence[Format], header: frozenset[str]) -> Format:
    matched = [len(header & form.known) for form in fitting]
    best = [form for form, count in zip(fitting, matched, strict=True) if count == max(matched)]
    if len(best) > 1:
        names = "、".join(form.name for form in best)
        raise Refusal("orders.which_format", formats=names, candidates=tuple(form.id for form in best))
    return best[0]


def shown_columns(head: Sequence[Sequence[str]]) -> str:
    """The headings of the fullest of the first rows that can be headings, as a person is shown them; "—" for none.

    A row with a number in it is a buyer's: order, phone, amount or time. It is not read out (REQUIREMENTS K08).
    """
    rows = [[cell.strip() for cell in row if cell.strip()] for row in head[:HEAD_ROWS]]
    headings = [row for row in rows if len(row) > 1 and not any(NUMBER.search(cell) for cell in row)]
    names = [name[:LONGEST_HEADING] for name in max(headings, key=len, default=[])]
    return "、".join(names[:SHOWN_COLUMNS]) + ("…" if len(names) > SHOWN_COLUMNS else "") if names else "—"
