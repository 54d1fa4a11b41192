"""Which chat, topic and message a call means, and whether the bot may do there what it asks."""

from __future__ import annotations

from bot.rehearsal.telegram.errors import ApiError, bad_request, forbidden
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.world import PRESENT, Chat, Post, World


def chat_of(world: World, given: Params, name: str = "chat_id") -> Chat:
    """The chat of parameter `name`, which the bot has met and, if a group, is in. Raises ApiError."""
    wanted = given.text(name)
    if not wanted:
        raise bad_request(f"{name} is empty")
    chat = world.chats.get(int(wanted)) if wanted.lstrip("-").isdigit() else None
    if chat is None:
        raise bad_request("chat not found")
    if chat.upgraded_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.upgraded_to)
    if chat.kind != "private":
        _check_present(world, chat)
    return chat


def open_chat_of(world: World, given: Params) -> Chat:
    """The chat, where the bot may also write: in private it is open and not blocked. Raises ApiError."""
    chat = chat_of(world, given)
    if chat.kind == "private":
        person = world.people[chat.id]
        if person.blocked:
            raise forbidden("bot was blocked by the user")
        if not person.opened:
            raise forbidden("bot can't initiate conversation with a user")
    return chat


def bot_may(world: World, chat: Chat, right: str) -> bool:
    """Whether the bot holds an admin's `right` here; in a private chat it needs none."""
    return chat.kind == "private" or chat.member(world.bot.id).may(right)


def post_of(chat: Chat, given: Params, refusal: str) -> Post:
    """The message of `message_id`. Raises ApiError `refusal` where there is none."""
    post = chat.post(given.number("message_id"))
    if post is None:
        raise bad_request(refusal)
    return post


def replied_to(chat: Chat, given: Params) -> int | None:
    """The id of the message replied to, None for no reply. Raises ApiError where it is missing."""
    reply = given.table("reply_parameters")
    message_id = reply.get("message_id")
    if message_id is None:
        return None
    if chat.post(int(message_id)) is not None:
        return int(message_id)
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def thread_of(world: World, chat: Chat, given: Params, reply_to: int | None) -> int | None:
    """The topic a sending goes to: the one named, else that of the message replied to, else General.

    Raises ApiError for a topic that is not there; General has no id, 1 is refused like any unknown one.
    """
    thread = given.number("message_thread_id")
    replied = chat.post(reply_to)
    if thread is None:
        thread = replied.thread_id if replied else None
    if thread is None:
        return None
    if thread not in chat.topics:
        raise bad_request("message thread not found")
    if chat.topics[thread].closed and not bot_may(world, chat, "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return thread


def _check_present(world: World, chat: Chat) -> None:
    status = chat.member(world.bot.id).status
    if status in PRESENT:
        return
    raise _absent(status, chat.kind)


def _absent(status: str, kind: str) -> ApiError:
    why = "bot was kicked from" if status == "kicked" else "bot is not a member of"
    return forbidden(f"{why} the {kind} chat")
