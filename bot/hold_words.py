"""Held orders chosen by a word: `/holds 新疆`, `/holds 双地址`, `/holds 杭州`, `/holds 000317` (D06)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from bot.hold_cards import rule_name
from bot.texts import LANGUAGES, plain, say
from playbooks.addresses import divisions
from playbooks.addresses.audit import RULE_IDS
from playbooks.aftercare import Hold
from playbooks.model import Refusal
from playbooks.post_purchase import asks_freight
from playbooks.privacy import checked_note
from storage.rows import Line

SHORTEST = 2
"""Characters of a word that is looked for within the names of places and rules."""
LAST_DIGITS = 5
"""Digits that name an order by how its number ends: fewer are from where on a list goes on."""


def checked_reason(text: str) -> str:
    """What staff note about a held order: nothing personal, and no freight put on the buyer (D07).

    Raises Refusal `common.personal_note`, `hold.no_freight`.
    """
    if found := asks_freight(checked_note(text)):
        raise Refusal("hold.no_freight", text=found)
    return text


def chosen(word: str, waiting: Sequence[Hold]) -> tuple[Hold, ...]:
    """Those a rule, a province or a place of this name is about, or whose number ends so, in their order.

    Raises Refusal `hold.none_of` where there are none now, `hold.unknown_word` where nothing is called so.
    """
    rules, province = rules_called(word), divisions.province(word)
    number = word.isdecimal() and len(word) >= LAST_DIGITS
    if rules:
        found = tuple(one for one in waiting if rules & set(one.rules))
    elif province:
        found = tuple(one for one in waiting if one.province == province.name)
    elif number:
        found = tuple(one for one in waiting if one.order_id.endswith(word))
    else:
        found = tuple(one for one in waiting if _named(word, one))
    if not found:
        raise Refusal("hold.none_of" if rules or province or number else "hold.unknown_word", word=word[:20])
    return found


def said_as(word: str) -> Line | str:
    """The word as a list is headed with it: what people call the rule it means, where it means one."""
    rules = rules_called(word)
    return rule_name(next(iter(rules))) if len(rules) == 1 else word


def _named(word: str, one: Hold) -> bool:
    within = len(word) >= SHORTEST
    return within and any(word in place for place in (one.goes_to, one.province, one.region))


@cache
def rules_called(word: str) -> frozenset[str]:
    """The rules a word means: their ids, or what people call them in either language, or a part of it."""
    said = word.casefold()
    names = {
        rule: [plain(say(lang, f"audit.name_{rule}")).casefold() for lang in LANGUAGES] for rule in RULE_IDS
    }
    exact = frozenset(rule for rule in RULE_IDS if said == rule or said in names[rule])
    if exact or len(said) < SHORTEST:
        return exact
    return frozenset(rule for rule, known in names.items() if any(said in name for name in known))
