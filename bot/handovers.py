"""Shift change 交接 in the room's books: what is left is offered, taken on one by one, else dealt out (A15, B22)."""

from __future__ import annotations

from bot import cases
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.exposure import keep_hold
from bot.handover_cards import given_card, item_line, kept_true, offer_card
from bot.texts import plain, say
from playbooks import aftercare, daily, promises
from playbooks.daily import HandOver, Item, Outcome
from playbooks.model import Refusal
from playbooks.room import MANAGERS, SERVICE, Member

KIND = "handover"


# -- offered ------------------------------------------------------------------------------------------


def offer(person: str, desk: Desk, note: str = "") -> list[Card]:
    """What `person` answers for is offered to those who stay, item by item; `note`: that sentence alone.

    Call it before their held orders return to the queue. Nothing is theirs: nothing is offered.
    """
    items = (Item(kind="note", ref="", text=note),) if note else _theirs(person, desk)
    if not items:
        return []
    whole = desk.books.hand_overs.put(
        HandOver(id=desk.books.new_id("v"), by=person, at=desk.now, items=items)
    )
    desk.note("handover", whole.id, step="offered", count=str(len(items)))
    whole = _wait(whole, desk)
    return [offer_card(whole, m.id, desk) for m in _takers(whole, desk)]


def _theirs(person: str, desk: Desk) -> tuple[Item, ...]:
    promised = (one for one in promises.open_ones(desk.books.promises.scan()) if one.owner == person)
    held = (one for one in desk.books.holds.by("state", "claimed") if one.owner == person)
    return (
        *(
            Item(kind="promise", ref=p.id, text=p.text, order_id=p.order_id, due_at=p.due_at)
            for p in promised
        ),
        *(
            Item(kind="case", ref=c.id, text=str(c.number), order_id=c.order_id, due_at=c.due_at)
            for c in cases.open_of(person, desk)
        ),
        *(Item(kind="hold", ref=h.id, order_id=h.order_id, due_at=h.due_at or h.ship_by) for h in held),
    )


def _wait(whole: HandOver, desk: Desk) -> HandOver:
    """What nobody takes on is dealt out after a while; a time that was set stays."""
    if whole.again_at is not None and whole.again_at > desk.now:
        return whole
    again = desk.now + daily.rules().accept
    desk.later(KIND, again, whole.id)
    return desk.books.hand_overs.put(whole.changed(again_at=again))


def _takers(whole: HandOver, desk: Desk) -> list[Member]:
    """Those on duty who work on orders; only where none is, who is in charge of the room and on duty."""
    there = [m for m in desk.on_duty(*SERVICE) if m.id != whole.by]
    return [m for m in there if not m.may(MANAGERS)] or there


# -- coming in ----------------------------------------------------------------------------------------


def at_sign_in(desk: Desk) -> list[Card]:
    """Who comes back has theirs again; who comes on duty is shown what waits to be taken on (F05)."""
    for whole in desk.books.hand_overs.by("state", "open"):
        if whole.by == desk.me.id:
            _back(_settled(whole, desk), desk)
    return offered(desk)


def offered(desk: Desk) -> list[Card]:
    """What waits for the caller to take on, where they are on duty; what nobody was there for is dealt out from now."""
    known = [_settled(one, desk) for one in daily.still_open(desk.books.hand_overs.by("state", "open"))]
    theirs = [
        one for one in known if desk.me.id in [m.id for m in _takers(one, desk)] and one.state == "open"
    ]
    return [offer_card(_wait(one, desk), desk.me.id, desk) for one in theirs]


def _back(whole: HandOver, desk: Desk) -> None:
    for place, _ in whole.waiting():
        whole = _ended(whole, place, "back", whole.by, desk)


def _settled(whole: HandOver, desk: Desk) -> HandOver:
    """Without what was over before anybody took it on."""
    for place, item in whole.waiting():
        if not _is_open(item, desk):
            whole = daily.end_item(whole, place, "settled", "", desk.now)
            desk.note("handover", whole.id, step="settled", what=item.kind, order_id=item.order_id)
    return desk.books.hand_overs.put(whole)


def _is_open(item: Item, desk: Desk) -> bool:
    if item.kind == "promise":
        promise = desk.books.promises.get(item.ref)
        return promise is not None and promise.kept_at is None
    if item.kind == "case":
        case = desk.books.cases.get(item.ref)
        return case is not None and case.open
    if item.kind == "hold":
        hold = desk.books.holds.get(item.ref)
        return hold is not None and hold.state in ("open", "handed")
    return True


# -- taken on -----------------------------------------------------------------------------------------


def accept(id: str, place: int, desk: Desk) -> list[Card]:
    """The caller takes on one item; it is theirs from now on, and the others' cards show it.

    Raises Refusal `handover.gone`, `handover.taken`, `handover.over`, `case.to_manager`.
    """
    whole = desk.books.hand_overs.get(id)
    if whole is None or not 0 <= place < len(whole.items):
        raise Refusal("handover.gone")
    if to := whole.items[place].to:
        raise Refusal("handover.taken", to=desk.name(to))
    if not _is_open(whole.items[place], desk):
        raise Refusal("handover.over")
    _move(whole.items[place], desk.me.id, desk)
    return kept_true(_settled(_ended(whole, place, "accepted", desk.me.id, desk), desk), desk)


def _ended(whole: HandOver, place: int, outcome: Outcome, to: str, desk: Desk) -> HandOver:
    item = whole.items[place]
    whole = desk.books.hand_overs.put(daily.end_item(whole, place, outcome, to, desk.now))
    desk.note("handover", whole.id, step=outcome, what=item.kind, order_id=item.order_id, to=to)
    if whole.state == "closed":
        desk.books.due.drop(f"{desk.room.id}-d:{KIND}:{whole.id}")
    return whole


def _move(item: Item, to: str, desk: Desk) -> None:
    """The thing itself is `to`'s from now on."""
    if item.kind == "promise" and (promise := desk.books.promises.get(item.ref)):
        desk.books.promises.put(promise.changed(owner=to))
    if item.kind == "case" and (case := desk.books.cases.get(item.ref)) and case.owner != to:
        cases.hand_on(case, to, plain(say(desk.room.lang, "handover.why")), desk)
    if item.kind == "hold" and (hold := desk.books.holds.get(item.ref)):
        keep_hold(aftercare.claim(hold, to), "claim", desk)


# -- dealt out ----------------------------------------------------------------------------------------


def deal(id: str, desk: Desk) -> list[Card]:
    """Nobody took it on: it goes to whoever is on duty; nobody there, who is in charge hears of it once, and it
    waits for the next to sign in."""
    whole = desk.books.hand_overs.get(id)
    if whole is None:
        return []
    whole = _settled(whole, desk)
    there = [m.id for m in _takers(whole, desk)]
    given: dict[str, list[Item]] = {}
    for place, turn in daily.dealt(whole, there):
        item = whole.items[place]
        to = _able(item, turn, desk)
        _move(item, to, desk)
        whole = _ended(whole, place, "given", to, desk)
        given.setdefault(to, []).append(item)
    cards = [given_card(whole, to, items, desk) for to, items in given.items()]
    return [*cards, *kept_true(whole, desk), *_nobody(whole, desk)]


def _able(item: Item, to: str, desk: Desk) -> str:
    """A case only a manager may settle goes to one, on duty if any is (L02)."""
    case = desk.books.cases.get(item.ref) if item.kind == "case" else None
    if case is None or not case.manager_only or desk.member(to).may(MANAGERS):
        return to
    managers = desk.on_duty("manager") or desk.with_role("manager")
    return managers[0].id if managers else case.owner


def _nobody(whole: HandOver, desk: Desk) -> list[Card]:
    if whole.state == "closed" or whole.told_none:
        return []
    desk.books.hand_overs.put(whole.changed(told_none=True))
    said = line("handover.nobody", name=desk.name(whole.by), count=len(whole.waiting()))
    items = [item_line(item, desk) for _, item in whole.waiting()]
    return [tell(m.id, said, items, silent=True, rank="digest") for m in desk.with_role("manager")]
