"""A simulated stream for the chase: orders, exports each half hour, registrations by hand, agents with chance outcomes.

The truth about every order (who bought, when it was paid) is the simulation's alone; the playbook sees exports,
lines typed by hand, and presses. Everything that reached a buyer is kept in `touched`, to be judged by a test.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from playbooks import chase, contacts
from playbooks.chase import Chase, Registered
from playbooks.contacts import Ledger
from playbooks.model import Refusal
from playbooks.orders import Order

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
LIFE, FLASH = 30 * MINUTE, 5 * MINUTE
EXPORTS_APART, STREAM = 30, 240
"""Minutes."""
OUTCOMES = ("no_answer", "will_pay", "paid_said", "refused", "inconvenient", "opted_out", "closed_said")
REASONS = ("price", "new_user", "pay_balance", "browsing", "attitude", "shop_competitor")


@dataclass(frozen=True)
class Sale:
    """The truth about one order."""

    number: str
    buyer: str
    amount: Decimal | None
    created_at: datetime
    pays_at: datetime | None
    life: timedelta

    def told(self, at: datetime) -> Order:
        """What an export made at `at` says of it."""
        paid = self.pays_at if self.pays_at and self.pays_at <= at else None
        dead = paid is None and self.created_at + self.life <= at
        return Order(
            platform="douyin", order_id=self.number, amount=self.amount, created_at=self.created_at, paid_at=paid,
            status="paid_unshipped" if paid else "cancelled" if dead else "pending_payment",
            close_reason="超时未支付" if dead else "", buyer_key=self.buyer,
        )  # fmt: skip


@dataclass(frozen=True)
class Reached:
    """One step that reached a buyer."""

    at: datetime
    who: str
    channel: str
    order: str
    text: str
    buyer: str
    """Whoever was known to be the buyer then; '' for nobody."""


@dataclass
class Stream:
    """The stream as it runs, minute by minute."""

    seed: int
    orders: int = 3000
    agents: int = 8
    hour: int = 19
    chases: dict[str, Chase] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    touched: list[Reached] = field(default_factory=list)
    known_at: dict[str, datetime] = field(default_factory=dict)
    paid_known_at: dict[str, datetime] = field(default_factory=dict)
    left_alone: dict[str, datetime] = field(default_factory=dict)
    """Buyer, or order of nobody known -> when they asked not to be contacted any more."""
    unhappy_with: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """Buyer, or order of nobody known, and agent -> when the buyer was unhappy with that agent."""
    refused: list[str] = field(default_factory=list)
    """What came of a contact and could not be kept: `answer: why`."""
    idle_at: set[datetime] = field(default_factory=set)
    """Minutes at whose end somebody had nothing to do."""
    passed_over: int = 0
    """Times an order was taken although a more valuable one could have been."""

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.start = datetime(2026, 11, 21, self.hour, tzinfo=ZONE).astimezone(UTC)
        self.now = self.start
        self.busy_until = {f"agent{n}": self.start for n in range(self.agents)}
        self.by_buyer: defaultdict[str, set[str]] = defaultdict(set)
        self.sales = sorted((self._sale(n) for n in range(self.orders)), key=lambda one: one.created_at)

    def _sale(self, n: int) -> Sale:
        chance = self.random
        created = self.start + timedelta(seconds=chance.randrange(STREAM * 60))
        life = FLASH if chance.random() < 0.1 else LIFE
        pays = created + timedelta(seconds=chance.randrange(int(life.total_seconds())))
        at_once = created + timedelta(seconds=chance.randrange(120))
        paid = at_once if chance.random() < 0.6 else pays if chance.random() < 0.3 else None
        buyer = f"k{chance.randrange(self.orders // 3 + 1)}" if chance.random() < 0.5 else ""
        amount = None if chance.random() < 0.05 else Decimal(chance.randrange(900, 60000)) / 100
        return Sale(f"69{n:017d}", buyer, amount, created, paid, life)

    def run(self) -> Stream:
        """The whole stream, and half an hour until the last orders are dead."""
        by_hand = self._by_hand()
        for minute in range(STREAM + 30):
            self.now = self.start + minute * MINUTE
            if minute % EXPORTS_APART == 0:
                self._export()
            for sale in by_hand.pop(self.now, ()):
                self._register(sale)
            self._sweep()
            for who in self.busy_until:
                self._work(who)
        return self

    def _by_hand(self) -> dict[datetime, list[Sale]]:
        """A quarter of the orders are seen on the platform's desk within some minutes."""
        seen: defaultdict[datetime, list[Sale]] = defaultdict(list)
        for sale in self.sales:
            if self.random.random() < 0.25:
                at = sale.created_at + self.random.randrange(2, 12) * MINUTE
                seen[self.start + ((at - self.start) // MINUTE) * MINUTE].append(sale)
        return seen

    def _export(self) -> None:
        as_of = self.now - MINUTE
        for sale in self.sales:
            if sale.created_at > as_of:
                break
            order, known = sale.told(as_of), self.chases.get(sale.number)
            if order.paid_at:
                self.paid_known_at.setdefault(sale.number, self.now)
            new = chase.take_in(
                known,
                order,
                room="a1",
                broadcast="a1-b1",
                link_no=None,
                as_of=as_of,
                life=sale.life,
                now=self.now,
            )
            if new is not None and new != known:
                self._keep(new)
                self._buyer_told(new)

    def _buyer_told(self, one: Chase) -> None:
        alone = self.ledgers.pop(contacts.ledger_id("a1", "", one.order_id), None) if one.buyer_key else None
        if alone is not None:
            known = self.ledger(one)
            self.ledgers[known.id] = contacts.merged(known, alone)

    def _register(self, sale: Sale) -> None:
        """Typed from the platform's desk: only orders that show as unpaid there at this moment."""
        if sale.told(self.now).status != "pending_payment":
            return
        (line,) = chase.read_lines(f"催 {sale.number} {sale.created_at.astimezone(ZONE):%H:%M:%S}")
        assert isinstance(line, Registered)
        try:
            new = chase.register(
                self.chases.get(sale.number), room="a1", order_id=line.order_id, platform="douyin", now=self.now,
                life=sale.life, amount=sale.amount, created_at=chase.placed_at(line.placed, self.now, ZONE),
            )  # fmt: skip
        except Refusal:
            return
        self._keep(new)

    def _keep(self, one: Chase) -> None:
        self.chases[one.order_id] = one
        self.known_at.setdefault(one.order_id, self.now)
        if one.buyer_key:
            self.by_buyer[one.buyer_key].add(one.order_id)

    def _sweep(self) -> None:
        for one in list(self.chases.values()):
            if one.dies_at and one.dies_at <= self.now:
                self._keep(chase.expire(one, self.now))

    # -- an agent -----------------------------------------------------------------------------------

    def ledger(self, one: Chase) -> Ledger:
        id = contacts.ledger_id("a1", one.buyer_key, one.order_id)
        return self.ledgers.get(id) or Ledger(id=id)

    def theirs(self, one: Chase) -> list[Chase]:
        return (
            [self.chases[number] for number in sorted(self.by_buyer[one.buyer_key])]
            if one.buyer_key
            else [one]
        )

    def allowed(self, one: Chase, who: str) -> bool:
        return chase.open_to(one, self.theirs(one), self.ledger(one), who, self.now)

    def _work(self, who: str) -> None:
        if self.busy_until[who] > self.now:
            return
        alive = [one for one in self.chases.values() if one.alive]
        found = chase.due(alive, self.now, 1, lambda one: self.allowed(one, who))
        if not found:
            self.idle_at.add(self.now)
            return
        self._judge(found[0], alive, who)
        taken = chase.claim(found[0], who, self.now)
        self._keep(taken)
        self.busy_until[who] = self.now + self._contact(taken, who) * MINUTE

    def _judge(self, taken: Chase, alive: list[Chase], who: str) -> None:
        worth = self._worth(taken)
        open_now = (one for one in alive if chase.workable(one, self.now) and self.allowed(one, who))
        self.passed_over += any(self._worth(one) > worth for one in open_now)

    def _worth(self, one: Chase) -> float:
        """Yuan a minute left, worked out here once more."""
        assert one.expires_at
        left = max((one.expires_at - self.now).total_seconds() / 60, 1)
        share = 0.25 if one.reason == "browsing" else 1
        return round(float(one.amount if one.amount is not None else 59) * share / left, 6)

    def _contact(self, one: Chase, who: str) -> int:
        """The steps of one round and what came of it; how many minutes it took."""
        called = False
        for step in chase.steps(one, self.now, ZONE):
            if step.status == "todo" and step.kind != "remark":
                one = self._step(one, who, step.kind)
                called |= step.kind == "phone"
        self._answer(one, who)
        return 2 if called else 1

    def _step(self, one: Chase, who: str, kind: chase.StepKind) -> Chase:
        ledger = self.ledger(one)
        text = chase.script_key(one, ledger.texts) if kind == "message" else ""
        made = chase.contacted(
            one, self.theirs(one), ledger, who, kind, now=self.now, zone=ZONE, text=text or ""
        )
        self.ledgers[made.ledger.id] = made.ledger
        self.touched.append(Reached(self.now, who, kind, one.order_id, text or "", one.buyer_key))
        for each in made.chases:
            self._keep(each)
        return made.chases[0] if made.chases else one

    def _answer(self, one: Chase, who: str) -> None:
        told = self.random.choice(OUTCOMES)
        reason = self.random.choice(REASONS) if told == "refused" else ""
        promised = self.now + self.random.randrange(2, 15) * MINUTE if told == "will_pay" else None
        buyer = one.buyer_key or one.order_id
        if told == "opted_out":
            self.left_alone[buyer] = self.now
        try:
            made = chase.answered(
                one, self.theirs(one), self.ledger(one), who, told, now=self.now, zone=ZONE, reason=reason,
                promised_at=promised,
            )  # fmt: skip
        except Refusal as refused:
            self.refused.append(f"{told}: {refused.key}")  # left as it is, the lease lapses
            return
        if reason == "attitude":
            self.unhappy_with[buyer, who] = self.now
        self.ledgers[made.ledger.id] = made.ledger
        for each in made.chases:
            self._keep(each)
