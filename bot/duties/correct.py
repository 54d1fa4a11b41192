"""更正: a host's slip is corrected on the spot, once in the group, and kept (REQUIREMENTS K25)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, group, line
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.meaning import meant
from bot.offer import name_of, offer_lines
from playbooks import announce, broadcast, corrections
from playbooks.announce import Listing
from playbooks.corrections import Correction
from playbooks.room import CONTROL


def correct(call: Call, desk: Desk) -> list[Card]:
    """`/correct 3 说成了49，实际59`: re-announced once with what is in force, and shown in `/order` from then on.

    Without a product's number it is about the product on air.
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
    first, _, rest = args.partition(" ")
    if rest and announce.whole(first.lstrip("#").removesuffix("号")) is not None:
        return announce.find(desk.listings(), first), rest
    return meant([], desk), args


DUTY = DutySpec(
    "correct",
    commands=(Command("correct", correct, words=("更正", "口误"), roles=CONTROL | {"agent"}),),
)
