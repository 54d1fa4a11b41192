"""更正: a host's slip is corrected on the spot, once in the group, and kept (REQUIREMENTS K25)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.call import Call
from bot.card import Card, group, line
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.meaning import meant
from bot.offer import name_of, offer_lines
from playbooks import announce, broadcast, corrections
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
    """`/correct 3 说成了49，实际59`: re-announced once with what is in force, and shown in `/order` from then on.

    Without a product it is about the one on air; a first word that can be nothing but a product has to be one, for
    a correction under the wrong product misleads the whole group.
    """
    broadcast.step(desk.need_broadcast(), "sell")
    listing, text = _meant(call.args, desk)
    said = corrections.read(text)
    made = desk.books.corrections.put(
        Correction(
            id=desk.books.new_id("x"), broadcast=listing.broadcast, listing=listing.id,
            link_no=listing.link_no, at=desk.now, by=desk.me.id, text=said,
        )
    )  # fmt: skip
    desk.note("correction", listing.id, number=str(listing.link_no), name=listing.name, text=said)
    head = line("correct.head", product=name_of(listing), at=desk.clock(made.at), by=desk.me.name)
    shown = group(
        head, line("correct.text", text=said), offer_lines(listing), key=f"correct:{made.id}", rank="air"
    )
    return [shown]


def _meant(args: str, desk: Desk) -> tuple[Listing, str]:
    said, listings = args.strip(" \n\t:：,，"), desk.listings()
    if not said:
        raise Refusal("correct.usage")
    numbered = NUMBERED.match(said)
    if numbered:
        return announce.find(listings, str(int(numbered[1]))), said[numbered.end() :]
    if (said[0] in "#＃" or said[0].isdecimal()) and not PRICED.match(said):
        # 3主播说49: a product's number or a price, nobody can tell
        raise Refusal("correct.usage")
    whole = [one for one in listings if said.startswith(one.name)]
    if whole:
        named = max(whole, key=lambda one: len(one.name))
        return named, said[len(named.name) :]
    first, rest = (*re.split(r"[\s,，:：]+", said, maxsplit=1), "")[:2]
    if _names(first, listings) or not (SENTENCE.search(first) or len(first) > LONGEST_NAME):
        return announce.find(listings, first), rest
    return meant([], desk), said


def _names(word: str, listings: Iterable[Listing]) -> bool:
    return bool(word) and any(word.lower() in one.name.lower() for one in listings)


DUTY = DutySpec(
    "correct",
    commands=(Command("correct", correct, words=("更正", "口误"), roles=CONTROL | {"agent"}),),
)
