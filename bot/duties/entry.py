"""`/enter` 录入: goals, traffic, service figures by buttons or in a line; `/post`; `/feedback` in a tap (G06-G11)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.asking import ask
from bot.call import Call
from bot.card import Button, Card, Row, button, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.entered import aired, entered_of, feedback_card, named_first
from bot.review_words import figure
from playbooks import review_entered
from playbooks.broadcast import Broadcast
from playbooks.model import Refusal
from playbooks.review_entered import FEELINGS, PARTS, Entered, FigureSpec, Part
from playbooks.room import CONTROL
from storage.rows import Line

IN_A_ROW = 2


def enter(call: Call, desk: Desk) -> list[Card]:
    """`/enter`; `/enter 流量` is the form; `/enter 场观 1.2万 人均停留 1分20秒`; a figure alone is asked for.

    Raises Refusal `entry.*`; of several figures none is kept where one cannot be read.
    """
    named, rest = named_first(call.args, desk)
    if not rest:
        return [_overview(named or aired(desk), desk)]
    part = next((p for p in PARTS if rest.lower() in (p, *_words(p))), None)
    if part:
        return [_form(named or _of(part, desk), part, desk)]
    alone = review_entered.named(rest, desk.room.platform)
    if alone:
        here = named or _of(alone.section, desk)
        return ask(f"enter {here.id} {alone.id}", f"entry.ask_{alone.kind}", desk, name=_name(alone.id))
    told = list(review_entered.read_line(rest, desk.room.platform))
    return _keep(told, named, desk)


def _words(part: Part) -> tuple[str, ...]:
    return review_entered.rules().part_words[part]


def _of(part: Part, desk: Desk) -> Broadcast:
    """Goals are set for the broadcast to come, all else is known once it was on air."""
    return (desk.broadcast() or aired(desk)) if part == "goals" else aired(desk)


def _keep(told: Sequence[tuple[FigureSpec, Decimal]], named: Broadcast | None, desk: Desk) -> list[Card]:
    """Each figure to the broadcast meant, with what stood there before; the form of the last one shows them."""
    said: list[Line] = []
    for spec, value in told:
        here = named or _of(spec.section, desk)
        known = entered_of(here.id, desk)
        before = known.value(spec.id)
        desk.books.review_entries.put(
            review_entered.with_figures(known, {spec.id: value}, desk.me.id, desk.now)
        )
        desk.note("review_entry", here.id, broadcast=here.id, figure=spec.id, value=str(value))
        key = "entry.kept" if before is None else "entry.replaced"
        now, then = figure(spec.kind, value), figure(spec.kind, before)
        said.append(line(key, name=_name(spec.id), value=now, before=then))
    here, part = named or _of(told[-1][0].section, desk), told[-1][0].section
    form = _form(here, part, desk)
    return [tell(desk.me.id, said, form.lines[:1], buttons=form.buttons, key=form.key)]


def _name(id: str) -> Line:
    return line(f"entry.figure_{id}")


def _overview(here: Broadcast, desk: Desk) -> Card:
    """How much of each part is entered, a button for each."""
    known = entered_of(here.id, desk)
    said = [line("entry.head", day=f"{here.opened_on:%m-%d}")]
    rows: list[Row] = []
    for part in PARTS:
        asked = review_entered.asked_for(part, desk.room.platform)
        done = sum(one.id in known.figures for one in asked)
        said.append(line("entry.part", part=line(f"review.section_{part}"), done=done, count=len(asked)))
        rows.append((button(f"review.section_{part}", f"enter {here.id} {part}"),))
    posts = review_entered.rules().posts
    done = sum(one in known.posts for one in posts)
    said.append(line("entry.part", part=line("review.section_posts"), done=done, count=len(posts)))
    rows.append((button("review.section_posts", f"post {here.id}"),))
    return tell(desk.me.id, said, line("entry.how"), buttons=tuple(rows))


def _form(here: Broadcast, part: Part, desk: Desk) -> Card:
    """Every figure of a part as it stands, and a button for each; edited in place."""
    known, asked = entered_of(here.id, desk), review_entered.asked_for(part, desk.room.platform)
    said = [line("entry.form", part=line(f"review.section_{part}"), day=f"{here.opened_on:%m-%d}")]
    said += [line("entry.line", name=_name(one.id), value=_value(one, known)) for one in asked]
    buttons = [button(f"entry.figure_{one.id}", f"enter {here.id} {one.id}") for one in asked]
    again = ((button("entry.review", f"review {here.id}"),),) if here.ended_at else ()
    return tell(
        desk.me.id, said, buttons=(*_rows(buttons), *again), key=f"entry:{here.id}:{part}:{desk.me.id}"
    )


def _value(spec: FigureSpec, known: Entered) -> Line | str:
    return figure(spec.kind, known.value(spec.id))


def _rows(buttons: Sequence[Button]) -> tuple[Row, ...]:
    return tuple(tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW))


def post(call: Call, desk: Desk) -> list[Card]:
    """`/post 主播 节奏偏快`: what is said of a post; without words it is asked for, without a post chosen."""
    named, rest = named_first(call.args, desk)
    here = named or aired(desk)
    word, _, text = rest.partition(" ")
    if not word:
        return [_posts(here, desk)]
    id = review_entered.post_of(word)
    if not text.strip():
        return ask(f"post {here.id} {id}", "entry.ask_post", desk, post=line(f"entry.post_{id}"))
    known = review_entered.with_remark(entered_of(here.id, desk), id, text, desk.me.id, desk.now)
    desk.books.review_entries.put(known)
    desk.note("review_entry", here.id, broadcast=here.id, post=id)
    return [_posts(here, desk)]


def _posts(here: Broadcast, desk: Desk) -> Card:
    known, posts = entered_of(here.id, desk).posts, review_entered.rules().posts
    said = [line("entry.form", part=line("review.section_posts"), day=f"{here.opened_on:%m-%d}")]
    for id in posts:
        text = line("review.plain", text=known[id].text) if id in known else line("review.missing")
        said.append(line("entry.line", name=line(f"entry.post_{id}"), value=text))
    buttons = [button(f"entry.post_{id}", f"post {here.id} {id}") for id in posts]
    return tell(desk.me.id, said, buttons=_rows(buttons))


def feedback(call: Call, desk: Desk) -> list[Card]:
    """One tap says how the shift went, words may follow; said again it takes the place of what was said before."""
    named, rest = named_first(call.args, desk)
    here = named or aired(desk)
    word, _, text = rest.partition(" ")
    if not word:
        return [feedback_card(desk.me.id, here)]
    how = next(
        (one for one in FEELINGS if word.lower() in (one, *review_entered.rules().feelings[one])), None
    )
    if how is None:
        raise Refusal("feedback.usage")
    known = review_entered.with_feeling(entered_of(here.id, desk), desk.me.id, how, desk.now, text)
    desk.books.review_entries.put(known)
    desk.note("feedback", here.id, broadcast=here.id, how=how)
    said = line("feedback.thanks", how=line(f"feedback.{how}"))
    key = f"feedback:{here.id}:{desk.me.id}"
    card = feedback_card(desk.me.id, here).changed(lines=(said,), key=key, edit=True)
    return [toast("feedback.noted"), card]


DUTY = DutySpec(
    "entry",
    commands=(
        Command("enter", enter, words=("录入",), roles=CONTROL),
        Command("post", post, words=("岗位复盘",)),
        Command("feedback", feedback, words=("班次反馈",)),
    ),
)
