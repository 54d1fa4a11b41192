"""Knowledge that waits for a manager: `/propose 问题 | 答案`, and `/faq`, the list to decide from (A13, B03)."""

from __future__ import annotations

from bot import candidates, entries
from bot.asking import ask as ask_for
from bot.call import Call
from bot.card import Card, copy, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.entering import expires, keep, put, quotes
from bot.entry_cards import added_card, approval_cards, edited_card, entry_body
from playbooks import announce, knowledge
from playbooks.knowledge import KnowledgeEntry, Typed
from playbooks.model import Refusal
from playbooks.room import CONTROL, MANAGERS, SERVICE

BARS = ("|", "｜")


def propose(call: Call, desk: Desk) -> list[Card]:
    """`/propose 问题 | 答案`: a manager decides with one tap; a manager's own is in force at once (A13)."""
    typed = knowledge.read_entry(call.args, desk.now, desk.zone)
    if desk.me.may(MANAGERS):
        return [added_card(put(typed, "manager", desk), desk)]
    entry = keep(typed, desk, id=desk.books.new_id("k"), state="proposed", source="agent")
    desk.note("knowledge", entry.id, change="proposed", question=entry.question)
    thanks = tell(desk.me.id, line("kb.proposed_thanks", question=entry.question))
    return [thanks, *approval_cards(entry, desk)]


def faq(call: Call, desk: Desk) -> list[Card]:
    """`/faq`: what waits for a decision, page by page; the one list a manager has."""
    pressed = bool(desk.call and desk.call.press_id)
    return [candidates.digest_card(desk.me.id, announce.whole(call.args) or 1, desk, edit=pressed)]


def approve(call: Call, desk: Desk) -> list[Card]:
    """The entry is offered from now on, in place of one with the same question; its proposer is told."""
    id, _, page = call.args.partition(" ")
    entry = _may_be_approved(_proposed(id, desk), desk)
    return [toast("kb.done"), *_in_force(entry, announce.whole(page) or 1, desk)]


def approve_page(call: Call, desk: Desk) -> list[Card]:
    """全部批准: what the page showed and nothing else; what another decided meanwhile stays as it is, what cannot be
    approved stays in the list and is counted."""
    page, *tails = call.words() or [""]
    known = (desk.books.knowledge.get(f"{desk.room.id}-{tail}") for tail in tails)
    approved, left = [], 0
    for entry in [one for one in known if one and one.state == "proposed"]:
        try:
            approved.append(_kept_approved(_may_be_approved(entry, desk), desk))
        except Refusal:
            left += 1
    if not approved:
        raise Refusal("kb.page_none", left=left)
    told = toast("kb.page_left" if left else "kb.page_done", alert=left > 0, count=len(approved), left=left)
    return [told, *candidates.page_approved(approved, announce.whole(page) or 1, desk)]


def _may_be_approved(entry: KnowledgeEntry, desk: Desk) -> KnowledgeEntry:
    """With the amounts it quotes today. Raises Refusal `kb.past_until` and those of knowledge.check."""
    if entry.valid_until is not None and entry.valid_until <= desk.now:
        raise Refusal("kb.past_until", question=entry.question)
    entries.check(entry, desk)
    return entry.changed(quotes=quotes(entry, desk))


def _in_force(entry: KnowledgeEntry, page: int, desk: Desk) -> list[Card]:
    return candidates.decided(_kept_approved(entry, desk), "approved", page, desk)


def _kept_approved(entry: KnowledgeEntry, desk: Desk) -> KnowledgeEntry:
    for twin in [e for e in desk.books.knowledge.scan() if _replaces(entry, e)]:
        entries.forget(twin, desk)
    done = entries.keep(entry.changed(state="approved", changed_at=desk.now), desk)
    expires(done, desk)
    desk.note("knowledge", done.id, change="approved", question=done.question)
    return done


def _replaces(entry: KnowledgeEntry, other: KnowledgeEntry) -> bool:
    same = (other.question, other.product) == (entry.question, entry.product)
    return same and other.state == "approved" and other.id != entry.id


def decline(call: Call, desk: Desk) -> list[Card]:
    """The entry is not kept; its proposer is told."""
    id, _, page = call.args.partition(" ")
    entry = _proposed(id, desk)
    entries.forget(entry, desk)
    desk.note("knowledge", entry.id, change="declined", question=entry.question)
    return [toast("kb.done"), *candidates.decided(entry, "declined", announce.whole(page) or 1, desk)]


def edit(call: Call, desk: Desk) -> list[Card]:
    """The manager writes it anew, whole or only the answer: what they write is approved with it. A date read out of
    an answer is shown first: what was meant as part of the answer must not end it."""
    id, _, text = call.args.partition(" ")
    entry = _proposed(id, desk)
    if not text.strip():
        return _ask_text(entry, desk)
    whole = any(bar in text for bar in BARS)
    kept = _keep_edited(_read(text, entry, whole=whole, desk=desk), entry, desk)
    if kept.valid_until is not None and not whole:
        others = (card for card in candidates.digests_kept_true(desk) if card.person != desk.me.id)
        return [edited_card(kept, desk), *others]
    said = tell(desk.me.id, line("kb.edited"), entry_body(kept), entries.until_line(kept, desk))
    return [said, *_in_force(kept, 1, desk)]


def _read(text: str, entry: KnowledgeEntry, *, whole: bool, desk: Desk) -> Typed:
    if whole:
        return knowledge.read_entry(text, desk.now, desk.zone)
    return knowledge.read_new_answer(text, entry.question, entry.answer, desk.now, desk.zone)


def _keep_edited(typed: Typed, entry: KnowledgeEntry, desk: Desk) -> KnowledgeEntry:
    """What was not written anew stays."""
    more = {
        "product": typed.product or entry.product,
        "aliases": typed.aliases or entry.aliases,
        "valid_until": typed.valid_until or entry.valid_until,
    }
    return keep(
        typed.changed(**more), desk, id=entry.id, state="proposed", source=entry.source, owner=entry.owner
    )


def _ask_text(entry: KnowledgeEntry, desk: Desk) -> list[Card]:
    """The next text is the answer, or the whole entry; what stands there is there to copy."""
    stands = copy("kb.copy_entry", f"{entry.question} | {entry.answer}")
    cards = ask_for(f"kbedit {entry.id}", "kb.write_edit", desk)
    return [card.changed(lines=(*card.lines, *entry_body(entry)), buttons=((stands,),)) for card in cards]


def _proposed(id: str, desk: Desk) -> KnowledgeEntry:
    entry = desk.books.knowledge.get(id)
    if entry is None:
        raise Refusal("kb.gone")
    if entry.state != "proposed":
        raise Refusal("kb.decided")
    return entry


DUTY = DutySpec(
    "proposals",
    commands=(
        Command("propose", propose, words=("提议",), roles=SERVICE | CONTROL),
        Command("faq", faq, words=("待批问答", "待批"), roles=MANAGERS),
        Command("kbok", approve, roles=MANAGERS, listed=False),
        Command("kbpage", approve_page, roles=MANAGERS, listed=False),
        Command("kbno", decline, roles=MANAGERS, listed=False),
        Command("kbedit", edit, roles=MANAGERS, listed=False),
    ),
)
