"""What people enter for a review 复盘录入: goals, traffic, service figures, remarks by post, how the shift felt.

Nobody can count these from the journal (facts/metrics.yaml review_report_sections 2, 3, 7, 9); what was not entered
stays unknown, never 0. REQUIREMENTS G06-G11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal

from pydantic import Field

from playbooks.metrics import FOUR_PLACES
from playbooks.model import Document, Model, Moment, Refusal, to_cents
from playbooks.privacy import checked_note
from playbooks.rulebook import load

Part = Literal["goals", "traffic", "service"]
PARTS: tuple[Part, ...] = ("goals", "traffic", "service")
FigureKind = Literal["count", "yuan", "seconds", "rate", "score"]
Feeling = Literal["good", "fair", "hard"]
FEELINGS: tuple[Feeling, ...] = ("good", "fair", "hard")
"""How the shift went 班次反馈: 顺利 · 一般 · 吃力."""

LONGEST_REMARK = 300
BEST_SCORE = 5
MOST = Decimal(10_000_000_000)
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_SPAN = re.compile(
    r"(?:(\d+)\s*(?:分钟?|m(?:in)?))?\s*(?:(\d+(?:\.\d+)?)\s*(?:秒钟?|s(?:ec)?)?)?", re.IGNORECASE
)
_CLOCK = re.compile(r"(\d+):(\d{2})(?::(\d{2}))?")
_MANY = {"万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000}
_ASIDE = re.compile(r"[（(][^）)]*[)）]|[\s:：=_-]")


class FigureSpec(Model):
    """One figure people enter. `platforms`: where it is asked for, () for everywhere."""

    id: str
    section: Part
    kind: FigureKind
    words: tuple[str, ...]
    platforms: tuple[str, ...] = ()


class Rules(Model):
    """`data/review_figures.toml`."""

    source: str
    posts: dict[str, tuple[str, ...]]
    part_words: dict[Part, tuple[str, ...]]
    feelings: dict[Feeling, tuple[str, ...]]
    why_words: dict[str, tuple[str, ...]]
    figure: tuple[FigureSpec, ...]


class Told(Model):
    """One figure as entered: its value (yuan, seconds, a share of 1, a score, a count), by whom, when.

    `source`: typed, or the name of the file it was in.
    """

    value: Decimal
    by: str
    at: Moment
    source: str = ""


class Remark(Model):
    """What somebody said of a post 岗位."""

    text: str
    by: str
    at: Moment


class Felt(Model):
    """How one person's shift went, in one tap; `text` where they said more."""

    how: Feeling
    at: Moment
    text: str = ""


class Entered(Document):
    """All that was entered for one broadcast, whose id it has."""

    figures: dict[str, Told] = Field(default_factory=dict)
    posts: dict[str, Remark] = Field(default_factory=dict)
    felt: dict[str, Felt] = Field(default_factory=dict)

    def value(self, figure: str) -> Decimal | None:
        """A figure as entered; None: nobody did."""
        told = self.figures.get(figure)
        return told.value if told else None


def rules() -> Rules:
    """`data/review_figures.toml`."""
    known: Rules = load("review_figures", Rules)
    return known


def asked_for(section: Part, platform: str) -> tuple[FigureSpec, ...]:
    """The figures of a section a room of `platform` enters, in the order of the form."""
    return tuple(
        one
        for one in rules().figure
        if one.section == section and (not one.platforms or platform in one.platforms)
    )


def spec_of(id: str) -> FigureSpec:
    """The figure. Raises Refusal `entry.unknown`."""
    found = next((one for one in rules().figure if one.id == id), None)
    if found is None:
        raise Refusal("entry.unknown", word=id[:20])
    return found


def _bare(word: str) -> str:
    return _ASIDE.sub("", word).lower()


def named(word: str, platform: str) -> FigureSpec | None:
    """The figure a person or the heading of a report calls `word` (`3分钟人工回复率(8-23点)`), None for none."""
    bare = _bare(word)
    for one in rules().figure:
        here = not one.platforms or platform in one.platforms
        if here and bare and bare in (one.id.replace("_", ""), *(_bare(w) for w in one.words)):
            return one
    return None


def read_value(spec: FigureSpec, typed: str) -> Decimal:
    """What was typed as the figure's value: `1.2万`, `35%`, `1分20秒`, `0:45`, `12,400.50`.

    A rate above 1 without a sign is per cent. Raises Refusal `entry.not_a_<kind>`, naming what was typed.
    """
    text = typed.strip().replace("，", ",").replace("％", "%").removesuffix("元").lstrip("¥￥").strip()
    value = _span(text) if spec.kind == "seconds" else _number(text)
    if value is None or value < 0 or value > MOST or not _fits(spec, text, value):
        raise Refusal(f"entry.not_a_{spec.kind}", text=typed.strip()[:20])
    if spec.kind == "rate":
        return _share(text, value)
    return to_cents(value) if spec.kind in ("yuan", "score") else value.quantize(Decimal(1), ROUND_HALF_UP)


def _fits(spec: FigureSpec, text: str, value: Decimal) -> bool:
    if spec.kind == "rate":
        return _share(text, value) <= 1
    if spec.kind == "score":
        return value <= BEST_SCORE
    return spec.kind != "count" or value == value.to_integral_value()


def _share(text: str, value: Decimal) -> Decimal:
    """`35%` and `35` are .35; `0.35` is too; `1%` is .01 and `1` is all."""
    per_cent = text.endswith("%") or value > 1
    return (value / 100 if per_cent else value).quantize(FOUR_PLACES, ROUND_HALF_UP)


def _number(text: str) -> Decimal | None:
    many = _MANY.get(text[-1:].lower(), 1)
    bare = text[:-1] if many > 1 else text.removesuffix("%")
    bare = bare.strip().removesuffix("人").removesuffix("次").removesuffix("分").strip()
    if not _NUMBER.fullmatch(bare):
        return None
    try:
        return Decimal(bare.replace(",", "")) * many
    except InvalidOperation:
        return None


def _span(text: str) -> Decimal | None:
    """Seconds of `1分20秒`, `80秒`, `80`, `1:20`, `0:01:20`."""
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (clock[1], clock[2], clock[3]) if clock[3] else ("0", clock[1], clock[2])
        return Decimal(int(hours) * 3600 + int(minutes) * 60 + int(seconds))
    found = _SPAN.fullmatch(text)
    if found is None or (found[1] is None and found[2] is None):
        return None
    return Decimal(int(found[1] or 0) * 60) + Decimal(found[2] or 0)


def read_line(text: str, platform: str) -> Iterator[tuple[FigureSpec, Decimal]]:
    """`场观 12000 平均停留 1分20秒`, one or several, on a line or several.

    Raises Refusal `entry.no_figure` for a word no figure is called, `entry.no_value` for one without a value.
    """
    words = text.replace("：", " ").replace("=", " ").replace("；", " ").replace(";", " ").split()
    name: list[str] = []
    spec: FigureSpec | None = None
    for word in words:
        if spec is not None:
            yield spec, read_value(spec, word)
            spec, name = None, []
            continue
        name.append(word)
        spec = named("".join(name), platform)
        if spec is None and (glued := _glued("".join(name), platform)):
            yield glued
            name = []
    if spec is not None:
        raise Refusal("entry.no_value", name="".join(name)[:20])
    if name:
        raise Refusal("entry.no_figure", name=" ".join(name)[:20])


def _glued(text: str, platform: str) -> tuple[FigureSpec, Decimal] | None:
    """`场观12000`, typed without the blank: the longest name that leaves a value."""
    for at in range(len(text) - 1, 0, -1):
        spec = named(text[:at], platform)
        if spec is not None and text[at].isdigit():
            return spec, read_value(spec, text[at:])
    return None


def with_figures(
    known: Entered, told: Mapping[str, Decimal], by: str, at: Moment, source: str = ""
) -> Entered:
    """`known` with these figures, in place of what was entered before."""
    new = {id: Told(value=value, by=by, at=at, source=source) for id, value in told.items()}
    return known.changed(figures={**known.figures, **new})


def post_of(word: str) -> str:
    """The post people call `word`. Raises Refusal `entry.post`."""
    found = next((id for id, words in rules().posts.items() if word.lower() in (id, *words)), None)
    if found is None:
        raise Refusal("entry.post", word=word[:20])
    return found


def with_remark(known: Entered, post: str, text: str, by: str, at: Moment) -> Entered:
    """`known` with what is said of a post. Raises Refusal `entry.empty`, `common.personal_note`."""
    said = " ".join(checked_note(text).split())[:LONGEST_REMARK]
    if not said:
        raise Refusal("entry.empty")
    return known.changed(posts={**known.posts, post: Remark(text=said, by=by, at=at)})


def with_feeling(known: Entered, who: str, how: Feeling, at: Moment, text: str = "") -> Entered:
    """`known` with how `who` found the shift; said again it takes the place of what they said before."""
    said = " ".join(checked_note(text).split())[:LONGEST_REMARK]
    return known.changed(felt={**known.felt, who: Felt(how=how, at=at, text=said)})
