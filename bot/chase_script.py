"""What the buyer of an unpaid order is told: which text, and word for word as it is copied."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.card import COPIED
from bot.texts import plain, say
from playbooks import chase, contacts, quick
from playbooks.broadcast import business_day
from playbooks.chase import Chase
from playbooks.room import Room
from storage.books import RoomBooks


def script_for(one: Chase, books: RoomBooks, room: Room, now: datetime) -> str | None:
    """The key of the text to say that this buyer has not been told yet; None where there is none."""
    ledger = books.contacts.get(contacts.ledger_id(room.id, one.buyer_key, one.order_id))
    return chase.script_key(
        one, ledger.texts if ledger else (), consulted=_has_spoken(one, books),
        cutoff=bool(_cutoff(books, room, now)),
    )  # fmt: skip


def script_text(script: str, one: Chase, books: RoomBooks, room: Room, now: datetime) -> str:
    """The text with the key `script`; a silent order's with the product's link behind it, where the run sheet has one
    (REQUIREMENTS C22) and a button can copy both."""
    said = plain(say(room.lang, script, cutoff=_cutoff(books, room, now)))
    link = _link(one, books) if chase.is_silent(script) else ""
    whole = f"{said} {link}" if link else said
    return whole if len(whole) <= COPIED else said


def _has_spoken(one: Chase, books: RoomBooks) -> bool:
    """Whether the buyer has spoken to the shop about the order: something was promised or noted (REQUIREMENTS C20)."""
    return bool(books.promises.count("order_id", one.order_id) or books.notes.count("order_id", one.order_id))


def _cutoff(books: RoomBooks, room: Room, now: datetime) -> str:
    """Until when what is paid leaves today, as stated today and still ahead; else '' (REQUIREMENTS C21)."""
    stated = quick.in_force(books.ready_answers.scan(), now).get("cutoff", "")
    here = now.astimezone(ZoneInfo(room.zone))
    ahead = stated and here.date() == business_day(now, ZoneInfo(room.zone)) and _clock(stated) > here.time()
    return stated if ahead else ""


def _clock(stated: str) -> time:
    hour, minute = stated.split(":")
    return time(int(hour), int(minute))


def _link(one: Chase, books: RoomBooks) -> str:
    sold = (each for each in books.listings.by("broadcast", one.broadcast) if each.link_no == one.link_no)
    return next((each.product.url for each in sold), "")
