"""What must not be kept or shown of buyers 个人信息: found in texts people type, taken out or refused."""

from __future__ import annotations

from playbooks.addresses.phones import PHONE, without_invisible
from playbooks.model import Refusal

MASK = "…"


def without_phones(text: str) -> str:
    """`text` on one line, full-width digits made plain, with every phone number replaced by `…`."""
    return " ".join(PHONE.sub(MASK, without_invisible(text)).split())


def has_phone(text: str) -> bool:
    """Whether a phone number stands in it, however it is written."""
    return bool(PHONE.search(without_invisible(text)))


def checked_note(text: str) -> str:
    """A sentence that may be kept. What agents write about an order is kept for weeks, and where they write a
    buyer's number the name and street stand beside it: raises Refusal `common.personal_note`, nothing is kept (K08).
    """
    if has_phone(text):
        raise Refusal("common.personal_note")
    return text
