"""The review 复盘: made when the data is in, and again when later data arrives; every time with its version."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.review_versions import drafted, kept, of_archive, review_cards
from playbooks.broadcast import Broadcast
from playbooks.model import Refusal
from playbooks.review import Review
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


def _draft(call: Call, desk: Desk) -> Review | None:
    """The review as the books stand now; None of an archive, whose review stays what it was."""
    here = _meant(call, desk)
    return None if here.stage == "archived" else drafted(here, desk)


def _newest(call: Call, desk: Desk) -> Broadcast:
    """The broadcast with a version that says what is so now: a new one only where anything is new."""
    draft: Review | None = desk.ahead
    here = _meant(call, desk)
    if here.stage == "archived" or draft is None or draft.broadcast != here.id:
        return of_archive(here, desk)
    return kept(draft, desk)


def _first(call: Call, desk: Desk) -> Review | None:
    """For a broadcast without a review."""
    return None if _meant(call, desk).reviewed else _draft(call, desk)


def review(call: Call, desk: Desk) -> list[Card]:
    """`/review`: text, picture and workbook as the books stand now."""
    return review_cards(desk.me.id, _newest(call, desk))


def share(call: Call, desk: Desk) -> list[Card]:
    """The manager gives the group the short version, of the version they have read; the first where there is none."""
    here = _meant(call, desk)
    here = here if here.reviewed else _newest(call, desk)
    short = Card(
        told=f"review_short {here.id}", topic="announce", key=f"review:{here.id}", silent=True, rank="digest"
    )
    return [toast("review.shared"), short]


DUTY = DutySpec(
    "review",
    commands=(
        Command("review", review, words=("复盘",), roles=MANAGERS, ahead=_draft),
        Command("share", share, roles=MANAGERS, listed=False, ahead=_first),
    ),
)
