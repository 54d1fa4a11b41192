"""Bot API methods about the bot itself: who it is, its menus and descriptions, its webhook."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.rehearsal.telegram.errors import bad_request
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.wire import user_json
from bot.rehearsal.telegram.world import Json, World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMANDS = 100
COMMAND_DESCRIPTION = 256
SCOPES: dict[str, tuple[str, ...]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
CONNECTIONS = 100
DESCRIPTIONS = {"name": 64, "description": 512, "short_description": 120}


def get_me(world: World, given: Params) -> Json:
    """getMe."""
    abilities = {"can_join_groups": True, "can_read_all_group_messages": not world.privacy}
    return {**user_json(world.bot), **abilities, "supports_inline_queries": True}


def get_webhook_info(world: World, given: Params) -> Json:
    """getWebhookInfo."""
    return {
        "url": world.updates.webhook,
        "has_custom_certificate": False,
        "pending_update_count": world.updates.unconfirmed(),
    }


def set_webhook(world: World, given: Params) -> bool:
    """setWebhook: updates are no longer polled; whoever plays Telegram posts what `UpdateQueue.waiting` holds."""
    url = given.text("url")
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not SECRET.fullmatch(given.text("secret_token")):
        raise bad_request("secret token contains unallowed characters")
    if not 1 <= (given.number("max_connections") or 1) <= CONNECTIONS:
        raise bad_request("max_connections must be between 1 and 100")
    if given.flag("drop_pending_updates"):
        world.updates.drop()
    if "allowed_updates" in given.values:
        world.updates.allow(given.rows("allowed_updates"))
    world.updates.webhook = url
    return True


def delete_webhook(world: World, given: Params) -> bool:
    """deleteWebhook."""
    world.updates.webhook = ""
    if given.flag("drop_pending_updates"):
        world.updates.drop()
    return True


def set_my_commands(world: World, given: Params) -> bool:
    """setMyCommands, kept by scope and language."""
    commands = given.rows("commands")
    if len(commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.profile[_menu(world, given)] = [_checked_command(each) for each in commands]
    return True


def delete_my_commands(world: World, given: Params) -> bool:
    """deleteMyCommands."""
    world.profile.pop(_menu(world, given), None)
    return True


def get_my_commands(world: World, given: Params) -> list[Json]:
    """getMyCommands: exactly this scope and language, no fallback."""
    commands: list[Json] = world.profile.get(_menu(world, given), [])
    return commands


def set_my_name(world: World, given: Params) -> bool:
    """setMyName."""
    return _describe(world, given, "name")


def set_my_description(world: World, given: Params) -> bool:
    """setMyDescription."""
    return _describe(world, given, "description")


def set_my_short_description(world: World, given: Params) -> bool:
    """setMyShortDescription."""
    return _describe(world, given, "short_description")


def set_chat_menu_button(world: World, given: Params) -> bool:
    """setChatMenuButton."""
    button = given.table("menu_button") or {"type": "default"}
    if button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    world.profile[f"menu_button {given.text('chat_id')}".strip()] = button
    return True


def _menu(world: World, given: Params) -> str:
    scope = given.table("scope") or {"type": "default"}
    if scope.get("type") not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    needed = {name: scope.get(name) for name in SCOPES[scope["type"]]}
    if "chat_id" in needed and not _is_chat(world, needed["chat_id"]):
        raise bad_request("chat not found")
    return f"commands {json.dumps({'type': scope['type'], **needed})} {given.text('language_code')}".strip()


def _is_chat(world: World, chat_id: Any) -> bool:
    return str(chat_id).lstrip("-").isdigit() and int(chat_id) in world.chats


def _checked_command(command: Json) -> Json:
    name, description = str(command.get("command", "")).removeprefix("/"), str(command.get("description", ""))
    if not COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _describe(world: World, given: Params, what: str) -> bool:
    text = given.text(what)
    if len(text) > DESCRIPTIONS[what]:
        raise bad_request(f"{what.replace('_', ' ')} is too long")
    world.profile[f"{what} {given.text('language_code')}".strip()] = text
    return True
