"""物流分: what buyers think of the shop's parcels, beside the routes that make it so (REQUIREMENTS E05)."""

from __future__ import annotations

from collections.abc import Iterable

from playbooks.review_entered import Entered, Told

FIGURE = "dsr_logistics"
"""物流服务, one of the three shop scores of `data/review_figures.toml`: 1 to 5, the mean of buyers' marks."""


def newest(entries: Iterable[Entered]) -> tuple[Told, ...]:
    """The score as entered or imported last, and the one before where there is one, the newest first."""
    told = [one.figures[FIGURE] for one in entries if FIGURE in one.figures]
    return tuple(sorted(told, key=lambda one: one.at, reverse=True)[:2])
