"""`/why 催回金额` 依据: every figure of a review opens the orders and entries it was counted from, privately."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, partial

from bot import texts
from bot.call import Call
from bot.card import Button, Card, Row, button, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.entered import aired, named_first
from bot.review_events import Night, events
from bot.review_parts import Part, named, parts
from bot.review_words import figure, measured
from bot.reviewing import review_of
from playbooks import review_entered
from playbooks.announce import whole
from playbooks.model import Refusal
from playbooks.review_marks import HEADLINES, headline
from playbooks.room import CONTROL
from storage.rows import Line

SHOWN = 15
PARTS = "more"
PARTS_SHOWN = 30
IN_A_ROW = 2
RECOVERY = frozenset(["recovered", "success_rate", "amount"])
ASIDE = re.compile(r"[（(][^）)]*[)）]|\s")


def why(call: Call, desk: Desk) -> list[Card]:
    """`/why` shows the figures as buttons, `/why 催回金额 2` the second page of what is behind one,
    `/why more` those by product, reason, rule, region and person.

    A button names the broadcast first. Raises Refusal `why.unknown`, `why.archived`.
    """
    meant, rest = named_first(call.args, desk)
    here = meant or aired(desk)
    if here.stage == "archived":
        raise Refusal("why.archived", day=f"{here.opened_on:%m-%d}")
    night = Night(here, review_of(desk.books, desk.room, here, desk.now), desk)
    known = headline(night.review)
    if not rest:
        return [_overview(night, known)]
    words, page = _paged(rest)
    found = parts(night)
    if words == PARTS:
        return [_parts(night, found, page)]
    id = words if words in found else _meant(words, desk.room.platform) or named(words, found, _bare)
    if id is None:
        raise Refusal("why.unknown", word=words[:20])
    return [_opened(id, found.get(id) or _part(id, night, known), night, known, page)]


def _paged(text: str) -> tuple[str, int]:
    """The words, and the page where a number ends them: a figure's name may begin with one, none ends with it."""
    first, _, last = text.rpartition(" ")
    number = whole(last) if first else None
    return (first, max(number, 1)) if number else (text, 1)


@cache
def _names() -> Mapping[str, str]:
    """What people call each figure, in whichever language: its own name and those of the picture."""
    said: dict[str, str] = {}
    for id in HEADLINES:
        for lang in texts.LANGUAGES:
            said.setdefault(_bare(texts.say(lang, f"headline.{id}")), id)
    others = {_bare(word): id for id, words in review_entered.rules().why_words.items() for word in words}
    return {**said, **others, **{id: id for id in HEADLINES}}


def _bare(word: str) -> str:
    return ASIDE.sub("", word).lower()


def _meant(words: str, platform: str) -> str | None:
    found = _names().get(_bare(words))
    if found:
        return found
    spec = review_entered.named(words, platform)
    return spec.id if spec else None


def _name(id: str) -> Line:
    return line(f"headline.{id}" if id in HEADLINES else f"entry.figure_{id}")


def _overview(night: Night, known: Mapping[str, Decimal]) -> Card:
    """Every figure that is known, as a button that opens it."""
    buttons = [
        button("why.button", f"why {night.here.id} {id}", name=_name(id), value=figure(HEADLINES[id], value))
        for id, value in known.items()
        if value
    ]
    rows = (*_rows(buttons), (button("why.parts", f"why {night.here.id} {PARTS}"),)) if buttons else ()
    head = line("why.head", day=f"{night.here.opened_on:%m-%d}", at=night.desk.clock(night.desk.now))
    return tell(night.desk.me.id, head, None if buttons else line("why.nothing"), buttons=rows)


def _rows(buttons: Sequence[Button]) -> tuple[Row, ...]:
    return tuple(tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW))


def _parts(night: Night, found: Mapping[str, Part], page: int) -> Card:
    """By product, reason, rule, region and person: a page of buttons."""
    first = (page - 1) * PARTS_SHOWN
    here, every = night.here.id, list(found.items())
    buttons = [
        button("why.button", f"why {here} {id}", name=part.name, value=figure(part.kind, part.value))
        for id, part in every[first : first + PARTS_SHOWN]
    ]
    head = line("why.head", day=f"{night.here.opened_on:%m-%d}", at=night.desk.clock(night.desk.now))
    left = len(every) - first - len(buttons)
    turn = _turn(f"why {here} {PARTS}", page, left)
    back = (button("why.all", f"why {here}"),)
    nothing = None if buttons else line("why.nothing")
    return tell(night.desk.me.id, head, nothing, buttons=(*_rows(buttons), *turn, back))


def _turn(words: str, page: int, left: int) -> tuple[Row, ...]:
    return ((button("why.more", f"{words} {page + 1}", count=left),),) if left > 0 else ()


def _part(id: str, night: Night, known: Mapping[str, Decimal]) -> Part:
    """A headline, or a figure people enter."""
    if id in HEADLINES:
        return Part(_name(id), HEADLINES[id], known.get(id), partial(events, id))
    entered = night.desk.books.review_entries.get(night.here.id)
    value = entered.value(id) if entered else None
    return Part(_name(id), review_entered.spec_of(id).kind, value, partial(events, id))


def _opened(id: str, part: Part, night: Night, known: Mapping[str, Decimal], page: int) -> Card:
    """One page of what is behind a figure, in order of time."""
    found = sorted(part.opens(night), key=lambda one: one.at)
    first = (page - 1) * SHOWN
    shown = found[first : first + SHOWN]
    day = f"{night.here.opened_on:%m-%d}"
    value = (measured if id in HEADLINES else figure)(part.kind, part.value)
    head = line("why.figure", name=part.name, value=value, count=len(found), day=day)
    # No recovery is told without what pays by itself.
    natural = measured("rate", known.get("natural_rate"))
    beside = line("why.natural", rate=natural) if id in RECOVERY else None
    turn = _turn(f"why {night.here.id} {id}", page, len(found) - first - len(shown))
    back = ((button("why.all", f"why {night.here.id}"),),)
    said = [one.said for one in shown] or [line("why.no_events")]
    return tell(night.desk.me.id, head, beside, said, buttons=(*turn, *back))


DUTY = DutySpec(
    "why",
    commands=(Command("why", why, words=("依据",), roles=CONTROL, reads=True, slow=True, private=True),),
)
