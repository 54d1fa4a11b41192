"""What the cards of a question say and offer: to those who answer, to who asked, to the group, to the team."""

from __future__ import annotations

from collections.abc import Iterable

from bot.card import Button, Card, Line, Row, button, copy, group, line, lines, tell
from bot.desk import Desk
from bot.offer import bought
from bot.questioning import answerers, may_answer, open_questions, seniors, theirs
from playbooks import questions, quick
from playbooks.questions import Question
from playbooks.room import Member

SHORT = 40
"""Characters of a question in a list."""
LISTED = 8
AT_NIGHT = 3
"""Questions told on the night card; the others are counted."""
BUTTON_BYTES = 58
"""What is left of a button's 64 bytes beside the room's short key."""


# -- what is said -----------------------------------------------------------------------------------


def question_line(one: Question, desk: Desk) -> Line:
    """One line of a list: number, product, what, who asked when, who has it; with the answer where there is one."""
    if one.answer:
        return line(
            "ask.line_answered", number=one.number, what=what_line(one), answer=_short(one.answer.text),
            by=desk.name(one.answer.who), at=desk.clock(one.answer.at),
        )  # fmt: skip
    return line(
        "ask.line", number=one.number, what=what_line(one), by=desk.name(one.asks[0].who),
        at=desk.clock(one.asks[0].at), state=_state(one, desk),
    )  # fmt: skip


def what_line(one: Question) -> Line:
    """`3号 玫瑰精华水：能用盐水冲吗`, cut where it is long."""
    text = line("common.verbatim", text=_short(one.text)) if one.text else line("ask.angry_mark")
    if one.link_no is None:
        return text
    return line("ask.about", product=bought(one.link_no, one.product), text=text)


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def _state(one: Question, desk: Desk) -> Line:
    """Who has it (B13: shown everywhere), until when, or that nobody has."""
    if one.state == "answered":
        return line("ask.state_answered", owner=desk.name(one.answers[-1].who))
    if one.eta is not None:
        return line("ask.state_eta", owner=desk.name(one.owner), at=desk.clock(one.eta))
    if one.owner:
        return line("ask.state_claimed", owner=desk.name(one.owner))
    return line(f"ask.state_{one.state}")


def body(one: Question, desk: Desk) -> tuple[Line, ...]:
    """The whole question with its history: nobody has to tell it twice (B14)."""
    kind, to = line(f"ask.kind_{one.kind}"), line(f"ask.to_{one.to}")
    asked = tuple(line("ask.asker", name=desk.name(a.who), at=desk.clock(a.at)) for a in one.asks)
    other = dict.fromkeys(a.text for a in one.asks if a.text and a.text != one.text)
    return lines(
        line("ask.head", number=one.number, kind=kind, to=to),
        line("ask.angry_mark") if one.angry else None,
        line("ask.product", product=bought(one.link_no, one.product)) if one.link_no is not None else None,
        line("ask.text", text=one.text) if one.text else None,
        (line("ask.also", text=text) for text in other),
        line("ask.askers", names=asked),
        (_handed(handed, desk) for handed in one.transfers),
        line("ask.too_often", count=len(one.transfers)) if questions.handed_on_too_often(one) else None,
        (line("ask.answer", text=a.text, by=desk.name(a.who), at=desk.clock(a.at)) for a in one.answers[-1:]),
        _state(one, desk),
    )


def _handed(handed: questions.Transfer, desk: Desk) -> Line:
    return line(
        "ask.handed", by=desk.name(handed.who), at=desk.clock(handed.at), to=line(f"ask.to_{handed.to}"),
        reason=line(f"ask.reason_{handed.reason}"), note=handed.note,
    )  # fmt: skip


# -- for those who answer ---------------------------------------------------------------------------


def card_key(one: Question, where: str) -> str:
    """The key of the question's card before a person or in the `group`."""
    return f"ask:{one.id}:{where}"


def former_key(one: Question, person: str, message: int) -> str:
    """The key under which it is remembered that this message showed the question before it was said anew."""
    return f"was-ask:{one.id}:{person}:{message}"


def asked_card(one: Question, member: Member, desk: Desk, *rows: Row, head: Line | None = None) -> Card:
    """The question before somebody who may answer it; a reply to this message is the answer."""
    hint = line("ask.reply_here") if one.alive and one.owner in ("", member.id) else None
    return tell(
        member.id, head, body(one, desk), hint, buttons=(*rows, *_answer_rows(one, member)),
        key=card_key(one, member.id), about=f"ask {one.id}", rank="work",
    )  # fmt: skip


def said_anew(one: Question, member: Member, desk: Desk, *rows: Row, head: Line | None = None) -> Card:
    """The same as a new message, or an edit where it was pressed; a reply to the one before is still understood."""
    stands = desk.books.sent.get(card_key(one, member.id))
    if stands and not (desk.call and desk.call.press_id and desk.call.message_id == stands.message_id):
        desk.books.sent.put(stands.changed(id=former_key(one, member.id, stands.message_id)))
    return asked_card(one, member, desk, *rows, head=head)


def at_sign_in(member: Member, desk: Desk) -> list[Card]:
    """What waits for the person who signs in: one question as its card, several in a list with buttons."""
    some = [one for one in theirs(member, open_questions(desk)) if one.owner in ("", member.id)]
    if len(some) == 1:
        return [said_anew(some[0], member, desk)]
    head = line("ask.waiting", count=len(some))
    return [pressed_list(head, some, member.id, f"ask-in:{member.id}", desk)] if some else []


def offered_card(one: Question, number: int, *, done: bool = False) -> Card:
    """What was replied to an answered question, `number` of them: a correction only after the press."""
    said = one.offered[number]
    row = (button("ask.reanswer", f"reanswer {one.id} ={number}"),)
    return tell(
        said.who, line("ask.over_answered", number=one.number), line("ask.offered", text=said.text),
        buttons=() if done else (row,), key=f"ask-offered:{one.id}:{said.who}:{number}", edit=done,
    )  # fmt: skip


def _answer_rows(one: Question, member: Member) -> tuple[Row, ...]:
    hand_on = button("ask.hand_on", f"swap {one.id}")
    if one.state == "open":
        return ((button("ask.claim", f"askmine {one.id}"),), (hand_on,))
    if one.state == "claimed" and one.owner == member.id:
        return ((button("ask.write", f"reply {one.id}"),), (hand_on,))
    if one.state == "answered" and member.id in (one.owner, one.answers[-1].who):
        return ((button("ask.correct", f"reanswer {one.id}"),),)
    return ()


def group_card(one: Question, desk: Desk, *, edit: bool = False) -> Card:
    """Where nobody who answers can be reached in private, the group is asked, once; a reply there is the answer."""
    rows = ((button("ask.claim", f"askmine {one.id}"),),) if one.state == "open" else ()
    hint = line("ask.reply_here") if one.alive else None
    return group(
        body(one, desk), hint, buttons=rows, key=card_key(one, "group"), about=f"ask {one.id}", rank="work",
        edit=edit,
    )  # fmt: skip


def put_before(one: Question, desk: Desk, *, but: str = "") -> tuple[Question, list[Card]]:
    """The question before those on duty who answer it, `but` who passed it on; where there is nobody, before the
    leads and managers at once. The question after that.
    """
    left_out = {*one.askers, but}
    there = [m for m in answerers(one.to, desk) if m.id not in left_out]
    if not there and not one.lead_told:
        one = questions.reminded(one, "lead")
    people = there or [m for m in seniors(desk) if m.id not in left_out]
    reached = [m for m in people if reachable(m.id, desk)]
    cards = [said_anew(one, m, desk) for m in reached]
    return one, cards or [group_card(one, desk)]


def reachable(person: str, desk: Desk) -> bool:
    """Whether the person has opened the private chat."""
    met = desk.front.people.get(person)
    return bool(met and met.private)


def pressed_list(head: Line, some: Iterable[Question], person: str, key: str, desk: Desk) -> Card:
    """Several questions in one message, each opened by a button."""
    found = list(some)
    more = line("ask.more", count=len(found) - LISTED) if len(found) > LISTED else None
    return tell(
        person, head, (question_line(one, desk) for one in found[:LISTED]), more,
        buttons=tuple((_opens(one),) for one in found[:LISTED]), key=key, rank="work",
    )  # fmt: skip


def _opens(one: Question) -> Button:
    return button("ask.open", f"asked {one.id}", number=one.number, what=what_line(one))


# -- for who asked ----------------------------------------------------------------------------------


def asker_card(
    one: Question, person: str, desk: Desk, *, joined: bool = False, nobody: bool = False, edit: bool = False
) -> Card:
    """Who has the question, and what to tell the buyer meanwhile instead of a guess (B05, H26).

    `nobody`: says as well that none of those who could answer is on duty.
    """
    meanwhile = questions.rules().calm.parts if one.angry else quick.hold_on(desk.room.platform)
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


# -- as it stands now -------------------------------------------------------------------------------


def kept_true(one: Question, desk: Desk) -> list[Card]:
    """Every card that shows the question says how it stands now; edits do not notify."""
    people = desk.members()
    shown = [asked_card(one, m, desk).changed(edit=True) for m in people]
    shown += [asker_card(one, m.id, desk, edit=True) for m in people]
    shown.append(group_card(one, desk, edit=True))
    return [card for card in shown if desk.books.sent.get(card.key)]


def as_it_is(card: Card, desk: Desk) -> Card | None:
    """The card right before it leaves: who is not needed any more is not asked, and who has it is told as it is now."""
    one = desk.books.questions.get(card.about.partition(" ")[2])
    if one is None or card.edit or not card.person:
        return card if one and (one.alive or card.edit) else None
    member = desk.books.members.get(card.person)
    if member is None or not may_answer(member, one):
        return None
    if not one.alive and member.id not in (one.owner, *(said.who for said in one.answers)):
        return None
    now = asked_card(one, member, desk)
    told = all(said in card.lines for said in now.lines)
    return card if told else card.changed(lines=now.lines, buttons=now.buttons)


def left_open(desk: Desk) -> tuple[Line, ...]:
    """For the managers' night card: what nobody answered, the longest waiting first."""
    waiting = open_questions(desk)
    count = line("night.questions", count=len(waiting)) if waiting else None
    return lines(count, (question_line(one, desk) for one in waiting[:AT_NIGHT]))
