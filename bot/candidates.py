"""Answers worth keeping 待批问答: put up as entries, decided by managers from one list instead of a card each."""

from __future__ import annotations

from bot import entries
from bot.card import Card, Line, Row, button, line, lines, listed, tell
from bot.desk import Desk
from bot.entry_cards import decided_by
from playbooks import knowledge, questions
from playbooks.knowledge import KnowledgeEntry
from playbooks.model import Refusal
from playbooks.questions import Question

A_PAGE = 5
SHORT = 60
"""Characters of an answer in the list; the entry shows it whole."""


def propose(one: Question, desk: Desk) -> tuple[Question, list[Card]]:
    """What others will ask too waits to be kept (B03); a corrected answer is decided anew, in lists drawn anew."""
    question, said = " ".join(one.text.split()), one.answers[-1]
    old = desk.books.knowledge.get(one.entry) if one.entry else None
    same = (question, one.product, said.text)
    known = any((e.question, e.product, e.answer) == same for e in desk.books.knowledge.scan())
    fits = question and not known and len(question) <= knowledge.rules().longest_question
    if not fits or one.angry or not questions.worth_keeping(one.kind, question):
        return one, []
    entry = KnowledgeEntry(
        id=old.id if old else desk.books.new_id("k"), question=question, answer=said.text, product=one.product,
        quotes=(), state="proposed", source="agent", owner=said.who, changed_at=desk.now,
    )  # fmt: skip
    try:
        entries.check(entry, desk)
    except Refusal:  # it quotes what is not offered any more: true now, but nothing to keep
        if old:
            entries.forget(old, desk)
        return one.changed(entry=""), digests_kept_true(desk) if old else []
    listing = entries.listing_of(entry, desk)
    quoted = knowledge.quotes(entry.answer, listing.offer) if listing else ()
    kept = entries.keep(entry.changed(quotes=quoted), desk)
    desk.note("knowledge", kept.id, change="proposed", question=kept.question)
    return one.changed(entry=kept.id), digests_kept_true(desk) if old else []


def waiting(desk: Desk) -> list[KnowledgeEntry]:
    """What no manager has decided yet, the oldest first."""
    found = [one for one in desk.books.knowledge.scan() if one.state == "proposed"]
    return sorted(found, key=lambda one: (one.changed_at, len(one.id), one.id))


# -- the list ---------------------------------------------------------------------------------------


def digest_card(manager: str, page: int, desk: Desk, *, edit: bool = False) -> Card:
    """A page of what waits, each with approve, change and decline; the last page for one beyond it."""
    found = waiting(desk)
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(max(1, page), pages)
    first = (page - 1) * A_PAGE
    shown = list(enumerate(found[first : first + A_PAGE], first + 1))
    head = line("kb.digest", count=len(found), page=page, pages=pages) if found else line("kb.digest_empty")
    said = [_line(number, one, desk) for number, one in shown]
    rows = [_row(number, one, page) for number, one in shown]
    whole = _whole_page([one for _, one in shown], page, desk)
    return tell(
        manager, head, said, buttons=(*rows, *whole, *_turn(page, pages)), key=_key(manager), edit=edit, rank="work",
        silent=True,
    )  # fmt: skip


def _key(manager: str) -> str:
    return f"kb-digest:{manager}"


def _line(number: int, one: KnowledgeEntry, desk: Desk) -> Line:
    """Number, product, question, answer, whose, until when."""
    answer = one.answer if len(one.answer) <= SHORT else f"{one.answer[: SHORT - 1]}…"
    until = entries.until_line(one, desk)
    return line(
        "kb.digest_line", number=number, product=f"{one.product} · " if one.product else "",
        question=one.question, answer=answer, owner=desk.name(one.owner), until=until or line("kb.no_end"),
    )  # fmt: skip


def _row(number: int, one: KnowledgeEntry, page: int) -> Row:
    """The one in the middle only asks: who misses a button by one decides nothing."""
    return (
        button("kb.digest_yes", f"kbok {one.id} {page}", number=number),
        button("kb.digest_edit", f"kbedit {one.id}", number=number),
        button("kb.digest_no", f"kbno {one.id} {page}", number=number),
    )


def _whole_page(shown: list[KnowledgeEntry], page: int, desk: Desk) -> tuple[Row, ...]:
    """The button names what the page shows: whatever the list has become, nobody approves what they did not read."""
    if len(shown) < 2:
        return ()
    ids = " ".join(one.id.removeprefix(f"{desk.room.id}-") for one in shown)
    return ((button("kb.digest_all", f"kbpage {page} {ids}", count=len(shown)),),)


def _turn(page: int, pages: int) -> tuple[Row, ...]:
    back = (button("kb.digest_back", f"faq {page - 1}"),) if page > 1 else ()
    on = (button("kb.digest_on", f"faq {page + 1}"),) if page < pages else ()
    return ((*back, *on),) if back or on else ()


def digests(desk: Desk) -> list[Card]:
    """The list to every manager after the stream, silently; nothing where nothing waits."""
    return [digest_card(m.id, 1, desk) for m in desk.with_role("manager")] if waiting(desk) else []


def digests_kept_true(desk: Desk, page: int = 1) -> list[Card]:
    """The lists managers have as things stand: the caller's at `page`, the others' from the beginning."""
    shown = (m.id for m in desk.with_role("manager") if desk.books.sent.get(_key(m.id)))
    return [digest_card(id, page if id == desk.me.id else 1, desk, edit=True) for id in shown]


def page_approved(approved: list[KnowledgeEntry], page: int, desk: Desk) -> list[Card]:
    """As `decided`, for all of a page at once: each owner is told once of all that are theirs."""
    said = lines(line("kb.approved_by", by=desk.me.name))
    cards = [card for one in approved for card in decided_by(one, said, desk)]
    return [*cards, *digests_kept_true(desk, page), *_owners_told(approved, desk)]


def _owners_told(approved: list[KnowledgeEntry], desk: Desk) -> list[Card]:
    owners = dict.fromkeys(one.owner for one in approved if one.owner != desk.me.id)
    return [
        tell(
            owner,
            line(
                "kb.told_page",
                by=desk.me.name,
                questions=listed(one.question for one in approved if one.owner == owner),
            ),
            rank="work",
        )
        for owner in owners
    ]


def decided(entry: KnowledgeEntry, key: str, page: int, desk: Desk) -> list[Card]:
    """Every manager's card of the entry says who decided, the lists go on without it, and its owner is told."""
    told = line(f"kb.told_{key}", question=entry.question, by=desk.me.name)
    owner = [tell(entry.owner, told, rank="work")] if entry.owner != desk.me.id else []
    said = lines(line(f"kb.{key}_by", by=desk.me.name))
    return [*decided_by(entry, said, desk), *digests_kept_true(desk, page), *owner]
