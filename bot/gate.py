"""The gate: Telegram's update -> a call, or nothing. Who, in which room, asking for what; no deciding here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath

from telegram import CallbackQuery, Document, Message, MessageEntity, Update, User

from bot.call import Call, Caller, FileRef, Via
from bot.duty import Command, FrontCommand
from playbooks.privacy import has_phone
from storage.books import DeskBooks

ANONYMOUS_ADMIN = 1087968824
SHEETS = re.compile(r"\.(csv|tsv|txt|xlsx|xlsm|xls|zip)$", re.IGNORECASE)
NO_ROOM = "-"


class Words:
    """Which command a text means, by its Latin name or a Chinese word, as the whole message plus arguments."""

    def __init__(self, commands: Mapping[str, Command | FrontCommand], bot_name: str) -> None:
        self._commands = commands
        self._slash = re.compile(
            rf"/([\da-zA-Z_]{{1,32}})(?:@{re.escape(bot_name)})?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL
        )
        pairs = ((word, name) for name, c in commands.items() for word in c.words)
        self._words = sorted(pairs, key=lambda pair: -len(pair[0]))

    def typed(self, text: str) -> tuple[str, str] | None:
        """`/on@shiftbot 3` -> ("on", "3"); None for a text that is no command or another bot's."""
        match = self._slash.fullmatch(text.strip())
        return (match[1].lower(), (match[2] or "").strip()) if match else None

    def meant(self, text: str) -> str:
        """The name of the command a text under a file is; '' for whatever else stands there."""
        asked = self.typed(text) or self.said(text)
        return asked[0] if asked else ""

    def said(self, text: str) -> tuple[str, str] | None:
        """`开讲 3`, `开讲3`, `催 6917…` -> the command's name and its arguments."""
        text = text.strip()
        for word, name in self._words:
            rest = text.removeprefix(word)
            if rest == text:
                continue
            takes_more = getattr(self._commands[name], "args", False)
            if not rest or (takes_more and (rest[0].isspace() or rest[0].isdigit() or rest[0] in "#:：,，")):
                return name, rest.strip(" \t\n:：,，")
        return None


class Gate:
    """Reads updates with what the desk's books say about chats and people."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def read(self, update: Update, desk: DeskBooks) -> Call | None:
        """The call an update makes; None for what nobody said. Talk among people has no command."""
        if update.callback_query:
            return self._press(update, update.callback_query, desk)
        if update.message:
            return self._message(update, update.message, desk)
        return None

    def _press(self, update: Update, press: CallbackQuery, desk: DeskBooks) -> Call | None:
        message = press.message
        if message is None or not press.data or ":" not in press.data:
            return None
        key, _, words = press.data.partition(":")
        command, _, args = words.partition(" ")
        topic = isinstance(message, Message) and message.is_topic_message
        return Call(
            update_id=update.update_id, at=message.date, who=_caller(press.from_user), chat_id=message.chat.id,
            private=message.chat.type == "private", command=command, args=args, via="button",
            room=self._room(message.chat.id, press.from_user, desk) if key == NO_ROOM else key,
            thread=(message.message_thread_id or 0) if isinstance(message, Message) and topic else 0,
            message_id=message.message_id, press_id=press.id, title=message.chat.title or "",
        )  # fmt: skip

    def _message(self, update: Update, message: Message, desk: DeskBooks) -> Call | None:
        user = message.from_user
        if user is None or (user.is_bot and user.id != ANONYMOUS_ADMIN):
            return None
        via, command, args = self._asks(message) or ("talk", "", "")
        return Call(
            update_id=update.update_id, at=message.date, who=_caller(user), chat_id=message.chat.id,
            private=message.chat.type == "private", command=command, args=args, via=via,
            room=self._room(message.chat.id, user, desk),
            thread=(message.message_thread_id or 0) if message.is_topic_message else 0,
            message_id=message.message_id,
            file=_file(message.document) or _photo(message),
            about_person=_about(message, desk), reply_to=_ours(message), anonymous=user.id == ANONYMOUS_ADMIN,
            title=message.chat.title or "", forum=bool(message.chat.is_forum),
        )  # fmt: skip

    def _asks(self, message: Message) -> tuple[Via, str, str] | None:
        private = message.chat.type == "private"
        if message.document:
            name = message.document.file_name or ""
            if not (private or SHEETS.search(name)):
                return None
            return "file", "file", self._words.meant(message.caption or "")
        if message.photo:
            return self._under_photo(message.caption or "", private=private)
        text = message.text or ""
        if typed := self._words.typed(text):
            return ("typed", *typed)
        if said := self._words.said(text):
            return ("word", *said)
        return ("reply", "answer", text.strip()) if text and (private or _ours(message)) else None

    def _under_photo(self, caption: str, *, private: bool) -> tuple[Via, str, str] | None:
        """What a photo is for: what is written under it; in private without a word, the answer to what was asked."""
        if asked := self._words.typed(caption) or self._words.said(caption):
            return ("file", *asked)
        return ("reply", "answer", caption.strip()) if private else None

    def _room(self, chat_id: int, user: User, desk: DeskBooks) -> str:
        binding = desk.bindings.get(str(chat_id))
        if binding:
            return binding.room
        met = desk.people.get(str(user.id))
        return met.room if met and chat_id == user.id else ""


def _caller(user: User) -> Caller:
    return Caller(str(user.id), user.full_name, (user.username or "").lower())


def _file(document: Document | None) -> FileRef | None:
    """The document sent; people put buyers' phones even into file names."""
    if document is None:
        return None
    name = document.file_name or ""
    if has_phone(name):
        name = f"…{PurePath(name).suffix}"
    return FileRef(document.file_id, name, document.file_size or 0)


def _photo(message: Message) -> FileRef | None:
    """The photo sent, in its largest size."""
    if not message.photo:
        return None
    largest = message.photo[-1]
    return FileRef(largest.file_id, "", largest.file_size or 0, photo=True)


def _ours(message: Message) -> int:
    """The number of the bot's message that was replied to, else 0; what is no card to answer is talk all the same."""
    replied = message.reply_to_message
    said_by_a_bot = replied and replied.from_user and replied.from_user.is_bot
    return replied.message_id if replied and said_by_a_bot and not replied.forum_topic_created else 0


def _about(message: Message, desk: DeskBooks) -> str:
    """Whom `/role` is about: the person mentioned, else the one replied to; '' where nobody is known by that name."""
    for entity in message.entities:
        if entity.type == MessageEntity.TEXT_MENTION and entity.user:
            return str(entity.user.id)
        if entity.type == MessageEntity.MENTION:
            name = message.parse_entity(entity).lstrip("@").lower()
            known = desk.people.by("username", name)
            return known[0].id if known else ""
    replied = message.reply_to_message
    if replied and replied.from_user and not replied.from_user.is_bot and not replied.forum_topic_created:
        return str(replied.from_user.id)
    return ""
