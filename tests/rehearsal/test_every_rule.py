"""The scripted evening's closing: every rule of the audit finds something, and somebody reads it."""

from __future__ import annotations

from pathlib import Path

from bot.rehearsal.evening import EVENING
from bot.rehearsal.player import Player
from bot.rehearsal.show import show
from bot.texts import plain, say
from playbooks.addresses.audit import RULE_IDS


async def test_every_rule_of_the_audit_fires_at_least_once_in_the_evening(tmp_path: Path) -> None:
    async with show(tmp_path, "zh-CN") as here:
        player = Player(here, EVENING)
        while not player.over:
            await player.play()
        runner = here.here.bot.runner
        (room,) = (key for key in runner.store.rooms() if runner.room(key))
        books = runner.view(room)
        holds, files = list(books.holds.scan()), list(books.imports.scan())
        private = "\n".join(one.text for person in (102, 103, 104) for one in here.here.core.said(person))
    held = {found.rule for one in holds for found in one.findings} | {
        rule for one in holds for rule in one.false_alarm_rules
    }
    noted = {
        name.removeprefix("note_") for one in files for name, n in one.counts.items() if n and "note_" in name
    }
    looked_at = {
        name.removeprefix("rule_") for one in files for name, n in one.counts.items() if n and "rule_" in name
    }
    assert set(RULE_IDS) - held - noted - looked_at == set()
    assert {name for name in noted if plain(say("zh-CN", f"audit.name_{name}")) not in private} == set()
