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
from playbooks.announce import Notice
from playbooks.on_air import rules
from storage.rows import Due, Line


def nudge(row: Due, desk: Desk) -> list[Card]:
    """A minute after a change: each on duty who does not know it is reminded, privately, of it and of all else they do
    not know. Who was reminded lately is left alone first: the same row comes back to them."""
    notice = desk.books.notices.get(row.about)
    if notice is None or not to_know([notice], desk):
        return []
    there = {m.id for m in desk.on_duty()}
    if nudging.unknowing(notice, there):
        _tell_lead_later(desk)
    known = _that_count(notice.broadcast, desk)
    again = nudging.nudge_again_at(notice, known, there, desk.now)
    if again is not None:
        desk.later("nudge", again, notice.id)
    return _remind(nudging.to_nudge(notice, known, there, desk.now), desk)


def _that_count(broadcast: str, desk: Desk) -> list[Notice]:
    """Every change of the broadcast that was reminded of or has to be known; of what is off the programme nobody is."""
    every = desk.books.notices.by("broadcast", broadcast)
    open_ = {one.id for one in to_know(every, desk)}
    return [one if one.id in open_ else one.changed(superseded=True) for one in every]


def _remind(people: nudging.Reminders, desk: Desk) -> list[Card]:
    """Kept who was reminded of what and when, then one message a person."""
    told = {one.id: one for some in people.values() for one in some}
    for id, notice in told.items():
        who = [person for person, some in people.items() if any(one.id == id for one in some)]
        desk.books.notices.put(nudging.nudged(notice, who, desk.now))
        desk.note("nudged", notice.listing, people=" ".join(who), number=str(notice.link_no))
    return [_reminder(person, some, desk) for person, some in people.items()]


def _reminder(person: str, some: tuple[Notice, ...], desk: Desk) -> Card:
    """The changes, each with its own button, one a row."""
    named = [(notice, desk.books.listings.get(notice.listing)) for notice in some]
    said = [
        line("nudge.please", product=name_of(listing), changes=tuple(change_line(c) for c in notice.changes))
        for notice, listing in named
        if listing
    ]
    rows = tuple((button("notice.known_one", f"known {one.id}", number=one.link_no),) for one in some)
    return tell(person, said, buttons=rows, key=f"nudge:{some[0].id}:{person}", rank="work")


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
    for notice in told:
        desk.books.notices.put(notice.changed(lead_told=True))
    still = nudging.tell_at((one for one in open_ if one not in told), there)
    if still is not None:
        _watch(max(still, desk.now), desk)
    if not told:
        return []
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
