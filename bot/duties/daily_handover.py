"""The hand-over 交接: what became of it, a note for the next shift, each item taken on by a tap (REQUIREMENTS A15)."""

from __future__ import annotations

from bot import handovers
from bot.call import Call
from bot.card import Card, line, tell, toast
from bot.daily_day import refresh
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.handover_cards import record
from playbooks import announce, daily
from playbooks.model import Refusal
from playbooks.room import CONTROL, SERVICE
from storage.rows import Due

SHOWN = 4


def handover(call: Call, desk: Desk) -> list[Card]:
    """What waits to be taken on, and the last hand-overs with what became of each item; with words: a note (I08)."""
    note = daily.read_note(call.args)
    if note:
        cards = handovers.offer(desk.me.id, desk, note)
        key = "handover.note_kept" if cards else "handover.note_waits"
        return [tell(desk.me.id, line(key)), *cards]
    if waiting := handovers.offered(desk):
        return waiting
    said = record(desk, SHOWN)
    return [tell(desk.me.id, line("handover.last") if said else line("handover.none"), said)]


def take(call: Call, desk: Desk) -> list[Card]:
    """接下: this item is mine from now on. Raises Refusal `handover.gone`, `handover.taken`, `case.to_manager`."""
    id, _, place = call.args.partition(" ")
    number = announce.whole(place)
    if number is None:
        raise Refusal("handover.gone")
    cards = handovers.accept(id, number, desk)
    return [toast("handover.yours"), *cards, *refresh(desk)]


def due(row: Due, desk: Desk) -> list[Card]:
    """What nobody took on is dealt out."""
    return [*handovers.deal(row.about, desk), *refresh(desk)]


DUTY = DutySpec(
    "daily_handover",
    commands=(
        Command("handover", handover, words=("交接",), roles=SERVICE | CONTROL),
        Command("hotake", take, roles=SERVICE, listed=False),
    ),
    due={handovers.KIND: due},
)
