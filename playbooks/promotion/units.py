"""Promotions of units: more are sent than are paid for, or a gift goes along (facts/runsheet.yaml, promotions)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveInt

from playbooks.promotion.base import Amount, Cart, Clock, GiftDue, Line, Piece, plain


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
    amount in yuan, for orders before `until`, or while `gift_stock` lasts."""

    kind: Literal["gift"] = "gift"
    name: str = Field(min_length=1)
    qty: PositiveInt = 1
    gift_stock: PositiveInt | None = None
    first_n_orders: PositiveInt | None = None
    min_amount: Amount | None = None
    until: Clock | None = None

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
            "promo.gift_until": self.until,
        }
        stated = [(key, str(value)) for key, value in terms.items() if value is not None]
        if len(stated) > 1:  # conditions on conditions: the shop's own words say it best
            return "promo.verbatim", {"text": self.text}
        key, limit = stated[0] if stated else ("promo.gift", "")
        return key, {"gift": self.name, "qty": str(self.qty), **({"limit": limit} if limit else {})}
