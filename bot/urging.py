"""催发货 in the room's books: the warehouse's card per product, and what agents are told of its answer (L01)."""

from __future__ import annotations

from datetime import timedelta

from bot.card import Card, button, line, lines, listed, tell
from bot.desk import Desk
from bot.following import order_state
from bot.offer import bought
from playbooks import followup
from playbooks.followup import FollowUp
from playbooks.followup.urge import ShipTime, choices, ship_time_id, waiting_for
from playbooks.room import Member
from storage.rows import Line

WAITS, OVER = "eta_waits", "eta_over"
TYPED = "%m-%d %H:%M"


def ship_time(order_id: str, desk: Desk) -> tuple[ShipTime, bool]:
    """When the order's product ships, as asked of the warehouse; True where it has to be asked now."""
    state = order_state(order_id, desk)
    id = ship_time_id(desk.room.id, order_id, state)
    known = desk.books.ship_times.get(id)
    if known and (known.holds(desk.now) or (known.eta is None and waiting(known, desk))):
        return known, False
    product = {"link_no": state.link_no, "title": state.title, "broadcast": state.broadcast} if state else {}
    new = ShipTime.model_validate({"id": id, "order_id": order_id, "asked_at": desk.now, **product})
    return desk.books.ship_times.put(new), True


def waiting(ship: ShipTime, desk: Desk) -> list[FollowUp]:
    """The urged orders of it that have not left."""
    return waiting_for(desk.books.follow_ups.by("kind", "urge_ship"), ship)


def askable(desk: Desk) -> list[Member]:
    """Who knows when something ships: the warehouse on duty, else whoever is in charge, else all who could."""
    return (
        desk.on_duty("warehouse")
        or desk.on_duty("ops", "lead", "manager")
        or desk.with_role("warehouse", "manager")
    )


def asking(ship: ShipTime, desk: Desk, *, edit: bool) -> list[Card]:
    """The one card a person has of a product: how many buyers wait, times to press. Edited as more buyers ask."""
    return [_asked(ship, m, desk, edit=edit) for m in askable(desk)]


def shown_anew(ship: ShipTime, desk: Desk) -> list[Card]:
    """The cards people have of it, as it stands now."""
    people = (m for m in desk.members() if desk.books.sent.get(_key(ship, m)))
    return [_asked(ship, m, desk, edit=True) for m in people]


def _key(ship: ShipTime, member: Member) -> str:
    return f"eta:{ship.id}:{member.id}"


def _asked(ship: ShipTime, member: Member, desk: Desk, *, edit: bool) -> Card:
    items = waiting(ship, desk)
    shown = [one.order_id for one in items[: followup.rules().shown]]
    said = lines(
        line("urge.asked", product=product_of(ship), count=len(items)),
        line("urge.orders", orders=listed(shown)) if shown else None,
        line("urge.said", eta=desk.clock(ship.eta), by=desk.name(ship.said_by)) if ship.eta else None,
    )
    times = tuple(
        button("urge.at", f"eta {ship.id} {at:{TYPED}}", at=desk.clock(at))
        for at in choices(desk.now, desk.zone)
    )
    rows = (times, (button("urge.other", f"eta {ship.id}"),))
    return tell(member.id, said, buttons=rows, key=_key(ship, member), edit=edit, rank="work")


def product_of(ship: ShipTime) -> Line:
    """What it is about: the product, or the order alone where nobody knows its product."""
    if ship.link_no is None and not ship.title:
        return line("urge.order", order_id=ship.order_id)
    return bought(ship.link_no, ship.title)


def remind_later(ship: ShipTime, desk: Desk) -> None:
    """Have the warehouse reminded while it has not said when."""
    desk.later(WAITS, desk.now + timedelta(minutes=followup.rules().eta.remind_minutes), ship.id)
