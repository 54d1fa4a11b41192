"""Answering what was asked: the first responder owns it, replies, says until when, corrects (B03, B13, B17)."""

from __future__ import annotations

from datetime import datetime

from bot import candidates
from bot.asker_cards import answer_cards, expected_card
from bot.asking import ask as ask_for
from bot.call import Call
from bot.card import Card, Row, button, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.night import nights_kept_true
from bot.question_cards import (
    BUTTON_BYTES,
    card_key,
    former_key,
    list_keys,
    offered_card,
    other_cards,
    own_card,
)
from bot.questioning import keep, may_answer, need_question, need_theirs, which_one
from playbooks import announce, questions
from playbooks.questions import Question
from storage.books import RoomBooks


def claim(call: Call, desk: Desk) -> list[Card]:
    """First responder owns it; everybody asked sees who that is (B13)."""
    one = questions.claim(need_theirs(need_question(call.args, desk), desk), desk.me.id)
    one = keep(one, "claimed", desk)
    return [
        toast("ask.yours", number=one.number),
        own_card(one, desk),
        *other_cards(one, desk),
    ]


# -- the answer -------------------------------------------------------------------------------------


def replied(call: Call, books: RoomBooks) -> str:
    """The words a text stands for that replies to a question's card, or to a list of several: the answer.

    '' for any other message.
    """
    member = books.members.get(call.who.id)
    if member is None:
        return ""
    theirs = (one for one in books.questions.scan() if may_answer(member, one))
    found = next((f"reply {one.id}" for one in theirs if _shows(one, call, books)), "")
    return found or ("reply" if _lists(call, books) else "")


def _lists(call: Call, books: RoomBooks) -> bool:
    """Whether the message replied to lists several questions: the answer then names one by its number."""
    there = (call.chat_id, call.reply_to)
    stand = map(books.sent.get, list_keys(call.who.id))
    return any(sent and (sent.chat_id, sent.message_id) == there for sent in stand)


def _shows(one: Question, call: Call, books: RoomBooks) -> bool:
    """Whether the message replied to is the question's card, the person's own or the group's."""
    who, there = call.who.id, (call.chat_id, call.reply_to)
    keys = (card_key(one, who), card_key(one, "group"), former_key(one, who, call.reply_to))
    return any(sent and (sent.chat_id, sent.message_id) == there for sent in map(books.sent.get, keys))


def reply(call: Call, desk: Desk) -> list[Card]:
    """`/reply 7 可以`, or a reply to the card: the answer, or when it will come (`18:00 前`, B17).

    Without a number it is the only one taken up. What was answered before is corrected only after one more press.
    """
    one, text = which_one(call.args, desk)
    need_theirs(one, desk)
    if not text:
        return ask_for(f"reply {one.id}", "ask.write_answer", desk)
    said = questions.read_answer(text, one.to, desk.now, desk.zone)
    return _expect(one, said, text, desk) if isinstance(said, datetime) else _take(one, said, desk)


def _take(one: Question, text: str, desk: Desk) -> list[Card]:
    """The answer; to what is answered already, `收到` must not become the answer: it is asked first."""
    if one.state != "answered":
        return _answer(one, text, desk)
    if one.answer and one.answer.text == text:
        return [own_card(one, desk)]
    offered = desk.books.questions.put(questions.offer(one, desk.me.id, text, desk.now))
    return [offered_card(offered, len(offered.offered) - 1)]


def reanswer(call: Call, desk: Desk) -> list[Card]:
    """What was pressed for is the correction: `=0` what was replied before, else what is written now."""
    id, _, rest = call.args.partition(" ")
    one, text = need_theirs(need_question(id, desk), desk), rest.strip()
    number = announce.whole(text.removeprefix("=")) if text.startswith("=") else None
    if number is None or number >= len(one.offered):
        if not text:
            return ask_for(f"reanswer {one.id}", "ask.write_answer", desk)
        said = questions.read_answer(text, one.to, desk.now, desk.zone)
        return _expect(one, said, text, desk) if isinstance(said, datetime) else _answer(one, said, desk)
    if one.offered[number].who != desk.me.id or (one.answer and one.answer.text == one.offered[number].text):
        return [own_card(one, desk)]
    return [offered_card(one, number, done=True), *_answer(one, one.offered[number].text, desk)]


def _answer(before: Question, text: str, desk: Desk) -> list[Card]:
    one = questions.answer(before, desk.me.id, text, desk.now)
    one, digests = candidates.propose(one, desk)
    one = keep(one, "corrected" if before.answers else "answered", desk)
    shown = own_card(one, desk)
    return [shown, *answer_cards(one, desk), *other_cards(one, desk), *digests, *nights_kept_true(desk)]


def _expect(before: Question, eta: datetime, text: str, desk: Desk) -> list[Card]:
    """Nobody is reminded until then; who asked may tell the buyer. One tap says it was the answer itself."""
    one = keep(questions.expect(before, desk.me.id, eta), "expected", desk, at=desk.clock(eta))
    words = f"reply {one.id} = {text}"
    row: tuple[Row, ...] = ((button("ask.is_answer", words),),) if len(words.encode()) <= BUTTON_BYTES else ()
    told = [expected_card(one, person, desk) for person in one.askers]
    return [own_card(one, desk, *row), *told, *other_cards(one, desk)]


DUTY = DutySpec(
    "answers",
    commands=(
        Command("reply", reply, words=("回答", "答复")),
        Command("askmine", claim, listed=False),
        Command("reanswer", reanswer, listed=False),
    ),
    replied=replied,
)
