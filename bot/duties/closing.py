"""The closing by itself and before printing 审单 (D01, D05), and what a manager sets for it."""

from __future__ import annotations

import re
from datetime import datetime, time

from bot.call import Call
from bot.card import Card, line, tell
from bot.closing_setup import ask_key, next_printing, setup, ship_hours
from bot.closing_time import LOOK, PRINT, ask_before_printing, ask_senders, begin, work_now
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.exposure import keep_ship_by
from bot.planning import planned
from bot.reviewing import data_until
from bot.ship_watch import KIND as SHIP
from bot.ship_watch import LATE, told, told_late
from playbooks import announce, closing, shipping
from playbooks.broadcast import Broadcast, business_day
from playbooks.model import Refusal
from playbooks.orders import TO_SHIP
from playbooks.room import MANAGERS
from storage.rows import Due, Line

CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")


def look(row: Due, desk: Desk) -> list[Card]:
    """The planned end is near, or past: the closing begins where there is little to do, else it is looked again."""
    here = desk.books.broadcasts.get(row.about)
    if here is None or here.opened_on != business_day(desk.now, desk.zone):
        return []
    step = closing.look(here, work_now(desk))
    if step == "wait":
        desk.later(LOOK, desk.now + closing.rules().look_again, here.id, cool_down=1)
    return begin(here, desk, _begun(here, desk)) if step == "begin" else []


def _begun(here: Broadcast, desk: Desk) -> Line:
    span = planned(desk)
    if here.stage == "ended" or span is None:
        return line("closing.begun_after")
    return line("closing.begun_planned", ends=desk.clock(span[1]))


def before_printing(row: Due, desk: Desk) -> list[Card]:
    """Orders paid since the last export are asked for before the labels are printed; not where it is new enough."""
    printing = datetime.fromisoformat(row.values["printing"])
    until = data_until(desk.books)
    waiting = any(desk.books.orders.by("status", state, 1) for state in TO_SHIP)
    if not closing.asks_again(until, desk.now) or not (waiting or until is None):
        return []
    at = desk.clock(printing)
    said = (
        line("closing.ask_again", at=at, until=desk.clock(until))
        if until
        else line("closing.ask_never", at=at)
    )
    return ask_senders(f"export-asked:{row.about}:print", (said,), desk)


def ship_told(row: Due, desk: Desk) -> list[Card]:
    """Orders come due to be shipped: those who pack and are in charge are told, once a moment."""
    return told(desk)


def ship_late(row: Due, desk: Desk) -> list[Card]:
    """What was told of and has not left is late now."""
    return told_late(desk)


def ship_by(call: Call, desk: Desk) -> list[Card]:
    """`/shipby 48`: within how many hours of payment orders leave, where the export does not say (H19, K11)."""
    most = shipping.rules().most_hours
    hours = announce.whole(call.args)
    if not hours or hours > most:
        known = ship_hours(desk.room.platform, desk)
        now = line("ship.is_hours", hours=known) if known else line("ship.is_unknown")
        raise Refusal("ship.usage", most=most, now=now)
    desk.books.closing_setup.put(setup(desk).changed(ship_hours=hours))
    keep_ship_by(hours, desk)
    said = line("ship.set", hours=hours)
    asked = (m for m in desk.with_role("manager") if desk.books.sent.get(ask_key(m.id, desk)))
    edits = [tell(m.id, said, key=ask_key(m.id, desk), edit=True, rank="work") for m in asked]
    return edits if any(card.person == desk.me.id for card in edits) else [tell(desk.me.id, said), *edits]


def printing(call: Call, desk: Desk) -> list[Card]:
    """`/printing 09:00`: when the warehouse prints labels; before it the export is asked for once more."""
    match = CLOCK.fullmatch(call.args.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise Refusal("ship.print_usage", at=f"{next_printing(desk).astimezone(desk.zone):%H:%M}")
    at = time(int(match[1]), int(match[2]))
    desk.books.closing_setup.put(setup(desk).changed(print_at=at))
    here = desk.to_wrap() or desk.broadcast()
    if here and (here.closing_at or here.ended_at):
        ask_before_printing(here, desk)
    return [tell(desk.me.id, line("ship.print_set", at=f"{at:%H:%M}"))]


DUTY = DutySpec(
    "closing",
    commands=(
        Command("shipby", ship_by, words=("发货时限",), roles=MANAGERS),
        Command("printing", printing, words=("打单时间",), roles=MANAGERS | {"lead", "warehouse"}),
    ),
    due={LOOK: look, PRINT: before_printing, SHIP: ship_told, LATE: ship_late},
)
