"""Somebody on the roster who speaks in the group without having signed in is offered to do so, once a shift."""

from __future__ import annotations

import logging

from bot.call import Call
from bot.desk import Desk
from bot.rostering import sign_in_card
from bot.runner import Runner
from playbooks import roster
from playbooks.room import Member
from playbooks.roster import Shift
from storage.books import RoomBooks
from storage.store import Books, NotSaved

log = logging.getLogger(__name__)

PRESENCE = frozenset(["in", "break", "out"])
"""Commands that say it already."""


async def offer_sign_in(runner: Runner, call: Call) -> None:
    """Ask in private with one tap; nothing of what people say in the group is kept."""
    if call.private or call.anonymous or not call.room or call.command in PRESENCE:
        return
    if runner.room(call.room) is None or _unsigned(runner.view(call.room), call, runner) is None:
        return

    def unit(raw: Books) -> None:
        books = RoomBooks(raw)
        shift, room = _unsigned(books, call, runner), books.room.get(call.room)
        if shift is None or room is None:
            return
        asked = books.shifts.put(shift.changed(asked=True))
        nobody = Member(id="", name="")
        desk = Desk(books, runner.front(), room, nobody, None, now=runner.clock.now())
        runner.post(books, [sign_in_card(asked, desk)], desk.now)

    try:
        await runner.unit(call.room, unit)
    except NotSaved as error:
        log.warning("nobody is asked to sign in: %s", error)  # what the person said is handled all the same


def _unsigned(books: RoomBooks, call: Call, runner: Runner) -> Shift | None:
    """The caller's running shift, where they are not signed in and were not asked."""
    member = books.members.get(call.who.id)
    if member is None or not member.roles or member.presence != "out":
        return None
    mine = roster.on_now(books.shifts.by("who", call.who.id), runner.clock.now())
    return next((one for one in mine if not one.asked), None)
