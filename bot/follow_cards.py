"""How a follow-up is shown: why this one, what to say to its buyer, how it can end."""

from __future__ import annotations

from bot import refusals
from bot.card import Button, Card, Row, button, copy, group, line, lines, tell
from bot.contacting import check, reaches
from bot.desk import Desk
from bot.following import carrier_of, gift_orders, parts_of
from bot.numbers import copy_numbers
from bot.offer import bought
from bot.open_work import reveal_button
from bot.vips import key_of, vip_line
from playbooks import followup
from playbooks.followup import FollowUp
from playbooks.followup.work import offered
from playbooks.model import Refusal
from storage.rows import Line

OUTCOMES_A_ROW = 3


def key(item: FollowUp, person: str) -> str:
    """The key of a person's card of it."""
    return f"follow:{item.id}:{person}"


def card(item: FollowUp, why: str, desk: Desk, *, behind: int = 0) -> Card:
    """One follow-up for who took it; `why` it is this one, `behind`: how many wait after it."""
    hushed = hush(item, desk)
    parts = () if hushed else parts_of(item, desk)
    said = lines(
        line("followup.card_head", kind=line(f"followup.kind_{item.kind}"), order_id=item.number),
        line("followup.card_why", why=line(why), what=line(item.why_key, **item.values)),
        line("followup.card_behind", count=behind) if behind else None,
        vip_line(key_of(item.order_id, desk), desk) if item.order_id else None,
        line(
            "followup.card_what", product=bought(item.link_no, item.title), city=item.city or "—",
            due=desk.clock(item.due_at),
        ),
        line("followup.card_parcel", carrier=item.carrier or "—", tracking=item.tracking_no)
        if item.tracking_no
        else None,
        _more(item, desk),
        hushed or (line("followup.card_script") if parts else None),
        (line("followup.script_part", text=text) for text in parts),
    )  # fmt: skip
    return tell(
        desk.me.id, said, buttons=_rows(item, parts, hushed, desk), key=key(item, desk.me.id), edit=True,
        rank="work",
    )  # fmt: skip


def _more(item: FollowUp, desk: Desk) -> list[Line]:
    """What came of it before, the note, the warehouse's time, whom to ask at the carrier."""
    asked = carrier_of(item, desk) if item.kind == "logistics" else None
    return list(
        lines(
            line("followup.card_before", outcome=line(f"followup.outcome_{item.outcome}"))
            if item.outcome
            else None,
            line("followup.card_note", text=item.note) if item.note else None,
            line("followup.card_eta", eta=desk.clock(item.eta)) if item.eta else None,
            line("followup.card_no_eta") if item.kind == "urge_ship" and not item.eta else None,
            line(
                "followup.card_carrier", carrier=asked.carrier, region=asked.region or "—", reach=asked.reach
            )
            if asked
            else None,
        )
    )


def _rows(item: FollowUp, parts: tuple[str, ...], hushed: Line | None, desk: Desk) -> tuple[Row, ...]:
    copies = [copy("chase.copy_order", item.order_id)] if item.order_id else []
    copies += [copy("followup.copy_script", text, part=n) for n, text in enumerate(parts, 1)]
    results = [
        button(f"followup.outcome_{one}", f"followed {item.id} {one}")
        for one in offered(item)
        if not (hushed and reaches(item.kind, one))
    ]
    several = (tuple(results[at : at + OUTCOMES_A_ROW]) for at in range(0, len(results), OUTCOMES_A_ROW))
    ends = (button("followup.give_back", f"giveback {item.id}"), button("followup.skip", f"skip {item.id}"))
    numbers = copy_numbers(gift_orders(item, desk)) if item.kind == "gift" else ()
    return ((*copies, *reveal_button(item.order_id, desk)), *numbers, *several, ends)


def hush(item: FollowUp, desk: Desk) -> Line | None:
    """Why the buyer is not to be contacted now, of work that is done without, or was begun before; None: may be."""
    try:
        check(item.kind, item.order_id, desk)
    except Refusal as refused:
        named = Refusal(refused.key, **{**refused.values, "order_id": item.number})
        return refusals.said(named, desk.room, desk.books, desk.now)
    return None


def closed(item: FollowUp, said: Line, desk: Desk) -> Card:
    """What became of it, in the place of its card, and the button for the next."""
    head = [line("followup.noted", order_id=item.number, said=said)]
    if item.state == "open" and item.returns_at:
        head.append(line("chase.returns", at=desk.clock(item.returns_at)))
    buttons: tuple[Row, ...] = ((button("followup.take_next", "take"),),)
    if going_on := _registers(item):
        buttons = ((going_on,), *buttons)
    return tell(desk.me.id, head, buttons=buttons, key=key(item, desk.me.id), edit=True, rank="work")


def _registers(item: FollowUp) -> Button | None:
    """Where what it came to has to go on as a case: the press that registers it (B22)."""
    result = followup.rules().kinds[item.kind].outcomes.get(item.outcome)
    if item.state != "done" or not item.order_id or result is None or not result.registers:
        return None
    command, _, sort = result.registers.partition(" ")
    return button(f"followup.{command}", f"{command} {item.order_id} {sort}".strip())


def kinds_line(items: list[FollowUp]) -> tuple[Line, ...]:
    """`邀好评 3 · 催签收 1`: how many of each kind, those there are."""
    counts = {kind: sum(one.kind == kind for one in items) for kind in followup.rules().kinds}
    return tuple(
        line("followup.queue_kind", kind=line(f"followup.kind_{kind}"), count=count)
        for kind, count in counts.items()
        if count
    )


def queue_card(desk: Desk) -> list[Card]:
    """One silent card in the group: how much there is to follow up, and the button that deals it."""
    waiting = desk.books.follow_ups.by("state", "open")
    if not waiting:
        return []
    said = line("followup.queue", kinds=kinds_line(waiting))
    buttons = ((button("followup.take_next", "take"),),)
    return [group(said, topic="aftercare", key="follow-ups", buttons=buttons, silent=True, rank="work")]
