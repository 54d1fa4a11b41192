"""What a manager types about the room's daily tasks 每日任务, read into the changed setup; a task given to somebody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from playbooks.broadcast import business_day
from playbooks.daily.state import DailyTask
from playbooks.daily.tasks import FIRST_OWN, DailySetup, Proof, Task, day_span, rules, shift_at, standing
from playbooks.due_times import read_due
from playbooks.model import Refusal
from playbooks.privacy import checked_note
from playbooks.room import ROLE_WORDS, Member, Role, named
from playbooks.spoken_times import as_clock

CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
What = Literal["time", "owner", "anyone", "on", "off", "added", "dropped"]


class Changed(NamedTuple):
    """The setup as it is now, what was changed, and the task it was."""

    setup: DailySetup
    what: What
    task: Task


def change(setup: DailySetup, typed: str, members: Sequence[Member]) -> Changed:
    """`4 18:00`, `4 小美`, `4 轮流`, `4 关`, `4 开`, `21 删`; `10:30 客服 盘点样品`, `10:30 周三 客服 盘点样品 填数字`.

    Raises Refusal `dailyset.usage`, `.number`, `.role`, `.long`, `.most`, `.shipped`, `common.personal_note`, and
    `who.unknown`, `who.several`.
    """
    said = as_clock(typed.strip())
    first, _, rest = said.partition(" ")
    rest = rest.strip()
    if at := read_clock(first):
        return _added(setup, at, rest)
    task = need(setup, first)
    if not rest:
        raise Refusal("dailyset.usage")
    return _set(setup, task, rest, members)


def need(setup: DailySetup, number: str) -> Task:
    """The task with this number. Raises Refusal `dailyset.number`, `dailyset.usage`."""
    digits = number.lstrip("#")
    if not (digits.isascii() and digits.isdecimal()):
        raise Refusal("dailyset.usage")
    found = next((task for task in standing(setup) if task.number == int(digits)), None)
    if found is None:
        raise Refusal("dailyset.number", number=digits[:4])
    return found


def read_clock(word: str) -> time | None:
    """`18:00`; None for anything else."""
    match = CLOCK.fullmatch(word)
    return time(int(match[1]), int(match[2])) if match else None


def _set(setup: DailySetup, task: Task, said: str, members: Sequence[Member]) -> Changed:
    number, known, low = task.number, rules(), said.lower()
    if at := read_clock(said):
        shift = shift_at(at)
        times = {**task.at, shift: at} if shift in task.at else {shift: at}
        return Changed(setup.changed(at={**setup.at, number: times}), "time", task)
    for words, on in ((known.on_words, True), (known.off_words, False)):
        if low in words:
            return Changed(
                setup.changed(switched={**setup.switched, number: on}), "on" if on else "off", task
            )
    owners = {n: who for n, who in setup.owners.items() if n != number}
    if low in known.anyone_words:
        return Changed(setup.changed(owners=owners), "anyone", task)
    if low in known.drop_words:
        return _dropped(setup, task)
    who = named(said, members)
    return Changed(setup.changed(owners={**owners, number: who.id}), "owner", task)


def _dropped(setup: DailySetup, task: Task) -> Changed:
    if task.number < FIRST_OWN:
        raise Refusal("dailyset.shipped", number=task.number)
    kept = tuple(one for one in setup.own if one.number != task.number)
    without = {
        name: {n: value for n, value in getattr(setup, name).items() if n != task.number}
        for name in ("at", "owners", "switched")
    }
    return Changed(setup.changed(own=kept, **without), "dropped", task)


def _added(setup: DailySetup, at: time, said: str) -> Changed:
    if len(setup.own) >= rules().most_own:
        raise Refusal("dailyset.most", most=rules().most_own)
    words = said.split()
    days = _one_of(rules().week, words[0]) if words else ""
    words = words[1:] if days else words
    role = ROLE_WORDS.get(words[0].lower()) if words else None
    if role is None:
        raise Refusal("dailyset.role")
    title, proof = _title(words[1:])
    # A number is never given twice, not even that of a task taken away: what was done under it stands in the journal.
    number = max([FIRST_OWN - 1, *(one.number for one in setup.own), setup.last_number]) + 1
    task = Task(
        number=number, id="own", title=title, role=role, at={shift_at(at): at}, days=days, proof=proof
    )
    return Changed(setup.changed(own=(*setup.own, task), last_number=number), "added", task)


def _one_of(words: dict[str, tuple[str, ...]], said: str) -> str:
    return next((id for id, known in words.items() if said.lower() in known), "")


def _title(words: Sequence[str]) -> tuple[str, Proof]:
    """What a task is called, and what it asks for where the last word says so."""
    proofs: dict[str, Proof] = {word: proof for proof, known in rules().proofs.items() for word in known}
    proof: Proof = proofs.get(words[-1].lower(), "") if words else ""
    title = checked_note(" ".join(words[:-1] if proof else words))
    if not title:
        raise Refusal("dailyset.usage")
    if len(title) > rules().longest_title:
        raise Refusal("dailyset.long", most=rules().longest_title)
    return title, proof


def given(
    typed: str, members: Sequence[Member], *, id: str, by: str, now: datetime, zone: ZoneInfo
) -> DailyTask:
    """`小美 15:00 帮主管整理样品`: a task for one person, once (F20).

    Raises Refusal `task.usage`, `task.past`, `promise.when`, `dailyset.long`, `common.personal_note`, `who.unknown`,
    `who.several`.
    """
    name, _, rest = typed.strip().partition(" ")
    if not rest:
        raise Refusal("task.usage")
    member = named(name, members)
    due, said = read_due(rest, now, zone, rules().shift[0].end)
    if not said:
        raise Refusal("task.usage")
    if due <= now:
        raise Refusal("task.past")
    title, proof = _title(said.split())
    day = business_day(due, zone)
    role: Role = member.roles[0] if member.roles else "agent"
    return DailyTask(
        id=id, number=0, task="given", title=title, shift=shift_at(due.astimezone(zone).time()), day=str(day), at=due,
        until=day_span(day, zone)[1], role=role, owner=member.id, by=by, proof=proof, next_at=due,
    )  # fmt: skip
