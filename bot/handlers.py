"""The handlers of updates, in one visible list: what people say and press is read, done and answered."""

from __future__ import annotations

import logging
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)  # fmt: skip

from bot import logs
from bot.call import Call
from bot.card import Card, button, line
from bot.gate import Gate, Words
from bot.groups import Groups
from bot.inline import Inline
from bot.outbox import Outbox
from bot.posting import ANSWER, outgoing
from bot.presses import Press
from bot.runner import Reply, Runner
from bot.texts import DEFAULT
from bot.turning_up import offer_sign_in
from bot.turns import Turns
from storage.rows import Outgoing
from storage.store import NotSaved

log = logging.getLogger(__name__)

WORDS_BYTES = 58
"""What is left of a button's 64 bytes beside the room's short key."""
Context = ContextTypes.DEFAULT_TYPE


class Handlers:
    """From an update to its answer."""

    def __init__(self, bot: Bot, runner: Runner, outbox: Outbox, turns: Turns, bot_name: str) -> None:
        self._runner = runner
        self._outbox = outbox
        self._turns = turns
        self._gate = Gate(Words({**runner.commands, **runner.front_commands}, bot_name))
        self._groups = Groups(bot, runner, outbox, turns)
        self._inline = Inline(bot, runner)

    def listed(self) -> list[BaseHandler[Update, Context, Any]]:
        """Every handler there is. Edited messages are not acted on: a command would fire twice.

        What somebody pastes from inline mode is said to those who read it, not to the bot.
        """
        new, groups = filters.UpdateType.MESSAGE, self._groups
        return [
            CallbackQueryHandler(self._pressed),
            InlineQueryHandler(self._searched),
            MessageHandler(new & filters.StatusUpdate.MIGRATE, groups.migrated),
            MessageHandler(
                new & ~filters.VIA_BOT & (filters.TEXT | filters.Document.ALL | filters.PHOTO), self._said
            ),
            ChatMemberHandler(groups.joined, ChatMemberHandler.MY_CHAT_MEMBER),
            ChatMemberHandler(groups.left, ChatMemberHandler.CHAT_MEMBER),
            MessageHandler(new & filters.StatusUpdate.LEFT_CHAT_MEMBER, groups.left),
        ]

    # -- in ------------------------------------------------------------------------------------------

    def _read(self, update: Update) -> Call | None:
        call = self._gate.read(update, self._runner.front())
        return call.to(replayed=True) if call and self._turns.is_replayed(update.update_id) else call

    async def _said(self, update: Update, context: Context) -> None:
        call = self._read(update)
        if call is None:
            return
        call = self._runner.replied(call) or call
        await offer_sign_in(self._runner, call)
        if self._is_talk(call):
            await self._runner.meet(call.to(command=""))
            return
        if self._not_for_us(call):
            return
        await self._take(call)

    def _is_talk(self, call: Call) -> bool:
        """Said among people: a command's word by somebody it is no command for, a reply to what asks nothing.

        In private nobody else is spoken to: there they hear which roles may.
        """
        if call.via == "word" and not call.private:
            return not call.anonymous and not self._runner.may(call)
        return not call.command or (call.command == "answer" and not call.private)

    def _not_for_us(self, call: Call) -> bool:
        """In a group: another bot's command, or a file from somebody who has no role here."""
        if call.private or call.via not in ("typed", "file"):
            return False
        known = {*self._runner.commands, *self._runner.front_commands}
        if call.command not in known:
            return True
        return call.via == "file" and not self._runner.may(call)

    async def _searched(self, update: Update, context: Context) -> None:
        assert update.inline_query
        await self._inline.answer(update.inline_query)

    async def _pressed(self, update: Update, context: Context) -> None:
        assert update.callback_query
        call = self._read(update)
        room = self._runner.room(call.room) if call and call.room else None
        press = Press(update.callback_query, room.lang if room else DEFAULT)
        try:
            if call:
                await self._take(call, press)
            else:
                await press.answer(None)
        finally:
            press.close()

    # -- done and answered ---------------------------------------------------------------------------

    async def _take(self, call: Call, press: Press | None = None) -> None:
        """Do what the call asks; the press is answered first, then the answers leave."""
        if call.anonymous:
            await self._answer(call, self._who_are_you(call))
            return
        await self._runner.meet(call)
        reply = await self._runner.run(call)
        if press:
            await self._toast(call, press, reply.toasts[0] if reply.toasts else None)
        if call.command == "setup":
            await self._groups.look_at(call)
        await self._answers(call, reply)
        if reply.follow:
            await self._runner.run(reply.follow)

    async def _toast(self, call: Call, press: Press, toast: Card | None) -> None:
        """Answer the press. An alert that comes too late for it is said in private instead of being lost."""
        if not await press.answer(toast) and toast and toast.alert:
            late = outgoing(call, toast.changed(alert=False), ANSWER, self._runner.clock.now())
            await self._answer(call, late)

    async def _answers(self, call: Call, reply: Reply) -> None:
        """What follows must be done after a crash: then the answers are given again, stored or not."""
        for at, answer in enumerate(reply.answers, 1):
            last = at == len(reply.answers) and not reply.follow
            await self._answer(call, answer, call.mark if last else "")

    async def _answer(self, call: Call, answer: Outgoing, mark: str = "") -> None:
        try:
            await self._outbox.answer(call.room if self._runner.room(call.room) else "", answer, mark)
        except (TelegramError, NotSaved) as error:  # what is answered at once needs no disk
            log.warning("an answer to %s was not sent, or will not remove itself: %s", call.command, error)

    def _who_are_you(self, call: Call) -> Outgoing:
        """An anonymous admin speaks as the group but presses buttons as themselves: offer the words as a button."""
        words = f"{call.command} {call.args}".strip()
        whole = not call.file and not call.about_person and len(words.encode()) <= WORDS_BYTES
        said = line("common.anonymous" if whole else "common.anonymous_again")
        buttons = ((button("common.anonymous_go", words, words=words),),) if whole else ()
        card = Card(lines=(said,), buttons=buttons)
        return Outgoing(
            id=ANSWER, card=card, at=call.at, chat_id=call.chat_id, thread=call.thread, again=call.replayed
        )

    async def fault(self, update: object, context: Context) -> None:
        """A handler raised. What an error says may be what people wrote: it is not logged."""
        error = context.error
        log.error("an update was not handled: %s", logs.stack(error) if error else "")
        if isinstance(update, Update) and error:
            self._turns.failed(update, error)
