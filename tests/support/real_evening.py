"""A real evening played on the stage: who does what at which second, and what they are answered.

Seventeen people, forty switches, twenty-five price changes, sixty questions (tests/support/evening_script.py).
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from bot.clock import WoundClock
from bot.rehearsal.telegram import TelegramCore
from tests.support.evening import BOSS, START, Shift, evening
from tests.support.evening_ledger import Asked, Change, Dispute, Ledger, Version
from tests.support.evening_script import (
    AGENTS,
    ASKS,
    CHANGES,
    ENDS,
    JOINED,
    LATE,
    LATE_ANSWERS,
    LATE_COMES,
    LEAD,
    NAMES,
    NEVER,
    OPENS,
    OPS,
    OURS_SLOT,
    OVERLOOKED,
    PRODUCTS,
    ROLES,
    SAMPLES,
    SLIP_SLOTS,
    SLOT,
    SWITCHES,
    TAKEN_SLOT,
    TEXTS,
    UNANSWERED,
)  # fmt: skip

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
            self._after(13, partial(self._asks_too, second, link, question))
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
