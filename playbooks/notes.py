"""Order notes 订单备注: a buyer's special request, flagged and written on the platform, then done in the ERP.

Red flag, remark, save, in that order and both (REQUIREMENTS B26); a note is over only once the warehouse has done it
in the ERP, or it was withdrawn (B25).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from playbooks.clipboard import copied
from playbooks.model import Document, Model, Moment, Refusal
from playbooks.orders import TO_SHIP, OrderState
from playbooks.privacy import checked_note
from playbooks.rulebook import load

NoteKind = Literal["address", "spec", "carrier", "other"]
"""改地址 · 改规格 · 指定快递 · 特别要求."""
State = Literal["new", "queued", "done", "withdrawn"]
"""`new`: not flagged and written yet; `queued`: waits for the warehouse."""
OPEN: frozenset[State] = frozenset(["new", "queued"])
_ORDER = re.compile(r"[\dA-Za-z-]{6,40}")


class Kind(Model):
    """What people type for it, what the remark calls it, and whether it needs a sentence."""

    words: tuple[str, ...]
    said: str
    text: bool


class Rules(Model):
    """`data/notes.toml`."""

    source: str
    flag: str
    remark: str
    longest: int
    remind_minutes: int
    reminders: int
    group_first: tuple[str, ...]
    group_hours: int
    kinds: dict[NoteKind, Kind]

    @property
    def remind(self) -> timedelta:
        """How long a note may wait before somebody is reminded."""
        return timedelta(minutes=self.remind_minutes)


def rules() -> Rules:
    """The rules as shipped."""
    shipped: Rules = load("notes", Rules)
    return shipped


class Note(Document):
    """`text`: what is to be done, free of personal fields; '' for an address, which stands on the platform alone."""

    order_id: str
    kind: NoteKind
    text: str
    by: str
    at: Moment
    broadcast: str = ""
    state: State = "new"
    group_unknown: bool = False
    """The platform groups buyers, and nobody has said yet whether this order's group is complete."""
    flagged_at: Moment | None = None
    remarked_at: Moment | None = None
    done_at: Moment | None = None
    done_by: str = ""


class Typed(Model):
    """A note as somebody typed it; `kind` None where they named none."""

    order_id: str
    kind: NoteKind | None
    text: str


def read(typed: str) -> Typed:
    """`6917… 指定快递 顺丰`, `6917… 改地址`, `6917…`; a sentence without a kind is a special request.

    Raises Refusal `note.usage`, `note.address_text`, `note.long` (most), `common.personal_note`.
    """
    order_id, _, rest = " ".join(typed.split()).partition(" ")
    if not _ORDER.fullmatch(order_id):
        raise Refusal("note.usage")
    word, _, text = rest.partition(" ")
    kind = next((name for name, known in rules().kinds.items() if word in known.words), None)
    if kind is None and rest:
        kind, text = "other", rest
    if kind == "address" and text:
        raise Refusal("note.address_text")
    if len(text) > rules().longest:
        raise Refusal("note.long", most=rules().longest)
    return Typed(order_id=order_id, kind=kind, text=checked_note(text))


def grouped(platform: str, known: OrderState | None) -> bool | None:
    """Whether the order's group is complete 已成团; True where the platform has no groups, None where nobody knows.

    An export shows an order as to be shipped only once it is (REQUIREMENTS B27, B29).
    """
    if platform not in rules().group_first:
        return True
    if known is None or known.status == "unknown":
        return None
    return known.status != "pending_payment"


def check_open(known: OrderState | None) -> None:
    """Raises Refusal `note.over` for an order that is closed or refunded, `note.shipped` for one that has left."""
    if known is None:
        return
    if known.dead:
        raise Refusal("note.over", order_id=known.order_id)
    if known.paid and known.status not in TO_SHIP:
        raise Refusal("note.shipped", order_id=known.order_id)


def remark(note: Note, nick: str, now: datetime, zone: tzinfo) -> str:
    """`MM-DD HH:MM 昵称 指定快递：顺丰` in room time, to copy onto the platform's desk."""
    detail = f"：{note.text}" if note.text else ""
    said = rules().remark.format(
        when=f"{now.astimezone(zone):%m-%d %H:%M}", nick="".join(nick.split()), kind=rules().kinds[note.kind].said,
        detail=detail,
    )  # fmt: skip
    return copied(said)


def flag(note: Note, now: datetime) -> Note:
    """The red flag is set 已点红旗. Raises Refusal `note.closed`; twice counts once."""
    _still(note)
    return note if note.flagged_at else note.changed(flagged_at=now)


def written(note: Note, now: datetime) -> Note:
    """The remark is written and saved: the warehouse's from now on.

    Raises Refusal `note.flag_first` without the flag (REQUIREMENTS B26), `note.closed`.
    """
    _still(note)
    if note.flagged_at is None:
        raise Refusal("note.flag_first", order_id=note.order_id)
    return note if note.remarked_at else note.changed(remarked_at=now, state="queued")


def done(note: Note, who: str, now: datetime) -> Note:
    """Done in the ERP 已在ERP处理. Raises Refusal `note.not_written` (order_id), `note.closed`."""
    _still(note)
    if note.state != "queued":
        raise Refusal("note.not_written", order_id=note.order_id)
    return note.changed(state="done", done_at=now, done_by=who)


def withdraw(note: Note) -> Note:
    """The buyer wants it no more, or it cannot be done. Raises Refusal `note.closed`."""
    _still(note)
    return note.changed(state="withdrawn")


def waiting(notes: Iterable[Note]) -> list[Note]:
    """Those that are open, the oldest first."""
    return sorted((one for one in notes if one.state in OPEN), key=lambda one: (one.at, one.id))


def _still(note: Note) -> None:
    if note.state not in OPEN:
        raise Refusal("note.closed", order_id=note.order_id)
