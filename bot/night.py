"""The managers' card for the night 下播夜卡: one silent message after `/off`, kept true while the night goes on."""

from __future__ import annotations

from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.disputes import waiting_line
from bot.exposure import open_holds, to_decide
from bot.question_lines import left_open
from bot.reviewing import data_until
from playbooks import aftercare
from playbooks.broadcast import Broadcast


def night_card(manager: str, here: Broadcast, desk: Desk) -> Card:
    """One silent card for a phone at 1 a.m.: what to decide, what is due before 9, data until when."""
    unanswered = left_open(desk)
    asks = ((button("night.asks", "asks"),),) if unanswered else ()
    blocking = aftercare.may_wrap(open_holds(desk), desk.now)
    hand_all = ((button("night.hand_all", "handall all"),),) if blocking else ()
    waiting = sum(1 for c in desk.books.chases.by("broadcast", here.id) if c.alive)
    return tell(
        manager,
        line("night.head", at=desk.clock(here.ended_at)),
        to_decide(desk),
        waiting_line(here.id, desk),
        line("night.chases", count=waiting),
        unanswered,
        line("night.data_until", until=desk.clock(data_until(desk.books))),
        buttons=(
            (button("night.review", f"review {here.id}"), button("night.holds", "holds")),
            *asks,
            *hand_all,
            (button("night.wrap", f"wrap {here.id}"), button("review.enter", f"enter {here.id}")),
        ),
        key=f"night:{here.id}:{manager}",
        silent=True,
        rank="digest",
    )


def nights_kept_true(desk: Desk) -> list[Card]:
    """The cards managers have of a night that is not wrapped yet, as the books stand now; edits do not notify."""
    here = desk.to_wrap()
    if here is None:
        return []
    stand = (m for m in desk.with_role("manager") if desk.books.sent.get(f"night:{here.id}:{m.id}"))
    return [night_card(m.id, here, desk).changed(edit=True) for m in stand]
