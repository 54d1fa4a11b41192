"""流失: a buyer asked and did not order. Why is kept, and when to try again comes back (REQUIREMENTS B23)."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, Row, button, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.spoken_of import spoken_of
from playbooks import inquiries
from playbooks.inquiries import LostInquiry
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE, SERVICE
from storage.rows import Due, Line

SHOWN = 20


def lost(call: Call, desk: Desk) -> list[Card]:
    """`/lost 3 太贵 明天 15:00`; without a reason it is asked for with buttons; alone it lists what is open."""
    if not call.args.strip():
        return [_list(desk)]
    words = frozenset(word for reason in inquiries.rules().reasons.values() for word in reason)
    listing, rest = spoken_of(call.args, desk, never=words)
    typed = inquiries.read(rest, desk.now, desk.zone)
    here = desk.answering()
    one = desk.books.lost_inquiries.put(
        LostInquiry(
            id=desk.books.new_id("l"), broadcast=here.id if here else "",
            number=listing.link_no if listing else None, name=listing.name if listing else "",
            reason=typed.reason, text=typed.text, by=desk.me.id, at=desk.now, retry_at=typed.retry_at,
        )
    )  # fmt: skip
    _noted(one, "made", desk, reason=one.reason, text=one.text)
    _remind(one, desk)
    return [_card(one, desk, asking=one.reason in ("", inquiries.OTHER))]


def _noted(one: LostInquiry, step: str, desk: Desk, **values: str) -> None:
    product = {"number": str(one.number), "name": one.name} if one.number is not None else {}
    desk.note("lost_inquiry", one.id, broadcast=one.broadcast, step=step, **product, **values)


def _remind(one: LostInquiry, desk: Desk) -> None:
    if one.retry_at is not None:
        desk.later("lost_retry", one.retry_at, one.id)


def _card(one: LostInquiry, desk: Desk, *, asking: bool, edit: bool = False) -> Card:
    """What was noted; `asking`: with a button for each reason, which stay after a press, for a slip of the thumb."""
    reasons = tuple(
        (button(f"lost.reason_{id}", f"lostwhy {one.id} {id}"),) for id in inquiries.rules().reasons
    )
    said = [line("lost.noted"), _line(one, desk)]
    if not one.reason:
        said.append(line("lost.ask_reason"))
    rows = (*(reasons if asking else ()), *(_ends(one) if one.open else ()))
    return tell(one.by, said, buttons=rows, key=f"lost:{one.id}", edit=edit)


def _ends(one: LostInquiry) -> tuple[Row, ...]:
    return (
        (button("lost.end_bought", f"lostend {one.id} bought", what=_product(one)),),
        (button("lost.later", f"lostlater {one.id}", what=_product(one)),),
        (button("lost.end_gone", f"lostend {one.id} gone", what=_product(one)),),
    )


def _product(one: LostInquiry) -> Line:
    if one.number is None:
        return line("lost.no_product")
    return line("air.product", number=one.number, name=one.name)


def _line(one: LostInquiry, desk: Desk) -> Line:
    why = line(f"lost.reason_{one.reason}") if one.reason else line("lost.no_reason")
    if one.text:
        why = line("lost.why", reason=why, text=one.text)
    said = line("lost.line", product=_product(one), why=why, by=desk.name(one.by), at=desk.clock(one.at))
    if not one.open or one.retry_at is None:
        return said
    key = "lost.line_again" if one.retry_at > desk.now else "lost.line_waits"
    return line(key, lost=said, due=desk.clock(one.retry_at))


def _list(desk: Desk) -> Card:
    """Whom to get back to: mine, for those in charge everybody's and why buyers were lost in this broadcast."""
    in_charge = desk.me.may(IN_CHARGE)
    found = [
        one
        for one in inquiries.open_ones(desk.books.lost_inquiries.scan())
        if in_charge or one.by == desk.me.id
    ]
    said = [_tally(desk)] if in_charge else []
    said.append(line("lost.head", count=len(found)) if found else line("lost.none"))
    shown = found[:SHOWN]
    # one row each: the card that comes when it is due has the other two buttons
    rows = tuple(_ends(one)[0] for one in shown)
    return tell(desk.me.id, said, [_line(one, desk) for one in shown], buttons=rows)


def _tally(desk: Desk) -> Line:
    here = desk.answering()
    known = desk.books.lost_inquiries.by("broadcast", here.id if here else "")
    counts = tuple(
        line("lost.reason_count", reason=line(f"lost.reason_{id}" if id else "lost.no_reason"), count=count)
        for id, count in inquiries.tally(known)
    )
    return line("lost.tally", count=len(known), reasons=counts) if known else line("lost.tally_none")


def _need(id: str, desk: Desk) -> LostInquiry:
    """One's own, or anybody's for who is in charge. Raises Refusal `lost.unknown`, `lost.whose`."""
    one = desk.books.lost_inquiries.get(id)
    if one is None:
        raise Refusal("lost.unknown")
    if one.by != desk.me.id and not desk.me.may(IN_CHARGE):
        raise Refusal("lost.whose", owner=desk.name(one.by))
    return one


def why(call: Call, desk: Desk) -> list[Card]:
    """The reason in one tap; tapped twice it is noted once."""
    id, _, reason = call.args.partition(" ")
    before = _need(id, desk)
    one = inquiries.because(before, reason)
    if one != before:
        desk.books.lost_inquiries.put(one)
        _noted(one, "reason", desk, reason=one.reason)
    return [toast("lost.thanks"), _card(one, desk, asking=True, edit=True)]


def later(call: Call, desk: Desk) -> list[Card]:
    """再约: without a time it is asked for."""
    id, _, when = call.args.partition(" ")
    before = _need(id, desk)
    if not when.strip() and before.outcome is None:
        return ask(f"lostlater {id}", "lost.ask_when", desk)
    at = inquiries.read_time(when.split(), desk.now, desk.zone) if when.strip() else desk.now
    one = desk.books.lost_inquiries.put(inquiries.again(before, at))
    _noted(one, "again", desk)
    _remind(one, desk)
    told = [tell(desk.me.id, line("lost.noted"), _line(one, desk))] if one.by != desk.me.id else []
    return [_card(one, desk, asking=False), *told]


def end(call: Call, desk: Desk) -> list[Card]:
    """已下单 or 不再跟: it is closed and reminds nobody any more."""
    id, _, outcome = call.args.partition(" ")
    one = desk.books.lost_inquiries.put(inquiries.end(_need(id, desk), outcome))
    _noted(one, "ended", desk, outcome=outcome)
    desk.books.due.drop(f"{desk.room.id}-d:lost_retry:{one.id}")
    return [toast(f"lost.ended_{outcome}"), _card(one, desk, asking=False, edit=True)]


def due(row: Due, desk: Desk) -> list[Card]:
    """The time to try again is here: whoever noted it is told, privately."""
    one = desk.books.lost_inquiries.get(row.about)
    if one is None or not one.open:
        return []
    said = (line("lost.due_now"), _line(one, desk))
    return [tell(one.by, said, buttons=_ends(one), key=f"lost:{one.id}", rank="work")]


DUTY = DutySpec(
    "lost",
    commands=(
        Command("lost", lost, words=("流失",), roles=SERVICE),
        Command("lostwhy", why, roles=SERVICE, listed=False),
        Command("lostlater", later, roles=SERVICE, listed=False),
        Command("lostend", end, roles=SERVICE, listed=False),
    ),
    due={"lost_retry": due},
)
