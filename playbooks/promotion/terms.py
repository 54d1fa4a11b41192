"""Promotions with terms of their own: 秒杀, 定金, 会员价, 加价购, 福袋, services (facts/runsheet.yaml, promotions)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from playbooks.model import Money, to_cents
from playbooks.promotion.base import ZERO, Amount, Cart, Clock, Line, Piece, plain, rate_words

Service = Literal["free_shipping", "return_insurance", "seven_day_return", "interest_free"]


class Flash(Piece):
    """秒杀 at `price` yuan from `starts` to `ends`, `qty` units, `per_user` each. The plan only arms it: while
    `running`, as ops say, the price counts, and `normal_price` is what comes back at its end. `over`: ops ended it,
    or its time went by without it; ops may begin it once more."""

    kind: Literal["flash"] = "flash"
    price: Amount
    starts: Clock | None = None
    ends: Clock | None = None
    qty: PositiveInt | None = None
    per_user: PositiveInt | None = None
    running: bool = False
    over: bool = False
    normal_price: Money | None = None
    exclusive_group: str = "flash"

    def on(self, cart: Cart) -> Cart:
        if not self.running or self.price >= cart.live_price:
            return cart
        return cart.changed(live_price=self.price, amount=self.price * cart.quantity)

    def line(self) -> Line:
        if not self.running:
            return "promo.flash_over" if self.over else "promo.flash", {"text": self.text}
        return "promo.flash_on", {
            "price": plain(self.price),
            "normal": plain(self.normal_price or self.price),
        }


class Presale(Piece):
    """定金膨胀: a `deposit` paid ahead for each unit counts as `deposit_value` yuan against its price.

    The days of the balance 尾款 and of shipping are kept as written.
    """

    kind: Literal["presale"] = "presale"
    deposit: Amount
    deposit_value: Amount
    balance_from: str = ""
    balance_to: str = ""
    ship_by: str = ""
    exclusive_group: str = "presale"

    def on(self, cart: Cart) -> Cart:
        balance = max(ZERO, cart.amount - self.deposit_value * cart.quantity)
        return cart.changed(amount=min(cart.amount, self.deposit * cart.quantity + balance))

    def line(self) -> Line:
        if self.balance_from or self.ship_by:
            return "promo.verbatim", {"text": self.text}
        return "promo.presale", {"deposit": plain(self.deposit), "worth": plain(self.deposit_value)}


class Member(Piece):
    """会员价, 88VIP: a `price` yuan a unit, or the part still paid (`rate` 0.95), for members of `level` alone.

    Not `stackable`, it is worth what it takes off the live price and nothing on top. Never counted into a hand
    price everybody is told.
    """

    kind: Literal["member"] = "member"
    level: str = Field(min_length=1)
    price: Amount | None = None
    rate: Annotated[Decimal, Field(gt=0, le=1)] | None = None
    stackable: bool = True
    exclusive_group: str = "member"

    def on(self, cart: Cart) -> Cart:
        if "member" not in cart.counting:
            return cart
        if self.price is not None:
            return cart.changed(amount=min(cart.amount, self.price * cart.quantity))
        base = cart.amount if self.stackable else cart.live_price * cart.quantity
        return cart.changed(amount=min(cart.amount, to_cents(base * (self.rate or 1))))

    def line(self) -> Line:
        if self.price is not None:
            return "promo.member_price", {"level": self.level, "price": plain(self.price)}
        return "promo.member", {"level": self.level, **rate_words(self.rate or Decimal(1))}


class AddOn(Piece):
    """加价购: for `add_price` yuan more, once an order, `item` goes along; from `threshold` yuan where one is said."""

    kind: Literal["add_on"] = "add_on"
    add_price: Amount
    item: str = Field(min_length=1)
    threshold: Amount | None = None

    def on(self, cart: Cart) -> Cart:
        if "add_on" not in cart.counting or cart.amount < (self.threshold or ZERO):
            return cart
        return cart.changed(amount=cart.amount + self.add_price)

    def line(self) -> Line:
        values = {"add": plain(self.add_price), "item": self.item}
        if self.threshold is None:
            return "promo.add_on", values
        return "promo.add_on_from", {**values, "threshold": plain(self.threshold)}


class LuckyBag(Piece):
    """福袋: `qty` prizes drawn at `draw_at` among those who fulfil `condition`; `value` yuan is one prize's worth.

    What is drawn must be clear and may not change once begun (反不正当竞争法 art. 11), so it is said verbatim.
    """

    kind: Literal["lucky_bag"] = "lucky_bag"
    prize: str = Field(min_length=1)
    qty: PositiveInt | None = None
    draw_at: Clock | None = None
    condition: str = ""
    value: Amount | None = None

    def line(self) -> Line:
        return "promo.lucky_bag", {"text": self.text}


class Freebie(Piece):
    """A service that costs the buyer nothing: 包邮, 运费险, 七天无理由, 分期免息."""

    kind: Literal["freebies"] = "freebies"
    service: Service
    regions_excluded: tuple[str, ...] = ()

    def line(self) -> Line:
        if self.regions_excluded:
            return f"promo.{self.service}_except", {"regions": "、".join(self.regions_excluded)}
        return f"promo.{self.service}", {}
