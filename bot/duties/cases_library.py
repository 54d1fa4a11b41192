"""The case library 案例库: hard talks with a better answer, and pictures buyers sent (REQUIREMENTS F15, F17, E29)."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, Row, button, copy, line, lines, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import cases
from playbooks.cases import Lesson, Picture
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE, SERVICE
from storage.rows import Line

SHOWN = 8
PARTS = ("=>", "→", "改进：", "更好：")
"""What stands between the talk and the better answer, where both are typed at once."""
KINDS = ("praise", "problem")


def lesson(call: Call, desk: Desk) -> list[Card]:
    """`/lesson 买家说… => 更好的回答`; alone it asks. What is a buyer's own is refused, with what it is (F15)."""
    talk, better = _parted(call.args)
    if not talk:
        return ask("lesson", "lesson.ask_talk", desk)
    kept = cases.checked_talk(talk)
    if not better:
        return ask(f"lesson {kept} {PARTS[0]}", "lesson.ask_better", desk)
    one = desk.books.lessons.put(
        Lesson(id=desk.books.new_id("ls"), talk=kept, better=cases.checked_better(better), by=desk.me.id, at=desk.now)
    )
    desk.note("lesson", one.id, step="added")
    return [tell(desk.me.id, line("lesson.kept"), _lesson(one, desk), buttons=_rows(one, desk))]


def _parted(args: str) -> tuple[str, str]:
    for part in PARTS:
        talk, found, better = args.partition(part)
        if found:
            return talk.strip(), better.strip()
    return args.strip(), ""


def _lesson(one: Lesson, desk: Desk) -> tuple[Line, ...]:
    return (
        line("lesson.talk", text=one.talk),
        line("lesson.better", text=one.better, by=desk.name(one.by), at=desk.clock(one.at)),
    )


def _rows(one: Lesson, desk: Desk) -> tuple[Row, ...]:
    mine = one.by == desk.me.id or desk.me.may(IN_CHARGE)
    drop = ((button("lesson.drop", f"lessondrop {one.id}"),),) if mine else ()
    return ((copy("case.copy_reply", one.better),), *drop)


def lessons(call: Call, desk: Desk) -> list[Card]:
    """`/lessons 退货`: those in which the words stand, the newest first."""
    found = cases.found(desk.books.lessons.scan(), call.args)
    if not found:
        raise Refusal("lesson.none")
    said = [line("lesson.head", count=len(found))]
    for one in found[:SHOWN]:
        said += _lesson(one, desk)
    copies = tuple((copy("lesson.copy_number", one.better, number=at),) for at, one in enumerate(found[:SHOWN], 1))
    return [tell(desk.me.id, said, buttons=copies)]


def drop(call: Call, desk: Desk) -> list[Card]:
    """Taken out, by who put it in or who is in charge."""
    one = desk.books.lessons.get(call.args)
    if one is None:
        raise Refusal("lesson.none")
    if one.by != desk.me.id and not desk.me.may(IN_CHARGE):
        raise Refusal("lesson.whose", owner=desk.name(one.by))
    desk.books.lessons.drop(one.id)
    desk.note("lesson", one.id, step="dropped")
    return [toast("lesson.dropped")]


# -- pictures -----------------------------------------------------------------------------------------


def picture(call: Call, desk: Desk) -> list[Card]:
    """A photo sent in private, `存图 好评 6917…` under it or nothing: kept once somebody says that nothing of a buyer's
    own is on it (E29). Without a photo it says how."""
    if call.file is None or not call.file.photo:
        raise Refusal("picture.usage")
    kind, order_id, text = cases.caption(call.args)
    one = desk.books.pictures.put(
        Picture(
            id=desk.books.new_id("pc"), file_id=call.file.file_id, kind=kind, order_id=order_id, text=text,
            by=desk.me.id, at=desk.now,
        )
    )  # fmt: skip
    return [_asks(one, desk)]


def _asks(one: Picture, desk: Desk) -> Card:
    """What it shows, where nobody said; and the look at it that decides whether it is kept."""
    if one.kind is None:
        rows = tuple((button(f"picture.kind_{kind}", f"picturekind {one.id} {kind}"),) for kind in KINDS)
        said = line("picture.which_kind")
    else:
        rows = ((button("picture.clean", f"picturekeep {one.id}"),),)
        said = line("picture.look", kind=line(f"picture.kind_{one.kind}"))
    rows = (*rows, (button("picture.leave", f"pictureleave {one.id}"),))
    return tell(desk.me.id, said, buttons=rows, key=f"picture:{one.id}", edit=True, rank="work")


def kind(call: Call, desk: Desk) -> list[Card]:
    """What the picture shows, in one tap."""
    id, _, word = call.args.partition(" ")
    one = desk.books.pictures.put(_mine(id, desk).changed(kind=word if word in KINDS else None))
    return [_asks(one, desk)]


def keep(call: Call, desk: Desk) -> list[Card]:
    """Somebody looked: no name, no number, no address, no parcel label on it."""
    one = desk.books.pictures.put(_mine(call.args, desk).changed(kept=True))
    desk.note("lesson", one.id, step="picture", kind=one.kind or "", order_id=one.order_id)
    return [_done(one, "picture.kept", desk)]


def leave(call: Call, desk: Desk) -> list[Card]:
    """Not kept, or not any more."""
    one = _mine(call.args, desk)
    desk.books.pictures.drop(one.id)
    if one.kept:
        desk.note("lesson", one.id, step="picture_dropped")
    return [_done(one, "picture.left", desk)]


def _done(one: Picture, key: str, desk: Desk) -> Card:
    rows = ((button("picture.leave", f"pictureleave {one.id}"),),) if key == "picture.kept" else ()
    return tell(desk.me.id, line(key), buttons=rows, key=f"picture:{one.id}", edit=True, rank="work")


def _mine(id: str, desk: Desk) -> Picture:
    one = desk.books.pictures.get(id)
    if one is None or (one.by != desk.me.id and not desk.me.may(IN_CHARGE)):
        raise Refusal("picture.gone")
    return one


def pictures(call: Call, desk: Desk) -> list[Card]:
    """`/pictures 好评`, `/pictures 6917…`: the newest that are kept, to be shown by a button."""
    wanted, order_id, _ = cases.caption(call.args)
    found = [
        one
        for one in sorted(desk.books.pictures.scan(), key=lambda one: (one.at, one.id), reverse=True)
        if one.kept and wanted in (None, one.kind) and order_id in ("", one.order_id)
    ]
    if not found:
        raise Refusal("picture.none")
    rows = tuple(
        (button("picture.show", f"pictureshow {one.id}", number=at, kind=line(f"picture.kind_{one.kind}")),)
        for at, one in enumerate(found[:SHOWN], 1)
    )
    said = lines(
        line("picture.head", count=len(found)),
        (
            line("picture.line", number=at, kind=line(f"picture.kind_{one.kind}"), order=one.order_id or "—",
                 text=one.text or "—", at=desk.clock(one.at))
            for at, one in enumerate(found[:SHOWN], 1)
        ),
    )  # fmt: skip
    return [tell(desk.me.id, said, buttons=rows)]


def show(call: Call, desk: Desk) -> list[Card]:
    """The picture itself."""
    one = desk.books.pictures.get(call.args)
    if one is None or not one.kept:
        raise Refusal("picture.gone")
    said = line("picture.shown", kind=line(f"picture.kind_{one.kind}"), order=one.order_id or "—", text=one.text or "—")
    return [tell(desk.me.id, said, attach=f"picture {one.id}")]


DUTY = DutySpec(
    "cases_library",
    commands=(
        Command("lesson", lesson, words=("案例", "存案例"), roles=SERVICE, private=True),
        Command("lessons", lessons, words=("案例库",), roles=SERVICE, private=True),
        Command("lessondrop", drop, roles=SERVICE, listed=False, private=True),
        Command("picture", picture, words=("存图",), roles=SERVICE, private=True),
        Command("pictures", pictures, words=("图库",), roles=SERVICE, private=True),
        Command("picturekind", kind, roles=SERVICE, listed=False, private=True),
        Command("picturekeep", keep, roles=SERVICE, listed=False, private=True),
        Command("pictureleave", leave, roles=SERVICE, listed=False, private=True),
        Command("pictureshow", show, roles=SERVICE, listed=False, private=True),
    ),
)
