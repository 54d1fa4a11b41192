"""`/remark 6917… 明天发工资再付` 催付备注: made from the agent's own words, or checked as they wrote it (C12)."""

from __future__ import annotations

import re

from bot import chase_book
from bot.call import Call
from bot.card import Card, button, copy, line
from bot.chase_cards import chase_card
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import chase
from playbooks.chase import Chase
from playbooks.clipboard import copied
from playbooks.model import Refusal
from playbooks.privacy import checked_note
from playbooks.room import SERVICE

NUMBER = re.compile(r"\d{4}")
"""Every platform's order number has as many digits on end; no time a remark begins with has."""


def remark(call: Call, desk: Desk) -> list[Card]:
    """The remark to copy, with its flag: of the outcome alone, of the words given, or those of a whole remark.

    Without an order number it is that of the order in hand, where there is but one.

    Raises Refusal `chase.remark_usage`, `chase.gone`, `chase.no_contact`, `chase.feedback_missing`,
    `chase.remark_time` and the others of `chase.check_remark`, `common.personal_note`.
    """
    said = " ".join(call.args.split())
    order_id, _, words = said.partition(" ")
    if NUMBER.search(order_id):
        one = chase_book.need_chase(chase.chase_id(desk.room.id, order_id), desk)
    else:
        one, words = _in_hand(desk), said
    words = checked_note(words)
    if chase.is_remark(words):
        chase.check_remark(words)
        text = copied(words)
    else:
        text = chase.remark(one, desk.me.name, desk.now, desk.zone, feedback=words)
    shown = line(
        "chase.remark_of", order_id=one.order_id, text=text, flag=line(f"chase.flag_{chase.remark_flag()}")
    )
    row = (copy("chase.copy_remark", text), button("chase.step_remark_done", f"step {one.id} remark"))
    return [chase_card(one, desk, (shown,), (row,), edit=False)]


def _in_hand(desk: Desk) -> Chase:
    """The one order the caller has in hand: whoever writes no number means it. Raises Refusal `chase.remark_usage`."""
    held = [one for one in desk.books.chases.by("open_owner", desk.me.id) if one.held(desk.now)]
    if len(held) != 1:
        raise Refusal("chase.remark_usage")
    return held[0]


DUTY = DutySpec(
    "remarks",
    commands=(Command("remark", remark, words=("催付备注",), roles=SERVICE, reads=True, private=True),),
)
