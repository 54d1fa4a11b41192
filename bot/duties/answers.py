"""Answering what was asked: first responder owns it, hands it on with a reason, says until when; nothing is lost.

REQUIREMENTS B03, B12-B14, B17, H07.
"""

from __future__ import annotations

from datetime import datetime

from bot import entries
from bot.asking import ask as ask_for
from bot.call import Call
from bot.card import Card, Row, button, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.entry_cards import approval_cards
from bot.night import nights_kept_true
from bot.question_cards import (
    BUTTON_BYTES,
    answer_cards,
    as_it_is,
    card_key,
    expected_card,
    former_key,
    kept_true,
    offered_card,
    pressed_list,
    put_before,
    reachable,
    said_anew,
)
from bot.questioning import (
    AGAIN,
    SWEEP,
    answerers,
    keep,
    may_answer,
    mine,
    need_question,
    numbered,
    open_questions,
    plan,
    seniors,
    targets,
)
from playbooks import announce, knowledge, questions
from playbooks.knowledge import KnowledgeEntry
from playbooks.model import Refusal
from playbooks.questions import Question, Reminder, Transfer
from storage.books import RoomBooks
from storage.rows import Due


def claim(call: Call, desk: Desk) -> list[Card]:
    """First responder owns it; everybody asked sees who that is (B13)."""
    one = questions.claim(_theirs(need_question(call.args, desk), desk), desk.me.id)
    one = keep(one, "claimed", desk)
    return [
        toast("ask.yours", number=one.number),
        _own(one, desk),
        *_rest(one, desk),
    ]


def _theirs(one: Question, desk: Desk) -> Question:
    """Raises Refusal `ask.not_yours` where it is somebody else's to answer."""
    if not may_answer(desk.me, one):
        raise Refusal("ask.not_yours", to=line(f"ask.to_{one.to}"))
    return one


def _own(one: Question, desk: Desk, *rows: Row) -> Card:
    """The answerer's card as it is now: in place where it was pressed, else as a new message that confirms it."""
    return said_anew(one, desk.me, desk, *rows).changed(edit=True)


def _rest(one: Question, desk: Desk) -> list[Card]:
    """Every other card that shows the question."""
    return [card for card in kept_true(one, desk) if card.key != card_key(one, desk.me.id)]


# -- the answer -------------------------------------------------------------------------------------


def replied(call: Call, books: RoomBooks) -> str:
    """The words a text stands for that replies to a question's card: the answer. '' for any other message."""
    member = books.members.get(call.who.id)
    if member is None:
        return ""
    theirs = (one for one in books.questions.scan() if may_answer(member, one))
    return next((f"reply {one.id}" for one in theirs if _shows(one, call, books)), "")


def _shows(one: Question, call: Call, books: RoomBooks) -> bool:
    """Whether the message replied to is the question's card, the person's own or the group's."""
    who, there = call.who.id, (call.chat_id, call.reply_to)
    keys = (card_key(one, who), card_key(one, "group"), former_key(one, who, call.reply_to))
    return any(sent and (sent.chat_id, sent.message_id) == there for sent in map(books.sent.get, keys))


def reply(call: Call, desk: Desk) -> list[Card]:
    """`/reply 7 可以`, or a reply to the card: the answer, or when it will come (`18:00 前`, B17).

    Without a number it is the only one taken up. What was answered before is corrected only after one more press.
    """
    one, text = _which(call.args, desk)
    _theirs(one, desk)
    if not text:
        return ask_for(f"reply {one.id}", "ask.write_answer", desk)
    said = questions.read_answer(text, one.to, desk.now, desk.zone)
    return _expect(one, said, text, desk) if isinstance(said, datetime) else _take(one, said, desk)


def _take(one: Question, text: str, desk: Desk) -> list[Card]:
    """The answer; to what is answered already, `收到` must not become the answer: it is asked first."""
    if one.state != "answered":
        return _answer(one, text, desk)
    if one.answer and one.answer.text == text:
        return [_own(one, desk)]
    offered = desk.books.questions.put(questions.offer(one, desk.me.id, text, desk.now))
    return [offered_card(offered, len(offered.offered) - 1)]


def reanswer(call: Call, desk: Desk) -> list[Card]:
    """What was pressed for is the correction: `=0` what was replied before, else what is written now."""
    id, _, rest = call.args.partition(" ")
    one, text = _theirs(need_question(id, desk), desk), rest.strip()
    number = announce.whole(text.removeprefix("=")) if text.startswith("=") else None
    if number is None or number >= len(one.offered):
        if not text:
            return ask_for(f"reanswer {one.id}", "ask.write_answer", desk)
        said = questions.read_answer(text, one.to, desk.now, desk.zone)
        return _expect(one, said, text, desk) if isinstance(said, datetime) else _answer(one, said, desk)
    if one.offered[number].who != desk.me.id or (one.answer and one.answer.text == one.offered[number].text):
        return [_own(one, desk)]
    return [offered_card(one, number, done=True), *_answer(one, one.offered[number].text, desk)]


def _which(args: str, desk: Desk) -> tuple[Question, str]:
    word, _, rest = args.partition(" ")
    named = desk.books.questions.get(word) or numbered(word, desk)
    if named:
        return named, rest.strip()
    held = mine(desk)
    if held is None:
        raise Refusal("ask.which_one")
    return held, args.strip()


def _answer(before: Question, text: str, desk: Desk) -> list[Card]:
    one = questions.answer(before, desk.me.id, text, desk.now)
    one, asks = _candidate(one, desk)
    one = keep(one, "corrected" if before.answers else "answered", desk)
    shown = _own(one, desk)
    return [shown, *answer_cards(one, desk), *_rest(one, desk), *asks, *nights_kept_true(desk)]


def _expect(before: Question, eta: datetime, text: str, desk: Desk) -> list[Card]:
    """Nobody is reminded until then; who asked may tell the buyer. One tap says it was the answer itself."""
    one = keep(questions.expect(before, desk.me.id, eta), "expected", desk, at=desk.clock(eta))
    words = f"reply {one.id} = {text}"
    row: tuple[Row, ...] = ((button("ask.is_answer", words),),) if len(words.encode()) <= BUTTON_BYTES else ()
    told = [expected_card(one, person, desk) for person in one.askers]
    return [_own(one, desk, *row), *told, *_rest(one, desk)]


def _candidate(one: Question, desk: Desk) -> tuple[Question, list[Card]]:
    """What others will ask too is put before the managers to keep (B03); a corrected answer is decided anew."""
    question, said = " ".join(one.text.split()), one.answers[-1]
    old = desk.books.knowledge.get(one.entry) if one.entry else None
    same = (question, one.product, said.text)
    known = any((e.question, e.product, e.answer) == same for e in desk.books.knowledge.scan())
    fits = question and not known and len(question) <= knowledge.rules().longest_question
    if not fits or one.angry or not questions.worth_keeping(one.kind, question):
        return one, []
    entry = KnowledgeEntry(
        id=old.id if old else desk.books.new_id("k"), question=question, answer=said.text, product=one.product,
        quotes=(), state="proposed", source="agent", owner=said.who, changed_at=desk.now,
    )  # fmt: skip
    try:
        entries.check(entry, desk)
    except Refusal:  # it quotes what is not offered any more: true now, but nothing to keep
        if old:
            entries.forget(old, desk)
        return one.changed(entry=""), []
    listing = entries.listing_of(entry, desk)
    quoted = knowledge.quotes(entry.answer, listing.offer) if listing else ()
    kept = entries.keep(entry.changed(quotes=quoted), desk)
    desk.note("knowledge", kept.id, change="proposed", question=kept.question)
    return one.changed(entry=kept.id), approval_cards(kept, desk, silent=True)


# -- handing on -------------------------------------------------------------------------------------


def swap(call: Call, desk: Desk) -> list[Card]:
    """`/swap 7 仓库 不归我管 买家问库位`: to whom, why, what they have to know; asked for step by step (B13, H07)."""
    one, rest = _which(call.args, desk)
    _theirs(one, desk)
    if one.owner not in ("", desk.me.id) and not desk.me.may(frozenset(["lead", "manager"])):
        raise Refusal("ask.taken", owner=one.owner)
    questions.step(one, "pass")
    to, why, note = [*rest.split(maxsplit=2), "", "", ""][:3]
    department, reason = questions.find_department(to), questions.find_reason(why)
    if department is None:
        return [_to_whom(one, desk)]
    if reason is None:
        return [_why(one, department, desk)]
    if not note:
        return ask_for(f"swap {one.id} {department} {reason}", "ask.write_note", desk)
    handed = Transfer(
        who=desk.me.id, at=desk.now, to=department, reason=reason, note=questions.read_note(note)
    )
    return _hand_on(questions.pass_on(one, handed), desk)


def _to_whom(one: Question, desk: Desk) -> Card:
    """The same people's others first, then every department somebody stands for."""
    others = [d.id for d in questions.rules().department if d.id != one.to and desk.with_role(*d.roles)]
    rows = [(button("ask.to_others", f"swap {one.id} {one.to}", to=line(f"ask.to_{one.to}")),)]
    rows += [(button("ask.hand_to", f"swap {one.id} {id}", to=line(f"ask.to_{id}")),) for id in others]
    return tell(desk.me.id, line("ask.to_whom", number=one.number), buttons=tuple(rows))


def _why(one: Question, to: questions.Department, desk: Desk) -> Card:
    rows = tuple(
        (button(f"ask.reason_{reason.id}", f"swap {one.id} {to} {reason.id}"),)
        for reason in questions.rules().reason
    )
    return tell(desk.me.id, line("ask.why", number=one.number), buttons=rows)


def _hand_on(passed: Question, desk: Desk) -> list[Card]:
    """Before the next ones, with all that was said; whoever it went round too often is told to the leads (B14)."""
    one, asks = put_before(passed, desk, but=desk.me.id)
    last = one.transfers[-1]
    one = keep(one, "handed_on", desk, to=last.to, reason=last.reason)
    asked = {card.key for card in asks}
    told = {card.person for card in asks}
    again = [m.id for m in seniors(desk) if m.id not in told] if questions.handed_on_too_often(one) else []
    head = line("ask.round_and_round", number=one.number, count=len(one.transfers))
    warned = [pressed_list(head, [one], id, f"ask-round:{one.id}:{id}", desk) for id in again]
    done = tell(desk.me.id, line("ask.handed_on", number=one.number, to=line(f"ask.to_{one.to}")))
    return [done, *asks, *warned, *(card for card in kept_true(one, desk) if card.key not in asked)]


# -- reminders --------------------------------------------------------------------------------------


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


DUTY = DutySpec(
    "answers",
    commands=(
        Command("reply", reply, words=("回答", "答复")),
        Command("swap", swap, words=("转交",)),
        Command("askmine", claim, listed=False),
        Command("reanswer", reanswer, listed=False),
    ),
    due={SWEEP: sweep, AGAIN: open_again},
    fresh={"ask": as_it_is},
    replied=replied,
)
