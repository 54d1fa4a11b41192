"""How long what is on air waits behind a queue, and how fast a switch reaches everybody, at Telegram's limits.

    python -m benchmarks.outbox

Simulated time: the real bot (outbox, pump, screens, store) runs on an event loop whose time jumps from timer to
timer, over the in-process Telegram, which refuses what is too fast; every call takes 100 ms of network.

Waiting: 500 low-priority cards are put into a group's queue at once, then products go on air at random moments
(seeded) of ten minutes. Beside it, the same moments with the same outbox without a reserve (a plain priority
queue), and with PTB's AIORateLimiter, which keeps to 20 a minute first come, first served. A wait counts from the
command to the card's arrival. A switch: until the last of 25 desks, the group's card and its board show it.
Claimed: the worst wait at most 1.5 s; a switch everywhere within 2 s.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from telegram.ext import AIORateLimiter

from benchmarks._virtual import VirtualClock, run
from bot.app import Shiftbot
from bot.build import application, shiftbot
from bot.call import Call, Caller
from bot.card import group, line
from bot.clock import WoundClock
from bot.pace import Limits
from bot.rehearsal import samples
from bot.rehearsal.stage import Stage, stage
from bot.rehearsal.telegram import ApiError, InProcessRequest, TelegramCore
from bot.rehearsal.telegram import core as telegram
from storage.books import BOOKS, RoomBooks
from storage.tiny import TinyStore

START = datetime(2026, 11, 11, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
BOSS, AGENTS = 100, range(101, 126)
NETWORK = 0.1
QUEUED, SWITCHES, MINUTES = 500, 12, 10
PRODUCTS = 12
WORST_WAIT, WORST_SWITCH = 1.5, 2.0


class SlowRequest(InProcessRequest):
    """Half of the network's time before the effect, half after."""

    async def do_request(self, *given: Any, **more: Any) -> tuple[int, bytes]:
        await asyncio.sleep(NETWORK / 2)
        answer = await super().do_request(*given, **more)
        await asyncio.sleep(NETWORK / 2)
        return answer


class Group:
    """The shop's group with 25 agents on duty, on air; `core` goes by whichever clock is set."""

    def __init__(self) -> None:
        self.clock: WoundClock | VirtualClock = WoundClock(START)
        self.core = TelegramCore(self.now, throttle=True)
        for who in (BOSS, *AGENTS):
            self.core.add_user(who, f"客服{who}")
        self.chat = self.core.create_group("小满优选 服务群", [BOSS, *AGENTS])

    def now(self) -> datetime:
        """The time in the group."""
        return self.clock.now()

    async def settle_in(self, data: Path) -> None:
        """Set up, give roles, open private chats, sign in, read the run sheet, go live."""
        assert isinstance(self.clock, WoundClock)
        async with stage(self.core, self.clock, data, {BOSS}, limits=Limits()) as here:
            await self._said(here, BOSS, "/setup 小满优选 抖音", self.chat)
            for who in AGENTS:
                message = self.core.send_text(who, self.chat, "到了")
                await here.says(BOSS, self.chat, "/role 客服", reply_to=message)
                await here.starts(who)
                await self._said(here, who, "/in", who)
            await here.starts(BOSS)
            await here.sends(BOSS, BOSS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
            await here.wind_by(timedelta(minutes=10))
            sheet = next(
                m
                for m in reversed(self.core.said(BOSS))
                if any("sheet take" in (b.data or "") for b in m.buttons)
            )
            taken = next(b for b in sheet.buttons if "sheet take" in (b.data or ""))
            await here.presses(BOSS, BOSS, sheet.message_id, taken.text)
            await self._said(here, BOSS, "/live", self.chat)
            await here.wind_by(timedelta(minutes=10))

    async def _said(self, here: Stage, who: int, text: str, chat: int) -> None:
        await here.says(who, chat, text)
        await here.wind_by(timedelta(seconds=4))

    @asynccontextmanager
    async def bot(self, data: Path, limits: Limits) -> AsyncIterator[Shiftbot]:
        """The bot's outbox and screens at work in simulated time; what people ask is handed to it directly."""
        self.clock = VirtualClock(self.clock.now())
        store = TinyStore(data, BOOKS)
        app = application(self.core.token, request=SlowRequest(self.core))
        bot = await shiftbot(app, store, self.clock, [str(BOSS)], limits=limits)
        workers = (bot.outbox.pump, bot.screens.worker)
        await bot.outbox.begin()
        for worker in workers:
            worker.start(ticking=True)
        await asyncio.sleep(5)
        try:
            yield bot
        finally:
            for worker in workers:
                await worker.stop()
            await bot.close()
            await app.shutdown()
            store.close()

    def switch(self, bot: Shiftbot, update: int, number: int) -> Coroutine[Any, Any, Any]:
        """The manager puts a product on air."""
        return bot.runner.run(
            Call(
                update_id=update, at=self.clock.now(), who=Caller(str(BOSS), "林主管"), chat_id=BOSS, private=True,
                command="on", args=str(number), room="a1",
            )
        )  # fmt: skip


class Seen:
    """When each chat was shown a product, from the calls that had their effect."""

    def __init__(self, core: TelegramCore) -> None:
        self.calls: list[telegram.Call] = []
        core.listeners.append(self.calls.append)

    def refused(self) -> int:
        """Calls that were too fast."""
        return sum(isinstance(c.error, ApiError) and c.error.code == 429 for c in self.calls)

    def shown(self, number: int, since: datetime, method: str) -> dict[int, datetime]:
        """Chat -> when `method` first showed product `number` there, `since` then."""
        found: dict[int, datetime] = {}
        for call in self.calls:
            text = str(call.params.get("text", ""))
            if (
                call.method.lower() == method.lower()
                and call.at >= since
                and f"正在讲 {number}号" in text.replace("<b>", "")
                and not call.error
            ):
                found.setdefault(int(call.params["chat_id"]), call.at)
        return found


def moments(seed: int) -> list[float]:
    """When products go on air: seconds from the start, in order."""
    chance = random.Random(seed)
    return sorted(chance.uniform(0, MINUTES * 60) for _ in range(SWITCHES))


async def waits_of_outbox(data: Path, there: Group, limits: Limits, at: list[float]) -> list[float]:
    """Seconds from each command to the card's arrival in the group, behind 500 cards."""
    async with there.bot(data, limits) as bot:
        seen, loop = Seen(there.core), asyncio.get_running_loop()
        now = there.clock.now()
        queue = [group(line("common.verbatim", text=f"催付 {n}"), rank="work") for n in range(QUEUED)]
        await bot.runner.unit("a1", lambda raw: bot.runner.post(RoomBooks(raw), queue, now))
        began, asked = loop.time(), []
        for index, moment in enumerate(at):
            await asyncio.sleep(began + moment - loop.time())
            asked.append((1 + index % PRODUCTS, there.clock.now()))
            await there.switch(bot, 1_000_000 + index, 1 + index % PRODUCTS)
        await asyncio.sleep(120)
        assert not seen.refused()
        arrived = [seen.shown(number, since, "sendMessage").get(there.chat) for number, since in asked]
        return [(first(arrived[index:]) - since).total_seconds() for index, (_, since) in enumerate(asked)]


def first(arrived: list[datetime | None]) -> datetime:
    """When the group knew: a card overtaken by a newer one while it waited is not said, the newer one is."""
    return next(at for at in arrived if at)


async def waits_of_limiter(at: list[float]) -> list[float]:
    """The same behind PTB's own limiter, as a bot with `rate_limiter=AIORateLimiter()` would wait."""
    limiter, loop = AIORateLimiter(), asyncio.get_running_loop()
    arrived: dict[int, float] = {}

    async def call(index: int) -> bool:
        await asyncio.sleep(NETWORK / 2)
        arrived[index] = loop.time()
        await asyncio.sleep(NETWORK / 2)
        return True

    def send(index: int) -> asyncio.Task[Any]:
        data = {"chat_id": -1}
        return asyncio.ensure_future(
            limiter.process_request(call, (index,), {}, "sendMessage", data, rate_limit_args=None)
        )

    tasks = [send(-1 - n) for n in range(QUEUED)]
    began = loop.time()
    for index, moment in enumerate(at):
        await asyncio.sleep(began + moment - loop.time())
        tasks.append(send(index))
    await asyncio.gather(*tasks)
    return [arrived[index] - began - moment for index, moment in enumerate(at)]


async def switches(data: Path, there: Group) -> tuple[list[float], list[float]]:
    """Seconds until everybody is shown a switch: those that come in peace, and those half a second after another."""
    calm, hurried = [], []
    async with there.bot(data, Limits()) as bot:
        seen = Seen(there.core)
        for index in range(2 * SWITCHES):
            number, since = 1 + index % PRODUCTS, there.clock.now()
            await there.switch(bot, 2_000_000 + index, number)
            in_a_hurry = index % 2 == 1
            await asyncio.sleep(20 if in_a_hurry else 0.5)
            (hurried if in_a_hurry else calm).append((number, since))
        assert not seen.refused()
        # The first of each pair is measured by a run of its own: the second takes its place on the desks.
        late = [until(seen, there, number, since) for number, since in hurried]
        alone = []
        for index in range(SWITCHES):
            number, since = 1 + index % PRODUCTS, there.clock.now()
            await there.switch(bot, 3_000_000 + index, number)
            await asyncio.sleep(20)
            alone.append(until(seen, there, number, since))
        assert not seen.refused()
    return alone, late


def until(seen: Seen, there: Group, number: int, since: datetime) -> float:
    """Seconds until the group had its card and the board and every desk showed it."""
    edited, said = seen.shown(number, since, "editMessageText"), seen.shown(number, since, "sendMessage")
    assert set(AGENTS) | {there.chat} <= set(edited)
    return (max(*edited.values(), said[there.chat]) - since).total_seconds()


def in_a_room(work: Callable[[Path, Group], Coroutine[Any, Any, Any]]) -> Any:
    """`work` in simulated time, on a room of its own that is on air."""
    with tempfile.TemporaryDirectory() as data:
        there = Group()
        asyncio.run(there.settle_in(Path(data)))
        return run(work(Path(data), there))


def main() -> int:
    at = moments(seed=11)
    ours = in_a_room(lambda data, there: waits_of_outbox(data, there, Limits(), at))
    plain = in_a_room(lambda data, there: waits_of_outbox(data, there, Limits(reserve=0), at))
    limiter = run(waits_of_limiter(at))
    print(
        f"{QUEUED} cards queued for a group, {SWITCHES} products on air in {MINUTES} minutes; seconds waited"
    )
    for name, waits in (("outbox", ours), ("without a reserve", plain), ("AIORateLimiter", limiter)):
        ratio = max(waits) / max(ours)
        print(f"  {name:18} worst {max(waits):8.2f}  median {median(waits):8.2f}  {ratio:7.1f} x ours")
    print(f"  claimed: worst at most {WORST_WAIT} s")
    alone, late = in_a_room(switches)
    print(
        f"a switch shown by the group, its board and {len(AGENTS)} desks, {NETWORK * 1000:.0f} ms a call; seconds"
    )
    print(f"  alone                     worst {max(alone):5.2f}  median {median(alone):5.2f}")
    print(f"  half a second after one   worst {max(late):5.2f}  median {median(late):5.2f}")
    print(f"  claimed: at most {WORST_SWITCH} s")
    return int(max(ours) > WORST_WAIT or max(alone) > WORST_SWITCH)


if __name__ == "__main__":
    sys.exit(main())
