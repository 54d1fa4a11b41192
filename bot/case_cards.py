"""The cards of a case 工单: what it is, where it stands, what happened to it; a line of it in lists."""

from __future__ import annotations

from collections.abc import Sequence

from bot.card import Card, button, line, lines, tell
from bot.case_buttons import rows
from bot.case_words import to_say
from bot.desk import Desk
from playbooks.cases import Case, Happened
from playbooks.room import IN_CHARGE
from storage.rows import Line

LAST = 4
"""Things that happened last, shown on a card."""
SHOWN = 15
"""Cases in one list."""


def name(one: Case) -> Line:
    """`#12 差评`."""
    return line("case.name", number=one.number, kind=line(f"case.kind_{one.kind}"))


def summary(one: Case, desk: Desk) -> Line:
    """One line of a list: which, of which order, why, whose, until when."""
    late = one.open and one.due_at <= desk.now
    return line(
        "case.line_late" if late else "case.line", name=name(one), order=one.order_id or "—", why=_why(one),
        owner=desk.name(one.owner), due=desk.clock(one.due_at), state=state(one),
    )  # fmt: skip


def state(one: Case) -> Line:
    """Where it stands; of a closed one its outcome."""
    return line(f"case.state_{one.state}") if one.open else line(f"case.outcome_{one.outcome}")


def _why(one: Case) -> tuple[Line, ...] | str:
    said = [line(f"case.type_{one.type}")] if one.type else []
    said += [line(f"case.cause_{one.cause}")] if one.cause else []
    said += [line("case.stars", count=one.stars)] if one.stars is not None else []
    return tuple(said) or "—"


def case_card(one: Case, who: str, desk: Desk, *first: Line, edit: bool = False) -> Card:
    """Everything of the case for `who`; with buttons where it is theirs to work on. `first` stands above it."""
    works = who == one.owner or desk.member(who).may(IN_CHARGE)
    said = lines(first, body(one, desk), to_say(one, desk) if works and one.open else None)
    key = f"case:{one.id}:{who}"
    return tell(
        who, said, buttons=tuple(rows(one, who, desk)) if works else (), key=key, edit=edit, rank="work"
    )


def body(one: Case, desk: Desk) -> tuple[Line, ...]:
    """What the case is and what happened to it."""
    return lines(
        line("case.head", name=name(one), state=state(one)),
        line("case.about", order=one.order_id or "—", product=one.title or "—", why=_why(one)),
        line("case.text", text=one.text) if one.text else None,
        line("case.amount", amount=one.amount) if one.amount is not None else None,
        line("case.whose", owner=desk.name(one.owner), by=desk.name(one.by), at=desk.clock(one.at)),
        line("case.times", due=desk.clock(one.due_at), cap=desk.clock(one.cap_at)) if one.open else None,
        line("case.window", until=desk.clock(one.explain_by)) if one.open and one.explain_by else None,
        line("case.is_second") if one.second else None,
        line("case.is_reopened", count=one.reopened) if one.reopened else None,
        line("case.managers_only") if one.manager_only and one.open else None,
        line("case.visits", at=desk.clock(one.visit_at)) if one.to_visit else None,
        (_happened(step, desk) for step in one.happened[1:][-LAST:]),
    )


def _happened(step: Happened, desk: Desk) -> Line:
    did = line(f"case.what_{step.what}")
    if step.what == "contact":
        did = line(f"case.did_{step.text}")
    elif step.what == "cause":
        did = line("case.did_cause", cause=line(f"case.cause_{step.text}"))
    elif step.text:
        did = line("case.did_saying", did=did, text=step.text)
    return line("case.happened", at=desk.clock(step.at), who=desk.name(step.who), did=did)


def choices(one: Case, what: str, of: Sequence[str], command: str, desk: Desk) -> Card:
    """A question with a button for each answer: `what` is the text's word for it (`type`, `cause`)."""
    rows = tuple((button(f"case.{what}_{id}", f"{command} {one.id} {id}"),) for id in of)
    said = line("case.choose", name=name(one), what=line(f"case.the_{what}"))
    return tell(desk.me.id, said, buttons=rows, key=f"case-ask:{one.id}:{desk.me.id}", rank="work")
