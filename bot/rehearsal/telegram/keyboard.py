"""Reply markup, checked the way Telegram checks it."""

from __future__ import annotations

import re
from typing import Any

from bot.rehearsal.telegram.entities import utf16_length
from bot.rehearsal.telegram.errors import bad_request
from bot.rehearsal.telegram.limits import BUTTON_DATA_BYTES, BUTTONS, COPY_TEXT
from bot.rehearsal.telegram.world import Chat, Json

ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
    }
)
NOT_A_BUTTON = "can't parse inline keyboard button"
KINDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")
LINK = re.compile(
    r"(?:https?://)?[^\s/.]+(?:\.[^\s/.]+)+(?:[/?#]\S*)?$|tg://\S+$|https?://localhost(?:[:/]\S*)?$"
)


def checked_markup(chat: Chat, markup: Json, *, inline_only: bool = False) -> Json | None:
    """`markup` as Telegram keeps it, None for none or an empty one. Raises ApiError for what it refuses."""
    if not markup:
        return None
    kind = next((each for each in KINDS if each in markup), None)
    if kind is None:
        raise bad_request("object expected as reply markup")
    if inline_only and kind != "inline_keyboard":
        raise bad_request("inline keyboard expected")
    if kind == "inline_keyboard":
        return _checked_inline(chat, markup["inline_keyboard"])
    if kind == "keyboard":
        _check_count(markup["keyboard"])
    return markup


def inline_buttons(markup: Json | None) -> list[Json]:
    """Every button of an inline keyboard, row after row."""
    return [button for row in (markup or {}).get("inline_keyboard", []) for button in row]


def _checked_inline(chat: Chat, rows: Any) -> Json | None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f"{NOT_A_BUTTON}: Expected an Array of Array")
    _check_count(rows)
    kept = [[_checked_button(chat, button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _check_count(rows: list[Any]) -> None:
    if sum(len(row) for row in rows) > BUTTONS:
        raise bad_request("reply markup is too long")


def _checked_button(chat: Chat, button: Any) -> Json:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request(f'{NOT_A_BUTTON}: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    given = ACTIONS & button.keys()
    if not given:
        raise bad_request(f"{NOT_A_BUTTON}: Text buttons are unallowed in the inline keyboard")
    if len(given) > 1:
        raise bad_request(f"{NOT_A_BUTTON}: Exactly one optional field must be used")
    _check_action(chat, button)
    return button


def _check_action(chat: Chat, button: Json) -> None:
    data, copied, url = button.get("callback_data"), button.get("copy_text"), button.get("url")
    if data is not None and not 1 <= len(str(data).encode()) <= BUTTON_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if copied is not None and not 1 <= utf16_length(str(copied.get("text", ""))) <= COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if url is not None and not LINK.match(str(url)):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if "web_app" in button and chat.kind != "private":
        raise bad_request("BUTTON_TYPE_INVALID")
