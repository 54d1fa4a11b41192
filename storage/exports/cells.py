"""What one cell of an export says: ids, money, counts, clear or masked personal fields.

The common form is taken by string methods, patterns only see the rest.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from playbooks.model import to_cents
from storage.exports.words import WORDS

EMPTY = WORDS.empty
PACKING = "'=\ufeff\u200b\u200c\u200d"
INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d"))
HALF_WIDTH = str.maketrans("（），", "(),")
BRACKETED = re.compile(r"[（(].*?[)）]")
CURRENCY = re.compile(r"R\$|Rp\.?|RM|[A-Z]{3}|[¥￥$€£₱₫฿元\s]")
CODE = re.compile(r"([A-Z]{3})\s*[\d.]|[\d.]\s*([A-Z]{3})$")
SIMPLE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
AMOUNT = re.compile(r"\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]-[0-9]{1,3})?")
"""An amount as it is counted with. A workbook writes what a formula left of a cent with a negative exponent; 1E+5 and
1e5 are numbers somebody's program has rounded."""
DOTTED = re.compile(r"R\$|BRL|Rp|IDR|VND|₫")
"""Signs of money written with a dot for thousands, in Brazil, Indonesia and Vietnam."""
DOT_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
DECIMAL_COMMA = re.compile(r"[\d.]+,\d{1,2}")
NOTHING_PAID_BACK = "无退款申请"
MOST_MONEY = Decimal(100_000_000)
MOST_PIECES = 1_000_000

LONGEST_ID = 32
"""An id rides in a button's data, which holds 64 bytes with the room and the words beside it."""
ID = re.compile(r"#?[A-Za-z0-9][A-Za-z0-9_-]*")
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
    if not text:
        return ""
    if text[0] in PACKING:
        text = text.translate(INVISIBLE).removeprefix("'")
        if text.startswith('="') and text.endswith('"') and len(text) > 2:
            text = text[2:-1]
        text = text.strip()
    return "" if text in EMPTY else text


def is_packed(cell: str) -> bool:
    """Whether a cell was written as text on purpose, behind a tab, an apostrophe or as ="…": no number then."""
    return cell[:1] in ("\t", "'", "=") or cell[-1:] == "\t"


def heading(cell: str) -> str:
    """A heading as it is compared: no spaces or invisible characters, 账 for 帐, half-width, lower case."""
    text = "".join(cell.translate(INVISIBLE).split())
    return text.replace("帐", "账").translate(HALF_WIDTH).lower()


def half_width(text: str) -> str:
    """What a Chinese keyboard wrote full-width (１２３．５，¥) as everybody else writes it."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def identifier(text: str, packed: bool = False) -> str:
    """An id as text. `packed`: it stood behind a tab or a quote and so cannot have been a number.

    Raises Damaged `orders.id_damaged` where digits were lost (6.9E+18, a 16-digit number ending in 0000),
    else `orders.id_unreadable`, also for one longer than `LONGEST_ID`.
    """
    text = half_width(text)
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


def is_plain_id(text: str) -> bool:
    """Whether a cell without its blanks is digits and surely an id: so nearly every one is written."""
    return text.isdecimal() and text.isascii() and len(text) <= LONGEST_ID and text[-4:] != LOST_TAIL


def code(text: str) -> str:
    """A code that may be missing (product, talent); one whose digits are lost is unknown: ""."""
    return "" if "+" in text and EXPONENT.fullmatch(text) else text


def money(text: str) -> Decimal | None:
    """An amount, two places; None for an empty cell. Signs and codes of currencies, thousands commas and remarks in
    brackets are taken off; `BRL 12,34` has a decimal comma, `Rp150.000` are 150 thousand."""
    if not text:
        return None
    if text == NOTHING_PAID_BACK:
        return Decimal("0.00")
    digits = text if SIMPLE.fullmatch(text) else plain(half_width(text))
    if not AMOUNT.fullmatch(digits) or (amount := Decimal(digits)) >= MOST_MONEY:
        raise Damaged("orders.amount_unreadable")
    return to_cents(amount)


def plain(text: str) -> str:
    """An amount's digits with a decimal point."""
    digits = CURRENCY.sub("", BRACKETED.sub("", text))
    if DECIMAL_COMMA.fullmatch(digits):
        return digits.replace(".", "").replace(",", ".")
    if DOTTED.search(text) and DOT_THOUSANDS.fullmatch(digits):
        return digits.replace(".", "")
    return digits.replace(",", "")


def currency(text: str) -> str:
    """The currency code an amount carries (BRL 12,34), else ""."""
    found = CODE.search(text)
    return found[1] or found[2] if found else ""


def pieces(text: str) -> int | None:
    """A count; None for an empty cell."""
    if not text:
        return None
    whole = half_width(text).removesuffix(".0")
    if not (whole.isascii() and whole.isdecimal() and len(whole) < 9 and int(whole) <= MOST_PIECES):
        raise Damaged("orders.quantity_unreadable")
    return int(whole)


def clear(text: str) -> str:
    """A personal field where it is clear; "" where it is ciphered (## $$) or masked (*): unknown."""
    return "" if text[:1] in ("#", "$") or "*" in text else text


def is_hidden(text: str) -> bool:
    """Whether a personal field says something that is not `clear`."""
    return bool(text) and not clear(text)


def note(text: str) -> str:
    """A message or memo as written, stars and single signs included; "" where the platform ciphered it."""
    return "" if text.startswith(("##", "$$")) else text


def phone_tail(text: str) -> str:
    """The last four digits where they are the buyer's own and clear, also of 138****1234 (REQUIREMENTS K08).

    A virtual number with an extension (18400913965-7576) tells nothing of the buyer's: "".
    """
    if not text:
        return ""
    text = half_width(text)
    found = MOBILE.fullmatch(text) or MASKED_MOBILE.fullmatch(text)
    return found[1][-4:] if found else ""


PRESALE = ("预售", "presale", "pre-sale", "preorder", "pre-order")
NOT = ("非", "否", "不", "no")
DAY = re.compile(r"\d{4}[-/.年]")
YES = frozenset(("是", "已修改", "yes", "y", "true", "1"))


def says_yes(text: str) -> bool:
    """Whether a column of a fact (是否…) says that it is so."""
    return word(text) in YES


def says_presale(text: str) -> bool:
    """Whether a column about 预售 says that the order was sold ahead: 是, 预售订单, the day it ships."""
    said = word(text)
    named = any(one in said for one in PRESALE) and not said.startswith(NOT)
    return named or said in YES or DAY.search(said) is not None


def word(text: str) -> str:
    """A status word as it is looked up: no spaces or invisible characters, half-width signs, lower case."""
    return "".join(text.translate(INVISIBLE).split()).translate(HALF_WIDTH).lower()
