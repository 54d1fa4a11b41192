"""The command menu Telegram shows: what it takes, and only what there is."""

from __future__ import annotations

from pathlib import Path

from bot import menus
from tests.support.evening import evening

TELEGRAM_TAKES = 100


async def test_the_menus_offer_commands_that_are_and_no_more_than_telegram_takes(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.here.bot.introduce()
        calls = shift.here.core.called("setMyCommands")
        assert [call.error for call in calls] == [None] * 4  # groups and private chats, in two languages
        runner = shift.here.bot.runner
        known = {*runner.commands, *runner.front_commands}
        for call, offered in zip(calls, [menus.IN_GROUPS, menus.IN_PRIVATE] * 2, strict=True):
            assert tuple(one["command"] for one in call.params["commands"]) == offered
            assert known.issuperset(offered)
            assert len(offered) <= TELEGRAM_TAKES
