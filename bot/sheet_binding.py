"""Binding a spreadsheet to a room 绑定表格: which one, which of its tabs, which personal columns.

What is said here is put down in the binding alone; bot/sheet_sync.py opens the spreadsheet, checks the rights, makes
what is missing and tells whoever bound it.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.card import Card, line, tell
from bot.desk import Desk
from bot.sheet_tabs import LONGEST_TITLE, usual_title
from bot.sheet_words import heading, word
from bot.texts import LANGUAGES
from playbooks.model import Refusal
from playbooks.room import MANAGERS
from playbooks.sheets import COLUMNS, TAB_KINDS, SheetBinding, TabKind, plain
from storage.sheets import key_of

ADDRESSES = ("http://", "https://", "docs.google.com/")


def is_address(said: str) -> bool:
    """Whether somebody gave the address of a page."""
    return said.strip().lower().startswith(ADDRESSES)


def bound(desk: Desk) -> SheetBinding:
    """The room's spreadsheet. Raises Refusal `sheets.not_bound`."""
    found = desk.books.sheet_bindings.get(desk.room.id)
    if found is None:
        raise Refusal("sheets.not_bound")
    return found


def bind(said: str, desk: Desk) -> list[Card]:
    """The spreadsheet with this address, or key, is the room's from now on; the same one again is set up anew.

    Whether it can be reached, the sync tells as soon as it knows.

    Raises Refusal `common.role_missing`, `sheets.no_account`, `sheet_tab.url`.
    """
    if not desk.me.may(MANAGERS):
        raise Refusal("common.role_missing", roles=tuple(line(f"role.{role}") for role in sorted(MANAGERS)))
    if not desk.sheet_address:
        raise Refusal("sheets.no_account")
    key, before = key_of(said), desk.books.sheet_bindings.get(desk.room.id)
    if before and before.key == key:
        anew(before, desk)
    else:
        _bind(key, desk)
    said_ = (line("sheets.checking"), line("sheets.share_with", address=desk.sheet_address))
    return [tell(desk.me.id, said_)]


def _bind(key: str, desk: Desk) -> None:
    _anew_told(TAB_KINDS, desk)
    tabs = {kind: usual_title(kind, desk.room) for kind in TAB_KINDS}
    desk.note("sheet_bound", key=key)
    desk.books.sheet_bindings.put(
        SheetBinding(id=desk.room.id, key=key, by=desk.me.id, at=desk.now, tabs=tabs, stale=TAB_KINDS)
    )


def anew(binding: SheetBinding, desk: Desk, **fields: object) -> SheetBinding:
    """The binding with `fields` changed; it is looked over and set up again at once."""
    return desk.books.sheet_bindings.put(binding.changed(**fields, looked_at=desk.now, made_at=None))


def unbind(binding: SheetBinding, desk: Desk) -> None:
    """Nothing is read or written any more. What stands in the spreadsheet stays: it is its people's."""
    _anew_told(TAB_KINDS, desk)
    desk.books.sheet_bindings.drop(binding.id)
    desk.note("sheet_unbound", key=binding.key)


def switch_on(binding: SheetBinding, kind: TabKind, title: str, desk: Desk) -> SheetBinding:
    """The tab `title` is the one for `kind` from now on. Raises Refusal `sheets.title_long`, `sheets.title_twice`."""
    if len(title) > LONGEST_TITLE:
        raise Refusal("sheets.title_long", most=LONGEST_TITLE)
    if title in (other for known, other in binding.tabs.items() if known != kind):
        raise Refusal("sheets.title_twice", title=title)
    stale = binding.stale
    if binding.tabs.get(kind) != title:
        _anew_told((kind,), desk)
        stale = (*stale, kind)
    desk.note("sheet_tab", kind, title=title)
    # In the order they are set up in, whichever was switched on last.
    tabs = {**binding.tabs, kind: title}
    return anew(binding, desk, tabs={one: tabs[one] for one in TAB_KINDS if one in tabs}, stale=stale)


def switch_off(binding: SheetBinding, kind: TabKind, desk: Desk) -> SheetBinding:
    """The tab is left alone from now on. Raises Refusal `sheets.last_tab`."""
    if tuple(binding.tabs) == (kind,):
        raise Refusal("sheets.last_tab")
    _anew_told((kind,), desk)
    desk.note("sheet_tab", kind, title="")
    tabs = {one: title for one, title in binding.tabs.items() if one != kind}
    personal = {one: fields for one, fields in binding.personal.items() if one != kind}
    return anew(binding, desk, tabs=tabs, personal=personal, stale=(*binding.stale, kind))


def show(binding: SheetBinding, kind: TabKind, field: str, desk: Desk, *, on: bool) -> SheetBinding:
    """A personal column is shown in a tab, or no more and emptied (REQUIREMENTS K08). The journal says who did it."""
    desk.note("sheet_column", kind, field=field, on="on" if on else "off")
    shown, hidden = set(binding.personal.get(kind, ())), set(binding.off.get(kind, ()))
    shown, hidden = (shown | {field}, hidden - {field}) if on else (shown - {field}, hidden | {field})
    every = personal_fields(kind)
    return anew(
        binding, desk,
        personal={**binding.personal, kind: tuple(one for one in every if one in shown)},
        off={**binding.off, kind: tuple(one for one in every if one in hidden)},
    )  # fmt: skip


def personal_fields(kind: TabKind) -> tuple[str, ...]:
    """The columns of a tab that hold a buyer's fields."""
    return tuple(one.field for one in COLUMNS[kind] if one.personal)


def _anew_told(kinds: Iterable[TabKind], desk: Desk) -> None:
    """What was told of the tabs, and what was last written there, is of another spreadsheet or tab. The rows both
    sides agreed on may be ten thousand: bot/sheet_sync.py forgets them, some at a time."""
    if last := desk.books.sheet_writes.get(desk.room.id):
        left = tuple(one for one in last.meant if one.kind not in kinds)
        desk.books.sheet_writes.put(last.changed(mark="", tabs=(), meant=left))
    health = desk.books.sheet_health.get(desk.room.id)
    if health is None:
        return
    if health.draft:
        desk.books.drafts.drop(health.draft)
    desk.books.sheet_health.drop(health.id)


def kind_of(said: str) -> TabKind:
    """The tab a person names: `待付款` or `pending`. Raises Refusal `sheets.which_tab`."""
    kind, rest = kind_first(said)
    if rest:
        raise _which_tab()
    return kind


def kind_first(said: str) -> tuple[TabKind, str]:
    """The tab a person names, and what they say after it: `Run sheet 11.11`. Raises Refusal `sheets.which_tab`."""
    names = {_even(word(lang, f"sheet_tab.title_{kind}")): kind for lang in LANGUAGES for kind in TAB_KINDS}
    names |= {kind: kind for kind in TAB_KINDS}
    words = said.split()
    for count in (2, 1):  # in English a tab's name may have two words
        if found := names.get(_even(" ".join(words[:count]))):
            return found, " ".join(words[count:])
    raise _which_tab()


def _which_tab() -> Refusal:
    return Refusal("sheets.which_tab", names=tuple(line(f"sheet_tab.title_{kind}") for kind in TAB_KINDS))


def field_of(kind: TabKind, said: str) -> str:
    """The personal column of a tab a person names by its heading. Raises Refusal `sheets.which_column`."""
    fields = personal_fields(kind)
    names = {_even(heading(lang, kind, field)): field for lang in LANGUAGES for field in fields}
    found = ({field: field for field in fields} | names).get(_even(said))
    if found is None:
        known = tuple(line(f"sheet_tab.col_{field}") for field in fields)
        raise Refusal("sheets.which_column", names=known or "—")
    return found


def _even(said: str) -> str:
    return plain(said).lower()
