"""Whether a message or memo names another phone or receiver than the label will (REQUIREMENTS D01)."""

from __future__ import annotations

import re

from playbooks.addresses.findings import Finding, Span
from playbooks.addresses.phones import Phone, phones
from playbooks.addresses.rules_row import digits
from playbooks.addresses.text import Text
from playbooks.addresses.words import cue

RULE = "other_contact"
_ABOUT_PHONE = re.compile(
    "电话(?!手表)|手机(?!壳|膜|支架|链|袋|套|型号|卡|贴)|号码|联系方式|停机|停用|空号|换号"
)
_NAMED = re.compile("收|名")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")


def other_phone(text: Text) -> Finding | None:
    """A number that is not the order's: a new one where the old is said to be no good, else one more to try.

    Examples: 号停机了,打这个 1 3 9 …; 电话换成139… (HOLD); 打不通就打139…, 座机0571-… (CHECK). The order's own
    number, however it is spaced, is nothing; nor are those of an invoice.
    """
    if text.has("invoice"):
        return None
    changed = text.find("phone_change")
    others = [one for one in phones(text.plain) if differs(one, text)]
    if others:
        asked = changed or text.has("receiver_change") or text.has("change") or no_good(text)
        wanted = asked and not text.has("phone_both")
        span = (others[0].start, others[0].end)
        return text.says(
            RULE, "HOLD" if wanted else "CHECK", "contact_phone" if wanted else "contact_extra", span
        )
    if changed and about_phone(text, changed) and not phones(text.plain) and not text.has("done"):
        return text.says(RULE, "HOLD", "contact_unsaid", changed)
    return None


def no_good(text: Text) -> bool:
    """Whether the order's own number is said to be wrong, not only that it may not answer."""
    return text.has("phone_bad") and not text.has("phone_if")


def about_phone(text: Text, span: Span) -> bool:
    return _ABOUT_PHONE.search(text.plain[slice(*span)]) is not None


def differs(found: Phone, text: Text) -> bool:
    """Whether it is certainly not the order's; a masked one never is, of a masked order only the tail is known."""
    if found.masked:
        return False
    order = text.case
    number, own = digits(found.number), digits(order.personal.phone)
    if own.isdigit():
        return number != own
    tail = order.order.phone_tail or re.sub(r".*\*", "", order.personal.phone)
    return not (tail.isdigit() and number.endswith(tail))


def other_receiver(text: Text) -> Finding | None:
    """Somebody else is to be named on the label: 收件人改成我妈 李秀英. The order's own name said again is nothing."""
    own = text.case.personal.receiver_name.strip().lower()
    if own and (refused := text.plain.find(f"不是{own}")) >= 0:
        return text.says(RULE, "HOLD", "contact_receiver", (refused, refused + 2 + len(own)))
    if own and (renamed := re.search(rf"{re.escape(own)}(?:改|换|写错|错)", text.plain)):
        return text.says(RULE, "HOLD", "contact_receiver", renamed.span())
    span = cue("receiver_change").search(text.plain)
    if span is None or (text.has("gift") and not _NAMED.search(span[0])):
        return None
    if own and re.search(rf"{re.escape(own)}(?![的他她妈爸家])", text.plain[span.start() :]):
        return None
    return text.says(RULE, "HOLD", "contact_receiver", span.span())
