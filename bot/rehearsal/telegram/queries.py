"""Inline mode: what a person types after the bot's name in any chat, and the results they may send from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Article:
    """One result as it stands in the list, and the `text` that choosing it sends."""

    id: str
    title: str
    description: str
    text: str


@dataclass
class InlineQuery:
    """One query. `results` is None until the bot has answered; `personal` and `cache_seconds` as it said."""

    id: str
    person_id: int
    text: str
    at: datetime
    results: tuple[Article, ...] | None = None
    personal: bool = False
    cache_seconds: int = 300
