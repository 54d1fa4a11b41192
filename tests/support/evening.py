"""People, a group and a running bot for dialogue tests: `async with evening(tmp_path) as shift`."""

from __future__ import annotations

import atexit
import copy
import logging
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import WoundClock
from bot.pace import Limits
from bot.rehearsal.stage import Stage, stage
from bot.rehearsal.telegram import Message, TelegramCore
from bot.rehearsal.telegram.presses import Answer
from storage.sheet_access import Access
from storage.tiny_disk import Disk
from storage.vault import NO_KEYS, Vault
from tests.support.referee import refereed

SHANGHAI = ZoneInfo("Asia/Shanghai")
BOSS, OPS, MEI, QIANG, CHEN = 101, 102, 103, 104, 105
NAMES = {BOSS: "林主管", OPS: "小周", MEI: "小美", QIANG: "阿强", CHEN: "老陈"}
ROLES = {BOSS: "主管", OPS: "运营", MEI: "客服", QIANG: "客服", CHEN: "仓库"}
START = datetime(2026, 11, 11, 19, 20, tzinfo=SHANGHAI)


class _Faults(logging.Handler):
    """Collects what the bot logs as an error: a fault nobody sees is a fault all the same."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []
        self.expected = False

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(self.format(record))


class Shift:
    """The group and everybody's private chat, spoken to and read from."""

    def __init__(self, here: Stage, group: int, faults: _Faults) -> None:
        self.here = here
        self.group = group
        self.clock = here.clock
        self._faults = faults

    def expects_a_fault(self) -> None:
        """This test makes the bot log an error."""
        self._faults.expected = True

    async def says(self, who: int, text: str, **more: object) -> list[str]:
        """`who` writes in the group; what the bot newly said in the group."""
        return await self._heard(self.group, self.here.says(who, self.group, text, **more))

    async def asks(self, who: int, text: str) -> list[str]:
        """`who` writes in private; what the bot newly said there."""
        return await self._heard(who, self.here.says(who, who, text))

    async def sends(self, who: int, name: str, data: bytes) -> list[str]:
        """`who` sends a file in private; what the bot newly said there."""
        return await self._heard(who, self.here.sends(who, who, name, data))

    async def press(self, who: int, caption: str, chat: int | None = None) -> Answer | None:
        """`who` presses the newest button whose caption contains `caption`, in `chat` (default: in private)."""
        chat = who if chat is None else chat
        message, button = self.find(chat, caption)
        return await self.here.presses(who, chat, message.message_id, button)

    def find(self, chat: int, caption: str) -> tuple[Message, str]:
        """The newest message with such a button, and the button's whole caption."""
        for message in reversed(self.here.core.said(chat)):
            for row in message.rows:
                for one in row:
                    if caption in one.text:
                        return message, one.text
        raise AssertionError(f"no button {caption!r} in {chat}; there are {self.buttons(chat)}")

    def buttons(self, chat: int) -> list[str]:
        """Every caption that can be pressed in a chat."""
        return [b.text for m in self.here.core.said(chat) for row in m.rows for b in row]

    async def _heard(self, chat: int, step: object) -> list[str]:
        before = {m.message_id for m in self.here.core.said(chat)}
        await step  # type: ignore[misc]
        return [m.text for m in self.here.core.said(chat) if m.message_id not in before]

    def read(self, chat: int) -> str:
        """Everything the bot's messages in a chat say now."""
        return "\n".join(m.text for m in self.here.core.said(chat))

    def board(self) -> str:
        """The pinned board."""
        return self.here.core.pinned(self.group)[-1].text

    async def at(self, clock: str) -> None:
        """Wind to a room time of the evening (`20:15`), or of a day (`14 10:00`)."""
        day, _, time = clock.rpartition(" ")
        hour, minute = (int(part) for part in time.split(":"))
        local = self.clock.now().astimezone(SHANGHAI)
        to = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        await self.here.wind(to.replace(day=int(day)) if day else to)

    async def all_out(self) -> None:
        """Everybody goes home: who stays signed in for weeks is reminded of every day's tasks."""
        for who in NAMES:
            await self.asks(who, "/out")

    async def minutes(self, count: int) -> None:
        """Wind on."""
        await self.here.wind_by(timedelta(minutes=count))


def people(core: TelegramCore, *, forum: bool = False, supergroup: bool = True) -> int:
    """Five people in a group with the bot; the group's id."""
    for id, name in NAMES.items():
        core.add_user(id, name, username=f"user{id}")
    return core.create_group("小满优选 服务群", list(NAMES), forum=forum, supergroup=supergroup)


@contextmanager
def no_faults() -> Iterator[_Faults]:
    """Fails if the bot logged an error in between, unless the test expected one."""
    faults = _Faults()
    logging.getLogger("bot").addHandler(faults)
    try:
        yield faults
    finally:
        logging.getLogger("bot").removeHandler(faults)
    assert bool(faults.seen) == faults.expected, "\n".join(faults.seen) or "no fault was logged"


@asynccontextmanager
async def evening(
    data: Path,
    *,
    bound: bool = True,
    core: TelegramCore | None = None,
    clock: WoundClock | None = None,
    group: int = 0,
    forum: bool = False,
    supergroup: bool = True,
    disk: Disk | None = None,
    limits: Limits | None = None,
    vault: Vault = NO_KEYS,
    sheets: Access | None = None,
) -> AsyncIterator[Shift]:
    """A stage with five people; `bound`: set up, with roles, private chats open and everybody on duty.

    `limits`: Telegram's are kept from then on, so that what waits its turn leaves when the clock is wound.
    """
    new = core is None and clock is None and _empty(data)
    if bound and new and disk is None and vault is NO_KEYS:
        core, clock, group = (await settled(forum, supergroup)).begun_in(data)
    clock = clock or WoundClock(START)
    core = core or TelegramCore(clock.now)
    fresh = group == 0
    group = group or people(core, forum=forum, supergroup=supergroup)
    with refereed(core), no_faults() as faults:
        if limits and bound and fresh:
            async with stage(core, clock, data, {BOSS}, disk=disk, vault=vault) as here:
                await settle_in(Shift(here, group, faults))
        async with stage(
            core, clock, data, {BOSS}, disk=disk, limits=limits, vault=vault, sheets=sheets
        ) as here:
            shift = Shift(here, group, faults)
            if bound and fresh and not limits:
                await settle_in(shift)
            yield shift


def _empty(data: Path) -> bool:
    return not any(data.glob("*"))


@dataclass(frozen=True)
class Settled:
    """A group that is set up, as left by a bot that has stopped: to go on from as often as wanted."""

    core: TelegramCore
    clock: WoundClock
    group: int
    data: Path

    def begun_in(self, data: Path) -> tuple[TelegramCore, WoundClock, int]:
        """A copy of it, with what the bot kept laid into `data`."""
        shutil.copytree(self.data, data, dirs_exist_ok=True)
        core, clock = copy.deepcopy((self.core, self.clock))
        return core, clock, self.group


_settled: dict[tuple[bool, bool], Settled] = {}


async def settled(forum: bool, supergroup: bool) -> Settled:
    """The same group for every evening: setting it up takes longer than most tests."""
    kind = (forum, supergroup)
    if kind not in _settled:
        clock = WoundClock(START)
        core = TelegramCore(clock.now)
        group = people(core, forum=forum, supergroup=supergroup)
        data = Path(tempfile.mkdtemp(prefix="settled-"))
        atexit.register(shutil.rmtree, data, ignore_errors=True)
        with refereed(core) as watched, no_faults() as faults:
            async with stage(watched, clock, data, {BOSS}) as here:
                await settle_in(Shift(here, group, faults))
        core.listeners.clear()
        _settled[kind] = Settled(core, clock, group, data)
    return _settled[kind]


async def settle_in(shift: Shift) -> None:
    """Bind the group, give the roles, open private chats, sign in."""
    await shift.says(BOSS, "/setup 小满优选 抖音")
    for who, role in ROLES.items():
        if who == BOSS:
            continue
        shift.here.core.send_text(who, shift.group, "到了")
        await shift.here.settle()
        message = [m for m in shift.here.chat(shift.group) if m.sender_id == who][-1]
        await shift.says(BOSS, f"/role {role}", reply_to=message.message_id)
    for who in NAMES:
        await shift.here.starts(who)
        await shift.asks(who, "/in")
