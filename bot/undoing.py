"""What ops may take back right now 撤销: the newest change or switch of the room, for a minute."""

from __future__ import annotations

from dataclasses import dataclass

from bot import undoing_fixed, undoing_programme
from bot.card import button, line
from bot.desk import Desk
from bot.offer import change_line
from playbooks import announce, in_force, undo
from playbooks.announce import Listing, OfferVersion
from playbooks.broadcast import Broadcast
from playbooks.in_force import Aired
from playbooks.model import Moment
from playbooks.on_air import rules
from storage.rows import Button, Line


@dataclass(frozen=True)
class Undoable:
    """What `by` did to the products `numbers` and would be taken back; `button` does it.

    `id` is a revision's, or that of the journal's entry of a switch or of a change of the programme.
    `imported`: it came with a run sheet, which is not taken back in part.
    """

    id: str
    at: Moment
    by: str
    numbers: tuple[int, ...]
    button: Button
    imported: bool = False


@dataclass(frozen=True)
class Undone:
    """The step `id` was taken back at `at` by `by`; `step` says what it was."""

    id: str
    at: Moment
    by: str
    step: Line


def offer_undo(desk: Desk) -> None:
    """Something was just done: the pads show 撤销 with it, and are drawn again when the minute is over."""
    desk.later("undo_over", desk.now + rules().undo_within, desk.room.id)


def aired(here: Broadcast, desk: Desk) -> list[Aired]:
    """The switches of a broadcast."""
    kept = (e for kind in ("on_air", "off") for e in desk.books.journal.by("kind", kind))
    return in_force.switches(e for e in kept if e.broadcast == here.id)


def newest(desk: Desk) -> Undoable | None:
    """The newest thing that may be taken back; None for most of the evening.

    Nothing older than what was just taken back: who presses twice must not take back two things.
    """
    last, done = newest_step(desk), just_undone(desk)
    if last is None or last.imported or (done and is_older(last, done, desk)):
        return None
    return last


def is_older(last: Undoable, done: Undone, desk: Desk) -> bool:
    """Whether a step was made before the one just taken back was; a clock that stands, as in a rehearsal, does not
    tell, but the units do."""
    if last.at != done.at:
        return last.at < done.at
    return undoing_fixed.made_in(last.id, desk) < undoing_fixed.made_in(done.id, desk)


def newest_step(desk: Desk, number: int | None = None) -> Undoable | None:
    """The newest step not yet taken back, of product `number` if given; also one of a run sheet."""
    here = desk.broadcast()
    if here is None or here.stage not in ("live", "closing"):
        return None
    recent = (one for one in desk.listings() if undo.may_undo(one.offer.at, desk.now))
    found = [_change(one, desk) for one in recent]
    if here.on_air_since and undo.may_undo(here.on_air_since, desk.now):
        found.append(_switch(here, desk))
    found += map(_of_programme, undoing_programme.steps(desk))
    known = [one for one in found if one and (number is None or number in one.numbers)]
    at_last = max((one.at for one in known), default=None)
    same = [one for one in known if one.at == at_last]
    return same[0] if len(same) == 1 else max(same, key=lambda one: _unit(one, desk), default=None)


def _unit(one: Undoable, desk: Desk) -> int:
    return undoing_fixed.made_in(one.id, desk)


def just_undone(desk: Desk) -> Undone | None:
    """What was taken back last, within the minute."""
    found = [_undone_change(one, desk) for one in desk.listings()]
    here = desk.broadcast()
    past = aired(here, desk) if here else []
    if past and past[-1].undoes and not _off_undone(past):
        wrong = past[-2] if len(past) > 1 else past[-1]
        found.append(
            Undone(wrong.id, past[-1].at, past[-1].by, line("undo.step_switch", product=_named(wrong)))
        )
    if back := undoing_programme.taken_back(desk):
        found.append(Undone(back[0].id, back[1].at, back[1].who, back[0].said))
    recent = (one for one in found if one and undo.may_undo(one.at, desk.now))
    return max(recent, key=lambda one: one.at, default=None)


def _off_undone(past: list[Aired]) -> bool:
    """Whether it was an accidental end: that stands among the steps of the programme taken back."""
    return len(past) > 1 and not past[-2].listing and not past[-2].undoes


def _undone_change(listing: Listing, desk: Desk) -> Undone | None:
    versions = {one.offer.revision: one for one in desk.books.offers.by("listing", listing.id)}
    back = versions.get(listing.offer.revision)
    if back is None or back.undoes is None:
        return None
    changes = announce.diff(versions[back.undoes - 1].offer, versions[back.undoes].offer)
    said = line("undo.step_change", number=listing.link_no, changes=tuple(map(change_line, changes)))
    return Undone(versions[back.undoes].id, back.offer.at, back.offer.by, said)


def imported(version: OfferVersion, broadcast: str, desk: Desk) -> bool:
    """Whether the revision came with a run sheet: the receipt names it, or nobody else asked it to be known."""
    typed = desk.books.notices.get(version.id) is not None
    return any(
        version.id in one.notices or (one.at == version.offer.at and not typed)
        for one in desk.books.sheets.by("broadcast", broadcast)
    )


def _change(listing: Listing, desk: Desk) -> Undoable | None:
    versions = desk.books.offers.by("listing", listing.id)
    last = undo.undoable(versions, desk.now)
    if last is None:
        return None
    before = _before(last, versions)
    changes = tuple(change_line(c) for c in announce.diff(before.offer, last.offer))
    if not changes:  # a flash sale whose time went by
        return None
    caption = button("undo.change", f"undo {last.id}", number=listing.link_no, changes=changes)
    by_sheet = imported(last, listing.broadcast, desk)
    return Undoable(last.id, last.offer.at, last.offer.by, (listing.link_no,), caption, by_sheet)


def _before(version: OfferVersion, versions: list[OfferVersion]) -> OfferVersion:
    return next(one for one in versions if one.offer.revision == version.offer.revision - 1)


def _switch(here: Broadcast, desk: Desk) -> Undoable | None:
    past = aired(here, desk)
    if not past or past[-1].undoes or not past[-1].listing:
        return None
    last = past[-1]
    caption = button("undo.switch", f"undo {last.id}", product=_named(last))
    return Undoable(last.id, last.at, last.by, (last.link_no,), caption)


def _of_programme(step: undoing_programme.Step) -> Undoable:
    caption = button("undo.programme_step", f"undo {step.id}", step=step.said)
    return Undoable(step.id, step.at, step.by, step.numbers, caption)


def _named(one: Aired) -> object:
    return line("air.product", number=one.link_no, name=one.name)
