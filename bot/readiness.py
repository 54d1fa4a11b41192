"""The checklist before the stream in the room's books: what they tell, whom to remind, what is missing at /live."""

from __future__ import annotations

from datetime import datetime

from bot import entries, rostering
from bot.card import Card, Row, button, line, lines, listed, tell
from bot.desk import Desk
from bot.improving import open_before
from bot.planning import checklist, planned
from bot.texts import escape, plain, say
from playbooks import followup, preflight
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast
from playbooks.platforms import platform
from playbooks.preflight import Check, Condition, Facts, State
from playbooks.room import CONTROL, IN_CHARGE, MANAGERS, Member
from playbooks.roster import AGENTS
from playbooks.runsheet.receipt import SheetReceipt
from storage.rows import Line

WATCH = "preflight"


def replan(desk: Desk) -> None:
    """After anything that moves the planned times: when to look at the roster and at the checklist next."""
    rostering.watch(desk)
    here, span = desk.broadcast(), planned(desk)
    if here is None or span is None or here.stage != "planned":
        return
    at = preflight.next_due(states(here, desk), checklist(here, desk).reminded, span[0], desk.now)
    if at is not None:
        desk.later(WATCH, at, desk.room.id)


def states(here: Broadcast, desk: Desk) -> tuple[State, ...]:
    """Every item of the broadcast's checklist as it stands now."""
    earlier = [one for one in desk.books.preflights.scan() if one.id != here.id]
    return preflight.states(checklist(here, desk), facts(here, desk), desk.now, earlier)


# -- what the books tell ----------------------------------------------------------------------------


def facts(here: Broadcast, desk: Desk) -> Facts:
    """The conditions that hold and the checks that fail."""
    listings, people = desk.listings(), _people(here, desk)
    without_names: dict[Check, bool] = {
        "sheet": not listings,
        "regions": not list(desk.books.region_rules.scan()),
        "life": desk.unpaid_life() is None,
        "signed_in": not desk.on_duty(*AGENTS),
    }
    named: dict[Check, tuple[str, ...]] = {
        "gift_stock": _uncounted(listings, desk.room.lang),
        "replies": _stale(desk),
        "roster": rostering.gap_spans(desk),
        "actions": open_before(desk),
    }
    failing: dict[Check, tuple[str, ...]] = {check: () for check, fails in without_names.items() if fails}
    failing |= {check: found for check, found in named.items() if found}
    failing |= {check: tuple(desk.names(ids)) for check, ids in people.items()}
    return Facts(holds=_conditions(listings, desk), failing=failing, people=people)


def _conditions(listings: list[Listing], desk: Desk) -> frozenset[Condition]:
    span = planned(desk)
    told: dict[Condition, bool] = {
        "sheet": bool(listings),
        "food": any(followup.is_food(one.product.category) for one in listings),
        "presale": any(p.kind == "presale" for one in listings for p in one.offer.promotions),
        "gifts": any(_owes(one) for one in listings),
        "actions": bool(open_before(desk)),
        "rostered": span is not None and any(s.meets(*span) for s in rostering.agents_shifts(desk)),
    }
    return frozenset(condition for condition, so in told.items() if so)


def _people(here: Broadcast, desk: Desk) -> dict[Check, tuple[str, ...]]:
    """Per check those it waits for: no private chat, the sheet not seen, rostered and not signed in."""
    closed = tuple(m.id for m in desk.members() if not _opened(m, desk))
    newest = _receipt(here, desk)
    unseen = newest.waiting_for() if newest else ()
    span = planned(desk)
    wanted = rostering.expected(desk, max(desk.now, span[0]) if span else desk.now)
    absent = tuple(m.id for m in wanted if m.presence == "out")
    found: dict[Check, tuple[str, ...]] = {"private": closed, "sheet_seen": unseen, "signed_in": absent}
    return {check: ids for check, ids in found.items() if ids}


def _receipt(here: Broadcast, desk: Desk) -> SheetReceipt | None:
    """Of the run sheet taken over last."""
    return max(desk.books.sheets.by("broadcast", here.id), key=lambda one: one.at, default=None)


def _opened(member: Member, desk: Desk) -> bool:
    met = desk.front.people.get(member.id)
    return bool(met and met.private)


def _owes(listing: Listing) -> bool:
    return bool(listing.offer.gift) or any(p.owes_gift for p in listing.offer.promotions)


def _uncounted(listings: list[Listing], lang: str) -> tuple[str, ...]:
    """The products with a gift nobody has said the number of."""
    missing = (one for one in listings if _owes(one) and one.gift_count is None)
    return tuple(
        plain(say(lang, "air.product", number=str(one.link_no), name=escape(one.name))) for one in missing
    )


def _stale(desk: Desk) -> tuple[str, ...]:
    """The approved answers that may not be offered as things stand: an old price, past their date."""
    known = (one for one in desk.books.knowledge.scan() if one.state == "approved")
    return tuple(e.question for e in known if entries.standing_of(e, desk) in ("expired", "old_offer"))


# -- what is said -----------------------------------------------------------------------------------


def item_line(state: State, desk: Desk) -> Line:
    """`○ 12 小时……` as it stands: open with what is missing, ticked or waived by whom and when."""
    what = line(f"preflight.item_{state.item.id}", tool=tool(desk))
    role = line(f"role.{state.item.role}")
    if state.mark and state.mark.why:
        by, at = desk.name(state.mark.by), desk.clock(state.mark.at)
        return line("preflight.waived", what=what, by=by, at=at, why=state.mark.why)
    if state.mark:
        return line("preflight.ticked", what=what, by=desk.name(state.mark.by), at=desk.clock(state.mark.at))
    if state.done:
        return line("preflight.found", what=what)
    key = "preflight.open" if state.item.required else "preflight.optional"
    said = line(key, what=what, role=role)
    return line("preflight.missing", said=said, names=listed(state.missing)) if state.missing else said


def tool(desk: Desk) -> Line:
    """The chat tool buyers are answered with, by the name agents know it by."""
    name = platform(desk.room.platform).tool
    return line("common.verbatim", text=name) if name else line("platforms.tool_unnamed")


def card(member: Member, here: Broadcast, desk: Desk) -> Card:
    """The whole checklist for those who run the broadcast, for others their own part; edited in place."""
    every = states(here, desk)
    shown = [s for s in every if member.may(CONTROL) or s.item.role in member.roles]
    span = planned(desk)
    start = line("preflight.start", at=desk.clock(span[0])) if span else line("preflight.no_start")
    left = sum(not s.done for s in shown)
    said = lines(
        line("preflight.head", done=len(shown) - left, count=len(shown)),
        start,
        (item_line(s, desk) for s in shown),
        None if shown else line("preflight.nothing_yours"),
    )
    rows = [row for s in preflight.open_items(shown) if (row := _row(s, member, here))]
    return tell(member.id, said, buttons=tuple(rows), key=f"preflight:{here.id}:{member.id}", rank="work")


def _row(state: State, member: Member, here: Broadcast) -> Row:
    """Tick, where a person says it is done; waive, for managers."""
    item, title = state.item, line(f"preflight.short_{state.item.id}")
    row: Row = ()
    if item.check is None and member.may(frozenset([item.role, *IN_CHARGE])):
        row = (button("preflight.tick", f"tick {here.id} {item.id}", what=title),)
    if member.may(MANAGERS):
        row = (*row, button("preflight.waive", f"exempt {here.id} {item.id}", what=title))
    return row


def remind(desk: Desk) -> list[Card]:
    """Each role's open items when their time has come: one card a person, so often and no more."""
    here, span = desk.broadcast(), planned(desk)
    if here is None or span is None or here.stage != "planned":
        return []
    known = checklist(here, desk)
    due = preflight.due(states(here, desk), known.reminded, span[0], desk.now)
    if due:
        desk.books.preflights.put(preflight.told(known, due, span[0], desk.now))
    replan(desk)
    theirs: dict[str, list[State]] = {}
    for state in due:
        for person in _reminded(state, desk):
            theirs.setdefault(person, []).append(state)
    return [_reminder(person, found, here, span[0], desk) for person, found in theirs.items()]


def _reminded(state: State, desk: Desk) -> list[str]:
    """Those the check waits for; else those of the role, on duty if any are; else the managers."""
    role = state.item.role
    if state.people and role == "agent":
        return list(state.people)
    there = desk.on_duty(role) or desk.with_role(role) or desk.with_role("manager")
    return [m.id for m in there]


def _reminder(person: str, found: list[State], here: Broadcast, start: datetime, desk: Desk) -> Card:
    member = next(m for m in desk.members() if m.id == person)
    rows = [row for s in found if (row := _row(s, member, here))]
    if any(s.item.check == "signed_in" for s in found) and member.presence == "out":
        rows.append((button("shift.sign_in", "in"),))
    receipt = _receipt(here, desk)
    if receipt and person in receipt.waiting_for() and any(s.item.check == "sheet_seen" for s in found):
        rows.append((button("sheet.seen_button", f"seen {receipt.id}"),))
    rows.append((button("preflight.show", "preflight"),))
    head = line("preflight.remind", at=desk.clock(start))
    said = lines(head, (item_line(s, desk) for s in found))
    # The one before loses its buttons: what is open still is on the new card, or on the checklist.
    return tell(person, said, buttons=tuple(rows), key=f"preflight-due:{here.id}:{person}", rank="work")


def missing_at_live(here: Broadcast, desk: Desk) -> list[Card]:
    """What must be there and is not, to the managers with the time; they tick or waive it by name later."""
    missing = preflight.open_items(states(here, desk), required=True)
    if not missing:
        return []
    desk.note("preflight", here.id, step="missing", items=" ".join(s.item.id for s in missing))
    said = lines(line("live.missing", at=desk.clock(desk.now)), (item_line(s, desk) for s in missing))
    show = ((button("preflight.show", "preflight"),),)
    return [tell(m.id, said, buttons=show, silent=True, rank="work") for m in desk.with_role("manager")]
