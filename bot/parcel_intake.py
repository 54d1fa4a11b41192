"""One batch of a logistics list on its way into the books: follow-ups, those it settles, parcels by route."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import lru_cache

from bot.desk import Desk
from bot.following import keep_settled, order_state
from bot.intake import Batch
from playbooks import followup
from playbooks.addresses import divisions
from playbooks.followup import FollowUp, ParcelState, follow_up_id, routes
from playbooks.followup.routes import Route
from playbooks.orders import OrderState
from storage.exports.logistics import Parcels

ParcelBatch = Batch[Parcels, ParcelState]
FORGOTTEN_AT_ONCE = 500
"""Ended parcels a unit forgets at most: a press does not wait for more."""


class ParcelIntake:
    """One batch of a list as new as `as_of` on its way into the books; `told` counts what it did.

    `newest`: how new the newest other list is, None where there is none.
    """

    def __init__(self, desk: Desk, as_of: datetime, newest: datetime | None) -> None:
        self.desk = desk
        self.as_of = as_of
        self.newest = newest
        self.told: Counter[str] = Counter()
        self._food: dict[str, bool] = {}
        self._routes: dict[str, Route] = {}

    def take(self, parcel: ParcelState) -> None:
        """One parcel: what it settles, what it asks for, where it stands on its route; one a newer list has is left."""
        known = self.desk.books.parcels.get(routes.parcel_id(self.desk.room.id, parcel.tracking_no))
        if routes.is_older(parcel, known, self.as_of, self.newest):
            self.told["older"] += 1
            return
        parcel = routes.as_told(parcel, known, self.as_of)
        order = order_state(parcel.order_id, self.desk)
        self._settle(parcel)
        for new in self._new(parcel, order):
            self._begin(new, order)
        self._route(parcel, order)

    def close(self) -> None:
        """The routes are kept, each once a batch however many parcels it has."""
        for route in self._routes.values():
            self.desk.books.routes.put(route)

    def _settle(self, parcel: ParcelState) -> None:
        for item in self._about(parcel):
            after = followup.settle(item, now=self.desk.now, parcel=parcel)
            self.told["settled"] += keep_settled(item, after, self.desk)

    def _about(self, parcel: ParcelState) -> list[FollowUp]:
        """What there is of the order, or, where the list does not say which it is, of the parcel itself."""
        books, room = self.desk.books.follow_ups, self.desk.room.id
        if parcel.order_id:
            return books.by("order_id", parcel.order_id)
        ids = (follow_up_id(room, kind, parcel.tracking_no) for kind in ("logistics", "pickup"))
        return [item for id in ids if (item := books.get(id))]

    def _new(self, parcel: ParcelState, order: OrderState | None) -> list[FollowUp]:
        room, now = self.desk.room.id, self.desk.now
        if order and (order.dead or order.status == "refunding"):
            return []  # its money goes back: nobody waits for the parcel
        found = followup.from_parcel(
            room, parcel, self._is_food(order), now, link_no=order.link_no if order else None,
            title=order.title if order else "", city=order.city if order else "",
            province=order.province if order else "",
        )  # fmt: skip
        arrived = (
            followup.from_signed(room, parcel, order, now) if order and parcel.state == "signed" else None
        )
        return [one for one in (found, arrived) if one]

    def _begin(self, new: FollowUp, order: OrderState | None) -> None:
        if self.desk.books.follow_ups.get(new.id) is not None:
            return
        self.desk.books.follow_ups.put(new)
        self.told[new.kind] += 1
        broadcast = order.broadcast if order else ""
        self.desk.note("follow_new", new.id, broadcast=broadcast, type=new.kind, order_id=new.order_id)

    def _is_food(self, order: OrderState | None) -> bool:
        """Goods that spoil: by the run sheet's category of what was bought (E07)."""
        if order is None or order.link_no is None:
            return False
        if order.sold_as not in self._food:
            listings = self.desk.books.listings.by("broadcast", order.broadcast)
            meant = (one for one in listings if one.link_no == order.link_no)
            self._food[order.sold_as] = any(followup.is_food(one.product.category) for one in meant)
        return self._food[order.sold_as]

    def _route(self, parcel: ParcelState, order: OrderState | None) -> None:
        """The parcel is kept as it stands; signed for, it counts once on its route (E09)."""
        desk, room = self.desk, self.desk.room.id
        known = desk.books.parcels.get(routes.parcel_id(room, parcel.tracking_no))
        kept = routes.kept(
            room, parcel, known, desk.now, province=province_of(order.province) if order else "",
            city=city_of(order.city) if order else "",
        )  # fmt: skip
        if routes.counts(parcel, known, desk.now):
            month = f"{(parcel.signed_at or desk.now).astimezone(desk.zone):%Y-%m}"
            id = routes.route_id(room, kept.carrier, kept.province, month)
            route = (
                self._routes.get(id)
                or desk.books.routes.get(id)
                or Route(id=id, carrier=kept.carrier, province=kept.province, month=month)
            )
            self._routes[id] = routes.with_parcel(route, parcel, desk.now)
        if kept != known:
            desk.books.parcels.put(kept)


def forget_ended(desk: Desk) -> None:
    """Parcels that ended long ago are counted and needed no more."""
    for one in desk.books.parcels.due(routes.forgotten_before(desk.now), FORGOTTEN_AT_ONCE):
        desk.books.parcels.drop(one.id)


@lru_cache(maxsize=200)
def province_of(text: str) -> str:
    """A province by its full name, as it was written where it is none."""
    found = divisions.province(text)
    return found.name if found else text


@lru_cache(maxsize=1000)
def city_of(text: str) -> str:
    """A city by its full name, as it was written where it is none."""
    found = divisions.city(text)
    return found.name if found else text
