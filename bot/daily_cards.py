"""A person's daily tasks on one card, edited in place as they are done; the room's tasks for who is in charge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.card import Card, Row, button, line, lines, listed, tell
from bot.daily_book import Falling, of_day, open_tasks, title, today
from bot.desk import Desk
from playbooks import daily
from playbooks.daily import DailyTask
from storage.rows import Line

MOST = 24
"""Tasks on one card: a message holds so many."""
BUTTONS = 10


def own_tasks(person: str, day: date, desk: Desk) -> list[DailyTask]:
    """The day's tasks of a person, and what is still open for them from other days, as they stand on a card."""
    left = [one for one in open_tasks(desk) if one.date != day]
    return daily.in_order(one for one in (*left, *of_day(day, desk)) if one.owner == person)


def own_card(person: str, desk: Desk, *, edit: bool = False) -> Card:
    """The person's card of the day: what is to be done by when, and a row of buttons for each that is due."""
    day = today(desk)
    mine = own_tasks(person, day, desk)
    done = sum(one.state == "done" for one in mine)
    head = line("daily.head", day=f"{day:%m-%d}", name=desk.name(person), done=done, count=len(mine))
    said = lines(head, (task_line(one, desk) for one in mine[:MOST]), None if mine else line("daily.nothing"))
    return tell(person, said, buttons=_rows(mine, desk), key=card_key(person, day), edit=edit, rank="work")


def card_key(person: str, day: date) -> str:
    """Under which the card of a day stands in a person's chat."""
    return f"daily:{day}:{person}"


def kept_true(people: Iterable[str], desk: Desk) -> list[Card]:
    """The cards of these people, edited where they stand; who has none is not told."""
    day = today(desk)
    here = (who for who in dict.fromkeys(people) if who and desk.member(who).roles)
    stand = (who for who in here if desk.books.sent.get(card_key(who, day)))
    return [own_card(who, desk, edit=True) for who in stand]


def task_line(task: DailyTask, desk: Desk, *, whose: bool = False) -> Line:
    """`○ 1 问发货时间 · 09:00`, or how it ended: by whom and when, with the evidence or the reason."""
    what = line("daily.named", number=task.number, title=title(task)) if task.number else title(task)
    if task.open:
        key = "daily.open" if task.at > desk.now else "daily.due"
        owner = line("daily.whose", name=desk.name(task.owner)) if whose else ""
        hint = "" if task.title or whose else line(f"daily.hint_{task.task}")
        return line(key, what=what, at=desk.clock(task.at), whose=owner, hint=hint)
    at = desk.clock(task.ended_at)
    if task.state == "skipped":
        return line("daily.skipped", what=what, at=at, by=desk.name(task.ended_by), why=task.why)
    if task.state == "missed":
        owner = line("daily.whose", name=desk.name(task.owner)) if task.owner else line("daily.nobody")
        return line("daily.missed", what=what, whose=owner)
    if not task.ended_by:
        return line("daily.found", what=what, at=at)
    proof = line("daily.proof", text=task.evidence) if task.evidence else ""
    return line("daily.done", what=what, at=at, by=desk.name(task.ended_by), proof=proof)


def _rows(mine: Sequence[DailyTask], desk: Desk) -> tuple[Row, ...]:
    """For what is to be done: done or where the work is, and skip; one row puts all reminders off. What was missed may
    still be done late, what was just ticked be taken back."""
    due = [one for one in mine if one.open and one.at <= desk.now]
    ahead = [one for one in mine if one.open and one.at > desk.now]
    missed = [one for one in mine if one.state == "missed" and not one.strict]
    rows = [_row(one) for one in (*due, *ahead, *missed)[:BUTTONS]]
    slips = [one for one in mine if daily.may_undo_by(one, one.owner, desk.now)]
    rows += [(button("daily.undo", f"dailyundo {one.id}", what=title(one, short=True)),) for one in slips]
    if any(one.snoozes < daily.rules().most_snoozes for one in due):
        minutes = daily.rules().snooze_minutes
        rows.append((button("daily.later_button", "dailylater", minutes=minutes),))
    return tuple(rows)


def _row(task: DailyTask) -> Row:
    what = title(task, short=True)
    row: Row = ()
    if task.opens and task.open:
        row = (*row, button("daily.open_button", task.opens, what=what))
    if not task.strict:
        row = (*row, button("daily.done_button", f"dailydone {task.id}", what=what))
    if task.open:
        row = (*row, button("daily.skip_button", f"dailyskip {task.id}", what=what))
    return row


def overview(desk: Desk, ahead: Sequence[Falling]) -> list[Line]:
    """Everybody's tasks of the day, and what is still to come or waits for somebody to be there."""
    known = daily.in_order(of_day(today(desk), desk))
    by_itself = [one for one in known if one.state == "done" and not one.ended_by]
    told = [one for one in known if one not in by_itself]
    coming = sorted(ahead, key=lambda one: (one.at, one.task.number))
    return list(
        lines(
            line("daily.all_head", day=f"{today(desk):%m-%d}"),
            (task_line(one, desk, whose=True) for one in told[:MOST]),
            line("daily.all_found", numbers=listed(str(one.number) for one in by_itself))
            if by_itself
            else None,
            line("daily.all_ahead", numbers=tuple(_coming(one, desk) for one in coming)) if coming else None,
        )
    )


def _coming(one: Falling, desk: Desk) -> Line:
    return line("daily.coming", number=one.task.number, at=desk.clock(one.at))


def told_in_charge(late: Sequence[DailyTask], desk: Desk, people: Iterable[str]) -> list[Card]:
    """What others did not do, once, in one message for each who is in charge; a tap takes one on."""
    theirs = {who: [one for one in late if one.owner != who][:MOST] for who in people}
    return [_late_card(who, some, desk) for who, some in theirs.items() if some]


def _late_card(who: str, late: Sequence[DailyTask], desk: Desk) -> Card:
    said = (line("daily.late_head"), *(task_line(one, desk, whose=True) for one in late))
    rows = tuple((button("daily.mine", f"dailymine {one.id}", what=title(one, short=True)),) for one in late)
    return tell(who, said, buttons=rows[:BUTTONS], rank="work")
