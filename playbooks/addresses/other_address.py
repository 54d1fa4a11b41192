"""双地址: whether a message or memo sends the parcel elsewhere than the order does (REQUIREMENTS D01)."""

from __future__ import annotations

import re

from playbooks.addresses.doors import is_door, landmark_named, same_door, somewhere_named, street_named
from playbooks.addresses.findings import Finding, Span
from playbooks.addresses.houses import door_changed
from playbooks.addresses.latin import latin_address
from playbooks.addresses.neighbours import neighbour, own_district_refused
from playbooks.addresses.places import nearest, said
from playbooks.addresses.reading import LEADING, RULE, Part, Reading, destination
from playbooks.addresses.text import Text, meant

_ADDS = re.compile(r"补充[一下]*(?:说明)?[:：,， ]?")
_FORMAL = re.compile(r"[省市区县旗盟]|自治州")


def elsewhere(said_in: Reading) -> Finding | None:
    """Another place to send it to, or a "not there" to the order's own."""
    text = said_in.text
    if part := destination(said_in):
        place = said(nearest(meant(part.mention), text.case.places))
        return text.says(RULE, "HOLD", "double_place", part.span, place, place=place)
    if near := None if said_in.kept else neighbour(text):
        at, unit = near
        return text.says(RULE, "HOLD", "double_place", at, said(unit), place=said(unit))
    refused = next(
        (part.span for part in said_in.parts if part.role == "refused" and not part.elsewhere), None
    )
    if (span := refused or own_district_refused(text)) and not said_in.kept:
        return text.says(RULE, "HOLD", "double_refused", span)
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
    if said_in.change and text.has("done_before"):
        return text.says(RULE, "CHECK", "double_done", said_in.change)
    if said_in.change:
        return text.says(RULE, "HOLD", "double_unsaid", said_in.change)
    span = somewhere_named(text) or landmark_named(text)
    return text.says(RULE, "CHECK", "double_somewhere", span) if span and not said_in.kept else None


def beside(said_in: Reading) -> Finding | None:
    """A place elsewhere that nothing is said to be sent to: the invoice's, or one just named."""
    text = said_in.text
    for part in said_in.parts:
        if part.role == "invoice" and not is_door(text.plain[part.mention.end :]):
            continue
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
