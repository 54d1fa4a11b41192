"""Whether the address agrees with itself: fields with each other, and with the text beside them (REQUIREMENTS D01)."""

from __future__ import annotations

import re
from functools import cache

from playbooks.addresses import divisions, guards
from playbooks.addresses.case import Case
from playbooks.addresses.divisions import Division
from playbooks.addresses.findings import Finding
from playbooks.addresses.places import nearest, relation, said
from playbooks.addresses.regions import is_overseas
from playbooks.addresses.scan import Mention
from playbooks.addresses.words import written

LEVEL_DISTRICT = 3
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ROAD = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:路|街(?!道)|大道)\s*(?:\d|$)")
_BODY = re.compile(r"人|(?:市|省|县)?(?:人民)?(?:政府)?驻|商会|同乡会|会馆")
"""After a place's name: people and bodies from there, wherever they are."""


def field_contradiction(case: Case) -> tuple[Finding, ...]:
    """The fields name places that do not lie in each other: nobody can tell where the parcel should go.

    Example: 河北省 / 天津市; 广州市 / 朝阳区. Only where the inner name is known and lies elsewhere alone:
    unknown names, loose ones (城区), former and moved ones and cities without districts are no contradiction.
    """
    order, outer = case.order, case.places.province
    if outer and not case.places.city and strays(order.city, outer, short=True):
        return (contradicting("city", outer.name, order.city),)
    area = case.places.city or outer
    if area and not case.places.district and strays(order.district, area, short=False):
        return (contradicting("district", area.name, order.district),)
    return ()


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


def unknown_division(case: Case) -> tuple[Finding, ...]:
    """The province, or the city within it, is in no table: a slip of the pen, or no place in China.

    Example: 浙将省; 浙江省 / 杭洲市. Districts are not asked: 高新区, 经开区 and 城区 are in daily use without
    being divisions. Masked and empty fields and places abroad say nothing.
    """
    order, found = case.order, case.places
    if order.province and not found.province and is_name(order.province) and not found.city:
        return (case.says("unknown_division", "CHECK", "province", region=""),)
    asked = found.province and not found.city and divisions.has_parts(found.province) and is_name(order.city)
    if (
        asked
        and found.province
        and not (divisions.stands_in(order.city) or divisions.also_called(order.city))
    ):
        return (case.says("unknown_division", "CHECK", "city", region=found.province.name),)
    return ()


def is_name(text: str) -> bool:
    return bool(_CHINESE.match(text)) and "*" not in text and not is_overseas(text)


def outdated_division(case: Case) -> tuple[Finding, ...]:
    """A name of the past is the same place under another name: the parcel arrives. A note, not a hold.

    Example: 莱芜市 (济南市 since 2019), 杭州市 下城区 (拱墅区 since 2021), 公主岭市 in 四平市.
    """
    return tuple(
        case.says(
            "outdated_division",
            "PASS",
            field,
            was=str(getattr(case.order, field)),
            now=said(case.places.here[0]),
        )
        for field in case.places.outdated
    )


def other_place(case: Case) -> tuple[Finding, ...]:
    """The address text names another place than the fields: one of the two is wrong, and only the buyer knows.

    Examples: 深圳市南山区 / 湖南省长沙市岳麓区麓谷街道…; 苏州市吴中区 / 昆山市玉山镇….
    Not: 上海路111号, 香港中路, 西藏饭店 (of roads and houses); 江苏徐州人在义乌, 重庆市驻广州办事处 (of who is there).
    A parcel to be sent on to 香港 or 澳门 is held too; a consolidation hub of the platform (集运仓) sends on by
    design: a CHECK.
    """
    text = case.personal.address
    if hub := hub_in(text):
        return (case.says("other_place", "CHECK", "address", span=hub, key="consolidation"),)
    for mention in case.mentions:
        sibling = other_district(case, mention, text)
        if sibling or (mention.evidence and stands_elsewhere(case, mention, text)):
            place = said(sibling or nearest(accused(mention), case.places))
            span = (mention.start, mention.end)
            return (case.says("other_place", "HOLD", "address", span=span, region=place, place=place),)
    if sent_on := beyond_in(text):
        return (case.says("other_place", "HOLD", "address", span=sent_on, key="sent_on"),)
    return ()


def accused(mention: Mention) -> tuple[Division, ...]:
    """What a mention certainly says: its sure part, else each place it may mean."""
    return mention.sure[-1:] or mention.candidates or mention.units[-1:]


def stands_elsewhere(case: Case, mention: Mention, text: str) -> bool:
    if _BODY.match(text, mention.end):
        return False
    return relation((*accused(mention), *mention.candidates), case.places) == "other"


def other_district(case: Case, mention: Mention, text: str) -> Division | None:
    """The district of the order's own city that the text begins with, where the field names another: 西湖区 / 余杭区…;
    or that stands apart before a road: 江北区 / 五里店街道 渝北区红锦大道.

    Elsewhere a lone 新华区 accuses nobody, for many a city has one; here the city is known.
    """
    name, city = text[mention.start : mention.end], case.places.city
    if mention.sure or city is None or case.places.district is None or not leads(text, mention):
        return None
    if not name.endswith(("区", "县", "市", "旗")) or divisions.generic(name):
        return None
    options = mention.candidates or mention.units[-1:]
    inside = [unit for unit in options if unit.level == LEVEL_DISTRICT and divisions.lies_in(unit, city)]
    return inside[0] if inside and relation(inside, case.places) == "other" else None


def leads(text: str, mention: Mention) -> bool:
    """Whether it begins the text, or begins an address of its own within it."""
    if not text[: mention.start].strip():
        return True
    return guards.edge_before(text, mention.start) and _ROAD.match(text, mention.end) is not None


def hub_in(text: str) -> tuple[int, int] | None:
    found = written("consolidation").search(text)
    return found.span() if found else None


def beyond_in(text: str) -> tuple[int, int] | None:
    """A note that the parcel is carried on across the customs border: 转澳门氹仔…."""
    found = onward().search(text)
    return found.span() if found else None


@cache
def onward() -> re.Pattern[str]:
    return re.compile(rf"转[至到运寄送]?\s*(?:{written('beyond').pattern})")
