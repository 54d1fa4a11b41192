"""Bot API methods about chats themselves: who is there, topics, files to fetch, leaving."""

from __future__ import annotations

from bot.rehearsal.telegram.access import bot_may, chat_of
from bot.rehearsal.telegram.delivery import change_member, deliver
from bot.rehearsal.telegram.entities import utf16_length
from bot.rehearsal.telegram.errors import bad_request
from bot.rehearsal.telegram.groups import TOPIC_COLOR, open_topic
from bot.rehearsal.telegram.limits import DOWNLOAD_BYTES, TOPIC_NAME
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.wire import chat_json, is_admin, member_json, message_json
from bot.rehearsal.telegram.world import PRESENT, Chat, Json, Member, Topic, World

TOPIC_COLORS = frozenset({TOPIC_COLOR, 16_766_590, 13_338_331, 9_367_192, 16_749_490, 16_478_047})
GIFT_KINDS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


def get_chat(world: World, given: Params) -> Json:
    """getChat, a ChatFullInfo; a private chat that was never opened is not found."""
    chat = chat_of(world, given)
    if chat.kind == "private" and not world.people[chat.id].opened:
        raise bad_request("chat not found")
    full: Json = {**chat_json(world, chat), "accent_color_id": 0, "max_reaction_count": 11}
    full["accepted_gift_types"] = dict.fromkeys(GIFT_KINDS, False)
    pinned = chat.post(chat.pinned[-1]) if chat.pinned else None
    return {**full, "pinned_message": message_json(world, pinned, nested=True)} if pinned else full


def get_chat_member(world: World, given: Params) -> Json:
    """getChatMember; somebody known who is not there has `left`."""
    chat, user = chat_of(world, given), given.number("user_id")
    if user is None or user not in world.people:
        raise bad_request("PARTICIPANT_ID_INVALID" if user else "invalid user_id specified")
    member = Member() if chat.kind == "private" and user in (chat.id, world.bot.id) else chat.member(user)
    return member_json(world, user, member)


def get_chat_administrators(world: World, given: Params) -> list[Json]:
    """getChatAdministrators, this bot among them."""
    chat = chat_of(world, given)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    return [member_json(world, who, member) for who, member in chat.members.items() if is_admin(chat, who)]


def get_chat_member_count(world: World, given: Params) -> int:
    """getChatMemberCount."""
    chat = chat_of(world, given)
    return 2 if chat.kind == "private" else sum(each.status in PRESENT for each in chat.members.values())


def leave_chat(world: World, given: Params) -> bool:
    """leaveChat."""
    chat = chat_of(world, given)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    change_member(world, chat, world.bot.id, world.bot.id, Member("left"))
    return True


def get_file(world: World, given: Params) -> Json:
    """getFile; the path is good for a download, up to 20 MB."""
    if not given.text("file_id"):
        raise bad_request("file_id not specified")
    file = world.files.get(given.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    ids = {"file_id": file.file_id, "file_unique_id": f"u{file.file_id}"}
    return {**ids, "file_size": len(file.content), "file_path": file.path}


def create_forum_topic(world: World, given: Params) -> Json:
    """createForumTopic."""
    chat = _forum_of(world, given, "not enough rights to create a topic")
    name = _topic_name(given)
    color = given.number("icon_color") or TOPIC_COLOR
    if color not in TOPIC_COLORS:
        raise bad_request("invalid icon color specified")
    topic = open_topic(world, chat, world.bot.id, name, color)
    return {"message_thread_id": topic.thread_id, "name": topic.name, "icon_color": color}


def edit_forum_topic(world: World, given: Params) -> bool:
    """editForumTopic: the name."""
    chat = _forum_of(world, given, "not enough rights to edit the topic")
    topic, name = _topic_of(chat, given), _topic_name(given)
    if topic.name == name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = name
    _tell(world, chat, topic, {"forum_topic_edited": {"name": name}})
    return True


def close_forum_topic(world: World, given: Params) -> bool:
    """closeForumTopic."""
    chat = _forum_of(world, given, "not enough rights to close the topic")
    topic = _topic_of(chat, given)
    if topic.closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = True
    _tell(world, chat, topic, {"forum_topic_closed": {}})
    return True


def _forum_of(world: World, given: Params, refusal: str) -> Chat:
    chat = chat_of(world, given)
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    if not bot_may(world, chat, "can_manage_topics"):
        raise bad_request(refusal)
    return chat


def _topic_of(chat: Chat, given: Params) -> Topic:
    topic = chat.topics.get(given.number("message_thread_id") or 0)
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


def _topic_name(given: Params) -> str:
    name = given.text("name").strip()
    if not name:
        raise bad_request("topic name must be non-empty")
    if utf16_length(name) > TOPIC_NAME:
        raise bad_request("TOPIC_TITLE_TOO_LONG")
    return name


def _tell(world: World, chat: Chat, topic: Topic, told: Json) -> None:
    deliver(world, world.new_post(chat, world.bot.id, service=told, thread_id=topic.thread_id))
