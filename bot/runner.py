"""Runs a call: finds the command, opens the unit, lets the duty decide, stores what is to be said.

One unit holds whole or not at all: state, journal, outgoing cards, due rows and the id of the handled update.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot import choosing, open_questions, people, plain_words, refusals
from bot.call import Call
from bot.card import Card, Row, line
from bot.clock import Clock
from bot.desk import Desk, FrontDesk
from bot.duty import Command, DutySpec, FileKind, FrontCommand, refuse_twins
from bot.hints import first_use
from bot.passwords import Passwords
from bot.posting import ANSWER, outgoing, post
from bot.rooms import Rooms
from bot.setting_up import set_up
from bot.which_room import INTO, WhichRoom, done_here
from playbooks.broadcast import current
from playbooks.model import Refusal
from storage.books import DeskBooks, RoomBooks
from storage.rows import Outgoing
from storage.store import DESK, Books, NotSaved, Store
from storage.vault import NO_KEYS, Vault

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reply:
    """What goes back to the caller at once: toasts, and the answers of commands that only read."""

    toasts: tuple[Card, ...] = ()
    answers: tuple[Outgoing, ...] = ()
    follow: Call | None = None
    """What to do once the answer is out."""


class _SaidAgain(Exception):
    """The call's unit was committed before: it is dropped whole, and what it would have said is said again."""

    def __init__(self, cards: list[Card]) -> None:
        self.cards = cards


class Runner(Rooms):
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
        super().__init__(store, clock, owners, vault)
        self.duties = tuple(duties)
        self.commands: dict[str, Command] = {c.name: c for duty in self.duties for c in duty.commands}
        self.front_commands: dict[str, FrontCommand] = {c.name: c for duty in self.duties for c in duty.front}
        refuse_twins(self.duties)
        self.files: dict[str, FileKind] = {f.kind: f for duty in self.duties for f in duty.files}
        self.passwords = Passwords()
        self.sheet_address = ""
        """Of the bot's account with Google, where it has one."""
        self._heard = refusals.Heard(clock)
        self._where = WhichRoom()

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
        if self.committed(call):
            return Reply()
        try:
            call = await self._resolve(call)
            if call.command == "setup":
                await set_up(self, call)
                return Reply()
            if call.command in self.front_commands:
                return await self._run_front(call, self.front_commands[call.command])
            return await self._run_in_room(call)
        except Refusal as refusal:
            return self._refused(call, refusal, await open_questions.choices(self, call, refusal))
        except NotSaved as error:
            log.error("a call of /%s was not saved: %s", call.command, error)
            return self._refused(call, refusals.not_saved(error))

    async def _resolve(self, call: Call) -> Call:
        """Plain text in private: an answer to an open question, a product's number, a pasted sheet, or not understood.

        Whatever else a person asks for cancels the question: a number typed later is a look-up again.
        """
        if call.command == INTO:
            meant = self._where.said(call, self.clock.now())
            await self._works_in(meant)
            return meant
        asked = open_questions.newest(self, call)
        if call.command == choosing.PICK:
            return choosing.picked(call, asked, self.clock.now())
        if call.command != "answer":
            if asked and call.via != "follow" and self.may(call):  # what is refused leaves the question open
                await open_questions.cancel(self, *asked, call)
            return call
        if asked and asked[1].until > self.clock.now():
            return choosing.answered(call.to(room=asked[0]), asked[1])
        if call.file:  # a photo nobody asked for
            return call.to(command="picture", via="file")
        room = self.room(call.room) if call.room else None
        books = self.view(room.id) if room else None
        return plain_words.as_call(call, room, books, self.clock.now())

    async def _works_in(self, call: Call) -> None:
        """The room a person picked is their current one, as by `/room`."""
        try:
            await self.unit(DESK, lambda raw: people.work_in(DeskBooks(raw), call.who.id, call.room))
        except NotSaved as error:
            log.warning("the room picked is not remembered: %s", error)  # they are asked again

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
            self._was_here(call)
            words = command.follow(call, desk) if command.follow else ""
            return (
                replace(
                    reply,
                    follow=call.to(command=words.split()[0], args=words.partition(" ")[2], via="follow"),
                )
                if words
                else reply
            )
        # A button carries its room.
        live = self._live_rooms(call, command) if call.private and not call.press_id else {}
        if not self._where.is_plain(call, live, self.clock.now()):
            asked = self._where.ask(call, live, self.clock.now())
            return Reply(answers=(outgoing(call, asked, ANSWER, self.clock.now()),))
        names = len(live) > 1
        worked = await asyncio.to_thread(self._ahead, call, command) if command.ahead else None
        reply = await self.unit(
            call.room, lambda raw: self._unit(RoomBooks(raw), call, command, worked, names=names)
        )
        self._was_here(call)
        return reply

    def _ahead(self, call: Call, command: Command) -> object:
        """What the command works out before its unit, on the books as they stand."""
        assert command.ahead
        return command.ahead(call, self._desk(self.view(call.room), call, command))

    def _was_here(self, call: Call) -> None:
        """What is typed next in private means the same room, and a question which one is over."""
        if call.private and call.via != "follow":
            self._where.was_in(call.who.id, call.room, self.clock.now())
            self._where.forget(call.who.id)

    def _live_rooms(self, call: Call, command: Command) -> dict[str, str]:
        """The rooms on air in which the caller may do this: short key -> shop."""
        found = {}
        for key, shop in self.rooms_of(call).items():
            books = self.view(key)
            here = current(list(books.broadcasts.scan()))
            if here and here.stage in ("live", "closing") and self.may(call.to(room=key)):
                found[key] = shop
        return found

    def _desk(self, books: RoomBooks, call: Call, command: Command) -> Desk:
        room = books.room.get(call.room)
        assert room is not None
        me = self.member(books, call.who.id, call.who.name)
        if not me.roles:
            raise Refusal("common.no_role")
        if not me.may(command.roles):
            needed = tuple(line(f"role.{role}") for role in sorted(command.roles))
            raise Refusal("common.role_missing", roles=needed)
        return Desk(
            books, self.front(), room, me, call, now=self.clock.now(), vault=self.vault,
            passwords=self.passwords, sheet_address=self.sheet_address,
        )  # fmt: skip

    def _unit(self, books: RoomBooks, call: Call, command: Command, worked: object, *, names: bool) -> Reply:
        """`worked`: what was worked out ahead; `names`: the caller works in several rooms, so that some answer of this
        one has to reach them."""
        if not self.first_time(books.handled, call.mark):
            return Reply()  # this very update was committed before a restart
        desk = self._desk(books, call, command)
        desk.ahead = worked
        if call.via == "reply":
            books.dialogues.drop(f"{call.who.id}:{call.who.id}")  # answered, unless the answer is refused
        cards = [*command.run(call, desk), *first_use(call, desk)]
        if call.via == "follow":
            cards = [c for c in cards if not c.toast]  # nobody pressed anything
        elif names and not any(c.toast or c.person == call.who.id for c in cards):
            cards.append(done_here(call))
        toasts = tuple(c for c in cards if c.toast and call.press_id)
        self.post(books, [c for c in cards if c not in toasts], desk.now, call)
        return Reply(toasts=toasts)

    def _reply(self, call: Call, cards: list[Card]) -> Reply:
        toasts = tuple(c for c in cards if c.toast and call.press_id)
        rest = (c for c in cards if c not in toasts)
        now = self.clock.now()
        return Reply(toasts, tuple(outgoing(call, c, ANSWER, now) for c in rest))

    async def _run_front(self, call: Call, command: FrontCommand) -> Reply:
        now, rooms = self.clock.now(), self.rooms_of(call)

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
        if call.private and call.args in rooms:  # a room was chosen
            self._where.was_in(call.who.id, call.args, now)
        return self._reply(call, cards)
