"""The review tab 复盘: a row for each version of each broadcast's review, appended and never written over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.card import money
from bot.review_words import percent, period, spoken, yuan
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
    cells = {
        "key": _key(review.broadcast, review.version), "made_at": f"{made:%Y-%m-%d %H:%M}",
        "version": str(review.version), "day": f"{review.basics.opened_on:%Y-%m-%d}", "period": period(review),
        "paid_orders": "" if sales.paid is None else str(sales.paid),
        "paid_amount": money(sales.net_sales) if sales.net_sales is not None else "",
        "unpaid_seen": str(funnel.unpaid), "recovered": str(funnel.recovered),
        "baseline": spoken(room.lang, percent(funnel.natural_rate)),
        "anomalies": "" if anomalies.found is None else str(anomalies.found),
        "exposure": spoken(room.lang, yuan(anomalies.exposure)), "disputed": str(len(review.handoff.disputes)),
        "issues": str(len(review.handoff.issues)),
    }  # fmt: skip
    return cells
