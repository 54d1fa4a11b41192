"""The review tab 复盘: a row for each version of each broadcast's review, appended and never written over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.review_words import count, percent, period, span, spoken, yuan
from bot.reviewing import review_of
from playbooks.review import Review
from playbooks.room import Room
from storage.books import RoomBooks

NEWEST = 50
"""Broadcasts looked at: those before stand in the tab since long ago."""


def rows(books: RoomBooks, room: Room, now: datetime, there: Collection[str]) -> list[dict[str, str]]:
    """The newest version of each review that is not in the tab (`there`: its keys) yet, oldest first."""
    reviewed = sorted((b for b in books.broadcasts.scan() if b.reviewed), key=lambda b: b.number)
    new = (b for b in reviewed[-NEWEST:] if b.stage != "archived" and _key(b.id, b.reviewed) not in there)
    return [_row(review_of(books, room, one, now), room) for one in new]


def _key(broadcast: str, version: int) -> str:
    return f"{broadcast}-v{version}"


def _row(review: Review, room: Room) -> dict[str, str]:
    sales, funnel, anomalies = review.sales, review.chase.funnel, review.anomalies
    made = review.made_at.astimezone(ZoneInfo(room.zone))
    told = {
        "paid_orders": count(sales.paid), "paid_amount": yuan(sales.net_sales),
        "unpaid_seen": count(funnel.unpaid if review.orders_known else None),
        "recovered": count(funnel.recovered if review.orders_known else None),
        "baseline": percent(funnel.natural_rate), "anomalies": count(anomalies.found),
        "exposure": yuan(anomalies.exposure), "lag": span(review.handoff.median),
        "issues": count(len(review.handoff.issues)),
    }  # fmt: skip
    about = {
        "key": _key(review.broadcast, review.version), "made_at": f"{made:%Y-%m-%d %H:%M}",
        "version": str(review.version), "day": f"{review.basics.opened_on:%Y-%m-%d}", "period": period(review),
    }  # fmt: skip
    return about | {name: spoken(room.lang, what) for name, what in told.items()}
