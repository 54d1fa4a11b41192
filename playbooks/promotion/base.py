"""What every kind of promotion 优惠 stands on: the cart being worked out, the gift owed, the piece of text."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from playbooks.model import Model, Money

Amount = Annotated[Money, Field(gt=0)]
"""Yuan, more than nothing."""
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A room time of the broadcast's evening, "20:30"; before 06:00 it is the night after."""
Extra = Literal["member", "add_on"]
"""What counts only for a buyer who is a member, or who takes the extra item too."""
Line = tuple[str, dict[str, str]]
"""A text key and its values."""
ZERO = Decimal("0.00")


def plain(number: Decimal) -> str:
    """A number as people say it: 199.00 is "199", 49.90 is "49.9"."""
    return f"{number.normalize():f}"


class Cart(Model):
    """One product being worked out: `quantity` paid units, `shipped` units, `amount` yuan to pay so far."""

    live_price: Money
    quantity: PositiveInt
    shipped: PositiveInt
    amount: Money
    counting: frozenset[Extra] = frozenset()

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


def rate_words(rate: Decimal) -> dict[str, str]:
    """Both ways to say 0.85: {zhe} 8.5 (折) and {percent} 15 (% off)."""
    return {"zhe": plain(rate * 10), "percent": plain((1 - rate) * 100)}
