"""Messages after a purchase 售后留言: a list to copy or as a file, done by a press (REQUIREMENTS D03, D04, K20)."""

from __future__ import annotations

from collections.abc import Sequence

from bot import entries
from bot.call import Call
from bot.card import Card, Row, button, copy, line, lines, listed, tell
from bot.contacting import BY, reached
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.post_purchase_lists import PURPOSE, in_hand, messaged_of, next_messages
from playbooks import contacts, knowledge, post_purchase, products, quick
from playbooks.announce import Listing
from playbooks.model import Refusal
from playbooks.post_purchase import HandedOut, Message, OwnText, mark, read_own, rules
from playbooks.room import MANAGERS, SERVICE
from storage.rows import Line

TEXTS_SHOWN = 6
ORDERS_SHOWN = 8
OWN_SHOWN = 20
NOTHING = frozenset(["无", "取消", "none"])


def messages(call: Call, desk: Desk) -> list[Card]:
    """`/messages`: the next buyers are the caller's to write to, one message each; what is in hand comes first."""
    if known := in_hand(desk, desk.me.id):
        return _cards(known, desk)
    if contacts.quiet(PURPOSE, BY, desk.now, desk.zone):
        raise Refusal("postbuy.quiet", until=desk.clock(contacts.quiet_until(desk.now, desk.zone)))
    found = next_messages(desk, rules().at_once)
    if not found:
        return [tell(desk.me.id, line("postbuy.none"))]
    handed = desk.books.post_lists.put(
        HandedOut(
            id=desk.books.new_id("m"), by=desk.me.id, at=desk.now, until=desk.now + rules().held,
            messages=tuple(found),
        )
    )  # fmt: skip
    _noted(handed, "taken", desk)
    return _cards(handed, desk)


def _noted(handed: HandedOut, step: str, desk: Desk) -> None:
    buyers, orders = str(len(handed.messages)), str(len(handed.orders))
    desk.note("post_purchase", handed.id, step=step, buyers=buyers, orders=orders)


def _cards(handed: HandedOut, desk: Desk) -> list[Card]:
    """The list with its texts to copy, and the same as a file."""
    same: dict[tuple[str, ...], list[Message]] = {}
    for one in handed.messages:
        same.setdefault(one.parts, []).append(one)
    shown = list(same.items())[:TEXTS_SHOWN]
    said = lines(
        line("postbuy.head", buyers=len(handed.messages), orders=len(handed.orders)),
        line("postbuy.until", until=desk.clock(handed.until)),
        *(_text_lines(number, *one) for number, one in enumerate(shown, 1)),
        line("postbuy.more_texts", count=len(same) - len(shown)) if len(same) > len(shown) else None,
    )
    copies = tuple(row for number, (parts, _) in enumerate(shown, 1) for row in _copies(number, parts))
    ends: tuple[Row, ...] = (
        (button("postbuy.sent_all", f"messaged {handed.id} sent"),),
        (button("postbuy.give_back", f"messaged {handed.id} back"),),
    )
    file = tell(desk.me.id, line("postbuy.file"), attach=f"post_purchase.xlsx {handed.id}", rank="work")
    return [tell(desk.me.id, said, buttons=(*copies, *ends), key=_key(handed), rank="work"), file]


def _text_lines(number: int, parts: Sequence[str], told: Sequence[Message]) -> list[Line]:
    """One text, and the orders of those it goes to."""
    orders = ["+".join(one.orders) for one in told]
    names = list(dict.fromkeys(name for one in told for name in one.products))
    rest = len(orders) - ORDERS_SHOWN
    return [
        line("postbuy.text", number=number, products=listed(names) if names else line("postbuy.any_product")),
        line("postbuy.to", count=len(told), orders=listed(orders[:ORDERS_SHOWN])),
        *([line("postbuy.more_orders", count=rest)] if rest > 0 else []),
        *(line("postbuy.part", text=part) for part in parts),
    ]


def _copies(number: int, parts: Sequence[str]) -> list[Row]:
    return [(copy("postbuy.copy", part, number=number, part=n),) for n, part in enumerate(parts, 1)]


def messaged(call: Call, desk: Desk) -> list[Card]:
    """都发了: everybody on the list handed out was written to, and nobody else; or the list goes back."""
    id, _, what = call.args.partition(" ")
    handed = desk.books.post_lists.get(id)
    if handed is None or what not in ("sent", "back"):
        raise Refusal("postbuy.gone")
    if handed.by != desk.me.id:
        raise Refusal("postbuy.whose", owner=handed.by)
    if handed.state != "out":
        return [_ended(handed, desk)]
    if what == "sent":
        for one in handed.messages:
            for number, names in zip(one.orders, one.bought, strict=True):
                for product in names:
                    reached(PURPOSE, number, "sent", desk, text=mark(product))
                messaged_of(number, desk)
    ended = desk.books.post_lists.put(handed.changed(state=what))
    _noted(ended, what, desk)
    return [_ended(ended, desk)]


def _ended(handed: HandedOut, desk: Desk) -> Card:
    said = line(f"postbuy.ended_{handed.state}", buyers=len(handed.messages))
    again: tuple[Row, ...] = ((button("postbuy.next", "messages"),),)
    return tell(desk.me.id, said, buttons=again, key=_key(handed), edit=True, rank="work")


def _key(handed: HandedOut) -> str:
    return f"post-purchase:{handed.id}"


# -- a manager's own sentences ----------------------------------------------------------------------


def text(call: Call, desk: Desk) -> list[Card]:
    """`/posttext 3 用法 | 签收注意`: a manager's own sentences for a product; `/posttext 3 无` takes them away."""
    word, _, said = call.args.strip().partition(" ")
    if not word:
        return [_own_list(desk)]
    listing = products.find(desk.asked_about(), word)
    known = next((one for one in desk.books.post_texts.scan() if one.product == listing.name), None)
    if said.strip() in NOTHING:
        if known:
            desk.books.post_texts.drop(known.id)
            desk.note("post_purchase", known.id, step="text_removed", name=listing.name)
        return [tell(desk.me.id, line("postbuy.text_removed", product=listing.name))]
    use, receipt = read_own(said)
    _check_offer(f"{use}\n{receipt}", listing, desk)
    own = desk.books.post_texts.put(
        OwnText(
            id=known.id if known else desk.books.new_id("pt"), product=listing.name, use=use, receipt=receipt,
            by=desk.me.id, at=desk.now,
        )
    )  # fmt: skip
    desk.note("post_purchase", own.id, step="text_set", name=listing.name)
    parts = post_purchase.message(
        [post_purchase.Bought(name=listing.name, category=listing.product.category)], {own.product: own},
        desk.room.platform, desk.room.lang,
    )  # fmt: skip
    said_now = (line("postbuy.part", text=part) for part in parts)
    return [tell(desk.me.id, line("postbuy.text_set", product=listing.name), said_now)]


def _check_offer(said: str, listing: Listing, desk: Desk) -> None:
    """Refuses a text that quotes an old price or promises what is not given, as for every text for buyers (H41)."""
    given = quick.enabled(entries.stated(desk))
    knowledge.check(said, listing.offer, entries.earlier(listing, desk), given)


def _own_list(desk: Desk) -> Card:
    known = sorted(desk.books.post_texts.scan(), key=lambda one: one.product)
    if not known:
        return tell(desk.me.id, line("postbuy.no_texts"))
    return tell(desk.me.id, line("postbuy.texts"), (_own_line(one, desk) for one in known[:OWN_SHOWN]))


def _own_line(one: OwnText, desk: Desk) -> Line:
    return line(
        "postbuy.own", product=one.product, use=one.use or "—", receipt=one.receipt or "—",
        by=desk.name(one.by), at=desk.clock(one.at),
    )  # fmt: skip


DUTY = DutySpec(
    "post_purchase",
    commands=(
        Command("messages", messages, words=("售后留言",), roles=SERVICE, args=False, private=True),
        Command("messaged", messaged, roles=SERVICE, listed=False, private=True),
        Command("posttext", text, words=("留言话术",), roles=MANAGERS),
    ),
)
