"""The arithmetic of the figures: a figure without a denominator is None, "not known", never 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

FOUR_PLACES = Decimal("0.0001")
SECOND = timedelta(seconds=1)


def rate(part: int, whole: int) -> Decimal | None:
    """`part` / `whole` as a Decimal of four places, half up; None where `whole` is 0."""
    return (Decimal(part) / whole).quantize(FOUR_PLACES, ROUND_HALF_UP) if whole else None


def median(lags: Sequence[timedelta]) -> timedelta | None:
    """The middle one, of an even number the mean of the middle two, in whole seconds; None of none.

    facts/metrics.yaml ops_ours announce_lag: median and maximum, for one forgotten phone ruins a mean.
    """
    if not lags:
        return None
    known = sorted(lags)
    low, high = known[(len(known) - 1) // 2], known[len(known) // 2]
    return (low + high) / 2 // SECOND * SECOND


def worst(lags: Iterable[timedelta]) -> timedelta | None:
    """The longest, in whole seconds; None of none."""
    longest = max(lags, default=None)
    return None if longest is None else longest // SECOND * SECOND


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Yuan over the amounts that are known; None where none is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
