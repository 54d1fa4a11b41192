"""The closing audit 审单: which paid orders cannot or should not ship as they stand (REQUIREMENTS D01).

A rule is a function from an order to its findings, its id the function's name. RULES lists them;
each docstring gives reason and example.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Literal

from playbooks.addresses import divisions
from playbooks.addresses.divisions import Division
from playbooks.addresses.regions import OVERSEAS, Kind, RegionRule, is_overseas
from playbooks.model import Model
from playbooks.orders import Order

Verdict = Literal["PASS", "CHECK", "HOLD"]
WORST_LAST: tuple[Verdict, ...] = ("PASS", "CHECK", "HOLD")


class Finding(Model):
    """What one rule says of one order: `region` is the text that triggered it and `field` where it stood.

    `text_key` with `values` says the reason and what may be done; nothing personal is in it.
    """

    rule: str
    verdict: Verdict
    field: str
    region: str
    text_key: str
    values: dict[str, str]


class Case(Model):
    """One order with the divisions its fields name and the link numbers known of it (empty: unknown)."""

    order: Order
    link_nos: tuple[int, ...]
    province: Division | None
    city: Division | None
    district: Division | None


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The worst of the findings; PASS without any."""
    return max((found.verdict for found in findings), key=WORST_LAST.index, default="PASS")


def audit(order: Order, rules: Sequence[RegionRule], link_nos: Collection[int] = ()) -> tuple[Finding, ...]:
    """Everything found about `order` under the region `rules` in force; `link_nos` are those of its lines."""
    case = resolve(order, tuple(link_nos))
    return tuple(found for rule in RULES for found in rule(case, rules))


def resolve(order: Order, link_nos: tuple[int, ...]) -> Case:
    province = divisions.province(order.province)
    city = divisions.city(order.city, province)
    area = city or province
    district = divisions.district(order.district, area) if area else None
    return Case.model_construct(
        order=order, link_nos=link_nos, province=province, city=city, district=district
    )


def no_ship(case: Case, rules: Sequence[RegionRule]) -> tuple[Finding, ...]:
    """停发: the shop or its carrier does not deliver there, so the parcel would come back (D02).

    Example: 台湾省台北市 under the default rules is held; 三沙市 after `停发 三沙市`.
    """
    return region_findings(case, rules, "no_ship")


def remote(case: Case, rules: Sequence[RegionRule]) -> tuple[Finding, ...]:
    """偏远: delivery costs the shop more or takes longer; the buyer is never asked to pay for it (D07).

    Example: 新疆维吾尔自治区喀什地区 is to be checked before printing.
    """
    return region_findings(case, rules, "remote")


def field_contradiction(case: Case, rules: Sequence[RegionRule]) -> tuple[Finding, ...]:
    """The fields name places that do not lie in each other: nobody can tell where the parcel should go.

    Example: 河北省 / 天津市; 广州市 / 朝阳区. Only where the inner name is known and lies elsewhere alone:
    unknown names, loose ones (城区) and cities without districts (东莞市) are no contradiction.
    """
    order, outer = case.order, case.province
    if outer and not case.city and strays(order.city, outer, short=True):
        return (contradicting("city", outer.name, order.city),)
    area = case.city or outer
    if area and not case.district and strays(order.district, area, short=False):
        return (contradicting("district", area.name, order.district),)
    return ()


Rule = Callable[[Case, Sequence[RegionRule]], tuple[Finding, ...]]
RULES: tuple[Rule, ...] = (no_ship, remote, field_contradiction)
SEVERITY: dict[Kind, Verdict] = {"no_ship": "HOLD", "remote": "CHECK"}


def strays(text: str, outer: Division, *, short: bool) -> bool:
    """Whether `text`, not found inside `outer`, is the name of a place elsewhere.

    Short names count for cities only: 朝阳 alone in a district column may well be a street.
    """
    if divisions.stands_in(text) or divisions.generic(text) or not divisions.has_parts(outer):
        return False
    if divisions.called(text):
        return True
    return short and any(unit.level < 3 for unit in divisions.also_called(text))


def contradicting(field: str, outer: str, inner: str) -> Finding:
    inner = inner.strip()
    return Finding(
        rule="field_contradiction", verdict="HOLD", field=field, region=f"{outer} / {inner}",
        text_key="audit.field_contradiction", values={"outer": outer, "inner": inner},
    )  # fmt: skip


def region_findings(case: Case, rules: Sequence[RegionRule], kind: Kind) -> tuple[Finding, ...]:
    """At most one finding of a kind, the most severe of the rules that apply."""
    found = [one for rule in rules if rule.kind == kind and (one := region_finding(case, rule))]
    found.sort(key=lambda one: WORST_LAST.index(one.verdict), reverse=True)
    return tuple(found[:1])


def region_finding(case: Case, rule: RegionRule) -> Finding | None:
    """What `rule` says of the order; where carrier or link are not known yet, only that it may apply."""
    place = place_in(case, rule)
    carrier, links = applies_to_carrier(case, rule), applies_to_links(case, rule)
    if place is None or carrier is False or links is False:
        return None
    unsure = "_if_carrier" if carrier is None else "_if_product" if links is None else ""
    products = ", ".join(str(number) for number in rule.link_nos)
    return Finding(
        rule=rule.kind,
        verdict="CHECK" if unsure else SEVERITY[rule.kind],
        field=place[0],
        region=place[1],
        text_key=f"audit.{rule.kind}{unsure}",
        values={"region": place[1], "carrier": rule.carrier, "products": products, "source": rule.source},
    )


def place_in(case: Case, rule: RegionRule) -> tuple[str, str] | None:
    """(field, text) of the order's fields that lies in one of the rule's regions, the widest field first."""
    order = case.order
    if OVERSEAS in rule.regions and is_overseas(order.province):
        return "province", order.province.strip()
    texts = (("province", order.province), ("city", order.city), ("district", order.district))
    for (field, text), unit in zip(texts, (case.province, case.city, case.district), strict=True):
        if unit and text.strip() and any(step.name in rule.regions for step in divisions.above(unit)):
            return field, text.strip()
    return None


def applies_to_carrier(case: Case, rule: RegionRule) -> bool | None:
    """None: the rule is of one carrier and the order has none yet."""
    if not rule.carrier:
        return True
    return rule.carrier.lower() in case.order.carrier.lower() if case.order.carrier else None


def applies_to_links(case: Case, rule: RegionRule) -> bool | None:
    """None: the rule is of some products and it is not known which the order holds."""
    if not rule.link_nos:
        return True
    return bool(set(rule.link_nos) & set(case.link_nos)) if case.link_nos else None
