"""The world as the Bot API writes it: User, Chat, Message, ChatMember objects ready for JSON."""

from __future__ import annotations

from datetime import datetime

from bot.rehearsal.telegram.world import ADMINS, ANONYMOUS_ID, RIGHTS, Chat, Json, Member, Person, Post, World

PHOTO_PREVIEW = 320
"""The longer side, in pixels, of the smaller size Telegram makes of a photo."""


def stamp(moment: datetime) -> int:
    """Unix seconds."""
    return int(moment.timestamp())


def user_json(person: Person) -> Json:
    """A `User`."""
    full: Json = {"id": person.id, "is_bot": person.is_bot, "first_name": person.first_name}
    extras = {"username": person.username, "language_code": person.language_code}
    return {**full, **{name: value for name, value in extras.items() if value}}


def chat_json(world: World, chat: Chat) -> Json:
    """A `Chat`; a private one carries its person's name."""
    if chat.kind == "private":
        person = world.people[chat.id]
        named: Json = {"id": chat.id, "type": "private", "first_name": person.first_name}
        return {**named, "username": person.username} if person.username else named
    plain: Json = {"id": chat.id, "type": chat.kind, "title": chat.title}
    return {**plain, "is_forum": True} if chat.forum else plain


def sender_json(world: World, chat: Chat, post: Post) -> Json:
    """`from`, and `sender_chat` where an anonymous admin speaks for the group."""
    if post.anonymous:
        return {"from": user_json(world.people[ANONYMOUS_ID]), "sender_chat": chat_json(world, chat)}
    return {"from": user_json(world.people[post.sender_id])}


def message_json(world: World, post: Post, *, nested: bool = False) -> Json:
    """A `Message`. A nested one (replied to, pinned) does not show what it replies to itself."""
    chat = world.chats[post.chat_id]
    body: Json = {"message_id": post.message_id, **sender_json(world, chat, post)}
    body |= {"chat": chat_json(world, chat), "date": stamp(post.date)}
    body |= _place(post)
    replied = None if nested else _replied(chat, post)
    if replied is not None:
        body["reply_to_message"] = message_json(world, replied, nested=True)
    if post.edited:
        body["edit_date"] = stamp(post.edited)
    if post.origin:
        body["forward_origin"] = post.origin
    if post.via_bot:
        body["via_bot"] = user_json(world.bot)
    if post.markup and "inline_keyboard" in post.markup:
        body["reply_markup"] = post.markup
    return {**body, **_content(post)}


def gone_json(world: World, chat: Chat, message_id: int) -> Json:
    """An `InaccessibleMessage`, what is left of a deleted one."""
    return {"chat": chat_json(world, chat), "message_id": message_id, "date": 0}


def member_json(world: World, person_id: int, member: Member) -> Json:
    """A `ChatMember` of any status."""
    body: Json = {"user": user_json(world.people[person_id]), "status": member.status}
    if member.status == "creator":
        return {**body, "is_anonymous": member.anonymous}
    if member.status == "administrator":
        rights = {right: right in member.rights for right in RIGHTS}
        return {**body, "can_be_edited": False, "is_anonymous": member.anonymous, **rights}
    return {**body, "until_date": 0} if member.status == "kicked" else body


def is_admin(chat: Chat, person_id: int) -> bool:
    """Whether they run the chat; in a private chat nobody does."""
    return chat.member(person_id).status in ADMINS


def _place(post: Post) -> Json:
    # Only a real topic says is_topic_message; a mere reply thread carries an id that must not be sent to.
    if post.thread_id is not None:
        return {"message_thread_id": post.thread_id, "is_topic_message": True}
    return {"message_thread_id": post.root} if post.root is not None else {}


def _replied(chat: Chat, post: Post) -> Post | None:
    # In a topic what replies to nothing replies to the message that created the topic.
    if post.reply_to is None and post.thread_id not in (None, post.message_id):
        return chat.post(post.thread_id)
    return chat.post(post.reply_to)


def _content(post: Post) -> Json:
    if post.service is not None:
        return post.service
    if post.file is None:
        return {"text": post.text, **({"entities": post.entities} if post.entities else {})}
    body: Json = {"photo": _sizes(post)} if post.file.size else {"document": _document(post)}
    if post.text:
        body["caption"] = post.text
    return {**body, "caption_entities": post.entities} if post.entities else body


def _document(post: Post) -> Json:
    file = post.file
    assert file is not None
    ids = {"file_id": file.file_id, "file_unique_id": f"u{file.file_id}", "file_size": len(file.content)}
    return {**ids, "file_name": file.name, "mime_type": file.mime}


def _sizes(post: Post) -> list[Json]:
    file = post.file
    assert file is not None
    assert file.size is not None
    width, height = file.size
    shrink = min(1.0, PHOTO_PREVIEW / max(width, height))
    sides = [(max(1, int(width * shrink)), max(1, int(height * shrink))), (width, height)]
    ids = {"file_id": file.file_id, "file_unique_id": f"u{file.file_id}", "file_size": len(file.content)}
    return [{**ids, "width": each[0], "height": each[1]} for each in sides]
