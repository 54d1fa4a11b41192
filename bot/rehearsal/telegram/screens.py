"""What people see: the messages of a chat with buttons, files, pins and marks, as frozen values."""

from __future__ import annotations

from functools import cached_property
from operator import is_

from bot.rehearsal.telegram.entities import Entity, as_html
from bot.rehearsal.telegram.world import GENERAL, Chat, Json, Post, World
from playbooks.model import Model, Moment


class Button(Model):
    """A button as its client treats it: it sends `data`, opens `url`, or copies `copied`."""

    text: str
    data: str | None = None
    url: str | None = None
    copied: str | None = None


class Document(Model):
    """A file or photo in a message."""

    name: str
    mime: str
    content: bytes


class Message(Model):
    """One message as people see it; where there is a file, `text` is its caption."""

    chat_id: int
    message_id: int
    thread_id: int | None
    sender_id: int
    sender: str
    from_bot: bool
    date: Moment
    text: str
    entities: tuple[Entity, ...]
    rows: tuple[tuple[Button, ...], ...]
    keyboard: tuple[tuple[str, ...], ...]
    document: Document | None
    photo: Document | None
    service: str | None
    reply_to: int | None
    edited: Moment | None
    pinned: bool
    silent: bool
    deleted: bool
    reactions: dict[int, str]

    @property
    def html(self) -> str:
        """The text with its markup."""
        return as_html(self.text, list(self.entities))

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All inline buttons, row after row."""
        return tuple(button for row in self.rows for button in row)


class _Seen(dict[tuple[int, int], tuple[tuple[object, ...], Message]]):
    """Messages as they were last looked at, and what they were made of, by chat and number.

    Whoever reads a chat reads all of it, again and again, and hardly any of it has changed.
    """

    def __deepcopy__(self, memo: object) -> _Seen:
        return _Seen()


class Screens(World):
    """The world as looked at."""

    @cached_property
    def _seen(self) -> _Seen:
        return _Seen()

    def messages(self, chat: int, *, thread: int | None = None, deleted: bool = False) -> list[Message]:
        """The messages of a chat, oldest first, service messages included.

        `thread` keeps one topic of a forum, 1 (GENERAL) what stands in none; `deleted` shows those as well.
        """
        group = self.chats[chat]
        topic = None if thread == GENERAL else thread
        posts = (post for post in group.posts.values() if deleted or not post.deleted)
        return [self._shown(group, post) for post in posts if thread is None or post.thread_id == topic]

    def message(self, chat: int, message_id: int) -> Message:
        """One message, deleted or not. Raises KeyError where there never was one."""
        group = self.chats[chat]
        return self._shown(group, group.posts[message_id])

    def said(self, chat: int, *, thread: int | None = None) -> list[Message]:
        """What the bot has standing in a chat, service messages left out."""
        shown = self.messages(chat, thread=thread)
        return [each for each in shown if each.from_bot and each.service is None]

    def pinned(self, chat: int) -> list[Message]:
        """The pinned messages, the latest last."""
        group = self.chats[chat]
        return [self._shown(group, group.posts[each]) for each in group.pinned]

    def _shown(self, chat: Chat, post: Post) -> Message:
        sender = chat.title if post.anonymous else self.people[post.sender_id].first_name
        pinned = post.message_id in chat.pinned
        # Of a post these change, by being replaced; its reactions change in place.
        made_of = (
            post.text, post.entities, post.file, post.service, post.markup, post.edited, post.deleted, pinned, sender,
        )  # fmt: skip
        known = self._seen.get((chat.id, post.message_id))
        if known and all(map(is_, known[0], made_of)) and known[1].reactions == post.reactions:
            return known[1]
        message = self._made(chat, post, sender, pinned=pinned)
        self._seen[chat.id, post.message_id] = made_of, message
        return message

    def _made(self, chat: Chat, post: Post, sender: str, *, pinned: bool) -> Message:
        file = post.file and Document(name=post.file.name, mime=post.file.mime, content=post.file.content)
        is_photo = post.file is not None and post.file.size is not None
        return Message(
            chat_id=chat.id,
            message_id=post.message_id,
            thread_id=post.thread_id,
            sender_id=post.sender_id,
            sender=sender,
            from_bot=post.sender_id == self.bot.id,
            date=post.date,
            text=post.text,
            entities=tuple(post.entities),
            rows=_rows(post.markup),
            keyboard=_keyboard(post.markup),
            document=None if is_photo else file,
            photo=file if is_photo else None,
            service=next(iter(post.service), None) if post.service else None,
            reply_to=post.reply_to,
            edited=post.edited,
            pinned=pinned,
            silent=post.silent,
            deleted=post.deleted,
            reactions=dict(post.reactions),
        )


def _rows(markup: Json | None) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(_button(each) for each in row) for row in (markup or {}).get("inline_keyboard", []))


def _button(button: Json) -> Button:
    copied = button.get("copy_text", {}).get("text")
    return Button(text=button["text"], data=button.get("callback_data"), url=button.get("url"), copied=copied)


def _keyboard(markup: Json | None) -> tuple[tuple[str, ...], ...]:
    rows = (markup or {}).get("keyboard", [])
    return tuple(tuple(each if isinstance(each, str) else each["text"] for each in row) for row in rows)
