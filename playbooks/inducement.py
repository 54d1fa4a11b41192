"""诱导评价: something given for a review, or a good one asked for, however written (REQUIREMENTS K01, K16, H04, H21).

Rules and spellings stand in `data/inducements.toml`. Nobody may override what is found; a text without a finding is
not proven clean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Literal

from playbooks.addresses.normal import spellings
from playbooks.knowledge.pinyin import sounds
from playbooks.model import Model, Refusal
from playbooks.rulebook import load

Where = Literal["invitation", "reply", "other"]
"""A text that invites to a review or visits a buyer; one below a review; whatever else a buyer is told or promised."""
Form = Literal["bare", "words", "sound"]
Id = Literal["benefit", "asks"]


class Rule(Model):
    """Patterns of one kind: `where` they hold, and the spelling they are found in."""

    id: Id
    where: tuple[Where, ...]
    form: Form
    patterns: tuple[str, ...]

    @cached_property
    def found_by(self) -> tuple[re.Pattern[str], ...]:
        """The patterns, compiled; sounds have no blanks between them."""
        return tuple(
            re.compile(one.replace(" ", "") if self.form == "sound" else one) for one in self.patterns
        )


class Rules(Model):
    """Everything of `data/inducements.toml`; `pictures` and `letters`: character -> what it is read as.

    `denied`: that there is no such thing, which a buyer who asks may be told.
    """

    source: str
    denied: str
    rule: tuple[Rule, ...]
    pictures: dict[str, str]
    letters: dict[str, str]


class Found(Model):
    """What must not stand there: something given, or a good review asked for; `text` as it is read."""

    id: Id
    text: str


def rules() -> Rules:
    """The rules as shipped."""
    shipped: Rules = load("inducements", Rules)
    return shipped


def found_in(text: str, where: Where) -> Found | None:
    """The first thing in `text` that may not stand in such a text; None where nothing is found."""
    plain = _plain(text)
    if where == "other":
        plain = re.sub(rules().denied, "", plain)
    bare = re.sub(r"[\W_]", "", plain)
    for rule in rules().rule:
        if where in rule.where:
            for read in _sounding(bare, rule) if rule.form == "sound" else _written(plain, bare, rule):
                return Found(id=rule.id, text=read)
    return None


def check(text: str) -> None:
    """For whatever a buyer is told or promised. Raises Refusal `postbuy.never_review_cash`, `…_steer`."""
    if found := found_in(text, "other"):
        raise Refusal(
            "postbuy.never_review_cash" if found.id == "benefit" else "postbuy.never_review_steer",
            text=found.text,
        )


def _plain(text: str) -> str:
    """One spelling: pictures as words, half-width, small, simplified, nothing invisible."""
    seen = unicodedata.normalize("NFKD", text.translate(_pictures())).lower()
    shown = "".join(c for c in seen if unicodedata.category(c) not in ("Cf", "Mn"))
    shown = unicodedata.normalize("NFKC", shown)
    return shown.translate(spellings()).translate(_letters())


@cache
def _pictures() -> dict[int, str]:
    return {ord(one): word for one, word in rules().pictures.items()}


@cache
def _letters() -> dict[int, str]:
    return {ord(one): letter for one, letter in rules().letters.items()}


def _written(plain: str, bare: str, rule: Rule) -> Iterator[str]:
    text = bare if rule.form == "bare" else plain
    return (found[0].strip() for pattern in rule.found_by for found in pattern.finditer(text))


def _sounding(bare: str, rule: Rule) -> Iterator[str]:
    """What is said like it, by the likeliest reading of each character; a syllable is found whole."""
    said = [(sounds(one) or ("",))[0] for one in bare]
    begins, at = {}, 0
    for place, sound in enumerate(said):
        begins[at] = place
        at += len(sound)
    begins[at] = len(said)
    read = "".join(said)
    for pattern in rule.found_by:
        for found in pattern.finditer(read):
            if found.start() in begins and found.end() in begins:
                yield bare[begins[found.start()] : begins[found.end()]]
