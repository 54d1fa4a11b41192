"""What buyers need or suggest 需求和建议: a sentence, sorted with one tap (REQUIREMENTS L05)."""

from __future__ import annotations

from collections.abc import Iterable

from playbooks.model import Document, Model, Moment, Refusal
from playbooks.privacy import checked_note
from playbooks.rulebook import load


class Rules(Model):
    """`data/needs.toml`: the sorts in the order they are offered, and the longest text in characters."""

    source: str
    longest_text: int
    sorts: tuple[str, ...]


def rules() -> Rules:
    """The rules as shipped."""
    shipped: Rules = load("needs", Rules)
    return shipped


class BuyerNeed(Document):
    """`text` is what a buyer wants, of a product (`number` None: of the shop); `sort` is '' until somebody taps one."""

    broadcast: str
    number: int | None
    name: str = ""
    text: str
    sort: str = ""
    by: str
    at: Moment


def read(typed: str) -> str:
    """The sentence. Raises Refusal `need.usage`, `need.long`, `common.personal_note`."""
    text = " ".join(checked_note(typed).split())
    if not text:
        raise Refusal("need.usage")
    if len(text) > rules().longest_text:
        raise Refusal("need.long", most=rules().longest_text)
    return text


def sort(need: BuyerNeed, into: str) -> BuyerNeed:
    """Sorted, or sorted anew after a slip. Raises Refusal `need.sort_unknown`."""
    if into not in rules().sorts:
        raise Refusal("need.sort_unknown")
    return need.changed(sort=into)


def by_sort(needs: Iterable[BuyerNeed]) -> list[tuple[str, list[BuyerNeed]]]:
    """(sort, its needs as they came), most needs first; '' are those nobody sorted, at the end."""
    known = sorted(needs, key=lambda one: (one.at, one.id))
    order = {"": len(rules().sorts), **{id: place for place, id in enumerate(rules().sorts)}}
    found = {id: [one for one in known if one.sort == id] for id in {one.sort for one in known}}
    return sorted(found.items(), key=lambda pair: (not pair[0], -len(pair[1]), order[pair[0]]))
