"""What came of a chase 催付反馈: the answer, its reason, and when the order returns to the queue."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple, get_args

from playbooks.chase.queue import free_for
from playbooks.chase.rounds import look_again, owed, rounds_left
from playbooks.chase.rules import rules
from playbooks.chase.state import ANSWERS, Answer, Chase, Move, Reason, ended, moved
from playbooks.chase.windows import next_phone_window
from playbooks.model import Refusal


def outcome(
    chase: Chase,
    who: str,
    *,
    outcome: str,
    now: datetime,
    zone: tzinfo,
    reason: str = "",
    promised_at: datetime | None = None,
    note: str = "",
) -> Chase:
    """`chase` with what came of it (an `Answer`), why (a `Reason`) and, for will_pay, when.

    `paid_said` is an agent's word alone: the chase rests, contacted, until an export shows it paid or, being
    newer, still unpaid. `will_pay` returns at `promised_at`, `no_answer` after the retry time, `inconvenient`
    at the next phone window (REQUIREMENTS C09, C10) or, where the order dies before it, after the retry time to be
    written to; at no time where the order is dead then or its rounds are used up. `refused` leads where its
    reason does (C14-C19), and ends as lost like `closed_said`; `wrong`, `malicious` and `opted_out` end as dropped,
    the last two whoever says it: who does not want to hear from us has not to say so twice (K02).
    Raises Refusal `chase.outcome_unknown`, `chase.reason_missing`, `chase.reason_unknown`,
    `chase.no_contact`, `chase.steps_missing` (steps), `chase.promise_missing`, `chase.promise_past`,
    `chase.promise_late` (until), `chase.taken`, `chase.step`.
    """
    if not (outcome in ANSWERS and ANSWERS[outcome].final):
        free_for(chase, who, now)
    answer = _answer(chase, outcome, reason, now)
    told = {"owner": who, "answer": answer, "answered_at": now, "reason": reason or chase.reason,
            "note": note or chase.note}  # fmt: skip
    if answer == "refused" and (following := _following(chase, who, reason, now)) is not None:
        return moved(chase, following.move, **{**told, "lease_until": None, **following.fields})
    move = ANSWERS[answer].move
    if move in ("lose", "drop"):
        return ended(chase, move, why=outcome, at=now, **told)
    if move == "wait":
        told["returns_at"] = _returns_at(chase, answer, promised_at, now, zone)
        told["promised_at"] = promised_at
        # Where nothing is left to be done nobody is to have it on their list.
        move = "wait" if told["returns_at"] else "answer"
    return moved(chase, move, lease_until=None, **{"returns_at": None, **told})


class _Following(NamedTuple):
    move: Move
    fields: dict[str, Any]


def _following(chase: Chase, who: str, reason: str, now: datetime) -> _Following | None:
    """What follows of a reason while something can still be done; None: the order is lost."""
    where = rules().consequences[reason]
    if where == "guide" and chase.answer != "refused":  # helped once, then looked at once more
        again = now + timedelta(minutes=rules().retry_minutes)
        returns = look_again(chase, again)
        move: Move = "wait" if returns else "answer"
        return None if chase.expired(again) else _Following(move, {"returns_at": returns})
    if where == "another" and rounds_left(chase, now):
        handed = {"owner": "", "returns_at": None, "avoid": (*chase.avoid, who)}
        return _Following("answer", {**handed, "accountable": chase.accountable or who})
    if where == "soft" and not chase.touches:
        return _Following("answer", {"returns_at": None})
    return None


def _answer(chase: Chase, outcome: str, reason: str, now: datetime) -> Answer:
    answer = next((known for known in ANSWERS if known == outcome), None)
    if answer is None:
        raise Refusal("chase.outcome_unknown", outcome=outcome)
    if reason and reason not in get_args(Reason):
        raise Refusal("chase.reason_unknown", reason=reason)
    rule = ANSWERS[answer]
    if rule.needs_reason and not reason:
        raise Refusal("chase.reason_missing", order_id=chase.order_id)
    if rule.needs_contact and not chase.touches:
        raise Refusal("chase.no_contact", order_id=chase.order_id)
    if rule.needs_steps and (missing := owed(chase, now)):
        raise Refusal("chase.steps_missing", order_id=chase.order_id, steps=missing)
    return answer


def _returns_at(
    chase: Chase, answer: Answer, promised_at: datetime | None, now: datetime, zone: tzinfo
) -> datetime | None:
    retry = look_again(chase, now + timedelta(minutes=rules().retry_minutes))
    if answer == "inconvenient" and "phone" in rules().channels_of(chase.platform):
        return look_again(chase, next_phone_window(now, zone)) or retry
    if answer in ("inconvenient", "no_answer"):
        return retry
    if promised_at is None:
        raise Refusal("chase.promise_missing", order_id=chase.order_id)
    if promised_at <= now:
        raise Refusal("chase.promise_past", order_id=chase.order_id)
    if chase.expired(promised_at):
        raise Refusal("chase.promise_late", order_id=chase.order_id, until=chase.expires_at)
    return look_again(chase, promised_at)
