"""A real evening as a script: who does what at which second, and the script's own ledger of what is true of it.

Seventeen people, forty switches, twenty-five price changes, sixty questions. Nothing in the ledger is read from
the bot: a change is in force because the script's ops typed it, a person knows it because the script let them.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median

from bot.clock import WoundClock
from bot.rehearsal.samples import csv_bytes
from bot.rehearsal.telegram import TelegramCore
from storage.exports.formats import DOUYIN
from tests.support.evening import BOSS, CHEN, SHANGHAI, START, Shift, evening

OPS = (102, 113)
LEAD = 120
AGENTS = tuple(range(201, 213))
NEVER = 211
"""Works all evening and confirms no change."""
LATE = 212
"""Comes in an hour and a half after the start."""
NAMES = {BOSS: "林主管", OPS[0]: "小周", OPS[1]: "小吴", LEAD: "孙组长", CHEN: "老陈"} | {
    who: f"客服{letter}" for who, letter in zip(AGENTS, "甲乙丙丁戊己庚辛壬癸子丑", strict=True)
}
ROLES = {LEAD: "组长", CHEN: "仓库"} | dict.fromkeys(OPS, "运营") | dict.fromkeys(AGENTS, "客服")

PRODUCTS = 20
SLOT = 300
"""Seconds from one switch to the next."""
SWITCHES = 40
OPENS = datetime(2026, 11, 11, 20, 0, tzinfo=SHANGHAI)
ENDS = OPENS + timedelta(seconds=SWITCHES * SLOT)
LATE_COMES = OPENS + timedelta(minutes=93)
CHANGES = 25
ASKS = 60
JOINED = 8
"""Of the asks those in other words than an open question: one question, two askers."""
UNANSWERED = 5
LATE_ANSWERS = 6
LATE_AFTER = timedelta(seconds=180)
TAKEN_SLOT, OURS_SLOT = 12, 30
SLIP_SLOTS = (7, 23)
OVERLOOKED = 0.12
"""How often somebody overlooks a change altogether."""
SAMPLES = 8
ORDERS = 40
EARLY_ORDERS, EARLY = 3, timedelta(minutes=9)
"""Orders of product 20 before it was ever announced."""

KINDS = ("精华水", "口红", "面霜", "眼霜", "卫衣")
TEXTS = (
    "敏感肌能用吗", "孕妇可以用吗", "保质期到什么时候", "瓶子是玻璃的吗", "几岁的孩子能用", "会不会搓泥",
    "晚上用还是早上用", "含酒精吗", "有没有香味", "开封后放多久", "男士适合哪一款", "可以上飞机吗",
    "颜色和主播手上的一样吗", "冬天会结块吗", "要不要先卸妆", "一瓶能用多久", "跟上次的配方相同吗",
    "瓶口是按压的吗", "要放冰箱吗", "油皮会闷痘吗", "盒子里有说明书吗", "能和维C一起用吗", "成分表在哪里看",
    "产地是哪里", "有备案吗", "沾到衣服洗得掉吗",
)  # fmt: skip


@dataclass(frozen=True)
class Version:
    """A price in force from `at`."""

    at: datetime
    price: Decimal


@dataclass
class Change:
    """A price change that asked `asked`; `known`: since when somebody of them knows it."""

    link: int
    at: datetime
    asked: frozenset[int]
    known: dict[int, datetime] = field(default_factory=dict)

    def waits(self) -> list[timedelta]:
        """How long each who knows it waited."""
        return [at - self.at for at in self.known.values()]


@dataclass
class Asked:
    """A question with everybody who asked it, and when it was answered."""

    number: int
    text: str
    asks: dict[int, datetime]
    answered: datetime | None = None


@dataclass(frozen=True)
class Dispute:
    """A price heard otherwise: of what, from when, until when."""

    link: int
    at: datetime
    until: datetime


@dataclass
class Ledger:
    """What the script knows."""

    versions: dict[int, list[Version]] = field(default_factory=dict)
    aired: list[tuple[datetime, int]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    slips: int = 0
    disputes: list[Dispute] = field(default_factory=list)

    def price(self, link: int, at: datetime) -> Decimal:
        """What a product cost at a moment."""
        return [one.price for one in self.versions[link] if one.at <= at][-1]

    def on_air(self, at: datetime) -> int:
        """What was on air at a moment."""
        return [link for since, link in self.aired if since <= at][-1]

    def announced(self, link: int) -> datetime:
        """When a product was first put on air."""
        return next(at for at, one in self.aired if one == link)

    def stands(self, change: Change) -> bool:
        """Whether nothing newer of the product has taken its place."""
        return not any(one.link == change.link and one.at > change.at for one in self.changes)

    def confirm_waits(self) -> list[timedelta]:
        """Of all who know a change they were asked to know."""
        return [wait for one in self.changes for wait in one.waits()]

    def all_knew(self) -> int:
        """Changes everybody asked knows, or a later one of the same product."""
        return sum(
            all(any(who in later.known for later in self.changes if _covers(later, one)) for who in one.asked)
            for one in self.changes
        )

    def answer_waits(self) -> list[timedelta]:
        """Of everybody whose question was answered."""
        return [q.answered - at for q in self.questions if q.answered for at in q.asks.values()]

    def late(self) -> int:
        """Questions of which somebody waited longer than they should."""
        return sum(
            q.answered is not None and q.answered - min(q.asks.values()) > LATE_AFTER for q in self.questions
        )


def _covers(later: Change, one: Change) -> bool:
    return later.link == one.link and later.at >= one.at


def middle(waits: Iterable[timedelta]) -> timedelta:
    """The median in whole seconds."""
    return timedelta(seconds=int(median(wait.total_seconds() for wait in waits)))


Step = Callable[[], Awaitable[None]]


class Evening:
    """The script played on a stage. `wrong`: every answer that was not what the ledger says."""

    def __init__(self, shift: Shift, seed: int = 20) -> None:
        self.shift = shift
        self.core = shift.here.core
        self.dice = random.Random(seed)
        self.ledger = Ledger()
        self.wrong: list[str] = []
        self.checked: Counter[str] = Counter()
        self.unasked: Counter[int] = Counter()
        """Messages a person was sent in private without having just said or pressed anything."""
        self.rung: Counter[int] = Counter()
        """Those of them that make a phone ring."""
        self.group_messages: list[datetime] = []
        """When the bot said something new in the group while on air."""
        self.nudges: dict[int, list[datetime]] = {who: [] for who in NAMES}
        """When each was reminded of a change they had not confirmed."""
        self._steps: list[tuple[datetime, int, Step]] = []
        self._made = 0
        self._seen = 0

    # -- the day -------------------------------------------------------------------------------------

    async def prepare(self, sheet: bytes, prices: dict[int, Decimal]) -> None:
        """Everybody signs in but who comes late, the sheet is taken over, the broadcast goes live."""
        await self.shift.says(BOSS, "/setup 小满优选 抖音")
        for who, role in ROLES.items():
            self.core.send_text(who, self.shift.group, "到了")
            await self.shift.here.settle()
            message = [m for m in self.shift.here.chat(self.shift.group) if m.sender_id == who][-1]
            await self.shift.says(BOSS, f"/role {role}", reply_to=message.message_id)
        for who in NAMES:
            await self.shift.here.starts(who)
            if who != LATE:
                await self.shift.asks(who, "/in")
        await self.shift.sends(OPS[0], "排品.csv", sheet)
        await self.shift.press(OPS[0], f"启用这 {PRODUCTS} 款")
        now = self.shift.clock.now()
        self.ledger.versions = {link: [Version(now, price)] for link, price in prices.items()}
        await self.shift.here.wind(OPENS)
        await self.shift.says(OPS[0], "开播")
        self._seen = len(self.core.transcript)

    async def play(self) -> None:
        """From the first switch to `/off`."""
        for plan in (self._switches, self._price_changes, self._questions, self._mishaps, self._samples):
            plan()
        self._at(LATE_COMES, lambda: self._arrives(LATE))
        while self._steps:
            at, _, step = heapq.heappop(self._steps)
            await self.shift.here.wind(at)
            self._count(None)
            await step()
        await self.shift.here.wind(ENDS)
        self._count(None)
        await self.says(OPS[0], "下播")

    def _at(self, moment: datetime, step: Step) -> None:
        self._made += 1
        heapq.heappush(self._steps, (moment, self._made, step))

    def _after(self, seconds: float, step: Step) -> None:
        self._at(self.shift.clock.now() + timedelta(seconds=seconds), step)

    async def says(self, who: int, text: str) -> list[str]:
        """`who` writes to the bot in private; what it answered there."""
        said = await self.shift.asks(who, text)
        self._count(who)
        return said

    async def presses(self, who: int, caption: str) -> None:
        """`who` presses the newest such button of their private chat."""
        await self.shift.press(who, caption)
        self._count(who)

    def _count(self, actor: int | None) -> None:
        """Sort what the bot said since the last look; `actor` brought it about."""
        for event in self.core.transcript[self._seen :]:
            if event.kind != "said" or event.who != self.core.bot.id:
                continue
            if event.chat_id == self.shift.group:
                self.group_messages.append(event.at)
            elif event.chat_id != actor:
                post = self.core.chats[event.chat_id].posts[event.message_id]
                self.unasked[event.chat_id] += 1
                self.rung[event.chat_id] += not post.silent
                if "请确认变更" in event.text:
                    self.nudges[event.chat_id].append(event.at)
        self._seen = len(self.core.transcript)

    # -- on air --------------------------------------------------------------------------------------

    def _switches(self) -> None:
        for slot in range(SWITCHES):
            self._at(OPENS + timedelta(seconds=slot * SLOT), partial(self._switch, slot))

    async def _switch(self, slot: int) -> None:
        link, who = slot % PRODUCTS + 1, OPS[slot % 2]
        if slot % 3 == 1:  # with the thumb, on the pad
            await self.presses(who, "下一个")
        else:
            await self.says(who, f"开讲 {link}")
        self.ledger.aired.append((self.shift.clock.now(), link))

    def _price_changes(self) -> None:
        """All but one, which comes of a price report."""
        for slot in self.dice.sample([s for s in range(SWITCHES) if s != TAKEN_SLOT], CHANGES - 1):
            link = self.dice.choice([slot % PRODUCTS + 1, self.dice.randint(1, PRODUCTS)])
            moment = OPENS + timedelta(seconds=slot * SLOT + 60)
            self._at(moment, partial(self._reprice, link, OPS[slot % 2]))

    async def _reprice(self, link: int, who: int) -> None:
        step = Decimal(self.dice.choice(["-6", "-3.5", "-1", "2", "4.9"]))
        price = self.ledger.price(link, self.shift.clock.now()) + step
        await self.says(who, f"改价 {link} {price}")
        self._changed(link, price, who)

    def _changed(self, link: int, price: Decimal, by: int) -> None:
        """A new price is in force; those asked get to know it in their own time, some never."""
        now = self.shift.clock.now()
        self.ledger.versions[link].append(Version(now, price))
        there = {*AGENTS, *OPS, LEAD} - {by} - ({LATE} if now < LATE_COMES else set())
        change = Change(link, now, frozenset(there))
        self.ledger.changes.append(change)
        notice = self.shift.find(self.shift.group, "已知悉")[0].message_id
        for who in sorted(there - {NEVER}):
            if self.dice.random() < OVERLOOKED:
                continue
            seconds = self.dice.randint(4, 100) if self.dice.random() < 0.92 else self.dice.randint(121, 200)
            pressed = self.dice.random() < 0.75
            self._after(seconds, partial(self._knows, who, change, notice, pressed))

    async def _knows(self, who: int, change: Change, notice: int, pressed: bool) -> None:
        """By the button in the group, or by looking the product up."""
        if self.ledger.stands(change):
            if pressed:
                message = next(m for m in self.core.said(self.shift.group) if m.message_id == notice)
                caption = next(b.text for row in message.rows for b in row if "已知悉" in b.text)
                await self.shift.here.presses(who, self.shift.group, notice, caption)
                self._count(who)
            else:
                await self.says(who, f"/p {change.link}")
            change.known[who] = self.shift.clock.now()

    async def _arrives(self, who: int) -> None:
        told = "\n".join(await self.says(who, "到岗"))
        self._check("arrival", f"正在讲 {self.ledger.aired[-1][1]}号" in told, told)
        newest = self.ledger.changes[-1]
        self._check("arrival", f"已知悉 {len(newest.known)}/{len(newest.asked)}" in told, told)

    # -- questions -----------------------------------------------------------------------------------

    def _questions(self) -> None:
        """Spread over the evening; the first of them stay unanswered, the next are answered late."""
        apart = (SWITCHES * SLOT - 900) / (ASKS - JOINED)
        order = list(range(ASKS - JOINED))
        fates = self.dice.sample(order, UNANSWERED + LATE_ANSWERS + JOINED)
        never, late = set(fates[:UNANSWERED]), set(fates[UNANSWERED : UNANSWERED + LATE_ANSWERS])
        joined = set(fates[UNANSWERED + LATE_ANSWERS :])
        for n in order:
            wait = (
                None
                if n in never
                else self.dice.randint(200, 420)
                if n in late
                else self.dice.randint(15, 110)
            )
            at = OPENS + timedelta(seconds=int(30 + n * apart))
            self._at(at, partial(self._asks, n, wait, joins=n in joined))

    async def _asks(self, n: int, wait: int | None, *, joins: bool) -> None:
        text, link = TEXTS[n % len(TEXTS)], n * 7 % PRODUCTS + 1
        first, second = self.dice.sample(AGENTS[:10], 2)
        question = Asked(len(self.ledger.questions) + 1, text, {first: self.shift.clock.now()})
        self.ledger.questions.append(question)
        told = await self.says(first, f"/ask {link} {text}")
        self._check("asked", "请稍等" in told[0] or "不要猜" in told[0], told[0])
        if joins:
            self._after(7, partial(self._asks_too, second, link, question))
        if wait is not None:
            self._after(wait, partial(self._answers, question, OPS[n % 2], by_card=wait < 50))

    async def _asks_too(self, who: int, link: int, question: Asked) -> None:
        told = await self.says(who, f"/ask {link} 请问{question.text}呢？")
        self._check("joined", "已有人问过" in told[0], told[0])
        question.asks[who] = self.shift.clock.now()

    async def _answers(self, question: Asked, who: int, *, by_card: bool) -> None:
        """By replying to the card, or by the question's number."""
        said = f"答案{question.number}：以详情页为准"
        if by_card:
            card = next(
                m
                for m in reversed(self.core.said(who))
                if f"{question.number}" in m.text and question.text in m.text
            )
            await self.shift.here.says(who, who, said, reply_to=card.message_id)
            self._count(who)
        else:
            await self.says(who, f"/reply {question.number} {said}")
        question.answered = self.shift.clock.now()
        self._check("answered", said in self.shift.read(AGENTS[0]), said)

    # -- what goes wrong -----------------------------------------------------------------------------

    def _mishaps(self) -> None:
        """Two slips of the hosts, a price heard that becomes the price, and one that does not."""
        for slot in SLIP_SLOTS:
            self._at(OPENS + timedelta(seconds=slot * SLOT + 200), self._slip)
        self._at(OPENS + timedelta(seconds=TAKEN_SLOT * SLOT + 130), partial(self._report, 22, taken=True))
        self._at(OPENS + timedelta(seconds=OURS_SLOT * SLOT + 210), partial(self._report, 47, taken=False))

    async def _slip(self) -> None:
        link = self.ledger.aired[-1][1]
        await self.says(OPS[0], f"/correct {link} 说成了买二送二，实际没有")
        self.ledger.slips += 1

    async def _report(self, seconds: int, *, taken: bool) -> None:
        link = self.ledger.aired[-1][1]
        price = self.ledger.price(link, self.shift.clock.now()) - 5
        told = await self.says(AGENTS[2], f"报价 {price}")
        self._check("report", "已问运营" in told[0], told[0])
        self._after(seconds, partial(self._settles, link, price, taken=taken))
        now = self.shift.clock.now()
        self.ledger.disputes.append(Dispute(link, now, now + timedelta(seconds=seconds)))

    async def _settles(self, link: int, price: Decimal, *, taken: bool) -> None:
        await self.presses(OPS[1], f"是，改成 ¥{price}" if taken else "否，仍是")
        if taken:
            self._changed(link, price, OPS[1])

    # -- what was in force ---------------------------------------------------------------------------

    def _samples(self) -> None:
        """Every agent asks for minutes that have passed, at moments spread over the evening."""
        for who in AGENTS:
            first = LATE_COMES + timedelta(minutes=1) if who == LATE else OPENS + timedelta(minutes=11)
            for _ in range(SAMPLES):
                at = first + self.dice.random() * (ENDS - first)
                self._at(at.replace(microsecond=0), partial(self._looks_back, who))

    async def _looks_back(self, who: int) -> None:
        now = self.shift.clock.now()
        minute = (
            OPENS + timedelta(minutes=self.dice.randint(0, int((now - OPENS).total_seconds()) // 60))
        ).replace(second=0)
        link = self.dice.randint(1, PRODUCTS)
        at = f"@{minute:%H:%M}"
        told = (await self.says(who, f"/p {link} {at}"))[0]
        self._check(
            "price then", f"直播价 ¥{self.ledger.price(link, minute):.2f}" in told, f"{link} {at} {told}"
        )
        told = (await self.says(who, f"/now {at}"))[0]
        self._check("on air then", f"正在讲 {self.ledger.on_air(minute)}号" in told, f"{at} {told}")

    async def looks_at_every_minute(self) -> None:
        """Agents in turn ask for every minute of the evening what was on air then, and at what price."""
        for n in range(SWITCHES * SLOT // 60):
            minute = OPENS + timedelta(minutes=n)
            link = self.ledger.on_air(minute)
            told = (await self.says(AGENTS[n % len(AGENTS)], f"/promo @{minute:%H:%M}"))[0]
            right = f"{link}号" in told and f"直播价 ¥{self.ledger.price(link, minute):.2f}" in told
            self._check("minute", right, f"{minute:%H:%M} {link} {told}")

    async def looks_up_orders(self, orders: dict[str, tuple[int, datetime]]) -> None:
        """Agents in turn ask what was in force when each order was placed."""
        for n, (number, (link, at)) in enumerate(orders.items()):
            told = (await self.says(AGENTS[n % len(AGENTS)], f"/order {number}"))[0]
            right = f"直播价 ¥{self.ledger.price(link, at):.2f}" in told
            self._check("order", right, f"{number} {link} {at} {told}")

    def _check(self, what: str, right: bool, told: str) -> None:
        self.checked[what] += 1
        if not right:
            self.wrong.append(f"{what}: {told}")


def orders_of(ledger: Ledger, seed: int = 5) -> dict[str, tuple[int, datetime]]:
    """Order numbers with product and moment: sampled minutes; some while a price was in dispute; some of product 20
    before it was announced."""
    dice = random.Random(seed)
    early = ledger.announced(PRODUCTS) - EARLY
    placed = [(PRODUCTS, early + timedelta(minutes=n)) for n in range(EARLY_ORDERS)]
    placed += [(one.link, one.at + timedelta(seconds=9)) for one in ledger.disputes]
    while len(placed) < ORDERS:
        link = dice.randint(1, PRODUCTS - 1)
        opened = ledger.announced(link)
        placed.append(
            (link, opened + timedelta(seconds=dice.randint(1, int((ENDS - opened).total_seconds()) - 1)))
        )
    return {f"6917{n:015}": one for n, one in enumerate(placed, 1)}


def export_of(
    orders: dict[str, tuple[int, datetime]], ids: dict[int, str], now: datetime
) -> tuple[str, bytes]:
    """A 抖店 export of these orders, all paid."""
    rows = []
    for number, (link, at) in orders.items():
        stamp = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
        said = {
            "主订单编号": f"\t{number}", "子订单编号": f"\t{number}", "商品ID": f"\t{ids[link]}", "商品数量": "1",
            "选购商品": f"\t{name_of(link)}", "商品单价": "50.00", "订单应付金额": "50.00",
            "订单提交时间": stamp, "支付完成时间": stamp,
            "订单状态": "待发货", "订单类型": "普通订单", "流量来源": "直播间", "流量体裁": "直播",
            "达人ID": "\t7592255573464590001", "省": "浙江省", "市": "杭州市", "区": "西湖区",
        }  # fmt: skip
        rows.append([said.get(heading, "-") for heading in DOUYIN.headings])
    return f"{int(now.timestamp())}_{'ab' * 16}.csv", csv_bytes(DOUYIN.headings, rows)


def name_of(link: int) -> str:
    """What a product is called."""
    return f"{KINDS[link % len(KINDS)]}{link:02}款"


def sheet() -> tuple[bytes, dict[int, Decimal], dict[int, str]]:
    """A run sheet, its prices and its product ids by link number."""
    prices = {link: Decimal(39 + 7 * link).quantize(Decimal("0.01")) for link in range(1, PRODUCTS + 1)}
    ids = {link: f"37{link:02}4567890123{link:02}517" for link in prices}
    rows = [f"{link},{name_of(link)},{price},500,\t{ids[link]}" for link, price in prices.items()]
    return "\n".join(["链接号,商品名称,直播价,库存,商品ID", *rows, ""]).encode("utf-8-sig"), prices, ids


@asynccontextmanager
async def real_evening(data: Path) -> AsyncIterator[Evening]:
    """The stage with everybody in the group; nothing has happened yet."""
    clock = WoundClock(START)
    core = TelegramCore(clock.now)
    for id, name in NAMES.items():
        core.add_user(id, name, username=f"user{id}")
    group = core.create_group("小满优选 服务群", list(NAMES), supergroup=True)
    async with evening(data, core=core, clock=clock, group=group) as shift:
        yield Evening(shift)
