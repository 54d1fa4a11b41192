"""No-ship 停发 and remote 偏远 rules: the shop's own, as people write them, and the defaults.

REQUIREMENTS D01; the facts behind the defaults stand in `data/regions.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Literal

from playbooks.addresses import divisions
from playbooks.addresses.region_names import region, target
from playbooks.model import Document, Model, Moment, Refusal
from playbooks.rulebook import load

Kind = Literal["no_ship", "remote"]
OVERSEAS = "海外"
DAY = r"(?:\d{4}[-./年])?\d{1,2}[-./月]\d{1,2}[日号]?"
HALF_A_YEAR, LEAP_DAY = timedelta(days=183), (2, 29)


class RegionRule(Document):
    """Where not to ship, or only with care.

    Empty `carrier` and `link_nos` mean all; `until` None means open.
    """

    kind: Kind
    regions: tuple[str, ...]
    carrier: str = ""
    link_nos: tuple[int, ...] = ()
    source: str = ""
    author: str = ""
    from_at: Moment
    until: Moment | None = None


class Tier(Model):
    id: str
    kind: Kind
    regions: tuple[str, ...]
    source: str


class Words(Model):
    no_ship: tuple[str, ...]
    remote: tuple[str, ...]
    overseas: tuple[str, ...]
    since: tuple[str, ...]
    until: tuple[str, ...]
    carriers: tuple[str, ...]


class Regions(Model):
    as_of: date
    tiers: tuple[Tier, ...]
    words: Words
    groups: dict[str, tuple[str, ...]]


def regions() -> Regions:
    data: Regions = load("regions", Regions)
    return data


def default_rules(now: datetime) -> tuple[RegionRule, ...]:
    """The rules of `data/regions.toml`, in force from `now`: no-ship, and remote in two tiers."""
    data = regions()
    return tuple(
        RegionRule(
            id=tier.id,
            kind=tier.kind,
            regions=tier.regions,
            source=f"{tier.source} ({data.as_of})",
            from_at=now,
        )
        for tier in data.tiers
    )


def in_force(rules: Sequence[RegionRule], now: datetime) -> tuple[RegionRule, ...]:
    """The rules that hold at `now`: begun, and not past their end."""
    return tuple(rule for rule in rules if rule.from_at <= now and (rule.until is None or now < rule.until))


def same_region(rule: RegionRule, kind: str, name: str) -> bool:
    """Whether `rule` is of this kind and names the region `name`, however an export writes it."""
    here = target(name).codes
    return rule.kind == kind and any(
        name == one or (here and here == target(one).codes and target(name).town == target(one).town)
        for one in rule.regions
    )


def is_overseas(text: str) -> bool:
    return text.strip().lower() in regions().words.overseas


def read_rule(text: str, *, rule_id: str, author: str, now: datetime) -> RegionRule:
    """A draft of what was written: kind, regions and, in any order, carrier, links, first and last day.

    `停发 新疆 西藏` · `偏远 内蒙古,青海 圆通` · `停发 三沙市 3号 从12-01 至2026-12-31`. `now` is in the room's
    time zone, in which days begin and end. Raises Refusal audit.rule_kind, .rule_empty, .rule_until,
    .rule_carriers, .region_near, .region_which or .region_unknown.
    """
    kind, *words = [word for word in re.split(r"[\s,，、;；]+", in_one_word(text)) if word] or [""]
    draft = RegionRule(
        id=rule_id, kind=read_kind(kind), regions=(), source=text.strip(), author=author, from_at=now
    )
    for word in words:
        draft = with_word(draft, word, now)
    if not draft.regions:
        raise Refusal("audit.rule_empty", kind=kind)
    return draft


def read_kind(word: str) -> Kind:
    words = regions().words
    if word in words.no_ship:
        return "no_ship"
    if word in words.remote:
        return "remote"
    raise Refusal("audit.rule_kind", word=word)


def with_word(draft: RegionRule, word: str, now: datetime) -> RegionRule:
    """The draft with what one word adds to it."""
    if link := re.fullmatch(r"#?(\d{1,4})号?(?:链接)?", word):
        return draft.changed(link_nos=(*draft.link_nos, int(link[1])))
    if span := days(word, now):
        draft = draft.changed(from_at=span[0] or draft.from_at, until=span[1] or draft.until)
        if draft.until is not None and draft.until <= draft.from_at:
            raise Refusal("audit.rule_until", word=word)
        return draft
    if carrier := next((name for name in regions().words.carriers if name.lower() in word.lower()), ""):
        if draft.carrier not in ("", carrier):  # the first would be lost, and nobody would hear of it
            raise Refusal("audit.rule_carriers", one=draft.carrier, other=carrier)
        return draft.changed(carrier=carrier)
    return draft.changed(regions=(*draft.regions, *named_regions(word)))


def in_one_word(text: str) -> str:
    """`从 12-01` without the blank between."""
    words = regions().words
    return re.sub(rf"({'|'.join((*words.since, *words.until))})\s+(?=\d)", r"\1", text)


def days(word: str, now: datetime) -> tuple[datetime | None, datetime | None] | None:
    """When a rule begins and ends by `从12-01`, `12-01起`, `至2026-12-31` or `12.01-12.31`; None: no such word.

    What has begun already begins now. Raises Refusal audit.rule_until where a day is none, over, or before the first.
    """
    since, until = (f"(?:{'|'.join(some)})" for some in (regions().words.since, regions().words.until))
    if said := re.fullmatch(rf"{until}(\d.*)", word):
        return None, end_of(said[1], now)
    if said := re.fullmatch(rf"{since}?({DAY})起?(?:{until}|[-~～—])({DAY})", word):
        return max(day_of(said[1], now), now), end_of(said[2], now)
    if said := re.fullmatch(rf"{since}(\d.*?)起?|({DAY})起", word):
        return max(day_of(said[1] or said[2], now), now), None
    return None


def end_of(day: str, now: datetime) -> datetime:
    """The midnight after `day` where `now` is; the day must not be over."""
    try:
        last = day_of(day, now) + timedelta(days=1)
    except OverflowError:
        raise Refusal("audit.rule_until", word=day) from None
    if last <= now:
        raise Refusal("audit.rule_until", word=day)
    return last


def day_of(day: str, now: datetime) -> datetime:
    """The midnight with which `day` begins where `now` is: 2026-12-31, 12月31日; without a year the nearer one."""
    if not re.fullmatch(DAY, day):
        raise Refusal("audit.rule_until", word=day)
    *year, month, at = map(int, re.findall(r"\d+", day))
    try:
        first = now.replace(
            year=year[0] if year else now.year, month=month, day=at, hour=0, minute=0, second=0, microsecond=0
        )
    except ValueError:
        raise Refusal("audit.rule_until", word=day) from None
    next_year = not year and now - first > HALF_A_YEAR and (month, at) != LEAP_DAY
    return first.replace(year=first.year + 1) if next_year else first


def named_regions(word: str) -> tuple[str, ...]:
    """The full names `word` stands for; 港澳台 stands for three."""
    if word in regions().groups:
        return regions().groups[word]
    if name := OVERSEAS if is_overseas(word) else region(word):
        return (name,)
    near = get_close_matches(word, divisions.region_names(), n=1)
    if near:
        raise Refusal("audit.region_near", region=word, near=near[0])
    raise Refusal("audit.region_unknown", region=word)
