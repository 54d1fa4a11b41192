"""What the buyer of a case 工单 is to be told as it stands, or why not now (REQUIREMENTS E16, E25, E27, K02, K16)."""

from __future__ import annotations

from collections.abc import Iterator

from bot import refusals
from bot.card import line
from bot.contacting import check
from bot.desk import Desk
from bot.entries import stated
from playbooks import cases
from playbooks.cases import Case, Script
from playbooks.model import Refusal
from storage.rows import Line


def script_of(one: Case) -> Script:
    """What the buyer is to be told as the case stands."""
    if one.to_visit:
        return "visit"
    if one.kind == "mixed":
        return "mixed"
    return "negative" if one.kind == "negative" and one.contacted_at is None else "progress"


def to_say(one: Case, desk: Desk) -> Iterator[Line]:
    """The words for the buyer, or why the buyer may not be contacted now."""
    if one.kind == "mistake":
        return
    if hushed := why_not_now(one, desk):
        yield hushed
    elif one.kind != "mixed":
        yield line("case.say", text=cases.script(script_of(one), desk.room.lang))
        if one.open and one.contacted_at is not None:
            yield line("case.say_solved", text=cases.script("solved", desk.room.lang))
    if back := returns(one, desk):
        yield line("case.say", text=back)
    elif _sends_back(one):
        yield line("case.no_return_address")


def why_not_now(one: Case, desk: Desk) -> Line | None:
    """Why the buyer is not to be contacted at this moment; None: may be (K02)."""
    try:
        check("case", one.order_id, desk)
    except Refusal as refused:
        known = Refusal(refused.key, **{**refused.values, "order_id": one.order_id or "—"})
        return refusals.said(known, desk.room, desk.books, desk.now)
    return None


def _sends_back(one: Case) -> bool:
    return one.type in cases.rules().types and cases.rules().types[one.type].returns


def returns(one: Case, desk: Desk) -> str:
    """Where to, until when and with what something is sent back (E27); '' where nothing is, or no address is set."""
    address = stated(desk).get("return_address", "")
    if not (_sends_back(one) and address):
        return ""
    known, lang = cases.rules().returns, desk.room.lang
    return cases.script("returns", lang).format(address=address, days=known.days, what=known.what[lang])
