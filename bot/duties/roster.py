"""Signing in and out: who is on duty is who gets asked."""

from __future__ import annotations

from bot import breaks, daily_day, handovers
from bot.arriving import catch_up
from bot.call import Call
from bot.card import Card, line, listed, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.handing_back import hand_back
from bot.leaving import still_needed, tell_in_charge
from playbooks.room import Presence


def _be(presence: Presence, desk: Desk) -> list[Card]:
    if desk.me.presence == presence:
        return [tell(desk.me.id, line(f"presence.already_{presence}", since=desk.clock(desk.me.since)))]
    before = desk.me.presence
    me = desk.books.members.put(desk.me.changed(presence=presence, since=desk.now))
    desk.note("presence", me.id, presence=presence)
    there = listed(m.name for m in desk.on_duty())
    needed, back = still_needed(presence, desk) if presence != "in" else ([], ())
    now = line(f"presence.now_{presence}", name=me.name, there=there)
    told = tell_in_charge(presence, desk) if presence != "in" and before == "in" else []
    # The board shows who is there; the group is not told each time.
    return [tell(me.id, now, needed, buttons=back, silent=True), *told]


def sign_in(call: Call, desk: Desk) -> list[Card]:
    """`/in`: on duty from now; what is on air comes privately, so that nobody starts blind, then what an earlier shift
    left and what the day asks for."""
    return [*_be("in", desk), *catch_up(desk), *handovers.at_sign_in(desk), *daily_day.look(desk)]


def pause(call: Call, desk: Desk) -> list[Card]:
    """`/break`: still on shift, not asked for anything."""
    begins = desk.me.presence != "break"
    cards = _be("break", desk)
    if begins:
        breaks.watch(desk)
    return cards


def sign_out(call: Call, desk: Desk) -> list[Card]:
    """`/out`: off duty; what the person answers for is handed over one by one, the rest returns to its queues."""
    there = desk.me.presence != "out"
    offered = handovers.offer(desk.me.id, desk) if there else []
    count = hand_back(desk.me.id, desk)
    passed = daily_day.leave(desk) if there else []
    said = [tell(desk.me.id, line("chase.given_back", count=count), silent=True)] if count else []
    return [*_be("out", desk), *said, *offered, *passed]


DUTY = DutySpec(
    "roster",
    commands=(
        Command("in", sign_in, words=("到岗", "上班"), args=False),
        Command("break", pause, words=("休息",), args=False),
        Command("out", sign_out, words=("下班",), args=False),
    ),
)
