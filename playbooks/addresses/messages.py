"""What a buyer's message 买家留言 says about where and how to send the order (REQUIREMENTS D01)."""

from __future__ import annotations

from playbooks.addresses.findings import Finding
from playbooks.addresses.other_address import asked_for, beside, elsewhere, other_door, written_door
from playbooks.addresses.other_contact import other_phone, other_receiver
from playbooks.addresses.reading import Reading, destination
from playbooks.addresses.several import several
from playbooks.addresses.text import Text
from playbooks.addresses.wishes import asks_to_wait, buyer_wish, remote_question, sensitive_data


def of_message(said_in: Reading) -> tuple[Finding, ...]:
    """Everything a message says; of the places in it the first reading that applies."""
    text = said_in.text
    place = place_in(said_in)
    found = (place, contact_in(text, place), asks_to_wait(text), *asides(said_in))
    return tuple(one for one in found if one)


def place_in(said_in: Reading) -> Finding | None:
    """Where to send it, if not to the order's address. Keeping that one silences all but a named place elsewhere."""
    if said_in.kept and destination(said_in) is None:
        return None
    for rule in (several, elsewhere, other_door):
        if found := rule(said_in):
            return found
    if repeats(said_in):
        return None
    return asked_for(said_in) or beside(said_in)


def repeats(said_in: Reading) -> bool:
    """Whether the address it names, down to the street, is the order's: the change is in effect already."""
    return written_door(said_in) is not None


def contact_in(text: Text, place: Finding | None) -> Finding | None:
    """A new address mostly has its own receiver and phone: then they are part of it."""
    if place and place.verdict == "HOLD":
        return None
    return other_receiver(text) or other_phone(text)


def asides(said_in: Reading) -> tuple[Finding | None, ...]:
    text = said_in.text
    return remote_question(text), buyer_wish(said_in), sensitive_data(text)
