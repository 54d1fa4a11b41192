"""`/health` 体检: how the bot and its group are, asked of Telegram and of the process when the card is sent."""

from __future__ import annotations

from datetime import datetime

from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberOwner
from telegram.error import TelegramError

from bot import health
from bot.card import line, listed
from bot.heartbeat import Vitals
from bot.outbox import Outbox
from bot.runner import Runner
from bot.sheet_state import stands
from bot.sheet_sync import SheetSync
from playbooks.room import Room
from storage.rows import Line
from storage.store import DESK
from storage.vault_rotate import locked

RIGHTS = ("can_delete_messages", "can_pin_messages")
FORUM_RIGHTS = ("can_manage_topics",)


class Checkup:
    """Says all of it for one room, and nothing of any other."""

    def __init__(self, bot: Bot, runner: Runner, outbox: Outbox, vitals: Vitals, sheets: SheetSync) -> None:
        self._bot = bot
        self._runner = runner
        self._outbox = outbox
        self._vitals = vitals
        self._sheets = sheets

    async def lines(self, room: Room) -> list[Line]:
        """What is well and what is not, with what to do about it."""
        pulse, now = self._vitals.pulse(), self._runner.clock.now()
        troubles = {key: why for key, why in pulse.troubles.items() if key in (room.id, DESK)}
        ours = pulse.changed(troubles=troubles)
        return [
            *await self._group(room),
            *(check.said() for check in health.checks(ours, now)),
            *self._chats(room, now),
            self._people(room),
            *self._sheet(room, now),
            self._buyers(),
        ]

    async def _group(self, room: Room) -> list[Line]:
        try:
            me = await self._bot.get_me()
            here = await self._bot.get_chat_member(room.chat_id, me.id)
        except TelegramError as error:
            return [_bad("health.group_unknown", "health.cure_group", error=error.message)]
        return [
            _rights(here, forum=room.forum),
            _hears(here, everything=bool(me.can_read_all_group_messages)),
        ]

    def _chats(self, room: Room, now: datetime) -> list[Line]:
        """The chats of this room that take nothing: for good, or for a while."""
        members = self._runner.view(room.id).members.scan()
        names = {m.id: line("common.verbatim", text=m.name) for m in members}
        names[str(room.chat_id)] = line("health.the_group")
        waits = [str(chat) for chat, until in self._outbox.paused.items() if until > now]
        paused = tuple(names[chat] for chat in waits if chat in names)
        said = []
        if room.chat_id in self._outbox.closed:
            said.append(_bad("health.closed", "health.cure_closed"))
        if paused:
            said.append(line("health.ok", found=line("health.paused", chats=paused)))
        return said

    def _buyers(self) -> Line:
        """Whether buyers' fields are kept, and whether what is kept can be opened (REQUIREMENTS H43)."""
        vault = self._runner.vault
        shut = locked(self._runner.store, vault)
        if shut:
            masters = listed(sorted(set(shut.values())))
            return _bad("health.buyers_locked", "health.cure_buyers", count=len(shut), masters=masters)
        if not vault:
            return line("health.buyers_none")
        return line("health.ok", found=line("health.buyers_kept", days=vault.days))

    def _sheet(self, room: Room, now: datetime) -> list[Line]:
        """Whether the bound spreadsheet is kept in step."""
        binding = self._runner.view(room.id).sheet_bindings.get(room.id)
        if binding is None:
            return [line("health.sheet_none")]
        address, read_at = self._runner.sheet_address, self._sheets.read_at(room.id)
        if not address:
            return [_bad("sheets.no_key", "sheets.cure_no_key")]
        return stands(binding, self._sheets.health(room.id), now, address, read_at)

    def _people(self, room: Room) -> Line:
        people = self._runner.front().people
        staff = [m for m in self._runner.view(room.id).members.scan() if m.roles]
        away = [m.name for m in staff if not ((met := people.get(m.id)) and met.private)]
        if not away:
            return line("health.ok", found=line("health.private_open", count=len(staff)))
        return _bad("health.private_closed", "health.cure_private", names=listed(away))


def _rights(here: ChatMember, *, forum: bool) -> Line:
    """Administrator, and with which of the rights the bot uses. A group's owner (a bot never is) has them all."""
    if isinstance(here, ChatMemberOwner):
        return line("health.ok", found=line("health.rights"))
    if not isinstance(here, ChatMemberAdministrator):
        return _bad("health.no_admin", "health.cure_rights")
    wanted = (*RIGHTS, *FORUM_RIGHTS) if forum else RIGHTS
    missing = tuple(line(f"health.{right}") for right in wanted if not getattr(here, right))
    if missing:
        return _bad("health.rights_missing", "health.cure_rights", rights=missing)
    return line("health.ok", found=line("health.rights"))


def _hears(here: ChatMember, *, everything: bool) -> Line:
    """Plain words reach administrators, and bots whose privacy mode is off."""
    if everything or here.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER):
        return line("health.ok", found=line("health.hears"))
    return _bad("health.deaf", "health.cure_deaf")


def _bad(found: str, cure: str, **values: object) -> Line:
    return line("health.trouble", found=line(found, **values), cure=line(cure))
