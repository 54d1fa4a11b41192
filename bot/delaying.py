"""Notices of delay 延误告知 in the room's books: offered where a route is stuck, shown with their orders (E12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.card import Button, Card, Row, button, copy, line, lines, tell
from bot.contacting import may_reach
from bot.desk import Desk
from bot.following import order_state
from bot.numbers import copy_numbers
from bot.pages import in_pages
from bot.under_way import under_way
from playbooks.followup import routes
from playbooks.followup.delays import Delay
from playbooks.followup.rules import rules
from playbooks.followup.texts import told
from storage.rows import Line

OFFERED = 3
AGAIN = timedelta(days=1)
DUE = "delay_due"


def offer_notices(desk: Desk) -> list[Card]:
    """Whoever is in charge: routes on which many parcels are stuck, each with the button that makes a notice."""
    stuck = [one for one in routes.table(under_way(desk.books), (), desk.now) if _worth(one, desk)]
    if not stuck:
        return []
    rows = tuple(
        (
            button(
                "delay.offer_one", f"delay {one.province} {one.carrier}", carrier=one.carrier,
                region=one.province, count=one.stuck,
            ),
        )
        for one in stuck[:OFFERED]
    )  # fmt: skip
    people = desk.on_duty("lead", "manager") or desk.with_role("manager")
    said = line("delay.offer", count=len(stuck))
    return [
        tell(m.id, said, buttons=rows, key=f"delay-offer:{m.id}", silent=True, rank="work") for m in people
    ]


def _worth(one: routes.RouteFigures, desk: Desk) -> bool:
    """Many are stuck there, and nobody made a notice of it today."""
    if one.stuck < rules().routes.delay_from or not one.province or not one.carrier or " " in one.carrier:
        return False
    recent = (d for d in desk.books.delays.scan() if d.at > desk.now - AGAIN and d.region == one.province)
    return not any(not d.carrier or d.carrier in one.carrier for d in recent)


def still_there(one: Delay, desk: Desk) -> list[str]:
    """Its orders that are still on their way and whose buyers may be written to now."""
    going = {p.order_id for p in under_way(desk.books)}
    return [number for number in one.orders if number in going and may_reach("delay", number, desk)]


def cards(one: Delay, desk: Desk) -> list[Card]:
    """The orders and the text to copy; the last message has the buttons that end it."""
    there = still_there(one, desk)
    values = {"cause": one.cause, "carrier": _carrier(one, desk), "region": one.region}
    parts = told("delay", "", desk.room.lang, desk.room.platform, values=values)
    said = [
        _head(one, desk),
        line("delay.left_out", count=len(one.orders) - len(there)) if len(there) < len(one.orders) else None,
        line("followup.card_script"),
        *(line("followup.script_part", text=text) for text in parts),
        *(_order_line(number, desk) for number in there),
    ]
    pages = in_pages(lines(*said), desk.room.lang)
    rows = (*_copies(parts, there), *_ends(one, len(there)))
    return [
        *(tell(desk.me.id, page) for page in pages[:-1]),
        tell(desk.me.id, pages[-1], buttons=rows, key=f"delay:{one.id}", rank="work"),
    ]


def _carrier(one: Delay, desk: Desk) -> str:
    """The carrier as buyers know it; of all carriers as a word for them."""
    return one.carrier or rules().delay.any_carrier[desk.room.lang]


def _head(one: Delay, desk: Desk) -> Line:
    return line(
        "delay.head", region=one.region, carrier=one.carrier or "—", cause=one.cause, count=len(one.orders),
        due=desk.clock(one.due_at),
    )  # fmt: skip


def _order_line(number: str, desk: Desk) -> Line:
    state = order_state(number, desk)
    return line("delay.order", order_id=number, title=state.title if state else "—")


def _copies(parts: tuple[str, ...], there: list[str]) -> Iterator[Row]:
    yield tuple(copy("followup.copy_script", text, part=n) for n, text in enumerate(parts, 1))
    yield from copy_numbers(there)


def _ends(one: Delay, count: int) -> Iterator[Row]:
    if count:
        yield (button("delay.all_told", f"delaytold {one.id}", count=count),)
    yield (drop_button(one),)


def drop_button(one: Delay) -> Button:
    """It is not to be told after all."""
    return button("delay.drop", f"delaydrop {one.id}")


def remind(one: Delay, desk: Desk) -> None:
    """Have whoever made it reminded when it is due."""
    desk.later(DUE, one.due_at, one.id)
