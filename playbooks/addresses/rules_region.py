"""停发 and 偏远: whether the room's rules, by place, carrier and product, let an order go (REQUIREMENTS D01, D07)."""

from __future__ import annotations

from functools import lru_cache

from playbooks.addresses import divisions
from playbooks.addresses.case import Case
from playbooks.addresses.findings import WORST_LAST, Finding, Verdict
from playbooks.addresses.region_names import Target, target
from playbooks.addresses.regions import OVERSEAS, Kind, RegionRule, is_overseas

SEVERITY: dict[Kind, Verdict] = {"no_ship": "HOLD", "remote": "CHECK"}
Said = tuple[str, str]
"""(field, name of the place)."""


def no_ship(case: Case) -> tuple[Finding, ...]:
    """停发: the shop or its carrier does not deliver there, so the parcel would come back (D02).

    Example: 台湾省台北市 under the default rules is held; 三沙市 after `停发 三沙市`; a town after
    `停发 三河市燕郊镇`.
    """
    return of_kind(case, "no_ship")


def remote(case: Case) -> tuple[Finding, ...]:
    """偏远: delivery costs the shop more or takes longer; the buyer is never asked to pay for it (D07).

    Example: 新疆维吾尔自治区喀什地区 is to be checked before printing.
    """
    return of_kind(case, "remote")


NO_RULES = Finding(
    rule="no_rule_set", verdict="PASS", field="order", region="", text_key="audit.no_rule_set", values={}
)


def no_rule_set(case: Case) -> tuple[Finding, ...]:
    """Nobody has set a no-ship or remote rule: the region was not checked, which is no "all clear".

    Examples: a room that deleted the defaults; one whose rules are all of 圆通, where the order goes by 顺丰. A note,
    not a hold.
    """
    if not case.around.rules:
        return (NO_RULES,)
    if any(applies_to_carrier(case, rule) is not False for rule in case.around.rules):
        return ()
    carrier = case.order.carrier
    return (NO_RULES.changed(text_key="audit.no_rule_carrier", values={"carrier": carrier}),)


def of_kind(case: Case, kind: Kind) -> tuple[Finding, ...]:
    """At most one finding of a kind, the most severe of the rules that apply."""
    found = [one for rule in case.around.rules if rule.kind == kind and (one := of_rule(case, rule))]
    found.sort(key=lambda one: WORST_LAST.index(one.verdict), reverse=True)
    return tuple(found[:1])


def of_rule(case: Case, rule: RegionRule) -> Finding | None:
    """What `rule` says of the order; where carrier or link are not known yet, only that it may apply."""
    place = place_in(case, rule)
    if place is None:
        return None
    carrier, links = applies_to_carrier(case, rule), applies_to_links(case, rule)
    if carrier is False or links is False:
        return None
    unsure = "_if_carrier" if carrier is None else "_if_product" if links is None else ""
    products = ", ".join(str(number) for number in rule.link_nos)
    return Finding(
        rule=rule.kind, verdict="CHECK" if unsure else SEVERITY[rule.kind], field=place[0], region=place[1],
        text_key=f"audit.{rule.kind}{unsure}",
        values={"region": place[1], "carrier": rule.carrier, "products": products, "source": rule.source},
    )  # fmt: skip


def place_in(case: Case, rule: RegionRule) -> Said | None:
    """(field, text) of the order's fields that lies in one of the rule's regions, the widest field first."""
    if OVERSEAS in rule.regions and is_overseas(case.order.province):
        return "province", case.order.province.strip()
    if reach(rule.regions).isdisjoint(case.places.codes):  # most orders end here
        return None
    return next((said for one in rule.regions if (said := in_target(case, target(one)))), None)


@lru_cache(maxsize=500)
def reach(regions: tuple[str, ...]) -> frozenset[str]:
    """The codes of all divisions a rule names, the towns' by what they lie in."""
    return frozenset(code for one in regions for code in target(one).codes)


def in_target(case: Case, aim: Target) -> Said | None:
    if aim.codes.isdisjoint(case.places.codes):
        return None
    if aim.town and aim.town not in case.personal.town and aim.town not in case.personal.address:
        return None
    if aim.town:
        return "address", aim.name
    order = case.order
    for field, text, unit in (
        ("province", order.province, case.places.province),
        ("city", order.city, case.places.city),
        ("district", order.district, case.places.district),
    ):
        if unit and text.strip() and not aim.codes.isdisjoint(codes_above(unit)):
            return field, text.strip()
    return "address", aim.name


def codes_above(unit: divisions.Division) -> tuple[str, ...]:
    return tuple(step.code for step in divisions.above(unit))


def applies_to_carrier(case: Case, rule: RegionRule) -> bool | None:
    """None: the rule is of one carrier and the order has none yet."""
    if not rule.carrier:
        return True
    return rule.carrier.lower() in case.order.carrier.lower() if case.order.carrier else None


def applies_to_links(case: Case, rule: RegionRule) -> bool | None:
    """None: the rule is of some products and it is not known which the order holds."""
    if not rule.link_nos:
        return True
    return bool(set(rule.link_nos) & set(case.around.link_nos)) if case.around.link_nos else None
