"""Promotions that take yuan off: 满减, 券, 折 (facts/runsheet.yaml, promotions)."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from playbooks.model import to_cents
from playbooks.promotion.base import ZERO, Amount, Cart, Clock, Line, Piece, plain, rate_words


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

    `quota` are given out, usable from `starts` to `ends`, claimed at `claim_where`. One for a part of the
    audience is shown, but never counted into a hand price everybody is told.
    """

    kind: Literal["coupon"] = "coupon"
    measure: Literal["amount", "percent"] = "amount"
    value: Annotated[Decimal, Field(gt=0)]
    threshold: Amount | None = None
    audience: Literal["all", "fans", "new", "member"] = "all"
    quota: PositiveInt | None = None
    starts: Clock | None = None
    ends: Clock | None = None
    claim_where: str = ""
    exclusive_group: str = "coupon"

    @property
    def stackable(self) -> bool:
        """可叠加: it counts on top of the other coupons."""
        return not self.exclusive_group

    def on(self, cart: Cart) -> Cart:
        meant = self.audience == "all" or self.audience in cart.counting
        if not meant or cart.amount < (self.threshold or ZERO):
            return cart
        if self.measure == "amount":
            return cart.less(self.value)
        return cart.changed(amount=min(cart.amount, to_cents(cart.amount * self.value)))

    def line(self) -> Line:
        if self.audience != "all":
            return f"promo.coupon_{self.audience}", {"text": self.text}
        if self.quota or self.ends or self.claim_where:
            return "promo.verbatim", {"text": self.text}
        suffix = "_from" if self.threshold else ""
        values = {"threshold": plain(self.threshold)} if self.threshold else {}
        if self.measure == "amount":
            return f"promo.coupon{suffix}", {"value": plain(self.value), **values}
        return f"promo.coupon_percent{suffix}", {**rate_words(self.value), **values}


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
        values = rate_words(self.rate)
        if self.nth_item:
            suffix = {Decimal(0): "_free", Decimal("0.5"): "_half"}.get(self.rate, "")
            return f"promo.percent_nth{suffix}", {"n": str(self.nth_item), **values}
        if self.threshold:
            return "promo.percent_from", {"threshold": plain(self.threshold), **values}
        if self.pieces > 1:
            return "promo.percent_pieces", {"pieces": str(self.pieces), **values}
        return "promo.percent_off", values
