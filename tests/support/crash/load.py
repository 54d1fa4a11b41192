"""What people do while the bot is killed: without pause, each keeping a list of what they asked for, in order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.rehearsal.telegram.presses import Press
from tests.support.crash.evening import AGENTS, OPS, PRODUCTS
from tests.support.crash.wire import Heard, Wire

PATIENCE = 8.0
"""Seconds a person waits to see an answer before going on without it: what they asked for counts all the same."""
SERIES = 3
"""Orders an agent registers one after another before looking at the answers."""
STEP = "提醒付款"
KNOWN = "已知悉"


@dataclass
class Asked:
    """Everything asked for, per person and in order; `seen` what somebody was told was done.

    Products are looked up, and put on air, one after another: `looked_up` and `products` are how many.
    """

    orders: dict[int, list[str]] = field(default_factory=dict)
    steps: list[tuple[str, Press]] = field(default_factory=list)
    known: list[tuple[int, Heard, Press]] = field(default_factory=list)
    prices: list[str] = field(default_factory=list)
    products: int = 0
    looked_up: dict[int, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    wanted: set[tuple[int, str]] = field(default_factory=set)
    """Chat and words of the messages somebody must get."""

    def updates(self) -> int:
        """How many updates that was."""
        registered = sum(len(each) for each in self.orders.values())
        looked_up = sum(self.looked_up.values())
        return registered + len(self.steps) + len(self.known) + len(self.prices) + self.products + looked_up


class Load:
    """Agents and ops at work, as tasks; `finish` lets each end what they are at."""

    def __init__(self, core: Wire, group: int, seed: int, *, ops_rest: float) -> None:
        """`ops_rest`: seconds between two announcements; a group takes 20 messages and edits a minute in all."""
        self.core = core
        self.group = group
        self.asked = Asked()
        self._chance = random.Random(seed)
        self._over = False
        self._ops_rest = ops_rest
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, *, agents: int = len(AGENTS)) -> None:
        """Let everybody begin."""
        self._tasks = [asyncio.create_task(self._agent(who)) for who in AGENTS[:agents]]
        self._tasks.append(asyncio.create_task(self._ops()))

    async def finish(self) -> None:
        """Nobody begins anything new; returns when all have ended what they were at."""
        self._over = True
        self.core.pulse.beat()  # nobody waits for an answer any more
        await asyncio.gather(*self._tasks)

    # -- an agent ------------------------------------------------------------------------------------

    async def _agent(self, who: int) -> None:
        mine = self.asked.orders.setdefault(who, [])
        while not self._over:
            some = [f"6917{who}{len(mine) + each:011d}" for each in range(SERIES)]
            for order in some:
                mine.append(order)
                self._expect(who, f"订单 {order}")
                self.core.send_text(who, who, f"催 {order} {self._chance.randint(1, PRODUCTS)}号")
            if self.asked.looked_up.get(who, 0) < PRODUCTS:
                self.asked.looked_up[who] = self.asked.looked_up.get(who, 0) + 1
                self._expect(who, f"〔小满优选〕{self.asked.looked_up[who]}号 ")
                self.core.send_text(who, who, str(self.asked.looked_up[who]))
            for order in some:
                card = await self._until(lambda order=order: self._said(who, order))  # type: ignore[misc]
                if card:
                    self.asked.seen.add(order)
                    await self._take_step(who, order, card)
            await self._confirm(who)

    async def _take_step(self, who: int, order: str, card: Heard) -> None:
        press = self._press(who, card, STEP)
        if press:
            self.asked.steps.append((order, press))
            await self._until(lambda: press.answer)

    async def _confirm(self, who: int) -> None:
        """Press 已知悉 on the newest change in the group, once."""
        newest = next(
            (h for h in reversed(self.core.heard) if h.chat == self.group and "变更" in h.text), None
        )
        done = {(one, heard.message_id) for one, heard, _ in self.asked.known}
        if newest is None or (who, newest.message_id) in done:
            return
        press = self._press(who, newest, KNOWN)
        if press:
            self.asked.known.append((who, newest, press))
            await self._until(lambda: press.answer)

    def _press(self, who: int, card: Heard, caption: str) -> Press | None:
        message = next(m for m in self.core.messages(card.chat) if m.message_id == card.message_id)
        button = next((b for b in message.buttons if b.data and caption in b.text), None)
        return self.core.press(who, card.chat, card.message_id, str(button.data)) if button else None

    # -- ops -----------------------------------------------------------------------------------------

    async def _ops(self) -> None:
        """One product after another goes on air; now and then a price changes."""
        while not self._over:
            if self._chance.random() < 0.25:
                price = f"{60 + len(self.asked.prices) // 100}.{len(self.asked.prices) % 100:02d}"
                self.asked.prices.append(price)
                self._expect(self.group, f"→ {price}")
                self.core.send_text(OPS, OPS, f"改价 1 {price}")
                if await self._until(lambda price=price: self._said(self.group, f"→ {price}")):  # type: ignore[misc]
                    self.asked.seen.add(price)
            elif self.asked.products < PRODUCTS:
                self.asked.products += 1
                head = f"正在讲 {self.asked.products}号 "
                self._expect(self.group, head)
                self.core.send_text(OPS, OPS, "下一个")
                if await self._until(lambda head=head: self._said(self.group, head)):  # type: ignore[misc]
                    self.asked.seen.add(head)
            await asyncio.sleep(self._chance.uniform(0, 2 * self._ops_rest))

    def _expect(self, chat: int, words: str) -> None:
        self.asked.wanted.add((chat, words))

    # -- waiting -------------------------------------------------------------------------------------

    def _said(self, chat: int, words: str) -> Heard | None:
        newest = self.core.heard[-400:]
        return next((h for h in newest if h.chat == chat and not h.edited and words in h.text), None)

    async def _until(self, seen: Callable[[], object]) -> object:
        try:
            async with asyncio.timeout(PATIENCE):
                while not (found := seen()) and not self._over:
                    await self.core.changed_since(self.core.version)
                return found
        except TimeoutError:
            return None
