"""How an unpaid order 待支付订单 becomes a chase, and how exports confirm and settle it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from playbooks.chase.life import sold_on
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase, chase_id, ended, moved
from playbooks.model import Refusal
from playbooks.orders import DEAD, PAID, Order, OrderState


def register(
    known: Chase | None,
    *,
    room: str,
    order_id: str,
    platform: str,
    now: datetime,
    life: timedelta | None = None,
    link_no: int | None = None,
    title: str = "",
    amount: Decimal | None = None,
    note: str = "",
    created_at: datetime | None = None,
    broadcast: str = "",
    state: OrderState | None = None,
) -> Chase:
    """The chase of an order an agent saw unpaid on the platform's desk; a second time fills what was missing.

    `life` bounds the expiry from `created_at` where the line said when, else from `now`, since the order is at
    least that old; an export gives the exact one. `platform`: the room's.
    `state`: what the exports say of the order: platform, buyer, when it was placed, and that one paid or dead needs
    no chase.
    An order that an agent's word alone had ended is open again: this is the newer word.
    Raises Refusal `chase.already_paid` (order_id), `chase.already_closed` (order_id, why), `contacts.opted_out`,
    `contacts.malicious`, `chase.too_old` (placed, at) where it must be dead by when it was placed.
    """
    if state is not None:
        _refuse_settled(state)
        platform, created_at = sold_on(state.platform, platform), state.created_at or created_at
    buyer_key = state.buyer_key if state else ""
    if known is None:
        _refuse_old(order_id, created_at, life, now)
        return Chase(
            id=chase_id(room, order_id), order_id=order_id, platform=platform, source="hand",
            seen_at=now, data_as_of=now, expires_at=(created_at or now) + life if life else None, created_at=created_at,
            link_no=link_no, title=title, amount=amount, note=note, broadcast=broadcast, buyer_key=buyer_key,
        )  # fmt: skip
    if known.on_word:
        known = _reopened(known).changed(data_as_of=now)
    _refuse_ended(known)
    told = {"link_no": link_no, "title": title, "amount": amount, "note": note, "buyer_key": buyer_key}
    if created_at and not known.created_at:  # now it is known when it dies, not only when at the latest
        _refuse_old(order_id, created_at, life, now)  # a slip of the pen must not end what somebody is at
        known = known.changed(expires_at=created_at + life if life else known.expires_at)
    return expire(_filled(known, created_at=created_at, **told), now)


def _refuse_old(order_id: str, placed: datetime | None, life: timedelta | None, now: datetime) -> None:
    if placed is not None and life is not None and placed + life <= now:
        raise Refusal("chase.too_old", order_id=order_id, placed=placed, at=placed + life)


def _refuse_ended(chase: Chase) -> None:
    if chase.state == "paid":
        raise Refusal("chase.already_paid", order_id=chase.order_id)
    if chase.state == "dropped" and chase.closed_why in ("opted_out", "malicious"):
        raise Refusal(f"contacts.{chase.closed_why}", order_id=chase.order_id)
    if not chase.alive:
        raise Refusal("chase.already_closed", order_id=chase.order_id, why=chase.closed_why)


def _refuse_settled(state: OrderState) -> None:
    if state.dead:
        why = state.closed_why or ("refunded" if state.paid else state.status)
        raise Refusal("chase.already_closed", order_id=state.order_id, why=why)
    if state.paid:
        raise Refusal("chase.already_paid", order_id=state.order_id)


def take_in(
    known: Chase | None,
    order: Order,
    *,
    room: str,
    broadcast: str,
    link_no: int | None,
    as_of: datetime,
    life: timedelta | None,
    now: datetime,
    first_time: bool | None = None,
) -> Chase | None:
    """What an export true at `as_of` makes of an order: a new chase, the known one renewed, or None.

    None: the order is not unpaid, or its `life` (None: unknown on this platform) is over. An unpaid order has
    the status and no paid time (PRODUCT, the chase); a file older than a former file only settles it. One that an
    agent had said to be closed, or registered in error, is open again where a newer file shows it unpaid.
    """
    expires_at = order.created_at + life if order.created_at and life else None
    if known is None:
        if not is_unpaid(order) or (expires_at is not None and expires_at <= now):
            return None
        return Chase(
            id=chase_id(room, order.order_id), order_id=order.order_id, platform=order.platform,
            source="file", seen_at=now, data_as_of=as_of, expires_at=expires_at, created_at=order.created_at,
            link_no=link_no, title=_title(order), amount=order.amount, city=order.city,
            phone_tail=order.phone_tail, buyer_key=order.buyer_key, first_time=first_time, broadcast=broadcast,
        )  # fmt: skip
    if known.on_word and _newer(known, as_of) and is_unpaid(order):
        known = _reopened(known)
    if not known.alive or _older(known, as_of):
        return settle(known, order, as_of, now)
    told = {"platform": order.platform, "link_no": link_no, "title": _title(order), "amount": order.amount,
            "city": order.city, "phone_tail": order.phone_tail, "buyer_key": order.buyer_key,
            "created_at": order.created_at, "expires_at": expires_at, "broadcast": broadcast}  # fmt: skip
    if order.platform != known.platform:
        # by hand it was taken for one of the room's platform, and to live as those do
        known = known.changed(expires_at=None)
    known = known.changed(first_time=first_time if known.first_time is None else known.first_time)
    confirmed = known.changed(source="file", **{name: value for name, value in told.items() if value})
    # The age told stays that of the newest word: an agent may have seen it unpaid after the export was made.
    return settle(confirmed, order, max(as_of, known.data_as_of), now)


def is_unpaid(order: Order) -> bool:
    """Whether status and paid time agree that the order is not paid."""
    return order.status == "pending_payment" and order.paid_at is None


def settle(chase: Chase, order: Order, as_of: datetime, now: datetime) -> Chase:
    """`chase` after an export true at `as_of`: paid, lost with why, still open with fresher data, or expired.

    A file older than a former file confirms nothing, but that the order is paid or over is true for ever, and how old
    a file is may only be guessed (`advances`). One older than a registration by hand counts, for a hand sees less than
    the platform knows. A paid time without a dead status is a payment, whatever the status says: nobody is chased
    after paying. Paid stays paid; lost and dropped may only turn paid.
    """
    if chase.state == "paid":
        return chase
    older, as_of = _older(chase, as_of), max(as_of, chase.data_as_of)
    if order.status not in DEAD and (order.status in PAID or order.paid_at):
        at = order.paid_at or as_of
        said = {"answer": None} if chase.on_word else {}
        return ended(chase, "pay", why="paid", at=at, paid_at=order.paid_at, data_as_of=as_of, **said)
    if not chase.alive:
        return chase
    if order.status in DEAD:
        return ended(chase, "lose", why=why_dead(order), at=as_of, paid_at=order.paid_at, data_as_of=as_of)
    return chase if older else expire(chase.changed(data_as_of=as_of), now)


def against(chase: Chase, state: OrderState | None, now: datetime) -> Chase:
    """`chase` as what is known of its order has it now: paid, closed, run out of time, or unchanged.

    Looked at right before each contact, whatever the card in front of the agent still says.
    """
    if state is not None and chase.alive and state.dead:
        why = state.closed_why or ("refunded" if state.paid else state.status)
        return ended(chase, "lose", why=why, at=state.closed_at or state.as_of, paid_at=state.paid_at)
    if state is not None and chase.alive and state.paid:
        return ended(chase, "pay", why="paid", at=state.paid_at or state.as_of, paid_at=state.paid_at)
    return expire(chase, now)


def end_of(
    order: Order, known: OrderState | None, as_of: datetime, life: timedelta | None
) -> tuple[str, datetime | None]:
    """Why a dead order died and when at the latest, as first seen: ("", None) for one that lives.

    An unpaid order is dead once its `life` is over, however late the export that says so.
    """
    if order.status not in DEAD:
        return "", None
    if known is not None and known.dead and known.closed_at:
        return known.closed_why, known.closed_at
    unpaid = order.paid_at is None and order.status != "refunded"
    dies = order.created_at + life if order.created_at and life and unpaid else as_of
    return why_dead(order), min(dies, as_of)


def expire(chase: Chase, now: datetime) -> Chase:
    """`chase` lost as `expired` once its time is over (REQUIREMENTS B07), else unchanged."""
    if chase.alive and chase.expires_at is not None and chase.expired(now):
        return ended(chase, "lose", why="expired", at=chase.expires_at)
    return chase


def _older(chase: Chase, as_of: datetime) -> bool:
    return chase.source == "file" and as_of < chase.data_as_of


def _newer(chase: Chase, as_of: datetime) -> bool:
    return chase.closed_at is not None and as_of > chase.closed_at


def _reopened(chase: Chase) -> Chase:
    """Back in the queue as nobody's; what was done with the buyer is kept."""
    return moved(chase, "reopen", owner="", answer=None, answered_at=None, closed_at=None, closed_why="")


def _filled(chase: Chase, **told: Any) -> Chase:
    missing = {name: value for name, value in told.items() if value and not getattr(chase, name)}
    return chase.changed(**missing) if missing else chase


def _title(order: Order) -> str:
    return next((line.title for line in order.lines if line.title and not line.gift), "")


def why_dead(order: Order) -> str:
    """Who or what ended a dead order: `refunded`, `expired`, `buyer`, else its status."""
    if order.paid_at:
        return "refunded"
    words = rules().closed_by
    reason = order.close_reason.lower()
    if any(word in reason for word in words.expired):
        return "expired"
    if any(word in reason for word in words.buyer):
        return "buyer"
    return order.status
