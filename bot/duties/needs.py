"""需求: what a buyer needs or suggests is noted and sorted with one tap; who is in charge reads them (L05)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, Row, button, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.spoken_of import spoken_of
from playbooks import needs
from playbooks.model import Refusal
from playbooks.needs import BuyerNeed
from playbooks.room import IN_CHARGE, SERVICE
from storage.rows import Line

SHOWN = 30


def need(call: Call, desk: Desk) -> list[Card]:
    """`/need 3 想要大码`: noted at once, its sort is asked for with buttons."""
    listing, rest = spoken_of(call.args, desk)
    here = desk.answering()
    one = desk.books.needs.put(
        BuyerNeed(
            id=desk.books.new_id("w"), broadcast=here.id if here else "", text=needs.read(rest),
            number=listing.link_no if listing else None, name=listing.name if listing else "",
            by=desk.me.id, at=desk.now,
        )
    )  # fmt: skip
    _noted(one, "made", desk, text=one.text)
    return [_card(one, desk)]


def _noted(one: BuyerNeed, step: str, desk: Desk, **values: str) -> None:
    product = {"number": str(one.number), "name": one.name} if one.number is not None else {}
    desk.note("need", one.id, broadcast=one.broadcast, step=step, **product, **values)


def _card(one: BuyerNeed, desk: Desk, *, edit: bool = False) -> Card:
    """The buttons stay after a press: a slip of the thumb is put right with another."""
    rows: tuple[Row, ...] = tuple(
        (button(f"need.sort_{id}", f"needsort {one.id} {id}"),) for id in needs.rules().sorts
    )
    sorted_as = line("need.sorted", sort=line(f"need.sort_{one.sort}")) if one.sort else line("need.ask_sort")
    said = (line("need.noted"), _line(one, desk), sorted_as)
    return tell(one.by, said, buttons=rows, key=f"need:{one.id}", edit=edit)


def _line(one: BuyerNeed, desk: Desk) -> Line:
    product = (
        line("need.no_product")
        if one.number is None
        else line("air.product", number=one.number, name=one.name)
    )
    return line("need.line", product=product, text=one.text, by=desk.name(one.by), at=desk.clock(one.at))


def sort(call: Call, desk: Desk) -> list[Card]:
    """Its sort in one tap, by who noted it or is in charge; tapped twice it is noted once."""
    id, _, into = call.args.partition(" ")
    before = desk.books.needs.get(id)
    if before is None:
        raise Refusal("need.unknown")
    if before.by != desk.me.id and not desk.me.may(IN_CHARGE):
        raise Refusal("need.whose", owner=desk.name(before.by))
    one = needs.sort(before, into)
    if one != before:
        desk.books.needs.put(one)
        _noted(one, "sorted", desk, sort=one.sort)
    return [toast("need.thanks"), _card(one, desk, edit=True)]


def list_(call: Call, desk: Desk) -> list[Card]:
    """`/needs`: what buyers of this broadcast want, sorted, most first."""
    here = desk.answering()
    known = list(desk.books.needs.by("broadcast", here.id if here else ""))
    if not known:
        raise Refusal("need.none")
    said, left = [line("need.list", count=len(known))], SHOWN
    for id, found in needs.by_sort(known):
        name = line(f"need.sort_{id}") if id else line("need.unsorted")
        said.append(line("need.sort_count", sort=name, count=len(found)))
        said += [_line(one, desk) for one in found[:left]]
        left -= min(left, len(found))
    if len(known) > SHOWN:
        said.append(line("need.more", count=len(known) - SHOWN))
    return [tell(desk.me.id, said)]


DUTY = DutySpec(
    "needs",
    commands=(
        Command("need", need, words=("需求", "建议"), roles=SERVICE),
        Command("needs", list_, words=("需求清单",), roles=IN_CHARGE, args=False),
        Command("needsort", sort, roles=SERVICE, listed=False),
    ),
)
