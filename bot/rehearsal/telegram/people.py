"""What people do in their clients: write, send files, press, react. Every step becomes real updates."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image

from bot.rehearsal.telegram.delivery import deliver, tell_blocked, tell_reaction
from bot.rehearsal.telegram.entities import Entity, found_entities, trimmed, utf16_length
from bot.rehearsal.telegram.keyboard import inline_buttons
from bot.rehearsal.telegram.limits import CAPTION, INLINE_QUERY, TEXT
from bot.rehearsal.telegram.presses import Answer, Press
from bot.rehearsal.telegram.queries import Article, InlineQuery
from bot.rehearsal.telegram.wire import chat_json, gone_json, message_json, user_json
from bot.rehearsal.telegram.world import GENERAL, PRESENT, Chat, Json, Person, Post, World

MIME = {
    "csv": "text/csv",
    "txt": "text/plain",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
}
"""What clients say a file is; a table, because a system's own differs from machine to machine."""


class People(World):
    """The world with hands. Persons and chats are told by id; a private chat has its person's id.

    A step no client offers (writing where one is not, pressing what is not there) raises ValueError.
    """

    def add_user(
        self, user: int, name: str, username: str | None = None, lang: str | None = "zh-hans"
    ) -> int:
        """A person, known to Telegram; their private chat opens with `start` or their first message there."""
        self.people[user] = Person(user, name, username, lang)
        self.chats[user] = Chat(user, "private")
        return user

    def start(self, user: int, payload: str = "") -> int:
        """Press START in the bot's private chat, or a deep link; unblocks it. Returns the message's id."""
        if self.people[user].blocked:
            tell_blocked(self, self.people[user], blocked=False)
        return self.send_text(user, user, f"/start {payload}".strip())

    def block_bot(self, user: int) -> None:
        """Stop the bot in private."""
        tell_blocked(self, self.people[user], blocked=True)

    def send_text(
        self,
        user: int,
        chat: int,
        text: str,
        *,
        thread: int | None = None,
        reply_to: int | None = None,
        mention: Mapping[str, int] | None = None,
    ) -> int:
        """Write a message, in a forum to topic `thread` (None or 1: General). Returns its id.

        `mention` names pieces of `text` that mention a person without a user name: `{"小美": 104}`.
        """
        said, entities = self._written(text, mention, TEXT)
        if not said:
            raise ValueError("nothing is written")
        return self._say(user, chat, thread=thread, reply_to=reply_to, text=said, entities=entities)

    def send_document(
        self,
        user: int,
        chat: int,
        name: str,
        content: bytes,
        caption: str = "",
        *,
        thread: int | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Send a file as it is. Returns the message's id."""
        mime = MIME.get(name.rpartition(".")[2].lower(), "application/octet-stream")
        file = self.new_file(name, mime, content)
        said, entities = self._written(caption, None, CAPTION)
        return self._say(
            user, chat, thread=thread, reply_to=reply_to, text=said, entities=entities, file=file
        )

    def send_photo(
        self,
        user: int,
        chat: int,
        content: bytes,
        caption: str = "",
        *,
        thread: int | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Send a picture (PNG or JPEG bytes) as a photo. Returns the message's id."""
        with Image.open(BytesIO(content)) as picture:
            file = self.new_file("photo.jpg", "image/jpeg", content, picture.size)
        said, entities = self._written(caption, None, CAPTION)
        return self._say(
            user, chat, thread=thread, reply_to=reply_to, text=said, entities=entities, file=file
        )

    def edit_text(self, user: int, chat: int, message_id: int, text: str) -> None:
        """Correct one's own message or caption."""
        post = self._there(chat, message_id)
        if post.sender_id != user:
            raise ValueError("only one's own message can be edited")
        post.text, post.entities = self._written(text, None, CAPTION if post.file else TEXT)
        post.edited = self.now()
        self.happened("edited", post, user, post.text)
        deliver(self, post, "edited_message")

    def delete_message(self, user: int, chat: int, message_id: int) -> None:
        """Take a message away for everybody; Telegram does not tell the bot."""
        post = self._there(chat, message_id)
        post.deleted = True
        self.chats[chat].pinned = [each for each in self.chats[chat].pinned if each != message_id]
        self.happened("deleted", post, user)

    def press(self, user: int, chat: int, message_id: int, button: str, *, outdated: bool = False) -> Press:
        """Press the button whose data or, failing that, whose text is `button`.

        Links and copy buttons answer themselves. `outdated`: the client has not yet seen the last edit or
        deletion, so the data `button` is sent whatever the message shows now.
        """
        post = self.chats[chat].posts[message_id]
        found = {} if outdated else self._button(self._there(chat, message_id), button)
        data = button if outdated else str(found.get("callback_data", ""))
        press = Press(f"press-{len(self.presses) + 1}", user, chat, message_id, data, self.now())
        self.presses[press.id] = press
        self.happened("pressed", post, user, str(found.get("text", button)))
        if "url" in found or "copy_text" in found:
            press.settle(Answer(url=found.get("url"), copied=found.get("copy_text", {}).get("text")))
        else:
            self.updates.push("callback_query", self._query(press, post))
        return press

    def react(self, user: int, chat: int, message_id: int, emoji: str | None) -> None:
        """Set one's reaction, or take it back with None."""
        post = self._there(chat, message_id)
        old = post.reactions.pop(user, None)
        if emoji:
            post.reactions[user] = emoji
        self.happened("reacted", post, user, emoji or "")
        tell_reaction(self, post, self.people[user], old, emoji)

    def query_inline(self, user: int, text: str) -> InlineQuery:
        """Type `text` after the bot's name, in whatever chat; the bot is not told in which."""
        if len(text) > INLINE_QUERY:
            raise ValueError(f"a client sends at most {INLINE_QUERY} characters")
        query = InlineQuery(f"inline-{len(self.inline_queries) + 1}", user, text, self.now())
        self.inline_queries[query.id] = query
        told = {"id": query.id, "from": user_json(self.people[user]), "query": text, "offset": ""}
        self.updates.push("inline_query", told)
        return query

    def choose(self, user: int, chat: int, article: Article) -> int:
        """Send a result of one's query to `chat`, where its text stands as one's own. Returns the message's id."""
        return self._say(user, chat, thread=None, reply_to=None, text=article.text, via_bot=True)

    def _say(
        self, user: int, chat_id: int, *, thread: int | None, reply_to: int | None, **content: Any
    ) -> int:
        chat = self.chats[chat_id]
        self._check_may_write(user, chat)
        topic = self._topic(chat, thread, reply_to)
        content |= {"thread_id": topic, "root": reply_root(chat, reply_to) if topic is None else None}
        unnamed = chat.member(user).anonymous
        post = self.new_post(chat, user, reply_to=reply_to, anonymous=unnamed, **content)
        deliver(self, post)
        return post.message_id

    def _check_may_write(self, user: int, chat: Chat) -> None:
        person = self.people[user]
        if chat.kind == "private":
            if chat.id != user or person.blocked:
                raise ValueError("this private chat is not open to them")
            person.opened = True
        elif chat.upgraded_to or chat.member(user).status not in PRESENT:
            raise ValueError(f"{person.first_name} cannot write in {chat.title}")

    def _topic(self, chat: Chat, thread: int | None, reply_to: int | None) -> int | None:
        replied = chat.post(reply_to)
        if thread is None and replied is not None:
            return replied.thread_id
        if thread is None or (thread == GENERAL and chat.forum):
            return None
        if thread not in chat.topics or chat.topics[thread].closed:
            raise ValueError(f"no open topic {thread} in {chat.title}")
        return thread

    def _written(self, text: str, mention: Mapping[str, int] | None, most: int) -> tuple[str, list[Entity]]:
        marked = [self._mention(text, piece, user) for piece, user in (mention or {}).items()]
        said, entities = trimmed(text, marked)
        if utf16_length(said) > most:
            raise ValueError(f"a client writes at most {most} units")
        return said, found_entities(said, entities)

    def _mention(self, text: str, piece: str, user: int) -> Entity:
        place = {"offset": utf16_length(text[: text.index(piece)]), "length": utf16_length(piece)}
        return {"type": "text_mention", **place, "user": user_json(self.people[user])}

    def _there(self, chat: int, message_id: int) -> Post:
        post = self.chats[chat].post(message_id)
        if post is None:
            raise ValueError(f"message {message_id} is not there")
        return post

    def _button(self, post: Post, wanted: str) -> Json:
        buttons = inline_buttons(post.markup)
        for name in ("callback_data", "text"):
            for each in buttons:
                if each.get(name) == wanted:
                    return each
        raise ValueError(f"no button {wanted!r} among {[each['text'] for each in buttons]}")

    def _query(self, press: Press, post: Post) -> Json:
        chat = self.chats[press.chat_id]
        gone = post.deleted or chat.upgraded_to is not None
        message = gone_json(self, chat, post.message_id) if gone else message_json(self, post)
        # Even an anonymous admin presses as themselves.
        who = {"id": press.id, "from": user_json(self.people[press.person_id])}
        chat_instance = str(chat_json(self, chat)["id"])
        return {**who, "message": message, "chat_instance": chat_instance, "data": press.data}


def reply_root(chat: Chat, reply_to: int | None) -> int | None:
    """The thread a reply in a supergroup belongs to: the message the chain of replies began with."""
    replied = chat.post(reply_to)
    if replied is None or chat.kind != "supergroup":
        return None
    return replied.root or replied.message_id
