"""The world Telegram keeps: people, chats, members, topics, messages and files, all in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.rehearsal.telegram.entities import Entity
from bot.rehearsal.telegram.presses import Press
from bot.rehearsal.telegram.queries import InlineQuery
from bot.rehearsal.telegram.updates import Pulse, UpdateQueue

Json = dict[str, Any]

BOT_ID = 7_000_000_001
ANONYMOUS_ID = 1_087_968_824
"""GroupAnonymousBot, in whose name anonymous admins speak."""

GENERAL = 1
"""The topic of a forum that has no thread id in the Bot API; people's clients call it 1."""

RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
BOT_RIGHTS = frozenset({"can_manage_chat", "can_delete_messages", "can_pin_messages", "can_manage_topics"})
ADMINS = frozenset({"creator", "administrator"})
PRESENT = ADMINS | {"member"}


@dataclass
class Person:
    """A Telegram user; `opened`: has written to the bot in private; `blocked`: has stopped it there."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    opened: bool = False
    blocked: bool = False


@dataclass
class Member:
    """What somebody is in a chat: a Bot API status, the rights of an admin, whether they stay unnamed."""

    status: str = "member"
    rights: frozenset[str] = frozenset()
    anonymous: bool = False

    def may(self, right: str) -> bool:
        """Whether this member holds an admin's `right`."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)


@dataclass
class Topic:
    """A forum topic, known by the id of the message that created it."""

    thread_id: int
    name: str
    closed: bool = False


@dataclass
class StoredFile:
    """A document, or a photo with its `size` in pixels."""

    file_id: str
    name: str
    mime: str
    content: bytes
    path: str
    size: tuple[int, int] | None = None


@dataclass
class Post:
    """A message. `text` is the text, or the caption of `file`; `service` the fields of a service message."""

    chat_id: int
    message_id: int
    sender_id: int
    date: datetime
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    file: StoredFile | None = None
    service: Json | None = None
    markup: Json | None = None
    thread_id: int | None = None
    reply_to: int | None = None
    root: int | None = None
    silent: bool = False
    anonymous: bool = False
    via_bot: bool = False
    edited: datetime | None = None
    deleted: bool = False
    origin: Json | None = None
    reactions: dict[int, str] = field(default_factory=dict)


@dataclass
class Chat:
    """A private chat (id of its person), a group or a supergroup; `upgraded_to` once a group has migrated."""

    id: int
    kind: str
    title: str = ""
    forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    posts: dict[int, Post] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    upgraded_to: int | None = None

    def member(self, person_id: int) -> Member:
        """Their membership; somebody who never came has `left`."""
        return self.members.get(person_id, Member("left"))

    def post(self, message_id: int | None) -> Post | None:
        """A message that is there, not one deleted."""
        found = self.posts.get(message_id) if message_id is not None else None
        return None if found is None or found.deleted else found


@dataclass(frozen=True)
class Event:
    """One thing that happened, for a transcript. `kind`: said, edited, marked, deleted, pinned, unpinned,
    pressed, answered, reacted, service; `who` a person's id; `text` what was written, pressed or answered."""

    at: datetime
    kind: str
    chat_id: int
    message_id: int
    who: int
    text: str


class World:
    """The state itself, and the few steps everything else is made of. One event loop, no threads."""

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        token: str | None = None,
        bot_name: str = "shiftbot",
        bot_username: str = "shiftbot_bot",
        privacy: bool = True,
    ) -> None:
        """`now` gives aware times; with `privacy` a bot that is no admin reads only what is meant for it."""
        self.now = now
        self.token = token or f"{BOT_ID}:for-rehearsal-only"
        bot_id = int(self.token.partition(":")[0])
        self.bot = Person(bot_id, bot_name, bot_username, is_bot=True)
        self.privacy = privacy
        anonymous = Person(ANONYMOUS_ID, "Group", "GroupAnonymousBot", is_bot=True)
        self.people = {bot_id: self.bot, ANONYMOUS_ID: anonymous}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.presses: dict[str, Press] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.profile: Json = {}
        self.updates = UpdateQueue()
        self.pulse = Pulse()
        self.transcript: list[Event] = []
        self._groups_made = 0

    def new_chat(self, kind: str, title: str, *, forum: bool = False) -> Chat:
        """An empty group (id -4…) or supergroup (id -100…)."""
        self._groups_made += 1
        chat_id = (-1_001_000_000_000 if kind == "supergroup" else -4_000_000_000) - self._groups_made
        self.chats[chat_id] = Chat(chat_id, kind, title, forum)
        return self.chats[chat_id]

    def new_post(self, chat: Chat, sender_id: int, **content: Any) -> Post:
        """Put a message into `chat`; numbered per chat, so ids of different chats do collide."""
        post = Post(chat.id, len(chat.posts) + 1, sender_id, self.now(), **content)
        chat.posts[post.message_id] = post
        self.happened("service" if post.service else "said", post, sender_id, post.text)
        return post

    def new_file(
        self, name: str, mime: str, content: bytes, size: tuple[int, int] | None = None
    ) -> StoredFile:
        """Keep `content` (bytes) under a file id of its own."""
        number = len(self.files) + 1
        kind = "photos" if size else "documents"
        suffix = f".{name.rpartition('.')[2]}" if "." in name else ""
        stored = StoredFile(f"file-{number:06d}", name, mime, content, f"{kind}/file_{number}{suffix}", size)
        self.files[stored.file_id] = stored
        return stored

    def happened(self, kind: str, post: Post, who: int, text: str = "") -> None:
        """Note an event and tell everybody who watches."""
        self.transcript.append(Event(self.now(), kind, post.chat_id, post.message_id, who, text))
        self.pulse.beat()
