"""Promotions 优惠 and the worked hand price 到手价 (REQUIREMENTS A03, facts/runsheet.yaml).

A kind is one model here that says what it does to a `Cart`, one member of `Promotion`, and one word in
`STACKING`. Reading them out of a run sheet's text is `promotion_text`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from playbooks.model import Model, Money, to_cents

Amount = Annotated[Money, Field(gt=0)]
"""Yuan, more than nothing."""
Service = Literal["free_shipping", "return_insurance", "seven_day_return", "interest_free"]
Line = tuple[str, dict[str, str]]
"""A text key and its values."""
ZERO = Decimal("0.00")
MOST_ADVERTISED = 5
"""Nobody advertises a price in hand for more units than this."""


def plain(number: Decimal) -> str:
    """A number as people say it: 199.00 is "199", 49.90 is "49.9"."""
    return f"{number.normalize():f}"


class Cart(Model):
    """One product being worked out: `quantity` paid units, `shipped` units, `amount` yuan to pay so far."""

    live_price: Money
    quantity: PositiveInt
    shipped: PositiveInt
    amount: Money

    def less(self, off: Decimal) -> Cart:
        """The cart with `off` yuan taken off, never below nothing."""
        return self.changed(amount=max(ZERO, self.amount - off))


class GiftDue(Model):
    """A gift 赠品 owed with one order."""

    name: str
    qty: PositiveInt


class Piece(Model):
    """What every kind shares. `text` is the piece as the sheet has it; of those sharing an `exclusive_group`
    only the best for the buyer counts; the empty group excludes nothing."""

    text: str
    exclusive_group: str = ""

    def on(self, cart: Cart) -> Cart:
        """The cart after this promotion; unchanged where its condition is not met."""
        return cart

    def gives(self, cart: Cart) -> tuple[GiftDue, ...]:
        """The gifts owed for the finished cart."""
        return ()

    @property
    def owes_gift(self) -> bool:
        """Whether it promises a gift that can run out."""
        return False

    def bundle(self) -> int:
        """The paid quantity it is advertised with."""
        return 1

    def reached_with(self, live_price: Decimal) -> int:
        """The fewest units whose live price reaches its amount; 1 where it asks for none."""
        return 1


class NForOne(Piece):
    """拍一发三: pay `pay_qty` units, `ship_qty` are sent. The order shows what was paid for."""

    kind: Literal["n_for_1"] = "n_for_1"
    pay_qty: PositiveInt
    ship_qty: PositiveInt
    exclusive_group: str = "units"

    def on(self, cart: Cart) -> Cart:
        times = cart.quantity // self.pay_qty
        return cart.changed(shipped=cart.shipped + times * (self.ship_qty - self.pay_qty))

    def bundle(self) -> int:
        return self.pay_qty

    def line(self) -> Line:
        return "promo.n_for_1", {"pay_qty": str(self.pay_qty), "ship_qty": str(self.ship_qty)}


class BuyXGetY(Piece):
    """买二送一: `y` more of the same item for `x` paid; or, with `gift_name`, `y` of that gift."""

    kind: Literal["buy_x_get_y"] = "buy_x_get_y"
    x: PositiveInt
    y: PositiveInt
    gift_name: str = ""
    exclusive_group: str = "units"

    @property
    def same_item(self) -> bool:
        return not self.gift_name

    @property
    def owes_gift(self) -> bool:
        return not self.same_item

    def on(self, cart: Cart) -> Cart:
        if not self.same_item:
            return cart
        return cart.changed(shipped=cart.shipped + cart.quantity // self.x * self.y)

    def gives(self, cart: Cart) -> tuple[GiftDue, ...]:
        times = cart.quantity // self.x
        return (GiftDue(name=self.gift_name, qty=times * self.y),) if self.gift_name and times else ()

    def bundle(self) -> int:
        return self.x

    def line(self) -> Line:
        values = {"x": str(self.x), "y": str(self.y)}
        if self.same_item:
            return "promo.buy_x_get_y", values
        return "promo.buy_x_get_gift", {**values, "gift": self.gift_name}


class Gift(Piece):
    """赠品 with an order (once an order, whatever its quantity), perhaps only for the first orders, from an
    amount in yuan, or while `gift_stock` lasts."""

    kind: Literal["gift"] = "gift"
    name: str = Field(min_length=1)
    qty: PositiveInt = 1
    gift_stock: PositiveInt | None = None
    first_n_orders: PositiveInt | None = None
    min_amount: Amount | None = None

    @property
    def owes_gift(self) -> bool:
        return True

    def gives(self, cart: Cart) -> tuple[GiftDue, ...]:
        reached = self.min_amount is None or cart.amount >= self.min_amount
        return (GiftDue(name=self.name, qty=self.qty),) if reached else ()

    def line(self) -> Line:
        terms = {
            "promo.gift_first": self.first_n_orders,
            "promo.gift_from": self.min_amount and plain(self.min_amount),
            "promo.gift_stock": self.gift_stock,
        }
        stated = [(key, str(value)) for key, value in terms.items() if value is not None]
        if len(stated) > 1:  # conditions on conditions: the shop's own words say it best
            return "promo.verbatim", {"text": self.text}
        key, limit = stated[0] if stated else ("promo.gift", "")
        return key, {"gift": self.name, "qty": str(self.qty), **({"limit": limit} if limit else {})}


class AmountOff(Piece):
    """满减: `off` yuan once `threshold` yuan (or `pieces` paid units) are reached, or `per` each time 每满.

    Neither threshold nor pieces is 立减: once an order. A cross-shop 跨店 one comes on top of the shop's.
    """

    kind: Literal["amount_off"] = "amount_off"
    threshold: Amount | None = None
    pieces: PositiveInt | None = None
    off: Amount
    per: bool = False
    scope: Literal["item", "room", "cross_shop"] = "item"
    cap: Amount | None = None
    exclusive_group: str = "amount_off"

    def _times(self, cart: Cart) -> int:
        if self.pieces:
            times = cart.quantity // self.pieces
        else:
            times = int(cart.amount // self.threshold) if self.threshold else 1
        return times if self.per else min(times, 1)

    def on(self, cart: Cart) -> Cart:
        off = self.off * self._times(cart)
        return cart.less(off if self.cap is None else min(off, self.cap))

    def bundle(self) -> int:
        return self.pieces or 1

    def reached_with(self, live_price: Decimal) -> int:
        return math.ceil(self.threshold / live_price) if self.threshold else 1

    def line(self) -> Line:
        key = "promo.amount_off" + ("_each" if self.per else "")
        values = {"off": plain(self.off)}
        if self.cap is not None:
            return "promo.verbatim", {"text": self.text}
        if self.pieces:
            return f"{key}_pieces", {**values, "pieces": str(self.pieces)}
        if self.threshold:
            return key, {**values, "threshold": plain(self.threshold)}
        return "promo.amount_off_any", values


class Coupon(Piece):
    """优惠券 from `threshold` yuan: `value` yuan off, or as percent the part still paid (0.9 is 九折).

    One for a part of the audience is shown, but never counted into a hand price everybody is told.
    """

    kind: Literal["coupon"] = "coupon"
    measure: Literal["amount", "percent"] = "amount"
    value: Annotated[Decimal, Field(gt=0)]
    threshold: Amount | None = None
    audience: Literal["all", "fans", "new", "member"] = "all"
    exclusive_group: str = "coupon"

    def on(self, cart: Cart) -> Cart:
        if self.audience != "all" or cart.amount < (self.threshold or ZERO):
            return cart
        if self.measure == "amount":
            return cart.less(self.value)
        return cart.changed(amount=min(cart.amount, to_cents(cart.amount * self.value)))

    def line(self) -> Line:
        if self.audience != "all":
            return f"promo.coupon_{self.audience}", {"text": self.text}
        suffix = "_from" if self.threshold else ""
        values = {"threshold": plain(self.threshold)} if self.threshold else {}
        if self.measure == "amount":
            return f"promo.coupon{suffix}", {"value": plain(self.value), **values}
        return f"promo.coupon_percent{suffix}", {**_rate(self.value), **values}


class PercentOff(Piece):
    """折扣: `rate` is the part still paid (85折 = 8.5折 = 0.85), of all units or the `nth_item` 第二件半价.

    The nth item counts once an order: shops differ on the fourth, and a price told too low must be honoured.
    """

    kind: Literal["percent_off"] = "percent_off"
    rate: Annotated[Decimal, Field(ge=0, le=1)]
    nth_item: Annotated[int, Field(ge=2)] | None = None
    pieces: PositiveInt = 1
    threshold: Amount | None = None
    exclusive_group: str = "percent_off"

    def on(self, cart: Cart) -> Cart:
        if self.nth_item:
            reached = cart.quantity >= self.nth_item
            return cart.less(cart.live_price - to_cents(cart.live_price * self.rate)) if reached else cart
        if cart.quantity < self.pieces or cart.amount < (self.threshold or ZERO):
            return cart
        return cart.changed(amount=cart.amount * self.rate)

    def bundle(self) -> int:
        return self.nth_item or self.pieces

    def line(self) -> Line:
        values = _rate(self.rate)
        if self.nth_item:
            suffix = {Decimal(0): "_free", Decimal("0.5"): "_half"}.get(self.rate, "")
            return f"promo.percent_nth{suffix}", {"n": str(self.nth_item), **values}
        if self.threshold:
            return "promo.percent_from", {"threshold": plain(self.threshold), **values}
        if self.pieces > 1:
            return "promo.percent_pieces", {"pieces": str(self.pieces), **values}
        return "promo.percent_off", values


class Presale(Piece):
    """定金膨胀: a `deposit` paid ahead for each unit counts as `deposit_value` yuan against its price."""

    kind: Literal["presale"] = "presale"
    deposit: Amount
    deposit_value: Amount
    exclusive_group: str = "presale"

    def on(self, cart: Cart) -> Cart:
        balance = max(ZERO, cart.amount - self.deposit_value * cart.quantity)
        return cart.changed(amount=min(cart.amount, self.deposit * cart.quantity + balance))

    def line(self) -> Line:
        return "promo.presale", {"deposit": plain(self.deposit), "worth": plain(self.deposit_value)}


class Freebie(Piece):
    """A service that costs the buyer nothing: 包邮, 运费险, 七天无理由, 分期免息."""

    kind: Literal["freebies"] = "freebies"
    service: Service
    regions_excluded: tuple[str, ...] = ()

    def line(self) -> Line:
        if self.regions_excluded:
            return f"promo.{self.service}_except", {"regions": "、".join(self.regions_excluded)}
        return f"promo.{self.service}", {}


Promotion = Annotated[
    NForOne | BuyXGetY | Gift | AmountOff | Coupon | PercentOff | Presale | Freebie,
    Field(discriminator="kind"),
]
Kind = Literal[
    "n_for_1", "buy_x_get_y", "gift", "amount_off", "coupon", "percent_off", "presale", "freebies"
]  # fmt: skip

# What is worked out after what (facts/runsheet.yaml, stacking); kinds not named here leave the price alone.
STACKING: tuple[tuple[Kind, ...], ...] = (
    ("n_for_1", "buy_x_get_y"),
    ("percent_off",),
    ("amount_off",),
    ("coupon",),
    ("presale",),
)


class Step(Model):
    """One promotion that counted: units `shipped` and yuan to `pay` after it."""

    kind: Kind
    text: str
    shipped: PositiveInt
    pay: Money


class HandPrice(Model):
    """到手价 for `quantity` paid units: `pay` yuan in all, `shipped` units sent, `unit` = pay / shipped."""

    quantity: PositiveInt
    shipped: PositiveInt
    pay: Money
    unit: Money
    gifts: tuple[GiftDue, ...] = ()
    steps: tuple[Step, ...] = ()


def work_out(live_price: Money, promotions: Sequence[Promotion], quantity: int = 1) -> HandPrice:
    """The hand price of `quantity` paid units of one item in the order of `STACKING`, each step half up.

    Never below nothing, never above `live_price` a paid unit. `quantity` below 1 is a ValueError.
    """
    amount = to_cents(live_price) * quantity
    cart = Cart(live_price=live_price, quantity=quantity, shipped=quantity, amount=amount)
    steps = []
    for kinds in STACKING:
        for rivals in _groups(p for p in promotions if p.kind in kinds):
            best = min(rivals, key=lambda p: _unit(p.on(cart)))
            before, cart = cart, best.on(cart)
            if cart != before:
                steps.append(Step(kind=best.kind, text=best.text, shipped=cart.shipped, pay=cart.amount))
    gifts = tuple(gift for p in promotions for gift in p.gives(cart))
    unit = cart.amount / cart.shipped
    return HandPrice(
        quantity=quantity, shipped=cart.shipped, pay=cart.amount, unit=unit, gifts=gifts, steps=tuple(steps)
    )


def bundle(promotions: Sequence[Promotion]) -> int:
    """The advertised quantity in paid units: 2 for 第二件半价 or 拍2发4, x for 买x送y, n for n件8折, or 1."""
    return max((p.bundle() for p in promotions), default=1)


def advertised(live_price: Money, promotions: Sequence[Promotion]) -> tuple[HandPrice, ...]:
    """What the announce card shows: the hand price of one paid unit and, if it is more, of the bundle.

    Where one unit does not reach an amount such as 满199减30, the bundle is the fewest units that do.
    """
    reach = (p.reached_with(live_price) for p in promotions)
    quantities = sorted({1, max([bundle(promotions), *(n for n in reach if n <= MOST_ADVERTISED)])})
    return tuple(work_out(live_price, promotions, quantity) for quantity in quantities)


def line(promotion: Promotion) -> Line:
    """The text key and values that say this promotion on a card."""
    return promotion.line()


def hand_line(price: HandPrice) -> Line:
    """The text key and values that say a worked hand price on a card."""
    values = {"unit": str(price.unit), "pay": str(price.pay)}
    if price.quantity == price.shipped == 1:
        return "promo.hand_one", values
    return "promo.hand_bundle", {**values, "quantity": str(price.quantity), "shipped": str(price.shipped)}


def _rate(rate: Decimal) -> dict[str, str]:
    """Both ways to say 0.85: {zhe} 8.5 (折) and {percent} 15 (% off)."""
    return {"zhe": plain(rate * 10), "percent": plain((1 - rate) * 100)}


def _unit(cart: Cart) -> Fraction:
    return Fraction(cart.amount) / cart.shipped


def _groups(promotions: Iterable[Promotion]) -> list[list[Promotion]]:
    """Those that exclude each other together, in the order they were written."""
    groups: dict[str, list[Promotion]] = {}
    for number, promotion in enumerate(promotions):
        groups.setdefault(promotion.exclusive_group or f"#{number}", []).append(promotion)
    return list(groups.values())
