"""One row of a run sheet, cell by cell: what it says, and a finding for what it does not (facts/runsheet.yaml)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from playbooks.model import to_cents
from playbooks.promotion import Column, NForOne, Promotion, parse
from playbooks.runsheet import cells
from playbooks.runsheet.cells import Span
from playbooks.runsheet.model import Finding
from playbooks.runsheet.rules import RULES, Role


class Row:
    """One row by field, and the findings it gathers. `number` counts as a person does, `place` among the products."""

    def __init__(
        self, number: int, place: int, texts: dict[str, str], headings: dict[str, str], *, typed: bool = False
    ) -> None:
        self.number, self.place, self.texts, self.headings, self.typed = number, place, texts, headings, typed
        self.findings: list[Finding] = []
        self.span: Span | None = None
        self.timed = False
        self.pieces = 1
        self.with_price = ""
        """A service written behind the price: 9.9包邮."""
        self.beyond = False
        """It would be one more product than a broadcast holds; those are told together."""

    def text(self, field: str) -> str:
        said = self.texts.get(field, "")
        return "" if said in RULES.nothing and field != "name" else said

    def find(
        self, field: str, severity: Literal["error", "warn"], key: str, *, rows: int = 1, **values: object
    ) -> None:
        """Something to mend. In typed lines the headings are ours, so the column goes by its name."""
        column = self.headings.get(field) or RULES.columns[field].zh
        said = {name: str(value) for name, value in values.items()}
        named = field if self.typed or field not in self.headings else ""
        self.findings.append(
            Finding(
                row=self.number, column=column, severity=severity, key=f"sheet.{key}", values=said, field=named,
                rows=rows,
            )
        )  # fmt: skip

    @property
    def held(self) -> bool:
        return self.beyond or any(finding.severity == "error" for finding in self.findings)


def name(row: Row) -> str:
    """The name; a row without one is held back."""
    name = " ".join(row.text("name").split())
    if not name:
        row.find("name", "error", "name_missing")
    return name


def live_price(row: Row) -> Decimal | None:
    """直播价; where it is missing, the stated 到手价 in its place, with a warning."""
    field = "live_price" if row.text("live_price") else "stated_hand_price"
    said, row.with_price = cells.service_behind(row.text(field))
    price = cells.money(said)
    if not said:
        row.find("live_price", "error", "price_missing")
    elif price is None or not price.amount:
        row.find(field, "error", "price_unreadable", text=said)
    else:
        if price.pieces > 1:
            row.pieces = price.pieces
            unit = to_cents(price.amount / price.pieces)
            row.find(
                field,
                "warn",
                "price_for_several",
                text=said,
                amount=price.amount,
                pieces=price.pieces,
                unit=unit,
            )
        elif not price.pieces:
            row.find(field, "warn", "price_unit", text=said, amount=price.amount)
        if field == "stated_hand_price":
            row.find(field, "warn", "price_from_hand", amount=price.amount)
        return price.amount
    return None


def money(row: Row, field: str) -> Decimal | None:
    """An amount that may be missing."""
    said = row.text(field)
    price = cells.money(said)
    if said and price is None:
        row.find(field, "warn", "money_unreadable", text=said)
    return price.amount if price else None


def whole(row: Row, field: str) -> int | None:
    """A count that may be missing."""
    said = row.text(field)
    count = cells.whole(said)
    if said and count is None:
        row.find(field, "warn", "number_unreadable", text=said)
    return count


def decimal(row: Row, field: Literal["commission", "forecast"]) -> Decimal | None:
    """A share in percent, or a target; it may be missing."""
    said = row.text(field)
    value = cells.percent(said) if field == "commission" else cells.quantity(said)
    if said and value is None:
        row.find(field, "warn", "number_unreadable", text=said)
    return value


def link_no(row: Row, seq: int) -> int:
    """链接号, else the sequence. A wrong one sends agents to the wrong product, so it is no mere warning."""
    said = row.text("link_no")
    link = cells.whole(said) if said else seq
    if row.beyond:
        return 0
    if link is None or not 1 <= link <= RULES.highest_link:
        row.find("link_no", "error", "link_unreadable", text=said or seq, highest=RULES.highest_link)
        return 0
    return link


def start(row: Row) -> Span | None:
    """When it is on, and for how long where that is said."""
    said = row.text("start")
    span = cells.clock(said)
    if said and span is None:
        row.find("start", "warn", "time_unreadable", text=said)
    return span


def duration(row: Row, span: Span | None) -> int:
    """Minutes: as stated, else the length of the time span, else the default."""
    said, length = row.text("duration"), span.length if span else None
    minutes = cells.whole(said) if said else length
    row.timed = bool(minutes)
    if said and not (minutes and minutes <= RULES.longest_duration):
        row.find("duration", "warn", "duration_unreadable", text=said, longest=RULES.longest_duration)
        row.timed, minutes = False, None
    return minutes or RULES.default_duration


def identifier(row: Row, field: str) -> str:
    """An id as text; one that a spreadsheet has damaged holds the row back, for orders would not be joined to it."""
    code = cells.identifier(row.text(field))
    if cells.damaged(code):
        row.find(field, "error", "id_damaged", text=code)
    elif cells.rounded(code):
        row.find(field, "warn", "id_rounded", text=code)
    return code


def role(row: Row) -> Role | None:
    """定位."""
    said = row.text("role")
    found = cells.role(said)
    if said and found is None:
        known = "、".join(words[0] for words in RULES.roles.values())
        row.find("role", "warn", "role_unknown", text=said, known=known)
    return found


def promotions(row: Row) -> tuple[tuple[Promotion, ...], tuple[str, ...]]:
    """What 优惠机制, 赠品 and 优惠券 say together; the rest is told piece by piece and stays verbatim.

    A gift that was not understood is no rest: the whole cell is shown as the gift.
    """
    understood: list[Promotion] = []
    left: list[str] = []
    fields: tuple[Column, ...] = ("promo", "gift", "coupon")
    for field in fields:
        parsed = parse(row.text(field), field)
        for piece in parsed.left:
            row.find(field, "warn", "promo_unclear", text=piece)
        understood += [p for p in parsed.promotions if p not in understood]
        left += [piece for piece in parsed.left if field != "gift"]
    understood += [p for p in parse(row.with_price).promotions if p not in understood]
    if row.pieces > 1 and not any(isinstance(p, NForOne) for p in understood):
        # One order at this price sends as many, which is what 拍一发N says.
        understood.insert(0, NForOne(text=f"拍1发{row.pieces}", pay_qty=1, ship_qty=row.pieces))
    if not row.text("live_price"):  # the stated 到手价 in its place has the coupons deducted already
        understood = [p for p in understood if p.kind != "coupon"]
    return tuple(understood), tuple(dict.fromkeys(left))
