"""Reminders of changes on air: which are still worth saying, and those that are dropped when the broadcast ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.desk import Desk
from playbooks.announce import Notice
from playbooks.broadcast import Broadcast
from playbooks.on_air import rules


def to_know(notices: Iterable[Notice], desk: Desk) -> list[Notice]:
    """The changes somebody on duty has to know: of the broadcast on air, the newest of products on the programme."""
    here = desk.broadcast()
    if here is None or here.stage not in ("live", "closing"):
        return []
    sold = {one.id for one in desk.listings()}
    return [n for n in notices if n.broadcast == here.id and n.listing in sold and not n.superseded]


def drop_reminders(ended: Broadcast, desk: Desk) -> None:
    """Nobody sells any more: who has not confirmed a change need not, and is not reminded if the stream goes on."""
    for notice in desk.books.notices.by("broadcast", ended.id):
        desk.books.due.drop(f"{desk.room.id}-d:nudge:{notice.id}")
    desk.books.due.drop(f"{desk.room.id}-d:unknown:{ended.id}")


def remind_again(back: Broadcast, desk: Desk) -> None:
    """The end was a slip: what `drop_reminders` dropped is planned anew, at once where its time went by. The first
    reminder has the lead told after it."""
    for notice in to_know(desk.books.notices.by("broadcast", back.id), desk):
        if notice.waiting_for():
            planned = notice.at + timedelta(seconds=rules().nudge_seconds)
            desk.later("nudge", max(planned, desk.now), notice.id)
