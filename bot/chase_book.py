"""The chase in the room's books: how long orders live, the buyer's ledger, what was learnt since a card was sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.desk import Desk
from playbooks import chase, contacts
from playbooks.announce import Listing, OfferVersion
from playbooks.chase import Chase, ChaseSetup, StepKind
from playbooks.chase.rules import rules
from playbooks.contacts import Ledger
from playbooks.model import Refusal
from storage.exports import unpaid_life

FAR = datetime.max.replace(tzinfo=UTC)
GLANCE = 4
WRITTEN: tuple[StepKind, ...] = ("message", "sms")


def setup(desk: Desk) -> ChaseSetup:
    """What a manager set for this room."""
    return desk.books.chase_setup.get(desk.room.id) or ChaseSetup(id=desk.room.id)


def need_chase(id: str, desk: Desk) -> Chase:
    """The chase with this id. Raises Refusal `chase.gone`."""
    one = desk.books.chases.get(id)
    if one is None:
        raise Refusal("chase.gone")
    return one


def looked_at(id: str, desk: Desk) -> Chase:
    """The chase as it is this very moment: paid or closed by the newest export, or its time over (PRODUCT, settle).

    What is learnt here is kept: nobody is contacted about an order that was paid while the card was open.
    """
    one = need_chase(id, desk)
    state = desk.books.orders.get(f"{desk.room.id}-o{one.order_id}")
    now = chase.against(one, state, desk.now)
    if now != one:
        desk.books.chases.put(now)
        kind = "chase_paid" if now.state == "paid" else "chase_lost"
        desk.note(kind, one.id, broadcast=one.broadcast, why=now.closed_why, order_id=one.order_id)
    return now


# -- the buyer --------------------------------------------------------------------------------------


def ledger_of(one: Chase, desk: Desk) -> Ledger | None:
    """The contacts of the order's buyer, where there were any."""
    return desk.books.contacts.get(contacts.ledger_id(desk.room.id, one.buyer_key, one.order_id))


def kept_ledger(one: Chase, desk: Desk) -> Ledger:
    """The ledger to write into."""
    id = contacts.ledger_id(desk.room.id, one.buyer_key, one.order_id)
    return desk.books.contacts.get(id) or Ledger(id=id)


def known_buyer(one: Chase, desk: Desk) -> None:
    """An export told whose order it is: what was kept of the order's contacts is the buyer's from now on."""
    id = contacts.ledger_id(desk.room.id, "", one.order_id)
    alone = desk.books.contacts.get(id)
    if one.buyer_key and alone is not None:
        desk.books.contacts.put(contacts.merged(kept_ledger(one, desk), alone))
        desk.books.contacts.drop(id)


def of_buyer(one: Chase, desk: Desk) -> list[Chase]:
    """Every chase of the order's buyer, where the buyer is known."""
    return desk.books.chases.by("buyer_key", one.buyer_key) if one.buyer_key else [one]


def siblings(one: Chase, desk: Desk) -> tuple[Chase, ...]:
    """The buyer's other unpaid orders the caller may speak of in the same contact."""
    return chase.siblings(one, of_buyer(one, desk), desk.me.id, desk.now)


def allowed(one: Chase, desk: Desk, who: str = "") -> bool:
    """Whether it may be offered to `who` (the caller): caps, opt-out, malicious, another agent at the same buyer."""
    if (who or desk.me.id) in one.avoid or chase.busy(one, of_buyer(one, desk), desk.now):
        return False
    return contacts.open_for(ledger_of(one, desk), "chase", one.order_id, desk.now)


def contact(before: Chase, kind: StepKind, desk: Desk, *, text: str = "") -> Chase:
    """The step taken, kept with the buyer's ledger; one contact also for the buyer's other unpaid orders.

    `text`: the key of the text a message says. Raises the Refusals of `chase.record`.
    """
    ledger, others = ledger_of(before, desk), siblings(before, desk)
    after = chase.record(
        before, desk.me.id, kind, desk.now, desk.zone, ledger=ledger, sms=setup(desk).sms,
        text=text if kind in WRITTEN else "",
    )  # fmt: skip
    if after == before:
        return after
    desk.books.contacts.put(contacts.with_touch(kept_ledger(before, desk), chase.touch_of(after)))
    for one in (after, *(chase.share(after, other) for other in others)):
        desk.books.chases.put(one)
        desk.note("chase_contact", one.id, broadcast=one.broadcast, step=kind, order_id=one.order_id)
    return after


def queue(desk: Desk, limit: int, who: str = "") -> tuple[Chase, ...]:
    """The most urgent orders `who` (the caller) may work on now."""
    return chase.due(desk.chases(), desk.now, limit, lambda one: allowed(one, desk, who))


def many(desk: Desk) -> bool:
    """Whether so many wait that they are worked by table, message first (REQUIREMENTS B10)."""
    most = rules().batch_over

    def waiting(some: list[Chase]) -> bool:
        return sum(chase.workable(one, desk.now) for one in some) > most

    # Every claim asks: mostly a look at those that die first says it, without reading thousands of orders.
    first = desk.books.chases.due(FAR, GLANCE * most)
    return waiting(first) or waiting(desk.chases())


# -- how long an order lives -------------------------------------------------------------------------


def product_key(listing: Listing) -> str:
    """What a product is known by from one broadcast to the next."""
    return listing.product.product_id or listing.name


class Lives:
    """How long each order lives, by its product and the moment it was placed; the offers are read once a product."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._setup = setup(desk)
        self._room = desk.unpaid_life()
        seconds = self._setup.flash_seconds
        self._flash = timedelta(seconds=seconds) if seconds else unpaid_life(desk.room.platform, flash=True)
        self._versions: dict[str, list[OfferVersion]] = {}

    def of(self, listing: Listing | None, at: datetime | None) -> timedelta | None:
        """None where nobody knows; `at`: when the order was placed, `listing`: what is known of its product."""
        if listing is None:
            return self._room
        seconds = self._setup.lives.get(product_key(listing))
        product = timedelta(seconds=seconds) if seconds else None
        ran = at is not None and chase.flash_ran(self._offers(listing), at)
        return chase.life_of(self._room, product, self._flash, ran=ran)

    def _offers(self, listing: Listing) -> list[OfferVersion]:
        if listing.id not in self._versions:
            self._versions[listing.id] = self._desk.books.offers.by("listing", listing.id)
        return self._versions[listing.id]


def watch(one: Chase, desk: Desk) -> None:
    """Make sure somebody looks when this order dies."""
    row = desk.books.due.get(f"{desk.room.id}-d:chase_sweep:{desk.room.id}")
    if one.dies_at and (row is None or one.dies_at < row.due_at):
        desk.sweep_at(one.dies_at)


def listing_of(one: Chase, desk: Desk) -> Listing | None:
    """The product of a chase, in the broadcast it belongs to."""
    if one.link_no is None:
        return None
    known = desk.books.listings.by("broadcast", one.broadcast)
    return next((each for each in known if each.link_no == one.link_no), None)
