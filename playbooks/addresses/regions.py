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
from playbooks.addresses.region_names import region
from playbooks.model import Document, Model, Moment, Refusal
from playbooks.rulebook import load

Kind = Literal["no_ship", "remote"]
OVERSEAS = "海外"


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


def is_overseas(text: str) -> bool:
    return text.strip().lower() in regions().words.overseas


def read_rule(text: str, *, rule_id: str, author: str, now: datetime) -> RegionRule:
    """A draft of what was written: kind, regions and, in any order, carrier, links and last day.

    `停发 新疆 西藏` · `偏远 内蒙古,青海 圆通` · `停发 三沙市 3号 至2026-12-31`. `now` is in the room's
    time zone, in which the last day ends. Raises Refusal audit.rule_kind, .rule_empty, .rule_until,
    .region_near, .region_which or .region_unknown.
    """
    kind, *words = [word for word in re.split(r"[\s,，、;；]+", text) if word] or [""]
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
    if end := re.fullmatch(rf"(?:{'|'.join(regions().words.until)})(\d.*)", word):
        return draft.changed(until=end_of(end[1], now))
    if carrier := next((name for name in regions().words.carriers if name.lower() in word.lower()), ""):
        return draft.changed(carrier=carrier)
    return draft.changed(regions=(*draft.regions, *named_regions(word)))


def end_of(day: str, now: datetime) -> datetime:
    """The midnight after `day` (YYYY-MM-DD) where `now` is; the day must not be over."""
    try:
        last = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=now.tzinfo) + timedelta(days=1)
    except ValueError:
        raise Refusal("audit.rule_until", word=day) from None
    if last <= now:
        raise Refusal("audit.rule_until", word=day)
    return last


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
