"""Knowledge put in as typed: checked, kept, in force at once where a manager says so, and told when it ends (A10)."""

from __future__ import annotations

from bot import entries
from bot.desk import Desk
from playbooks import knowledge, products
from playbooks.knowledge import KnowledgeEntry, Typed


def put(typed: Typed, source: knowledge.Source, desk: Desk) -> KnowledgeEntry:
    """In force at once; in place of an entry with the same question for the same product."""
    product = _product(typed, desk)
    twins = (e for e in desk.books.knowledge.scan() if (e.question, e.product) == (typed.question, product))
    twin = next((e for e in twins if e.state == "approved"), None)
    id = twin.id if twin else desk.books.new_id("k")
    entry = keep(typed, desk, id=id, state="approved", source=source)
    expires(entry, desk)
    desk.note("knowledge", entry.id, change="changed" if twin else "added", question=entry.question)
    return entry


def keep(typed: Typed, desk: Desk, **more: str) -> KnowledgeEntry:
    """The entry as typed. The one place where a text for buyers comes in: what it must not say is refused here."""
    product = _product(typed, desk)
    fields = {**dict(typed), "product": product, "owner": desk.me.id, "changed_at": desk.now, **more}
    entry = KnowledgeEntry.model_validate(fields)
    entries.check(entry, desk)
    return entries.keep(entry.changed(quotes=quotes(entry, desk)), desk)


def _product(typed: Typed, desk: Desk) -> str:
    """The product named, else the only one whose name stands in the text; '' for the whole shop."""
    if typed.product:
        return products.find(desk.listings(), typed.product).name
    named = {one.name for one in desk.listings() if one.name in f"{typed.question}\n{typed.answer}"}
    return named.pop() if len(named) == 1 else ""


def quotes(entry: KnowledgeEntry, desk: Desk) -> tuple[str, ...]:
    """What the answer tells of the offer now in force; of a product not on the sheet, as it was noted."""
    listing = entries.listing_of(entry, desk)
    return knowledge.quotes(entry.answer, listing.offer) if listing else entry.quotes


def expires(entry: KnowledgeEntry, desk: Desk) -> None:
    """Have the owner told once when it ends; an entry that does not end any more tells nobody."""
    if entry.valid_until is not None:
        desk.later("kb_expired", entry.valid_until, entry.id)
    else:
        desk.books.due.drop(f"{desk.room.id}-d:kb_expired:{entry.id}")
