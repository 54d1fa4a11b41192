"""One reading of a call's parameters, however they came: JSON values, form fields, uploaded parts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.telegram.entities import Entity, found_entities, trimmed, utf16_length
from bot.rehearsal.telegram.errors import bad_request
from bot.rehearsal.telegram.html import parse_html
from bot.rehearsal.telegram.wire import user_json
from bot.rehearsal.telegram.world import Json, World

STRUCTURED = {
    "allowed_updates": "allowed updates",
    "caption_entities": "caption entities",
    "commands": "list of bot commands",
    "entities": "message entities",
    "link_preview_options": "link preview options",
    "media": "input media",
    "menu_button": "menu button",
    "message_ids": "message identifiers",
    "reaction": "reaction types",
    "reply_markup": "reply keyboard markup",
    "results": "inline query results",
    "reply_parameters": "reply parameters",
    "scope": "bot command scope",
}
"""Parameters that are objects or arrays, and what Telegram calls them when they do not parse."""


@dataclass(frozen=True)
class Upload:
    """A file that came along with a call."""

    name: str
    mime: str
    content: bytes


class Params:
    """The parameters of one call. `values` are decoded; an upload stands there as `attach://<part>`."""

    def __init__(self, raw: Mapping[str, Any], files: Mapping[str, Upload] | None = None) -> None:
        self.files = dict(files or {})
        self.values: Json = {name: _decoded(name, value) for name, value in raw.items() if value is not None}
        named = {each for each in self.files if f"attach://{each}" not in str(self.values)}
        self.values |= {name: f"attach://{name}" for name in named}

    def text(self, name: str) -> str:
        """A string, empty where it is missing."""
        return str(self.values.get(name, ""))

    def number(self, name: str) -> int | None:
        """An integer, None where it is missing. Raises ApiError where it is none."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f'parameter "{name}" must be an integer') from None

    def flag(self, name: str) -> bool:
        """True for true, "true", 1, "1"."""
        return str(self.values.get(name, "")).lower() in ("true", "1")

    def table(self, name: str) -> Json:
        """An object, empty where it is missing. Raises ApiError where it is something else."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            raise bad_request(f"can't parse {STRUCTURED.get(name, name)} JSON object")
        return value

    def rows(self, name: str) -> list[Any]:
        """An array, empty where it is missing. Raises ApiError where it is something else."""
        value = self.values.get(name, [])
        if not isinstance(value, list):
            raise bad_request(f"can't parse {STRUCTURED.get(name, name)} JSON object")
        return value

    def upload(self, reference: str) -> Upload | None:
        """The part an `attach://<part>` refers to."""
        attached = reference.startswith("attach://")
        return self.files.get(reference.removeprefix("attach://")) if attached else None


def formatted(world: World, source: str, parse_mode: str, given: list[Entity]) -> tuple[str, list[Entity]]:
    """What `source` says: parsed where `parse_mode` is HTML, else with the entities given; ends trimmed.

    Raises ApiError `can't parse entities` and, for other modes, `unsupported parse_mode`: the bot
    writes HTML only.
    """
    if parse_mode and parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    text, marked = parse_html(source) if parse_mode else (source, given)
    text, marked = trimmed(text, [each for each in marked if _known_mention(world, each)])
    named = [_with_user(world, each) for each in marked]
    return text, found_entities(text, named)


def checked_length(text: str, most: int, refusal: str) -> None:
    """Raises ApiError `refusal` where `text` has more than `most` UTF-16 units after parsing."""
    if utf16_length(text) > most:
        raise bad_request(refusal)


def _decoded(name: str, value: Any) -> Any:
    if name not in STRUCTURED or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {STRUCTURED[name]} JSON object") from None


def _known_mention(world: World, entity: Entity) -> bool:
    # Telegram silently drops a mention of somebody the bot has never met.
    return entity["type"] != "text_mention" or entity["user"]["id"] in world.people


def _with_user(world: World, entity: Entity) -> Entity:
    if entity["type"] != "text_mention":
        return entity
    return {**entity, "user": user_json(world.people[entity["user"]["id"]])}
