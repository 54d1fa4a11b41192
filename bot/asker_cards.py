"""What the cards for who asked say: who has the question, what to tell the buyer meanwhile, and the answer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.card import Button, Card, Line, Row, button, copy, line, lines, tell
from bot.desk import Desk
from bot.known_answers import Known
from bot.question_lines import body, what_line
from playbooks import questions, quick
from playbooks.questions import Question


def asker_card(
    one: Question, person: str, desk: Desk, *, joined: bool = False, nobody: bool = False, edit: bool = False
) -> Card:
    """Who has the question, and what to tell the buyer meanwhile instead of a guess (B05, H26).

    `nobody`: says as well that none of those who could answer is on duty.
    """
    meanwhile = _calm(desk) if one.angry else quick.hold_on(desk.room.platform, desk.room.lang)
    waiting = one.alive and person in one.askers
    said = lines(
        line("ask.joined") if joined else None,
        body(one, desk),
        line("ask.nobody", to=line(f"ask.to_{one.to}")) if nobody else None,
        line("ask.calm" if one.angry else "ask.meanwhile") if waiting else None,
        (line("ask.part", text=part) for part in meanwhile) if waiting else None,
    )
    rows = _asker_rows(one, meanwhile, joined=joined) if waiting else ()
    return tell(person, said, buttons=rows, key=f"myask:{one.id}:{person}", edit=edit)


def _calm(desk: Desk) -> tuple[str, ...]:
    """What calms a buyer, in the language of the room."""
    return quick.rules(desk.room.lang).calm or questions.rules().calm.parts


def _asker_rows(one: Question, meanwhile: tuple[str, ...], *, joined: bool) -> tuple[Row, ...]:
    rows: list[Row] = [(_copies(part, n, len(meanwhile)),) for n, part in enumerate(meanwhile, 1)]
    if joined:
        rows.append((button("ask.apart", f"askapart {one.id}"),))
    elif one.state == "open" and not one.angry:
        kinds = [_sorts(one, kind) for kind in questions.KINDS if kind != one.kind]
        rows += [tuple(kinds[:2]), tuple(kinds[2:])]
    if not one.angry:
        rows.append((button("ask.angry", f"angry {one.id}"),))
    return (*rows, (button("ask.leave", f"unask {one.id}"),))


def _sorts(one: Question, kind: questions.Kind) -> Button:
    return button("ask.is_kind", f"askkind {one.id} {kind}", kind=line(f"ask.kind_{kind}"))


def known_card(one: Question, found: Sequence[Known], desk: Desk) -> Card:
    """The answers there are already, to copy; one tap asks all the same."""
    said: list[Line] = []
    rows: list[Row] = []
    for known in found:
        parts = quick.in_parts(known.text, quick.rules().part)
        said += lines(known.head, known.warning, (line("ask.part", text=part) for part in parts))
        rows += [(_copies(part, n, len(parts)),) for n, part in enumerate(parts, 1)]
    rows.append((button("ask.anyway", f"askanyway {one.id}"),))
    head = line("ask.known", what=what_line(one))
    return tell(desk.me.id, head, said, buttons=tuple(rows), key=f"myask:{one.id}:{desk.me.id}")


def joined_card(told: Question, desk: Desk) -> Card:
    """What was told loses its buttons: somebody else has just asked the same."""
    said = line("ask.known", what=what_line(told))
    return tell(desk.me.id, said, line("ask.joined"), key=f"myask:{told.id}:{desk.me.id}", edit=True)


def expected_card(one: Question, person: str, desk: Desk) -> Card:
    """The asker may tell the buyer until when (B17)."""
    said = line("ask.expected", by=desk.name(one.owner), at=desk.clock(one.eta))
    return tell(
        person, line("ask.number", number=one.number, what=what_line(one)), said, key=_told(one, person)
    )


# -- the answer -------------------------------------------------------------------------------------


def answer_cards(one: Question, desk: Desk) -> list[Card]:
    """The answer to everybody who asked, and silently to the agents on duty; a correction to all who had it."""
    team = [m.id for m in desk.on_duty("agent", "lead")]
    told = [m.id for m in desk.members() if desk.books.sent.get(_told(one, m.id))]
    people = dict.fromkeys([*one.askers, *team, *(told if len(one.answers) > 1 else ())])
    return [_answer_card(one, person, desk) for person in people if person != one.answers[-1].who]


def _answer_card(one: Question, person: str, desk: Desk) -> Card:
    said, corrected = one.answers[-1], len(one.answers) > 1
    parts = quick.in_parts(said.text, quick.rules().part)
    return tell(
        person,
        line("ask.corrected" if corrected else "ask.answered", number=one.number, by=desk.name(said.who)),
        what_line(one),
        (line("ask.part", text=part) for part in parts),
        buttons=tuple((_copies(part, n, len(parts)),) for n, part in enumerate(parts, 1)),
        key=_told(one, person),
        silent=person not in one.askers and not corrected,
    )


def _copies(part: str, number: int, count: int) -> Button:
    return copy("ask.copy_whole", part) if count == 1 else copy("ask.copy", part, part=number)


def _told(one: Question, person: str) -> str:
    return f"answer:{one.id}:{person}"
