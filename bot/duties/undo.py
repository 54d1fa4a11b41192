"""撤销: ops take back what was just done on air; the room hears of it as of any other change."""

from __future__ import annotations

from typing import NoReturn

from bot import airing, undoing, undoing_fixed, undoing_off, undoing_programme
from bot.call import Call
from bot.card import Card, group, line, tell
from bot.changing import change
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.offer import name_of
from bot.undoing import Undoable, Undone
from playbooks import announce, broadcast, products, undo
from playbooks.announce import OfferVersion
from playbooks.model import Refusal
from playbooks.room import CONTROL
from storage.rows import Due


def take_back(call: Call, desk: Desk) -> list[Card]:
    """`/undo`, or the pad's button with what it means: the newest change or switch, for a minute.

    It must be one's own; somebody else's is named, `/undo 3`: two people who see the same slip would else take
    back two things, and so would one who presses twice. What cannot be taken back is refused by name. Raises Refusal
    `undo.nothing`, `undo.newer`, `undo.late`, `undo.done`, `undo.done_yourself`, `undo.already`, `undo.others`,
    `undo.imported`, `undo.fixed_*`, `undo.off_*`.
    """
    here = desk.need_broadcast()
    if here.stage == "ended":
        return undoing_off.take_back(here, desk)
    broadcast.step(here, "sell")
    id = _meant(call.args, desk)
    version, entry = desk.books.offers.get(id), desk.books.journal.get(id)
    if version:
        return _restore(version, desk)
    if entry and entry.kind in undoing_programme.KINDS:
        return undoing_programme.take_back(id, desk)
    return _switch_back(id, desk)


def _meant(said: str, desk: Desk) -> str:
    """The id of the step `said` names: the button's id, a product's number, or nothing for the newest."""
    last = undoing.newest_step(desk)
    if desk.books.offers.get(said) or desk.books.journal.get(said):  # the pad's button
        if last and last.id == said:
            _own(last, desk)
        if (done := undoing.just_undone(desk)) and done.id == said:
            _refuse_done(done, desk)
        return said
    if said:
        last = _of_number(said, desk)
    else:
        _not_fixed(last, None, desk)
        _not_done_already(last, desk)
    if last is None:
        raise Refusal("undo.nothing")
    if not said and not last.imported:
        _own(last, desk)
    return last.id


def _of_number(said: str, desk: Desk) -> Undoable | None:
    """The newest step on the product named; one just taken off the programme is found by its number too."""
    number = announce.whole(said.removesuffix("号"))
    known = undoing.newest_step(desk, number) if number is not None else None
    if known is None:
        number = products.find(desk.listings(), said).link_no
        known = undoing.newest_step(desk, number)
    _not_fixed(known, number, desk)
    return known


def _not_fixed(last: Undoable | None, number: int | None, desk: Desk) -> None:
    """Refuses where one's newest step is one that cannot be taken back, and nothing was since."""
    fixed, done = undoing_fixed.newest(desk, number), undoing.just_undone(desk)
    if fixed is None or (done and done.at >= fixed.at):
        return
    if last is None or undoing_fixed.made_in(last.id, desk) <= undo.unit(fixed.id):
        raise undoing_fixed.refuse(fixed)


def _not_done_already(last: Undoable | None, desk: Desk) -> None:
    """Refuses to go on to something older than what was just taken back, by whomever."""
    done = undoing.just_undone(desk)
    if done is None or (done.by == desk.me.id and last is None):
        return
    others = done.by != desk.me.id
    if last is None or undoing.is_older(last, done, desk) or (others and last.at == done.at):
        _refuse_done(done, desk)


def _refuse_done(done: Undone, desk: Desk) -> NoReturn:
    if done.by == desk.me.id:
        raise Refusal("undo.done_yourself", step=done.step)
    raise Refusal("undo.done", who=desk.name(done.by), step=done.step)


def _own(last: Undoable, desk: Desk) -> None:
    if last.by != desk.me.id:
        raise Refusal("undo.others", who=desk.name(last.by), number=last.numbers[0])


def _restore(version: OfferVersion, desk: Desk) -> list[Card]:
    """The former offer as a new revision: said as a diff, and asked to be known where it binds."""
    listing = desk.books.listings.get(version.listing)
    if listing is None or listing.broadcast != desk.broadcast_id():
        raise Refusal("undo.nothing")
    if undoing.imported(version, listing.broadcast, desk):
        raise Refusal("undo.imported")
    versions = desk.books.offers.by("listing", listing.id)
    fields = undo.restored(versions, version.offer.revision, desk.now)
    return change(listing, desk, undoes=version.offer.revision, **fields)


def _switch_back(id: str, desk: Desk) -> list[Card]:
    """What was on air before is on air again, since now: the journal keeps the slip."""
    here = desk.need_broadcast()
    former = undo.switched_from(undoing.aired(here, desk), id, desk.now)
    if former is None:
        return _off_air(desk)
    listing = desk.books.listings.get(former.listing)
    if listing is None:
        raise Refusal("undo.nothing")
    return airing.put_on(listing, here, desk, undone="undo.switched_back")


def _off_air(desk: Desk) -> list[Card]:
    """Nothing was on air before the slip: nothing is again, and the card says so in place."""
    here, wrong = desk.need_broadcast(), desk.on_air()
    desk.books.broadcasts.put(here.changed(on_air=None, on_air_since=None))
    desk.note("on_air", undone="yes")
    said = line("undo.off_air", product=name_of(wrong)) if wrong else line("undo.nothing_on_air")
    return [group(said, key=f"air:{here.id}", edit=True, rank="air"), tell(desk.me.id, said, silent=True)]


def over(row: Due, desk: Desk) -> list[Card]:
    """The minute is over. Nobody is told: with the row gone the pads are drawn anew, without 撤销."""
    return []


DUTY = DutySpec(
    "undo",
    commands=(Command("undo", take_back, words=("撤销", "撤回"), roles=CONTROL),),
    due={"undo_over": over},
)
