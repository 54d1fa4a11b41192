"""Bot API methods that put a new message into a chat."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.telegram.access import chat_of, open_chat_of, post_of, replied_to, thread_of
from bot.rehearsal.telegram.entities import Entity
from bot.rehearsal.telegram.errors import bad_request
from bot.rehearsal.telegram.keyboard import checked_markup
from bot.rehearsal.telegram.limits import CAPTION, TEXT
from bot.rehearsal.telegram.params import Params, checked_length, formatted
from bot.rehearsal.telegram.people import reply_root
from bot.rehearsal.telegram.uploads import file_of
from bot.rehearsal.telegram.wire import message_json, sender_json, stamp
from bot.rehearsal.telegram.world import Chat, Json, Post, World

CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def written_text(world: World, given: Params, too_long: str) -> tuple[str, list[Entity]]:
    """`text` with its entities. Raises ApiError where it is empty, too long or does not parse."""
    if not given.text("text"):
        raise bad_request("message text is empty")
    text, entities = formatted(world, given.text("text"), given.text("parse_mode"), given.rows("entities"))
    if not text:
        raise bad_request("text must be non-empty")
    checked_length(text, TEXT, too_long)
    return text, entities


def written_caption(world: World, given: Params) -> tuple[str, list[Entity]]:
    """`caption` with its entities; it may be empty."""
    source, marked = given.text("caption"), given.rows("caption_entities")
    text, entities = formatted(world, source, given.text("parse_mode"), marked)
    checked_length(text, CAPTION, "message caption is too long")
    return text, entities


def send_message(world: World, given: Params) -> Json:
    """sendMessage."""
    chat = open_chat_of(world, given)
    text, entities = written_text(world, given, "message is too long")
    return message_json(world, _put(world, chat, given, text=text, entities=entities))


def send_document(world: World, given: Params) -> Json:
    """sendDocument."""
    return _send_file(world, given, "document")


def send_photo(world: World, given: Params) -> Json:
    """sendPhoto."""
    return _send_file(world, given, "photo")


def forward_message(world: World, given: Params) -> Json:
    """forwardMessage."""
    chat, source = open_chat_of(world, given), chat_of(world, given, "from_chat_id")
    post = post_of(source, given, "message to forward not found")
    if post.service is not None:
        raise bad_request("message can't be forwarded")
    content: Json = {"text": post.text, "entities": post.entities, "file": post.file}
    return message_json(world, _put(world, chat, given, **content, origin=_origin(world, source, post)))


def copy_message(world: World, given: Params) -> Json:
    """copyMessage; answers with the new id alone."""
    chat, source = open_chat_of(world, given), chat_of(world, given, "from_chat_id")
    post = post_of(source, given, "message to copy not found")
    if post.service is not None:
        raise bad_request("message can't be copied")
    text, entities = post.text, post.entities
    if post.file and "caption" in given.values:
        text, entities = written_caption(world, given)
    copied = _put(world, chat, given, text=text, entities=entities, file=post.file)
    return {"message_id": copied.message_id}


def send_chat_action(world: World, given: Params) -> bool:
    """sendChatAction; nobody needs to remember it."""
    chat = open_chat_of(world, given)
    if given.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    thread_of(world, chat, given, None)
    return True


def _send_file(world: World, given: Params, kind: str) -> Json:
    chat = open_chat_of(world, given)
    caption, entities = written_caption(world, given)
    file = file_of(world, given, given.text(kind), kind)
    return message_json(world, _put(world, chat, given, text=caption, entities=entities, file=file))


def _put(world: World, chat: Chat, given: Params, **content: Any) -> Post:
    reply_to = replied_to(chat, given)
    thread = thread_of(world, chat, given, reply_to)
    markup = checked_markup(chat, given.table("reply_markup"))
    content |= {"thread_id": thread, "root": reply_root(chat, reply_to) if thread is None else None}
    content |= {"reply_to": reply_to, "markup": markup, "silent": given.flag("disable_notification")}
    return world.new_post(chat, world.bot.id, **content)


def _origin(world: World, source: Chat, post: Post) -> Json:
    sender = sender_json(world, source, post)
    kind: Json = {"type": "chat"} if post.anonymous else {"type": "user", "sender_user": sender["from"]}
    extra = {"sender_chat": sender["sender_chat"]} if post.anonymous else {}
    return post.origin or {**kind, **extra, "date": stamp(post.date)}
