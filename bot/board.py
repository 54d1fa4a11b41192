"""The group's pinned board and everybody's desk: silent messages edited in place, drawn from committed books.

They are not cards in the outbox: a board is always worth saying as it is now, never as it was. What is stored
is where the message stands and a mark of what it says, so that after a restart only what changed is edited.
"""

from __future__ import annotations

import hashlib
import logging

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import render
from bot.card import Card, Row, button, line, lines
from bot.desk import Desk
from bot.offer import change_line, name_of, offer_lines
from bot.runner import Runner
from bot.worker import Worker
from playbooks import aftercare, announce, chase
from playbooks.announce import Listing
from playbooks.room import CONTROL, Member, Room
from storage.books import RoomBooks
from storage.rows import Line, Sent

log = logging.getLogger(__name__)

CHANGES_SHOWN = 3
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


class Screens:
    """Keeps board and desks true: after each committed unit what changed is edited, the newest state only."""

    def __init__(self, bot: Bot, runner: Runner) -> None:
        self._bot = bot
        self._runner = runner
        self._seen: dict[str, int] = {}
        self.worker = Worker("screens", self._refresh)

    async def _refresh(self) -> None:
        for key in self._runner.store.rooms():
            books = self._runner.view(key)
            if self._seen.get(key) == books.raw.sequence:
                continue
            self._seen[key] = books.raw.sequence
            room = books.room.get(key)
            if room is not None:
                await self._room(room, books)

    async def _room(self, room: Room, books: RoomBooks) -> None:
        nobody = Member(id="", name="")
        desk = Desk(books, self._runner.front(), room, nobody, None, now=self._runner.clock.now())
        await self._show(room, books, "board", room.chat_id, board(desk), pin=True)
        for member in desk.members():
            met = desk.front.people.get(member.id)
            if (
                met
                and met.private
                and met.room == room.id
                and (member.presence != "out" or books.sent.get(f"desk:{member.id}"))
            ):
                await self._show(
                    room, books, f"desk:{member.id}", int(member.id), my_desk(member, desk), pin=False
                )

    async def _show(
        self, room: Room, books: RoomBooks, key: str, chat_id: int, card: Card, *, pin: bool
    ) -> None:
        text = render.text_html(card, room.lang)
        keyboard = render.keyboard(card, room.lang, room.id)
        mark = hashlib.sha256(f"{text}\n{keyboard.to_json() if keyboard else ''}".encode()).hexdigest()[:16]
        stands = books.sent.get(key)
        if stands and stands.text_mark == mark and stands.chat_id == chat_id:
            return
        try:
            sent = await self._edit(stands, text, keyboard) if stands and stands.chat_id == chat_id else None
            sent = sent or await self._send(room, key, chat_id, text, keyboard, pin=pin)
        except Forbidden:
            log.info("%s of %s cannot be shown: the chat is closed", key, room.id)
            return
        except TelegramError as error:
            log.warning("%s of %s is not shown now: %s", key, room.id, error)
            self._seen.pop(room.id, None)  # looked at again with the next tick
            return
        done = sent.changed(text_mark=mark)
        await self._runner.unit(room.id, lambda raw: RoomBooks(raw).sent.put(done))

    async def _edit(self, stands: Sent, text: str, keyboard: InlineKeyboardMarkup | None) -> Sent | None:
        try:
            await self._bot.edit_message_text(
                text, stands.chat_id, stands.message_id, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        except BadRequest as error:
            if any(one in error.message.lower() for one in GONE):
                return None
            if "not modified" not in error.message.lower():
                raise
        return stands.changed(edited_at=self._runner.clock.now())

    async def _send(
        self,
        room: Room,
        key: str,
        chat_id: int,
        text: str,
        keyboard: InlineKeyboardMarkup | None,
        *,
        pin: bool,
    ) -> Sent:
        thread = room.topics.get("announce", 0) if pin else 0
        message = await self._bot.send_message(
            chat_id, text, parse_mode=ParseMode.HTML, reply_markup=keyboard, disable_notification=True,
            message_thread_id=thread or None,
        )  # fmt: skip
        if pin:
            try:
                await self._bot.pin_chat_message(chat_id, message.message_id, disable_notification=True)
            except TelegramError as error:
                log.warning("the board of %s is not pinned: %s", room.id, error)
        return Sent(
            id=key,
            chat_id=chat_id,
            thread=thread,
            message_id=message.message_id,
            sent_at=self._runner.clock.now(),
        )


def _head(desk: Desk) -> list[Line]:
    """The line that suffices alone: on air now and next."""
    here, listing = desk.broadcast(), desk.on_air()
    if here is None:
        return [line("board.none", shop=desk.room.shop)]
    after = announce.following(desk.listings(), here.on_air)
    following = (
        line("board.next", product=name_of(after))
        if after and here.stage in ("live", "closing", "planned")
        else None
    )
    if listing is None:
        return list(
            lines(line(f"board.{here.stage}", shop=desk.room.shop, day=f"{here.opened_on:%m-%d}"), following)
        )
    now = line("board.on_air", product=name_of(listing), price=listing.offer.live_price)
    return list(lines(now, following, _short_offer(listing)))


def _short_offer(listing: Listing) -> list[Line]:
    return [
        one
        for one in offer_lines(listing)
        if one.key.startswith("promo.")
        or one.key in ("air.gift", "air.stock", "air.sold_out", "air.sold_out_for")
    ]


def _changes(desk: Desk) -> list[Line]:
    here = desk.broadcast()
    recent = sorted(desk.books.notices.by("broadcast", here.id) if here else [], key=lambda n: n.at)[
        -CHANGES_SHOWN:
    ]
    return [
        line(
            "board.change",
            at=desk.clock(n.at),
            number=n.link_no,
            changes=tuple(change_line(c) for c in n.changes),
        )
        for n in reversed(recent)
    ]


def board(desk: Desk) -> Card:
    """The group's board: on air, latest changes, who is on duty, how much work waits. No order, no person's work."""
    there = "、".join(m.name for m in desk.on_duty()) or "—"
    waiting = chase.due((c for s in chase.ALIVE for c in desk.books.chases.by("state", s)), desk.now, 100_000)
    held = aftercare.may_wrap(desk.books.holds.scan())
    follow_ups = len(desk.books.follow_ups.by("state", "open"))
    work = line("board.work", chases=len(waiting), holds=len(held), followups=follow_ups)
    return Card(lines=lines(_head(desk), _changes(desk), line("board.there", names=there), work))


def my_desk(member: Member, desk: Desk) -> Card:
    """One person's desk; for ops with the pad: next, price, gift out, sold out, back, closing, off."""
    mine = [
        c
        for s in chase.ALIVE
        for c in desk.books.chases.by("state", s)
        if c.owner == member.id and (c.held(desk.now) or c.state == "waiting")
    ]
    holds = [h for h in aftercare.open_holds(desk.books.holds.scan()) if h.owner == member.id]
    items = [i for i in desk.books.follow_ups.by("state", "claimed") if i.owner == member.id]
    waiting = len(
        chase.due((c for s in chase.ALIVE for c in desk.books.chases.by("state", s)), desk.now, 100_000)
    )
    due = min(
        (
            m
            for m in [*(c.expires_at for c in mine), *(h.ship_by for h in holds), *(i.due_at for i in items)]
            if m
        ),
        default=None,
    )
    head = _head(desk)
    named = [line("board.desk_head", shop=desk.room.shop, text=head[0]), *head[1:]]
    work = line(
        "board.mine",
        chases=len(mine),
        holds=len(holds),
        followups=len(items),
        due=desk.clock(due),
        waiting=waiting,
    )
    unknown = [n for n in _open_notices(desk) if member.id in n.waiting_for()]
    asks = [line("board.please_know", number=n.link_no) for n in unknown]
    rows = (
        *((button("notice.known_one", f"known {n.id}", number=n.link_no),) for n in unknown[:3]),
        *_pad(member, desk),
    )
    return Card(lines=lines(named, asks, _changes(desk), work), buttons=rows)


def _open_notices(desk: Desk) -> list[announce.Notice]:
    here = desk.broadcast()
    return [n for n in desk.books.notices.by("broadcast", here.id) if not n.superseded] if here else []


def _pad(member: Member, desk: Desk) -> tuple[Row, ...]:
    """Ops work with one hand: the next product by name on top; for the others what they do most."""
    here = desk.broadcast()
    if here is None or not member.may(CONTROL):
        return (
            ((button("chase.take_next", "chase"), button("pad.now", "now")),)
            if member.may(frozenset(["agent"]))
            else ()
        )
    if here.stage == "planned":
        return ((button("pad.live", "live"),),)
    if here.stage == "ended":
        return ()
    after = announce.following(desk.listings(), here.on_air)
    rows: list[Row] = [(button("pad.next", f"on {after.link_no}", product=name_of(after)),)] if after else []
    if here.on_air is not None:
        # The number rides along: a press on a pad that is just being edited still means the product it showed.
        n = here.on_air
        rows.append(
            (
                button("pad.price", f"price {n} ?"),
                button("pad.gift_out", f"giftout {n}"),
                button("pad.sold_out", f"soldout {n}"),
            )
        )
        rows.append((button("pad.back", f"back {n}"),))
    ending = button("pad.closing", "closing") if here.stage == "live" else button("pad.off", "off")
    rows.append((ending,))
    return tuple(rows)
