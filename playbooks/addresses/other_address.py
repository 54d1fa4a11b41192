"""双地址: whether a message or memo sends the parcel elsewhere than the order does (REQUIREMENTS D01)."""

from __future__ import annotations

import re
from typing import NamedTuple

from playbooks.addresses.doors import (
    changes,
    door_changed,
    is_door,
    landmark_named,
    same_door,
    somewhere_named,
    street_named,
)
from playbooks.addresses.findings import Finding, Span
from playbooks.addresses.latin import latin_address
from playbooks.addresses.neighbours import neighbour
from playbooks.addresses.places import Relation, nearest, said
from playbooks.addresses.roles import Role, role
from playbooks.addresses.scan import Mention
from playbooks.addresses.text import Text, meant
from playbooks.addresses.words import cue

RULE = "double_address"
LEADING: tuple[Role, ...] = ("sent", "address")
_SHARE = re.compile(r"(?:\d+|[一二两三四五])[盒件份箱瓶单个套包][^,，。;；]{0,4}?[到给寄发送]")
_HOME = re.compile(r"[寄送发](?:到|回|去)?(?:我家|家里|家(?!人|属|具|电))")
_ADDS = re.compile(r"补充[一下]*(?:说明)?[:：,， ]?")
_NOT_IT = re.compile(r"(?:不是|不在|没在|不住|不去)$")
_IS_IT = re.compile(r"(?<![不没])(?:是|在|住|到|去)$")
_FORMAL = re.compile(r"[省市区县州旗盟]")


class Part(NamedTuple):
    """A place of the text, the part it plays, and how it lies to where the order goes."""

    mention: Mention
    role: Role
    lies: Relation

    @property
    def elsewhere(self) -> bool:
        return self.lies == "other"

    @property
    def span(self) -> Span:
        return self.mention.start, self.mention.end


class Reading(NamedTuple):
    """The text with its parts; `change` where an address change is asked for, `kept` whether the old one stays."""

    text: Text
    parts: tuple[Part, ...]
    change: Span | None
    kept: bool


def reading(text: Text) -> Reading:
    parts = tuple(Part(mention, role(text, mention), lies) for mention, lies in text.mentions)
    kept = text.has("keep") and not text.has("not_kept")
    return Reading(text, parts, changes(text), kept)


def destination(said_in: Reading) -> Part | None:
    """The first place elsewhere that the parcel is to go to: a verb leads to it, a street follows it, it is named
    where a change is asked for, or it is set against the order's own (不是沈阳,是大连; 我在丹东,不在沈阳了)."""
    if contrasted := _instead(said_in):
        return contrasted
    leading: tuple[Role, ...] = (*LEADING, "named") if said_in.change else LEADING
    return next((part for part in said_in.parts if part.elsewhere and part.role in leading), None)


def _instead(said_in: Reading) -> Part | None:
    """The place that is meant where the order's own is said not to be it."""
    text = said_in.text
    denied = any(
        not part.elsewhere and _NOT_IT.search(text.left(part.mention.start)) for part in said_in.parts
    )
    if not denied:
        return None
    meant_to = (part for part in said_in.parts if part.elsewhere and part.mention.units)
    return next((part for part in meant_to if _IS_IT.search(text.left(part.mention.start))), None)


def several(said_in: Reading) -> Finding | None:
    """One order to more than one place: no label can say it (分别寄三个地址; 地址①… 地址②…; 白天送公司,晚上送家里)."""
    text = said_in.text
    shares = _SHARE.findall(text.plain)
    if len(shares) > 1 and (any(part.elsewhere for part in said_in.parts) or somewhere_named(text)):
        return text.says(RULE, "HOLD", "double_split", None)
    if (span := text.find("split")) and not text.has("same"):
        return text.says(RULE, "HOLD", "double_split", span)
    if (both := text.find("both")) and not cue("one_house").search(text.plain[slice(*text.clause(both[0]))]):
        return text.says(RULE, "HOLD", "double_choice", both)
    led = [
        part for part in said_in.parts if part.role not in ("gift", "invoice", "origin", "refused", "being")
    ]
    if (away := somewhere_named(text)) and _HOME.search(text.plain):
        return text.says(RULE, "HOLD", "double_choice", away)
    choice = text.find("either")
    if choice and (len(led) > 1 or any(part.elsewhere for part in led) or somewhere_named(text)):
        return text.says(RULE, "HOLD", "double_choice", choice)
    return None


def elsewhere(said_in: Reading) -> Finding | None:
    """Another place to send it to, or a "not there" to the order's own."""
    text = said_in.text
    if part := destination(said_in):
        place = said(nearest(meant(part.mention), text.case.places))
        return text.says(RULE, "HOLD", "double_place", part.span, place, place=place)
    if near := None if said_in.kept else neighbour(text):
        span, unit = near
        return text.says(RULE, "HOLD", "double_place", span, said(unit), place=said(unit))
    refused = next((part for part in said_in.parts if part.role == "refused" and not part.elsewhere), None)
    if refused and not said_in.kept:
        return text.says(RULE, "HOLD", "double_refused", refused.span)
    if part := next((one for one in said_in.parts if one.lies == "unknown" and one.role in LEADING), None):
        place = said(nearest(meant(part.mention), text.case.places))
        return text.says(RULE, "CHECK", "double_unknown", part.span, place, place=place)
    return None


def other_door(said_in: Reading) -> Finding | None:
    """The same place with another street, house or flat; or a spelling in Latin letters that is not the order's."""
    text = said_in.text
    if span := completed(text):
        return text.says(RULE, "CHECK", "double_completed", span)
    if span := door_changed(text):
        return text.says(RULE, "HOLD", "double_door", span)
    if span := written_door(said_in):
        return (
            None
            if same_door(text, text.plain[slice(*span)])
            else text.says(RULE, "HOLD", "double_door", span)
        )
    if span := latin_address(text):
        return text.says(RULE, "HOLD", "double_door", span)
    return None


def completed(text: Text) -> Span | None:
    """Where something is added to the address; what else is added (补充:要红色) is none of it."""
    found = _ADDS.search(text.plain)
    if found and is_door(text.plain[found.end() :]):
        return found.span()
    return text.find("completes")


def written_door(said_in: Reading) -> Span | None:
    """The street or house a text names: after one of the order's own places, or after a verb of sending."""
    text = said_in.text
    for part in said_in.parts:
        after = text.plain[part.mention.end :]
        if not part.elsewhere and part.role not in ("gift", "invoice", "origin") and is_door(after):
            return part.mention.end, len(text.plain)
    return None if text.has("invoice") else street_named(text)


def asked_for(said_in: Reading) -> Finding | None:
    """A change without saying to where: it stands in a chat, in another order, in somebody's head."""
    text = said_in.text
    if said_in.change:
        return text.says(RULE, "HOLD", "double_unsaid", said_in.change)
    span = somewhere_named(text) or landmark_named(text)
    return text.says(RULE, "CHECK", "double_somewhere", span) if span and not said_in.kept else None


def beside(said_in: Reading) -> Finding | None:
    """A place elsewhere that nothing is said to be sent to: the invoice's, or one just named."""
    text = said_in.text
    for part in said_in.parts:
        if part.elsewhere and is_formal(text, part) and part.role in ("invoice", "named"):
            key = "double_invoice" if part.role == "invoice" else "double_named"
            place = said(nearest(meant(part.mention), text.case.places))
            return text.says(RULE, "CHECK", key, part.span, place, place=place)
    return None


def is_formal(text: Text, part: Part) -> bool:
    """Whether a place is named as in an address (市, 区, three levels), not as goods are (云南普洱); or alone."""
    said_as, rest = (
        text.plain[slice(*part.span)],
        text.left(part.mention.start) + text.right(part.mention.end),
    )
    if not part.mention.evidence:
        return False
    return len(part.mention.units) > 2 or bool(_FORMAL.search(said_as)) or len(rest.strip()) < 3
