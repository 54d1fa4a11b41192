"""What else buyers write beside an order: to wait, how to send it, when, from where, whether it comes at all."""

from __future__ import annotations

import re
from functools import cache

from playbooks.addresses.findings import Finding, Span
from playbooks.addresses.reading import Reading
from playbooks.addresses.roles import after
from playbooks.addresses.rules_region import no_ship, remote
from playbooks.addresses.text import Text
from playbooks.addresses.words import blank, cue, either, words

_DAY = (
    r"(?:\d+[号日天月]|[一二两三四五六七八九十几]+[天周]|周[一二三四五六日末]|星期[一二三四五六日天]|礼拜[一二三四五六天]|月[初中底]|下周|下个?(?:月|星期|礼拜)|改[天日]"
    r"|国庆|[过春中]节|[完过]年|[春年节]后|元旦|五一|十一|双十?[一二\d]+|618|端午|中秋|元宵|清明|七夕|假期?|回来|回家|回去)"
)
_SENT = "(?:发|寄)"
_LATER = re.compile(
    rf"{_DAY}[^,，。;；]{{0,5}}再{_SENT}|{_DAY}(?:以|之|过)?后[^,，。;；]{{0,2}}{_SENT}"
    rf"|(?:{_DAY}|今天|明天)(?:以前|之前|前)?(?:不要|先别|别|勿){_SENT}"
)
"""A day from which on it is to be sent: 放假回来再发, 10号以后发, 周五前不要发."""
_ID_CARD = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dxX](?!\d)"
)
_ACCOUNT = re.compile(r"(?:护照|银行卡|卡号|账号)[^,，。;；\da-z]{0,4}[a-z]?\d{7,19}")
_ASKED = re.compile(r"[吗嘛么?？哪]")
_WISHED = re.compile(r"[要别]|希望|请|可以|能|麻烦|最好")
_EASY = re.compile(r"(?:不|没|别|不是很|不太|不用|没那么|不怎么)$")
"""Before a word of haste: there is none."""
_FROM = re.compile(r"[从由][^,，。;；]{1,8}发")
_ASKS = re.compile(
    r"([发寄送到])(?:货|得)?不\1|"
    r"(?:发|寄|送|配送|到|收)(?!的)(?:货|到|得|的)*[^,，。;；?？]{0,8}?(?:吗|(?<![什怎])么|嘛|不$|不[?？])"
    r"|(?:能|可以)(?:不能|否)?[^,，。;；]{0,4}(?:发|寄|送|到)[^,，。;；]{0,6}[?？]"
)


def asks_to_wait(text: Text) -> Finding | None:
    """Not now, or not at all: what is sent against the buyer's word comes back.

    Examples: 先别发货,等我确认颜色; 下个月5号以后再发; 拍错了不要了,帮我退款.
    """
    if cancelled := cue("cancel").search(blank("keep", text.plain)):
        return text.says("asks_to_wait", "HOLD", "asks_refund", cancelled.span())
    later = _LATER.search(text.plain)
    span = text.find("wait") or (later.span() if later else None)
    return text.says("asks_to_wait", "HOLD", "asks_to_wait", span) if span else None


def remote_question(text: Text) -> Finding | None:
    """The buyer asks whether it is sent there at all: answer before shipping. Where the order is not remote, or freight
    alone is asked for, somebody should answer; extra freight is never asked of the buyer (D07).

    Examples: 新疆能发吗?不能发就退款 (HOLD); 能寄到西藏吗 from 拉萨 (HOLD); 要补运费吗 (CHECK).
    """
    span = text.find("refund_if")
    if span and not cue("soon").search(text.plain[slice(*text.clause(span[0]))]):
        return text.says("remote_question", "HOLD", "remote_question", span)
    if span := asks_for_place(text):
        far = no_ship(text.case) or remote(text.case)
        return text.says("remote_question", "HOLD" if far else "CHECK", "remote_question", span)
    span = text.find("payment")
    return text.says("remote_question", "CHECK", "asks_freight", span) if span else None


def asks_for_place(text: Text) -> tuple[int, int] | None:
    """Where it is asked whether a place is served; when it comes is another question (今天能到吗)."""
    for found in _ASKS.finditer(text.plain):
        clause = slice(*text.clause(found.start()))
        inside = any(clause.start <= one.start < clause.stop for one, _ in text.mentions)
        if cue("origin").search(text.plain[clause]) or _FROM.search(text.plain[clause]):
            continue
        if any(
            lies == "other" and after("from_after").match(text.right(one.end)) for one, lies in text.mentions
        ):
            continue
        about = inside or cue("here").search(text.plain[clause])
        if about and not cue("soon").search(text.plain[clause]):
            return found.span()
    return None


def buyer_wish(said_in: Reading) -> Finding | None:
    """A carrier, an origin or haste asked for: no other address, but somebody should read it before printing.

    Examples: 不要发邮政,发顺丰; 别从广东发; 急用,今天能到吗. Not: 放丰巢, 送货上门 (the courier's business).
    """
    text = said_in.text
    if found := carrier_wish().search(text.plain):
        return text.says("buyer_wish", "CHECK", "wish_carrier", found.span())
    named = [part.span for part in said_in.parts if part.role == "origin"]
    origins = (*named, *(found.span() for found in cue("origin").finditer(text.plain)))
    if wished := next((one for one in origins if not only_asked(text, one)), None):
        return text.says("buyer_wish", "CHECK", "wish_origin", wished)
    hasty = (
        found for found in cue("urgent").finditer(text.plain) if not _EASY.search(text.left(found.start()))
    )
    urgent = next(hasty, None)
    return text.says("buyer_wish", "CHECK", "wish_urgent", urgent.span()) if urgent else None


def only_asked(text: Text, origin: Span) -> bool:
    """Whether a clause asks where parcels come from and wishes for nothing: 你们是从义乌发货吗, 哪里发货."""
    begin, end = text.clause(origin[0])
    clause = text.plain[begin : end + 1]
    return _ASKED.search(clause) is not None and not _WISHED.search(clause)


@cache
def carrier_wish() -> re.Pattern[str]:
    speech, other = words().speech, cue("other_carrier").pattern
    carriers = either(speech.carriers)
    wanted = rf"(?:{either(speech.wish)}|{either(speech.no)})[^,，。;；]{{0,3}}?(?:{carriers})"
    return re.compile(rf"{wanted}|(?:{carriers})[^,，。;；]{{0,3}}?(?:不|可以|行|能|吗)|{other}")


def sensitive_data(text: Text) -> Finding | None:
    """The number of an identity card, passport or bank account: it must not be passed on, and the platform has its own
    form for customs.

    Examples: 身份证410105199001011234 实名用 (an invented number); 护照E00000001. No change of address.
    """
    found = _ID_CARD.search(text.plain) or _ACCOUNT.search(text.plain)
    return text.says("sensitive_data", "CHECK", "sensitive_data", found.span()) if found else None
