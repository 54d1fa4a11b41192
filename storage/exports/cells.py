"""What one cell of an export says: ids, money, times, numbers, clear or masked personal fields.

These run once per cell of a 100,000-row file: the common form is taken by string methods, patterns only see
the rest.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache

from playbooks.model import to_cents
from storage.exports.words import WORDS

EMPTY = WORDS.empty
INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d"))
HALF_WIDTH = str.maketrans("（）", "()")
BRACKETED = re.compile(r"[（(].*?[)）]")
CURRENCY = re.compile(r"[¥￥,，元\s]|CNY|RMB")
NOTHING_PAID_BACK = "无退款申请"
MOST_MONEY = Decimal(100_000_000)
MOST_PIECES = 1_000_000

DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?"
)
SERIAL_DAYS = range(20_000, 60_001)
SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock; the zone is added where it is read

LONGEST_ID = 32
"""An id rides in a button's data, which holds 64 bytes with the room and the words beside it."""
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
EXPONENT = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+|\d+\.\d*")
DIGITS_EXCEL_KEEPS = 15
LOST_TAIL = "0000"

MOBILE = re.compile(r"(?:\+?86[- ]?)?(1[3-9]\d{9})")
MASKED_MOBILE = re.compile(r"1\d{0,2}\*{3,8}(\d{4})")


class Damaged(ValueError):
    """The cell cannot be what its column holds; the message is the text key that says why."""


def unwrap(cell: str) -> str:
    """The cell without its packing: tabs and spaces, a leading apostrophe, ="…"; "" where it says nothing."""
    text = cell.strip()
    if text[:1] in ("'", "=", "\ufeff", "\u200b", "\u200c", "\u200d"):
        text = text.translate(INVISIBLE).removeprefix("'")
        if text.startswith('="') and text.endswith('"') and len(text) > 2:
            text = text[2:-1]
        text = text.strip()
    return "" if text in EMPTY else text


def heading(cell: str) -> str:
    """A heading as it is compared: no spaces or invisible characters, 账 for 帐, half-width, lower case."""
    text = "".join(cell.translate(INVISIBLE).split())
    return text.replace("帐", "账").translate(HALF_WIDTH).lower()


def identifier(text: str, packed: bool = False) -> str:
    """An id as text. `packed`: it stood behind a tab or a quote and so cannot have been a number.

    Raises Damaged `orders.id_damaged` where digits were lost (6.9E+18, a 16-digit number ending in 0000),
    else `orders.id_unreadable`, also for one longer than `LONGEST_ID`.
    """
    if len(text) > LONGEST_ID:
        raise Damaged("orders.id_unreadable")
    if not (text.isascii() and text.isdecimal()):
        if EXPONENT.fullmatch(text):
            raise Damaged("orders.id_damaged")
        if not ID.fullmatch(text):
            raise Damaged("orders.id_unreadable")
    elif not packed and len(text) > DIGITS_EXCEL_KEEPS and text.endswith(LOST_TAIL):
        raise Damaged("orders.id_damaged")
    return text


def code(text: str) -> str:
    """A code that may be missing (product, talent); one whose digits are lost is unknown: ""."""
    return "" if "+" in text and EXPONENT.fullmatch(text) else text


def money(text: str) -> Decimal | None:
    """Yuan, two places; None for an empty cell. ¥, thousands commas and remarks in brackets are taken off."""
    if not text:
        return None
    if text == NOTHING_PAID_BACK:
        return Decimal("0.00")
    try:
        plain = text.isascii() and "," not in text
        amount = Decimal(text if plain else CURRENCY.sub("", BRACKETED.sub("", text)))
        if not 0 <= amount < MOST_MONEY:
            raise Damaged("orders.amount_unreadable")
        return to_cents(amount)
    except ArithmeticError as error:
        raise Damaged("orders.amount_unreadable") from error


def pieces(text: str) -> int:
    """A count; an empty cell is one piece."""
    if not text:
        return 1
    whole = text.removesuffix(".0")
    if not (whole.isascii() and whole.isdecimal() and len(whole) < 9 and int(whole) <= MOST_PIECES):
        raise Damaged("orders.quantity_unreadable")
    return int(whole)


def moment(text: str, zone: tzinfo) -> datetime | None:
    """The instant, in UTC, of a wall clock in `zone`; None for an empty cell.

    Also as Excel re-saves it: 2026/9/2 0:54, or days since 1900.
    """
    if not text:
        return None
    try:
        if len(text) == 19 and text[4] == "-" and text[13] == ":":
            wall = datetime.fromisoformat(text)
        else:
            wall = written_date(text) or serial_date(text)
        return (wall - offset(zone, wall.year, wall.month, wall.day, wall.hour)).replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise Damaged("orders.time_unreadable") from error


@lru_cache(maxsize=4096)
def offset(zone: tzinfo, year: int, month: int, day: int, hour: int) -> timedelta:
    """What `zone` is ahead of UTC in this hour of its wall clock; asked once an hour and not once a cell."""
    return datetime(year, month, day, hour, tzinfo=zone).utcoffset() or timedelta(0)


def written_date(text: str) -> datetime | None:
    found = DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is added by `moment`


def serial_date(text: str) -> datetime:
    days = float(text)
    if int(days) not in SERIAL_DAYS:
        raise ValueError(text)
    return SERIAL_EPOCH + timedelta(seconds=round(days * 86_400))


def clear(text: str) -> str:
    """A personal field where it is clear; "" where it is ciphered (## $$) or masked (*): unknown."""
    return "" if text[:1] in ("#", "$") or "*" in text else text


def note(text: str) -> str:
    """A message or memo as written, stars and single signs included; "" where the platform ciphered it."""
    return "" if text.startswith(("##", "$$")) else text


def phone_tail(text: str) -> str:
    """The last four digits where they are the buyer's own and clear, also of 138****1234 (REQUIREMENTS K08).

    A virtual number with an extension (18400913965-7576) tells nothing of the buyer's: "".
    """
    if not text:
        return ""
    found = MOBILE.fullmatch(text) or MASKED_MOBILE.fullmatch(text)
    return found[1][-4:] if found else ""


def word(text: str) -> str:
    """A status word as it is looked up: inner spaces off, full-width comma as half-width."""
    return text.replace("，", ",").replace(" ", "") if text else text
