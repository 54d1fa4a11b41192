"""Ready answers 店铺资料: what a room says of itself, who said so and until when it holds (L03, H41, A14, C21)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from playbooks.broadcast import DAY_TURNS_AT, business_day
from playbooks.model import Document, Model, Moment, Refusal
from playbooks.promotion import Service
from playbooks.rulebook import load
from playbooks.spoken_times import as_clock

CHINESE = "zh-CN"
LONGEST = 200
"""Characters of an answer: it is pasted to buyers."""


class Topic(Model):
    """One thing a room may state."""

    id: str
    words: tuple[str, ...]
    today: bool = False
    pattern: str = ""


class Guarantee(Model):
    """A guarantee a shop may enable, and the words that promise it."""

    zh: str
    en: str
    words: tuple[str, ...]
    english: tuple[str, ...] = ()
    service: Service | None = None


class Stated(Model):
    """`data/ready_answers.toml`."""

    source: str
    topic: tuple[Topic, ...]
    guarantee: tuple[Guarantee, ...]


class ReadyAnswer(Document):
    """What the room states on `topic`; with `until` it is a promise for that business day."""

    topic: str
    value: str
    by: str
    at: Moment
    until: Moment | None = None


def topics() -> tuple[Topic, ...]:
    """Everything a room may state, in the order it is listed."""
    known: Stated = load("ready_answers", Stated)
    return known.topic


def for_today() -> frozenset[str]:
    """The topics that are promises, good for the day they were stated on (A14, C21, K06)."""
    return frozenset(topic.id for topic in topics() if topic.today)


def guarantees() -> tuple[Guarantee, ...]:
    """Every guarantee a shop may enable."""
    known: Stated = load("ready_answers", Stated)
    return known.guarantee


def guarantee_name(zh: str, lang: str) -> str:
    """A guarantee's name in the language of the room; it is kept by its Chinese one."""
    known = next((g for g in guarantees() if g.zh == zh), None)
    return known.en if known and lang != CHINESE else zh


def topic_word(topic: Topic, lang: str) -> str:
    """The word to type for a topic, in the language of the room."""
    return next((word for word in topic.words if word.isascii() == (lang != CHINESE)), topic.words[0])


def find_topic(word: str) -> Topic | None:
    """The topic a person means by `word`."""
    return next((topic for topic in topics() if word.lower() in topic.words), None)


def state(
    room: str, topic: Topic, value: str, *, by: str, now: datetime, zone: ZoneInfo, lang: str = CHINESE
) -> ReadyAnswer:
    """The room's new answer. Raises Refusal `ready.long`, `ready.form` or `ready.guarantee`."""
    if len(value) > LONGEST:
        raise Refusal("ready.long", most=LONGEST)
    value = as_clock(value) if topic.pattern else value
    if topic.pattern and not re.fullmatch(topic.pattern, value):
        raise Refusal("ready.form", text=value[:20])
    if topic.id == "guarantees":
        value = "、".join(_enabled(value, lang))
    until = _day_ends(now, zone) if topic.today else None
    return ReadyAnswer(id=f"{room}-r:{topic.id}", topic=topic.id, value=value, by=by, at=now, until=until)


def _day_ends(now: datetime, zone: ZoneInfo) -> datetime:
    """When the business day of `now` turns."""
    turns = business_day(now, zone) + timedelta(days=1)
    return datetime.combine(turns, DAY_TURNS_AT, zone)


def _enabled(said: str, lang: str) -> list[str]:
    pieces = [piece.strip() for piece in re.split(r"[、,，;；]+", said)]
    # An English name has blanks in it; Chinese ones may be parted by them.
    words = [word for piece in pieces for word in ([piece] if _guarantee(piece) else piece.split())]
    found = []
    for word in words:
        known = _guarantee(word)
        if known is None:
            names = (", " if lang != CHINESE else "、").join(guarantee_name(g.zh, lang) for g in guarantees())
            raise Refusal("ready.guarantee", word=word[:20], known=names)
        found.append(known.zh)
    return list(dict.fromkeys(found))


def _guarantee(word: str) -> Guarantee | None:
    said = word.lower()
    return next((g for g in guarantees() if said in (*g.words, *g.english, g.en.lower())), None)


def in_force(answers: Iterable[ReadyAnswer], now: datetime) -> dict[str, str]:
    """{topic: value} of what holds at `now`; yesterday's promises are gone."""
    return {one.topic: one.value for one in answers if one.until is None or now < one.until}


def enabled(stated: Mapping[str, str]) -> tuple[str, ...]:
    """The guarantees the shop has enabled, by their names."""
    return tuple(filter(None, stated.get("guarantees", "").split("、")))


DENIED = re.compile(r"[不没非未无][^，。；！？,;!?\n]{0,4}$")
"""`不支持` right before a guarantee's words: it is denied, not promised."""
DENIED_IN_ENGLISH = re.compile(
    r"\b(?:no|not|non|never|without|(?:do|does|is|are|can)n['’]?t|cannot)\b[^.,;!?\n]{0,24}$"
)
"""`no free shipping`, `we do not offer 7-day returns`."""


@cache
def _promises() -> tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...]:
    """(words, what denies them, guarantee), the longest words first: of 顺丰包邮 the 包邮 is no second promise."""
    chinese = [(w, re.compile(re.escape(w)), DENIED, g.zh) for g in guarantees() for w in g.words]
    english = [
        (w, re.compile(rf"\b{re.escape(w.lower())}\b"), DENIED_IN_ENGLISH, g.zh)
        for g in guarantees()
        for w in (g.en, *g.english)
    ]
    return tuple(one[1:] for one in sorted([*chinese, *english], key=lambda one: -len(one[0])))


def promised(text: str) -> frozenset[str]:
    """The guarantees a text promises, in Chinese or English, by their names."""
    found, left = set(), text.lower()
    for words, denied, name in _promises():
        meant = list(words.finditer(left))
        if any(not denied.search(left[: at.start()]) for at in meant):
            found.add(name)
        if meant:
            left = words.sub(lambda at: "\n" * len(at[0]), left)
    return frozenset(found)
