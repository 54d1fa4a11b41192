"""After the stream: received orders and the logistics list become three queues; `/take` deals the next work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot import refusals, vips
from bot.asking import ask
from bot.call import Call
from bot.card import Card, Row, button, copy, group, line, lines, tell
from bot.contacting import BY, check, may_reach, reached, reaches
from bot.desk import Desk
from bot.duty import Command, DutySpec, FileKind
from bot.exposure import open_holds
from bot.intake import BAD_ROWS_SHOWN, Batch, bad_line, batches, counted, record_of, unknown_words
from bot.offer import bought
from bot.open_work import reveal_button
from bot.post_purchase_lists import in_hand
from playbooks import aftercare, contacts, followup
from playbooks.aftercare import Hold
from playbooks.chase import Chase
from playbooks.followup import FollowUp, ParcelState
from playbooks.followup.texts import parts_for
from playbooks.model import Refusal
from playbooks.orders import OrderState
from playbooks.privacy import checked_note
from playbooks.room import SERVICE
from storage.exports.logistics import Parcels
from storage.rows import Job, Line

MINE_SHOWN = 10


ParcelBatch = Batch[Parcels, ParcelState]


def read(parcels: Parcels, job: Job) -> Iterator[ParcelBatch]:
    """The list in batches."""
    rows = [
        ParcelState(
            order_id=p.order_id, tracking_no=p.tracking_no, carrier=p.carrier, state=p.state,
            shipped_at=p.shipped_at, last_scan_at=p.last_scan_at,
        )
        for p in parcels.rows
        if p.state != "unknown"
    ]  # fmt: skip
    return batches(job, parcels.model_copy(update={"rows": ()}), rows, parcels.exported_at)


def take_in(batch: ParcelBatch, desk: Desk) -> list[Card]:
    """One batch into the queues: new follow-ups, and those a newer list settles. An older list changes nothing."""
    known = record_of(batch, "parcels", desk)
    if known is None:
        return []
    told, newest = Counter(known.counts), _newest_before(batch, desk)
    older = newest is not None and batch.as_of < newest
    told["parcels"] += len(batch.rows)
    for parcel in () if older else batch.rows:
        _parcel(parcel, desk, told)
    counted(known, batch, told, desk)
    if not batch.last:
        return []
    desk.note("import", batch.job.id, type="parcels", name=batch.job.file_name, parcels=str(told["parcels"]))
    parcels = batch.about
    queues = line(
        "parcels.queues", logistics=told["logistics"], pickup=told["pickup"], settled=told["settled"]
    )
    said = lines(
        line("parcels.taken", parcels=told["parcels"], as_of=desk.clock(batch.as_of)),
        line("parcels.older", newest=desk.clock(newest)) if older else queues,
        line("parcels.unknown_states", words=unknown_words(parcels.unknown)) if parcels.unknown else None,
        line("orders.bad_rows", count=len(parcels.bad)) if parcels.bad else None,
        (bad_line(row) for row in parcels.bad[:BAD_ROWS_SHOWN]),
    )
    return [tell(desk.me.id, said), *([] if older else queue_card(desk))]


def _newest_before(batch: ParcelBatch, desk: Desk) -> datetime | None:
    """How new the newest other logistics list is; None where there was none."""
    others = (i for i in desk.books.imports.scan() if i.kind == "parcels" and i.id != batch.job.id)
    return max((i.as_of for i in others), default=None)


def _parcel(parcel: ParcelState, desk: Desk, told: Counter[str]) -> None:
    order = desk.books.orders.get(f"{desk.room.id}-o{parcel.order_id}") if parcel.order_id else None
    for item in desk.books.follow_ups.by("order_id", parcel.order_id) if parcel.order_id else []:
        settled = followup.settle(item, now=desk.now, parcel=parcel)
        if settled != item:
            desk.books.follow_ups.put(settled)
            told["settled"] += settled.state in ("done", "dropped")
    new = followup.from_parcel(
        desk.room.id, parcel, _is_food(order, desk), desk.now, link_no=order.link_no if order else None,
        title=order.title if order else "", city=order.city if order else "",
    )  # fmt: skip
    if new and desk.books.follow_ups.get(new.id) is None:
        desk.books.follow_ups.put(new)
        told[new.kind] += 1
        desk.note(
            "follow_new",
            new.id,
            broadcast=order.broadcast if order else "",
            type=new.kind,
            order_id=new.order_id,
        )


def _is_food(order: OrderState | None, desk: Desk) -> bool:
    """Goods that spoil: by the run sheet's category of what was bought (E07)."""
    if order is None or order.link_no is None:
        return False
    listings = desk.books.listings.by("broadcast", order.broadcast)
    meant = (one for one in listings if one.link_no == order.link_no)
    return any(followup.is_food(one.product.category) for one in meant)


def queue_card(desk: Desk) -> list[Card]:
    """One silent card in the group: how much there is to follow up, and the button that deals it."""
    waiting = Counter(item.kind for item in desk.books.follow_ups.by("state", "open"))
    if not waiting:
        return []
    said = line(
        "followup.queue",
        review_invite=waiting["review_invite"],
        logistics=waiting["logistics"],
        pickup=waiting["pickup"],
    )
    buttons = ((button("followup.take_next", "take"),),)
    return [group(said, topic="aftercare", key="follow-ups", buttons=buttons, silent=True, rank="work")]


# -- work -------------------------------------------------------------------------------------------


def take(call: Call, desk: Desk) -> list[Card]:
    """`/take`: the next best work, and why this one. What was begun comes first."""
    if mine := _my_items(desk):
        return [_card(mine[0], "followup.begun", desk)]
    waiting = desk.books.follow_ups.by("state", "open")
    # Buyers are not to be disturbed at night, or too often; the carrier may be asked at any hour.
    ready = [i for i in waiting if i.kind == "logistics" or may_reach(i.kind, i.order_id, desk)]
    ready = [i for i in ready if not vips.order_is_anothers(i.order_id, desk)]
    best = followup.next_for(ready, desk.now)
    if best is None:
        return [tell(desk.me.id, _nothing(waiting, desk))]
    item, why = best
    claimed = desk.books.follow_ups.put(followup.claim(item, desk.me.id))
    desk.note("follow_take", item.id, type=item.kind, why=why)
    return [_card(claimed, why, desk)]


def _nothing(waiting: Sequence[FollowUp], desk: Desk) -> Line:
    """Nothing to do, or nothing until the quiet hours are over."""
    if any(contacts.quiet(item.kind, BY, desk.now, desk.zone) for item in waiting):
        return line("followup.quiet", until=desk.clock(contacts.quiet_until(desk.now, desk.zone)))
    return line("followup.none")


def _need(id: str, desk: Desk) -> FollowUp:
    item = desk.books.follow_ups.get(id)
    if item is None:
        raise Refusal("followup.gone")
    return item


def _card(item: FollowUp, why: str, desk: Desk) -> Card:
    hushed = _hushed(item, desk)
    scripts = [] if hushed else parts_for(item, desk.room.lang, desk.room.platform, values={})
    said = lines(
        line(
            "followup.card_head",
            kind=line(f"followup.kind_{item.kind}"),
            order_id=item.order_id or item.tracking_no,
        ),
        line("followup.card_why", why=line(why), what=line(item.why_key, **item.values)),
        line(
            "followup.card_what",
            product=bought(item.link_no, item.title),
            city=item.city or "—",
            due=desk.clock(item.due_at),
        ),
        line("followup.card_parcel", carrier=item.carrier or "—", tracking=item.tracking_no)
        if item.tracking_no
        else None,
        hushed or line("followup.card_script"),
        (line("followup.script_part", text=text) for text in scripts),
    )
    copies = [copy("chase.copy_order", item.order_id)] if item.order_id else []
    copies += [copy("followup.copy_script", text, part=n) for n, text in enumerate(scripts, 1)]
    results = [
        button(f"followup.outcome_{o}", f"followed {item.id} {o}")
        for o in followup.outcomes(item.kind)
        if not (hushed and reaches(item.kind, o))
    ]
    rows: tuple[Row, ...] = (
        (*copies, *reveal_button(item.order_id, desk)),
        tuple(results),
        (button("followup.give_back", f"giveback {item.id}"), button("followup.skip", f"skip {item.id}")),
    )
    return tell(desk.me.id, said, buttons=rows, key=f"follow:{item.id}:{desk.me.id}", edit=True, rank="work")


def _hushed(item: FollowUp, desk: Desk) -> Line | None:
    """Why the buyer is not to be contacted now, of work that is done without, or was begun before; None: may be."""
    try:
        check(item.kind, item.order_id, desk)
    except Refusal as refused:
        number = item.order_id or item.tracking_no
        named = Refusal(refused.key, **{**refused.values, "order_id": number})
        return refusals.said(named, desk.room, desk.books, desk.now)
    return None


def followed(call: Call, desk: Desk) -> list[Card]:
    """What came of it; some outcomes bring it back later, some need a sentence.

    A stuck parcel is dealt at any hour, so that its buyer is told is asked of the ledger here; the other kinds
    were asked when they were taken.
    """
    id, outcome, note = [*call.args.split(" ", 2), "", ""][:3]
    item = _need(id, desk)
    result = followup.rules().kinds[item.kind].outcomes.get(outcome)
    if result and result.note_required and not note:
        return ask(f"followed {id} {outcome}", "hold.ask_why", desk)
    if item.kind == "logistics" and reaches(item.kind, outcome):
        check(item.kind, item.order_id, desk)
    done = desk.books.follow_ups.put(followup.record(item, desk.me.id, outcome, checked_note(note), desk.now))
    reached(item.kind, item.order_id, outcome, desk)
    desk.note("follow_done", id, type=item.kind, outcome=outcome, state=done.state)
    return [_closed(done, line(f"followup.outcome_{outcome}"), desk)]


def give_back(call: Call, desk: Desk) -> list[Card]:
    """Back to everybody."""
    item = desk.books.follow_ups.put(followup.give_back(_need(call.args, desk), desk.me.id))
    return [_closed(item, line("followup.given_back"), desk)]


def skip(call: Call, desk: Desk) -> list[Card]:
    """Left undone, with the reason; what must be done cannot be skipped (E07)."""
    id, _, note = call.args.partition(" ")
    item = _need(id, desk)
    if not note and not item.mandatory:
        return ask(f"skip {id}", "hold.ask_why", desk)
    dropped = desk.books.follow_ups.put(followup.drop(item, desk.me.id, checked_note(note)))
    desk.note("follow_done", id, type=item.kind, outcome="skipped", state=dropped.state)
    return [_closed(dropped, line("followup.skipped"), desk)]


def _closed(item: FollowUp, said: Line, desk: Desk) -> Card:
    head = [line("followup.noted", order_id=item.order_id or item.tracking_no, said=said)]
    if item.state == "open" and item.returns_at:
        head.append(line("chase.returns", at=desk.clock(item.returns_at)))
    buttons = ((button("followup.take_next", "take"),),)
    return tell(
        desk.me.id, head, buttons=buttons, key=f"follow:{item.id}:{desk.me.id}", edit=True, rank="work"
    )


def my(call: Call, desk: Desk) -> list[Card]:
    """`/my`: everything that is mine, of each kind what is due soonest first."""
    chases, holds, items = _my_chases(desk), _my_holds(desk), _my_items(desk)
    messages = in_hand(desk, desk.me.id)
    if not (chases or holds or items or messages):
        return [tell(desk.me.id, line("my.nothing"))]
    said = [
        line("my.head", chases=len(chases), holds=len(holds), followups=len(items)),
        *(line("my.chase", order_id=c.order_id, until=desk.clock(c.expires_at)) for c in chases[:MINE_SHOWN]),
        *(_my_hold_line(h, desk) for h in holds[:MINE_SHOWN]),
        *(_my_line(i, desk) for i in items[:MINE_SHOWN]),
        *([line("postbuy.mine", buyers=len(messages.messages), until=desk.clock(messages.until))] if messages else []),
    ]
    rows = [_my_row(f"claim {c.id}", c.order_id, "my.kind_chase") for c in chases[:MINE_SHOWN]]
    rows += [_my_row(f"hold {h.id}", h.order_id, "my.kind_hold") for h in holds[:MINE_SHOWN]]
    if items:
        rows.append((button("my.open_followup", "take"),))
    if messages:
        rows.append((button("postbuy.open", "messages"),))
    return [tell(desk.me.id, said, buttons=tuple(rows))]


def _my_chases(desk: Desk) -> list[Chase]:
    known = desk.books.chases.by("open_owner", desk.me.id)
    mine = [c for c in known if c.held(desk.now) or c.state == "waiting"]
    return sorted(mine, key=lambda c: (c.expires_at is None, c.expires_at, c.id))


def _my_holds(desk: Desk) -> list[Hold]:
    return [h for h in aftercare.worklist(open_holds(desk), desk.now) if h.owner == desk.me.id]


def _my_items(desk: Desk) -> list[FollowUp]:
    mine = (i for i in desk.books.follow_ups.by("state", "claimed") if i.owner == desk.me.id)
    return sorted(mine, key=lambda i: (i.due_at, i.id))


def _my_row(words: str, order_id: str, kind: str) -> Row:
    return (button("my.open", words, tail=order_id[-6:], kind=line(kind)),)


def _my_hold_line(one: Hold, desk: Desk) -> Line:
    return line("my.hold", order_id=one.order_id, region=one.region, until=desk.clock(one.ship_by))


def _my_line(item: FollowUp, desk: Desk) -> Line:
    kind = line(f"followup.kind_{item.kind}")
    return line(
        "my.followup", order_id=item.order_id or item.tracking_no, kind=kind, until=desk.clock(item.due_at)
    )


DUTY = DutySpec(
    "followup",
    commands=(
        Command("take", take, words=("接活",), roles=SERVICE, args=False, private=True),
        Command("my", my, words=("我的",), reads=True, args=False, private=True),
        Command("followed", followed, roles=SERVICE, listed=False, private=True),
        Command("giveback", give_back, roles=SERVICE, listed=False, private=True),
        Command("skip", skip, roles=SERVICE, listed=False, private=True),
    ),
    files=(FileKind("parcels", frozenset(["manager", "lead", "ops", "agent", "warehouse"]), read, take_in),),
)
