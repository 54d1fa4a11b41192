"""Runs a call: finds the command, opens the unit, lets the duty decide, stores what is to be said.

One unit holds whole or not at all: state, journal, outgoing cards, due rows and the id of the handled update.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot import binding, choosing, people, refusals
from bot.call import Call
from bot.card import Card, Row, line
from bot.clock import Clock
from bot.desk import Desk, FrontDesk
from bot.duty import Command, DutySpec, FileKind, FrontCommand, refuse_twins
from bot.hints import first_use
from bot.posting import ANSWER, outgoing, post
from bot.units import Units
from playbooks import in_force
from playbooks.model import Refusal
from playbooks.room import Member, Room
from playbooks.runsheet import is_pasted
from storage.books import DeskBooks, RoomBooks
from storage.rows import Dialogue, Handled, Outgoing
from storage.store import DESK, Books, NotSaved, Shelf, Store
from storage.vault import NO_KEYS, Vault

log = logging.getLogger(__name__)
T = TypeVar("T")

ORDER = re.compile(r"[A-Za-z]?\d{12,24}|\d{6}-\d{12,18}")
"""Order numbers as platforms write them; a mobile has eleven digits."""
NUMBER = re.compile(r"#?\d{1,3}(号|号链接)?")


@dataclass(frozen=True)
class Reply:
    """What goes back to the caller at once: toasts, and the answers of commands that only read."""

    toasts: tuple[Card, ...] = ()
    answers: tuple[Outgoing, ...] = ()
    follow: Call | None = None
    """What to do once the answer is out."""


def _said_plainly(text: str) -> str:
    """The command a text without one stands for. Raises Refusal `common.not_understood`."""
    if in_force.is_time(text):
        return "now"
    if ORDER.fullmatch(text):
        return "number"
    if NUMBER.fullmatch(text):
        return "p"
    if is_pasted(text):
        return "sheet"
    raise Refusal("common.not_understood")


class _SaidAgain(Exception):
    """The call's unit was committed before: it is dropped whole, and what it would have said is said again."""

    def __init__(self, cards: list[Card]) -> None:
        self.cards = cards


class Runner:
    """The duties at work on the store."""

    post = staticmethod(post)

    def __init__(
        self,
        store: Store,
        clock: Clock,
        duties: Iterable[DutySpec],
        owners: frozenset[str],
        vault: Vault = NO_KEYS,
    ) -> None:
        self.store = store
        self.vault = vault
        self.clock = clock
        self.duties = tuple(duties)
        self.owners = owners
        self.commands: dict[str, Command] = {c.name: c for duty in self.duties for c in duty.commands}
        self.front_commands: dict[str, FrontCommand] = {c.name: c for duty in self.duties for c in duty.front}
        refuse_twins(self.duties)
        self.files: dict[str, FileKind] = {f.kind: f for duty in self.duties for f in duty.files}
        self.units = Units(store)
        self._heard = refusals.Heard(clock)

    # -- books ---------------------------------------------------------------------------------------

    def front(self) -> DeskBooks:
        """The desk's books as committed."""
        return DeskBooks(self.store.view(DESK))

    def view(self, room: str) -> RoomBooks:
        """A room's books as committed."""
        return RoomBooks(self.store.view(room))

    def room(self, key: str) -> Room | None:
        """The room with this short key."""
        return self.view(key).room.get(key) if key in self.store.rooms() else None

    async def unit(
        self, room: str, fn: Callable[[Books], T], *, durable: bool = True, quiet: bool = False
    ) -> T:
        """A unit of work off the event loop; see units.Units.run."""
        return await self.units.run(room, fn, durable=durable, quiet=quiet)

    def first_time(self, handled: Shelf[Handled], mark: str) -> bool:
        """In a unit: whether nothing was committed under `mark` yet; from now on something is."""
        if handled.get(mark):
            return False
        handled.put(Handled(id=mark, at=self.clock.now()))
        return True

    def _committed(self, call: Call) -> bool:
        """Whether the call's unit holds already, in whatever room: the person's current one may have changed."""
        rooms = (self.view(key).handled for key in self.store.rooms())
        return any(handled.get(call.mark) for handled in rooms)

    def close(self) -> None:
        """Wait for units under way."""
        self.units.close()

    # -- people --------------------------------------------------------------------------------------

    async def meet(self, call: Call) -> None:
        """Remember who this is, that their private chat is open, and which room they last worked in."""
        if call.anonymous:
            return
        known = self.front().people.get(call.who.id)
        if people.met(known, call) == known:
            return
        try:
            await self.unit(DESK, lambda raw: people.meet(DeskBooks(raw), call))
        except NotSaved as error:
            log.warning("who was met is not remembered: %s", error)  # met again with their next words

    def member(self, books: RoomBooks, person: str, name: str) -> Member:
        """The person in this room: owners are managers everywhere, others what `/role` made them."""
        member = books.members.get(person) or Member(id=person, name=name)
        if person in self.owners and "manager" not in member.roles:
            member = member.changed(roles=("manager", *member.roles))
        return member

    def may(self, call: Call) -> bool:
        """Whether the caller holds a role that may run the call's command in its room."""
        command = self.commands.get(call.command)
        if command is None or not call.room:
            return command is None
        member = self.member(self.view(call.room), call.who.id, call.who.name)
        return bool(member.roles) and member.may(command.roles)

    # -- calls ---------------------------------------------------------------------------------------

    async def run(self, call: Call) -> Reply:
        """Do what `call` asks, unless that was committed before a crash. A Refusal becomes the answer, and so does
        a disk that takes nothing; nothing of its unit is kept."""
        if self._committed(call):
            return Reply()
        try:
            call = await self._resolve(call)
            if call.command == "setup":
                return await self._set_up(call)
            if call.command in self.front_commands:
                return await self._run_front(call, self.front_commands[call.command])
            return await self._run_in_room(call)
        except Refusal as refusal:
            return self._refused(call, refusal, await self._choices(call, refusal))
        except NotSaved as error:
            log.error("a call of /%s was not saved: %s", call.command, error)
            return self._refused(call, refusals.not_saved(error))

    async def _resolve(self, call: Call) -> Call:
        """Plain text in private: an answer to an open question, a product's number, a pasted sheet, or not understood.

        Whatever else a person asks for cancels the question: a number typed later is a look-up again.
        """
        asked = self._question(call)
        if call.command == choosing.PICK:
            return choosing.picked(call, asked, self.clock.now())
        if call.command != "answer":
            if asked and call.via != "follow" and self.may(call):  # what is refused leaves the question open
                await self._cancel(*asked, call)
            return call
        if asked and asked[1].until > self.clock.now():
            return choosing.answered(call.to(room=asked[0]), asked[1])
        return call.to(command=_said_plainly(call.args), via="word")

    def replied(self, call: Call) -> Call | None:
        """What a text that replies to a card of the bot's stands for; None where it does not, or is talk in a group."""
        if call.command != "answer" or not call.reply_to:
            return None
        for key in self.store.rooms() if call.private else [call.room] if call.room else []:
            looks = (duty.replied for duty in self.duties if duty.replied)
            words = next((said for look in looks if (said := look(call, self.view(key)))), "")
            if words:
                command, _, args = words.partition(" ")
                return call.to(command=command, args=f"{args} {call.args}".strip(), room=key)
        return None

    async def _cancel(self, key: str, question: Dialogue, call: Call) -> None:
        """Once: handled again after a crash, the call must not cancel a question that was put since."""

        def unit(raw: Books) -> None:
            books = RoomBooks(raw)
            if self.first_time(books.handled, f"{call.mark}:cancel"):
                books.dialogues.drop(question.id)

        try:
            await self.unit(key, unit)
        except NotSaved as error:
            log.warning("a question stays open: %s", error)  # what only reads is done all the same

    def _question(self, call: Call) -> tuple[str, Dialogue] | None:
        """The newest open question put to the caller, in whichever room it was: questions are asked in private."""
        id = f"{call.who.id}:{call.who.id}"
        found = [(key, d) for key in self.store.rooms() if (d := self.view(key).dialogues.get(id))]
        return max(found, key=lambda one: one[1].until, default=None)

    async def _choices(self, call: Call, refusal: Refusal) -> tuple[Row, ...]:
        """The products that may be meant, to be picked by a press; none where they cannot be saved."""
        question = choosing.waiting(call, refusal, self.clock.now())
        if question is None or not call.room:
            return ()
        try:
            await self.unit(call.room, lambda raw: RoomBooks(raw).dialogues.put(question))
        except NotSaved as error:
            log.warning("a question is not put: %s", error)  # the refusal says how to go on without
            return ()
        return choosing.buttons(question, refusal)

    def _refused(self, call: Call, refusal: Refusal, buttons: tuple[Row, ...] = ()) -> Reply:
        room = self.room(call.room) if call.room else None
        said = refusals.said(refusal, room, self.view(room.id) if room else None, self.clock.now())
        if call.press_id:
            return Reply(toasts=(Card(lines=(said,), toast=True, alert=True),))
        if self._is_stranger(call) and self._heard.lately(call.chat_id, refusal.key):
            return Reply()
        card = Card(lines=(said,), buttons=buttons, person=call.who.id)
        return Reply(answers=(outgoing(call, card, ANSWER, self.clock.now()),))

    def _is_stranger(self, call: Call) -> bool:
        """In a group, somebody without a role there whom no private answer reaches."""
        met = self.front().people.get(call.who.id)
        if call.private or call.who.id in self.owners or (met and met.private):
            return False
        return not (call.room and self.member(self.view(call.room), call.who.id, call.who.name).roles)

    async def _run_in_room(self, call: Call) -> Reply:
        command = self.commands.get(call.command)
        if command is None:
            raise Refusal("common.unknown_command", word=call.command[:20])
        if not call.room or self.room(call.room) is None:
            raise Refusal("common.no_room")
        met = self.front().people.get(call.who.id)
        if command.private and not (met and met.private):
            raise Refusal("common.private_first")
        if command.reads:
            desk = self._desk(self.view(call.room), call, command)
            slow = command.slow
            cards = await asyncio.to_thread(command.run, call, desk) if slow else command.run(call, desk)
            reply = self._reply(call, cards)
            words = command.follow(call, desk) if command.follow else ""
            return (
                replace(
                    reply,
                    follow=call.to(command=words.split()[0], args=words.partition(" ")[2], via="follow"),
                )
                if words
                else reply
            )
        return await self.unit(call.room, lambda raw: self._unit(RoomBooks(raw), call, command))

    async def for_room(self, key: str, fn: Callable[[Desk], None], mark: str) -> None:
        """Do something in a room that nobody asked for, once under `mark`: `fn` has the room's desk in a unit."""

        def unit(raw: Books) -> None:
            books = RoomBooks(raw)
            room = books.room.get(key)
            if room is not None and self.first_time(books.handled, mark):
                nobody = Member(id="", name="")
                fn(Desk(books, self.front(), room, nobody, None, now=self.clock.now()))

        await self.unit(key, unit)

    def _desk(self, books: RoomBooks, call: Call, command: Command) -> Desk:
        room = books.room.get(call.room)
        assert room is not None
        me = self.member(books, call.who.id, call.who.name)
        if not me.roles:
            raise Refusal("common.no_role")
        if not me.may(command.roles):
            needed = tuple(line(f"role.{role}") for role in sorted(command.roles))
            raise Refusal("common.role_missing", roles=needed)
        return Desk(books, self.front(), room, me, call, now=self.clock.now(), vault=self.vault)

    def _unit(self, books: RoomBooks, call: Call, command: Command) -> Reply:
        if not self.first_time(books.handled, call.mark):
            return Reply()  # this very update was committed before a restart
        desk = self._desk(books, call, command)
        if call.via == "reply":
            books.dialogues.drop(f"{call.who.id}:{call.who.id}")  # answered, unless the answer is refused
        cards = [*command.run(call, desk), *first_use(call, desk)]
        if call.via == "follow":
            cards = [c for c in cards if not c.toast]  # nobody pressed anything
        toasts = tuple(c for c in cards if c.toast and call.press_id)
        self.post(books, [c for c in cards if c not in toasts], desk.now, call)
        return Reply(toasts=toasts)

    def _reply(self, call: Call, cards: list[Card]) -> Reply:
        toasts = tuple(c for c in cards if c.toast and call.press_id)
        rest = (c for c in cards if c not in toasts)
        now = self.clock.now()
        return Reply(toasts, tuple(outgoing(call, c, ANSWER, now) for c in rest))

    async def _run_front(self, call: Call, command: FrontCommand) -> Reply:
        now, rooms = self.clock.now(), self._rooms_of(call)

        def unit(raw: Books) -> list[Card]:
            books = DeskBooks(raw)
            cards = command.run(call, FrontDesk(books, call, now, rooms))
            if not self.first_time(books.handled, call.mark):
                raise _SaidAgain(cards)
            return cards

        try:
            cards = await self.unit(DESK, unit)
        except _SaidAgain as before:
            cards = before.cards
        return self._reply(call, cards)

    def _rooms_of(self, call: Call) -> dict[str, str]:
        rooms = (room for key in self.store.rooms() if (room := self.room(key)))
        return {
            room.id: room.shop
            for room in rooms
            if self.member(self.view(room.id), call.who.id, call.who.name).roles
        }

    async def _set_up(self, call: Call) -> Reply:
        """`/setup` works above and in the room: first the group is bound, then the room's record is made."""
        if call.who.id not in self.owners:
            raise Refusal("setup.owner_only", id=call.who.id)
        asked = binding.read_setup(call, self.clock.now())
        key = await self.unit(DESK, lambda raw: binding.bind(DeskBooks(raw), call.chat_id))
        reply = await self.unit(
            key, lambda raw: self._settle_in(RoomBooks(raw), call.to(room=key), asked.changed(id=key))
        )
        await self.unit(DESK, lambda raw: binding.made(DeskBooks(raw), call.chat_id))
        return reply

    def _settle_in(self, books: RoomBooks, call: Call, asked: Room) -> Reply:
        if not self.first_time(books.handled, call.mark):
            return Reply()
        known = books.room.get(asked.id)
        if known:
            asked = known.changed(
                shop=asked.shop, platform=asked.platform, zone=asked.zone, lang=asked.lang, forum=asked.forum
            )
        me = self.member(books, call.who.id, call.who.name)
        desk = Desk(books, self.front(), asked, me, call, now=self.clock.now())
        self.post(books, binding.settle_in(call, desk), desk.now, call)
        return Reply()
