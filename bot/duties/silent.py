"""失联 (E28): a buyer fell silent in the middle: a message is left, then perhaps a call is made."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.asking import ask
from bot.call import Call
from bot.card import Card
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.follow_cards import card
from bot.following import hold, order_state
from bot.spoken_of import spoken_of
from playbooks import followup
from playbooks.followup import FollowUp
from playbooks.model import Refusal
from playbooks.privacy import checked_note
from playbooks.room import SERVICE

NUMBER = re.compile(r"(?=.*\d)[\dA-Za-z-]{6,40}")


def silent(call: Call, desk: Desk) -> list[Card]:
    """`/silent 6917… 问到一半`, or by product where there is no order: `/silent 3 问尺码`. It is the caller's own."""
    if not call.args.strip():
        return ask("silent", "silent.which", desk)
    item = _new(call.args.strip(), desk)
    known = desk.books.follow_ups.get(item.id)
    if known and known.alive and known.owner not in ("", desk.me.id):
        raise Refusal("followup.taken", order_id=item.number, owner=known.owner)
    if known and known.alive:  # the message may have been left before: that stays known
        item = known.changed(state="claimed", owner=desk.me.id, note=item.note or known.note)
    kept = hold(item, desk)
    desk.note("follow_new", kept.id, type=kept.kind, order_id=kept.order_id)
    return [card(kept, "followup.begun", desk)]


def _new(typed: str, desk: Desk) -> FollowUp:
    number, _, note = typed.partition(" ")
    order = number if NUMBER.fullmatch(number) else ""
    state = order_state(order, desk)
    listing, rest = (None, note) if order else spoken_of(typed, desk)
    kind = followup.rules().kinds["lost_contact"]
    product = (state.link_no, state.title) if state else (None, "")
    if listing:
        product = (listing.link_no, listing.name)
    return FollowUp(
        id=followup.follow_up_id(desk.room.id, "lost_contact", order)
        if order
        else desk.books.new_id(kind.letter),
        kind="lost_contact", order_id=order, link_no=product[0], title=product[1],
        city=state.city if state else "", why_key="followup.why_silent", values={},
        due_at=desk.now + timedelta(hours=kind.due_hours), state="claimed", owner=desk.me.id, by=desk.me.id,
        note=checked_note(rest.strip()), created_at=desk.now,
    )  # fmt: skip


DUTY = DutySpec("silent", commands=(Command("silent", silent, words=("失联",), roles=SERVICE, private=True),))
