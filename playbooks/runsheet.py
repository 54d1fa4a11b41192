"""The run sheet 排品表: rows of cells understood as products, and what to mend (REQUIREMENTS A02, A03, K25).

Columns, aliases, import checks: facts/runsheet.yaml. A row with an error is held back, the good rows count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from pydantic import Field

from playbooks import runsheet_cells as cells
from playbooks.model import Model, Money, Refusal
from playbooks.promotion import Promotion, advertised
from playbooks.promotion_text import Column as PromoColumn
from playbooks.promotion_text import parse
from playbooks.runsheet_cells import DAY, RULES, Header, Role, Rows, Span

# An end or a number in the offer's own words: 截止21:00, 至11月30日, 前100名, 限量200份.
DEFINITE = re.compile(
    r"(?:止|至|到|-|~)(?:今晚)?\d{1,2}[:点月]|前[\d一二两三五十百]+[名单位]|限量\d|限\d+[份名]"
)


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


class Finding(Model):
    """What to mend: `row` as a person counts it in the file, `column` by its heading there, and the text."""

    row: int
    column: str
    severity: Literal["error", "warn"]
    key: str
    values: dict[str, str] = Field(default_factory=dict)


class Sheet(Model):
    """A file as understood: `products` in run order, `findings` by row, both kinds of `columns` as headed."""

    products: tuple[Product, ...]
    findings: tuple[Finding, ...]
    columns: tuple[str, ...]
    unknown_columns: tuple[str, ...]


class _Row:
    """One row by field, and the findings it gathers."""

    def __init__(self, number: int, place: int, texts: dict[str, str], headings: dict[str, str]) -> None:
        self.number, self.place, self.texts, self.headings = number, place, texts, headings
        self.findings: list[Finding] = []
        self.span: Span | None = None
        self.timed = False

    def text(self, field: str) -> str:
        said = self.texts.get(field, "")
        return "" if said in RULES.nothing and field != "name" else said

    def find(self, field: str, severity: Literal["error", "warn"], key: str, **values: object) -> None:
        column = self.headings.get(field) or RULES.columns[field].zh
        said = {name: str(value) for name, value in values.items()}
        self.findings.append(
            Finding(row=self.number, column=column, severity=severity, key=f"sheet.{key}", values=said)
        )

    @property
    def held(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)


def read(rows: Rows) -> Sheet:
    """The sheet in `rows`, the cells of a file as text, row 0 being its first.

    Refuses with `sheet.no_header` {needed, rows} and `sheet.empty` {row}. A row in which nothing but one cell
    other than the name is filled is a section title or a pre-numbered empty row, and skipped.
    """
    header = cells.find_header(rows)
    if header is None:
        needed = "、".join(RULES.columns[field].zh for field in ("name", "live_price"))
        raise Refusal("sheet.no_header", needed=needed, rows=RULES.header_rows)
    found = _rows(rows, header)
    if not found:
        raise Refusal("sheet.empty", row=header.row + 1)
    products = [(row, _product(row)) for row in found]
    _check_twins(products)
    _check_overlaps(products)
    findings = _check_columns(header, rows, products) + [f for row in found for f in row.findings]
    kept = [product for row, product in products if not row.held]
    return Sheet(
        products=tuple(sorted(kept, key=lambda product: product.seq)),
        findings=tuple(findings),
        columns=tuple(_headings(rows, header).values()),
        unknown_columns=header.unknown,
    )


def _headings(rows: Rows, header: Header) -> dict[str, str]:
    """{field: heading as written}, from left to right."""
    places = sorted(header.at.items(), key=lambda item: item[1])
    return {field: cells.clean(rows[header.row][index]) for field, index in places}


def _rows(rows: Rows, header: Header) -> list[_Row]:
    headings = _headings(rows, header)
    found: list[_Row] = []
    for index, row in enumerate(rows[header.row + 1 :], header.row + 1):
        texts = {field: cells.clean(row[at]) for field, at in header.at.items() if at < len(row)}
        filled = [cell for cell in row if cells.clean(cell)]
        if not filled or (len(filled) == 1 and not texts.get("name")) or texts == headings:
            continue
        found.append(_Row(index + 1, len(found) + 1, texts, headings))
    return found


def _product(row: _Row) -> Product:
    """The product of a row. A row with an error is read to its end, so that all of it is told at once."""
    _check_broken(row)
    seq = _whole(row, "seq") or row.place
    span = row.span = _start(row)
    promotions, left = _promotions(row)
    product = Product(
        seq=seq,
        link_no=_link_no(row, seq),
        start=span.text() if span else None,
        duration=_duration(row, span),
        product_id=_identifier(row, "product_id"),
        sku_code=_identifier(row, "sku_code"),
        url=row.text("url"),
        name=_name(row),
        spec=row.text("spec"),
        category=row.text("category"),
        role=_role(row),
        list_price=_money(row, "list_price"),
        list_price_basis=row.text("list_price_basis"),
        live_price=_live_price(row) or Decimal(0),
        stated_hand_price=_money(row, "stated_hand_price"),
        stock=_whole(row, "stock"),
        limit=None if row.text("limit") in RULES.no_limit else _whole(row, "limit"),
        promo=row.text("promo"),
        promotions=promotions,
        left=left,
        gift=row.text("gift"),
        coupon=row.text("coupon"),
        points=cells.items(row.text("points")),
        pain=cells.items(row.text("pain")),
        script=row.text("script"),
        faq=cells.items(row.text("faq"), r"\n"),
        ship_time=row.text("ship_time"),
        stop_regions=cells.items(row.text("stop_regions"), r"[\n;；、,，|/\s]"),
        after_sale=row.text("after_sale"),
        backup=row.text("backup"),
        commission=_decimal(row, "commission"),
        forecast=_decimal(row, "forecast"),
        note=row.text("note"),
    )
    _check_product(row, product)
    return product


def _check_broken(row: _Row) -> None:
    for field, said in row.texts.items():
        if said in RULES.broken:
            row.find(field, "error", "cell_broken", text=said)


def _name(row: _Row) -> str:
    name = " ".join(row.text("name").split())
    if not name:
        row.find("name", "error", "name_missing")
    return name


def _live_price(row: _Row) -> Decimal | None:
    """直播价; where it is missing, the stated 到手价 in its place, with a warning."""
    field = "live_price" if row.text("live_price") else "stated_hand_price"
    said = row.text(field)
    price = cells.money(said)
    if not said:
        row.find("live_price", "error", "price_missing")
    elif price is None or not price.amount:
        row.find(field, "error", "price_unreadable", text=said)
    else:
        if price.other_unit:
            row.find(field, "warn", "price_unit", text=said, amount=price.amount)
        if field == "stated_hand_price":
            row.find(field, "warn", "price_from_hand", amount=price.amount)
        return price.amount
    return None


def _money(row: _Row, field: str) -> Decimal | None:
    said = row.text(field)
    price = cells.money(said)
    if said and price is None:
        row.find(field, "warn", "money_unreadable", text=said)
    return price.amount if price else None


def _whole(row: _Row, field: str) -> int | None:
    said = row.text(field)
    count = cells.whole(said)
    if said and count is None:
        row.find(field, "warn", "number_unreadable", text=said)
    return count


def _decimal(row: _Row, field: Literal["commission", "forecast"]) -> Decimal | None:
    said = row.text(field)
    value = cells.percent(said) if field == "commission" else cells.quantity(said)
    if said and value is None:
        row.find(field, "warn", "number_unreadable", text=said)
    return value


def _link_no(row: _Row, seq: int) -> int:
    """链接号, else the sequence. A wrong one sends agents to the wrong product, so it is no mere warning."""
    said = row.text("link_no")
    link = cells.whole(said) if said else seq
    if link is None or not 1 <= link <= RULES.highest_link:
        row.find("link_no", "error", "link_unreadable", text=said or seq, highest=RULES.highest_link)
        return 0
    return link


def _start(row: _Row) -> Span | None:
    said = row.text("start")
    span = cells.clock(said)
    if said and span is None:
        row.find("start", "warn", "time_unreadable", text=said)
    return span


def _duration(row: _Row, span: Span | None) -> int:
    """Minutes: as stated, else the length of the time span, else the default."""
    said, length = row.text("duration"), span.length if span else None
    minutes = cells.whole(said) if said else length
    row.timed = bool(minutes)
    if said and not (minutes and minutes <= RULES.longest_duration):
        row.find("duration", "warn", "duration_unreadable", text=said, longest=RULES.longest_duration)
        row.timed, minutes = False, None
    return minutes or RULES.default_duration


def _identifier(row: _Row, field: str) -> str:
    code = cells.identifier(row.text(field))
    if cells.damaged(code):
        row.find(field, "error", "id_damaged", text=code)
    elif cells.rounded(code):
        row.find(field, "warn", "id_rounded", text=code)
    return code


def _role(row: _Row) -> Role | None:
    said = row.text("role")
    role = cells.role(said)
    if said and role is None:
        known = "、".join(words[0] for words in RULES.roles.values())
        row.find("role", "warn", "role_unknown", text=said, known=known)
    return role


def _promotions(row: _Row) -> tuple[tuple[Promotion, ...], tuple[str, ...]]:
    """What 优惠机制, 赠品 and 优惠券 say together; the rest is told piece by piece and stays verbatim.

    A gift that was not understood is no rest: the whole cell is shown as the gift.
    """
    understood: list[Promotion] = []
    left: list[str] = []
    fields: tuple[PromoColumn, ...] = ("promo", "gift", "coupon")
    for field in fields:
        parsed = parse(row.text(field), field)
        for piece in parsed.left:
            row.find(field, "warn", "promo_unclear", text=piece)
        understood += [p for p in parsed.promotions if p not in understood]
        left += [piece for piece in parsed.left if field != "gift"]
    if not row.text("live_price"):  # the stated 到手价 in its place has the coupons deducted already
        understood = [p for p in understood if p.kind != "coupon"]
    return tuple(understood), tuple(dict.fromkeys(left))


def _check_product(row: _Row, product: Product) -> None:
    if product.list_price is not None and product.live_price > product.list_price:
        row.find("live_price", "error", "price_above_list", live=product.live_price, list=product.list_price)
    if product.list_price is not None and "list_price_basis" in row.headings and not product.list_price_basis:
        row.find("list_price_basis", "warn", "basis_missing", list=product.list_price)
    if "points" in row.headings and len(product.points) < RULES.advised_points:
        row.find("points", "warn", "points_few", count=len(product.points), advised=RULES.advised_points)
    _check_definite(row, product)
    _check_hand_price(row, product)


def _check_definite(row: _Row, product: Product) -> None:
    """限时限量 must be definite: an offer needs a stock, a limited gift or a time that ends."""
    offers = [p for p in product.promotions if p.kind != "freebies"]
    said = " ".join(filter(None, (product.promo, product.gift, product.coupon)))
    limited = product.stock is not None or (row.span and row.timed) or DEFINITE.search(cells.half_width(said))
    if offers and not limited:
        row.find("promo", "warn", "promo_no_end", text=said)


def _check_hand_price(row: _Row, product: Product) -> None:
    """到手价 beside a 直播价 is a check: shops state it a unit or in all, for one or for the bundle."""
    stated = product.stated_hand_price
    if stated is None or not row.text("live_price") or not product.live_price:
        return
    worked = advertised(product.live_price, product.promotions)
    if stated not in {amount for price in worked for amount in (price.unit, price.pay)}:
        said = " / ".join(
            f"{price.pay}÷{price.shipped}={price.unit}" if price.shipped > 1 else str(price.pay)
            for price in worked
        )
        row.find("stated_hand_price", "warn", "hand_price_differs", stated=stated, worked=said)


def _check_twins(products: Sequence[tuple[_Row, Product]]) -> None:
    """A link number belongs to one product; a product twice is told unless it is an encore 返场."""
    links: dict[int, _Row] = {}
    ids: dict[str, _Row] = {}
    for row, product in products:
        if row.held:
            continue
        first = links.setdefault(product.link_no, row)
        if first is not row:
            row.find("link_no", "error", "link_twice", link=product.link_no, row=first.number)
            continue
        first = ids.setdefault(product.product_id, row) if product.product_id else row
        if first is not row and product.role != "encore":
            row.find("product_id", "warn", "product_twice", id=product.product_id, row=first.number)


def _check_overlaps(products: Sequence[tuple[_Row, Product]]) -> None:
    """Of two stated spans that overlap the later is told. The clock begins with the first row's start."""
    spans = [(row.span.start, product.duration, row) for row, product in products
             if row.span and row.timed and not row.held]  # fmt: skip
    opening = spans[0][0] if spans else 0
    until, before = -1, None
    for began, minutes, row in sorted(spans, key=lambda span: (span[0] - opening) % DAY):
        start = (began - opening) % DAY
        if before is not None and start < until:
            end = Span((opening + until) % DAY, None).text()
            row.find("start", "warn", "time_overlap", row=before.number, end=end)
        if start + minutes > until:
            until, before = start + minutes, row


def _check_columns(header: Header, rows: Rows, products: Sequence[tuple[_Row, Product]]) -> list[Finding]:
    """A column missing as a whole is told once, in the header row."""
    priced = any(product.list_price is not None for _, product in products)
    row = _Row(header.row + 1, 0, {}, _headings(rows, header))
    if priced and "list_price_basis" not in header.at:
        row.find("list_price_basis", "warn", "basis_column_missing")
    if "points" not in header.at:
        row.find("points", "warn", "points_column_missing", advised=RULES.advised_points)
    return row.findings
