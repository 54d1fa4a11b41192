"""The worked hand price 到手价: promotions in stacking order (REQUIREMENTS A03, facts/runsheet.yaml)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from playbooks.model import Model, Money, to_cents
from playbooks.promotion.base import Cart, Extra, GiftDue, Line
from playbooks.promotion.reductions import AmountOff, Coupon, PercentOff
from playbooks.promotion.terms import AddOn, Flash, Freebie, LuckyBag, Member, Presale
from playbooks.promotion.units import BuyXGetY, Gift, NForOne

MOST_ADVERTISED = 5
"""Nobody advertises a price in hand for more units than this."""

Promotion = Annotated[
    NForOne | BuyXGetY | Gift | AmountOff | Coupon | Flash | LuckyBag | Presale | Member | AddOn | PercentOff
    | Freebie,
    Field(discriminator="kind"),
]  # fmt: skip
Kind = Literal[
    "n_for_1", "buy_x_get_y", "gift", "amount_off", "coupon", "flash", "lucky_bag", "presale", "member", "add_on",
    "percent_off", "freebies",
]  # fmt: skip

# What is worked out after what (facts/runsheet.yaml, stacking); kinds not named here leave the price alone.
STACKING: tuple[tuple[Kind, ...], ...] = (
    ("flash",),
    ("n_for_1", "buy_x_get_y"),
    ("percent_off",),
    ("amount_off",),
    ("coupon",),
    ("member",),
    ("add_on",),
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


def work_out(
    live_price: Money, promotions: Sequence[Promotion], quantity: int = 1, *extras: Extra
) -> HandPrice:
    """The hand price of `quantity` paid units of one item in the order of `STACKING`, each step half up.

    Everybody's price unless `extras` says whose or with what. Never below nothing; never above `live_price` a
    paid unit but for what an add-on adds. `quantity` below 1 is a ValueError.
    """
    amount = to_cents(live_price) * quantity
    cart = Cart(
        live_price=live_price, quantity=quantity, shipped=quantity, amount=amount, counting=frozenset(extras)
    )
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


def given_away(live_price: Money, promotions: Sequence[Promotion]) -> bool:
    """Whether what is advertised costs nothing: 到手价 0.00."""
    return any(price.unit == 0 for price in advertised(live_price, promotions))


def extras(live_price: Money, promotions: Sequence[Promotion]) -> tuple[tuple[Extra, HandPrice], ...]:
    """The hand price of one unit for a member, and with the extra item, where there is such an offer and it counts."""
    plain = work_out(live_price, promotions)
    asked: tuple[Extra, ...] = ("member", "add_on")
    worked = ((extra, work_out(live_price, promotions, 1, extra)) for extra in asked)
    return tuple((extra, price) for extra, price in worked if price.pay != plain.pay)


def pieces_of_price(promotions: Iterable[Promotion], promo: str) -> int:
    """For how many units the live price itself was said, as in 59.9/两件; 1 where the promotions' text says it."""
    said = (p for p in promotions if isinstance(p, NForOne) and p.pay_qty == 1 and p.text not in promo)
    return next((p.ship_qty for p in said), 1)


def line(promotion: Promotion) -> Line:
    """The text key and values that say this promotion on a card."""
    return promotion.line()


def hand_line(price: HandPrice) -> Line:
    """The text key and values that say a worked hand price on a card."""
    values = {"unit": str(price.unit), "pay": str(price.pay)}
    if price.quantity == price.shipped == 1:
        return "promo.hand_one", values
    return "promo.hand_bundle", {**values, "quantity": str(price.quantity), "shipped": str(price.shipped)}


def _unit(cart: Cart) -> Fraction:
    return Fraction(cart.amount) / cart.shipped


def _groups(promotions: Iterable[Promotion]) -> list[list[Promotion]]:
    """Those that exclude each other together, in the order they were written."""
    groups: dict[str, list[Promotion]] = {}
    for number, promotion in enumerate(promotions):
        groups.setdefault(promotion.exclusive_group or f"#{number}", []).append(promotion)
    return list(groups.values())
