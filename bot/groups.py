"""What happens to a group: the bot comes in, it is set up, moves, or somebody leaves."""

from __future__ import annotations

import logging

from telegram import Bot, ChatMember, ChatMemberRestricted, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.call import Call
from bot.handing_back import gone
from bot.outbox import Outbox
from bot.runner import Runner
from bot.texts import DEFAULT, say
from bot.turns import Turns
from playbooks.room import TOPICS, Room
from storage.books import RoomBooks
from storage.store import NotSaved

log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE


class Groups:
    """The handlers of what Telegram says of groups, and the look at a group after `/setup`."""

    def __init__(self, bot: Bot, runner: Runner, outbox: Outbox, turns: Turns) -> None:
        self._bot = bot
        self._runner = runner
        self._outbox = outbox
        self._turns = turns

    # -- set up --------------------------------------------------------------------------------------

    async def look_at(self, call: Call) -> None:
        """After `/setup`: say which rights are missing, and make the topics of a forum group."""
        binding = self._runner.front().bindings.get(str(call.chat_id))
        room = self._runner.room(binding.room) if binding else None
        if room is None or (call.replayed and room.topics):
            return  # looked at before a crash
        try:
            for key in await self._missing(room):
                said = _marked(say(room.lang, key), room.lang, again=call.replayed)
                await self._bot.send_message(room.chat_id, said, message_thread_id=call.thread or None)
        except (TelegramError, NotSaved) as error:
            log.warning("the group of %s could not be looked at: %s", room.id, error)

    async def _missing(self, room: Room) -> list[str]:
        """The texts about rights the bot lacks."""
        me = await self._bot.get_chat_member(room.chat_id, self._bot.id)
        missing = [] if me.status == "administrator" else ["setup.not_admin"]
        if room.forum and not room.topics and not await self._make_topics(room):
            missing.append("setup.topics_missing")
        return missing

    async def _make_topics(self, room: Room) -> bool:
        made: dict[str, int] = {}
        try:
            for name in TOPICS:
                topic = await self._bot.create_forum_topic(room.chat_id, say(room.lang, f"topic.{name}"))
                made[name] = topic.message_thread_id
        except TelegramError as error:
            log.info("topics of %s were not made: %s", room.id, error)
        await self._runner.unit(room.id, lambda raw: RoomBooks(raw).room.put(room.changed(topics=made)))
        return len(made) == len(TOPICS)

    # -- what Telegram says of it --------------------------------------------------------------------

    async def migrated(self, update: Update, context: Context) -> None:
        """The group became a supergroup: its room goes along."""
        message = update.message
        if message is None or message.migrate_to_chat_id is None:
            return  # the other half of the pair; acting on both would do it twice
        key = self._room_of(message.chat.id)
        if key:
            await self._outbox.mishaps.moved(key, message.migrate_to_chat_id)

    def _room_of(self, chat_id: int) -> str:
        """The room of a group: the one bound to it, else, where a crash came between, the one that stands there."""
        binding = self._runner.front().bindings.get(str(chat_id))
        rooms = (self._runner.room(key) for key in self._runner.store.rooms())
        return binding.room if binding else next((r.id for r in rooms if r and r.chat_id == chat_id), "")

    async def joined(self, update: Update, context: Context) -> None:
        """The bot came into a group, or may write there again."""
        change = update.my_chat_member
        if change is None or change.chat.type == "private" or not _may_speak(change.new_chat_member):
            return
        await self._outbox.chats.reopen(change.chat.id)
        if change.old_chat_member.status in ("left", "kicked") and not self._runner.front().bindings.get(
            str(change.chat.id)
        ):
            await self._greet(change.chat.id, again=self._turns.is_replayed(update.update_id))

    async def _greet(self, chat_id: int, *, again: bool) -> None:
        said = _marked(say(DEFAULT, "front.added"), DEFAULT, again=again)
        try:
            await self._bot.send_message(chat_id, said, parse_mode="HTML")
        except TelegramError as error:
            log.warning("the new group was not greeted: %s", error)

    async def left(self, update: Update, context: Context) -> None:
        """Somebody left or was put out: Telegram tells an admin bot twice, any other once."""
        chat, change = update.effective_chat, update.chat_member
        message = update.message
        user = message.left_chat_member if message else None
        if change and change.new_chat_member.status in ("left", "kicked"):
            user = change.new_chat_member.user
        binding = self._runner.front().bindings.get(str(chat.id)) if chat else None
        if user is not None and binding:
            mark = str(update.update_id)
            await self._runner.for_room(binding.room, lambda desk: gone(str(user.id), desk), mark)


def _may_speak(member: ChatMember) -> bool:
    """Whether the bot may write in the group as far as its own membership says."""
    restricted = isinstance(member, ChatMemberRestricted) and member.can_send_messages
    return restricted or member.status in ("member", "administrator")


def _marked(said: str, lang: str, *, again: bool) -> str:
    return f"{say(lang, 'common.again')}\n{said}" if again else said
