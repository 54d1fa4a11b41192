"""The core refuses what Telegram refuses, in Telegram's words."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rehearsal.telegram.params import Upload
from tests.rehearsal.telegram_room import AGENT, MANAGER, OPS, Clock, call, new_core, picture, refusal


def button(**fields: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", **fields}]]}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def core(clock):
    core = new_core(clock)
    core.start(AGENT)
    return core


@pytest.fixture
def group(core):
    return core.create_group("晚场", [MANAGER, OPS])


@pytest.fixture
def forum(core):
    return core.create_group("论坛", [MANAGER, OPS], forum=True)


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "字" * 4097}, "message is too long"),
        ({"text": "👍" * 2049}, "message is too long"),
        ({"text": "<b>x", "parse_mode": "HTML"},
         'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'),
        ({"text": "x", "parse_mode": "MarkdownX"}, "unsupported parse_mode"),
        ({"text": "x", "reply_markup": button(callback_data="字" * 22)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": button(callback_data="")}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": button(copy_text={"text": "字" * 257})}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "reply_markup": button(copy_text={"text": ""})}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "reply_markup": button(url="no link")},
         "inline keyboard button URL 'no link' is invalid: Wrong HTTP URL"),
        ({"text": "x", "reply_markup": button()},
         "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "y"}] * 8] * 13}},
         "reply markup is too long"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "x", "message_thread_id": 1}, "message thread not found"),
        ({"text": "x", "message_thread_id": 77}, "message thread not found"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": -100999}, "chat not found"),
    ],
)  # fmt: skip
async def test_a_message_that_cannot_be_sent_is_refused(core, forum, params, why):
    assert await refusal(core, "sendMessage", **{"chat_id": forum, **params}) == f"Bad Request: {why}"


async def test_the_longest_of_everything_is_still_taken(core, forum):
    text = f"<b>{'字' * 4096}</b>"
    rows = [[{"text": "x", "callback_data": "y" * 64}] * 8] * 12
    sent = await call(
        core,
        "sendMessage",
        chat_id=forum,
        text=text,
        parse_mode="HTML",
        reply_markup={"inline_keyboard": rows},
    )
    assert len(sent["text"]) == 4096
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]


async def test_an_edit_that_changes_nothing_is_refused(core, group):
    keyboard = button(callback_data="a")
    sent = await call(
        core, "sendMessage", chat_id=group, text="<b>x</b>", parse_mode="HTML", reply_markup=keyboard
    )
    where = {"chat_id": group, "message_id": sent["message_id"]}
    same = (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )
    again = {"text": " <b>x</b>", "parse_mode": "HTML", "reply_markup": keyboard}
    assert await refusal(core, "editMessageText", **where, **again) == same
    assert await refusal(core, "editMessageReplyMarkup", **where, reply_markup=keyboard) == same
    await call(core, "editMessageText", **where, text="x", reply_markup=keyboard)
    await call(core, "editMessageReplyMarkup", **where)
    assert core.message(group, sent["message_id"]).rows == ()


async def test_only_what_is_there_and_the_bots_own_can_be_edited(core, group):
    asked = core.send_text(OPS, group, "几号？")
    where = {"chat_id": group, "text": "x"}
    assert (
        await refusal(core, "editMessageText", **where, message_id=999)
        == "Bad Request: message to edit not found"
    )
    assert (
        await refusal(core, "editMessageText", **where, message_id=asked)
        == "Bad Request: message can't be edited"
    )
    sent = await call(core, "sendMessage", chat_id=group, text="板")
    found = {"chat_id": group, "message_id": sent["message_id"]}
    assert (
        await refusal(core, "editMessageText", **found, text="字" * 4097) == "Bad Request: MESSAGE_TOO_LONG"
    )
    assert await refusal(core, "editMessageCaption", **found, caption="x") == (
        "Bad Request: there is no caption in the message to edit"
    )
    wanted = {"text": "y", "reply_markup": {"keyboard": [["x"]]}}
    assert (
        await refusal(core, "editMessageText", **found, **wanted) == "Bad Request: inline keyboard expected"
    )
    core.delete_message(MANAGER, group, sent["message_id"])
    assert (
        await refusal(core, "editMessageText", **found, text="y") == "Bad Request: message to edit not found"
    )


async def test_a_press_can_be_answered_for_a_short_time_only(core, clock, group):
    sent = await call(core, "sendMessage", chat_id=group, text="x", reply_markup=button(callback_data="a"))
    press = core.press(OPS, group, sent["message_id"], "a")
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    long = {"callback_query_id": press.id, "text": "字" * 201}
    assert await refusal(core, "answerCallbackQuery", **long) == "Bad Request: MESSAGE_TOO_LONG"
    assert await refusal(core, "answerCallbackQuery", callback_query_id="nobody") == late
    clock.wind(seconds=16)
    assert await refusal(core, "answerCallbackQuery", callback_query_id=press.id) == late
    assert press.answer is None


async def test_rights_are_asked_for_pins_deletions_and_topics(core):
    group = core.create_group("无权", [MANAGER, OPS], forum=True, bot_rights=None)
    said = core.send_text(OPS, group, "138")
    own = await call(core, "sendMessage", chat_id=group, text="x")
    where = {"chat_id": group, "message_id": said}
    no_pin = "Bad Request: not enough rights to manage pinned messages in the chat"
    assert await refusal(core, "pinChatMessage", **where) == no_pin
    assert await refusal(core, "unpinChatMessage", **where) == no_pin
    assert await refusal(core, "deleteMessage", **where) == "Bad Request: message can't be deleted"
    no_topic = "Bad Request: not enough rights to create a topic"
    assert await refusal(core, "createForumTopic", chat_id=group, name="催付") == no_topic
    assert await call(core, "deleteMessage", chat_id=group, message_id=own["message_id"])
    gone = "Bad Request: message to delete not found"
    assert await refusal(core, "deleteMessage", chat_id=group, message_id=own["message_id"]) == gone


async def test_without_the_right_a_bot_deletes_its_own_messages_for_two_days(core, clock):
    own = await call(core, "sendMessage", chat_id=AGENT, text="x")
    clock.wind(hours=48)
    where = {"chat_id": AGENT, "message_id": own["message_id"]}
    assert await refusal(core, "deleteMessage", **where) == "Bad Request: message can't be deleted"


async def test_topics_that_are_closed_or_gone_take_nothing(core, group):
    forum = core.create_group("论坛", [MANAGER], forum=True)
    topic = core.create_topic(MANAGER, forum, "催付")
    where = {"chat_id": forum, "message_thread_id": topic}
    await call(core, "closeForumTopic", **where)
    assert await refusal(core, "closeForumTopic", **where) == "Bad Request: TOPIC_NOT_MODIFIED"
    await call(core, "sendMessage", **where, text="有权就能发")
    core.promote(forum, core.bot.id, ["can_manage_chat"])
    assert await refusal(core, "sendMessage", **where, text="x") == "Bad Request: TOPIC_CLOSED"
    core.delete_topic(forum, topic)
    assert await refusal(core, "sendMessage", **where, text="x") == "Bad Request: message thread not found"
    assert core.messages(forum, thread=topic) == []
    assert (
        await refusal(core, "createForumTopic", chat_id=group, name="x")
        == "Bad Request: the chat is not a forum"
    )


async def test_a_thread_of_replies_is_no_topic(core, group):
    first = core.send_text(OPS, group, "几号？")
    core.send_text(MANAGER, group, "三号", reply_to=first)
    why = await refusal(core, "sendMessage", chat_id=group, message_thread_id=first, text="x")
    assert why == "Bad Request: message thread not found"


async def test_where_the_bot_may_not_speak_it_is_forbidden(core, group):
    old = core.create_group("小群", [MANAGER], supergroup=False)

    async def sent(chat: int) -> str:
        return await refusal(core, "sendMessage", chat_id=chat, text="x")

    assert await sent(OPS) == "Forbidden: bot can't initiate conversation with a user"
    core.block_bot(AGENT)
    assert await sent(AGENT) == "Forbidden: bot was blocked by the user"
    core.kick(core.bot.id, group)
    assert await sent(group) == "Forbidden: bot was kicked from the supergroup chat"
    core.kick(core.bot.id, old)
    assert await sent(old) == "Forbidden: bot was kicked from the group chat"
    assert await refusal(core, "getChat", chat_id=OPS) == "Bad Request: chat not found"


async def test_an_upgraded_group_names_its_new_id(core):
    old = core.create_group("小群", [MANAGER], supergroup=False)
    new = core.migrate(old)
    _, body = await core.handle(core.token, "sendMessage", {"chat_id": str(old), "text": "x"})
    assert body == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new},
    }


@pytest.mark.parametrize(
    ("method", "part", "content", "extra", "why"),
    [
        ("sendDocument", "document", b"", {}, "file must be non-empty"),
        ("sendDocument", "document", b"x", {"caption": "字" * 1025}, "message caption is too long"),
        ("sendPhoto", "photo", b"no picture", {}, "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", "photo", picture(30, 1000), {}, "PHOTO_INVALID_DIMENSIONS"),
        ("sendPhoto", "photo", bytes(10 * 1024 * 1024 + 1), {},
         "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"),
    ],
)  # fmt: skip
async def test_files_telegram_does_not_take_are_refused(core, method, part, content, extra, why):
    parts = {part: Upload("x", "application/octet-stream", content)}
    _, body = await core.handle(core.token, method, {"chat_id": AGENT, **extra}, parts)
    assert body["description"] == f"Bad Request: {why}"


async def test_only_known_files_of_twenty_megabytes_at_most_can_be_fetched(core):
    core.send_document(AGENT, AGENT, "big.csv", bytes(20 * 1024 * 1024 + 1))
    [big] = core.files.values()
    assert await refusal(core, "getFile", file_id=big.file_id) == "Bad Request: file is too big"
    unknown = "Bad Request: wrong file_id or the file is temporarily unavailable"
    assert await refusal(core, "getFile", file_id="x") == unknown
    wrong = "Bad Request: wrong file identifier/HTTP URL specified"
    assert await refusal(core, "sendDocument", chat_id=AGENT, document="x") == wrong
    assert core.download(core.token, big.path)[0] == 404
    assert core.download("wrong", big.path)[0] == 401


async def test_reactions_are_one_of_the_free_emoji(core, group):
    where = {"chat_id": group, "message_id": core.send_text(OPS, group, "x")}
    many = [{"type": "emoji", "emoji": "👍"}, {"type": "emoji", "emoji": "❤"}]
    assert (
        await refusal(core, "setMessageReaction", **where, reaction=many) == "Bad Request: REACTIONS_TOO_MANY"
    )
    odd = [{"type": "emoji", "emoji": "🥢"}]
    assert await refusal(core, "setMessageReaction", **where, reaction=odd) == "Bad Request: REACTION_INVALID"
    await call(core, "setMessageReaction", **where, reaction=many[:1])
    await call(core, "setMessageReaction", **where)
    assert core.message(group, where["message_id"]).reactions == {}


@pytest.mark.parametrize(
    ("method", "params", "why"),
    [
        ("setMyCommands", {"commands": [{"command": "开播", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "live", "description": ""}]},
         "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("setMyCommands", {"commands": [{"command": "a", "description": "b"}] * 101},
         "BOT_COMMANDS_TOO_MUCH"),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
        ("setMyName", {"name": "x" * 65}, "name is too long"),
        ("sendChatAction", {"chat_id": AGENT, "action": "dance"}, "wrong parameter action in request"),
        ("getChatAdministrators", {"chat_id": AGENT}, "there are no administrators in the private chat"),
        ("getChatMember", {"chat_id": AGENT, "user_id": 55}, "PARTICIPANT_ID_INVALID"),
        ("forwardMessage", {"chat_id": AGENT, "from_chat_id": AGENT, "message_id": 9},
         "message to forward not found"),
        ("copyMessage", {"chat_id": AGENT, "from_chat_id": AGENT, "message_id": 9},
         "message to copy not found"),
        ("deleteMessages", {"chat_id": AGENT, "message_ids": list(range(101))},
         "too many message identifiers specified"),
        ("pinChatMessage", {"chat_id": AGENT, "message_id": 9}, "message to pin not found"),
    ],
)  # fmt: skip
async def test_other_calls_are_refused_in_telegrams_words(core, method, params, why):
    assert await refusal(core, method, **params) == f"Bad Request: {why}"


async def test_unknown_methods_and_wrong_tokens_fail(core):
    assert await refusal(core, "sendPigeon", chat_id=AGENT) == "Not Found: method not found"
    assert core.calls[-1].method == "sendPigeon"
    status, body = await core.handle("1:wrong", "getMe", {})
    assert (status, body["description"]) == (401, "Unauthorized")


async def test_too_many_messages_are_throttled_by_the_clock(clock):
    core = new_core(clock, throttle=True)
    group = core.create_group("晚场", [MANAGER])
    await call(core, "sendMessage", chat_id=group, text="1")
    why = await refusal(core, "sendMessage", chat_id=group, text="2")
    assert why == "Too Many Requests: retry after 1"
    for number in range(19):
        clock.wind(seconds=1)
        await call(core, "sendMessage", chat_id=group, text=str(number))
    clock.wind(seconds=1)
    _, body = await core.handle(core.token, "sendMessage", {"chat_id": group, "text": "21"})
    assert (body["error_code"], body["parameters"]) == (429, {"retry_after": 40})
    clock.wind(seconds=40)
    await call(core, "sendMessage", chat_id=group, text="21")


async def test_thirty_messages_a_second_go_out_to_different_people(clock):
    core = new_core(clock, throttle=True)
    for person in range(200, 231):
        core.add_user(person, str(person))
        core.start(person)
    for person in range(200, 230):
        await call(core, "sendMessage", chat_id=person, text="x")
    why = await refusal(core, "sendMessage", chat_id=230, text="x")
    assert why == "Too Many Requests: retry after 1"
