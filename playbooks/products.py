"""Which product somebody means: its number, its name or a part of it, another name 别名, pinyin or initials.

One reading for every command (PRODUCT, On air): what is typed in a hurry means the same product everywhere, and
where it may mean several, they are named and one is picked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from playbooks.announce import Listing, narrow, whole
from playbooks.knowledge.grams import bare
from playbooks.knowledge.pinyin import initials, sounds
from playbooks.model import Refusal
from playbooks.spans import in_spans

MOST_OFFERED = 5
"""Candidates named where several are meant."""
HIGHEST = 999
"""A longer number is an order's or a price."""
DIGITS = "零一二三四五六七八九"
SPOKEN = re.compile("(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?")
LETTERS_HEARD = 2
"""One letter typed is nobody's initials."""
LETTERS_IN_A_SENTENCE = 3
"""`sf` and `ok` begin sentences about parcels and agreement; three letters that fit a product mean it."""


def find(listings: Iterable[Listing], word: str) -> Listing:
    """The listing meant: `3`, `3号`, `#3`, `玫瑰`, `小红瓶`, `mgjhs`, `meigui`.

    Raises Refusal `broadcast.no_sheet`, `product.missing`, `product.unknown`, `product.ambiguous` or, for a number
    that was given up 换号, `product.moved`: both with `said` as it was typed, and the `names` and link `numbers` it
    may mean.
    """
    known = sorted(listings, key=lambda one: one.link_no)
    if not known:
        raise Refusal("broadcast.no_sheet")
    plain, numeral = _bare(word)
    number = read_number(plain)
    named = [] if numeral or whole(plain) is not None else called(known, plain)
    if number is not None and (not named or any(one.link_no == number for one in known)):
        return _numbered(known, number, word)
    hits = named or called(known, plain)
    if not hits:
        raise Refusal("product.unknown", word=plain[:20])
    if len(hits) > 1:
        raise _several(hits, word, plain)
    return hits[0]


def find_moved(listings: Iterable[Listing], word: str) -> Listing:
    """As `find`, for who only looks: a number that was given up still means the one product that had it."""
    known = list(listings)
    try:
        return find(known, word)
    except Refusal as refusal:
        numbers = refusal.values.get("numbers")
        if refusal.key != "product.moved" or not isinstance(numbers, tuple) or len(numbers) != 1:
            raise
        return next(one for one in known if str(one.link_no) == numbers[0])


def given_up(listing: Listing, word: str) -> int | None:
    """The former number a product was asked for by; None where the word is none."""
    number = read_number(_bare(word)[0])
    return None if number is None or number == listing.link_no else number


def is_number(text: str) -> bool:
    """Whether a text is a product's number and nothing else: `5`, `#5`, `５`, `5号链接`, `五号`, `三`."""
    number = read_number(_bare(text)[0])
    return number is not None and number <= HIGHEST


def _bare(word: str) -> tuple[str, bool]:
    """(the word without width, `#` and 号链接, whether it was said to be a number): what a Chinese keyboard gives."""
    said = narrow(word).strip()
    plain = said.lstrip("#").removesuffix("链接").removesuffix("号").strip()
    return plain, plain != said


def read_number(text: str) -> int | None:
    """`5`, `五`, `十二`: a number in digits or as it is spoken, below a hundred; None for all else."""
    if (number := whole(text)) is not None:
        return number
    spoken = SPOKEN.fullmatch(text)
    if not text or spoken is None:
        return None
    tens, ten, ones = spoken.groups(default="")
    return 10 * (DIGITS.find(tens or "一") if ten else 0) + (DIGITS.find(ones) if ones else 0)


def _numbered(known: Sequence[Listing], number: int, word: str) -> Listing:
    for one in known:
        if one.link_no == number:
            return one
    if moved := [one for one in known if any(former.link_no == number for former in one.former)]:
        raise _several(moved, word, str(number), key="product.moved")
    raise Refusal("product.missing", word=str(number), numbers=in_spans([one.link_no for one in known]))


def _several(hits: Sequence[Listing], word: str, plain: str, *, key: str = "product.ambiguous") -> Refusal:
    names = tuple(one.name for one in hits[:MOST_OFFERED])
    numbers = tuple(str(one.link_no) for one in hits[:MOST_OFFERED])
    return Refusal(key, word=plain[:20], names=names, said=word, numbers=numbers)


def called(listings: Iterable[Listing], word: str) -> list[Listing]:
    """The listings a word that is no number may mean: those it fits best, none where it fits none."""
    said = bare(word)
    fits: tuple[Callable[[str], bool], ...] = (
        lambda name: name == said,
        lambda name: said in name,
        lambda name: _heard(name, said) == (0, len(name)),
        lambda name: _heard(name, said)[:1] == (0,),
        lambda name: bool(_heard(name, said)),
    )
    known = list(listings)
    for fit in fits if said else ():
        if hits := [one for one in known if any(fit(name) for name in _names(one))]:
            return hits
    return []


def names_one(listings: Iterable[Listing], word: str) -> bool:
    """Whether the first word of a sentence stands for a product: more is needed than where only a product can stand."""
    said, known = bare(word), list(listings)
    if any(said in name for one in known for name in _names(one)):
        return len(said) > 0
    return len(said) >= LETTERS_IN_A_SENTENCE and said.isascii() and bool(called(known, said))


def mentioned(listings: Iterable[Listing], sentence: str) -> list[Listing]:
    """The listings of which the whole name or another name stands in a sentence; of 丝绒口红 no 口红 as well."""
    found = {one.id: (one, term) for one in listings if (term := _term_in(one, sentence))}
    return [
        one
        for one, term in found.values()
        if not any(term != other and term in other for _, other in found.values())
    ]


def begins_with(listings: Iterable[Listing], sentence: str) -> tuple[Listing, str] | None:
    """The listing whose whole name or other name a sentence begins with, the longest, and the rest of it."""
    terms = ((one, term) for one in listings for term in (one.name, *one.product.aliases))
    begun = [(one, term) for one, term in terms if sentence.startswith(term)]
    if not begun:
        return None
    one, term = max(begun, key=lambda pair: len(pair[1]))
    return one, sentence[len(term) :]


def _term_in(listing: Listing, sentence: str) -> str:
    terms = (listing.name, *(alias for alias in listing.product.aliases if len(alias) > 1))
    return max((term for term in terms if term in sentence), key=len, default="")


def _names(listing: Listing) -> Iterator[str]:
    return (said for name in (listing.name, *listing.product.aliases) if (said := bare(name)))


def _heard(name: str, typed: str) -> tuple[int, ...]:
    """(start, end) in `name` of the first stretch that `typed` spells out by syllables, initials, characters; () if
    none does. Letters are needed: what is written in characters alone is looked for as written."""
    if len(typed) < LETTERS_HEARD or not any("a" <= char <= "z" for char in typed):
        return ()
    return next((span for start in range(len(name)) if (span := _spelt(name, typed, start))), ())


def _spelt(name: str, typed: str, start: int) -> tuple[int, ...]:
    reached = {0}
    for end in range(start, len(name)):
        reached = {
            at + len(step) for at in reached for step in _steps(name[end]) if typed.startswith(step, at)
        }
        if len(typed) in reached:
            return start, end + 1
        if not reached:
            break
    return ()


def _steps(char: str) -> set[str]:
    """What may be typed for a character: itself, its sound, its initial, of sh also both letters."""
    heard = sounds(char)
    return {char, *heard, *initials(char), *(sound[:2] for sound in heard if sound[1:2] == "h")}
