"""A buyer's fields 买家信息: which of them are known, for how long they are needed, and who may look.

Nothing is told of a value that is ciphered or masked: it is unknown, neither wrong nor kept (REQUIREMENTS K08).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

from playbooks.aftercare import DEALT_WITH, Hold
from playbooks.chase import Chase
from playbooks.followup import FollowUp
from playbooks.model import Refusal
from playbooks.orders import Personal
from playbooks.room import MANAGERS, Member

Field = Literal["receiver_name", "phone", "town", "address", "buyer_message", "seller_memo"]
FIELDS: tuple[Field, ...] = (
    "receiver_name", "phone", "town", "address", "buyer_message", "seller_memo",
)  # fmt: skip
"""What is kept of a buyer while there is work, in the order in which it is shown."""
WRITTEN: frozenset[Field] = frozenset(["buyer_message", "seller_memo"])
"""Sentences people wrote: a star or a sign in them is only that."""

# What platforms put in the place of a value: ##… $$… #… $… ~… (facts/order_formats.yaml, cipher), stars for a mask.
_CIPHERED = re.compile(r"[#$~].*", re.DOTALL)
_CIPHERED_NOTE = re.compile(r"(##|\$\$|~[A-Za-z0-9+/=]{12,}).*", re.DOTALL)
# A number, with the extension of a virtual one; whatever else stands there is a cipher nobody described.
_NUMBER = re.compile(r"\+?[\d\s()-]{5,24}((转|ext\.?|#|[,，])\s*\d{1,6})?", re.IGNORECASE)
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")


def known(personal: Personal) -> dict[Field, str]:
    """The fields that say something, and nothing of those that are empty, masked or ciphered."""
    values = ((field, str(getattr(personal, field)).strip()) for field in FIELDS)
    return {field: value for field, value in values if value and _is_clear(field, value)}


def _is_clear(field: Field, value: str) -> bool:
    if field in WRITTEN:
        return not _CIPHERED_NOTE.fullmatch(value)
    if "*" in value or _CIPHERED.fullmatch(value):
        return False
    return field != "phone" or bool(_NUMBER.fullmatch(value))


def identity(personal: Personal) -> tuple[Literal["nick", "phone"], str] | None:
    """What tells a buyer from others, as it is compared: the nickname, else a mobile of their own.

    None where neither is known. A virtual number belongs to the order, not to the buyer (K08).
    """
    nick = " ".join(unicodedata.normalize("NFKC", personal.nick).split()).casefold()
    if nick and "*" not in nick and not _CIPHERED.fullmatch(nick):
        return "nick", nick
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", personal.phone))
    found = _MOBILE.fullmatch(digits)
    return ("phone", found[1]) if found else None


def expired(day: date, today: date, days: int) -> bool:
    """Whether what was kept of a broadcast's buyers since `day` must be unreadable by `today`."""
    return today - day >= timedelta(days=days)


def has_work(chase: Chase | None, hold: Hold | None, items: Iterable[FollowUp]) -> bool:
    """Whether anything of the order is open: only then are its buyer's fields kept."""
    chased = chase is not None and chase.alive
    held = hold is not None and hold.state not in DEALT_WITH
    return chased or held or any(item.state in ("open", "claimed") for item in items)


def may_look(
    me: Member,
    order_id: str,
    *,
    chase: Chase | None,
    hold: Hold | None,
    items: Iterable[FollowUp],
    reason: str,
    now: datetime,
) -> None:
    """Only who has the order's open work in hand at this moment; a manager also with a reason.

    Raises Refusal reveal.reason_missing (a manager without one), reveal.not_yours.
    """
    if _in_hand(me.id, chase, hold, items, now) or (me.may(MANAGERS) and reason):
        return
    raise Refusal("reveal.reason_missing" if me.may(MANAGERS) else "reveal.not_yours", order_id=order_id)


def _in_hand(
    who: str, chase: Chase | None, hold: Hold | None, items: Iterable[FollowUp], now: datetime
) -> bool:
    if chase and chase.alive and chase.owner == who and (chase.held(now) or chase.state == "waiting"):
        return True
    if hold and hold.owner == who and hold.state not in DEALT_WITH:
        return True
    return any(item.state == "claimed" and item.owner == who for item in items)
