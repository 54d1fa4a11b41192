"""What the audit makes of the orders of an export: each order's hold, and those of its buyer's other orders (D01)."""

from __future__ import annotations

from collections import Counter

from bot.audit_counts import Merges, notes_told
from bot.auditing import Auditing, goes_to, province_of
from bot.desk import Desk
from bot.holding_known import Held, held_otherwise, kept
from bot.placing import Placing
from playbooks import aftercare
from playbooks.addresses.around import Sibling
from playbooks.addresses.findings import weighty
from playbooks.aftercare import Hold
from playbooks.broadcast import Broadcast
from playbooks.orders import TO_SHIP, Order, OrderState, Personal


class OrderHolds:
    """The holds of one batch; what it did is counted in `told`, orders that may go as one parcel in `merges`."""

    def __init__(
        self, auditing: Auditing, placing: Placing, told: Counter[str], merges: Merges, desk: Desk
    ) -> None:
        self._auditing, self._placing = auditing, placing
        self._told, self._merges, self._desk = told, merges, desk

    def take_in(
        self,
        order: Order,
        personal: Personal,
        own: Sibling | None,
        *,
        broadcast: Broadcast | None,
        links: tuple[int, ...],
    ) -> None:
        """What the audit says of one order: held, held otherwise, solved, or only noted."""
        id = f"{self._desk.room.id}-h{order.order_id}"
        known = self._desk.books.holds.get(id)
        if known is None and order.status not in TO_SHIP:
            return
        findings = self._auditing.findings(
            order, personal, own, links=links, listings=self._placing.listings(broadcast), broadcast=broadcast
        )
        self._told.update(notes_told(findings))
        self._merges.add(order.order_id, findings)
        findings = weighty(findings)
        if known is None and not findings:
            return
        hold = aftercare.take_in(
            known, order, findings, hold_id=id, now=self._desk.now, link_no=links[0] if links else None,
            title=title_of(order), broadcast=broadcast.id if broadcast else "", province=province_of(order),
            goes_to=goes_to(order),
        )  # fmt: skip
        self._held(known, hold)

    def beside(self, known: OrderState | None, order: Order, own: Sibling | None) -> None:
        """The buyer's other orders, where this one is new beside them, goes elsewhere than before, or has left."""
        before = _keys(known) if known and known.status in TO_SHIP else None
        now = (own.address_key, own.phone_key) if own else None
        if now == before:
            return
        around = [
            self._auditing.others(order, Sibling(order.order_id, *keys, ())) for keys in (before, now) if keys
        ]
        for other in {one.order_id: one for states in around for one in states}.values():
            found = self._auditing.beside(other)
            if changed := held_otherwise(other, found, lambda one: one.field == "orders", self._desk):
                self._held(*changed)

    def _held(self, known: Hold | None, hold: Hold | None) -> None:
        """Keep what the audit made of an order, count it, and note it."""
        if hold is None or hold == known:
            return
        kept(Held(known, hold), self._desk)
        if aftercare.found_anew(known, hold):
            self._told[f"hold_{hold.verdict}"] += 1
            self._told[f"province_{hold.province}"] += 1
            self._told.update(f"rule_{rule}" for rule in set(hold.rules))
        solved_now = hold.state == "solved" and known is not None and known.state != "solved"
        self._told["hold_solved"] += solved_now


def _keys(state: OrderState) -> tuple[str, str] | None:
    """Where and to whom it goes, as `Sibling` has them; None where neither is known."""
    return (state.address_key, state.phone_key) if state.address_key or state.phone_key else None


def title_of(order: Order) -> str:
    """What was bought, by its first product's title."""
    return next((one.title for one in order.lines if one.title and not one.gift), "")
