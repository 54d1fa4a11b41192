"""`/figures` 催付数据: the chase of a broadcast by agent, channel, product or reason, down to the orders behind it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.call import Call
from bot.card import Button, Card, Row, button, line, tell
from bot.chase_figures import fates_of, funnel_of, group_line, named, order_line, overview, share_line
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import announce, chase
from playbooks.broadcast import Broadcast
from playbooks.chase import CUTS, GROUPS, Cut, Fate, Funnel, Group, Share
from playbooks.chase.rules import rules
from playbooks.model import Refusal
from playbooks.references import yardstick
from playbooks.room import CONTROL

ORDERS_SHOWN = 15
SHARES_SHOWN = 20
IN_A_ROW = 3
TITLE_SHOWN = 8
"""Characters of a product's title in a button's data, which holds 64 bytes."""
UNKNOWN = "-"


def figures(call: Call, desk: Desk) -> list[Card]:
    """`/figures`; `/figures 渠道`; `/figures channel phone`; `/figures recovered 2` is the second page of its orders.

    Of the current broadcast, else the newest that was on air. Raises Refusal `figures.none`, `figures.usage`.
    """
    here = _meant(desk)
    what, *more = call.args.split() or [""]
    if not what:
        return [_overview(here, desk)]
    cut = next((one for one in CUTS if what in (one, *rules().cut_words[one])), None)
    if cut is not None:
        return [_share(here, cut, more, desk) if more else _cut(here, cut, desk)]
    group = next((one for one in GROUPS if one == what), None)
    if group is None:
        raise Refusal("figures.usage")
    return [_group(here, group, _page(more), desk)]


def _meant(desk: Desk) -> Broadcast:
    kept = [b for b in desk.books.broadcasts.scan() if b.stage != "archived"]
    here = desk.broadcast()
    if here is None or here.live_at is None:  # the next one is planned: tonight's are asked for
        here = max((b for b in kept if b.live_at), key=lambda b: b.number, default=here)
    if here is None:
        raise Refusal("figures.none")
    return here


def _page(words: Sequence[str]) -> int:
    return max(announce.whole(words[0]) or 1, 1) if words else 1


# -- the whole --------------------------------------------------------------------------------------


def _overview(here: Broadcast, desk: Desk) -> Card:
    told = funnel_of(here, desk)
    head = line("figures.head", day=f"{here.opened_on:%m-%d}", at=desk.clock(desk.now))
    if not told.unpaid and not told.created:
        return tell(desk.me.id, head, line("figures.nothing"))
    counts = ((name, len(some)) for name, some in chase.groups(fates_of(here, desk), desk.now).items())
    opens = [Button(line=group_line(name, count), act=f"figures {name}") for name, count in counts if count]
    cuts = [button(f"figures.cut_{cut}", f"figures {cut}") for cut in CUTS if _shares(told, cut)]
    beside = yardstick(desk.books.references.get(desk.room.id))
    return tell(desk.me.id, head, overview(told, beside), buttons=(*_rows(opens), *_rows(cuts)))


def _rows(buttons: Sequence[Button]) -> tuple[Row, ...]:
    return tuple(tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW))


# -- by agent, channel, product, reason ----------------------------------------------------------------


def _shares(told: Funnel, cut: Cut) -> tuple[Share, ...]:
    return {
        "agent": told.agents, "channel": told.channels, "product": told.products, "reason": told.by_reason
    }[cut]  # fmt: skip


def _cut(here: Broadcast, cut: Cut, desk: Desk) -> Card:
    shares = _shares(funnel_of(here, desk), cut)
    head = line(f"figures.by_{cut}", day=f"{here.opened_on:%m-%d}")
    if not shares:
        return tell(desk.me.id, head, line("figures.nothing"), buttons=_back())
    shown = shares[:SHARES_SHOWN]
    said = [share_line(share, cut, desk) for share in shown]
    more = [line("figures.more_shares", count=len(shares) - len(shown))] if len(shares) > len(shown) else []
    opens = [
        button("figures.open", f"figures {cut} {_short(share.key)}", what=named(share.key, "", cut, desk))
        for share in shown
    ]
    return tell(desk.me.id, head, said, more, buttons=(*_rows(opens), *_back()))


def _short(key: str) -> str:
    """The key as one word that a button's data has room for."""
    return key.strip().partition(" ")[0][:TITLE_SHOWN] or UNKNOWN


def _share(here: Broadcast, cut: Cut, words: Sequence[str], desk: Desk) -> Card:
    """One share and its orders."""
    shares = _shares(funnel_of(here, desk), cut)
    found = next((s for s in shares if _short(s.key) == words[0] or desk.name(s.key) == words[0]), None)
    if found is None:
        raise Refusal("figures.no_share", what=words[0][:20])
    some = chase.groups(fates_of(here, desk), desk.now)["unpaid"]
    theirs = [fate for fate in some if found.key in chase.keys_of(fate, cut)]
    head = share_line(found, cut, desk)
    return _orders(
        tell(desk.me.id, head), theirs, f"figures {cut} {_short(found.key)}", _page(words[1:]), desk
    )


# -- the orders behind a figure -------------------------------------------------------------------------


def _group(here: Broadcast, group: Group, page: int, desk: Desk) -> Card:
    some = chase.groups(fates_of(here, desk), desk.now)[group]
    head = group_line(group, len(some))
    return _orders(tell(desk.me.id, head), some, f"figures {group}", page, desk)


def _orders(card: Card, some: Sequence[Fate], words: str, page: int, desk: Desk) -> Card:
    """The card with one page of orders, the newest first, and the button that turns it."""
    ordered = sorted(some, key=lambda fate: (fate.began_at or desk.now, fate.order_id), reverse=True)
    first = (page - 1) * ORDERS_SHOWN
    shown = ordered[first : first + ORDERS_SHOWN]
    said = [order_line(fate, desk) for fate in shown] or [line("figures.no_orders")]
    left = len(ordered) - first - len(shown)
    turn = ((button("figures.more", f"{words} {page + 1}", count=left),),) if left > 0 else ()
    return card.changed(lines=(*card.lines, *said), buttons=(*turn, *_back()))


def _back() -> tuple[Row, ...]:
    return ((button("figures.all", "figures"),),)


DUTY = DutySpec(
    "figures",
    commands=(
        Command(
            "figures", figures, words=("催付数据",), roles=CONTROL, reads=True, slow=True, private=True,
        ),
    ),
)  # fmt: skip
