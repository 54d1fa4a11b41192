"""更正: a host's slip is corrected on the spot, once in the group, and kept (REQUIREMENTS K25)."""

from __future__ import annotations

import re

from bot.call import Call
from bot.card import Card, Line, group, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.meaning import meant
from bot.offer import name_of, offer_lines
from playbooks import broadcast, corrections, products
from playbooks.announce import Listing
from playbooks.corrections import Correction
from playbooks.model import Refusal
from playbooks.room import CONTROL

NUMBERED = re.compile(r"[#＃]?\s*(\d{1,3})(?:(?:号链接|号|链接)[\s,，、:：]*|\s+|[,，、:：](?!\d)\s*|$)")
PRICED = re.compile(r"\d[\d,]*(?:\.\d+)?\s*[元块]|\d+\.\d")
SENTENCE = re.compile(r"[\d说,，.:：;；!！?？。、]")
LONGEST_NAME = 8
"""Characters: a longer first word that names no product is a sentence."""


def correct(call: Call, desk: Desk) -> list[Card]:
    """`/correct 3 说成了49，实际59`: re-announced once with what is in force, and shown in `/order` from then on. The
    same said twice of a product is told to whoever said it, not to the group.

    Without a product it is about the one on air; a first word that can be nothing but a product has to be one, for
    a correction under the wrong product misleads the whole group.
    """
    broadcast.step(desk.need_broadcast(), "sell")
    listing, text = _meant(call.args, desk)
    said, known = corrections.read(text), desk.books.corrections.by("listing", listing.id)
    if before := corrections.twin(known, said):
        at, by = desk.clock(before.at), desk.name(before.by)
        return [tell(desk.me.id, line("correct.already", product=name_of(listing), at=at, by=by))]
    made = desk.books.corrections.put(
        Correction(
            id=desk.books.new_id("x"), broadcast=listing.broadcast, listing=listing.id,
            link_no=listing.link_no, at=desk.now, by=desk.me.id, text=said,
        )
    )  # fmt: skip
    desk.note("correction", listing.id, number=str(listing.link_no), name=listing.name, text=said)
    return _posted(listing, [*known, made], desk)


def _posted(listing: Listing, known: list[Correction], desk: Desk) -> list[Card]:
    """A message of its own; from the last one a product may have on, that one shows it too, and who wrote it hears
    so, for an edit notifies nobody."""
    posts, shown = corrections.shown_with(known)
    newest = shown[-1]
    said = (
        [line("correct.text", text=newest.text)] if len(shown) == 1 else [_one_of(one, desk) for one in shown]
    )
    head = line("correct.head", product=name_of(listing), at=desk.clock(newest.at), by=desk.name(newest.by))
    card = group(
        head, said, offer_lines(listing), key=f"correct:{listing.id}:{posts}", rank="air",
        edit=len(known) > posts,
    )  # fmt: skip
    added = [tell(desk.me.id, line("correct.added", product=name_of(listing)))] if card.edit else []
    return [card, *added]


def _one_of(one: Correction, desk: Desk) -> Line:
    return line("correct.one_of", at=desk.clock(one.at), by=desk.name(one.by), text=one.text)


def _meant(args: str, desk: Desk) -> tuple[Listing, str]:
    said, listings = args.strip(" \n\t:：,，"), desk.listings()
    if not said:
        raise Refusal("correct.usage")
    numbered = NUMBERED.match(said)
    if numbered:
        return products.find(listings, str(int(numbered[1]))), said[numbered.end() :]
    if (said[0] in "#＃" or said[0].isdecimal()) and not PRICED.match(said):
        # 3主播说49: a product's number or a price, nobody can tell
        raise Refusal("correct.usage")
    if named := products.begins_with(listings, said):
        return named
    first, rest = (*re.split(r"[\s,，:：]+", said, maxsplit=1), "")[:2]
    if products.names_one(listings, first) or not (SENTENCE.search(first) or len(first) > LONGEST_NAME):
        return products.find(listings, first), rest
    return meant([], desk), said


DUTY = DutySpec(
    "correct",
    commands=(Command("correct", correct, words=("更正", "口误"), roles=CONTROL | {"agent"}),),
)
