"""When an unanswered question is brought up again, and with whom: at most so often, then the leads (B12, B17)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from playbooks.questions.model import Question, Targets, rules

Reminder = Literal["again", "lead", "overdue"]
"""Those asked are reminded · leads and managers are told · the promised time is past."""


def next_at(question: Question, targets: Targets) -> datetime | None:
    """When the question is next brought up if nothing happens; None: never again."""
    moments = _plan(question, targets).values()
    return min(moments, default=None)


def reminders(question: Question, targets: Targets, now: datetime) -> tuple[Reminder, ...]:
    """What is due at `now`; reminders that were missed are not caught up on."""
    return tuple(what for what, at in _plan(question, targets).items() if at <= now)


def reminded(question: Question, what: Reminder) -> Question:
    """After `what` was done."""
    if what == "again":
        return question.changed(pings=question.pings + 1)
    if what == "overdue":
        return question.changed(eta_told=True)
    again = question.lead_pings + 1 if question.lead_told else 0
    return question.changed(lead_told=True, lead_pings=again)


def _plan(question: Question, targets: Targets) -> dict[Reminder, datetime]:
    if not question.alive:
        return {}
    if (
        question.eta is not None
    ):  # who said when the answer comes is left in peace until then, and reminded once
        return {} if question.eta_told else {"overdue": question.eta}
    plan: dict[Reminder, datetime] = {}
    if question.pings < rules().most_pings:
        waited = targets.ping_seconds + question.pings * rules().again_seconds
        plan["again"] = question.since + timedelta(seconds=waited)
    if not question.lead_told:
        plan["lead"] = question.since + timedelta(seconds=targets.lead_seconds)
    elif question.lead_pings < rules().most_lead_pings:
        waited = targets.lead_seconds + (question.lead_pings + 1) * rules().lead_again_seconds
        plan["lead"] = question.since + timedelta(seconds=waited)
    return plan


def read_targets(room: str, ping: int | None, lead: int | None) -> Targets | None:
    """A room's own targets as typed; None where they are no targets."""
    shortest, longest = rules().shortest_seconds, rules().longest_seconds
    if ping is None or lead is None or not shortest <= ping < lead <= longest:
        return None
    return Targets(id=room, ping_seconds=ping, lead_seconds=lead)
