"""What a seller's memo 商家备注 says: what agents noted about an order (REQUIREMENTS D01)."""

from __future__ import annotations

from playbooks.addresses.findings import Finding
from playbooks.addresses.messages import contact_in, repeats
from playbooks.addresses.other_address import beside, elsewhere, other_door
from playbooks.addresses.reading import RULE, Reading, destination
from playbooks.addresses.several import several
from playbooks.addresses.text import Text
from playbooks.addresses.wishes import sensitive_data


def of_memo(said_in: Reading) -> tuple[Finding, ...]:
    """Everything a memo says. Carriers, gifts and haste in it are instructions of the shop to itself."""
    text = said_in.text
    place = place_in(said_in)
    found = (place, contact_in(text, place), waits(text), sensitive_data(text))
    return tuple(one for one in found if one)


def place_in(said_in: Reading) -> Finding | None:
    """The change it notes. "已改" counts only if the fields now say what the memo says."""
    if said_in.kept and destination(said_in) is None:
        return None
    for rule in (several, elsewhere, other_door):
        if found := rule(said_in):
            return not_done(said_in.text, found) if said_in.text.has("done") else found
    if repeats(said_in):
        return None
    return noted_change(said_in) or beside(said_in)


def not_done(text: Text, found: Finding) -> Finding:
    """What the memo calls changed, the fields do not show."""
    if found.verdict != "HOLD":
        return found
    return found.changed(text_key="audit.double_not_done", values={"place": found.region})


def noted_change(said_in: Reading) -> Finding | None:
    """A change without a new address: done, as the memo says, to be looked at; else still to be made."""
    text = said_in.text
    if not said_in.change:
        return None
    if text.has("done"):
        return text.says(RULE, "CHECK", "double_done", said_in.change)
    return text.says(RULE, "HOLD", "double_unsaid", said_in.change)


def waits(text: Text) -> Finding | None:
    """The agent wants it kept back: 先不发 等买家回复; 电话打不通 核实地址后再发."""
    span = text.find("wait") or text.find("memo_wait") or text.find("cancel")
    return text.says("asks_to_wait", "HOLD", "memo_waits", span) if span else None
