"""The real telegram.ext.Application runs on the core, polling included, in process and over HTTP."""

from __future__ import annotations

import pytest
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TimedOut
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from bot.rehearsal.telegram import InProcessRequest, TelegramCore
from tests.rehearsal.telegram_room import (
    AGENT,
    FRONTS,
    MANAGER,
    OPS,
    STRANGER,
    forget_updates,
    new_core,
    picture,
    running,
    until,
)
from tests.support.referee import refereed


@pytest.fixture
def core():
    with refereed(new_core()) as watched:
        yield watched


@pytest.fixture(params=FRONTS)
def front(request):
    return request.param


def texts(core: TelegramCore, chat: int) -> list[str]:
    return [each.text for each in core.said(chat)]


async def test_what_is_said_in_the_group_is_answered_in_the_same_topic(core, front):
    async def echo(update, context):
        await update.effective_message.reply_text(f"收到 <b>{update.effective_message.text}</b>", "HTML")

    group = core.create_group("晚场", [MANAGER, OPS], forum=True)
    topic = core.create_topic(MANAGER, group, "催付")
    async with running(core, front, MessageHandler(filters.TEXT, echo)):
        core.send_text(OPS, group, "开播 晚场", thread=topic)
        await until(core, lambda: bool(core.said(group, thread=topic)))
    [answer] = core.said(group, thread=topic)
    assert (answer.text, answer.html) == ("收到 开播 晚场", "收到 <b>开播 晚场</b>")
    assert texts(core, group) == ["收到 开播 晚场"]


async def test_a_press_is_answered_and_the_message_edited_in_place(core, front):
    keyboard = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("已知悉", callback_data="seen:1")],
            [InlineKeyboardButton("复制", copy_text=CopyTextButton("6917"))],
        ]
    )

    async def card(update, context):
        message = await update.effective_chat.send_message("79 → 75", reply_markup=keyboard)
        await message.pin(disable_notification=True)

    async def pressed(update, context):
        await update.callback_query.answer("记下了", show_alert=True)
        await update.callback_query.edit_message_text("79 → 75 ✓")

    group = core.create_group("晚场", [MANAGER, OPS])
    async with running(core, front, CommandHandler("price", card), CallbackQueryHandler(pressed)):
        core.send_text(OPS, group, "/price 75")
        await until(core, lambda: bool(core.pinned(group)))
        [shown] = core.pinned(group)
        assert (await core.press(OPS, group, shown.message_id, "复制")).copied == "6917"
        answer = await core.press(AGENT, group, shown.message_id, "已知悉")
        await until(core, lambda: core.message(group, shown.message_id).edited is not None)
    assert (answer.text, answer.alert) == ("记下了", True)
    after = core.message(group, shown.message_id)
    assert (after.text, after.rows, after.pinned) == ("79 → 75 ✓", (), True)


async def test_files_come_and_go_byte_for_byte(core, front):
    async def convert(update, context):
        content = await (await update.effective_message.document.get_file()).download_as_bytearray()
        sent = await update.effective_message.reply_document(
            InputFile(bytes(content) + b"\n2", "out.csv"), caption="拦截单", read_timeout=20
        )
        await update.effective_message.reply_photo(picture(), caption="复盘")
        await sent.edit_media(
            InputMediaDocument(b"final", filename="final.csv", caption="<i>新</i>", parse_mode="HTML")
        )

    core.start(AGENT)
    async with running(core, front, MessageHandler(filters.Document.ALL, convert)):
        core.send_document(AGENT, AGENT, "抖店.csv", b"1", "订单")
        await until(core, lambda: any(each.edited for each in core.said(AGENT)))
    document, photo = core.said(AGENT)
    assert (document.document.name, document.document.content, document.html) == (
        "final.csv",
        b"final",
        "<i>新</i>",
    )
    assert (photo.photo.content, photo.text) == (picture(), "复盘")
    assert [each.content for each in core.files.values() if each.name == "out.csv"] == [b"1\n2"]


async def test_members_and_reactions_reach_their_handlers(core, front):
    heard = []

    async def member(update, context):
        heard.append((update.chat_member.new_chat_member.status, update.chat_member.new_chat_member.user.id))

    async def reaction(update, context):
        heard.append((update.message_reaction.new_reaction[0].emoji, update.effective_user.id))
        await context.bot.set_message_reaction(
            update.effective_chat.id, update.message_reaction.message_id, [ReactionTypeEmoji("👍")]
        )

    group = core.create_group("晚场", [MANAGER, OPS])
    # chat_member and reactions come only once the bot has asked for them.
    await forget_updates(core)
    handlers = (ChatMemberHandler(member, ChatMemberHandler.CHAT_MEMBER), MessageReactionHandler(reaction))
    async with running(core, front, *handlers):
        said = core.send_text(OPS, group, "三号开讲")
        core.join(AGENT, group)
        core.react(AGENT, group, said, "❤")
        await until(core, lambda: core.bot.id in core.message(group, said).reactions)
    assert heard == [("member", AGENT), ("❤", AGENT)]


async def test_everything_a_bot_sets_up_is_accepted_and_read_back(core, front):
    group = core.create_group("晚场", [MANAGER, OPS], forum=True)
    async with running(core, front) as application:
        bot = application.bot
        scope = BotCommandScopeChat(group)
        await bot.set_my_commands([BotCommand("live", "开播")], scope=scope, language_code="zh")
        assert [each.command for each in await bot.get_my_commands(scope, "zh")] == ["live"]
        await bot.delete_my_commands(scope, "zh")
        assert await bot.get_my_commands(scope, "zh") == ()
        assert await bot.set_my_name("值班")
        assert await bot.set_my_description("a", "en")
        assert await bot.set_my_short_description("b")
        assert await bot.set_chat_menu_button()
        assert (await bot.get_webhook_info()).url == ""
        assert (await bot.get_me()).username == "shiftbot_bot"
        chat = await bot.get_chat(group)
        assert (chat.title, chat.is_forum) == ("晚场", True)
        assert {each.user.id for each in await bot.get_chat_administrators(group)} == {MANAGER, bot.id}
        assert (await bot.get_chat_member(group, OPS)).status == "member"
        assert (await bot.get_chat_member(group, STRANGER)).status == "left"
        assert await bot.get_chat_member_count(group) == 3
        topic = await bot.create_forum_topic(group, "异常")
        assert await bot.edit_forum_topic(group, topic.message_thread_id, "异常单")
        sent = await bot.send_message(group, "一", message_thread_id=topic.message_thread_id)
        copied = await bot.copy_message(group, group, sent.message_id)
        moved = await bot.forward_message(group, group, sent.message_id)
        assert moved.forward_origin.sender_user.id == bot.id
        assert await bot.send_chat_action(group, "typing")
        assert await bot.unpin_chat_message(group, (await bot.send_message(group, "板")).message_id)
        await bot.delete_messages(group, [copied.message_id, moved.message_id])
        assert await bot.close_forum_topic(group, topic.message_thread_id)
        assert await bot.leave_chat(group)
        with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
            await bot.send_message(group, "还在吗")


async def test_refusals_surface_as_the_exceptions_of_the_library(core, front):
    core.start(AGENT)
    old = core.create_group("晚场", [MANAGER, OPS], supergroup=False)
    new = core.migrate(old)
    async with running(core, front) as application:
        bot = application.bot
        sent = await bot.send_message(AGENT, "一样")
        with pytest.raises(BadRequest, match="Message is not modified"):
            await sent.edit_text("一样")
        with pytest.raises(Forbidden, match="can't initiate conversation"):
            await bot.send_message(OPS, "早")
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(old, "开播")
        assert moved.value.new_chat_id == new
        core.faults.throttle(7, method="sendMessage", chat=AGENT)
        with pytest.raises(RetryAfter, match="Retry in 7 seconds"):
            await bot.send_message(AGENT, "快")


async def test_a_lost_call_is_a_time_out_or_a_network_error_before_or_after_its_effect(core, front):
    core.start(AGENT)
    async with running(core, front) as application:
        for after_effect in (False, True):
            core.faults.lose(after_effect=after_effect, method="sendMessage")
            with pytest.raises(TimedOut):
                await application.bot.send_message(AGENT, f"time-out {after_effect}", read_timeout=0.2)
            core.faults.lose(after_effect=after_effect, timed_out=False, method="sendMessage")
            with pytest.raises(NetworkError):
                await application.bot.send_message(AGENT, f"reset {after_effect}")
        core.faults.refuse(500, "Internal Server Error", method="sendMessage")
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await application.bot.send_message(AGENT, "broken")
        core.send_document(AGENT, AGENT, "抖店.csv", b"1")
        file = await application.bot.get_file(next(iter(core.files)))
        core.faults.lose(after_effect=False, timed_out=False, method="download")
        with pytest.raises(NetworkError):
            await file.download_as_bytearray()
        await application.bot.send_message(AGENT, "again")
    assert texts(core, AGENT) == ["time-out True", "reset True", "again"]


async def test_an_unknown_method_fails_and_is_on_record():
    core = new_core()
    async with Application.builder().token(core.token).request(InProcessRequest(core)).build().bot as bot:
        with pytest.raises(Exception, match="not found"):
            await bot.send_poll(OPS, "?", ["a", "b"])
    assert [each.method for each in core.calls] == ["getMe", "sendPoll"]


async def test_a_thousand_updates_arrive_once_each_and_in_order(core, front):
    heard: list[str] = []

    async def hear(update: Update, context):
        heard.append(update.effective_message.text)
        if len(heard) == 1000:
            await update.effective_message.reply_text("全了")

    group = core.create_group("晚场", [MANAGER, OPS, AGENT])
    await forget_updates(core)
    for number in range(500):
        core.send_text((OPS, AGENT)[number % 2], group, str(number))
    async with running(core, front, MessageHandler(filters.TEXT, hear)):
        for number in range(500, 1000):
            core.send_text((OPS, AGENT)[number % 2], group, str(number))
        await until(core, lambda: bool(core.said(group)))
        await core.all_fetched()
    assert heard == [str(number) for number in range(1000)]
    assert core.pending_updates() == 0


async def test_replies_quote_the_message_they_answer(core, front):
    group = core.create_group("晚场", [MANAGER, OPS])
    asked = core.send_text(OPS, group, "几号？")
    async with running(core, front) as application:
        sent = await application.bot.send_message(
            group, "<code>3</code>", ParseMode.HTML, reply_parameters=ReplyParameters(asked)
        )
    assert sent.reply_to_message.text == "几号？"
    assert core.message(group, sent.message_id).reply_to == asked
