"""What late orders cost 超时罚款 (D02). The figures stand in `data/aftercare.toml`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from playbooks.aftercare.state import DEALT_WITH, Hold
from playbooks.model import Model, Money, to_cents
from playbooks.orders import Order, OrderState
from playbooks.rulebook import load


class Penalty(Model):
    """What one late order costs, in yuan, and the day the figure was true for."""

    platform: str
    amount: Money
    as_of: date
    source: str


class Rules(Model):
    """`data/aftercare.toml`."""

    penalties: tuple[Penalty, ...]
    scripts: dict[str, tuple[str, ...]]
    """Rule -> the text keys of what to tell the buyer, in the order they are sent."""
    exception_days: int


def rules() -> Rules:
    """`data/aftercare.toml`."""
    known: Rules = load("aftercare", Rules)
    return known


def penalty(platform: str) -> Penalty | None:
    """The dated default of the platform; None where no figure is known: the room must set one."""
    return next((one for one in rules().penalties if one.platform == platform), None)


def at_risk(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """The orders that will be late as things stand: held and not dealt with, whoever has them and whenever they are to.

    What is only to be looked at may ship; what is late already is counted beside (ship-by timers).
    """
    return tuple(one for one in holds if one.verdict == "HOLD" and one.state not in DEALT_WITH)


def exposure(orders: Collection[Hold | Order | OrderState], penalty: Money) -> Money:
    """What it costs if all these orders ship late: their number, each order once, times `penalty` (D02)."""
    return to_cents(len({order.order_id for order in orders}) * penalty)
