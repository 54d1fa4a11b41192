"""A week of four streams, scripted by seed and played at the bot minute by minute; the ledger is the script's own."""

from __future__ import annotations

import heapq
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from playbooks.chase import chase_id
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, SHANGHAI, Shift
from tests.support.week_ledger import LIFE, MINUTE, Change, Dispute, Ledger, Question, Sale
from tests.support.week_orders import export_of
from tests.support.week_watch import Watch

DAYS = (11, 12, 13, 14)
AGENTS = (MEI, QIANG)
CREW = (BOSS, OPS, MEI, QIANG, CHEN)
ON_AIR = 48
"""Minutes."""
EXPORTS = (18, 34)
"""Minutes after the beginning; the last comes when every order was paid or is dead."""
GOODS = ("玫瑰精华水", "轻盈防晒霜", "净颜卸妆膏", "丝绒口红", "修护面膜", "山茶花护手霜")
TEXTS = ("敏感肌能用吗", "瓶子是玻璃的吗", "保质期有几年", "油皮会闷痘吗", "要放冰箱吗", "男士适合哪一款")
LOST = {"太贵": "price", "没货": "stock", "尺码": "fit"}
FATES = {"at_once": 5, "alone": 2, "left": 2, "recovered": 3, "failed": 2, "cancelled": 1}
Step = Callable[[], Awaitable[None]]


class Stream:
    """One evening, and what the days after it bring."""

    def __init__(self, shift: Shift, watch: Watch, day: int, seed: int) -> None:
        self.shift = shift
        self.watch = watch
        self.day = day
        self.dice = random.Random(seed * 100 + day)
        self.start = datetime(2026, 11, day, 20, tzinfo=SHANGHAI)
        count = self.dice.randint(4, len(GOODS))
        self.ledger = Ledger(names=dict(enumerate(self.dice.sample(GOODS, count), 1)))
        self.on_duty = set(AGENTS)
        self._steps: list[tuple[datetime, int, Step]] = []
        self._made = 0

    # -- moving on -----------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.shift.clock.now()

    def _at(self, moment: datetime, step: Step) -> None:
        self._made += 1
        heapq.heappush(self._steps, (moment, self._made, step))

    def _later(self, low: float, high: float, step: Step) -> None:
        """At some second between two minutes of the stream."""
        self._at(self.start + timedelta(seconds=self.dice.randint(int(low * 60), int(high * 60))), step)

    async def _run(self, until: datetime) -> None:
        while self._steps:
            at, _, step = heapq.heappop(self._steps)
            await self.wind(at)
            await step()
        await self.wind(until)

    async def wind(self, to: datetime) -> None:
        if to > self.now:
            await self.shift.here.wind(to)
        self.watch.look()

    async def says(self, who: int, text: str) -> str:
        """`who` writes in private; what the bot answered there."""
        said = await self.shift.asks(who, text)
        self.watch.look(who)
        return "\n".join(said)

    # -- the evening ---------------------------------------------------------------------------------

    async def play(self) -> None:
        """From the run sheet to the export that makes the review."""
        await self._prepare()
        for plan in (self._switches, self._orders, self._changes, self._questions, self._mishaps):
            plan()
        for minute in EXPORTS:
            self._at(self.start + minute * MINUTE, self._work)
        await self._run(self.start + ON_AIR * MINUTE)
        await self.says(OPS, "下播")
        self.watch.happened()
        self.ledger.off = self.now
        slow = [
            q for q in self.ledger.questions if not q.answered or q.answered - min(q.asks.values()) > MINUTE
        ]
        self.watch.questions_left(len(slow))
        await self.wind(self.start + ON_AIR * MINUTE + LIFE + 4 * MINUTE)
        await self.export()
        for one in self.ledger.sales:
            if one.paid_at and self.ledger.in_dispute(one):
                one.explained = "open"

    async def _prepare(self) -> None:
        await self.wind(self.start - 20 * MINUTE)
        for who in CREW:
            await self.says(who, "/in")
        self.ledger.prices = {n: Decimal(self.dice.randrange(39, 200)) for n in self.ledger.names}
        rows = [f"{n} {name} {self.ledger.prices[n]}" for n, name in self.ledger.names.items()]
        await self.says(OPS, "\n".join(rows))
        await self.shift.press(OPS, f"启用这 {len(rows)} 款")
        await self.wind(self.start)
        await self.says(OPS, "开播")
        self.watch.happened()
        self.ledger.live = self.now

    def _switches(self) -> None:
        """All products but the last, which nobody announces; the one before comes late."""
        links = [*self.ledger.names][:-1]
        apart = (ON_AIR - 4) / len(links)
        for n, link in enumerate(links):
            self._at(self.start + timedelta(minutes=1 + int(n * apart)), partial(self._switch, link))

    async def _switch(self, link: int) -> None:
        await self.says(OPS, f"开讲 {link}")
        self.ledger.aired.append((self.now, link))
        self.watch.happened()

    # -- orders and the chase ------------------------------------------------------------------------

    def _orders(self) -> None:
        for n in range(self.dice.randint(18, 26)):
            at = self.start + timedelta(seconds=self.dice.randint(30, (ON_AIR - 2) * 60))
            self._place(n, at, self.dice.choice([*self.ledger.names]))

    def _place(self, n: int, at: datetime, link: int, fate: str = "") -> Sale:
        """An order; what it will cost stands in the ledger only when its minute has come."""
        fate = fate or self.dice.choices([*FATES], [*FATES.values()])[0]
        one = Sale(f"69179267{self.day}{n:09}", link, at, Decimal(0), fate)
        if fate == "at_once":
            one.paid_at = at + MINUTE
            one.region = "台湾省" if self.dice.random() < 0.45 else ""
        elif fate == "alone":
            one.paid_at = at + timedelta(seconds=self.dice.randint(200, 1700))
        elif fate == "cancelled":
            one.cancelled_at = at + timedelta(seconds=self.dice.randint(60, 1700))
        self._at(at, partial(self._placed, one))
        return one

    async def _placed(self, one: Sale) -> None:
        one.amount = self.ledger.prices[one.link]
        self.ledger.sales.append(one)

    async def export(self) -> None:
        """As the platform has it now; what is unpaid in it is known to be from now on."""
        self._see()
        await self.shift.sends(OPS, *export_of(self.ledger.sales, self.ledger.names, self.now))
        self.watch.look(OPS)

    def _see(self) -> None:
        for one in self.ledger.sales:
            unpaid = one.paid_at is None or one.paid_at > self.now
            alive = self.now < one.at + LIFE and not (one.cancelled_at and one.cancelled_at <= self.now)
            one.seen_unpaid |= unpaid and alive
            if one.region and one.paid_at and one.paid_at <= self.now and not one.hold:
                one.hold = "open"

    async def _work(self) -> None:
        """An export, and the agents contact whom they mean to contact."""
        await self.export()
        meant = [s for s in self.ledger.sales if s.fate in ("recovered", "failed") and not s.contacted_at]
        for one in meant:
            left = one.at + LIFE - self.now
            if left > 4 * MINUTE:
                await self._contact(one, self.dice.choice(sorted(self.on_duty)))

    async def _contact(self, one: Sale, who: int) -> None:
        id = chase_id("a1", one.number)
        await self.says(who, f"/claim {id}")
        steps = ["button"] if self.dice.random() < 0.6 else ["phone", "button", "message"]
        one.contacted_at, one.agent = self.now, who
        for step in steps:
            await self.says(who, f"/step {id} {step}")
        one.channels = steps
        if one.fate == "recovered":
            left = int((one.at + LIFE - self.now).total_seconds())
            one.paid_at = self.now + timedelta(seconds=self.dice.randint(60, left - 60))
        elif len(steps) > 1:
            one.reason = self.dice.choice(["price", "pay_balance", "shop_competitor"])
            await self.says(who, f"/said {id} refused {one.reason}")

    # -- the hand-off --------------------------------------------------------------------------------

    def _changes(self) -> None:
        """Every six minutes perhaps a price; once an agent is away meanwhile."""
        for n in range(6):
            if self.dice.random() < 0.75:
                self._later(3 + 7 * n, 4 + 7 * n, self._reprice)
        if self.dice.random() < 0.5:
            self._at(self.start + 20 * MINUTE, partial(self._leaves, QIANG))
            self._at(self.start + 30 * MINUTE, partial(self._returns, QIANG))

    async def _leaves(self, who: int) -> None:
        await self.says(who, "/break")
        self.on_duty.discard(who)

    async def _returns(self, who: int) -> None:
        await self.says(who, "/in")
        self.on_duty.add(who)

    async def _reprice(self) -> None:
        link = self.dice.choice([*self.ledger.names])
        price = self.ledger.prices[link] - self.dice.randint(1, 4)
        await self.says(OPS, f"改价 {link} {price}")
        self.watch.happened()
        self.ledger.prices[link] = price
        for one in self.ledger.disputes:
            if one.link == link and one.until is None:
                one.until = self.now
        change = Change(link, self.now, frozenset(self.on_duty))
        self.ledger.changes.append(change)
        notice = self.shift.find(self.shift.group, "已知悉")[0].message_id
        for who in sorted(change.asked):
            if self.dice.random() < 0.75:
                seconds = self.dice.choice([self.dice.randint(4, 110), self.dice.randint(121, 170)])
                self._at(self.now + timedelta(seconds=seconds), partial(self._knows, who, change, notice))

    async def _knows(self, who: int, change: Change, notice: int) -> None:
        """By the button in the group or by looking the product up; who is away does neither."""
        if who not in self.on_duty or any(
            o.link == change.link and o.at > change.at for o in self.ledger.changes
        ):
            return
        if self.dice.random() < 0.5:
            message = next(m for m in self.shift.here.core.said(self.shift.group) if m.message_id == notice)
            caption = next(b.text for row in message.rows for b in row if "已知悉" in b.text)
            await self.shift.here.presses(who, self.shift.group, notice, caption)
            self.watch.look(who)
        else:
            await self.says(who, f"/p {change.link}")
        change.known[who] = self.now

    def _questions(self) -> None:
        for n, text in enumerate(self.dice.sample(TEXTS, self.dice.randint(2, 4))):
            wait = self.dice.choice([self.dice.randint(15, 50), self.dice.randint(15, 50), 200, None])
            self._later(2 + 9 * n, 8 + 9 * n, partial(self._asks, text, wait))

    async def _asks(self, text: str, wait: int | None) -> None:
        link, who = self.dice.choice([*self.ledger.names]), self.dice.choice(AGENTS)
        await self.says(who, f"/ask {link} {text}")
        question = Question(text, {who: self.now})
        self.ledger.questions.append(question)
        if self.dice.random() < 0.4:
            other = MEI if who == QIANG else QIANG
            self._at(self.now + timedelta(seconds=11), partial(self._asks_too, other, link, question))
        if wait is not None:
            self._at(self.now + timedelta(seconds=wait), partial(self._answers, question))

    async def _asks_too(self, who: int, link: int, question: Question) -> None:
        told = await self.says(who, f"/ask {link} 请问{question.text}呢？")
        assert "已有人问过" in told
        question.asks[who] = self.now

    async def _answers(self, question: Question) -> None:
        card = next(m for m in reversed(self.shift.here.core.said(OPS)) if question.text in m.text)
        await self.shift.here.says(OPS, OPS, "以详情页为准", reply_to=card.message_id)
        self.watch.look(OPS)
        question.answered = self.now

    def _mishaps(self) -> None:
        """Slips of the host, prices heard otherwise with an order in between, lost inquiries, needs."""
        for n in range(self.dice.randint(0, 2)):
            self._later(5, 44, partial(self._slip, n))
        if self.dice.random() < 0.75:
            self._later(9, 40, self._hears)
        for _ in range(self.dice.randint(0, 3)):
            self._later(5, 44, self._loses)
        for n in range(self.dice.randint(0, 2)):
            self._later(5, 44, partial(self._needs, n))

    async def _slip(self, n: int) -> None:
        await self.says(OPS, f"/correct {self.ledger.aired[-1][1]} 说成了买二送{n + 2}，实际没有")
        self.ledger.slips += 1
        self.watch.happened()

    async def _hears(self) -> None:
        link = self.ledger.aired[-1][1]
        await self.says(MEI, f"报价 {self.ledger.prices[link] - 9}")
        dispute = Dispute(link, self.now)
        self.ledger.disputes.append(dispute)
        self._place(900, self.now + timedelta(seconds=9), link, "at_once").region = ""
        self._at(self.now + timedelta(seconds=self.dice.randint(20, 90)), partial(self._settles, dispute))

    async def _settles(self, dispute: Dispute) -> None:
        if dispute.until:
            return
        await self.shift.press(OPS, "否，仍是")
        self.watch.look(OPS)
        dispute.until, dispute.ours = self.now, True

    async def _loses(self) -> None:
        word = self.dice.choice([*LOST])
        await self.says(MEI, f"/lost 1 {word}")
        self.ledger.lost[LOST[word]] += 1

    async def _needs(self, n: int) -> None:
        await self.says(QIANG, f"/need 2 想要第 {n} 种颜色")
        self.ledger.needs += 1

    # -- the days after ------------------------------------------------------------------------------

    async def hold_work(self) -> None:
        """Before midnight each held order is left, claimed, handed on or waived by name."""
        for one in (s for s in self.ledger.sales if s.hold == "open"):
            id, what = (
                f"a1-h{one.number}",
                self.dice.choice(["open", "claimed", "handed", "waived", "solved"]),
            )
            if what in ("claimed", "handed"):
                await self.says(MEI, f"/hold {id}")
            if what == "handed":
                await self.says(MEI, f"/hand {id}")
            if what == "waived":
                await self.says(BOSS, f"/waive {id} 买家自提")
            one.hold = what  # the next export shows the place of a solved one changed

    async def late_data(self, clock: str) -> None:
        """Another day: some paid orders were refunded, some received; what a solved hold says has changed."""
        await self.wind(_on(self.start, clock, days=1))
        paid = [s for s in self.ledger.sales if s.paid_at and not s.hold and not self.ledger.in_dispute(s)]
        for one in paid:
            what = self.dice.choices(["refunded", "received", ""], [1, 3, 2])[0]
            if what == "refunded":
                one.refunded_at = self.now
            if what == "received":
                one.received_at, one.invited = self.now - MINUTE, "open"
        await self.export()

    async def enters(self) -> None:
        """What nobody can count."""
        told = {"goal_net_sales": "目标净销售", "viewers": "场观", "goal_viewers": "目标场观"}
        self.ledger.entered = {id: Decimal(self.dice.randint(800, 5000)) for id in told}
        typed = " ".join(f"{word} {self.ledger.entered[id]}" for id, word in told.items())
        await self.says(BOSS, f"/enter {typed}")

    async def follows_up(self, sales: list[Sale], most: int) -> None:
        """An agent takes the next work so often and does it, of whichever stream it is."""
        for _ in range(most):
            card = await self.says(MEI, "接活")
            one = next((s for s in sales if s.number in card), None)
            if one is None:
                return
            if one.explained == "open":
                await self.says(MEI, f"/followed a1-q{one.number} explained")
                one.explained = "done"
            else:
                await self.says(MEI, f"/followed a1-v{one.number} sent")
                one.invited = "done"

    async def goes_home(self) -> None:
        """Past nine nobody's buyer is dealt any more; then all sign out."""
        self.watch.dealt_at_night(await self.says(MEI, "接活"))
        for who in CREW:
            await self.says(who, "/out")


def _on(start: datetime, clock: str, days: int) -> datetime:
    hour, minute = (int(part) for part in clock.split(":"))
    return (start + timedelta(days=days)).replace(hour=hour, minute=minute)
