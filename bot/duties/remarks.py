"""`/remark 6917… 明天发工资再付` 催付备注: made from the agent's own words, or checked as they wrote it (C12)."""

from __future__ import annotations

from bot import chase_book
from bot.call import Call
from bot.card import Card, button, copy, line
from bot.chase_cards import chase_card
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import chase
from playbooks.clipboard import copied
from playbooks.model import Refusal
from playbooks.privacy import checked_note
from playbooks.room import SERVICE


def remark(call: Call, desk: Desk) -> list[Card]:
    """The remark to copy, with its flag: of the outcome alone, of the words given, or those of a whole remark.

    Raises Refusal `chase.remark_usage`, `chase.gone`, `chase.no_contact`, `chase.feedback_missing`,
    `chase.remark_time` and the others of `chase.check_remark`, `common.personal_note`.
    """
    order_id, _, words = " ".join(call.args.split()).partition(" ")
    if not order_id:
        raise Refusal("chase.remark_usage")
    one = chase_book.need_chase(chase.chase_id(desk.room.id, order_id), desk)
    words = checked_note(words)
    if chase.is_remark(words):
        chase.check_remark(words)
        text = copied(words)
    else:
        text = chase.remark(one, desk.me.name, desk.now, desk.zone, feedback=words)
    said = line("chase.remark", text=text, flag=line(f"chase.flag_{chase.remark_flag()}"))
    row = (copy("chase.copy_remark", text), button("chase.step_remark_done", f"step {one.id} remark"))
    return [chase_card(one, desk, (said,), (row,), edit=False)]


DUTY = DutySpec(
    "remarks",
    commands=(Command("remark", remark, words=("催付备注",), roles=SERVICE, reads=True, private=True),),
)
