"""Reminders on air: who has not confirmed a change, then the lead; desks drawn anew as planned times come."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.card import Card, button, line, listed, tell
from bot.desk import Desk
from bot.duty import DutySpec
from bot.offer import change_line, name_of
from bot.reminding import to_know
from bot.upcoming import watch_the_clock
from playbooks import nudging
from playbooks.announce import Listing, Notice
from playbooks.on_air import rules
from storage.rows import Due, Line


def nudge(row: Due, desk: Desk) -> list[Card]:
    """A minute after a change: each on duty who does not know it is reminded, privately and once."""
    notice = desk.books.notices.get(row.about)
    listing = desk.books.listings.get(notice.listing) if notice else None
    if notice is None or listing is None or not to_know([notice], desk):
        return []
    there = {m.id for m in desk.on_duty()}
    if nudging.unknowing(notice, there):
        _tell_lead_later(desk)
    people = nudging.to_nudge(notice, desk.books.notices.by("broadcast", notice.broadcast), there, desk.now)
    if not people:
        return []
    desk.books.notices.put(nudging.nudged(notice, people, desk.now))
    desk.note("nudged", notice.listing, people=" ".join(people), number=str(notice.link_no))
    return [_reminder(person, notice, listing) for person in people]


def _reminder(person: str, notice: Notice, listing: Listing) -> Card:
    said = line(
        "nudge.please", product=name_of(listing), changes=tuple(change_line(c) for c in notice.changes)
    )
    known = button("notice.known_one", f"known {notice.id}", number=notice.link_no)
    return tell(person, said, buttons=((known,),), key=f"nudge:{notice.id}:{person}", rank="work")


def _tell_lead_later(desk: Desk) -> None:
    """One row a room: changes that come while it waits are told with it, not after it."""
    here, at = desk.broadcast_id(), desk.now + timedelta(seconds=rules().unknown_seconds)
    if desk.books.due.get(f"{desk.room.id}-d:unknown:{here}") is None:
        _watch(at, desk)


def _watch(at: datetime, desk: Desk) -> None:
    desk.later("unknown", at, desk.broadcast_id(), cool_down=60 * rules().unknown_rest_minutes)


def unknown(row: Due, desk: Desk) -> list[Card]:
    """The lead is told once of each change who does not know it, of all open changes together."""
    there = {m.id for m in desk.on_duty()}
    open_ = to_know(desk.books.notices.by("broadcast", row.about), desk)
    told = nudging.to_tell(open_, there, desk.now)
    if not told:
        return []
    for notice in told:
        desk.books.notices.put(notice.changed(lead_told=True))
    said = [_unknown(notice, nudging.unknowing(notice, there), desk) for notice in told]
    leads = desk.on_duty("lead", "manager") or desk.with_role("manager")
    return [tell(m.id, line("nudge.lead"), said, rank="work") for m in leads]


def _unknown(notice: Notice, people: tuple[str, ...], desk: Desk) -> Line:
    return line(
        "nudge.lead_line", at=desk.clock(notice.at), number=notice.link_no, names=listed(desk.names(people)),
        changes=tuple(change_line(c) for c in notice.changes),
    )  # fmt: skip


def upcoming(row: Due, desk: Desk) -> list[Card]:
    """A planned time has come near or passed: the desks are drawn anew, and again at the next one."""
    here = desk.broadcast()
    if here is not None and here.id == row.about and here.stage in ("live", "closing"):
        watch_the_clock(here, desk)
    return []


DUTY = DutySpec("nudge", due={"nudge": nudge, "unknown": unknown, "upcoming": upcoming})
