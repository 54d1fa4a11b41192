"""Link numbers and the programme: `/link 3 7` renumbers with history, `/withdraw 5` takes products off."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, button, group, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.offer import name_of
from bot.renumbering import move
from bot.taking_over import withdraw as take_off
from bot.undoing import offer_undo
from bot.withdrawing import withdrawn_card
from playbooks import announce, products
from playbooks.announce import Listing
from playbooks.broadcast import step
from playbooks.model import Refusal
from playbooks.room import CONTROL
from playbooks.runsheet import RULES

SWAP = "!"


def link(call: Call, desk: Desk) -> list[Card]:
    """`/link 3 7`: product 3 is number 7 from now. Where another has that number the two may be swapped (`!`)."""
    words = call.words()
    swap = words[-1:] == [SWAP]
    listing, number = _asked(words[:-1] if swap else words, desk)
    here = desk.need_broadcast()
    step(here, "plan")
    holder = next((one for one in desk.listings() if one.link_no == number), None)
    if holder and not swap:
        yes = button("link.swap", f"link {listing.link_no} {number} {SWAP}", a=listing.link_no, b=number)
        said = line("link.taken", number=number, product=name_of(holder))
        return [tell(desk.me.id, said, buttons=((yes,),))]
    moves = {listing.link_no: number} | ({number: listing.link_no} if holder else {})
    moved = move(moves, here, desk)
    offer_undo(desk)
    told = [
        line("link.moved", name=one.name, before=one.former[-1].link_no, after=one.link_no) for one in moved
    ]
    return [group(line("link.head", by=desk.me.name), told, rank="air")]


def _asked(words: list[str], desk: Desk) -> tuple[Listing, int]:
    number = announce.whole(words[-1].removesuffix("号")) if len(words) > 1 else None
    if number is None:
        raise Refusal("link.usage")
    listing = products.find(desk.listings(), " ".join(words[:-1]))
    if not 1 <= number <= RULES.highest_link:
        raise Refusal("link.range", highest=RULES.highest_link)
    if number == listing.link_no:
        raise Refusal("link.same", product=name_of(listing))
    return listing, number


def withdraw(call: Call, desk: Desk) -> list[Card]:
    """`/withdraw 5 6`: not sold in this broadcast any more; a sheet that has them again brings them back."""
    if not call.words():
        raise Refusal("withdraw.usage")
    step(desk.need_broadcast(), "plan")
    found = {one.id: one for word in call.words() if (one := products.find(desk.listings(), word))}
    on_air = desk.on_air()
    if on_air and on_air.id in found:
        raise Refusal("withdraw.on_air", product=name_of(on_air))
    take_off(tuple(found.values()), desk)
    offer_undo(desk)
    return withdrawn_card(tuple(found.values()), desk)


DUTY = DutySpec(
    "renumber",
    commands=(
        Command("link", link, words=("换号",), roles=CONTROL),
        Command("withdraw", withdraw, words=("撤下",), roles=CONTROL),
    ),
)
