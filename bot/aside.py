"""Updates that could not be handled are set aside: the person hears that nothing happened, the owners which one."""

from __future__ import annotations

import logging

from telegram import Bot, Update
from telegram.error import TelegramError

from bot.card import line, tell
from bot.inbox import Inbox
from bot.runner import Runner
from bot.texts import DEFAULT, plain, say
from storage.books import RoomBooks
from storage.rows import Line
from storage.store import Books, NotSaved

log = logging.getLogger(__name__)


class Aside:
    """Sets updates aside, telling of them first: what is told twice after a crash is no harm."""

    def __init__(self, bot: Bot, runner: Runner, inbox: Inbox) -> None:
        self._bot = bot
        self._runner = runner
        self._inbox = inbox

    async def put(self, update: Update, error: str, tries: int) -> None:
        """Set `update` aside for `error`, the name of a type, after the last of its `tries`."""
        key = self._room(update)
        await self._tell_person(update, key)
        chat, who = update.effective_chat, update.effective_user
        said = line(
            "inbox.aside",
            chat=(chat.title if chat else None) or line("inbox.private_chat"),
            who=who.full_name if who else "—",
            number=str(update.update_id),
            error=error,
        )
        await self._set_aside(update.update_id, key, said, error, tries)

    async def unreadable(self, number: int, error: Exception) -> None:
        """Set an update aside that cannot even be read: whose it is cannot be told either."""
        said = line("inbox.unreadable", number=str(number))
        await self._set_aside(number, "", said, type(error).__name__, 1)

    async def _set_aside(self, number: int, key: str, said: Line, error: str, tries: int) -> None:
        try:
            await self._tell_owners(number, key, said)
            await self._inbox.set_aside(number, error, tries)
        except NotSaved as failed:
            log.error("update %s is not set aside, it waits for the next start: %s", number, failed)

    def _room(self, update: Update) -> str:
        """The room the update concerns: the group's, else the person's current one; '' where neither is known."""
        chat, who, front = update.effective_chat, update.effective_user, self._runner.front()
        binding = front.bindings.get(str(chat.id)) if chat else None
        met = front.people.get(str(who.id)) if who else None
        key = binding.room if binding else met.room if met else ""
        return key if key and self._runner.room(key) else ""

    async def _tell_person(self, update: Update, key: str) -> None:
        room = self._runner.room(key) if key else None
        said = say(room.lang if room else DEFAULT, "common.fault")
        try:
            if update.callback_query:
                await update.callback_query.answer(text=plain(said), show_alert=True)
            elif update.message:
                await update.message.reply_text(said)
        except TelegramError as error:
            log.info("nobody was told of the fault: %s", error)

    async def _tell_owners(self, number: int, key: str, said: Line) -> None:
        """By a card of the room concerned, else of any room there is; owners the bot never met cannot be told."""
        front = self._runner.front()
        owners = [one for one in sorted(self._runner.owners) if front.people.get(one)]
        key = key or next((one for one in self._runner.store.rooms() if self._runner.room(one)), "")
        if not owners or not key:
            log.error("no owner can be told that update %s was set aside", number)
            return
        mark = f"{number}:told"

        def unit(raw: Books) -> None:
            books, now = RoomBooks(raw), self._runner.clock.now()
            if self._runner.first_time(books.handled, mark):
                self._runner.post(books, [tell(owner, said, rank="work") for owner in owners], now)

        await self._runner.unit(key, unit)
