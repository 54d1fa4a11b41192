"""The chase in the room's books: how long orders live, the buyer's ledger, what was learnt since a card was sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice

from bot import vips
from bot.desk import Desk
from playbooks import chase, contacts
from playbooks.announce import Listing, OfferVersion
from playbooks.chase import Chase, ChaseSetup, StepKind
from playbooks.chase.rules import rules
from playbooks.contacts import Ledger
from playbooks.in_force import offer_at
from playbooks.model import Refusal
from storage.exports import unpaid_life

GLANCE = 4
QUEUED = ("open", "claimed", "waiting", "contacted")
"""The states of `chase.ALIVE`, those first in which most orders wait for somebody."""
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

    What is learnt here is kept: nobody is contacted about an order that was paid while the card was open. Whom
    the buyer was unhappy with over another order is to be avoided in this one.
    """
    one = need_chase(id, desk)
    state = desk.books.orders.get(f"{desk.room.id}-o{one.order_id}")
    now = chase.against(one, state, desk.now)
    if now != one:
        desk.books.chases.put(now)
        kind = "chase_paid" if now.state == "paid" else "chase_lost"
        desk.note(kind, one.id, broadcast=one.broadcast, why=now.closed_why, order_id=one.order_id)
    return chase.for_buyer(now, of_buyer(now, desk)) if now.alive else now


# -- the buyer --------------------------------------------------------------------------------------


def ledger_of(one: Chase, desk: Desk) -> Ledger | None:
    """The contacts of the order's buyer, where there were any."""
    return desk.books.contacts.get(contacts.ledger_id(desk.room.id, one.buyer_key, one.order_id))


def kept_ledger(one: Chase, desk: Desk) -> Ledger:
    """The ledger to write into."""
    id = contacts.ledger_id(desk.room.id, one.buyer_key, one.order_id)
    return desk.books.contacts.get(id) or Ledger(id=id)


def of_buyer(one: Chase, desk: Desk) -> list[Chase]:
    """Every chase of the order's buyer, where the buyer is known."""
    return desk.books.chases.by("buyer_key", one.buyer_key) if one.buyer_key else [one]


def siblings(one: Chase, desk: Desk) -> tuple[Chase, ...]:
    """The buyer's other unpaid orders the caller may speak of in the same contact."""
    return chase.siblings(one, of_buyer(one, desk), desk.me.id, desk.now)


def allowed(one: Chase, desk: Desk) -> bool:
    """Whether it may be offered to the caller."""
    if vips.is_anothers(one, desk):
        return False
    return chase.open_to(one, of_buyer(one, desk), ledger_of(one, desk), desk.me.id, desk.now)


def need_open(one: Chase, desk: Desk) -> None:
    """Raises Refusal `contacts.*` where the order's buyer may not be contacted, whoever asks for the order by number.

    Whose contacts used up the rounds still takes it up again, to enter what came of them.
    """
    if one.owner != desk.me.id or not one.touches:
        contacts.check_open(ledger_of(one, desk), "chase", one.order_id, desk.now)


def contact(before: Chase, kind: StepKind, desk: Desk, *, text: str = "") -> Chase:
    """The step taken, kept with the buyer's ledger; one contact also for the buyer's other unpaid orders.

    `text`: the key of the text a message says. Raises the Refusals of `chase.record`.
    """
    made = chase.contacted(
        before, of_buyer(before, desk), kept_ledger(before, desk), desk.me.id, kind, now=desk.now,
        zone=desk.zone, sms=setup(desk).sms, text=text if kind in WRITTEN else "",
    )  # fmt: skip
    if not made.chases:
        return before
    desk.books.contacts.put(made.ledger)
    for one in made.chases:
        desk.books.chases.put(one)
        desk.note("chase_contact", one.id, broadcast=one.broadcast, step=kind, order_id=one.order_id)
    return made.chases[0]


def answer(
    one: Chase, said: str, desk: Desk, *, reason: str = "", promised_at: datetime | None = None
) -> tuple[Chase, ...]:
    """What came of it, kept: the order first where it changed, then the buyer's others that it also answers.

    Raises the Refusals of `chase.answered`.
    """
    made = chase.answered(
        one, of_buyer(one, desk), kept_ledger(one, desk), desk.me.id, said, now=desk.now, zone=desk.zone,
        reason=reason, promised_at=promised_at,
    )  # fmt: skip
    if said in chase.FINAL:
        desk.books.contacts.put(made.ledger)
    for after in made.chases:
        desk.books.chases.put(after)
        desk.note("chase_outcome", after.id, outcome=said, reason=after.reason or "", order_id=after.order_id)
        if after.returns_at:
            desk.later("chase_returns", after.returns_at, after.id)
    return made.chases


def unsay(one: Chase, desk: Desk) -> None:
    """The outcome that ended it is taken back, and what it ended of the buyer's others. Raises as `chase.unsaid`."""
    made = chase.unsaid(one, of_buyer(one, desk), kept_ledger(one, desk), desk.me.id, desk.now)
    if one.answer in chase.FINAL:
        desk.books.contacts.put(made.ledger)
    for after in made.chases:
        desk.books.chases.put(after)
        desk.note("chase_outcome", after.id, outcome="unsaid", reason="", order_id=after.order_id)
        watch(after, desk)


def queue(desk: Desk, limit: int) -> tuple[Chase, ...]:
    """The most urgent orders the caller may work on now, each kept from whom its buyer was unhappy with."""
    ready = chase.due(desk.chases(), desk.now, limit, lambda one: allowed(one, desk))
    return tuple(chase.for_buyer(one, of_buyer(one, desk)) for one in ready)


def many(desk: Desk) -> bool:
    """Whether so many wait that they are worked by table, message first (REQUIREMENTS B10).

    Every claim asks: the oldest of each state say it, however many thousand there are.
    """
    most = rules().batch_over
    some = (one for state in QUEUED for one in desk.books.chases.by("state", state, GLANCE * most))
    waiting = (one for one in some if chase.workable(one, desk.now))
    return next(islice(waiting, most, None), None) is not None


# -- how long an order lives -------------------------------------------------------------------------


def product_key(listing: Listing) -> str:
    """What a product is known by from one broadcast to the next."""
    return listing.product.product_id or listing.name


class Lives:
    """How long each order lives, by platform, product and the moment it was placed, and what the product cost then;
    offers are read once a product."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._setup = setup(desk)
        self._room = desk.unpaid_life()
        self._others: dict[str, timedelta | None] = {}
        seconds = self._setup.flash_seconds
        self._flash = timedelta(seconds=seconds) if seconds else unpaid_life(desk.room.platform, flash=True)
        self._versions: dict[str, list[OfferVersion]] = {}

    def of(self, listing: Listing | None, at: datetime | None, platform: str) -> timedelta | None:
        """None where nobody knows; `at`: when the order was placed, `listing`: what is known of its product.

        An order of another `platform` than the room's lives as all do there: what is set for a product, and the flash
        sales, are those of the room's.
        """
        if chase.sold_on(platform, self._desk.room.platform) != self._desk.room.platform:
            if platform not in self._others:
                self._others[platform] = self._desk.unpaid_life(platform)
            return self._others[platform]
        if listing is None:
            return self._room
        seconds = self._setup.lives.get(product_key(listing))
        product = timedelta(seconds=seconds) if seconds else None
        ran = at is not None and chase.flash_ran(self._offers(listing), at)
        return chase.life_of(self._room, product, self._flash, ran=ran)

    def price(self, listing: Listing, at: datetime) -> Decimal:
        """What the product cost when the order was placed, yuan."""
        return (offer_at(self._offers(listing), at) or listing.offer).live_price

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
