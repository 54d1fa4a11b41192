"""Whether the row can be delivered at all: an address with something in it, a phone that rings (REQUIREMENTS D01)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from playbooks.addresses.case import Case
from playbooks.addresses.findings import Finding, Span
from playbooks.addresses.words import either, words, written

_MASK = re.compile(r"[*＊]|^[#$~]")
_NOTHING = re.compile(r"[\W\d_]*")
_EXTENSION = re.compile(r"[-转,， #*]+\s*(?:分机)?(\d{1,6})$")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}|400\d{7}|\d{7,8}")
_ABROAD = re.compile(r"(?:00)?(?:852|853|886)\d{8,9}|09\d{8}|[5-9]\d{7}|\+\d{8,15}")
DISTRICT = 3
_FINDABLE = re.compile(r"[路街道巷弄村镇乡屯组栋幢楼号室区园苑城院厂店校站里坊桥湾庄\d]")
TOWN_ONLY = re.compile(r"[\u4e00-\u9fff]{1,6}(?:街道|镇|乡|苏木)")


def incomplete(case: Case) -> tuple[Finding, ...]:
    """Nothing to deliver to: no address, only the region once more, or an instruction in its place.

    Examples: 开福区 for 长沙市 开福区; 到了打电话; 见备注; 123. A town alone is to be checked. A village and a group
    are an address: neither 路 nor 号 is asked for. Masked and ciphered texts are unknown, and an empty one is
    missing only where the file shows addresses at all.
    """
    text = case.personal.address
    if _MASK.search(text) or not (text.strip() or missing(case, "address", case.personal.phone)):
        return ()
    lacks = lacking(case, text, after_region(case, text))
    if not lacks:
        return ()
    return (case.says("incomplete", "CHECK" if lacks == "only_town" else "HOLD", "address", key=lacks),)


def missing(case: Case, field: str, other: str) -> bool:
    """Whether an empty field says that there is none: the file shows such fields, and the `other` and the name of this
    row stand there. What the platform ciphered or masked, all of a row mostly, comes empty as well."""
    return field in case.around.shown and bool(other.strip() and case.personal.receiver_name.strip())


def lacking(case: Case, text: str, rest: str) -> str:
    """Text key of what an address lacks, '' nothing; `rest` is what follows the region."""
    if not text.strip() or written("instructions").fullmatch(rest) or only_spoken(rest):
        return "no_address"
    towns = any(unit.level > DISTRICT for mention in case.mentions for unit in mention.units)
    if TOWN_ONLY.fullmatch(rest) or (rest == case.personal.town.strip() and rest) or (towns and not rest):
        return "only_town"
    return "incomplete" if _NOTHING.fullmatch(rest) else ""


def only_spoken(rest: str) -> bool:
    """Whether it only asks to be spoken to, with nothing a courier could find: 加我微信说."""
    return spoken().search(rest) is not None and not _FINDABLE.search(rest)


@cache
def spoken() -> re.Pattern[str]:
    return re.compile(either(words().speech.speaks))


def after_region(case: Case, text: str) -> str:
    """The text without the places it begins with (up to the district), blanks and punctuation at its ends."""
    at = 0
    for mention in case.mentions:
        if text[at : mention.start].strip(" ,，、-"):
            break
        at = mention.end
        if any(unit.level > DISTRICT for unit in mention.units):
            break
    rest = text[at:] if at else text
    for name in (case.order.district, case.order.city, case.order.province):
        rest = rest.removeprefix(name) if name and rest.startswith(name) else rest
    return rest.strip(" \t\n,，.。、;；:：!！-_")


def bad_phone(case: Case) -> tuple[Finding, ...]:
    """The number cannot ring: a digit too many or too few, no prefix there is, none at all.

    Examples: 12345678910, 1380000023, 00000000000. Landlines, numbers of Hong Kong, Macau and Taiwan and virtual ones
    (18400913965-7576) are good; masked and ciphered ones are unknown; an empty one is missing only where the file
    shows phones at all. Prefixes of virtual operators (170, 171 …) ring: to some shops a hint of fraud, a CHECK.
    """
    said = case.personal.phone
    if _MASK.search(said):
        return ()
    if not said.strip():
        none = missing(case, "phone", case.personal.address) and not case.order.phone_tail
        return (case.says("bad_phone", "HOLD", "phone", key="no_phone"),) if none else ()
    number = said if said.isdecimal() and said.isascii() else digits(said)
    if _MOBILE.fullmatch(number):
        virtual = number[:3] in prefixes() and not _EXTENSION.search(said.strip())
        return (case.says("bad_phone", "CHECK", "phone", key="operator_phone"),) if virtual else ()
    if _LANDLINE.fullmatch(number) and set(number) != {"0"}:
        return ()
    return () if _ABROAD.fullmatch(number) else (case.says("bad_phone", "HOLD", "phone"),)


def digits(phone: str) -> str:
    """The number without extension, country code, blanks and dashes."""
    plain = unicodedata.normalize("NFKC", phone).strip()
    first = _EXTENSION.sub("", plain) if len(re.findall(r"\d", plain)) > 12 else plain
    number = re.sub(r"[^\d+]", "", first)
    return re.sub(r"^(?:\+?86|0086)(?=1\d{10}$|0\d{9,11}$)", "", number)


@cache
def prefixes() -> frozenset[str]:
    return frozenset(words().address.virtual_prefixes)


def virtual_expired(case: Case) -> tuple[Finding, ...]:
    """The platform's virtual number is past its day: the courier reaches nobody, the label needs a fresh one.

    Example: 虚拟号过期时间 2026-11-20, printed on 2026-11-21. Without a day in the file nothing is known.
    """
    until, now = case.order.phone_until, case.around.now
    if until is None or now is None or now < until:
        return ()
    return (case.says("virtual_expired", "CHECK", "phone", day=f"{until:%Y-%m-%d}"),)


def masked(case: Case) -> tuple[Finding, ...]:
    """A masked or ciphered phone or address is unknown, neither right nor wrong. A note, so that nobody reads PASS
    as "looked at and good".

    Examples: 139****0011, 中山东路****, ##4f9a….
    """
    for field, text in (("address", case.personal.address), ("phone", case.personal.phone)):
        if field in case.order.hidden or _MASK.search(text):
            return (case.says("masked", "PASS", field),)
    return ()


def test_order(case: Case) -> tuple[Finding, ...]:
    """Somebody tried the shop: 测试 as name or at the head of the address. It must not be packed.

    Examples: 测试 / 测试地址123; test. Not 测试中心 or 检测站 within an address, which are places to deliver to.
    """
    for field, text in (("receiver_name", case.personal.receiver_name), ("address", case.personal.address)):
        if span := tests_in(text, whole=field == "address"):
            return (case.says("test_order", "HOLD", field, span=span),)
    return ()


def tests_in(text: str, *, whole: bool) -> Span | None:
    """A word for a try at the head of `text`; of an address only where it is no name of a house."""
    at = len(text) - len(text.lstrip())
    found = written("tests").match(text.lower(), at)
    if found is None:
        return None
    rest = text[found.end() :]
    if whole and not re.match(r"[\W\d]|$|地址|订单|测试|数据|addr|test", rest.lower()):
        return None
    return found.span()
