"""The Bot API method of inline mode: the results a person may choose from."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.telegram.errors import bad_request
from bot.rehearsal.telegram.limits import ANSWER_WITHIN, INLINE_ID_BYTES, INLINE_RESULTS, TEXT
from bot.rehearsal.telegram.params import Params, checked_length, formatted
from bot.rehearsal.telegram.queries import Article
from bot.rehearsal.telegram.world import Json, World

STALE = "query is too old and response timeout expired or query ID is invalid"


def answer_inline_query(world: World, given: Params) -> bool:
    """answerInlineQuery with articles of text, the only kind this bot offers; a later answer takes the place."""
    query = world.inline_queries.get(given.text("inline_query_id"))
    if query is None or world.now() - query.at > ANSWER_WITHIN:
        raise bad_request(STALE)
    results = given.rows("results")
    if len(results) > INLINE_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    found = tuple(_article(world, each) for each in results)
    if len({each.id for each in found}) < len(found):
        raise bad_request("RESULT_ID_DUPLICATE")
    seconds = given.number("cache_time")
    query.cache_seconds = 300 if seconds is None else seconds
    query.personal = given.flag("is_personal")
    query.results = found
    world.pulse.beat()
    return True


def _article(world: World, result: Any) -> Article:
    if not isinstance(result, dict) or result.get("type") != "article":
        raise bad_request("can't parse inline query result")
    id, title = str(result.get("id", "")), str(result.get("title", ""))
    if not 1 <= len(id.encode()) <= INLINE_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if not title:
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content: Json = result.get("input_message_content") or {}
    text, _ = formatted(
        world,
        str(content.get("message_text", "")),
        str(content.get("parse_mode", "")),
        content.get("entities", []),
    )
    if not text:
        raise bad_request("MESSAGE_EMPTY")
    checked_length(text, TEXT, "MESSAGE_TOO_LONG")
    return Article(id, title, str(result.get("description", "")), text)
