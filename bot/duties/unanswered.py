"""What was not answered in time is brought up, and what somebody gave back is put before the others (B12, B17)."""

from __future__ import annotations

from bot.card import Card, line
from bot.desk import Desk
from bot.duty import DutySpec
from bot.question_cards import as_it_is, kept_true, pressed_list, put_before, reachable, said_anew
from bot.questioning import AGAIN, SWEEP, answerers, keep, open_questions, plan, seniors, targets
from playbooks import questions
from playbooks.questions import Question, Reminder
from storage.rows import Due


def sweep(row: Due, desk: Desk) -> list[Card]:
    """What was not answered in time is brought up: each person once for all of it, at most so often (B12, B17)."""
    told: dict[tuple[str, Reminder], list[Question]] = {}
    for one in open_questions(desk):
        for what in questions.reminders(one, targets(desk), desk.now):
            current = desk.books.questions.get(one.id)
            assert current is not None
            reminded = keep(questions.reminded(current, what), f"reminded_{what}", desk)
            for person in _whom(reminded, what, desk):
                told.setdefault((person, what), []).append(reminded)
    plan(desk)
    return [_reminder(person, what, some, desk) for (person, what), some in told.items()]


def open_again(row: Due, desk: Desk) -> list[Card]:
    """Whoever had taken it up went off duty: it is put before those who are there now."""
    one = desk.books.questions.get(row.about)
    if one is None or one.state != "open":
        return []
    one, asks = put_before(one, desk)
    desk.books.questions.put(one)
    plan(desk)
    asked = {card.key for card in asks}
    return [*asks, *(card for card in kept_true(one, desk) if card.key not in asked)]


def _whom(one: Question, what: Reminder, desk: Desk) -> list[str]:
    """Those who have it, else those asked who are there; the leads; the one who said when it would come."""
    if what == "lead":
        if one.lead_pings:  # told before: only those who are there are told again
            there = desk.on_duty("lead", "manager")
            return [m.id for m in there if m.id not in (one.owner, *one.askers)]
        return [m.id for m in seniors(desk) if m.id not in (one.owner, *one.askers)]
    if one.owner:
        return [one.owner]
    asked = (m.id for m in answerers(one.to, desk) if m.id not in one.askers)
    return [person for person in asked if reachable(person, desk)]


def _reminder(person: str, what: Reminder, some: list[Question], desk: Desk) -> Card:
    member = desk.books.members.get(person)
    head = line(f"ask.remind_{what}", count=len(some))
    if len(some) == 1 and member:
        return said_anew(some[0], member, desk, head=head)
    return pressed_list(head, some, person, f"ask-{what}:{person}", desk)


DUTY = DutySpec("unanswered", due={SWEEP: sweep, AGAIN: open_again}, fresh={"ask": as_it_is})
