"""False alarms 误报: proposed by who has the order, decided by a manager, for it alone or all like it; and how often
each rule was right."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, lines, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.exposure import keep_hold, need_hold, open_holds
from bot.held_cards import may_leave
from bot.hold_cards import decide_rows, hold_card, place_line, rule_name
from bot.hold_words import checked_reason
from playbooks import aftercare
from playbooks.addresses.around import Excepted
from playbooks.addresses.findings import Finding
from playbooks.aftercare import Hold, Judged
from playbooks.model import Refusal
from playbooks.room import MANAGERS, SERVICE
from storage.rows import Line

LIKE, ALL = "like", "all"


def false_alarm(call: Call, desk: Desk) -> list[Card]:
    """误报: the owner says which rule is wrong here, where several held the order, and why; a manager decides."""
    id, _, said = call.args.partition(" ")
    one = need_hold(id, desk)
    several = aftercare.disputable(one)
    which, _, note = said.partition(" ")
    if which not in (*several, ALL):
        which, note = ("", said) if len(several) == 1 else ("", "")
    if not which and len(several) > 1:
        return [_which_rule(one, several, desk)]
    if not note:
        return ask(f"falsealarm {id} {which}".strip(), "hold.ask_why", desk)
    rules = () if which in ("", ALL) else (which,)
    proposed = aftercare.propose_false_alarm(one, desk.me.id, checked_reason(note), rules)
    return _proposed(keep_hold(proposed, "propose", desk), desk)


def _which_rule(one: Hold, rules: tuple[str, ...], desk: Desk) -> Card:
    rows = [
        (button("hold.wrong_rule", f"falsealarm {one.id} {rule}", rule=rule_name(rule)),) for rule in rules
    ]
    rows.append((button("hold.wrong_all", f"falsealarm {one.id} {ALL}"),))
    return tell(desk.me.id, line("hold.which_rule", order_id=one.order_id), buttons=tuple(rows))


def _proposed(done: Hold, desk: Desk) -> list[Card]:
    """The managers are asked; they read every rule that held it, and which of them is said to be wrong."""
    wrong = done.proposed_rules or aftercare.disputable(done)
    head = line(
        "hold.proposed", order_id=done.order_id, by=desk.me.name, region=place_line(done), note=done.note
    )
    why = (_why_line(found, wrong) for found in done.findings)
    said, rows = (head, *why), tuple(decide_rows(done, desk))
    asks = [
        tell(m.id, said, buttons=rows, rank="work", about=f"decide {done.id}", key=f"decide:{done.id}:{m.id}")
        for m in desk.with_role("manager")
    ]
    return [hold_card(done, desk), *asks]


def _why_line(found: Finding, wrong: tuple[str, ...]) -> Line:
    key = "hold.why_disputed" if found.rule in wrong else "hold.why_stands"
    return line(key, what=line(found.text_key, **found.values))


def decide(call: Call, desk: Desk) -> list[Card]:
    """A manager approves the exception, for this order (`yes`) or for all like it until a date, or sends it back."""
    id, _, word = call.args.partition(" ")
    approved = word in ("yes", LIKE)
    before = need_hold(id, desk)
    one = aftercare.decide_false_alarm(before, approved=approved)
    keep_hold(one, "approve" if approved else "reject", desk)
    let = _let_through(before, desk) if word == LIKE else []
    cards = [toast("hold.decided"), hold_card(one, desk)]
    if one.owner and one.owner != desk.me.id:
        cards.append(tell(one.owner, _told(one, desk, approved=approved), rank="work"))
    if approved:
        cards += may_leave(desk)
    return [*cards, tell(desk.me.id, let)] if let else cards


def _told(one: Hold, desk: Desk, *, approved: bool) -> Line:
    """What its owner reads: it may ship, what still holds it, or that it is no false alarm."""
    if approved and one.state not in aftercare.DEALT_WITH:
        left = tuple(rule_name(rule) for rule in aftercare.disputable(one))
        return line("hold.told_part", order_id=one.order_id, by=desk.me.name, rules=left)
    return line(
        "hold.told_approved" if approved else "hold.told_rejected", order_id=one.order_id, by=desk.me.name
    )


def _let_through(one: Hold, desk: Desk) -> list[Line]:
    """Everything the same rule finds in the same region is let through for a while, also what waits already."""
    until = desk.now + timedelta(days=aftercare.rules().exception_days)
    pairs = aftercare.asked_for(one)
    for rule, region in pairs:
        _let(rule, region, until, desk)
    free = [now for h in open_holds(desk) if (now := aftercare.excepted(h, pairs, desk.now))]
    for now in free:
        keep_hold(now, "settle", desk)
    return [
        *(
            _exception_line(rule, region, until.astimezone(desk.zone).strftime("%m-%d"))
            for rule, region in pairs
        ),
        line("hold.excepted_others", count=len(free)),
    ]


def _let(rule: str, region: str, until: datetime, desk: Desk) -> None:
    """One exception of a rule and region: a new one takes the place of the old."""
    for old in [e for e in desk.books.exceptions.scan() if (e.rule, e.region) == (rule, region)]:
        desk.books.exceptions.drop(old.id)
    row = Excepted(
        id=desk.books.new_id("e"), rule=rule, region=region, author=desk.me.id, from_at=desk.now, until=until
    )
    desk.books.exceptions.put(row)
    desk.note("rules", row.id, change="excepted", text=f"{rule} {region}")


def _exception_line(rule: str, region: str, day: str) -> Line:
    return line("hold.excepted", rule=rule_name(rule), region=region or "—", day=day)


def unexcept(call: Call, desk: Desk) -> list[Card]:
    """The exception is taken back; the next export finds its orders again."""
    row = desk.books.exceptions.get(call.args)
    if row is None:
        raise Refusal("hold.exception_gone")
    desk.books.exceptions.drop(row.id)
    desk.note("rules", row.id, change="not_excepted", text=f"{row.rule} {row.region}")
    return [tell(desk.me.id, line("hold.exception_over", rule=rule_name(row.rule), region=row.region or "—"))]


def precision(call: Call, desk: Desk) -> list[Card]:
    """`/precision`: of what each rule found, how much people acted on and how much was a false alarm."""
    every = aftercare.judged(desk.books.holds.scan())
    if not every:
        raise Refusal("hold.nothing_judged")
    said = lines(
        line("hold.precision_head"), (_judged_line(one) for one in every), line("hold.precision_how")
    )
    return [tell(desk.me.id, said)]


def _judged_line(one: Judged) -> Line:
    percent = one.precision
    known = line("hold.percent", percent=str(percent)) if percent is not None else line("hold.undecided")
    return line(
        "hold.precision_line", rule=rule_name(one.rule), found=one.found, right=one.right, wrong=one.wrong,
        percent=known,
    )  # fmt: skip


def _still_to_decide(card: Card, desk: Desk) -> Card | None:
    """The false alarm a manager is asked about, unless somebody has decided it meanwhile."""
    one = desk.books.holds.get(card.about.partition(" ")[2])
    if one is None:
        return None
    if one.state == "false_alarm_proposed":
        return card
    state = line(f"hold.state_{one.state}")
    return card.changed(lines=(line("outbox.hold_settled", order_id=one.order_id, state=state),), buttons=())


DUTY = DutySpec(
    "hold_exceptions",
    commands=(
        Command("falsealarm", false_alarm, roles=SERVICE, listed=False, private=True),
        Command("decide", decide, roles=MANAGERS, listed=False, private=True),
        Command("unexcept", unexcept, roles=MANAGERS, listed=False, private=True),
        Command(
            "precision",
            precision,
            words=("规则准确率",),
            roles=MANAGERS | {"lead"},
            reads=True,
            slow=True,
            args=False,
        ),
    ),
    fresh={"decide": _still_to_decide},
)
