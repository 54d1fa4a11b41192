"""What a press costs: stored, handled in a unit with journal entry and card, answered, its card edited.

    python -m benchmarks.press

The press is 提醒付款 on the card of a chased order: the chase takes the step, the journal notes it, the card is
edited in place, and the desks of 25 people are looked at. Beside it, on the same Telegram core and the very
same updates, a bare python-telegram-bot handler that sends one reply and keeps nothing. CPU time of the
process, threads included, until everything a press causes has happened. They take turns, and the least of
all turns is shown, for what else the machine does only adds to it. Telegram's limits are out of the way, or
most of a turn would be waiting.

Claimed: at most 8 times the bare handler one after another, at most 4 times with 50 presses in flight; at
most 3 syncs of the disk a press, and fewer than one with 50 in flight.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from bot.clock import WoundClock
from bot.pace import Limits, Window
from bot.rehearsal.stage import Stage, stage
from bot.rehearsal.telegram import InProcessRequest, Message, TelegramCore
from bot.rehearsal.telegram.core import Call
from bot.rehearsal.telegram.screens import Button
from storage.tiny_disk import RealDisk

PEOPLE = 25
IN_FLIGHT = 50
TURNS = 9
PATIENCE = 30.0
WIDE = Limits(*(Window(100_000, timedelta(seconds=1)) for _ in range(3)))
BOSS = 301
AGENTS = tuple(range(401, 401 + PEOPLE))
CAPTION = "提醒付款"
SHEET = "链接号,商品名称,直播价\n" + "".join(f"{n},四件套{n}号款,69\n" for n in range(1, 31))


class RealClock(WoundClock):
    """The machine's clock, for a stage, which otherwise winds one."""

    def now(self) -> datetime:
        """See WoundClock."""
        return datetime.now(UTC)


class CountingDisk(RealDisk):
    """The disk, counting how often it was waited for."""

    syncs = 0

    def sync(self, handle: int) -> None:
        """See Disk."""
        self.syncs += 1
        super().sync(handle)


class Seen:
    """Counts messages with certain words in them that were sent or edited, and waits for a number of them."""

    def __init__(self, core: TelegramCore, method: str, words: str) -> None:
        self._method = method.lower()
        self._words = words
        self._count = 0
        self._wanted: tuple[int, asyncio.Future[None]] | None = None
        core.listeners.append(self._listen)

    def _listen(self, call: Call) -> None:
        if call.method.lower() != self._method or self._words not in (call.result or {}).get("text", ""):
            return
        self._count += 1
        if self._wanted and self._count >= self._wanted[0]:
            self._wanted[1].set_result(None)
            self._wanted = None

    def more(self, count: int) -> Awaitable[None]:
        """Until `count` more than by now have been seen."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wanted = self._count + count, waiting
        return asyncio.wait_for(waiting, PATIENCE)


@dataclass
class Cost:
    """Of one press: microseconds of CPU, and syncs of the disk."""

    cpu: float
    syncs: float


# -- ours ------------------------------------------------------------------------------------------------


@asynccontextmanager
async def our_bot(folder: Path, disk: CountingDisk) -> AsyncIterator[tuple[Stage, Seen]]:
    """A shop on air with 25 agents on duty."""
    clock = RealClock(datetime.now(UTC))
    core = TelegramCore(clock.now)
    names = {BOSS: "林主管", **{who: f"客服{who}" for who in AGENTS}}
    for who, name in names.items():
        core.add_user(who, name, username=f"user{who}")
    group = core.create_group("小满优选 服务群", list(names), supergroup=True)
    kept = {"ticking": True, "disk": disk, "limits": WIDE}
    async with stage(core, clock, folder / "data", {BOSS}, **kept) as here:
        await here.says(BOSS, group, "/setup 小满优选 抖音")
        await here.says(BOSS, group, "付款时限 10000")
        for who in AGENTS:
            said = core.send_text(who, group, "到了")
            await here.says(BOSS, group, "/role 客服", reply_to=said)
            await here.starts(who)
            await here.says(who, who, "/in")
        await here.starts(BOSS)
        await here.sends(BOSS, BOSS, "排品表.csv", SHEET.encode("utf-8-sig"))
        async with asyncio.timeout(PATIENCE):
            while not (take := _button(core, BOSS, "启用这 30 款")):  # noqa: ASYNC110 - it comes after a while
                await asyncio.sleep(0.05)
        core.press(BOSS, BOSS, *take)
        await here.settle()
        await here.says(BOSS, group, "开播")
        yield here, Seen(core, "editMessageText", "订单 ")


async def our_cards(here: Stage, count: int, number: int) -> list[Callable[[], object]]:
    """`count` new cards, not measured; for each, what presses it."""
    presses: list[Callable[[], object]] = []
    for each in range(count):
        who, order = AGENTS[each % PEOPLE], f"6917{number + each:014d}"
        here.core.send_text(who, who, f"催 {order} {each % 30 + 1}号")
    async with asyncio.timeout(PATIENCE):
        while len(presses) < count or not here.bot.quiet:
            await asyncio.sleep(0.1)
            presses = [press for who in AGENTS for press in _unpressed(here, who)]
    await asyncio.sleep(1.5)  # everybody's last second is over, the desks are drawn
    return _mixed(presses)


def _button(core: TelegramCore, who: int, caption: str) -> tuple[int, str] | None:
    """The newest button with this caption: its message and data."""
    found = [
        (m.message_id, b.data) for m in core.said(who) for b in m.buttons if b.text == caption and b.data
    ]
    return found[-1] if found else None


async def resting(here: Stage) -> None:
    """Until all that the presses caused has happened; asked seldom, for asking costs too."""
    while not here.bot.quiet:  # noqa: ASYNC110 - no event tells that nothing is to do
        await asyncio.sleep(0.1)


def _unpressed(here: Stage, who: int) -> list[Callable[[], object]]:
    """One card after another is pressed once: a card whose step is taken offers it no more."""
    found = [(m, b) for m in here.core.said(who) for b in m.buttons if b.text == CAPTION and b.data]
    return [
        lambda m=m, b=b: here.core.press(who, who, m.message_id, b.data)  # type: ignore[misc]
        for m, b in found
    ]


def _mixed(presses: list[Callable[[], object]]) -> list[Callable[[], object]]:
    """One chat after another in turn, as people press."""
    each = len(presses) // PEOPLE
    return [presses[who * each + at] for at in range(each) for who in range(PEOPLE)]


# -- the bare handler ------------------------------------------------------------------------------------


@asynccontextmanager
async def bare_bot() -> AsyncIterator[tuple[TelegramCore, Seen]]:
    """python-telegram-bot with one handler that replies."""
    core = TelegramCore(lambda: datetime.now(UTC))
    request = InProcessRequest(core)
    app = Application.builder().token(core.token).request(request).get_updates_request(request).build()

    async def reply(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message
        await update.effective_message.reply_text("已记")

    app.add_handler(CallbackQueryHandler(reply))
    for who in AGENTS:
        core.add_user(who, f"客服{who}")
        core.start(who)
    async with app:
        await app.start()
        assert app.updater
        await app.updater.start_polling(allowed_updates=Update.ALL_TYPES, poll_interval=0)
        yield core, Seen(core, "sendMessage", "已记")
        await app.updater.stop()
        await app.stop()


async def bare_cards(core: TelegramCore, count: int, like: Message) -> list[Callable[[], object]]:
    """`count` messages that look like our card; for each, what presses it: both bots get the same updates."""
    rows = {"inline_keyboard": [[_as_sent(one) for one in row] for row in like.rows]}
    presses: list[Callable[[], object]] = []
    for each in range(count):
        who = AGENTS[each % PEOPLE]
        body = {"chat_id": who, "text": like.html, "parse_mode": "HTML", "reply_markup": rows}
        _, answer = await core.handle(core.token, "sendMessage", body)
        id = answer["result"]["message_id"]
        presses.append(lambda who=who, id=id: core.press(who, who, id, CAPTION))  # type: ignore[misc]
    return presses


def _as_sent(button: Button) -> dict[str, object]:
    data = {"callback_data": button.data} if button.data else {"copy_text": {"text": button.copied}}
    return {"text": button.text, **data}


# -- measuring -------------------------------------------------------------------------------------------


async def cost(
    presses: list[Callable[[], object]],
    at_once: int,
    seen: Seen,
    rest: Callable[[], Awaitable[None]],
    disk: CountingDisk,
) -> Cost:
    """Press all, `at_once` at a time, each time until all of these were seen to."""
    gc.collect()
    before, syncs = time.process_time(), disk.syncs
    for start in range(0, len(presses), at_once):
        some = presses[start : start + at_once]
        done = seen.more(len(some))
        for press in some:
            press()
        await done
    await rest()
    return Cost((time.process_time() - before) * 1e6 / len(presses), (disk.syncs - syncs) / len(presses))


async def measure(folder: Path) -> dict[str, list[Cost]]:
    """Who and how -> a cost a turn."""
    found: dict[str, list[Cost]] = {}
    disk = CountingDisk()
    async with our_bot(folder, disk) as (here, edits), bare_bot() as (core, replies):
        for turn in range(TURNS):
            for at_once in (1, IN_FLIGHT):
                ours = await our_cards(here, 2 * IN_FLIGHT, (2 * turn + (at_once > 1)) * 2 * IN_FLIGHT)
                like = next(m for m in here.core.said(AGENTS[0]) if any(b.text == CAPTION for b in m.buttons))
                one = await cost(ours, at_once, edits, lambda: resting(here), disk)
                found.setdefault(f"ours {at_once}", []).append(one)
                bare = await bare_cards(core, 2 * IN_FLIGHT, like)
                one = await cost(bare, at_once, replies, _nothing, disk)
                found.setdefault(f"bare {at_once}", []).append(one)
    return found


async def _nothing() -> None:
    pass


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        found = asyncio.run(measure(Path(name)))
    least = {
        who: Cost(min(c.cpu for c in costs), max(c.syncs for c in costs)) for who, costs in found.items()
    }
    print(f"{'one press':28}{'µs CPU':>10}{'ratio':>8}{'syncs':>8}")
    claims = {1: ("one after another", "8", "≤ 3"), IN_FLIGHT: (f"{IN_FLIGHT} in flight", "4", "< 1")}
    for at_once, (how, times, syncs) in claims.items():
        ours, bare = least[f"ours {at_once}"], least[f"bare {at_once}"]
        print(f"{'bare handler, ' + how:28}{bare.cpu:10.0f}")
        print(
            f"{'shiftbot, ' + how:28}{ours.cpu:10.0f}{ours.cpu / bare.cpu:8.2f}{ours.syncs:8.2f}"
            f"   (claimed: at most {times} times, {syncs} syncs)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
