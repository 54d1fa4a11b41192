"""`/gsheet` 在线表格: a manager binds a Google spreadsheet to the room and says what is kept in step (A02, B09)."""

from __future__ import annotations

from collections.abc import Callable

from bot import sheet_binding
from bot.asking import ask
from bot.call import Call
from bot.card import Button, Card, Row, button, line, lines, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.sheet_state import stands, tabs_of
from bot.sheet_tabs import usual_title
from playbooks.model import Refusal
from playbooks.room import MANAGERS
from playbooks.sheets import TAB_KINDS, SheetBinding, TabKind
from storage.rows import Line


def sheets(call: Call, desk: Desk) -> list[Card]:
    """`/gsheet <address>` binds; `/gsheet` says how it stands, with a button for everything that can be changed.

    Typed: `开 复盘`, `关 复盘`, `页 待付款 <title>`, `列` (`列 待付款 城市 开`), `重试`, `解绑`; buttons say
    the same in English.
    """
    what, _, rest = call.args.strip().partition(" ")
    if what.lower() in STEPS:
        return STEPS[what.lower()](rest.strip(), desk)
    if call.args.strip():
        return sheet_binding.bind(call.args.strip(), desk)
    return _card(desk) if desk.books.sheet_bindings.get(desk.room.id) else _ask_address(desk)


def _ask_address(desk: Desk) -> list[Card]:
    if not desk.sheet_address:
        raise Refusal("sheets.no_account")
    how = line("sheets.share_with", address=desk.sheet_address)
    return [card.changed(lines=(how, *card.lines)) for card in ask("gsheet", "sheets.ask_address", desk)]


def _card(desk: Desk, *said: Line) -> list[Card]:
    """How things stand now, after `said`, with a button for everything that can be changed."""
    binding = sheet_binding.bound(desk)
    health = desk.books.sheet_health.get(desk.room.id)
    switches = tuple((_switch(kind, kind not in binding.tabs),) for kind in TAB_KINDS)
    rest: Row = (
        button("sheets.columns_button", "gsheet columns"), button("sheets.again", "gsheet again"),
        button("sheets.unbind_button", "gsheet unbind"),
    )  # fmt: skip
    whole = lines(
        said, line("sheets.head", title=binding.title or binding.key, by=desk.name(binding.by)),
        line("air.link", url=url(binding)), stands(binding, health, desk.now, desk.sheet_address), tabs_of(binding),
        line("sheets.usage"),
    )  # fmt: skip
    return [tell(desk.me.id, whole, buttons=(*switches, rest))]


def _switch(kind: TabKind, on: bool) -> Button:
    key, words = ("sheets.on_button", "on") if on else ("sheets.off_button", "off")
    return button(key, f"gsheet {words} {kind}", tab=line(f"sheet_tab.title_{kind}"))


def url(binding: SheetBinding) -> str:
    """Where people open it."""
    return f"https://docs.google.com/spreadsheets/d/{binding.key}"


# -- steps -------------------------------------------------------------------------------------------


def again(said: str, desk: Desk) -> list[Card]:
    """Rights given, a tab or heading put back: it is looked over at once, and what is missing is made."""
    sheet_binding.anew(sheet_binding.bound(desk), desk)
    return [tell(desk.me.id, line("sheets.checking"))]


def on(said: str, desk: Desk) -> list[Card]:
    """`on review`: the tab is kept in step again, under its usual title."""
    kind = sheet_binding.kind_of(said)
    binding = sheet_binding.bound(desk)
    title = binding.tabs.get(kind) or usual_title(kind, desk.room)
    return _called(kind, title, binding, desk)


def off(said: str, desk: Desk) -> list[Card]:
    """`off review`: the tab is left alone; what stands in it stays."""
    kind = sheet_binding.kind_of(said)
    binding = sheet_binding.bound(desk)
    if kind not in binding.tabs:
        raise Refusal("sheets.off_already", tab=line(f"sheet_tab.title_{kind}"))
    sheet_binding.switch_off(binding, kind, desk)
    return _card(desk, line("sheets.now_off", tab=line(f"sheet_tab.title_{kind}"), title=binding.tabs[kind]))


def tab(said: str, desk: Desk) -> list[Card]:
    """`tab runsheet 双11排品`: their own tab of that title is the run sheet; without a title, which is asked for."""
    kind, title = sheet_binding.kind_first(said)
    binding = sheet_binding.bound(desk)
    if not title:
        return ask(f"gsheet tab {kind}", "sheets.ask_title", desk)
    return _called(kind, title, binding, desk)


def _called(kind: TabKind, title: str, binding: SheetBinding, desk: Desk) -> list[Card]:
    sheet_binding.switch_on(binding, kind, title, desk)
    return _card(desk, line("sheets.now_on", tab=line(f"sheet_tab.title_{kind}"), title=title))


def columns(said: str, desk: Desk) -> list[Card]:
    """`columns`: which personal columns there are; `columns pending city on` (or `off`) switches one, by name."""
    binding, words = sheet_binding.bound(desk), said.split()
    if words:
        return _column(words, binding, desk)
    rows = [
        (_column_button(kind, field, field not in binding.personal.get(kind, ())),)
        for kind in binding.tabs
        for field in sheet_binding.personal_fields(kind)
    ]
    return [tell(desk.me.id, line("sheets.columns"), buttons=tuple(rows))]


def _column_button(kind: TabKind, field: str, on: bool) -> Button:
    words = f"gsheet columns {kind} {field} {'on' if on else 'off'}"
    named = {"tab": line(f"sheet_tab.title_{kind}"), "column": line(f"sheet_tab.col_{field}")}
    return button("sheets.show_button" if on else "sheets.hide_button", words, **named)


def _column(words: list[str], binding: SheetBinding, desk: Desk) -> list[Card]:
    name, *column, switch = words if len(words) >= COLUMN_WORDS else ["", "", ""]
    if switch.lower() not in SWITCH:
        raise Refusal("sheets.columns_usage")
    kind, wanted = sheet_binding.kind_of(name), SWITCH[switch.lower()]
    field = sheet_binding.field_of(kind, " ".join(column))
    if kind not in binding.tabs:
        raise Refusal("sheets.off_already", tab=line(f"sheet_tab.title_{kind}"))
    sheet_binding.show(binding, kind, field, desk, on=wanted)
    key = "sheets.now_shown" if wanted else "sheets.now_hidden"
    named = {"title": binding.tabs[kind], "column": line(f"sheet_tab.col_{field}"), "by": desk.me.name}
    back = ((_column_button(kind, field, not wanted),),)
    return [tell(desk.me.id, line(key, **named), buttons=back)]


def unbind(said: str, desk: Desk) -> list[Card]:
    """`unbind` asks once; `unbind yes` ends it. It can be bound again by a press: everything there stayed."""
    binding = sheet_binding.bound(desk)
    title = binding.title or binding.key
    if said != "yes":
        sure = ((button("sheets.unbind_yes", "gsheet unbind yes"),),)
        return [tell(desk.me.id, line("sheets.unbind_ask", title=title), buttons=sure)]
    sheet_binding.unbind(binding, desk)
    back = ((button("sheets.bind_again", f"gsheet {binding.key}"),),)
    return [tell(desk.me.id, line("sheets.unbound", title=title), buttons=back)]


Step = Callable[[str, Desk], list[Card]]
COLUMN_WORDS = 3
"""At least: a tab, a column, whose name may have several words, on or off."""
SWITCH = {"on": True, "开": True, "off": False, "关": False}
STEPS: dict[str, Step] = {
    "again": again, "重试": again, "on": on, "开": on, "off": off, "关": off, "tab": tab, "页": tab,
    "columns": columns, "列": columns, "unbind": unbind, "解绑": unbind,
}  # fmt: skip

DUTY = DutySpec(
    "sheets",
    commands=(Command("gsheet", sheets, words=("在线表格", "谷歌表格"), roles=MANAGERS, private=True),),
)
