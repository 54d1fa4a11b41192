"""Inline mode: `@bot 词` in any chat of somebody with a role gives quick replies and ready answers to paste (B04).

What buyers may read, nothing of a person: it is sent into chats this bot knows nothing of.
"""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot, InlineQuery, InlineQueryResultArticle, InputTextMessageContent
from telegram.error import TelegramError

from bot import knowing
from bot.card import line
from bot.desk import Desk
from bot.disputes import of_listing, script
from bot.render import TEXT_UNITS, line_html, units
from bot.runner import Runner
from bot.texts import escape, plain, say
from playbooks import products, quick
from playbooks.model import Refusal
from playbooks.room import Room
from storage.rows import Line

log = logging.getLogger(__name__)

MOST = 20
"""Of the 50 Telegram takes: who has to scroll longer types another character."""
CACHE_SECONDS = 5
"""Telegram may answer the same person's same words itself for so long; a price may change at any moment."""
SHOWN = 120
"""Characters of a text under its title."""

Offered = tuple[Line, tuple[str, ...]]
"""A title and the parts of a text."""


class Inline:
    """Answers inline queries from committed books."""

    def __init__(self, bot: Bot, runner: Runner) -> None:
        self._bot = bot
        self._runner = runner

    async def answer(self, query: InlineQuery) -> None:
        """Strangers get an empty list. The search is run off the event loop, as `/q` is."""
        desk = self._desk(str(query.from_user.id), query.from_user.full_name)
        articles = await asyncio.to_thread(_articles, query.query.strip(), desk) if desk else []
        try:
            await self._bot.answer_inline_query(
                query.id, articles, cache_time=CACHE_SECONDS, is_personal=True
            )
        except TelegramError as error:
            log.info("an inline query went unanswered: %s", error)  # too old: the person types on

    def _desk(self, person: str, name: str) -> Desk | None:
        """The person's desk in their current room, else in the first they have a role in; None for strangers.

        One room at a time: prices of two rooms in one list would be mixed up.
        """
        front = self._runner.front()
        met = front.people.get(person)
        current = [met.room] if met and met.room else []
        for key in [*current, *self._runner.store.rooms()]:
            room = self._runner.room(key)
            if room is None:
                continue
            books = self._runner.view(key)
            me = self._runner.member(books, person, name)
            if me.roles:
                return Desk(books, front, room, me, None, now=self._runner.clock.now())
        return None


def _articles(typed: str, desk: Desk) -> list[InlineQueryResultArticle]:
    offered = _of_product(typed, desk) if not typed or products.is_number(typed) else _found(typed, desk)
    texts = [(title, "\n".join(parts)) for title, parts in offered]
    fitting = [(title, text) for title, text in texts if text and units(text) <= TEXT_UNITS]
    return [_article(n, title, text, desk.room) for n, (title, text) in enumerate(fitting[:MOST])]


def _of_product(typed: str, desk: Desk) -> list[Offered]:
    """The quick replies of a product by its number; without one of the product on air."""
    try:
        listing = products.find(desk.asked_about(), typed) if typed else desk.on_air()
    except Refusal:
        return []
    if listing is None:
        return []
    said = [
        (
            line(
                "quick.of_product",
                number=listing.link_no,
                name=listing.name,
                topic=line(f"quick.title_{one.id}"),
            ),
            one.parts,
        )
        for one in knowing.replies(listing, desk)
    ]
    return [*_meanwhile(desk), *said] if of_listing(desk, listing) else said


def _meanwhile(desk: Desk) -> list[Offered]:
    """What holds the buyer on while a price is in dispute, before all that names none."""
    return [(line("quick.title_hold_on"), (script(desk),))]


def _found(typed: str, desk: Desk) -> list[Offered]:
    """The best answers first; where there is none, what holds the buyer on instead of a guess (B05)."""
    answers = knowing.find(typed, MOST, desk)
    first = _meanwhile(desk) if answers.disputed else []
    if not first and not answers.found:
        return [(line("quick.title_hold_on"), quick.hold_on(desk.room.platform, desk.room.lang))]
    return [*first, *((one.title, one.parts) for one in answers.found)]


def _article(number: int, title: Line, text: str, room: Room) -> InlineQueryResultArticle:
    """The list names the room; the text to paste is the text alone, a part a line."""
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return InlineQueryResultArticle(
        id=str(number),
        title=plain(line_html(room.lang, title)),
        description=plain(say(room.lang, "common.in_room", shop=escape(room.shop), text=escape(shown))),
        input_message_content=InputTextMessageContent(text),
    )
