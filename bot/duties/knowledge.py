"""The shop's knowledge: what there is, put in by managers, kept fresh by its owners (REQUIREMENTS A09, A10)."""

from __future__ import annotations

from datetime import timedelta

from bot import entries
from bot.call import Call
from bot.card import Card, Line, button, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.entering import expires, put, quotes
from bot.entry_cards import added_card, entry_card, may_care
from playbooks import announce, knowledge
from playbooks.knowledge import KnowledgeEntry
from playbooks.model import Refusal
from playbooks.room import MANAGERS
from storage.rows import Due

ADD = frozenset(["添加", "add"])
HANDBOOK = frozenset(["手册", "handbook"])
DROP = frozenset(["删除", "删", "drop", "delete"])
MINE = frozenset(["我的", "mine"])
A_PAGE = 8
CAPTION = 24
EVERY = "*"


def kb(call: Call, desk: Desk) -> list[Card]:
    """`/kb`: entries by owner, the longest untouched first; `/kb 2` a page, `/kb 我的`, `/kb 小美`; one by its id.

    `/kb 添加 …` and `/kb 手册 …` put in an entry and a handbook; managers alone. `/kb 删除 盐水` shows the one meant.
    """
    word, rest = [*call.args.split(maxsplit=1), "", ""][:2]
    if word in ADD:
        _need_manager(desk)
        return [added_card(put(knowledge.read_entry(rest, desk.now, desk.zone), "manager", desk), desk)]
    if word in HANDBOOK:
        _need_manager(desk)
        chapters = [put(one, "handbook", desk) for one in knowledge.read_handbook(rest)]
        return [tell(desk.me.id, line("kb.handbook_added", count=len(chapters)))]
    if word in DROP:
        return [_to_drop(rest, desk)]
    entry = desk.books.knowledge.get(word)
    return [entry_card(entry, desk)] if entry else [_list(word, rest, desk)]


def _need_manager(desk: Desk) -> None:
    if not desk.me.may(MANAGERS):
        raise Refusal("common.role_missing", roles=(line("role.manager"),))


def _to_drop(words: str, desk: Desk) -> Card:
    """The only entry whose question holds the words, with its button. Refuses `kb.drop_how` none and several."""
    found = [e for e in desk.books.knowledge.scan() if words.strip() and words.strip() in e.question]
    if len(found) != 1:
        raise Refusal("kb.drop_how", word=words.strip()[:20] or "—", count=len(found))
    return entry_card(found[0], desk)


def _list(word: str, rest: str, desk: Desk) -> Card:
    """A page of the entries; `word` names an owner, `rest` (or a bare number) the page."""
    if word.isdecimal() and not rest and desk.books.members.get(word) is None:
        word, rest = EVERY, word
    owner = desk.me.id if word in MINE else word
    found = [
        e
        for e in desk.books.knowledge.scan()
        if word in ("", EVERY) or owner in (e.owner, desk.name(e.owner))
    ]
    if not found:
        raise Refusal("kb.none" if word in ("", EVERY) else "kb.none_of", word=word[:20])
    found.sort(key=lambda e: (desk.name(e.owner), e.changed_at))
    page, pages = max(1, announce.whole(rest) or 1), -(-len(found) // A_PAGE)
    if page > pages:
        raise Refusal("kb.no_page", page=page, pages=pages)
    shown = found[(page - 1) * A_PAGE : page * A_PAGE]
    rows = [(button("kb.open", f"kb {e.id}", question=e.question[:CAPTION]),) for e in shown]
    if page * A_PAGE < len(found):
        whose = found[0].owner if word not in ("", EVERY) else EVERY
        rows.append((button("kb.more", f"kb {whose} {page + 1}", count=len(found) - page * A_PAGE),))
    head = line("kb.head", count=len(found), page=page, pages=pages)
    return tell(desk.me.id, head, (_list_line(e, desk) for e in shown), buttons=tuple(rows))


def _list_line(entry: KnowledgeEntry, desk: Desk) -> Line:
    how = entries.standing_of(entry, desk)
    days = (desk.now - entry.changed_at).days
    return line(
        "kb.line", question=entry.question, owner=desk.name(entry.owner), days=days,
        stands=line(f"kb.stands_{how}"),
    )  # fmt: skip


def _need(id: str, desk: Desk) -> KnowledgeEntry:
    entry = desk.books.knowledge.get(id)
    if entry is None:
        raise Refusal("kb.gone")
    return entry


def keep_on(call: Call, desk: Desk) -> list[Card]:
    """Somebody has looked at it again: it holds for another month where it was to end, and is fresh."""
    entry = _need_mine(call.args, desk)
    entries.check(entry, desk)
    until = desk.now + timedelta(days=knowledge.rules().keep_days) if entry.valid_until else None
    fields = {"changed_at": desk.now, "valid_until": until, "quotes": quotes(entry, desk)}
    done = entries.keep(entry.changed(**fields), desk)
    expires(done, desk)
    desk.note("knowledge", done.id, change="kept", question=done.question)
    return [toast("kb.kept"), entry_card(done, desk)]


def remove(call: Call, desk: Desk) -> list[Card]:
    """Taken out of the knowledge."""
    entry = _need_mine(call.args, desk)
    entries.forget(entry, desk)
    desk.books.due.drop(f"{desk.room.id}-d:kb_expired:{entry.id}")
    desk.note("knowledge", entry.id, change="removed", question=entry.question)
    return [toast("kb.done"), tell(desk.me.id, line("kb.removed", question=entry.question))]


def _need_mine(id: str, desk: Desk) -> KnowledgeEntry:
    entry = _need(id, desk)
    if not may_care(entry, desk):
        raise Refusal("kb.not_yours", who=entry.owner)
    return entry


def expired(row: Due, desk: Desk) -> list[Card]:
    """An entry has ended and is not offered any more: its owner, or where they have left the managers, is told."""
    entry = desk.books.knowledge.get(row.about)
    if entry is None or entry.valid_until is None or entry.valid_until > desk.now:
        return []
    owner = desk.books.members.get(entry.owner)
    people = [owner] if owner and owner.roles else desk.with_role("manager")
    days = knowledge.rules().keep_days
    rows = (
        (button("kb.keep", f"kbkeep {entry.id}", days=days),),
        (button("kb.drop", f"kbdrop {entry.id}"),),
    )
    said = line("kb.expired", question=entry.question)
    return [tell(m.id, said, buttons=rows, key=f"kb-expired:{entry.id}:{m.id}", rank="work") for m in people]


DUTY = DutySpec(
    "knowledge",
    commands=(
        Command("kb", kb, words=("知识库",)),
        Command("kbkeep", keep_on, listed=False),
        Command("kbdrop", remove, listed=False),
    ),
    due={"kb_expired": expired},
)
