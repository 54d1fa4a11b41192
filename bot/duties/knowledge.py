"""The shop's knowledge: agents propose, a manager approves, owners keep it fresh (REQUIREMENTS A09, A10, A13)."""

from __future__ import annotations

from datetime import timedelta

from bot import entries
from bot.call import Call
from bot.card import Card, Line, Row, button, line, lines, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.entry_cards import approval_cards, approval_key, entry_body
from playbooks import announce, knowledge
from playbooks.knowledge import KnowledgeEntry, Typed
from playbooks.model import Refusal
from playbooks.room import CONTROL, MANAGERS, SERVICE
from storage.rows import Due

ADD = frozenset(["添加", "add"])
HANDBOOK = frozenset(["手册", "handbook"])
MINE = frozenset(["我的", "mine"])
A_PAGE = 8
CAPTION = 24
EVERY = "*"


# -- putting in -------------------------------------------------------------------------------------


def propose(call: Call, desk: Desk) -> list[Card]:
    """`/propose 问题 | 答案`: a manager decides with one tap; a manager's own is in force at once (A13)."""
    typed = knowledge.read_entry(call.args, desk.now, desk.zone)
    if desk.me.may(MANAGERS):
        return [_added(_put(typed, "manager", desk), desk)]
    entry = _keep(typed, desk, id=desk.books.new_id("k"), state="proposed", source="agent")
    desk.note("knowledge", entry.id, change="proposed", question=entry.question)
    thanks = tell(desk.me.id, line("kb.proposed_thanks", question=entry.question))
    return [thanks, *approval_cards(entry, desk)]


def approve(call: Call, desk: Desk) -> list[Card]:
    """The entry is offered from now on; its proposer is told."""
    entry = _proposed(call.args, desk)
    entries.check(entry, desk)
    done = entries.keep(
        entry.changed(state="approved", changed_at=desk.now, quotes=_quotes(entry, desk)), desk
    )
    _expires(done, desk)
    desk.note("knowledge", done.id, change="approved", question=done.question)
    return _decided(done, "kb.approved_by", "kb.told_approved", desk)


def decline(call: Call, desk: Desk) -> list[Card]:
    """The entry is not kept; its proposer is told."""
    entry = _proposed(call.args, desk)
    entries.forget(entry, desk)
    desk.note("knowledge", entry.id, change="declined", question=entry.question)
    return _decided(entry, "kb.declined_by", "kb.told_declined", desk)


def _proposed(id: str, desk: Desk) -> KnowledgeEntry:
    entry = _need(id, desk)
    if entry.state != "proposed":
        raise Refusal("kb.decided")
    return entry


def _decided(entry: KnowledgeEntry, key: str, told: str, desk: Desk) -> list[Card]:
    """Every manager's card loses its buttons and says who decided; the proposer is told."""
    said = lines(line(key, by=desk.me.name), entry_body(entry))
    keys = ((m.id, approval_key(entry, m.id)) for m in desk.with_role("manager"))
    asked = [tell(id, said, key=key, edit=True, rank="work") for id, key in keys if desk.books.sent.get(key)]
    answer = tell(entry.owner, line(told, question=entry.question, by=desk.me.name), rank="work")
    return [toast("kb.done"), *asked, answer]


def _put(typed: Typed, source: knowledge.Source, desk: Desk) -> KnowledgeEntry:
    """In force at once; in place of an entry with the same question for the same product."""
    product = _product(typed, desk)
    twins = (e for e in desk.books.knowledge.scan() if (e.question, e.product) == (typed.question, product))
    twin = next((e for e in twins if e.state == "approved"), None)
    id = twin.id if twin else desk.books.new_id("k")
    entry = _keep(typed, desk, id=id, state="approved", source=source)
    _expires(entry, desk)
    desk.note("knowledge", entry.id, change="changed" if twin else "added", question=entry.question)
    return entry


def _keep(typed: Typed, desk: Desk, **more: str) -> KnowledgeEntry:
    """The entry as typed. The one place where a text for buyers comes in: what it must not say is refused here."""
    product = _product(typed, desk)
    fields = {**dict(typed), "product": product, "owner": desk.me.id, "changed_at": desk.now, **more}
    entry = KnowledgeEntry.model_validate(fields)
    entries.check(entry, desk)
    return entries.keep(entry.changed(quotes=_quotes(entry, desk)), desk)


def _product(typed: Typed, desk: Desk) -> str:
    """The product named, else the only one whose name stands in the text; '' for the whole shop."""
    if typed.product:
        return announce.find(desk.listings(), typed.product).name
    named = {one.name for one in desk.listings() if one.name in f"{typed.question}\n{typed.answer}"}
    return named.pop() if len(named) == 1 else ""


def _quotes(entry: KnowledgeEntry, desk: Desk) -> tuple[str, ...]:
    """What the answer tells of the offer now in force; of a product not on the sheet, as it was noted."""
    listing = entries.listing_of(entry, desk)
    return knowledge.quotes(entry.answer, listing.offer) if listing else entry.quotes


# -- looking after it -------------------------------------------------------------------------------


def kb(call: Call, desk: Desk) -> list[Card]:
    """`/kb`: entries by owner, the longest untouched first; `/kb 我的`, `/kb 小美`; one by its id.

    `/kb 添加 …` and `/kb 手册 …` put in an entry and a handbook; managers alone.
    """
    word, rest = [*call.args.split(maxsplit=1), "", ""][:2]
    if word in ADD:
        _need_manager(desk)
        return [_added(_put(knowledge.read_entry(rest, desk.now, desk.zone), "manager", desk), desk)]
    if word in HANDBOOK:
        _need_manager(desk)
        chapters = [_put(one, "handbook", desk) for one in knowledge.read_handbook(rest)]
        return [tell(desk.me.id, line("kb.handbook_added", count=len(chapters)))]
    entry = desk.books.knowledge.get(word)
    return [_entry_card(entry, desk)] if entry else [_list(word, rest, desk)]


def _need_manager(desk: Desk) -> None:
    if not desk.me.may(MANAGERS):
        raise Refusal("common.role_missing", roles=(line("role.manager"),))


def _added(entry: KnowledgeEntry, desk: Desk) -> Card:
    return tell(desk.me.id, line("kb.added"), entry_body(entry), buttons=_care(entry, desk))


def _entry_card(entry: KnowledgeEntry, desk: Desk) -> Card:
    how = entries.standing_of(entry, desk)
    until = entry.valid_until - timedelta(seconds=1) if entry.valid_until else None
    said = lines(
        entry_body(entry),
        entries.origin(entry, desk),
        line("kb.until", day=f"{until.astimezone(desk.zone):%Y-%m-%d}") if until else None,
        line(f"kb.stands_{how}") if how != "good" else None,
    )
    return tell(desk.me.id, said, buttons=_care(entry, desk))


def _care(entry: KnowledgeEntry, desk: Desk) -> tuple[Row, ...]:
    """Its owner and managers say that it still holds, or take it away."""
    if entry.state == "proposed" or not _may_care(entry, desk):
        return ()
    days = knowledge.rules().keep_days
    return (
        (button("kb.keep", f"kbkeep {entry.id}", days=days),),
        (button("kb.drop", f"kbdrop {entry.id}"),),
    )


def _may_care(entry: KnowledgeEntry, desk: Desk) -> bool:
    return entry.owner == desk.me.id or desk.me.may(MANAGERS)


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
    page = max(1, announce.whole(rest) or 1)
    shown = found[(page - 1) * A_PAGE : page * A_PAGE] or found[:A_PAGE]
    rows = [(button("kb.open", f"kb {e.id}", question=e.question[:CAPTION]),) for e in shown]
    if page * A_PAGE < len(found):
        whose = found[0].owner if word not in ("", EVERY) else EVERY
        rows.append((button("kb.more", f"kb {whose} {page + 1}", count=len(found) - page * A_PAGE),))
    head = line("kb.head", count=len(found), page=page, pages=-(-len(found) // A_PAGE))
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
    fields = {"changed_at": desk.now, "valid_until": until, "quotes": _quotes(entry, desk)}
    done = entries.keep(entry.changed(**fields), desk)
    _expires(done, desk)
    desk.note("knowledge", done.id, change="kept", question=done.question)
    return [toast("kb.kept"), _entry_card(done, desk)]


def remove(call: Call, desk: Desk) -> list[Card]:
    """Taken out of the knowledge."""
    entry = _need_mine(call.args, desk)
    entries.forget(entry, desk)
    desk.books.due.drop(f"{desk.room.id}-d:kb_expired:{entry.id}")
    desk.note("knowledge", entry.id, change="removed", question=entry.question)
    return [toast("kb.done"), tell(desk.me.id, line("kb.removed", question=entry.question))]


def _need_mine(id: str, desk: Desk) -> KnowledgeEntry:
    entry = _need(id, desk)
    if not _may_care(entry, desk):
        raise Refusal("kb.not_yours", who=entry.owner)
    return entry


def _expires(entry: KnowledgeEntry, desk: Desk) -> None:
    """Have the owner told once when it ends; an entry that does not end any more tells nobody."""
    if entry.valid_until is not None:
        desk.later("kb_expired", entry.valid_until, entry.id)
    else:
        desk.books.due.drop(f"{desk.room.id}-d:kb_expired:{entry.id}")


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
        Command("propose", propose, words=("提议",), roles=SERVICE | CONTROL),
        Command("kb", kb, words=("知识库",)),
        Command("kbok", approve, roles=MANAGERS, listed=False),
        Command("kbno", decline, roles=MANAGERS, listed=False),
        Command("kbkeep", keep_on, listed=False),
        Command("kbdrop", remove, listed=False),
    ),
    due={"kb_expired": expired},
)
