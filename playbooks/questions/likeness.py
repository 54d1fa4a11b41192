"""Whether two questions are the same one in other words: the second asker joins instead of asking ops again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from playbooks.questions.model import Question, rules
from playbooks.questions.reading import Asking
from playbooks.questions.spelling import same_words

NUMBERS = re.compile(r"\d+(?:\.\d+)?|[A-Za-z]+")
WORDS = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")
APOSTROPHES = re.compile(r"['’](?:s\b)?")
CHINESE = re.compile(r"[\u3400-\u9fff]")
SIGNS = re.compile(r"[^\w]|_")
EITHER = re.compile(r"(\w)[不没]\1")
"""`能不能`, `会不会`, `有没有`: asked both ways round, so nothing is denied."""
LONGEST_KEPT = 3
"""Letters of the longest English word that keeps its s: gas, yes, bus."""
NOT = ("不", "没", "别", "无")


def twin(asking: Asking, questions: Iterable[Question]) -> Question | None:
    """The open question this one is, about the same product and for the same people; the likest, then the oldest."""
    meant = [
        (score, one)
        for one in questions
        if one.alive and not one.angry and (one.link_no, one.to) == (asking.link_no, asking.to)
        if (score := likeness(asking.text, one.text, one.product)) >= rules().alike
    ]
    best = max(meant, key=lambda pair: (pair[0], -pair[1].number), default=None)
    return best[1] if best else None


def answered(asking: Asking, questions: Iterable[Question]) -> Question | None:
    """The answered question about the same product that this one repeats; of several that with the newest answer."""
    meant = [
        one
        for one in questions
        if one.answer and not one.angry and one.product == asking.product
        if likeness(asking.text, one.text, one.product) >= rules().alike
    ]
    return max(meant, key=lambda one: (one.answers[-1].at, one.number), default=None)


def likeness(one: str, other: str, product: str = "") -> float:
    """0 to 1: pairs of characters shared. 0 where a number or a Latin word differs (`2件` is not `3件`, `M` not
    `L`), or where one of them denies what the other asks (`不能` stays apart from `能`; `能不能` is no denial).

    Without Chinese in either the words count, whatever their order: 1 where they are the same but for those every
    question has and the words of the `product`'s name (`is the lipstick waterproof?`, `watreproof?`), else 0.
    """
    if not CHINESE.search(one + other):
        said, known = _words(one, product), _words(other, product)
        return float(bool(said) and same_words(said, known))
    a, b = _core(one), _core(other)
    if set(NUMBERS.findall(a)) != set(NUMBERS.findall(b)) or _denies(a) != _denies(b):
        return 0.0
    if not a or not b:
        return 0.0
    mine, theirs = _pairs(a), _pairs(b)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


@lru_cache(maxsize=8192)
def _words(text: str, product: str) -> frozenset[str]:
    """What is asked in English: its words without those that say nothing; all of them where nothing else is left."""
    said = [_singular(word) for word in _apart(text) if word not in rules().fill_words]
    named = {_singular(word) for word in _apart(product)}
    meant = frozenset(said) - named - set(rules().fill_words)
    return meant or frozenset(_apart(text))


def _apart(text: str) -> list[str]:
    """`what's it for?` -> what, it, for; `don't` -> dont."""
    return WORDS.findall(APOSTROPHES.sub("", text.lower()))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > LONGEST_KEPT and word.endswith("s") and not word.endswith("ss") else word


def _denies(core: str) -> bool:
    return any(word in core for word in NOT)


def _pairs(core: str) -> frozenset[str]:
    return frozenset(core[at : at + 2] for at in range(max(1, len(core) - 1)))


@lru_cache(maxsize=8192)
def _core(text: str) -> str:
    """What is asked, without the words every question has, and with one word for those that mean the same."""
    core = EITHER.sub(r"\1", SIGNS.sub("", text.lower()))
    for same in rules().same:
        for word in same.words[1:]:
            core = core.replace(word, same.words[0])
    for word in rules().fill:
        core = core.replace(word, "")
    return core
