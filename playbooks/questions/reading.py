"""Questions, answers and times as people type them (REQUIREMENTS B15-B17)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from playbooks import products, spoken_times
from playbooks.announce import Listing
from playbooks.model import Model, Refusal
from playbooks.privacy import checked_note
from playbooks.questions.model import (
    Department,
    Kind,
    KindRule,
    Reason,
    department,
    kind_rule,
    rules,
)

NUMBERED = re.compile(r"#?\s*(\d{1,3})\s*(号链接|号|链接)?\s*[:：,，]?\s*(.*)", re.DOTALL)
LONG_NUMBER = re.compile(r"\d{8,}")
IN = re.compile(r"(\d{1,3}|半)\s*(?:个)?\s*(分钟|分|小时|min|h)", re.IGNORECASE)
AROUND = re.compile(
    r"^(?:预计|大概|大约|约|eta)\s*|\s*(?:左右|之前|以前|前|之内|以内|内|后|回复|答复|给答复|给)+$",
    re.IGNORECASE,
)
EXPECTED = ("预计", "eta ")
NOON = 12


class Asking(Model):
    """A question as typed: to whom, about which product ('' and None: none is meant), what."""

    to: Department
    named: bool
    kind: Kind
    link_no: int | None
    product: str
    text: str


def read_ask(text: str, listings: Sequence[Listing], on_air: Listing | None) -> Asking:
    """`3 能用盐水冲吗`, `精华水 能冲吗`, `仓库 12 点前能发吗`: department first if named, then the product.

    Without a product named it is the one on air. Raises Refusal `ask.usage`, `ask.long`, `product.missing`,
    `product.ambiguous`, and `common.personal_note` where a phone number is in it.
    """
    said = " ".join(checked_note(text).split())
    named, said = _department(said)
    listing, said = _product(said, listings, on_air)
    if not said:
        raise Refusal("ask.usage")
    if len(said) > rules().longest_question:
        raise Refusal("ask.long", most=rules().longest_question)
    kind = kind_of(said)
    return Asking(
        to=named or kind_rule(kind).to, named=named is not None, kind=kind,
        link_no=listing.link_no if listing else None, product=listing.name if listing else "", text=said,
    )  # fmt: skip


def read_angry(text: str, listings: Sequence[Listing], on_air: Listing | None) -> Asking:
    """What an angry buyer wants, which may be left out: one tap calls a senior (H26)."""
    said = " ".join(checked_note(text).split())[: rules().longest_question]
    listing, said = _product(said, listings, on_air)
    return Asking(
        to="senior", named=True, kind="advice", link_no=listing.link_no if listing else None,
        product=listing.name if listing else "", text=said,
    )  # fmt: skip


def _department(said: str) -> tuple[Department | None, str]:
    word, _, rest = said.partition(" ")
    found = _called(word)  # no ids here: `senior discount?` and `logistics …` begin questions
    return (found, rest.strip()) if found else (None, said)


def find_department(word: str) -> Department | None:
    """The department a word, or its id, means."""
    by_id = next((one.id for one in rules().department if word == one.id), None)
    return by_id or _called(word)


def _called(word: str) -> Department | None:
    return next((one.id for one in rules().department if word.lower() in one.words), None)


def find_reason(word: str) -> Reason | None:
    """The reason a word, or its id, means."""
    return next((one.id for one in rules().reason if word == one.id or word in one.words), None)


def _product(said: str, listings: Sequence[Listing], on_air: Listing | None) -> tuple[Listing | None, str]:
    """The product meant and the text without what named it."""
    if not listings:
        return None, said
    found = NUMBERED.fullmatch(said)
    if found and (found[2] or not rules().number.counts(found[3])) and not found[3][:1].isdecimal():
        return products.find(listings, found[1]), found[3]
    whole = products.mentioned(listings, said)
    word, _, rest = said.partition(" ")
    if not whole and rest and len(word) > 1 and products.names_one(listings, word):
        return products.find(listings, word), rest.strip()
    return (whole[0] if len(whole) == 1 else on_air), said


def kind_of(text: str) -> Kind:
    """The first kind whose word stands in it, else the first of all (B16); one tap changes it."""
    first = rules().kind[0]
    return next((one.id for one in rules().kind if _tells(text, one)), first.id)


def _tells(text: str, rule: KindRule) -> bool:
    for longer in rule.unless:
        text = text.replace(longer, " ")
    return any(word in text for word in rule.words)


def read_answer(text: str, to: Department, now: datetime, zone: ZoneInfo) -> str | datetime:
    """The answer, or the moment by which it will come (B17).

    A bare time is such a moment where the department's rule says so, with 预计 before it always, and never with
    `=`. Raises Refusal `ask.long_answer`, `ask.no_answer`, `ask.eta_past`, `common.personal_note`.
    """
    said = checked_note(text.strip())
    meant = said.removeprefix("=").strip()
    if not meant:
        raise Refusal("ask.no_answer")
    if len(meant) > rules().longest_answer:
        raise Refusal("ask.long_answer", most=rules().longest_answer)
    if said != meant:
        return meant
    expected = meant.lower().startswith(EXPECTED)
    if not expected and not department(to).time_is_eta:
        return meant
    return read_time(meant, now, zone) or meant


def read_note(text: str) -> str:
    """What the next one has to know, on one line. Raises Refusal `common.personal_note`."""
    return " ".join(checked_note(text).split())


def read_time(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """`18:00 前`, `明天下午3点`, `20 分钟后`, `半小时内`; None for what is no time. Raises Refusal `ask.eta_past`."""
    bare = AROUND.sub("", spoken_times.as_clock(text.strip())).strip()
    if found := IN.fullmatch(bare):
        hours = found[2].lower() in ("小时", "h")
        count = 0.5 if found[1] == "半" else int(found[1])
        return now + (timedelta(hours=count) if hours else timedelta(minutes=count))
    found = _at().fullmatch(bare)
    return _on_the_clock(found, now, zone) if found else None


@cache
def _at() -> re.Pattern[str]:
    """A day's word, if there is one, and the clock's time."""
    return re.compile(rf"({'|'.join(spoken_times.rules().days)})?\s*(\d{{1,2}}):(\d{{2}})", re.IGNORECASE)


def _on_the_clock(found: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime | None:
    day, hour, minute = (found[1] or "").lower(), int(found[2]), int(found[3])
    here = now.astimezone(zone)
    try:
        at = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError:
        return None
    at += timedelta(days=spoken_times.rules().days[day] if day else 0)
    if at <= here and int(hour) <= NOON:  # 8 点, said in the evening
        at += timedelta(hours=12)
    if at <= here:
        raise Refusal("ask.eta_past", at=at)
    return at


def worth_keeping(kind: Kind, text: str) -> bool:
    """Whether the question is one others will ask: of a kind that is kept, and about no single order."""
    return kind_rule(kind).faq and not LONG_NUMBER.search(text)
