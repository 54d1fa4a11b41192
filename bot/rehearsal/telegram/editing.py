"""Bot API methods that change what stands in a chat: edits, deletions, pins, reactions, button answers."""

from __future__ import annotations

from typing import Any

from telegram.constants import ReactionEmoji

from bot.rehearsal.telegram.access import bot_may, chat_of, open_chat_of, post_of
from bot.rehearsal.telegram.delivery import deliver
from bot.rehearsal.telegram.errors import bad_request
from bot.rehearsal.telegram.keyboard import checked_markup
from bot.rehearsal.telegram.limits import ALERT, ANSWER_WITHIN, DELETE_AT_ONCE, DELETE_WITHIN
from bot.rehearsal.telegram.params import Params, checked_length
from bot.rehearsal.telegram.presses import Answer
from bot.rehearsal.telegram.sending import written_caption, written_text
from bot.rehearsal.telegram.uploads import file_of
from bot.rehearsal.telegram.wire import message_json
from bot.rehearsal.telegram.world import Chat, Json, Post, World

UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
STALE_QUERY = "query is too old and response timeout expired or query ID is invalid"
NO_PIN_RIGHT = "not enough rights to manage pinned messages in the chat"
EMOJI = frozenset(each.value for each in ReactionEmoji)


def edit_message_text(world: World, given: Params) -> Json:
    """editMessageText; without `reply_markup` the keyboard goes."""
    chat, post = _editable(world, given)
    if post.file is not None:
        raise bad_request("there is no text in the message to edit")
    text, entities = written_text(world, given, "MESSAGE_TOO_LONG")
    return _changed(world, chat, post, given, text=text, entities=entities)


def edit_message_caption(world: World, given: Params) -> Json:
    """editMessageCaption."""
    chat, post = _editable(world, given)
    if post.file is None:
        raise bad_request("there is no caption in the message to edit")
    text, entities = written_caption(world, given)
    return _changed(world, chat, post, given, text=text, entities=entities)


def edit_message_media(world: World, given: Params) -> Json:
    """editMessageMedia, to a document or a photo."""
    chat, post = _editable(world, given)
    media = given.table("media")
    if media.get("type") not in ("document", "photo"):
        raise bad_request("can't parse input media JSON object")
    file = file_of(world, given, str(media.get("media", "")), media["type"])
    words = {name: media.get(name) for name in ("caption", "parse_mode", "caption_entities")}
    text, entities = written_caption(world, Params(words))
    return _changed(world, chat, post, given, text=text, entities=entities, file=file)


def edit_message_reply_markup(world: World, given: Params) -> Json:
    """editMessageReplyMarkup; the message does not count as edited for people."""
    chat, post = _editable(world, given)
    markup = checked_markup(chat, given.table("reply_markup"), inline_only=True)
    if markup == post.markup:
        raise bad_request(UNCHANGED)
    post.markup = markup
    world.happened("marked", post, world.bot.id)
    return message_json(world, post)


def delete_message(world: World, given: Params) -> bool:
    """deleteMessage."""
    chat = chat_of(world, given)
    _delete(world, chat, post_of(chat, given, "message to delete not found"))
    return True


def delete_messages(world: World, given: Params) -> bool:
    """deleteMessages; those not found are skipped."""
    chat, ids = chat_of(world, given), given.rows("message_ids")
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > DELETE_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    for post in filter(None, (chat.post(int(each)) for each in ids)):
        _delete(world, chat, post)
    return True


def pin_chat_message(world: World, given: Params) -> bool:
    """pinChatMessage; the service message about it reaches the bot too."""
    chat = open_chat_of(world, given)
    post = post_of(chat, given, "message to pin not found")
    if not bot_may(world, chat, "can_pin_messages"):
        raise bad_request(NO_PIN_RIGHT)
    if post.message_id in chat.pinned:
        return True
    chat.pinned.append(post.message_id)
    world.happened("pinned", post, world.bot.id, post.text)
    told = {"pinned_message": message_json(world, post, nested=True)}
    place: Json = {"thread_id": post.thread_id, "silent": given.flag("disable_notification")}
    deliver(world, world.new_post(chat, world.bot.id, service=told, reply_to=post.message_id, **place))
    return True


def unpin_chat_message(world: World, given: Params) -> bool:
    """unpinChatMessage; without an id the latest pin."""
    chat = open_chat_of(world, given)
    if not bot_may(world, chat, "can_pin_messages"):
        raise bad_request(NO_PIN_RIGHT)
    message_id = given.number("message_id") or (chat.pinned[-1] if chat.pinned else None)
    post = chat.post(message_id)
    if post is None:
        raise bad_request("message to unpin not found")
    if message_id in chat.pinned:
        chat.pinned.remove(post.message_id)
        world.happened("unpinned", post, world.bot.id, post.text)
    return True


def set_message_reaction(world: World, given: Params) -> bool:
    """setMessageReaction; a bot has one, of the free emoji. An empty list takes it back."""
    chat = open_chat_of(world, given)
    post = post_of(chat, given, "message to react not found")
    reactions = given.rows("reaction")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(each.get("emoji") not in EMOJI for each in reactions):
        raise bad_request("REACTION_INVALID")
    post.reactions.pop(world.bot.id, None)
    emoji = reactions[0]["emoji"] if reactions else ""
    if emoji:
        post.reactions[world.bot.id] = emoji
    world.happened("reacted", post, world.bot.id, emoji)
    return True


def answer_callback_query(world: World, given: Params) -> bool:
    """answerCallbackQuery, as long as the press is not too old."""
    press = world.presses.get(given.text("callback_query_id"))
    if press is None or world.now() - press.at > ANSWER_WITHIN:
        raise bad_request(STALE_QUERY)
    checked_length(given.text("text"), ALERT, "MESSAGE_TOO_LONG")
    answer = Answer(given.text("text"), given.flag("show_alert"), given.text("url") or None)
    press.settle(answer)
    post = world.chats[press.chat_id].posts[press.message_id]
    world.happened("answered", post, press.person_id, answer.text)
    return True


def _editable(world: World, given: Params) -> tuple[Chat, Post]:
    chat = open_chat_of(world, given)
    if given.number("message_id") is None:
        raise bad_request("message identifier is not specified")
    post = post_of(chat, given, "message to edit not found")
    if post.sender_id != world.bot.id or post.service is not None or post.origin is not None:
        raise bad_request("message can't be edited")
    return chat, post


def _changed(world: World, chat: Chat, post: Post, given: Params, **content: Any) -> Json:
    content["markup"] = checked_markup(chat, given.table("reply_markup"), inline_only=True)
    if all(getattr(post, name) == value for name, value in content.items()):
        raise bad_request(UNCHANGED)
    for name, value in content.items():
        setattr(post, name, value)
    post.edited = world.now()
    world.happened("edited", post, world.bot.id, post.text)
    return message_json(world, post)


def _delete(world: World, chat: Chat, post: Post) -> None:
    own = post.sender_id == world.bot.id or chat.kind == "private"
    fresh = world.now() - post.date < DELETE_WITHIN
    started = post.service is not None and "forum_topic_created" in post.service
    granted = chat.kind != "private" and bot_may(world, chat, "can_delete_messages")
    if started or not (granted or (own and fresh)):
        raise bad_request("message can't be deleted")
    post.deleted = True
    chat.pinned = [each for each in chat.pinned if each != post.message_id]
    world.happened("deleted", post, world.bot.id)
