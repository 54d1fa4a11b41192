"""What passes between the two teams of a simulated stream: changes, questions, slips, prices heard otherwise."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from tests.support.evening import MEI, OPS, QIANG
from tests.support.week_ledger import MINUTE, Change, Dispute, Question
from tests.support.week_played import AGENTS
from tests.support.week_sales import Sales

TEXTS = ("敏感肌能用吗", "瓶子是玻璃的吗", "保质期有几年", "油皮会闷痘吗", "要放冰箱吗", "男士适合哪一款")
LOST = {"太贵": "price", "没货": "stock", "尺码": "fit"}


class Talk(Sales):
    """Who says what when, and who gets to know it."""

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
