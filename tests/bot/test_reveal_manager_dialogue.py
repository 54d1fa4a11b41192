"""A reason opens a buyer's fields for a manager: who is none any more when the message leaves sees nothing."""

from __future__ import annotations

from pathlib import Path

from tests.bot.test_reveal_dialogue import PHONE, SECRETS, UNPAID, chased, keys
from tests.support.evening import BOSS, QIANG, Shift, evening


async def roles(shift: Shift, who: int, said: str) -> None:
    message = [m for m in shift.here.chat(shift.group) if m.sender_id == who][-1]
    await shift.says(BOSS, f"/role {said}", reply_to=message.message_id)


async def asked_while_nothing_gets_through(shift: Shift, who: int) -> None:
    shift.here.core.faults.throttle(90, method="sendMessage", chat=who)
    await shift.asks(who, f"/reveal {UNPAID} 买家来电核对地址")


async def test_a_manager_who_is_none_any_more_sees_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await chased(shift)
        await roles(shift, QIANG, "主管")
        await asked_while_nothing_gets_through(shift, QIANG)
        await roles(shift, QIANG, "客服")
        await shift.minutes(2)
        assert not [one for one in SECRETS if one in shift.read(QIANG)]
        assert "不在您手上" in shift.read(QIANG)


async def test_who_is_still_a_manager_sees_it_by_role_or_as_owner(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await chased(shift)
        await roles(shift, QIANG, "主管")
        await roles(shift, BOSS, "客服")  # the owner, whatever the room made of them
        for who in (QIANG, BOSS):
            await asked_while_nothing_gets_through(shift, who)
            await shift.minutes(2)
            assert PHONE in shift.read(who)
