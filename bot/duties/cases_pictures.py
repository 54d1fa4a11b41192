"""图库: pictures buyers sent, kept once somebody looked for what is a buyer's own (REQUIREMENTS F17, E29)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, button, line, lines, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import cases
from playbooks.cases import Picture
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE, SERVICE

SHOWN = 8
KINDS = ("praise", "problem")


def picture(call: Call, desk: Desk) -> list[Card]:
    """A photo sent in private, `存图 好评 6917…` under it or nothing: kept once somebody says that nothing of a buyer's
    own is on it (E29). Without a photo it says how."""
    if call.file is None or not call.file.photo:
        raise Refusal("gallery.usage")
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
        rows = tuple((button(f"gallery.kind_{kind}", f"picturekind {one.id} {kind}"),) for kind in KINDS)
        said = line("gallery.which_kind")
    else:
        rows = ((button("gallery.clean", f"picturekeep {one.id}"),),)
        said = line("gallery.look", kind=line(f"gallery.kind_{one.kind}"))
    rows = (*rows, (button("gallery.leave", f"pictureleave {one.id}"),))
    return tell(desk.me.id, said, buttons=rows, key=f"picture:{one.id}", edit=True, rank="work")


def kind(call: Call, desk: Desk) -> list[Card]:
    """What the picture shows, in one tap."""
    id, _, word = call.args.partition(" ")
    one = desk.books.pictures.put(_mine(id, desk).changed(kind=word if word in KINDS else None))
    return [_asks(one, desk)]


def keep(call: Call, desk: Desk) -> list[Card]:
    """Somebody looked: no name, no number, no address, no parcel label on it."""
    one = desk.books.pictures.put(_mine(call.args, desk).changed(kept=True))
    desk.note("lesson", one.id, step="picture", type=one.kind or "", order_id=one.order_id)
    return [_done(one, "gallery.kept", desk)]


def leave(call: Call, desk: Desk) -> list[Card]:
    """Not kept, or not any more."""
    one = _mine(call.args, desk)
    desk.books.pictures.drop(one.id)
    if one.kept:
        desk.note("lesson", one.id, step="picture_dropped")
    return [_done(one, "gallery.left", desk)]


def _done(one: Picture, key: str, desk: Desk) -> Card:
    rows = ((button("gallery.leave", f"pictureleave {one.id}"),),) if key == "gallery.kept" else ()
    return tell(desk.me.id, line(key), buttons=rows, key=f"picture:{one.id}", edit=True, rank="work")


def _mine(id: str, desk: Desk) -> Picture:
    one = desk.books.pictures.get(id)
    if one is None or (one.by != desk.me.id and not desk.me.may(IN_CHARGE)):
        raise Refusal("gallery.gone")
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
        raise Refusal("gallery.none")
    rows = tuple(
        (button("gallery.show", f"pictureshow {one.id}", number=at, kind=line(f"gallery.kind_{one.kind}")),)
        for at, one in enumerate(found[:SHOWN], 1)
    )
    said = lines(
        line("gallery.head", count=len(found)),
        (
            line("gallery.line", number=at, kind=line(f"gallery.kind_{one.kind}"), order=one.order_id or "—",
                 text=one.text or "—", at=desk.clock(one.at))
            for at, one in enumerate(found[:SHOWN], 1)
        ),
    )  # fmt: skip
    return [tell(desk.me.id, said, buttons=rows)]


def show(call: Call, desk: Desk) -> list[Card]:
    """The picture itself."""
    one = desk.books.pictures.get(call.args)
    if one is None or not one.kept:
        raise Refusal("gallery.gone")
    said = line(
        "gallery.shown",
        kind=line(f"gallery.kind_{one.kind}"),
        order=one.order_id or "—",
        text=one.text or "—",
    )
    return [tell(desk.me.id, said, attach=f"picture {one.id}")]


DUTY = DutySpec(
    "cases_pictures",
    commands=(
        Command("picture", picture, words=("存图",), roles=SERVICE, private=True),
        Command("pictures", pictures, words=("图库",), roles=SERVICE, private=True),
        Command("picturekind", kind, roles=SERVICE, listed=False, private=True),
        Command("picturekeep", keep, roles=SERVICE, listed=False, private=True),
        Command("pictureleave", leave, roles=SERVICE, listed=False, private=True),
        Command("pictureshow", show, roles=SERVICE, listed=False, private=True),
    ),
)
