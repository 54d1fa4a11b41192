"""An outcome pressed by mistake is taken back 撤销: the button of its card, for a minute."""

from __future__ import annotations

from bot import chase_book
from bot.call import Call
from bot.card import Card
from bot.chase_cards import ended_card, work_card
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks.room import SERVICE


def unsay(call: Call, desk: Desk) -> list[Card]:
    """The order is in the caller's hands as before, unless it was paid or ran out since."""
    chase_book.unsay(chase_book.need_chase(call.args, desk), desk)
    one = chase_book.looked_at(call.args, desk)
    return [work_card(one, desk) if one.alive else ended_card(one, desk)]


DUTY = DutySpec(
    "chase_unsay",
    commands=(Command("unsay", unsay, roles=SERVICE, listed=False, private=True),),
)
