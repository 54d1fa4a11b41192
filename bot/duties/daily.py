"""Every day 每日: my tasks on one card, done with evidence or skipped with a reason; a task given to one (F20)."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, line, tell, toast
from bot.daily_book import LOOK, falling, keep, need, plan, title, today
from bot.daily_cards import kept_true, overview, own_card, own_tasks, task_line
from bot.daily_checks import holds, registered
from bot.daily_day import look
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import daily, on_air
from playbooks.daily import DailyTask
from playbooks.model import Refusal
from playbooks.room import CONTROL, IN_CHARGE
from storage.rows import Due

UNDO_OVER = "daily_undo_over"


def show(call: Call, desk: Desk) -> list[Card]:
    """`/daily`: my tasks of the day; who is in charge sees everybody's. `/daily 5` shows one, with its picture."""
    if call.args.strip():
        return [_one(call.args.strip(), desk)]
    mine = own_card(desk.me.id, desk)
    if not desk.me.may(IN_CHARGE):
        return [mine]
    return [mine, tell(desk.me.id, overview(desk, list(falling(today(desk), desk))), silent=True)]


def _one(number: str, desk: Desk) -> Card:
    """The task of today with this number: of mine, for who is in charge of anybody."""
    known = desk.books.daily_tasks.by("day", str(today(desk)))
    fits = [
        one for one in known
        if str(one.number) == number.lstrip("#") and (one.owner == desk.me.id or desk.me.may(IN_CHARGE))
    ]  # fmt: skip
    if not fits:
        raise Refusal("daily.not_today", number=number[:4])
    newest = max(fits, key=lambda one: one.at)
    attach = f"daily_proof {newest.id}" if newest.file_id else ""
    return tell(desk.me.id, (task_line(one, desk, whose=True) for one in fits), attach=attach)


def done(call: Call, desk: Desk) -> list[Card]:
    """做完: with the evidence the task asks for, asked for where it is not there yet; what was registered counts.

    Raises Refusal `daily.gone`, `daily.not_yours`, `daily.over`, `daily.check_<check>`, `daily.proof_…`.
    """
    id, _, said = call.args.partition(" ")
    task = _theirs(id, desk)
    if task.strict and not holds(task.check, desk):
        raise Refusal(f"daily.check_{task.check}")
    photo = call.file.file_id if call.file else ""
    count = registered(task.counted, daily.day_span(task.date, desk.zone)[0], desk)
    if task.counted and count:
        said = said or str(count)
    elif (task.counted or task.proof) and not (photo or (said and task.proof != "file")):
        return ask(f"dailydone {id}", f"daily.ask_{task.proof or 'none'}", desk)
    _end(daily.finish(task, desk.me.id, desk.now, said, photo), "done", desk, proof=said)
    return _said(task, "daily.noted", desk)


def skip(call: Call, desk: Desk) -> list[Card]:
    """跳过: not today, with the reason, which is asked for (B22). Raises like `done`."""
    id, _, why = call.args.partition(" ")
    task = _theirs(id, desk)
    if not why.strip():
        daily.skip(task, desk.me.id, "?", desk.now)  # what is over asks for nothing
        return ask(f"dailyskip {id}", "daily.ask_why", desk)
    _end(daily.skip(task, desk.me.id, why, desk.now), "skipped", desk, why=why.strip())
    return _said(task, "daily.skip_noted", desk)


def _theirs(id: str, desk: Desk) -> DailyTask:
    """The caller's own; who is in charge may for anybody."""
    task = need(id, desk)
    if task.owner != desk.me.id and not desk.me.may(IN_CHARGE):
        raise Refusal("daily.not_yours", name=desk.name(task.owner) if task.owner else "—")
    return task


def _end(task: DailyTask, step: str, desk: Desk, **values: str) -> None:
    keep(task, step, desk, **{name: value for name, value in values.items() if value})
    desk.later(UNDO_OVER, desk.now + on_air.rules().undo_within, desk.me.id, cool_down=0)
    plan(desk)


def undo(call: Call, desk: Desk) -> list[Card]:
    """撤销: what I ticked or skipped by a slip of the finger is to be done again. Raises Refusal `daily.gone`,
    `daily.over`, `daily.undo_late`."""
    task = keep(daily.undo(need(call.args, desk), desk.me.id, desk.now), "undone", desk)
    plan(desk)
    return _said(task, "daily.undone", desk)


def undo_over(row: Due, desk: Desk) -> list[Card]:
    """The minute is over: the button goes from the card."""
    return kept_true([row.about], desk)


def _said(task: DailyTask, key: str, desk: Desk) -> list[Card]:
    people = dict.fromkeys([desk.me.id, task.owner])
    told = []
    if task.by and task.by != desk.me.id:  # who gave it hears what came of it
        told = [tell(task.by, task_line(need(task.id, desk), desk), silent=True)]
    return [toast(key, what=title(task)), *kept_true(people, desk), *told]


def put_off(call: Call, desk: Desk) -> list[Card]:
    """稍后: everything that is due for me is brought up later; a few times and no more."""
    due = [one for one in own_tasks(desk.me.id, today(desk), desk) if one.open and one.at <= desk.now]
    able = [one for one in due if one.snoozes < daily.rules().most_snoozes]
    if not able:
        raise Refusal("daily.snoozed", most=daily.rules().most_snoozes)
    for one in able:
        keep(daily.snooze(one, desk.now), "snoozed", desk)
    plan(desk)
    until = desk.clock(desk.now + daily.rules().snooze)
    return [toast("daily.later_noted", at=until), *kept_true([desk.me.id], desk)]


def mine(call: Call, desk: Desk) -> list[Card]:
    """我来: who is in charge takes on what nobody did; its former person's card shows it."""
    before = need(call.args, desk)
    after = keep(daily.pass_on(before, desk.me.id, desk.now), "passed", desk, to=desk.me.id, of=before.owner)
    desk.books.daily_tasks.put(daily.rung(after, desk.now, desk.zone))
    plan(desk)
    return [own_card(desk.me.id, desk), *kept_true([before.owner], desk)]


def give(call: Call, desk: Desk) -> list[Card]:
    """`/task 小美 15:00 整理样品`: one person, once, by when; who gave it hears what came of it (F20)."""
    task = daily.given(
        call.args, desk.members(), id=desk.books.new_id("y"), by=desk.me.id, now=desk.now, zone=desk.zone
    )
    keep(task, "given", desk, owner=task.owner)
    plan(desk)
    said = line("task.given", name=desk.name(task.owner), what=title(task), at=desk.clock(task.at))
    if task.owner == desk.me.id:
        return [tell(desk.me.id, said)]
    told = line("task.yours", by=desk.me.name, what=title(task), at=desk.clock(task.at))
    return [tell(desk.me.id, said), tell(task.owner, told, rank="work")]


def due(row: Due, desk: Desk) -> list[Card]:
    """The day's tasks are looked at."""
    return look(desk)


DUTY = DutySpec(
    "daily",
    commands=(
        Command("daily", show, words=("每日",), args=False),
        Command("task", give, words=("交办",), roles=CONTROL),
        Command("dailydone", done, listed=False),
        Command("dailyskip", skip, listed=False),
        Command("dailyundo", undo, listed=False),
        Command("dailylater", put_off, listed=False),
        Command("dailymine", mine, roles=IN_CHARGE, listed=False),
    ),
    due={LOOK: due, UNDO_OVER: undo_over},
)
