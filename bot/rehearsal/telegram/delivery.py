"""What reaches the bot: which messages it may read, and the updates that tell it of changes."""

from __future__ import annotations

from bot.rehearsal.telegram.entities import entity_text
from bot.rehearsal.telegram.wire import chat_json, is_admin, member_json, message_json, stamp, user_json
from bot.rehearsal.telegram.world import PRESENT, Chat, Json, Member, Person, Post, World


def deliver(world: World, post: Post, kind: str = "message") -> None:
    """Queue `post` for the bot if it may read it; `kind` is `message` or `edited_message`."""
    if _may_read(world, world.chats[post.chat_id], post):
        world.updates.push(kind, message_json(world, post))


def change_member(world: World, chat: Chat, by: int, person_id: int, new: Member) -> None:
    """Make `person_id` what `new` says in `chat`; the bot hears of itself always, of others as an admin."""
    old = chat.member(person_id)
    chat.members[person_id] = new
    own = person_id == world.bot.id
    if own or is_admin(chat, world.bot.id):
        change = {"old_chat_member": old, "new_chat_member": new}
        told = {name: member_json(world, person_id, member) for name, member in change.items()}
        world.updates.push("my_chat_member" if own else "chat_member", _change(world, chat, by, told))
    world.pulse.beat()


def tell_blocked(world: World, person: Person, *, blocked: bool) -> None:
    """`my_chat_member` of a private chat: its person stopped the bot, or took it back."""
    person.blocked = blocked
    before, after = ("member", "kicked") if blocked else ("kicked", "member")
    told = {
        "old_chat_member": member_json(world, world.bot.id, Member(before)),
        "new_chat_member": member_json(world, world.bot.id, Member(after)),
    }
    world.updates.push("my_chat_member", _change(world, world.chats[person.id], person.id, told))
    world.pulse.beat()


def tell_reaction(world: World, post: Post, person: Person, old: str | None, new: str | None) -> None:
    """`message_reaction`, which in a group only an admin bot receives; unnamed admins react as the group."""
    chat = world.chats[post.chat_id]
    if chat.kind != "private" and not is_admin(chat, world.bot.id):
        return
    unnamed = chat.member(person.id).anonymous
    actor = {"actor_chat": chat_json(world, chat)} if unnamed else {"user": user_json(person)}
    where = {"chat": chat_json(world, chat), "message_id": post.message_id, "date": stamp(world.now())}
    changed = {"old_reaction": _reaction(old), "new_reaction": _reaction(new)}
    world.updates.push("message_reaction", {**where, **actor, **changed})


def _change(world: World, chat: Chat, by: int, told: Json) -> Json:
    who = user_json(world.people[by])
    return {"chat": chat_json(world, chat), "from": who, "date": stamp(world.now()), **told}


def _reaction(emoji: str | None) -> list[Json]:
    return [{"type": "emoji", "emoji": emoji}] if emoji else []


def _may_read(world: World, chat: Chat, post: Post) -> bool:
    if post.sender_id == world.bot.id and post.service is None:
        return False
    if chat.kind == "private":
        return True
    if chat.member(world.bot.id).status not in PRESENT:
        return False
    open_to_all = is_admin(chat, world.bot.id) or not world.privacy
    return open_to_all or post.service is not None or _meant_for_bot(world, chat, post)


def _meant_for_bot(world: World, chat: Chat, post: Post) -> bool:
    replied = chat.post(post.reply_to)
    if replied is not None and replied.sender_id == world.bot.id:
        return True
    commands = [entity_text(post.text, each) for each in post.entities if each["type"] == "bot_command"]
    return any(each.partition("@")[2].lower() in ("", str(world.bot.username).lower()) for each in commands)
