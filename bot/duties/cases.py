"""Cases 工单 are entered, by a line or step by step with buttons, and listed (REQUIREMENTS E14-E22, E24, L02)."""

from __future__ import annotations

from collections.abc import Callable

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, lines, tell
from bot.case_cards import SHOWN, case_card, summary
from bot.cases import need_case, open_case, open_cases
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.questioning import seniors
from playbooks import cases
from playbooks.cases import Case, Kind
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE, SERVICE
from storage.rows import Line

COMMANDS: dict[Kind, str] = {
    "negative": "badreview", "mixed": "mixed", "aftersale": "aftersale", "complaint": "complaint",
}  # fmt: skip
"""By which command each kind is entered; a slip has a duty of its own."""
EXPORT = frozenset(["导出", "export"])
ALL = frozenset(["全部", "all"])
NEW = frozenset(["登记", "new"])


def entering(kind: Kind) -> Callable[[Call, Desk], list[Card]]:
    """The command that enters a case of `kind`: `/badreview 6917… 2星 物流 等了十天`; alone it asks for the order."""

    def enter(call: Call, desk: Desk) -> list[Card]:
        if not call.args.strip():
            return ask(COMMANDS[kind], f"case.ask_order_{kind}", desk)
        typed = cases.read(kind, call.args, desk.now, desk.zone, desk.room.platform)
        marked = {one.id for one in desk.books.cases.by("order_id", typed.order_id) if one.second}
        one, new = open_case(kind, typed, desk)
        return entered(one, desk, new=new, second=one.second and one.id not in marked)

    return enter


def entered(one: Case, desk: Desk, *, new: bool, second: bool) -> list[Card]:
    """Whoever put it in sees it, with what is still to be said as buttons; whoever answers for it as well.

    `second`: it turned out just now that the buyer complains a second time, which the leads are told (E24).
    """
    said = [case_card(one, desk.me.id, desk, line("case.noted" if new else "case.known"))]
    if one.owner != desk.me.id:
        said.append(case_card(one, one.owner, desk, line("case.yours_now", by=desk.me.name)))
    if second:
        told = (m.id for m in seniors(desk) if m.id not in (one.owner, desk.me.id))
        said += [case_card(one, id, desk, line("case.second_told")) for id in told]
    return said


def list_(call: Call, desk: Desk) -> list[Card]:
    """`/cases` lists mine, for those in charge everybody's; `/cases 12` shows one, `/cases 差评` a kind of them.

    `/cases 导出` gives the table, `/cases 登记` the kinds to enter, `/cases 全部` the closed ones too.
    """
    word = call.args.strip()
    if word in NEW:
        return [_kinds(desk)]
    if word in EXPORT:
        return [tell(desk.me.id, line("case.table"), attach="cases.xlsx")]
    kind = next(
        (kind for kind, known in cases.rules().kinds.items() if word == kind or word in known.words), None
    )
    if word and kind is None and word not in ALL:
        return [_one(need_case(word, desk), desk)]
    return [_list(kind, desk, closed=word in ALL)]


def _one(one: Case, desk: Desk) -> Card:
    """A case; a slip is its owner's, and of those in charge. Raises Refusal `case.not_yours`."""
    theirs = desk.me.id in (one.owner, one.by) or desk.me.may(IN_CHARGE)
    if not theirs and (one.kind == "mistake" or not desk.me.may(SERVICE)):
        raise Refusal("case.not_yours", number=one.number, owner=desk.name(one.owner))
    return case_card(one, desk.me.id, desk)


def _kinds(desk: Desk) -> Card:
    rows = [(button(f"case.kind_{kind}", command),) for kind, command in COMMANDS.items()]
    rows.append((button("case.kind_mistake", "mistake"),))
    return tell(desk.me.id, line("case.which_kind"), buttons=tuple(rows))


def _list(kind: Kind | None, desk: Desk, *, closed: bool) -> Card:
    known = sorted(desk.books.cases.scan(), key=lambda one: -one.number) if closed else open_cases(desk)
    found = [
        one
        for one in known
        if kind in (None, one.kind) and (desk.me.may(IN_CHARGE) or desk.me.id in (one.owner, one.by))
    ]
    said = lines(
        line("case.list", count=len(found), late=sum(one.open and one.due_at <= desk.now for one in found)),
        [summary(one, desk) for one in found[:SHOWN]],
        line("case.more", count=len(found) - SHOWN) if len(found) > SHOWN else None,
    )
    opens = [(button("case.open", f"cases {one.number}", name=_short(one)),) for one in found[:SHOWN]]
    more = ((button("case.enter", "cases new"), button("case.export", "cases export")),)
    return tell(desk.me.id, said if found else line("case.none"), buttons=(*opens, *more))


def _short(one: Case) -> Line:
    """`#12 …000001`."""
    return line("case.short", number=one.number, tail=one.order_id[-6:] or "—")


def _entry(kind: Kind, *words: str) -> Command:
    return Command(COMMANDS[kind], entering(kind), words=words, roles=SERVICE, private=True)


DUTY = DutySpec(
    "cases",
    commands=(
        Command("cases", list_, words=("工单",), private=True),
        _entry("negative", "差评", "中差评"),
        _entry("mixed", "好评有问题", "差好评"),
        _entry("aftersale", "售后登记", "售后单"),
        _entry("complaint", "投诉"),
    ),
)
