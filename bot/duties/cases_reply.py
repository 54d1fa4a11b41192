"""回评: the public reply to a review, checked before it is published (REQUIREMENTS E14, E15, E18, K16)."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, copy, line, tell
from bot.case_cards import name
from bot.case_press import seen, step, words
from bot.cases import keep, need_theirs
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import cases
from playbooks.cases import Case
from playbooks.followup.texts import check_words
from playbooks.model import Refusal
from playbooks.room import SERVICE


def reply(call: Call, desk: Desk) -> list[Card]:
    """`/publicreply 12 您好…`: checked for a buyer's own, links and favours, then to copy (E14, E15, E18, H28, K16)."""
    id, _, text = words(call)
    if not id:
        raise Refusal("case.reply_usage")
    before = need_theirs(id, desk)
    if not text:
        ready = cases.script("mixed" if before.kind == "mixed" else "explain", desk.room.lang)
        rows = ((button("case.use_ready", f"casesay {before.id}"),),)
        asking = ask(f"publicreply {before.id}", "case.ask_reply", desk)
        return [
            card.changed(lines=(*card.lines, line("case.say", text=ready)), buttons=rows) for card in asking
        ]
    check_words(text, desk.room.platform)
    return _drafted(before, cases.check_reply(text), desk)


def ready(call: Call, desk: Desk) -> list[Card]:
    """The ready reply as it stands."""
    before = need_theirs(call.args, desk)
    text = cases.script("mixed" if before.kind == "mixed" else "explain", desk.room.lang)
    return _drafted(before, text, desk)


def _drafted(before: Case, text: str, desk: Desk) -> list[Card]:
    one = keep(cases.drafted(before, desk.me.id, text, desk.now), "drafted", desk)
    rows = ((copy("case.copy_reply", text),), (button("case.published", f"casepublished {one.id}"),))
    said = (line("case.reply_ok", name=name(one)), line("case.say", text=text))
    return [tell(desk.me.id, said, buttons=rows, key=f"case-reply:{one.id}:{desk.me.id}", rank="work")]


def published(call: Call, desk: Desk) -> list[Card]:
    """已发布."""
    one = cases.replied(need_theirs(call.args, desk), desk.me.id, desk.now)
    return seen(keep(one, "replied", desk), desk)


DUTY = DutySpec(
    "cases_reply",
    commands=(
        Command("publicreply", reply, words=("回评",), roles=SERVICE, private=True),
        step("casesay", ready),
        step("casepublished", published),
    ),
)
