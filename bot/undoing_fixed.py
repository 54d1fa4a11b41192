"""Steps that cannot be taken back 撤销: refused by name, so that the word never leads on to an older step."""

from __future__ import annotations

from bot.desk import Desk
from playbooks import undo
from playbooks.journal import Entry
from playbooks.model import Refusal

KINDS = (
    "gift_count", "correction", "closing", "live", "delisted", "price_settled", "ready", "sheet", "host", "segment",
)  # fmt: skip
"""Of the journal: what ops do on air besides changing offers, the programme and what is on air."""


def newest(desk: Desk, number: int | None = None) -> Entry | None:
    """The caller's newest such step within the minute, of product `number` if given; others' do not bar one's own."""
    made = [e for kind in KINDS for e in desk.books.journal.by("kind", kind)]
    mine = (
        e for e in made if e.who == desk.me.id and undo.may_undo(e.at, desk.now) and not _changed(e, desk)
    )
    of_it = (e for e in mine if number is None or e.values.get("number") == str(number))
    return max(of_it, key=lambda e: (undo.unit(e.id), e.kind == "sheet"), default=None)


def refuse(step: Entry) -> Refusal:
    """What it was, and what to do instead."""
    return Refusal(f"undo.fixed_{step.kind}", **step.values)


def made_in(id: str, desk: Desk) -> int:
    """The number of the unit that made a revision (its id) or a journal entry: later ones are newer."""
    version = desk.books.offers.get(id)
    if version is None:
        return undo.unit(id)
    changed = desk.books.journal.by("kind", "changed")
    return max(
        (undo.unit(e.id) for e in changed if (e.about, e.at) == (version.listing, version.offer.at)),
        default=0,
    )


def _changed(step: Entry, desk: Desk) -> bool:
    """Whether a settled price became the price: that is a change, and taken back as one."""
    if step.kind != "price_settled":
        return False
    return any(undo.unit(e.id) == undo.unit(step.id) for e in desk.books.journal.by("kind", "changed"))
