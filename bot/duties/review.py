"""The review 复盘: made when the data is in, and again when later data arrives; every time with its version."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.reviewing import made_anew, review_cards
from playbooks.broadcast import Broadcast
from playbooks.model import Refusal
from playbooks.room import MANAGERS


def _meant(call: Call, desk: Desk) -> Broadcast:
    """The broadcast named, else the newest that has been on air."""
    if call.args:
        found = desk.books.broadcasts.get(call.args)
        if found is None:
            raise Refusal("review.unknown", id=call.args[:20])
        return found
    aired = [b for b in desk.books.broadcasts.scan() if b.live_at or b.ended_at]
    if not aired:
        raise Refusal("review.none")
    return max(aired, key=lambda b: b.number)


def review(call: Call, desk: Desk) -> list[Card]:
    """`/review`: text, picture and workbook as the books stand now."""
    here = _meant(call, desk)
    return review_cards(desk.me.id, made_anew(here, desk))


def share(call: Call, desk: Desk) -> list[Card]:
    """The manager gives the group the short version."""
    here = _meant(call, desk)
    short = Card(
        told=f"review_short {here.id}", topic="announce", key=f"review:{here.id}", silent=True, rank="digest"
    )
    return [toast("review.shared"), short]


DUTY = DutySpec(
    "review",
    commands=(
        Command("review", review, words=("复盘",), roles=MANAGERS),
        Command("share", share, roles=MANAGERS, listed=False),
    ),
)
