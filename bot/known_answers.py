"""What is known already about something somebody is about to ask: tonight's answer, the approved knowledge (B03)."""

from __future__ import annotations

from dataclasses import dataclass

from bot import entries
from bot.card import line
from bot.desk import Desk
from bot.questioning import tonight
from playbooks import announce, in_force, questions
from playbooks.knowledge import KnowledgeEntry
from playbooks.questions import Asking, Question
from storage.rows import Line

ENTRIES = 2
"""Entries of the knowledge told beside tonight's answer: the likest."""


@dataclass(frozen=True)
class Known:
    """An answer there is already: what it answers and by whom, its text, and a warning where it may be outdated."""

    head: Line
    text: str
    warning: Line | None = None


def find(asking: Asking, desk: Desk) -> list[Known]:
    """Tonight's answer first, then entries that may be offered now; the same text once."""
    answered = questions.answered(asking, tonight(desk))
    known = [_tonight(answered, desk)] if answered else []
    known += [_entry(one, desk) for one in _alike(asking, desk)]
    return list({one.text: one for one in reversed(known)}.values())[::-1]


def _tonight(one: Question, desk: Desk) -> Known:
    said = one.answers[-1]
    text = line("common.verbatim", text=one.text)
    head = line(
        "ask.known_tonight", number=one.number, what=text, by=desk.name(said.who), at=desk.clock(said.at)
    )
    return Known(head, said.text, _older(one, desk))


def _older(one: Question, desk: Desk) -> Line | None:
    """That the product's offer has changed since it was answered, and what it was changed to."""
    listing = next((each for each in desk.listings() if one.product and each.name == one.product), None)
    if listing is None:
        return None
    then = in_force.offer_at(desk.books.offers.by("listing", listing.id), one.answers[-1].at)
    if then is None or not announce.diff(then, listing.offer):
        return None
    return line("ask.known_older", at=desk.clock(listing.offer.at), revision=listing.offer.revision)


def _alike(asking: Asking, desk: Desk) -> list[KnowledgeEntry]:
    """Approved entries of the product, or the whole shop, that ask the same and may be offered now."""
    scored = [
        (_likeness(asking, one), one)
        for one in desk.books.knowledge.scan()
        if one.state == "approved" and one.product in ("", asking.product)
    ]
    meant = sorted((s for s in scored if s[0] >= questions.rules().alike), key=lambda s: (-s[0], s[1].id))
    return [one for _, one in meant if entries.standing_of(one, desk) == "good"][:ENTRIES]


def _likeness(asking: Asking, one: KnowledgeEntry) -> float:
    phrases = (
        phrase.replace(one.product, "") if one.product else phrase for phrase in (one.question, *one.aliases)
    )
    return max(questions.likeness(asking.text, phrase, one.product) for phrase in phrases)


def _entry(one: KnowledgeEntry, desk: Desk) -> Known:
    return Known(line("ask.known_entry", what=one.question, origin=entries.origin(one, desk)), one.answer)
