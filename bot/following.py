"""Follow-ups in the room's books: who has which, what their buyers are told, when leads hear of goods that spoil."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot import entries
from bot.chase_waiting import waiting
from bot.contacting import BY, check, reached, reaches
from bot.desk import Desk
from bot.gifting import owed
from playbooks import contacts, followup
from playbooks.followup import FollowUp
from playbooks.followup.carriers import CarrierContact, whom_to_ask
from playbooks.followup.held import holding, next_over
from playbooks.followup.owed import by_hand
from playbooks.followup.texts import parts_for, script_id
from playbooks.followup.work import next_alarm, refused_by_buyer, result_of
from playbooks.model import Refusal
from playbooks.orders import OrderState

ALARM, HELD = "follow_alarm", "follow_held"


def need_item(id: str, desk: Desk) -> FollowUp:
    """The follow-up with this id. Raises Refusal `followup.gone`."""
    item = desk.books.follow_ups.get(id)
    if item is None:
        raise Refusal("followup.gone")
    return item


def items_of(person: str, desk: Desk) -> list[FollowUp]:
    """What a person is at, the soonest due first."""
    theirs = (one for one in desk.books.follow_ups.by("state", "claimed") if one.owner == person)
    return sorted(theirs, key=lambda one: (one.due_at, one.id))


def alive(desk: Desk) -> list[FollowUp]:
    """Everything that is still to be done."""
    return [one for state in followup.ALIVE for one in desk.books.follow_ups.by("state", state)]


def order_state(order_id: str, desk: Desk) -> OrderState | None:
    """What the exports say of an order."""
    return desk.books.orders.get(f"{desk.room.id}-o{order_id}") if order_id else None


def hold(item: FollowUp, desk: Desk) -> FollowUp:
    """Kept as somebody's, who is reminded when its time is over (B22)."""
    kept = desk.books.follow_ups.put(holding(item, desk.now))
    watch_held(kept.owner, desk)
    return kept


def watch_held(person: str, desk: Desk) -> None:
    """Have a person told of what they have in hand for too long: one row a person, by day."""
    at = next_over(items_of(person, desk))
    if at is not None:
        desk.later(HELD, _by_day(max(at, desk.now), desk), person)


def finish(item: FollowUp, outcome: str, note: str, desk: Desk, *, asked: bool) -> FollowUp:
    """What came of it, as its owner says. `asked`: whether the ledger was, when it was taken; of work done without
    the buyer, and of calls, it is asked now. Raises Refusal as `followup.record` and `contacting.check` do."""
    result = result_of(item, outcome)
    before = asked and not followup.rules().kinds[item.kind].without_buyer and result.channel == BY
    if reaches(item.kind, outcome) and not before:
        check(item.kind, item.order_id, desk, channel=result.channel)
    done = desk.books.follow_ups.put(followup.record(item, desk.me.id, outcome, note, desk.now))
    reached(item.kind, item.order_id, outcome, desk, channel=result.channel)
    desk.note("follow_done", item.id, type=item.kind, outcome=outcome, state=done.state)
    if outcome == "opted_out":
        leave_alone(item.order_id, desk)
    return done


def keep_settled(before: FollowUp, after: FollowUp, desk: Desk) -> bool:
    """Keep what a file changed; what it ended is noted with how (B22). Whether it ended."""
    if after == before:
        return False
    desk.books.follow_ups.put(after)
    if after.alive:
        return False
    desk.note("follow_done", after.id, type=after.kind, outcome=after.outcome, state=after.state)
    return True


def busy(desk: Desk) -> bool:
    """Whether so much is unpaid while on air that optional work has to wait (E01, E07)."""
    here = desk.broadcast()
    if here is None or here.stage not in ("live", "closing"):
        return False
    return waiting(desk) >= followup.rules().busy_chases


def parts_of(item: FollowUp, desk: Desk) -> tuple[str, ...]:
    """What the buyer may be told now, part by part, in the language of the room."""
    own = desk.books.scripts.get(script_id(desk.room.id, item.kind))
    values = {
        "eta": desk.clock(item.eta) if item.eta else "", "cutoff": entries.stated(desk).get("cutoff", ""),
        "carrier": item.carrier,
    }  # fmt: skip
    return parts_for(item, desk.room.lang, desk.room.platform, own=own.text if own else "", values=values)


def carrier_of(item: FollowUp, desk: Desk) -> CarrierContact | None:
    """Whom to ask at the carrier (E23)."""
    return whom_to_ask(desk.books.carriers.scan(), item.carrier, item.province, item.city)


def gift_orders(item: FollowUp, desk: Desk) -> list[str]:
    """The orders a product's gifts are owed to as the exports stand now, the earliest placed first."""
    listing = desk.books.listings.get(item.values.get("listing", ""))
    if listing is None:
        return []
    orders = desk.books.orders.by("broadcast", listing.broadcast)
    return [one.order_id for one in by_hand(owed(listing, orders, desk))]


def leave_alone(order_id: str, desk: Desk) -> None:
    """The buyer wants no more messages: what was only to write to them, about whatever order, ends with that (H21)."""
    state = order_state(order_id, desk)
    theirs = desk.books.orders.by("buyer_key", state.buyer_key) if state and state.buyer_key else []
    for number in dict.fromkeys([order_id, *(one.order_id for one in theirs)]):
        for item in desk.books.follow_ups.by("order_id", number) if number else []:
            keep_settled(item, refused_by_buyer(item), desk)


def forget_old(desk: Desk) -> None:
    """What ended long ago and is no order's leaves; what is an order's leaves with it (docs/keeping.md)."""
    before = desk.now - timedelta(days=followup.rules().forget_days)
    for state in ("done", "dropped"):
        for one in desk.books.follow_ups.by("state", state):
            if one.created_at < before and order_state(one.order_id, desk) is None:
                desk.books.follow_ups.drop(one.id)
    for ship in [one for one in desk.books.ship_times.scan() if one.asked_at < before]:
        desk.books.ship_times.drop(ship.id)
    for delay in [one for one in desk.books.delays.scan() if one.state != "open" and one.at < before]:
        desk.books.delays.drop(delay.id)


def watch_alarm(desk: Desk, items: Iterable[FollowUp] | None = None) -> None:
    """Have leads told when goods that spoil were not seen to in time: one row a room, out of the night (E08)."""
    at = next_alarm(alive(desk) if items is None else items, desk.now)
    if at is not None:
        desk.later(ALARM, _by_day(at, desk), desk.room.id)


def _by_day(at: datetime, desk: Desk) -> datetime:
    """At night nobody may write to the buyer, so nobody is told either."""
    return contacts.quiet_until(at, desk.zone) if contacts.quiet("pickup", BY, at, desk.zone) else at
