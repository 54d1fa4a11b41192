"""The show: a stage with its cast, on which deeds are done one after another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from secrets import token_bytes

from bot.clock import WoundClock
from bot.rehearsal import samples
from bot.rehearsal.cast import BEGINS, OWNER, enter, person_id
from bot.rehearsal.deeds import Deed, Presses, Sample, Says, Sends, Starts, Winds
from bot.rehearsal.samples import SHOP, TAGGED, ZONE
from bot.rehearsal.stage import Stage, stage
from bot.rehearsal.table import PASS, Table, TableDeed, Waits
from bot.rehearsal.telegram import Button, Message, TelegramCore
from bot.rehearsal.telegram.presses import Answer
from bot.texts import plain, say
from playbooks.model import Refusal
from storage.vault import DAYS, KEY_BYTES, Vault

LONGEST_WIND = timedelta(days=30)
RUNSHEET_NAME = "1111_runsheet.xlsx"
CORRECTED_NAME = "1111_runsheet_v2.xlsx"
SAMPLES: dict[str, Callable[[], tuple[str, bytes]]] = {
    "runsheet": lambda: (RUNSHEET_NAME, samples.runsheet_xlsx()),
    "corrected": lambda: (CORRECTED_NAME, samples.runsheet_xlsx(corrected=True)),
    "broken": samples.broken_export,
    "roster": samples.not_an_export,
    "taobao": samples.other_platform,
}
"""The files that say the same at any moment."""


class Show:
    """Stage, group and language. Deeds are done one at a time, also when two browsers ask at once."""

    def __init__(self, here: Stage, group: int, lang: str, table: Table) -> None:
        self.here = here
        self.table = table
        self.core = here.core
        self.group = group
        self.lang = lang
        self.expected: list[Callable[[], datetime | None]] = []
        """Who else knows of a moment to come: troubles end at one."""
        self._turn = asyncio.Lock()

    def now(self) -> datetime:
        """The rehearsal clock, on the wall of the shop."""
        return self.here.clock.now().astimezone(ZONE)

    async def do(self, deed: Deed) -> Answer | None:
        """Do a deed and wait for all it causes; what a press was answered.

        Raises Refusal `rehearsal.*` for what no client offers, TimeoutError where the bot does not come to rest.
        """
        async with self._turn, _as_refusals():
            return await self._do(deed)

    async def _do(self, deed: Deed) -> Answer | None:
        if isinstance(deed, Winds):
            await self._wind(deed)
            return None
        who = person_id(deed.who)
        if isinstance(deed, Says):
            await self.here.says(
                who, self.chat(deed.who, deed.where), self.words(deed), reply_to=deed.reply_to
            )
        elif isinstance(deed, Starts):
            await self.here.starts(who, deed.payload)
        elif isinstance(deed, Sends):
            await self.here.sends(who, self.chat(deed.who, deed.where), *self.sample(deed.sample))
        else:
            return await self._press(who, deed)
        return None

    async def upload(self, who: str, where: str, name: str, data: bytes) -> None:
        """Somebody sends a file of their own. Raises like `do`."""
        async with self._turn, _as_refusals():
            await self.here.sends(person_id(who), self.chat(who, where), name, data)

    async def at_table(self, deed: TableDeed) -> None:
        """Somebody does something in the spreadsheet. Raises like `do`."""
        async with self._turn, _as_refusals():
            if isinstance(deed, Waits):
                await self.here.wind_by(PASS)
            else:
                self.table.do(deed)

    # -- what a deed means here ----------------------------------------------------------------------

    def chat(self, who: str, where: str) -> int:
        """The group's id, or that of the private chat, which is its person's."""
        return self.group if where == "group" else person_id(who)

    def words(self, deed: Says) -> str:
        """What is written; a line of the script in the room's language."""
        return (
            plain(say(self.lang, f"rehearsal.says.{deed.line}", shop=SHOP, **TAGGED))
            if deed.line
            else deed.text
        )

    def sample(self, name: Sample) -> tuple[str, bytes]:
        """Name and content of a file that lies ready; an export says what is true at this moment."""
        if name in SAMPLES:
            return SAMPLES[name]()
        return samples.export(self.now()) if name == "export" else samples.logistics_list(self.now())

    async def _press(self, who: int, deed: Presses) -> Answer | None:
        message, button = self.find(self.chat(deed.who, deed.where), deed.words, deed.message)
        return await self.here.presses(who, message.chat_id, message.message_id, button.data or button.text)

    def find(self, chat: int, words: str, message_id: int | None = None) -> tuple[Message, Button]:
        """The newest message (or the one named) with a button that means `words`.

        Raises Refusal `rehearsal.no_button`.
        """
        there = [m for m in reversed(self.core.messages(chat)) if message_id in (None, m.message_id)]
        for message in there:
            for button in message.buttons:
                if fnmatchcase((button.data or "").partition(":")[2], words):
                    return message, button
        raise Refusal("rehearsal.no_button", words=words)

    # -- the clock -----------------------------------------------------------------------------------

    async def wind_to(self, to: datetime) -> None:
        """Wind the clock on to `to`, everything due on the way happening at its time; never back."""
        async with self._turn:
            if to > self.here.clock.now():
                await self.here.wind(to)

    async def _wind(self, deed: Winds) -> None:
        now = self.here.clock.now()
        by = timedelta(minutes=deed.minutes) if deed.minutes else None
        to = now + by if by else deed.to or self.next_due()
        if to is None:
            raise Refusal("rehearsal.nothing_due")
        if to < now:
            raise Refusal("rehearsal.clock_back")
        if to - now > LONGEST_WIND:
            raise Refusal("rehearsal.clock_far")
        await self.here.wind(to)

    def next_due(self) -> datetime | None:
        """When next something happens by itself that somebody could see; the bot's own tidying does not count."""
        runner = self.here.bot.runner
        moments = [self.here.bot.outbox.next_moment(), *(expect() for expect in self.expected)]
        for books in map(runner.view, runner.store.rooms()):
            moments += [books.due.next_due(), books.vanishing.next_due()]
        return min((m for m in moments if m and m > self.here.clock.now()), default=None)

    # -- what stands where ---------------------------------------------------------------------------

    def screens(self) -> set[tuple[int, int]]:
        """Chat and message of the pinned board and of everybody's desk, which are edited all the time."""
        runner = self.here.bot.runner
        stand = (one for key in runner.store.rooms() for one in runner.view(key).sent.scan())
        return {
            (one.chat_id, one.message_id) for one in stand if one.id == "board" or one.id.startswith("desk:")
        }


@asynccontextmanager
async def _as_refusals() -> AsyncIterator[None]:
    """What no client offers, said to the person."""
    try:
        yield
    except ValueError as error:
        raise Refusal("rehearsal.impossible", why=str(error)[:200]) from None


@asynccontextmanager
async def show(data: Path, lang: str) -> AsyncIterator[Show]:
    """The curtain goes up: the five in their group at BEGINS, the bot's store in `data`."""
    clock = WoundClock(BEGINS)
    core = TelegramCore(clock.now)
    group = enter(core, lang)
    # A key for tonight only: buyers are told from each other and may be looked at, and nobody can read them afterwards.
    vault = Vault({"k1": token_bytes(KEY_BYTES)}, DAYS)
    table = Table(core, clock, lang)
    async with stage(core, clock, data, {OWNER.id}, vault=vault, sheets=table.access()) as here:
        await here.bot.introduce()
        yield Show(here, group, lang, table)
