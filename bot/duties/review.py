"""The review 复盘: made when the data is in, and again when later data arrives; every time with its version."""

from __future__ import annotations

from bot import review_text
from bot.call import Call
from bot.card import Card, group, lines, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.reviewing import review_cards, review_of
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
    made = desk.books.broadcasts.put(here.changed(reviewed=here.reviewed + 1))
    desk.note("review", here.id, broadcast=here.id, version=str(made.reviewed))
    return review_cards(desk.me.id, review_of(desk.books, desk.room, made, desk.now), made)


def share(call: Call, desk: Desk) -> list[Card]:
    """The manager gives the group the short version."""
    here = _meant(call, desk)
    said = lines(review_text.short(review_of(desk.books, desk.room, here, desk.now)))
    return [
        toast("review.shared"),
        group(said, topic="announce", key=f"review:{here.id}", silent=True, rank="digest"),
    ]


DUTY = DutySpec(
    "review",
    commands=(
        Command("review", review, words=("复盘",), roles=MANAGERS),
        Command("share", share, roles=MANAGERS, listed=False),
    ),
)
