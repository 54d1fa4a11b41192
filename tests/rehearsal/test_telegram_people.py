"""What people do reaches the bot as Telegram would tell it, and what they see can be read back."""

from __future__ import annotations

import asyncio

import pytest

from bot.rehearsal.telegram import ANONYMOUS_ID, GENERAL
from tests.rehearsal.telegram_room import (
    AGENT,
    MANAGER,
    OPS,
    STRANGER,
    Clock,
    call,
    forget_updates,
    new_core,
    picture,
    updates,
)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def core(clock):
    return new_core(clock)


async def kinds(core):
    return [kind for kind, _ in await updates(core)]


async def test_a_group_begins_with_the_bot_being_added_and_promoted(core):
    core.create_group("晚场", [MANAGER, OPS])
    added, greeted, promoted = await updates(core)
    assert added[1]["new_chat_member"]["status"] == "member"
    assert greeted[1]["new_chat_members"][0]["id"] == core.bot.id
    assert (promoted[0], promoted[1]["from"]["id"]) == ("my_chat_member", MANAGER)
    assert promoted[1]["new_chat_member"]["can_pin_messages"] is True
    assert promoted[1]["new_chat_member"]["can_promote_members"] is False


async def test_coming_and_going_is_told_to_an_admin_bot_that_asked(core):
    group = core.create_group("晚场", [MANAGER, OPS])
    await forget_updates(core)
    core.join(AGENT, group, by=MANAGER)
    core.leave(AGENT, group)
    core.kick(OPS, group)
    told = [(kind, body.get("new_chat_member", {}).get("status")) for kind, body in await updates(core)]
    assert told == [
        ("chat_member", "member"),
        ("message", None),
        ("message", None),
        ("chat_member", "left"),
        ("message", None),
        ("chat_member", "kicked"),
    ]
    with pytest.raises(ValueError, match="cannot write"):
        core.send_text(AGENT, group, "我还在")


async def test_member_changes_and_reactions_come_only_when_asked_for(core):
    group = core.create_group("晚场", [MANAGER])
    await call(core, "deleteWebhook", drop_pending_updates=True)
    core.join(OPS, group)
    core.react(OPS, group, core.send_text(OPS, group, "x"), "👍")
    fetched = await call(core, "getUpdates", timeout=0)
    assert [("message" in each, len(each)) for each in fetched] == [(True, 2), (True, 2)]


async def test_with_privacy_a_plain_member_reads_only_what_is_meant_for_it(core):
    group = core.create_group("晚场", [MANAGER, OPS], bot_rights=None)
    sent = await call(core, "sendMessage", chat_id=group, text="有人吗")
    await forget_updates(core)
    core.send_text(OPS, group, "闲聊")
    core.send_text(OPS, group, "/now@other_bot")
    core.send_text(OPS, group, "/now")
    core.send_text(OPS, group, "/now@shiftbot_bot 3")
    core.send_text(OPS, group, "在", reply_to=sent["message_id"])
    core.react(OPS, group, sent["message_id"], "👍")
    core.join(AGENT, group)
    heard = [body.get("text") for _, body in await updates(core)]
    assert heard == ["/now", "/now@shiftbot_bot 3", "在", None]


async def test_without_privacy_a_plain_member_reads_everything(clock):
    core = new_core(clock, privacy=False)
    group = core.create_group("晚场", [MANAGER], bot_rights=None)
    await forget_updates(core)
    core.send_text(MANAGER, group, "闲聊")
    assert await kinds(core) == ["message"]
    assert (await call(core, "getMe"))["can_read_all_group_messages"] is True


async def test_topics_are_told_by_thread_id_and_only_real_ones_say_so(core):
    forum = core.create_group("论坛", [MANAGER, OPS], forum=True)
    topic = core.create_topic(MANAGER, forum, "催付")
    await forget_updates(core)
    inside = core.send_text(OPS, forum, "里", thread=topic)
    core.send_text(MANAGER, forum, "回", reply_to=inside)
    outside = core.send_text(OPS, forum, "外", thread=GENERAL)
    core.send_text(MANAGER, forum, "回", reply_to=outside)
    first, second, third, fourth = [body for _, body in await updates(core)]
    assert (first["message_thread_id"], first["is_topic_message"]) == (topic, True)
    assert first["reply_to_message"]["forum_topic_created"]["name"] == "催付"
    assert second["reply_to_message"]["text"] == "里"
    assert "message_thread_id" not in third
    assert (fourth["message_thread_id"], "is_topic_message" in fourth) == (outside, False)
    assert [each.text for each in core.messages(forum, thread=topic)][1:] == ["里", "回"]
    assert [each.text for each in core.messages(forum, thread=GENERAL)][-2:] == ["外", "回"]


async def test_a_reply_stays_in_the_topic_of_what_it_answers(core):
    forum = core.create_group("论坛", [MANAGER, OPS], forum=True)
    topic = core.create_topic(MANAGER, forum, "催付")
    asked = core.send_text(OPS, forum, "几号？", thread=topic)
    sent = await call(core, "sendMessage", chat_id=forum, text="3", reply_parameters={"message_id": asked})
    assert sent["message_thread_id"] == topic


async def test_an_upgrade_leaves_a_message_in_both_chats(core):
    old = core.create_group("小群", [MANAGER, OPS], supergroup=False)
    await forget_updates(core)
    new = core.migrate(old)
    core.send_text(OPS, new, "新群")
    left, arrived, said = [body for _, body in await updates(core)]
    assert (left["chat"]["id"], left["migrate_to_chat_id"]) == (old, new)
    assert (arrived["chat"]["id"], arrived["migrate_from_chat_id"]) == (new, old)
    assert (arrived["from"]["id"], said["chat"]["type"]) == (ANONYMOUS_ID, "supergroup")
    with pytest.raises(ValueError, match="cannot write"):
        core.send_text(OPS, old, "旧群")


async def test_anonymous_admins_write_as_the_group_but_press_as_themselves(core):
    group = core.create_group("晚场", [MANAGER, OPS])
    core.promote(group, OPS, anonymous=True)
    keyboard = {"inline_keyboard": [[{"text": "是我", "callback_data": "who"}]]}
    sent = await call(core, "sendMessage", chat_id=group, text="谁？", reply_markup=keyboard)
    await forget_updates(core)
    said = core.send_text(OPS, group, "/live")
    core.press(OPS, group, sent["message_id"], "是我")
    core.react(OPS, group, said, "👍")
    (_, message), (_, pressed), (_, reaction) = await updates(core)
    assert (message["from"]["id"], message["sender_chat"]["id"]) == (ANONYMOUS_ID, group)
    assert pressed["from"]["id"] == OPS
    assert reaction["actor_chat"]["id"] == group
    assert (core.message(group, said).sender, core.message(group, said).sender_id) == ("晚场", OPS)


async def test_commands_and_mentions_are_marked_in_utf16_units(core):
    group = core.create_group("晚场", [MANAGER, OPS, AGENT])
    await forget_updates(core)
    core.send_text(OPS, group, "👍 /role 小美 @zhou_lead", mention={"小美": AGENT})
    [(_, body)] = await updates(core)
    command, person, named = body["entities"]
    assert command == {"type": "bot_command", "offset": 3, "length": 5}
    assert (person["type"], person["offset"], person["user"]["id"]) == ("text_mention", 9, AGENT)
    assert (named["type"], named["length"]) == ("mention", 10)


async def test_edits_are_told_as_edits(core, clock):
    group = core.create_group("晚场", [MANAGER, OPS])
    said = core.send_text(OPS, group, "/price 57")
    await forget_updates(core)
    clock.wind(seconds=30)
    core.edit_text(OPS, group, said, "/price 75")
    [(kind, body)] = await updates(core)
    assert (kind, body["text"], body["edit_date"] - body["date"]) == ("edited_message", "/price 75", 30)
    assert core.message(group, said).edited == clock.now
    with pytest.raises(ValueError, match="own"):
        core.edit_text(MANAGER, group, said, "x")


async def test_a_private_chat_opens_with_start_and_its_payload(core):
    core.start(AGENT, "room-1")
    core.block_bot(AGENT)
    with pytest.raises(ValueError, match="not open"):
        core.send_text(AGENT, AGENT, "喂")
    core.start(AGENT)
    (_, first), (_, blocked), (_, back), (_, again) = await updates(core)
    assert (first["text"], first["chat"]["type"]) == ("/start room-1", "private")
    assert [each["new_chat_member"]["status"] for each in (blocked, back)] == ["kicked", "member"]
    assert again["text"] == "/start"


async def test_documents_and_photos_carry_name_caption_and_sizes(core):
    core.start(AGENT)
    await forget_updates(core)
    core.send_document(AGENT, AGENT, "排品表.csv", b"a,b", "晚场")
    core.send_photo(AGENT, AGENT, picture(640, 480), "截图")
    (_, document), (_, photo) = await updates(core)
    assert (document["document"]["file_name"], document["document"]["file_size"]) == ("排品表.csv", 3)
    assert (document["document"]["mime_type"], document["caption"]) == ("text/csv", "晚场")
    assert [(each["width"], each["height"]) for each in photo["photo"]] == [(320, 240), (640, 480)]
    assert core.messages(AGENT)[-1].photo.content == picture(640, 480)


async def test_a_press_waits_for_its_answer_and_links_answer_themselves(core):
    core.start(AGENT)
    rows = [
        [{"text": "已付", "callback_data": "paid:1"}, {"text": "帮助", "url": "https://example.com/help"}]
    ]
    sent = await call(core, "sendMessage", chat_id=AGENT, text="催付", reply_markup={"inline_keyboard": rows})
    await forget_updates(core)
    press = core.press(AGENT, AGENT, sent["message_id"], "paid:1")
    assert press.answer is None
    [(_, query)] = await updates(core)
    waiting = asyncio.ensure_future(press)
    await call(core, "answerCallbackQuery", callback_query_id=query["id"], text="记下了")
    assert (await waiting).text == (await press).text == "记下了"
    link = await core.press(AGENT, AGENT, sent["message_id"], "帮助")
    assert link.url == "https://example.com/help"
    with pytest.raises(ValueError, match="no button '已关' among"):
        core.press(AGENT, AGENT, sent["message_id"], "已关")


async def test_an_outdated_client_presses_what_is_no_longer_there(core):
    core.start(AGENT)
    rows = {"inline_keyboard": [[{"text": "已付", "callback_data": "paid:1"}]]}
    sent = await call(core, "sendMessage", chat_id=AGENT, text="催付", reply_markup=rows)
    await call(core, "editMessageText", chat_id=AGENT, message_id=sent["message_id"], text="已付 ✓")
    await forget_updates(core)
    core.press(AGENT, AGENT, sent["message_id"], "paid:1", outdated=True)
    await call(core, "deleteMessage", chat_id=AGENT, message_id=sent["message_id"])
    core.press(AGENT, AGENT, sent["message_id"], "paid:1", outdated=True)
    (_, edited), (_, gone) = await updates(core)
    assert (edited["data"], edited["message"]["text"]) == ("paid:1", "已付 ✓")
    assert (gone["message"]["date"], "text" in gone["message"]) == (0, False)


async def test_what_people_see_is_silent_pinned_edited_or_gone(core, clock):
    group = core.create_group("晚场", [MANAGER, OPS])
    where = {"chat_id": group, "text": "<b>板</b>", "parse_mode": "HTML"}
    board = await call(core, "sendMessage", **where, disable_notification=True)
    await call(
        core, "pinChatMessage", chat_id=group, message_id=board["message_id"], disable_notification=True
    )
    [shown] = core.pinned(group)
    assert (shown.html, shown.silent, shown.edited, shown.from_bot) == ("<b>板</b>", True, None, True)
    assert core.messages(group)[-1].service == "pinned_message"
    await call(core, "deleteMessage", chat_id=group, message_id=board["message_id"])
    assert core.pinned(group) == core.said(group) == []
    assert core.message(group, board["message_id"]).deleted is True
    assert shown.message_id in [each.message_id for each in core.messages(group, deleted=True)]
    assert [each.kind for each in core.transcript][-4:] == ["said", "pinned", "service", "deleted"]


async def test_reply_keyboards_are_shown_as_rows_of_words(core):
    core.start(OPS)
    markup = {"keyboard": [["下一个", {"text": "售罄"}]], "resize_keyboard": True}
    sent = await call(core, "sendMessage", chat_id=OPS, text="面板", reply_markup=markup)
    assert core.message(OPS, sent["message_id"]).keyboard == (("下一个", "售罄"),)


async def test_a_watcher_wakes_with_every_visible_change(core):
    group = core.create_group("晚场", [MANAGER])
    seen = core.version
    waiting = asyncio.ensure_future(core.changed_since(seen))
    await asyncio.sleep(0)
    assert not waiting.done()
    core.send_text(MANAGER, group, "在")
    assert await waiting == core.version > seen
    assert await core.changed_since(seen) == core.version


async def test_nobody_does_what_no_client_offers(core):
    group = core.create_group("晚场", [MANAGER, OPS])
    for impossible in (
        lambda: core.send_text(STRANGER, group, "x"),
        lambda: core.send_text(OPS, group, "  "),
        lambda: core.send_text(OPS, group, "字" * 4097),
        lambda: core.send_text(OPS, group, "x", thread=9),
        lambda: core.send_text(OPS, AGENT, "x"),
        lambda: core.create_topic(MANAGER, group, "x"),
        lambda: core.migrate(group),
        lambda: core.react(OPS, group, 999, "👍"),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            impossible()
