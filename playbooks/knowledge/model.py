"""What the shop knows: questions with answers, and chapters of its handbook (REQUIREMENTS A09, A10, A13)."""

from __future__ import annotations

from typing import Literal

from playbooks.model import Document, Model, Moment
from playbooks.rulebook import load

State = Literal["proposed", "approved"]
"""Proposed by an agent, offered only once a manager approved it; declined ones are not kept."""
Source = Literal["manager", "agent", "handbook"]


class KnowledgeEntry(Document):
    """A question and its answer, of one `product` (its name in the run sheet) or, '', of the whole shop.

    `quotes` are the facts of the product's offer the answer tells, as they were when it was put in
    (`standing.facts`): once one of them is not so any more, the entry is stale and not offered.
    """

    question: str
    answer: str
    aliases: tuple[str, ...] = ()
    product: str = ""
    quotes: tuple[str, ...] = ()
    state: State
    source: Source
    owner: str
    changed_at: Moment
    valid_until: Moment | None = None


class KnowledgeMark(Document):
    """A mark of everything in the room's knowledge: equal marks mean equal entries, so an index is made once."""

    mark: str


class Rules(Model):
    """`data/knowledge.toml`."""

    source: str
    longest_question: int
    longest_answer: int
    most_aliases: int
    keep_days: int
    small: frozenset[str]
    alias: tuple[str, ...]
    until: tuple[str, ...]
    product: tuple[str, ...]
    amount: str


def rules() -> Rules:
    """`data/knowledge.toml`."""
    known: Rules = load("knowledge", Rules)
    return known
