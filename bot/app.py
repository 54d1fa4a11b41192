"""The Telegram Application on the duties: handlers in one visible list, and the tick."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    MessageHandler,
    filters,
)  # fmt: skip

from bot import render
from bot.aside import Aside
from bot.attachments import Attachments
from bot.call import Call
from bot.card import Card, button, line
from bot.checkup import Checkup
from bot.duty import Command, FrontCommand
from bot.gate import Gate, Words
from bot.handing_back import gone
from bot.heartbeat import Heartbeat, Vitals
from bot.inbox import Inbox
from bot.jobs import Jobs
from bot.keeping import Keeping
from bot.later import Later
from bot.outbox import Outbox
from bot.pace import Limits
from bot.polling import Polling
from bot.runner import ANSWER, Runner
from bot.screens import Screens
from bot.sender import Sender
from bot.texts import DEFAULT, LANGUAGES, plain, say
from bot.turns import Turns
from playbooks.room import TOPICS, Room
from storage.books import RoomBooks
from storage.rows import Line, Outgoing
from storage.store import NotSaved

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
WORDS_BYTES = 58
"""What is left of a button's 64 bytes beside the room's short key."""
Context = ContextTypes.DEFAULT_TYPE


class Shiftbot:
    """Everything that runs on one bot: inbox, handlers, outbox, board, jobs."""

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        runner: Runner,
        bot_name: str,
        limits: Limits | None,
    ) -> None:
        self.application = application
        self.runner = runner
        self.bot: Bot = application.bot
        self.gate = Gate(Words({**runner.commands, **runner.front_commands}, bot_name))
        assert isinstance(application.update_processor, Turns)
        self.inbox = Inbox(runner)
        self.turns: Turns = application.update_processor
        self.turns.attach(application, self.inbox, Aside(self.bot, runner, self.inbox))
        self.polling = Polling(self.bot, self.inbox, runner.clock)
        self.jobs = Jobs(self.bot, runner)
        self.later = Later(runner)
        self.keeping = Keeping(runner)
        self.sender = Sender(self.bot, runner, Attachments(runner, {"health": self._checkup}))
        self.outbox = Outbox(self.sender, runner, bot_name, limits)
        self.screens = Screens(self.bot, runner, self.outbox)
        runner.units.on_commit.append(self._committed)
        self.vitals = Vitals(runner, self.inbox, self.outbox)
        self.heartbeat: Heartbeat | None = None
        """Where one is kept: of the real thing only."""
        for handler in self.handlers():
            application.add_handler(handler)
        application.add_error_handler(self._fault)

    def handlers(self) -> list[BaseHandler[Update, Context, Any]]:
        """Every handler there is. Edited messages are not acted on: a command would fire twice."""
        new = filters.UpdateType.MESSAGE
        return [
            CallbackQueryHandler(self._pressed),
            MessageHandler(new & filters.StatusUpdate.MIGRATE, self._migrated),
            MessageHandler(new & (filters.TEXT | filters.Document.ALL), self._said),
            ChatMemberHandler(self._joined, ChatMemberHandler.MY_CHAT_MEMBER),
            ChatMemberHandler(self._left, ChatMemberHandler.CHAT_MEMBER),
            MessageHandler(new & filters.StatusUpdate.LEFT_CHAT_MEMBER, self._left),
        ]

    def _committed(self, room: str) -> None:
        for worker in (self.outbox.pump, self.screens.worker, self.jobs.worker):
            worker.wake()

    # -- life ----------------------------------------------------------------------------------------

    async def start(self, *, ticking: bool = True) -> None:
        """Begin work on a started application, first with what a crash left undone; `ticking` follows the machine's
        clock. Updates may come once this returns."""
        await self.later.take_back()
        await self.outbox.begin()
        for worker in (self.outbox.pump, self.screens.worker, self.jobs.worker, self.keeping.worker):
            worker.start(ticking=ticking)
        if ticking and self.application.job_queue:
            self.application.job_queue.run_repeating(self._tick, interval=TICK_SECONDS, first=0, name="tick")
        await self.turns.replay()

    async def stop(self) -> None:
        """End the workers; what waits is stored."""
        for worker in (self.keeping.worker, self.jobs.worker, self.screens.worker, self.outbox.pump):
            await worker.stop()

    async def close(self) -> None:
        """Once the application has handled what it was given: write that down, and end the threads."""
        await self.inbox.note()
        await self.runner.units.finish()
        self.runner.close()

    async def _checkup(self, room: Room) -> list[Line]:
        return await Checkup(self.bot, self.runner, self.outbox, self.vitals).lines(room)

    async def introduce(self) -> None:
        """Tell Telegram the command menu, in every language."""
        commands: list[Command | FrontCommand] = [
            *self.runner.commands.values(),
            *self.runner.front_commands.values(),
        ]
        listed = [c for c in commands if c.listed]
        try:
            await self._menus(listed)
        except TelegramError as error:
            log.warning("the command menu was not set: %s", error)  # people can type without it

    async def _menus(self, listed: list[Command | FrontCommand]) -> None:
        for lang in LANGUAGES:
            menu = [BotCommand(c.name, plain(say(lang, f"menu.{c.name}"))[:256]) for c in listed]
            code = None if lang == DEFAULT else lang
            for scope in (BotCommandScopeAllGroupChats(), BotCommandScopeAllPrivateChats()):
                await self.bot.set_my_commands(menu, scope=scope, language_code=code)

    async def _tick(self, context: Context) -> None:
        await self.tick()

    async def tick(self) -> None:
        """Do what is due and let leave what waited for its time."""
        try:
            await self.later.tick()
            await self.inbox.note()
            await self.inbox.tidy()
            await self.runner.units.flush()
        except NotSaved as error:
            log.error("a tick could not be saved: %s", error)
        self.keeping.tick()
        for worker in (self.outbox.pump, self.screens.worker, self.jobs.worker):
            worker.wake()
        if self.heartbeat:
            await self.heartbeat.beat()

    def next_moment(self) -> datetime | None:
        """When there is next something to do that only the clock brings."""
        moments = (
            self.later.next_due(),
            self.outbox.next_moment(),
            self.jobs.next_moment(),
            self.keeping.next_moment(),
        )
        return min((m for m in moments if m), default=None)

    @property
    def quiet(self) -> bool:
        """Nothing is being worked on and nothing is left to do at this moment."""
        workers = (self.outbox.pump, self.screens.worker, self.jobs.worker, self.keeping.worker)
        return self.turns.idle and all(worker.quiet for worker in workers)

    # -- in ------------------------------------------------------------------------------------------

    def _read(self, update: Update) -> Call | None:
        call = self.gate.read(update, self.runner.front())
        return call.to(replayed=True) if call and self.turns.is_replayed(update.update_id) else call

    async def _said(self, update: Update, context: Context) -> None:
        call = self._read(update)
        if call is None:
            return
        # A command's word said by somebody it is no command for is talk among people like any other.
        if not call.command or (call.via == "word" and not call.anonymous and not self.runner.may(call)):
            await self.runner.meet(call.to(command=""))
            return
        if self._not_for_us(call):
            return
        await self.take(call)

    def _not_for_us(self, call: Call) -> bool:
        """In a group: another bot's command, or a file from somebody who has no role here."""
        if call.private or call.via not in ("typed", "file"):
            return False
        known = {*self.runner.commands, *self.runner.front_commands}
        if call.command not in known:
            return True
        return call.via == "file" and not self.runner.may(call)

    async def _pressed(self, update: Update, context: Context) -> None:
        assert update.callback_query
        call = self._read(update)
        await self._answer_press(update, call, await self.take(call) if call else None)

    async def _answer_press(self, update: Update, call: Call | None, toast: Card | None) -> None:
        room = self.runner.room(call.room) if call and call.room else None
        text = render.toast_text(toast, room.lang if room else DEFAULT) if toast else None
        try:
            assert update.callback_query
            await update.callback_query.answer(text=text, show_alert=bool(toast and toast.alert))
        except TelegramError as error:
            log.info("a press went unanswered: %s", error)  # too old: the person has long moved on

    async def take(self, call: Call) -> Card | None:
        """Do what the call asks; answers leave, the toast comes back."""
        if call.anonymous:
            await self.outbox.answer(call.room, self._who_are_you(call))
            return None
        await self.runner.meet(call)
        reply = await self.runner.run(call)
        if call.command == "setup":
            await self._look_at_group(call)
        for answer in reply.answers:
            await self._answer(call, answer)
        if reply.follow:
            await self.runner.run(reply.follow)
        return reply.toasts[0] if reply.toasts else None

    async def _look_at_group(self, call: Call) -> None:
        """After `/setup`: say which rights are missing, and make the topics of a forum group."""
        binding = self.runner.front().bindings.get(str(call.chat_id))
        room = self.runner.room(binding.room) if binding else None
        if room is None:
            return
        try:
            me = await self.bot.get_chat_member(room.chat_id, self.bot.id)
            missing = [] if me.status == "administrator" else ["setup.not_admin"]
            if room.forum and not room.topics and not await self._make_topics(room):
                missing.append("setup.topics_missing")
            for key in missing:
                await self.bot.send_message(
                    room.chat_id, say(room.lang, key), message_thread_id=call.thread or None
                )
        except (TelegramError, NotSaved) as error:
            log.warning("the group of %s could not be looked at: %s", room.id, error)

    async def _make_topics(self, room: Room) -> bool:
        made: dict[str, int] = {}
        try:
            for name in TOPICS:
                topic = await self.bot.create_forum_topic(room.chat_id, say(room.lang, f"topic.{name}"))
                made[name] = topic.message_thread_id
        except TelegramError as error:
            log.info("topics of %s were not made: %s", room.id, error)
        await self.runner.unit(room.id, lambda raw: RoomBooks(raw).room.put(room.changed(topics=made)))
        return len(made) == len(TOPICS)

    async def _answer(self, call: Call, answer: Outgoing) -> None:
        try:
            await self.outbox.answer(call.room if self.runner.room(call.room) else "", answer)
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

    async def _migrated(self, update: Update, context: Context) -> None:
        message = update.message
        if message is None or message.migrate_to_chat_id is None:
            return  # the other half of the pair; acting on both would do it twice
        key = self._room_of(message.chat.id)
        if key:
            await self.outbox.mishaps.moved(key, message.migrate_to_chat_id)

    def _room_of(self, chat_id: int) -> str:
        """The room of a group: the one bound to it, else, where a crash came between, the one that stands there."""
        binding = self.runner.front().bindings.get(str(chat_id))
        rooms = (self.runner.room(key) for key in self.runner.store.rooms())
        return binding.room if binding else next((r.id for r in rooms if r and r.chat_id == chat_id), "")

    async def _joined(self, update: Update, context: Context) -> None:
        change = update.my_chat_member
        if (
            change is None
            or change.chat.type == "private"
            or change.new_chat_member.status not in ("member", "administrator")
        ):
            return
        await self.outbox.chats.reopen(change.chat.id)
        if change.old_chat_member.status in ("left", "kicked") and not self.runner.front().bindings.get(
            str(change.chat.id)
        ):
            await self._greet(change.chat.id, again=self.turns.is_replayed(update.update_id))

    async def _greet(self, chat_id: int, *, again: bool) -> None:
        said = say(DEFAULT, "front.added")
        try:
            await self.bot.send_message(
                chat_id, f"{say(DEFAULT, 'common.again')}\n{said}" if again else said, parse_mode="HTML"
            )
        except TelegramError as error:
            log.warning("the new group was not greeted: %s", error)

    async def _left(self, update: Update, context: Context) -> None:
        """Somebody left or was put out: Telegram tells an admin bot twice, any other once."""
        chat, change = update.effective_chat, update.chat_member
        message = update.message
        user = message.left_chat_member if message else None
        if change and change.new_chat_member.status in ("left", "kicked"):
            user = change.new_chat_member.user
        binding = self.runner.front().bindings.get(str(chat.id)) if chat else None
        if user is not None and binding:
            mark = str(update.update_id)
            await self.runner.for_room(binding.room, lambda desk: gone(str(user.id), desk), mark)

    async def _fault(self, update: object, context: Context) -> None:
        log.error("an update was not handled: %s", type(context.error).__name__, exc_info=context.error)
        if isinstance(update, Update) and context.error:
            self.turns.failed(update, context.error)
