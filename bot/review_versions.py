"""The versions of a review 复盘: when one is due, worked out off the loop and kept in a short unit; the cards of it.

With many orders a review takes a while to work out. That is done on a view (`drafted`, `drafts_due`), while other
units of the room go on; `kept` then takes a moment.
"""

from __future__ import annotations

from datetime import datetime

from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.reviewing import review_of
from playbooks import review_marks
from playbooks.broadcast import Broadcast
from playbooks.review import Review
from storage.rows import Import


def review_cards(manager: str, here: Broadcast) -> list[Card]:
    """For one manager: the text, the picture with the button that shares it, the workbook."""
    share = (
        (button("review.share", f"share {here.id}"), button("review.why", f"why {here.id}")),
        (button("review.enter", f"enter {here.id}"), button("review.action", f"action {here.id}")),
    )
    return [
        tell(manager, told=f"review_text {here.id}", rank="digest"),
        tell(manager, told=f"review_more {here.id}", rank="digest", silent=True),
        tell(
            manager,
            told=f"review_short {here.id}",
            attach=f"review.png {here.id}",
            buttons=share,
            rank="digest",
        ),
        tell(manager, line("review.workbook"), attach=f"review.xlsx {here.id}", rank="digest", silent=True),
    ]


def drafted(here: Broadcast, desk: Desk) -> Review:
    """What the next version of a broadcast's review would say now. It takes a while: not in a unit."""
    return review_of(desk.books, desk.room, here.changed(reviewed=here.reviewed + 1), desk.now)


def kept(draft: Review, desk: Desk) -> Broadcast:
    """The broadcast with `draft` as its newest version, where it says anything its newest does not.

    Where somebody made a version since it was worked out, theirs stays: it is the newer one.
    """
    here = desk.books.broadcasts.get(draft.broadcast)
    assert here is not None
    known = desk.books.review_marks.get(here.id)
    if draft.version != here.reviewed + 1:
        return here
    if review_marks.says_the_same(known, draft):
        return desk.books.broadcasts.put(here.changed(reviewed_until=draft.data_until))
    desk.books.review_marks.put(review_marks.marked(known, draft, here.number))
    desk.note("review", here.id, broadcast=here.id, version=str(draft.version))
    return desk.books.broadcasts.put(here.changed(reviewed=draft.version, reviewed_until=draft.data_until))


def of_archive(here: Broadcast, desk: Desk) -> Broadcast:
    """Its newest version, the first where it had none: nothing is counted to an archived broadcast any more."""
    return here if here.reviewed else desk.books.broadcasts.put(here.changed(reviewed=1))


# -- when an export came in ---------------------------------------------------------------------------


def about(broadcast: str) -> str:
    """The name under which an import counts the changed orders of a broadcast."""
    return f"about_{broadcast}"


def drafts_due(file: str, desk: Desk) -> list[Review]:
    """Reviews an import (`file`: its id) makes due: once an export tells what became of a broadcast after it ended,
    and again later. The next broadcast may be planned by then. It takes a while: not in a unit.

    `Import.counts` tells by `about(id)` how many orders of one changed.
    """
    new = desk.books.imports.get(file)
    if new is None or new.kind != "orders" or not new.done:
        return []
    begun = sorted(
        (b for b in desk.books.broadcasts.scan() if b.live_at or b.stage == "ended"), key=lambda b: b.number
    )
    ended = [one for one in begun if one.stage == "ended"]
    return [drafted(one, desk) for one in ended if _is_due(one, new, desk, newest=one is begun[-1])]


def brought(drafts: list[Review], desk: Desk) -> list[Card]:
    """Every manager gets the new versions; a draft that says nothing new troubles nobody."""
    made = []
    for draft in drafts:
        before = desk.books.broadcasts.get(draft.broadcast)
        after = kept(draft, desk)
        if before is not None and after.reviewed != before.reviewed:
            made.append(after)
    return [card for one in made for m in desk.with_role("manager") for card in review_cards(m.id, one)]


def _is_due(one: Broadcast, new: Import, desk: Desk, *, newest: bool) -> bool:
    """Whether the import makes a review: the first that tells the end, then newer data that says something new.

    Of the newest broadcast that has begun every export does; once the next is on air, exports are about that one.
    """
    if one.ended_at is None or not _tells_the_end(new.as_of, one, desk):
        return False
    made = one.reviewed_until
    if made is None or not _tells_the_end(made, one, desk):
        return True
    return made < new.as_of and (newest or new.counts.get(about(one.id), 0) > 0)


def _tells_the_end(as_of: datetime, here: Broadcast, desk: Desk) -> bool:
    """Whether every order of the broadcast had the time to be paid or to die."""
    assert here.ended_at
    life = desk.unpaid_life()
    return as_of >= here.ended_at + life if life else as_of >= here.ended_at
