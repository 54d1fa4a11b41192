"""Figures of the playbook without a source 参考值 (K24): shown as its reference; a manager may set the shop's own."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal

from pydantic import Field

from playbooks.metrics import FOUR_PLACES
from playbooks.model import Document, Model, Refusal
from playbooks.rulebook import load

FigureId = Literal["unpaid", "not_firm", "to_win", "never_back", "free_returns", "buy_again"]
LEAST = Decimal("0.1")
"""Per cent."""
_COLON = re.compile(r"[:：]")
_BEFORE_SIGN = re.compile(r"\s+(?=[%％]\s*$)")
SHIPPED_WORDS = ("原值", "恢复", "default")


class FigureRule(Model):
    """One figure: a share of 1, which article says it, what people call it."""

    id: FigureId
    value: Decimal
    article: str
    words: tuple[str, ...]


class Rules(Model):
    """`data/references.toml`."""

    source: str
    figure: tuple[FigureRule, ...]


def rules() -> Rules:
    """`data/references.toml`."""
    known: Rules = load("references", Rules)
    return known


class OwnReferences(Document):
    """What a manager of the room (`id`) set in the place of the playbook's."""

    values: dict[FigureId, Decimal] = Field(default_factory=dict)


class Reference(Model):
    """One figure as it stands; `own`: the shop's, else the playbook's of `article`."""

    id: FigureId
    value: Decimal
    own: bool
    article: str


def standing(own: OwnReferences | None) -> tuple[Reference, ...]:
    """Every figure as it stands in the room."""
    values = own.values if own else {}
    return tuple(
        Reference(id=one.id, value=values.get(one.id, one.value), own=one.id in values, article=one.article)
        for one in rules().figure
    )


class Yardstick(Model):
    """What the chase stands beside: the share unpaid, and of the unpaid the share to be won (C24)."""

    unpaid: Decimal
    target: Decimal
    own: bool = False
    """Whether the shop set any of it."""


def yardstick(own: OwnReferences | None) -> Yardstick:
    """`target` = to be won / unpaid, four places."""
    found = {one.id: one for one in standing(own)}
    unpaid, to_win = found["unpaid"], found["to_win"]
    target = (to_win.value / unpaid.value).quantize(FOUR_PLACES, ROUND_HALF_UP)
    return Yardstick(unpaid=unpaid.value, target=target, own=unpaid.own or to_win.own)


def every_word() -> frozenset[str]:
    """Whatever figures are called."""
    return frozenset(word for one in rules().figure for word in (one.id, *one.words))


def figure_of(word: str) -> FigureId:
    """The figure people call `word`. Raises Refusal `reference.unknown`."""
    found = next((one.id for one in rules().figure if word.strip().lower() in (one.id, *one.words)), None)
    if found is None:
        raise Refusal("reference.unknown", word=word[:20])
    return found


def with_value(known: OwnReferences, typed: str) -> tuple[OwnReferences, Reference]:
    """`未支付率 25%`, `未支付率 25`; `未支付率 原值` takes the shop's own away. What stands, and which.

    Raises Refusal `reference.unknown`, `reference.share`, `reference.more` (to win > unpaid).
    """
    name, _, said = _BEFORE_SIGN.sub("", _COLON.sub(" ", typed)).strip().rpartition(" ")
    name = name.strip()
    id = figure_of(name or said)
    values = {one: value for one, value in known.values.items() if one != id}
    new = known.changed(values=values if said in SHIPPED_WORDS else {**values, id: _share(said)})
    if yardstick(new).target > 1:
        raise Refusal("reference.more")
    return new, next(one for one in standing(new) if one.id == id)


def _share(said: str) -> Decimal:
    """Per cent, with or without its sign."""
    try:
        value = Decimal(said.replace("％", "%").removesuffix("%"))
    except InvalidOperation:
        raise Refusal("reference.share", text=said[:20]) from None
    if not value.is_finite() or not LEAST <= value <= 100:
        raise Refusal("reference.share", text=said[:20])
    return (value / 100).quantize(FOUR_PLACES, ROUND_HALF_UP)
