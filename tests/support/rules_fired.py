"""Which rules of the audit never found anything in a played evening."""

from __future__ import annotations

from bot.rehearsal.show import Show
from bot.texts import plain, say
from playbooks.addresses.audit import RULE_IDS

READERS = (102, 103, 104)
"""Who is told in private what is only noted."""


def silent_rules(here: Show) -> set[str]:
    """Rules no order was held, shown or noted for, and noted ones nobody could read of."""
    runner = here.here.bot.runner
    (room,) = (key for key in runner.store.rooms() if runner.room(key))
    books = runner.view(room)
    files = list(books.imports.scan())
    held = {
        rule
        for hold in books.holds.scan()
        for rule in (*(found.rule for found in hold.findings), *hold.false_alarm_rules)
    }
    noted, looked_at = (
        {name.removeprefix(prefix) for one in files for name, n in one.counts.items() if n and prefix in name}
        for prefix in ("note_", "rule_")
    )
    private = "\n".join(one.text for person in READERS for one in here.core.said(person))
    unread = {name for name in noted if plain(say("zh-CN", f"audit.name_{name}")) not in private}
    return set(RULE_IDS) - held - noted - looked_at | unread
