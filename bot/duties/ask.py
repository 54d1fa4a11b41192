"""Asking ops or another department instead of guessing: `/ask`, an angry buyer, what is still unanswered.

REQUIREMENTS B03, B05, B12, B15-B17, H26.
"""

from __future__ import annotations

from bot.asker_cards import asker_card, joined_card, known_card
from bot.asking import ask as ask_for
from bot.call import Call
from bot.card import Card, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.known_answers import find as known_answers
from bot.question_cards import kept_true, put_before
from bot.questioning import (
    answerers,
    keep,
    need_question,
    open_questions,
    tonight,
)
from bot.surging import look as surge_in
from playbooks import questions
from playbooks.model import Refusal
from playbooks.questions import Asking, Question, Said


def ask(call: Call, desk: Desk) -> list[Card]:
    """`/ask 3 能用盐水冲吗`, `/ask 仓库 …`: to those on duty who know; the same question still open is joined.

    What was answered this broadcast, or stands in the knowledge, is told first: one tap asks all the same.
    """
    if not call.args:
        return ask_for("ask", "ask.which", desk)
    asking = questions.read_ask(call.args, desk.asked_about(), desk.on_air())
    if not asking.named and not desk.with_role(*questions.department(asking.to).roles):
        asking = asking.changed(to="ops")  # a room without a warehouse asks ops
    known = questions.twin(asking, tonight(desk))
    return _join(known, asking, desk) if known else _told(asking, desk) or _new(asking, desk)


def _told(asking: Asking, desk: Desk) -> list[Card]:
    """The answers there are already; nobody is asked. [] where there is none."""
    found = known_answers(asking, desk)
    if not found:
        return []
    one = _question(asking, desk).changed(state="told", told=found[0].text)
    return [known_card(keep(one, "told", desk), found, desk)]


def anyway(call: Call, desk: Desk) -> list[Card]:
    """还是要问: what was told is not the answer, so it is asked; ops see what was told."""
    told = need_question(call.args, desk)
    if told.askers != (desk.me.id,):
        raise Refusal("ask.not_asked")
    asking = Asking(
        to=told.to,
        named=told.named,
        kind=told.kind,
        link_no=told.link_no,
        product=told.product,
        text=told.text,
    )
    if told.state == "told" and (known := questions.twin(asking, tonight(desk))):
        desk.books.questions.drop(told.id)
        return [joined_card(told, desk), *_join(known, asking, desk)]
    return _put(questions.ask_anyway(told, _next_number(desk), desk.now), "asked", desk, edit=True)


def _new(asking: Asking, desk: Desk, *, angry: bool = False) -> list[Card]:
    one = _question(asking, desk).changed(number=_next_number(desk), angry=angry)
    return _put(one, "angry" if angry else "asked", desk)


def _question(asking: Asking, desk: Desk) -> Question:
    """As it was asked just now, without a number yet."""
    return Question(
        id=desk.books.new_id("q"), broadcast=desk.broadcast_id(), number=0, kind=asking.kind,
        to=asking.to, named=asking.named, link_no=asking.link_no, product=asking.product,
        asks=(Said(who=desk.me.id, at=desk.now, text=asking.text),), since=desk.now,
    )  # fmt: skip


def _put(one: Question, step: str, desk: Desk, *, edit: bool = False) -> list[Card]:
    """Keep the question and put it before those who answer it."""
    one, asks = put_before(one, desk)
    one = keep(one, step, desk, to=one.to, type=one.kind)
    nobody = not answerers(one.to, desk) and not desk.on_duty("lead", "manager")
    return [asker_card(one, desk.me.id, desk, nobody=nobody, edit=edit), *asks, *surge_in(desk)]


def _next_number(desk: Desk) -> int:
    return max((one.number for one in tonight(desk)), default=0) + 1


def _join(known: Question, asking: Asking, desk: Desk) -> list[Card]:
    """Somebody asked it already: both get the answer, ops are not asked twice."""
    one = questions.join(known, desk.me.id, asking.text, desk.now)
    if one == known:
        return [asker_card(one, desk.me.id, desk)]
    one = keep(one, "joined", desk)
    return [asker_card(one, desk.me.id, desk, joined=True), *kept_true(one, desk), *surge_in(desk)]


def apart(call: Call, desk: Desk) -> list[Card]:
    """It was not the same question after all: asked by itself."""
    known = need_question(call.args, desk)
    said = next((one for one in known.asks if one.who == desk.me.id), None)
    if said is None or len(known.askers) == 1:
        raise Refusal("ask.not_asked")
    left = keep(questions.leave(known, desk.me.id), "left", desk)
    one = Question(
        id=desk.books.new_id("q"), broadcast=desk.broadcast_id(), number=_next_number(desk), kind=known.kind,
        to=known.to, named=known.named, link_no=known.link_no, product=known.product, asks=(said,), since=desk.now,
    )  # fmt: skip
    return [*_put(one, "asked", desk), *kept_true(left, desk)]


def angry(call: Call, desk: Desk) -> list[Card]:
    """An angry buyer goes to a senior; the agent gets words to calm them with (H26). `/angry [3] [what they want]`."""
    known = desk.books.questions.get(call.args) if call.args else None
    if known is None:
        return _call_senior(questions.read_angry(call.args, desk.asked_about(), desk.on_air()), desk)
    if desk.me.id not in known.askers:
        raise Refusal("ask.not_asked")
    if len(known.askers) > 1:  # the buyer of one of them is angry: the others' question stays where it is
        text = next(one.text for one in known.asks if one.who == desk.me.id)
        fields = {"kind": "advice", "link_no": known.link_no, "product": known.product, "text": text}
        return _call_senior(Asking.model_validate({"to": "senior", "named": True, **fields}), desk)
    if known.angry:
        return [asker_card(known, desk.me.id, desk, edit=True)]
    cards = _put(questions.anger(known, desk.now), "angry", desk, edit=True)
    return [*cards, *_others(need_question(known.id, desk), cards, desk)]


def _call_senior(asking: Asking, desk: Desk) -> list[Card]:
    """For one buyer once, however often it is pressed."""
    before = next((one for one in open_questions(desk) if _same_buyer(one, asking, desk)), None)
    return [asker_card(before, desk.me.id, desk)] if before else _new(asking, desk, angry=True)


def _same_buyer(one: Question, asking: Asking, desk: Desk) -> bool:
    """Whether a senior was called about it already."""
    return one.angry and (one.askers, one.link_no, one.text) == ((desk.me.id,), asking.link_no, asking.text)


def _others(one: Question, cards: list[Card], desk: Desk) -> list[Card]:
    """The cards that show the question beside those just made."""
    made = {card.key for card in cards}
    return [card for card in kept_true(one, desk) if card.key not in made]


def sort(call: Call, desk: Desk) -> list[Card]:
    """One tap says what kind it is (B16); while nobody has taken it up it goes where that kind is answered."""
    id, _, word = call.args.partition(" ")
    known = need_question(id, desk)
    kind = next((one for one in questions.KINDS if one == word), None)
    if kind is None or desk.me.id not in known.askers:
        raise Refusal("ask.not_asked")
    usual = questions.kind_rule(kind).to
    to = questions.goes_to(known, usual if desk.with_role(*questions.department(usual).roles) else "ops")
    one = questions.sort(known, kind, to, desk.now)
    if one.to == known.to:
        one = keep(one, "sorted", desk, type=kind)
        return [asker_card(one, desk.me.id, desk, edit=True), *_others(one, _own(one, desk), desk)]
    cards = _put(one, "sorted", desk, edit=True)
    return [*cards, *_others(need_question(id, desk), cards, desk)]


def _own(one: Question, desk: Desk) -> list[Card]:
    return [asker_card(one, desk.me.id, desk)]


def leave(call: Call, desk: Desk) -> list[Card]:
    """The asker needs no answer any more; the question goes with the last who asked."""
    one = questions.leave(need_question(call.args, desk), desk.me.id)
    one = keep(one, "left", desk)
    return [toast("ask.left", number=one.number), *kept_true(one, desk)]


DUTY = DutySpec(
    "ask",
    commands=(
        Command("ask", ask, words=("请教", "问运营", "不清楚")),
        Command("angry", angry, words=("买家生气", "买家发火")),
        Command("askanyway", anyway, listed=False),
        Command("askapart", apart, listed=False),
        Command("askkind", sort, listed=False),
        Command("unask", leave, listed=False),
    ),
)
