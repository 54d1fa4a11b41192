"""Taking back what was just done on air 撤销: the former offer comes back as a new revision; nothing is erased.

A slip of the finger is seen within seconds, so it may be taken back for a minute (`data/on_air.toml`), and only
while nothing newer stands on it. What was taken back is not taken back again: the next one says what it means.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from playbooks.announce import OfferVersion
from playbooks.in_force import Aired
from playbooks.model import Refusal
from playbooks.on_air import rules

OF_THE_REVISION = frozenset(["revision", "at", "by"])
"""What belongs to a revision itself, not to what is offered."""


def may_undo(made_at: datetime, now: datetime) -> bool:
    """Whether what was done at `made_at` may still be taken back."""
    return now - made_at < rules().undo_within


def unit(entry: str) -> int:
    """The number of the unit a journal entry was made in, out of its id (`a1-j52.1`): units are counted upwards."""
    return int(entry.rpartition("-j")[2].partition(".")[0])


def undoable(versions: Iterable[OfferVersion], now: datetime) -> OfferVersion | None:
    """The newest revision of one product, where it may be taken back: no first one, no taking back itself."""
    newest = max(versions, key=lambda one: one.offer.revision, default=None)
    if newest is None or newest.offer.revision == 1 or newest.undoes is not None:
        return None
    return newest if may_undo(newest.offer.at, now) else None


def restored(versions: Iterable[OfferVersion], revision: int, now: datetime) -> dict[str, Any]:
    """The fields of the offer before `revision`, for a new revision.

    Raises Refusal `undo.already` where it was taken back before, `undo.newer` where that is not the newest any
    more, `undo.late` where its minute is over, `undo.nothing` where nothing was before it or it took something back.
    """
    known = {one.offer.revision: one for one in versions}
    if revision not in known or revision - 1 not in known or known[revision].undoes is not None:
        raise Refusal("undo.nothing")
    if any(one.undoes == revision for one in known.values()):
        raise Refusal("undo.already")
    if max(known) != revision:
        raise Refusal("undo.newer")
    if not may_undo(known[revision].offer.at, now):
        raise Refusal("undo.late")
    return {name: value for name, value in known[revision - 1].offer if name not in OF_THE_REVISION}


def switched_from(aired: Iterable[Aired], id: str, now: datetime) -> Aired | None:
    """What was on air before the switch `id` (a journal entry), None for nothing.

    Raises Refusal `undo.already`, `undo.newer`, `undo.late`, `undo.nothing` as `restored` does.
    """
    past = sorted(aired, key=lambda one: one.order)
    if not past or all(one.id != id for one in past):
        raise Refusal("undo.nothing")
    last = past[-1]
    if last.id != id:
        after = past[[one.id for one in past].index(id) + 1]
        raise Refusal("undo.already" if after.undoes else "undo.newer")
    if last.undoes:
        raise Refusal("undo.nothing")
    if not may_undo(last.at, now):
        raise Refusal("undo.late")
    return past[-2] if len(past) > 1 and past[-2].listing else None
