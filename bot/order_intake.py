"""One batch of an order export on its way into the books: each order's state, chase, hold, follow-ups, buyer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from bot.audit_counts import Merges
from bot.auditing import Auditing
from bot.card import Card
from bot.chase_book import Lives
from bot.chase_told import stopped, told_otherwise
from bot.closing_setup import ship_hours
from bot.contacting import buyer_told
from bot.desk import Desk
from bot.intake import Batch
from bot.open_work import has_open_work
from bot.order_holds import OrderHolds, title_of
from bot.placing import Placing
from bot.review_versions import about
from playbooks import chase, followup, shipping
from playbooks.addresses.around import Sibling
from playbooks.aftercare import Hold
from playbooks.broadcast import Broadcast, business_day
from playbooks.chase import Chase
from playbooks.orders import TO_SHIP, Order, OrderState, Personal, ReadOrder, advances
from storage.exports.reader import Export
from storage.rows import Line
from storage.vault_books import Origin

OrderBatch = Batch[Export, ReadOrder]
YUAN = "CNY"


class OrderIntake:
    """One batch on its way into the books; `told` counts what it did."""

    def __init__(self, batch: OrderBatch, desk: Desk, merges: Iterable[Line] = ()) -> None:
        self.desk = desk
        self.as_of = batch.as_of
        self.placing = Placing(desk.books, desk.zone)
        self.auditing = Auditing(batch.rows, desk)
        self.told: Counter[str] = Counter()
        self.cards: list[Card] = []
        self.merges = Merges(merges)
        self.holds = OrderHolds(self.auditing, self.placing, self.told, self.merges, desk)
        self.lives = Lives(desk)

    def take(self, read: ReadOrder) -> None:
        """One order: its state, its chase, its hold, its follow-ups; nothing of one that is known newer."""
        known = self.desk.books.orders.get(f"{self.desk.room.id}-o{read.order.order_id}")
        # A later export may cipher what an earlier one said in clear: who the buyer is stays known.
        key = self.desk.buyers.buyer_key(read.personal) or (known.buyer_key if known else "")
        ours = {"buyer_key": key, "ship_by": self._ship_by(read.order), "amount": self._amount(read.order)}
        order = read.order.model_copy(update=ours)
        self.told["orders"] += 1
        self.told[f"status_{order.status}"] += 1
        if not advances(known, order, self.as_of):
            self.told["older"] += 1
            return
        broadcast = self.placing.broadcast(order)
        if broadcast and broadcast.stage == "archived":  # what was known of it is not at hand: nothing is new
            self.told["archived"] += 1
            return
        links = self.placing.links(order, broadcast)
        own = self.auditing.own(order, read.personal) if order.status in TO_SHIP else None
        self._state(known, order, broadcast, links, own)
        self._chase(known, order, broadcast, links)
        self.holds.take_in(order, read.personal, own, broadcast=broadcast, links=links)
        self.holds.beside(known, order, own)
        self._follow_ups(order, links)
        self._buyer(order, read.personal, broadcast)

    def _buyer(self, order: Order, personal: Personal, broadcast: Broadcast | None) -> None:
        """The buyer's fields are kept, sealed, for as long as something of the order is open."""
        if not has_open_work(order.order_id, self.desk):
            self.desk.buyers.drop(order.order_id)
            return
        day = business_day(order.created_at or self.as_of, self.desk.zone)
        origin = Origin(broadcast.id, broadcast.opened_on) if broadcast else Origin("", day)
        self.desk.buyers.keep(order.order_id, personal, origin)

    def _amount(self, order: Order) -> Decimal | None:
        """What it costs in the money the room's own platform sells in; None where it is another, which is counted:
        dollars are neither shown as yuan nor added to what was recovered."""
        here = chase.sold_on(order.platform, self.desk.room.platform) == self.desk.room.platform
        if order.amount is None or here or order.currency == YUAN:
            return order.amount
        self.told["other_money"] += 1
        return None

    def _ship_by(self, order: Order) -> datetime | None:
        """Until when it must leave; an order to ship of which nobody can tell is counted, and a manager asked."""
        found = shipping.ship_by(order, ship_hours(order.platform, self.desk))
        self.told["ship_unknown"] += found is None and order.status in TO_SHIP
        return found

    def _state(
        self,
        known: OrderState | None,
        order: Order,
        broadcast: Broadcast | None,
        links: tuple[int, ...],
        own: Sibling | None,
    ) -> None:
        closed_why, closed_at = chase.end_of(order, known, self.as_of, self._life(order, broadcast, links))
        if broadcast and (known is None or (known.status, known.paid_at) != (order.status, order.paid_at)):
            self.told[about(broadcast.id)] += 1
        self.desk.books.orders.put(
            OrderState(
                id=f"{self.desk.room.id}-o{order.order_id}", order_id=order.order_id,
                platform=order.platform, status=order.status,
                as_of=max(self.as_of, known.as_of) if known else self.as_of,
                link_no=links[0] if links else None, title=title_of(order),
                also=self.placing.also(order, broadcast), messaged=known.messaged if known else False,
                gifts=tuple(one.title for one in order.lines if one.gift),
                quantity=sum(one.quantity for one in order.lines if not one.gift) or 1, amount=order.amount,
                created_at=order.created_at, ship_by=order.ship_by,
                paid_at=order.paid_at or (known.paid_at if known else None),  # a file may have no such column
                broadcast=broadcast.id if broadcast else "", city=order.city, province=order.province,
                buyer_key=order.buyer_key, closed_why=closed_why, closed_at=closed_at,
                address_key=own.address_key if own else "", phone_key=own.phone_key if own else "",
                codes=own.codes if own else (),
            )
        )  # fmt: skip
        former = known.buyer_key if known else ""
        if order.buyer_key != former:
            buyer_told(order.order_id, former, order.buyer_key, self.desk)

    def _chase(
        self, state: OrderState | None, order: Order, broadcast: Broadcast | None, links: tuple[int, ...]
    ) -> None:
        known = self.desk.books.chases.get(chase.chase_id(self.desk.room.id, order.order_id))
        theirs = chase.sold_on(order.platform, self.desk.room.platform)
        if known is None and state is not None and (state.paid or state.dead):
            return
        now = chase.take_in(
            known, order.model_copy(update={"platform": theirs}), room=self.desk.room.id,
            broadcast=broadcast.id if broadcast else "", link_no=links[0] if links else None,
            as_of=self.as_of, life=self._life(order, broadcast, links), now=self.desk.now,
            first_time=self._first_time(order),
        )  # fmt: skip
        if now is None or now == known:
            return
        self.desk.books.chases.put(now)
        if known is None:
            self.told["chase_new"] += 1
            self._note("chase_new", now, source="file")
        elif known.state != "paid" and now.state == "paid":  # lost by the clock, yet paid in time after all
            self._settled(known, now, "chase_paid")
        elif known.alive and not now.alive:
            self._settled(known, now, "chase_lost")
        elif now.alive and not known.alive:
            self._note("chase_new", now, source="file")
        self.cards += told_otherwise(known, now) if known else []

    def _life(self, order: Order, broadcast: Broadcast | None, links: tuple[int, ...]) -> timedelta | None:
        """How long it lives unpaid: by platform, by product, and by a flash sale that ran when it was placed."""
        listings = self.placing.listings(broadcast)
        listing = next((one for one in listings if links and one.link_no == links[0]), None)
        return self.lives.of(listing, order.created_at, order.platform)

    def _first_time(self, order: Order) -> bool | None:
        """Whether the buyer has bought nothing here before; None where the platform does not say who it is (C08)."""
        if not order.buyer_key:
            return None
        theirs = self.desk.books.orders.by("buyer_key", order.buyer_key)
        return not any(one.paid for one in theirs if one.order_id != order.order_id)

    def _settled(self, before: Chase, now: Chase, kind: str) -> None:
        self.told[kind] += 1
        if kind == "chase_paid" and before.first_contact_at:
            self.told["recovered"] += 1
        self._note(kind, now, why=now.closed_why)
        self.cards += stopped(before, now, self.desk.now)

    def _note(self, kind: str, about: Chase | Hold, **values: str) -> None:
        self.desk.note(kind, about.id, broadcast=about.broadcast, order_id=about.order_id, **values)

    def _follow_ups(self, order: Order, links: tuple[int, ...]) -> None:
        link = links[0] if links else None
        for item in self.desk.books.follow_ups.by("order_id", order.order_id):
            settled = followup.settle(item, now=self.desk.now, order=order)
            if settled != item:
                self.desk.books.follow_ups.put(settled)
        for new in followup.from_order(self.desk.room.id, order, self.desk.now, link_no=link):
            if self.desk.books.follow_ups.get(new.id) is None:
                self.desk.books.follow_ups.put(new)
                self.told[f"follow_{new.kind}"] += 1
                self.desk.note("follow_new", new.id, type=new.kind, order_id=new.order_id)
