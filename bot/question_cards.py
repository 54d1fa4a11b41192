"""The cards of a question for those who answer it and for the group, and every card kept true."""

from __future__ import annotations

from collections.abc import Iterable

from bot.asker_cards import asker_card
from bot.card import Button, Card, Line, Row, button, group, line, tell
from bot.desk import Desk
from bot.question_lines import body, question_line, what_line
from bot.questioning import answerers, may_answer, open_questions, seniors, theirs
from playbooks import questions
from playbooks.questions import Question
from playbooks.room import Member

LISTED = 8
BUTTON_BYTES = 58
"""What is left of a button's 64 bytes beside the room's short key."""


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


def own_card(one: Question, desk: Desk, *rows: Row) -> Card:
    """The answerer's card as it is now: in place where it was pressed, else as a new message that confirms it."""
    return said_anew(one, desk.me, desk, *rows).changed(edit=True)


def other_cards(one: Question, desk: Desk) -> list[Card]:
    """Every other card that shows the question."""
    return [card for card in kept_true(one, desk) if card.key != card_key(one, desk.me.id)]


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


def list_keys(person: str) -> tuple[str, ...]:
    """The keys of the lists of questions somebody may have before them: asked for, at sign-in, as a reminder."""
    return tuple(f"ask-{what}:{person}" for what in ("list", "in", "again", "lead", "overdue"))


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
