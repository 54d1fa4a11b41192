"""What people do with groups: make them, come and go, give rights, open topics, upgrade."""

from __future__ import annotations

from collections.abc import Iterable

from bot.rehearsal.telegram.delivery import change_member, deliver
from bot.rehearsal.telegram.wire import user_json
from bot.rehearsal.telegram.world import ANONYMOUS_ID, BOT_RIGHTS, PRESENT, Chat, Json, Member, Topic, World

TOPIC_COLOR = 7_322_096
"""The default blue of a topic's icon."""


class Groups(World):
    """The world with groups. Persons and chats are told by id."""

    def create_group(
        self,
        title: str,
        members: Iterable[int],
        *,
        forum: bool = False,
        supergroup: bool = True,
        with_bot: bool = True,
        bot_rights: Iterable[str] | None = BOT_RIGHTS,
    ) -> int:
        """A group whose first member is its creator; returns its id, which is negative.

        The bot is then added (`with_bot`) and made an admin with `bot_rights`; None leaves it a plain member.
        A forum is always a supergroup.
        """
        creator, *others = members
        chat = self.new_chat("supergroup" if supergroup or forum else "group", title, forum=forum)
        chat.members = {creator: Member("creator")} | {each: Member() for each in others}
        if with_bot:
            self.join(self.bot.id, chat.id, by=creator)
        if with_bot and bot_rights is not None:
            self.promote(chat.id, self.bot.id, bot_rights)
        return chat.id

    def join(self, user: int, chat: int, *, by: int | None = None) -> None:
        """Come in, or be added by `by`; a person or the bot."""
        group = self.chats[chat]
        change_member(self, group, by or user, user, Member())
        self._service(group, by or user, {"new_chat_members": [user_json(self.people[user])]})

    def leave(self, user: int, chat: int) -> None:
        """Go of one's own will."""
        group = self.chats[chat]
        self._service(group, user, {"left_chat_member": user_json(self.people[user])})
        change_member(self, group, user, user, Member("left"))

    def kick(self, user: int, chat: int, *, by: int | None = None) -> None:
        """Put a person or the bot out, by the creator unless said otherwise."""
        group = self.chats[chat]
        by = by or creator_of(group)
        if user != self.bot.id:
            self._service(group, by, {"left_chat_member": user_json(self.people[user])})
        change_member(self, group, by, user, Member("kicked"))

    def promote(
        self, chat: int, user: int, rights: Iterable[str] = BOT_RIGHTS, *, anonymous: bool = False
    ) -> None:
        """Make a person or the bot an admin with just these rights; `anonymous`: they write as the group."""
        group = self.chats[chat]
        status = "creator" if group.member(user).status == "creator" else "administrator"
        change_member(self, group, creator_of(group), user, Member(status, frozenset(rights), anonymous))

    def demote(self, chat: int, user: int) -> None:
        """Make an admin a plain member again."""
        group = self.chats[chat]
        change_member(self, group, creator_of(group), user, Member())

    def create_topic(self, user: int, chat: int, name: str) -> int:
        """Open a topic of a forum; returns its thread id."""
        if not self.chats[chat].forum:
            raise ValueError(f"{self.chats[chat].title} is no forum")
        return open_topic(self, self.chats[chat], user, name).thread_id

    def delete_topic(self, chat: int, thread: int) -> None:
        """Take a topic away with all its messages; Telegram does not tell the bot."""
        group = self.chats[chat]
        del group.topics[thread]
        for post in group.posts.values():
            if post.thread_id == thread:
                post.deleted = True
        group.pinned = [each for each in group.pinned if group.post(each)]
        self.happened("deleted", group.posts[thread], creator_of(group))

    def migrate(self, chat: int) -> int:
        """Upgrade a group to a supergroup; returns the new id. Both chats carry a message that says so."""
        old = self.chats[chat]
        if old.kind != "group":
            raise ValueError(f"{old.title} is a supergroup already")
        new = self.new_chat("supergroup", old.title)
        new.members = dict(old.members)
        self._service(old, creator_of(old), {"migrate_to_chat_id": new.id})
        old.upgraded_to = new.id
        moved = self.new_post(new, ANONYMOUS_ID, service={"migrate_from_chat_id": old.id}, anonymous=True)
        deliver(self, moved)
        return new.id

    def _service(self, chat: Chat, user: int, told: Json) -> None:
        if chat.member(user).status in PRESENT:
            post = self.new_post(chat, user, service=told, anonymous=chat.member(user).anonymous)
            deliver(self, post)


def open_topic(world: World, chat: Chat, user: int, name: str, color: int = TOPIC_COLOR) -> Topic:
    """A new topic, known by the service message it begins with."""
    told = {"forum_topic_created": {"name": name, "icon_color": color}}
    thread_id = len(chat.posts) + 1
    chat.topics[thread_id] = Topic(thread_id, name)
    deliver(world, world.new_post(chat, user, service=told, thread_id=thread_id))
    return chat.topics[thread_id]


def creator_of(chat: Chat) -> int:
    """Whose group it is."""
    return next(person for person, member in chat.members.items() if member.status == "creator")
