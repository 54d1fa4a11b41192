"""Every method of the Bot API that is answered here, in one table; any other is not found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.rehearsal.telegram import chats, editing, inline, profile, sending
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.world import World

Method = Callable[[World, Params], Any]

METHODS: dict[str, Method] = {
    "getMe": profile.get_me,
    "getWebhookInfo": profile.get_webhook_info,
    "setWebhook": profile.set_webhook,
    "deleteWebhook": profile.delete_webhook,
    "setMyCommands": profile.set_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "getMyCommands": profile.get_my_commands,
    "setMyName": profile.set_my_name,
    "setMyDescription": profile.set_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "setChatMenuButton": profile.set_chat_menu_button,
    "sendMessage": sending.send_message,
    "sendDocument": sending.send_document,
    "sendPhoto": sending.send_photo,
    "sendChatAction": sending.send_chat_action,
    "forwardMessage": sending.forward_message,
    "copyMessage": sending.copy_message,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "pinChatMessage": editing.pin_chat_message,
    "unpinChatMessage": editing.unpin_chat_message,
    "setMessageReaction": editing.set_message_reaction,
    "answerCallbackQuery": editing.answer_callback_query,
    "answerInlineQuery": inline.answer_inline_query,
    "getFile": chats.get_file,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
    "createForumTopic": chats.create_forum_topic,
    "editForumTopic": chats.edit_forum_topic,
    "closeForumTopic": chats.close_forum_topic,
}
BY_LOWER_NAME = {name.lower(): method for name, method in METHODS.items()}
"""Telegram does not mind the case of a method's name."""

THROTTLED = frozenset(
    name.lower()
    for name in METHODS
    if name.startswith(("send", "forward", "copy", "editMessage")) and name != "sendChatAction"
)
