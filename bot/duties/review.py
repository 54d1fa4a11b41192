"""The review 复盘: made when the data is in, and again when later data arrives; every time with its version."""

from __future__ import annotations

from datetime import datetime

from bot.call import Call
from bot.card import Card, button, group, line, lines, tell, toast
from bot.desk import Desk
from bot.duties import review_text
from bot.duty import Command, DutySpec
from bot.reviewing import review_of
from playbooks.broadcast import Broadcast
from playbooks.model import Refusal
from playbooks.review import Review
from playbooks.room import Role
from storage.rows import Import

MANAGERS: frozenset[Role] = frozenset(["manager"])


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
    return _cards(desk.me.id, _review(made, desk), made)


def _review(here: Broadcast, desk: Desk) -> Review:
    return review_of(desk.books, desk.room, here, desk.now)


def _cards(manager: str, made: Review, here: Broadcast) -> list[Card]:
    share = ((button("review.share", f"share {here.id}"),),)
    return [
        tell(manager, review_text.lines(made), rank="digest"),
        tell(manager, review_text.short(made), attach=f"review.png {here.id}", buttons=share, rank="digest"),
        tell(manager, line("review.workbook"), attach=f"review.xlsx {here.id}", rank="digest", silent=True),
    ]


def review_when_ready(new: Import, desk: Desk) -> list[Card]:
    """The managers' review once an export tells what became of the broadcast after it ended, and again later."""
    here = desk.broadcast()
    if here is None or here.stage != "ended" or here.ended_at is None or not _tells_the_end(new.as_of, here, desk):
        return []
    made = desk.books.broadcasts.put(here.changed(reviewed=here.reviewed + 1))
    desk.note("review", here.id, broadcast=here.id, version=str(made.reviewed))
    done = _review(made, desk)
    return [card for m in desk.with_role("manager") for card in _cards(m.id, done, made)]


def _tells_the_end(as_of: datetime, here: Broadcast, desk: Desk) -> bool:
    """Whether every order of the broadcast had the time to be paid or to die."""
    assert here.ended_at
    life = desk.unpaid_life()
    return as_of >= here.ended_at + life if life else as_of >= here.ended_at


def share(call: Call, desk: Desk) -> list[Card]:
    """The manager gives the group the short version."""
    here = _meant(call, desk)
    said = lines(review_text.short(_review(here, desk)))
    return [toast("review.shared"), group(said, topic="announce", key=f"review:{here.id}", silent=True, rank="digest")]


DUTY = DutySpec(
    "review",
    commands=(
        Command("review", review, words=("复盘",), roles=MANAGERS),
        Command("share", share, roles=MANAGERS, listed=False),
    ),
)
