"""Order exports: confirm, add and settle. The same order again updates, an older file never goes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from bot.card import Card, button, group, line, lines, tell
from bot.chase_asking import ask_life
from bot.chase_book import Lives, known_buyer
from bot.chase_cards import queue_buttons
from bot.desk import Desk
from bot.duty import DutySpec, FileKind
from bot.exposure import open_holds
from bot.gifting import counted as gifts_counted
from bot.intake import BAD_ROWS_SHOWN, Batch, bad_line, batches, counted, record_of, unknown_words
from bot.night import nights_kept_true
from bot.open_work import has_open_work, watch_buyers
from bot.reviewing import about, review_when_ready
from bot.surging import look as surge_in
from playbooks import aftercare, chase, followup
from playbooks.addresses.audit import audit
from playbooks.addresses.regions import RegionRule, in_force
from playbooks.aftercare import Hold
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast, business_day, of_order
from playbooks.chase import Chase
from playbooks.model import Refusal
from playbooks.orders import DEAD, PAID, Order, OrderState, Personal, ReadOrder, advances
from playbooks.room import Role
from storage.exports.reader import Export
from storage.rows import Job, Line
from storage.vault_books import Origin

WORKERS: frozenset[Role] = frozenset(["manager", "lead", "ops", "agent"])
HOLDS_SHOWN = 12


OrderBatch = Batch[Export, ReadOrder]


def read(export: Export, job: Job) -> Iterator[OrderBatch]:
    """The export in batches; personal fields go as far as the vault and no further (K08).

    Raises Refusal `orders.no_state` where nothing in it tells what became of an order: it would settle nothing.
    """
    if not export.says_status:
        raise Refusal("orders.no_state", form=export.format)
    bare = export.model_copy(update={"orders": ()})
    return batches(job, bare, export.orders, export.exported_at)


class _Intake:
    """One batch on its way into the books; `told` counts what it did."""

    def __init__(self, batch: OrderBatch, desk: Desk) -> None:
        self.desk = desk
        self.as_of = batch.as_of
        self.broadcasts = list(desk.books.broadcasts.scan())
        self.rules: tuple[RegionRule, ...] = in_force(list(desk.books.region_rules.scan()), desk.now)
        self.told: Counter[str] = Counter()
        self.cards: list[Card] = []
        self._listings: dict[str, list[Listing]] = {}
        self.lives = Lives(desk)

    def take(self, read: ReadOrder) -> None:
        """One order: its state, its chase, its hold, its follow-ups; nothing of one that is known newer."""
        key = self.desk.buyers.buyer_key(read.personal)
        order = read.order.model_copy(update={"buyer_key": key}) if key else read.order
        self.told["orders"] += 1
        self.told[f"status_{order.status}"] += 1
        known = self.desk.books.orders.get(f"{self.desk.room.id}-o{order.order_id}")
        if not advances(known, order, self.as_of):
            self.told["older"] += 1
            return
        broadcast = self._broadcast(order)
        if broadcast and broadcast.stage == "archived":  # what was known of it is not at hand: nothing is new
            self.told["archived"] += 1
            return
        links = self._links(order, broadcast)
        self._state(known, order, broadcast, links)
        self._chase(known, order, broadcast, links)
        self._hold(order, broadcast, links)
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

    def _broadcast(self, order: Order) -> Broadcast | None:
        if order.created_at is None:
            return None
        return of_order(self.broadcasts, order.created_at, self.desk.zone)

    def _links(self, order: Order, broadcast: Broadcast | None) -> tuple[int, ...]:
        """Products are joined by product id, then code, then exact title (facts/runsheet.yaml sku_code)."""
        if broadcast is None:  # another broadcast's numbers mean other products
            return ()
        if broadcast.id not in self._listings:
            self._listings[broadcast.id] = self.desk.books.listings.by("broadcast", broadcast.id)
        listings = self._listings[broadcast.id]
        found = (
            one.link_no
            for bought in order.lines
            if not bought.gift
            for one in listings
            if (bought.product_id and bought.product_id == one.product.product_id)
            or (bought.sku_code and bought.sku_code == one.product.sku_code)
            or (bought.title and bought.title == one.name)
        )
        return tuple(dict.fromkeys(found))

    def _state(
        self, known: OrderState | None, order: Order, broadcast: Broadcast | None, links: tuple[int, ...]
    ) -> None:
        closed_why, closed_at = chase.end_of(order, known, self.as_of, self._life(order, broadcast, links))
        if broadcast and (known is None or (known.status, known.paid_at) != (order.status, order.paid_at)):
            self.told[about(broadcast.id)] += 1
        self.desk.books.orders.put(
            OrderState(
                id=f"{self.desk.room.id}-o{order.order_id}", order_id=order.order_id,
                platform=order.platform, status=order.status, as_of=self.as_of,
                link_no=links[0] if links else None, title=_title(order),
                gifts=tuple(one.title for one in order.lines if one.gift),
                quantity=sum(one.quantity for one in order.lines if not one.gift) or 1, amount=order.amount,
                created_at=order.created_at, paid_at=order.paid_at, ship_by=order.ship_by,
                broadcast=broadcast.id if broadcast else "", city=order.city, province=order.province,
                buyer_key=order.buyer_key, closed_why=closed_why, closed_at=closed_at,
            )
        )  # fmt: skip

    def _chase(
        self, state: OrderState | None, order: Order, broadcast: Broadcast | None, links: tuple[int, ...]
    ) -> None:
        known = self.desk.books.chases.get(chase.chase_id(self.desk.room.id, order.order_id))
        if known is None and state is not None and (state.paid or state.dead):
            return
        now = chase.take_in(
            known, order, room=self.desk.room.id, broadcast=broadcast.id if broadcast else "",
            link_no=links[0] if links else None, as_of=self.as_of, life=self._life(order, broadcast, links),
            now=self.desk.now, first_time=self._first_time(order),
        )  # fmt: skip
        if now is None or now == known:
            return
        self.desk.books.chases.put(now)
        if known is not None and now.buyer_key != known.buyer_key:
            known_buyer(now, self.desk)
        if known is None:
            self.told["chase_new"] += 1
            self._note("chase_new", now, source="file")
        elif known.state != "paid" and now.state == "paid":  # lost by the clock, yet paid in time after all
            self._settled(known, now, "chase_paid")
        elif known.alive and not now.alive:
            self._settled(known, now, "chase_lost")

    def _life(
        self, order: Order, broadcast: Broadcast | None, links: tuple[int, ...]
    ) -> timedelta | None:
        """How long it lives unpaid: by its product, and by a flash sale that ran when it was placed."""
        known = self._listings.get(broadcast.id, []) if broadcast else []
        listing = next((one for one in known if links and one.link_no == links[0]), None)
        return self.lives.of(listing, order.created_at)

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
        if before.held(self.desk.now):  # somebody is at it this minute: tell them to stop
            key = "chase.told_paid" if kind == "chase_paid" else "chase.told_lost"
            said = line(key, order_id=now.order_id, why=line(f"chase.closed_{now.closed_why}"))
            # A new message, since edits do not notify; the card before loses its buttons.
            key = f"chase:{now.id}:{before.owner}"
            self.cards.append(tell(before.owner, said, key=key, rank="work", about=f"chase {now.id}"))

    def _note(self, kind: str, about: Chase | Hold, **values: str) -> None:
        self.desk.note(kind, about.id, broadcast=about.broadcast, order_id=about.order_id, **values)

    def _hold(self, order: Order, broadcast: Broadcast | None, links: tuple[int, ...]) -> None:
        id = f"{self.desk.room.id}-h{order.order_id}"
        known = self.desk.books.holds.get(id)
        findings = audit(order, self.rules, links)
        if known is None and not findings:
            return
        hold = aftercare.take_in(
            known, order, findings, hold_id=id, now=self.desk.now, link_no=links[0] if links else None,
            title=_title(order), broadcast=broadcast.id if broadcast else "",
        )  # fmt: skip
        if hold is None or hold == known:
            return
        self.desk.books.holds.put(hold)
        if known is None:
            self.told[f"hold_{hold.verdict}"] += 1
            self._note("hold_new", hold, rules=" ".join(hold.rules), region=hold.region)
        elif hold.state == "solved" and known.state != "solved":
            self.told["hold_solved"] += 1
            self._note("hold_step", hold, step="settle", state="solved")

    def _follow_ups(self, order: Order, links: tuple[int, ...]) -> None:
        link = links[0] if links else None
        for item in self.desk.books.follow_ups.by("order_id", order.order_id):
            settled = followup.settle(item, now=self.desk.now, order=order)
            if settled != item:
                self.desk.books.follow_ups.put(settled)
        new = followup.from_order(self.desk.room.id, order, self.desk.now, link_no=link)
        if new and self.desk.books.follow_ups.get(new.id) is None:
            self.desk.books.follow_ups.put(new)
            self.told[f"follow_{new.kind}"] += 1
            self.desk.note("follow_new", new.id, type=new.kind, order_id=new.order_id)


def _title(order: Order) -> str:
    return next((one.title for one in order.lines if one.title and not one.gift), "")


def take_in(batch: OrderBatch, desk: Desk) -> list[Card]:
    """One batch into the books; taken up again after a restart it counts once."""
    known = record_of(batch, "orders", desk)
    if known is None:
        return []
    intake = _Intake(batch, desk)
    for read_order in batch.rows:
        intake.take(read_order)
    if intake.told["orders"]:
        watch_buyers(desk)
    told = Counter(known.counts) + intake.told
    done = counted(known, batch, told, desk)
    if not batch.last:
        return intake.cards
    desk.note("import", batch.job.id, type="orders", name=batch.job.file_name, orders=str(told["orders"]))
    _wake_at_next_expiry(desk)
    return [
        *intake.cards,
        _summary(batch, told, desk),
        *_to_the_group(told, desk),
        *(ask_life(desk) if told["chase_new"] else []),
        *surge_in(desk, batch.as_of),
        *gifts_counted(desk),
        *nights_kept_true(desk),
        *review_when_ready(done, desk),
    ]


def _summary(batch: OrderBatch, told: Counter[str], desk: Desk) -> Card:
    export = batch.about
    if not told["orders"] and export.bad:
        bad = (bad_line(row) for row in export.bad[:BAD_ROWS_SHOWN])
        return tell(desk.me.id, line("orders.bad_rows_only", count=len(export.bad)), bad)
    said = lines(
        line(
            "orders.taken",
            orders=told["orders"],
            format=line(f"platform.{export.platform}"),
            as_of=desk.clock(batch.as_of),
        ),
        _by_status(told),
        line("orders.by_status_unknown", count=told["status_unknown"]) if told["status_unknown"] else None,
        line("orders.chases", new=told["chase_new"], paid=told["chase_paid"], lost=told["chase_lost"]),
        line("orders.holds", hold=told["hold_HOLD"], check=told["hold_CHECK"], solved=told["hold_solved"]),
        line("orders.followups", count=told["follow_review_invite"])
        if told["follow_review_invite"]
        else None,
        line("orders.older", count=told["older"]) if told["older"] else None,
        line("orders.archived", count=told["archived"]) if told["archived"] else None,
        line("audit.no_rules") if not list(desk.books.region_rules.scan()) else None,
        line("orders.unknown_statuses", words=unknown_words(export.unknown_statuses))
        if export.unknown_statuses
        else None,
        line("orders.bad_rows", count=len(export.bad)) if export.bad else None,
        (bad_line(row) for row in export.bad[:BAD_ROWS_SHOWN]),
        line("orders.life_unknown") if told["chase_new"] and desk.unpaid_life() is None else None,
    )
    return tell(desk.me.id, said)


def _by_status(told: Counter[str]) -> Line:
    """Each order once: a refunded one was paid and is over, so it is told among the closed."""
    paid, dead = (sum(told[f"status_{s}"] for s in some) for some in (PAID - DEAD, DEAD))
    return line("orders.by_status", unpaid=told["status_pending_payment"], paid=paid, dead=dead)


def _to_the_group(told: Counter[str], desk: Desk) -> list[Card]:
    """At most two silent cards an import: the chases to take, and near the end the orders not to ship."""
    here = desk.broadcast()
    cards = []
    if told["chase_new"]:
        waiting = [c for c in desk.chases() if chase.workable(c, desk.now)]
        first = min((c.expires_at for c in waiting if c.expires_at), default=None)
        said = line("chase.queue", new=told["chase_new"], waiting=len(waiting), first=desk.clock(first))
        buttons = queue_buttons(len(waiting))
        cards.append(group(said, topic="chase", key="chase-queue", buttons=buttons, silent=True, rank="work"))
    if here and here.stage == "planned":  # the next one's sheet is in while tonight's is being wrapped
        here = desk.to_wrap()
    if here and here.stage in ("closing", "ended") and told["hold_HOLD"] + told["hold_CHECK"]:
        cards += [holds_card(desk), *_to_the_warehouse(desk)]
    return cards


def _to_the_warehouse(desk: Desk) -> list[Card]:
    """What must not leave reaches those who pack, privately (L08)."""
    listed = aftercare.intercept_list(desk.books.holds.scan())
    said, buttons = line("intercept.new", count=len(listed)), ((button("intercept.open", "intercept"),),)
    packers = desk.with_role("warehouse") if listed else []
    return [tell(m.id, said, buttons=buttons, key=f"intercept-new:{m.id}", rank="work") for m in packers]


def holds_card(desk: Desk) -> Card:
    """The group's card: order number, rule, region, deadline; details privately to who claims one."""
    waiting = aftercare.open_holds(open_holds(desk))
    holds = [h for h in waiting if h.verdict == "HOLD"]
    checks = sum(h.verdict == "CHECK" for h in waiting)
    said = lines(
        line("hold.group_head", hold=len(holds), check=checks),
        (
            line(
                "hold.group_line",
                order_id=h.order_id,
                rule=line(f"audit.name_{h.rules[0]}"),
                region=h.region,
                ship_by=desk.clock(h.ship_by),
            )
            for h in holds[:HOLDS_SHOWN]
        ),
        line("hold.group_more", count=len(holds) - HOLDS_SHOWN) if len(holds) > HOLDS_SHOWN else None,
    )
    buttons = ((button("hold.take_next", "hold next"),),)
    return group(said, topic="anomaly", key="holds", buttons=buttons, silent=True, rank="work")


def _wake_at_next_expiry(desk: Desk) -> None:
    """One due row a room: the moment the next unpaid order dies."""
    first = desk.books.chases.next_due()
    if first:
        desk.sweep_at(first)


DUTY = DutySpec("orders", files=(FileKind("orders", WORKERS, read, take_in),))
