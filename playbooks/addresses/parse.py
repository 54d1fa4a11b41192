"""A pasted address 地址识别: one text -> province, city, district, town, the rest, the receiver's name and phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from playbooks.addresses import divisions, guards, pasted
from playbooks.addresses.divisions import Division
from playbooks.addresses.pasted import Label
from playbooks.addresses.phones import MOBILE_DIGITS, Phone, phones, without_invisible
from playbooks.addresses.scan import Mention, scan

DISTRICT = 3


class Parsed(NamedTuple):
    """What a pasted address says, "" where it says nothing.

    Divisions by their names of today; a municipality and a county under its province are their own city. `phone`
    with the extension of a virtual number behind a dash.
    """

    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    detail: str = ""
    name: str = ""
    phone: str = ""


def parse(text: str) -> Parsed:
    """The parts of a pasted address. Any text is allowed."""
    plain = without_invisible(text).strip()
    marks = pasted.labels(plain)
    phone = _phone(plain)
    place = _place(plain, marks)
    named = _places(place)
    before, after = _around(plain, marks, phone, place)
    name, rest = _name_and_rest(before, after, _labelled_name(plain, marks, phone))
    district, rest = _zone(named, rest)
    town, detail = _town(named.town, rest, bool(place))
    said = f"{phone.number}-{phone.extension}" if phone and phone.extension else phone.number if phone else ""
    return named._replace(district=district, town=town, detail=detail, name=name, phone=said)


# -- the phone and the place -----------------------------------------------------------------------------

_GLUED = re.compile(r"(?<!\d)\d{0,3}(1[3-9]\d{9})(?!\d)")
"""A number written on to letters or a room number (b15…, 8-0115…), looked for only where no other is found."""
_BEYOND = re.compile(
    r"(?<!\d)\(?\+?(?:00)?(852|853|886)\)?[- ]?(\d{4}[- ]?\d{4,5}|9\d{2}[- ]?\d{3}[- ]?\d{3})(?!\d)"
    r"|(?<!\d)(09\d{2}[- ]?\d{3}[- ]?\d{3})(?!\d)"
)
"""Numbers of Hong Kong, Macau and Taiwan, looked for only where no other is found: (852)61234567, 0912-345-678."""


def _phone(text: str) -> Phone | None:
    found = phones(text)
    if found:
        mobiles = [phone for phone in found if len(phone.number) == MOBILE_DIGITS]
        return (mobiles or list(found))[0]
    if beyond := _BEYOND.search(text):
        digits = "-".join(re.sub(r"\D", "", part) for part in beyond.groups() if part)
        return Phone(digits, "", beyond.start(), beyond.end(), masked=False)
    glued = _GLUED.search(text)
    return Phone(glued[1], "", glued.start(1), glued.end(1), masked=False) if glued else None


def _place(text: str, marks: list[Label]) -> Mention | None:
    """The place the address begins with: rather a certain one, the longest chain, one behind a label, the first."""
    announced = {mark.end for mark in marks if mark.kind in ("regions", "details")}
    found = [mention for mention in scan(text) if mention.evidence or _plausible(text, mention)]
    return max(
        found,
        key=lambda one: (one.evidence, one.start in announced, len(one.sure), len(one.units), -one.start),
        default=None,
    )


def _plausible(text: str, mention: Mention) -> bool:
    """A name that is not certain: a full one that is no loose word (老城区), a bare one not in the middle of a word."""
    if guards.edge_before(text, mention.start) or mention.said != text[mention.start : mention.end]:
        return not divisions.generic(mention.said)
    ending = mention.said.endswith(("省", "市", "区", "县", "旗", "州", "盟"))
    return ending and not divisions.generic(mention.said)


def _places(place: Mention | None) -> Parsed:
    """The names of a mention's units; a district that several cities have is named without them."""
    if place is None:
        return Parsed()
    by_level = {unit.level: unit for unit in place.units}
    province, city, district = by_level.get(1), by_level.get(2), by_level.get(3)
    if district is None and place.candidates and (shared := _same_name(place)):
        return Parsed(_said(province), _city(province, city, None), shared)
    return Parsed(_said(province), _city(province, city, district), _said(district), _said(by_level.get(4)))


def _said(unit: Division | None) -> str:
    return unit.name if unit else ""


def _city(province: Division | None, city: Division | None, district: Division | None) -> str:
    """A municipality is its own city, so is a county that answers to its province (济源市)."""
    if city is None and province and divisions.municipal(province):
        return province.name
    if city is None and district and divisions.answers_to_province(district):
        return district.name
    return _said(city)


def _same_name(place: Mention) -> str:
    """The name that several districts may be meant by: 鼓楼区, or a former one that was divided (江干区)."""
    return place.said if all(unit.level == DISTRICT for unit in place.candidates) else ""


# -- the pieces around -----------------------------------------------------------------------------------

_SPLIT = re.compile(r"(?:[\s;；。、|:：]|(?<!\d)[,，]|[,，](?!\d))+")
_MARK = "\x00"
"""Stands where the phone was, so that a piece is known to be beside it."""


def _around(
    text: str, marks: list[Label], phone: Phone | None, place: Mention | None
) -> tuple[list[str], list[str]]:
    """The pieces before and behind the place; the phone is a piece of its own, labels only part pieces."""
    cuts = [(mark.start, mark.end, " ") for mark in marks]
    if phone:
        cuts.append((phone.start, phone.end, f" {_MARK} "))
    start, end = (place.start, place.end) if place else (0, 0)
    before = _without(text[:start], [cut for cut in cuts if cut[1] <= start], 0)
    after = _without(text[end:], [cut for cut in cuts if cut[0] >= end], end)
    if place is None:
        pieces = _pieces(after)
        return [piece for piece in pieces if pasted.is_name(piece)], [
            p for p in pieces if not pasted.is_name(p)
        ]
    return _pieces(before), _pieces(after)


def _without(text: str, cuts: list[tuple[int, int, str]], offset: int) -> str:
    for start, end, instead in sorted(cuts, reverse=True):
        text = text[: start - offset] + instead + text[end - offset :]
    return text


_PARTED = re.compile(r"(?<![^\s,，\x00])([\u4e00-\u9fff]) +([\u4e00-\u9fff])(?![^\s,，\x00])")
"""A name of two characters with a blank between, as short names are set: 刘 洋."""


def _pieces(text: str) -> list[str]:
    whole = _PARTED.sub(lambda two: two[1] + two[2] if pasted.is_name(two[1] + two[2]) else two[0], text)
    return [piece for piece in _SPLIT.split(whole) if piece.strip("-—~()（）")]


def _labelled_name(text: str, marks: list[Label], phone: Phone | None) -> str:
    """What stands behind 收货人, up to the next label, sign or number."""
    for place, mark in enumerate(marks):
        if mark.kind == "names":
            end = marks[place + 1].start if place + 1 < len(marks) else len(text)
            if phone and mark.end <= phone.start < end:
                end = phone.start
            pieces = _pieces(text[mark.end : end])
            if pieces and pasted.may_be_name(pieces[0]):
                return pieces[0]
    return ""


def _name_and_rest(before: list[str], after: list[str], labelled: str) -> tuple[str, list[str]]:
    """The receiver's name and the pieces that are left for the address."""
    rest = [piece for piece in after if piece != _MARK]
    if labelled:
        return labelled, [piece for piece in rest if piece != labelled]
    own = [piece for piece in before if piece != _MARK and pasted.beside_phone(piece)]
    if own:
        return next(filter(pasted.is_name, own), own[0]), rest
    name = next(_names_behind(after), "")
    if name:
        at = len(rest) - 1 - rest[::-1].index(name)
        return name, rest[:at] + rest[at + 1 :]
    return _written_on(after, rest)


def _names_behind(after: list[str]) -> Iterator[str]:
    """The pieces behind the place that may be a name, the likeliest first: beside the phone, or the last."""
    where = after.index(_MARK) if _MARK in after else len(after)
    if after[where + 1 :]:
        yield from (piece for piece in after[where + 1 : where + 2] if pasted.beside_phone(piece))
    if where >= 2:
        yield from (piece for piece in after[where - 1 : where] if pasted.may_be_name(piece))
    yield from (piece for piece in after[1:][::-1] if piece != _MARK and pasted.is_name(piece))


def _written_on(after: list[str], rest: list[str]) -> tuple[str, list[str]]:
    """A name without a blank before it, at the end of the piece before the phone or of the last."""
    if not rest:
        return "", rest
    last = len(rest) - 1
    if _MARK in after:
        last = max(0, after.index(_MARK) - 1)
    cut = pasted.name_written_on(rest[last])
    name = rest[last][cut:]
    return name, [*rest[:last], rest[last][:cut], *rest[last + 1 :]] if name else rest


# -- what is left ----------------------------------------------------------------------------------------

_BETWEEN_NUMBERS = re.compile(r"(?<=[0-9A-Za-z])\n(?=[0-9A-Za-z])")


def _zone(named: Parsed, rest: list[str]) -> tuple[str, list[str]]:
    """A development zone in a district's place, where the city is known and the district is not."""
    if named.district or not named.city or not rest:
        return named.district, rest
    zone = pasted.zone_at(rest[0], 0)
    return zone, [rest[0].removeprefix(zone), *rest[1:]]


def _town(known: str, rest: list[str], placed: bool) -> tuple[str, str]:
    """(town, detail): a town that the table does not know, by the shape of its name."""
    detail = _BETWEEN_NUMBERS.sub(" ", "\n".join(rest)).replace("\n", "").strip("-—~ ")
    if known or not placed:
        return known, detail
    town = pasted.town_at(detail, 0)
    behind = detail.removeprefix(town)
    return (town, behind) if town and not guards.road().match(behind) else ("", detail)
