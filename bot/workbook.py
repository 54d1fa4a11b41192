"""The review 复盘 as a workbook with its data, and the warehouse's intercept list 拦截清单.

Order numbers are text; personal fields (buyer, phone, address, city, notes) never enter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.card import line
from bot.review_words import change, clock, said, spoken
from bot.texts import known
from bot.workbook_cases import case_sheets
from bot.workbook_more import more_sheets
from bot.workbook_overview import overview
from bot.workbook_sheets import Cell, Column, Workbook
from playbooks import aftercare
from playbooks.aftercare import Hold
from playbooks.announce import Notice
from playbooks.cases import Case
from playbooks.chase import Chase
from playbooks.journal import Entry
from playbooks.promises import Promise
from playbooks.review import Review
from playbooks.review_handoff import lags

BLUE, PALE = "#2F6BFF", "#C9D8FF"


def build(
    review: Review,
    lang: str,
    *,
    zone: ZoneInfo,
    chases: Iterable[Chase],
    holds: Iterable[Hold],
    notices: Iterable[Notice],
    journal: Iterable[Entry],
    names: Mapping[str, str],
    cases: Iterable[Case] = (),
    promised: Iterable[Promise] = (),
) -> bytes:
    """An .xlsx: overview with charts, products, every chase, held order, change × person, case, promise and
    journal entry.

    The rows are those the review was counted from; `names` go by person id. Times in `zone`.
    """
    book = Workbook(zone, review.made_at)
    overview(book, review, lang)
    _products(book, review, lang)
    more_sheets(book, review, lang)
    book.data_sheet(*_chases(chases, lang, zone, names))
    book.data_sheet(*_holds(holds, lang, names))
    book.data_sheet(*_notices(notices, review, lang, names))
    case_sheets(book, cases, promised, review, lang, names=names)
    book.data_sheet(*_journal(journal, review, lang, names))
    return book.bytes()


def intercept(holds: Iterable[Hold], lang: str, zone: ZoneInfo) -> bytes:
    """The intercept list as .xlsx, soonest ship-by first: what to keep back, why, and how it stands."""
    book = Workbook(zone)
    columns = (
        Column(_w(lang, "order_id"), width=24), Column(_w(lang, "product"), width=28),
        Column(_w(lang, "rule"), width=16), Column(_w(lang, "region"), width=16),
        Column(_w(lang, "other_place"), width=16), Column(_w(lang, "why"), width=60),
        Column(_w(lang, "action"), width=22), Column(_w(lang, "ship_by"), "time", 16),
        Column(_w(lang, "state"), width=18),
    )  # fmt: skip
    rows = [_to_intercept(hold, lang) for hold in aftercare.intercept_list(holds)]
    book.data_sheet(_w(lang, "sheet_intercept"), columns, rows)
    return book.bytes()


def _to_intercept(hold: Hold, lang: str) -> list[Cell]:
    reasons = [said(lang, found.text_key, **found.values) for found in hold.findings]
    return [hold.order_id, hold.title, _rules(hold, lang), hold.place, hold.elsewhere, "\n".join(reasons),
            _action(hold, lang), hold.ship_by, _state(hold, lang)]  # fmt: skip


def _w(lang: str, key: str) -> str:
    return said(lang, f"workbook.{key}")


def _rules(hold: Hold, lang: str) -> str:
    return spoken(
        lang, line("review.listed", items=tuple(line(f"audit.name_{r}") for r in dict.fromkeys(hold.rules)))
    )


def _action(hold: Hold, lang: str) -> str:
    return said(lang, f"hold.action_{hold.action}") if hold.action else ""


def _state(hold: Hold, lang: str) -> str:
    """The hold's state; that the warehouse has the parcel out says more than who works on it."""
    if hold.released_at is not None:
        return said(lang, "hold.released")
    return said(lang, "hold.intercepted" if hold.intercepted_at else f"hold.state_{hold.state}")


def _products(book: Workbook, review: Review, lang: str) -> None:
    columns = (
        Column(_w(lang, "link"), "count", 8), Column(_w(lang, "product"), width=32),
        Column(_w(lang, "live_price"), "yuan"), Column(_w(lang, "orders"), "count"),
        Column(_w(lang, "paid"), "count"), Column(_w(lang, "gmv"), "yuan", 14),
        Column(_w(lang, "net_sales"), "yuan", 14), Column(_w(lang, "unpaid"), "count"),
        Column(_w(lang, "contacted"), "count"), Column(_w(lang, "recovered"), "count"),
        Column(_w(lang, "amount"), "yuan", 14), Column(_w(lang, "success_rate"), "rate"),
        Column(_w(lang, "natural_rate"), "rate"), Column(_w(lang, "announced"), "time", 16),
        Column(_w(lang, "announced_times"), "count"), Column(_w(lang, "first_order"), "time", 16),
        Column(_w(lang, "price_changes"), "count"), Column(_w(lang, "sold_out_at"), "time", 16),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [row.link_no, row.name or said(lang, "review.unclear"), row.live_price, row.sales.orders, row.sales.paid,
         row.sales.gmv, row.sales.net_sales, row.unpaid, row.contacted, row.recovered, row.recovered_amount,
         row.success_rate, row.natural_rate, row.announced[0] if row.announced else None, len(row.announced),
         row.first_order_at, row.price_changes, row.sold_out_at]
        for row in review.products
    ]  # fmt: skip
    name = _w(lang, "sheet_products")
    sheet = book.data_sheet(name, columns, rows)
    if rows:
        last = min(len(rows), 20)
        chart = book.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": _w(lang, "amount"),
                "categories": [name, 1, 1, last, 1],
                "values": [name, 1, 10, last, 10],
                "fill": {"color": BLUE},
                "gap": 60,
            }
        )
        chart.set_title({"name": _w(lang, "chart_products"), "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True})
        chart.set_legend({"none": True})
        chart.set_size({"width": 760, "height": 120 + 26 * last})
        sheet.insert_chart(len(rows) + 2, 1, chart)


Named = tuple[str, Sequence[Column], list[list[Cell]]]


def _chases(chases: Iterable[Chase], lang: str, zone: ZoneInfo, names: Mapping[str, str]) -> Named:
    columns = (
        Column(_w(lang, "order_id"), width=24), Column(_w(lang, "link"), "count", 8),
        Column(_w(lang, "product"), width=28), Column(_w(lang, "order_amount"), "yuan"),
        Column(_w(lang, "source"), width=12), Column(_w(lang, "created_at"), "time", 16),
        Column(_w(lang, "first_contact"), "time", 16), Column(_w(lang, "rounds"), "count", 8),
        Column(_w(lang, "steps"), width=48), Column(_w(lang, "outcome"), width=14),
        Column(_w(lang, "reason"), width=16), Column(_w(lang, "state"), width=12),
        Column(_w(lang, "closed_why"), width=14), Column(_w(lang, "paid_at"), "time", 16),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [one.order_id, one.link_no, one.title, one.amount, _w(lang, f"source_{one.source}"), one.created_at,
         one.first_contact_at, max((c.round for c in one.touches), default=0), _steps(one, lang, zone, names),
         _label(lang, "chase", "outcome", one.answer), _label(lang, "chase", "reason", one.reason),
         _label(lang, "chase", "state", one.state), _label(lang, "chase", "closed", one.closed_why), one.paid_at]
        for one in sorted(chases, key=lambda chase: (chase.created_at or chase.seen_at, chase.id))
    ]  # fmt: skip
    return _w(lang, "sheet_chase"), columns, rows


def _label(lang: str, area: str, what: str, value: str | None) -> str:
    return said(lang, f"{area}.{what}_{value}") if value else ""


def _steps(chase: Chase, lang: str, zone: ZoneInfo, names: Mapping[str, str]) -> str:
    """`20:14 提醒付款 小美;20:15 留言 小美`."""
    steps = (
        said(
            lang,
            "workbook.step",
            at=clock(contact.at, zone),
            step=line(f"chase.step_{contact.step}"),
            who=names.get(contact.who, contact.who),
        )
        for contact in chase.contacts
    )
    return "; ".join(steps)


def _holds(holds: Iterable[Hold], lang: str, names: Mapping[str, str]) -> Named:
    columns = (
        Column(_w(lang, "order_id"), width=24), Column(_w(lang, "product"), width=28),
        Column(_w(lang, "rule"), width=16), Column(_w(lang, "verdict"), width=10),
        Column(_w(lang, "region"), width=16), Column(_w(lang, "order_amount"), "yuan"),
        Column(_w(lang, "found_at"), "time", 16), Column(_w(lang, "ship_by"), "time", 16),
        Column(_w(lang, "state"), width=18), Column(_w(lang, "owner"), width=12),
        Column(_w(lang, "action"), width=22), Column(_w(lang, "solved_as"), width=18),
        Column(_w(lang, "handed_to"), width=12), Column(_w(lang, "intercepted"), "time", 16),
        Column(_w(lang, "released"), "time", 16),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [one.order_id, one.title, _rules(one, lang), _w(lang, f"verdict_{one.verdict}"), one.place, one.amount,
         one.found_at, one.ship_by, said(lang, f"hold.state_{one.state}"), names.get(one.owner, one.owner),
         _action(one, lang), _label(lang, "hold", "solved", one.solved_as),
         said(lang, "hold.to_next_shift") if one.handed_to else "",
         one.intercepted_at, one.released_at]
        for one in sorted(holds, key=lambda hold: (hold.found_at, hold.order_id))
    ]  # fmt: skip
    return _w(lang, "sheet_anomalies"), columns, rows


def _notices(notices: Iterable[Notice], review: Review, lang: str, names: Mapping[str, str]) -> Named:
    """A row a change and person asked; a change nobody was asked about has one row saying so."""
    columns = (
        Column(_w(lang, "changed_at"), "time", 16), Column(_w(lang, "changed_by"), width=12),
        Column(_w(lang, "link"), "count", 8), Column(_w(lang, "product"), width=28),
        Column(_w(lang, "change"), width=40), Column(_w(lang, "person"), width=14),
        Column(_w(lang, "known_at"), "time", 16), Column(_w(lang, "lag"), "seconds"),
        Column(_w(lang, "superseded"), width=16),
    )  # fmt: skip
    products = {row.link_no: row.name for row in review.products}
    rows: list[list[Cell]] = []
    for one in sorted(notices, key=lambda notice: (notice.at, notice.id)):
        what = spoken(lang, line("review.listed", items=tuple(change(c) for c in one.changes)))
        waits = lags(one)
        told: list[Cell] = [
            one.at,
            names.get(one.by, one.by),
            one.link_no,
            products.get(one.link_no, ""),
            what,
        ]
        later = _w(lang, "yes") if one.superseded else ""
        rows += [[*told, names.get(p, p), one.known.get(p), waits.get(p), later] for p in one.asked]
        if not one.asked:
            rows.append([*told, _w(lang, "nobody"), None, None, later])
    return _w(lang, "sheet_handoff"), columns, rows


def _journal(journal: Iterable[Entry], review: Review, lang: str, names: Mapping[str, str]) -> Named:
    columns = (
        Column(_w(lang, "time"), "time", 16), Column(_w(lang, "who"), width=12),
        Column(_w(lang, "what"), width=18), Column(_w(lang, "about"), width=26),
        Column(_w(lang, "details"), width=60),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [one.at, names.get(one.who, one.who), _w(lang, f"kind_{one.kind}"), _about(one, names),
         _details(one, lang, names)]
        for one in sorted(journal, key=lambda entry: (entry.at, entry.id))
    ]  # fmt: skip
    return _w(lang, "sheet_journal"), columns, rows


def _about(entry: Entry, names: Mapping[str, str]) -> str:
    """The product or person by name, else the id."""
    number, name = entry.values.get("number"), entry.values.get("name")
    if number:
        return f"{number} {name or ''}".strip()
    return names.get(entry.about, entry.about)


# How a noted code is said, by the kind of entry and the value's name; what is not listed stands as it is.
CODES = {
    ("chase_new", "source"): "workbook.source_{}", ("chase_contact", "step"): "chase.step_{}",
    ("chase_outcome", "outcome"): "chase.outcome_{}", ("chase_outcome", "reason"): "chase.reason_{}",
    ("chase_paid", "why"): "chase.closed_{}", ("chase_lost", "why"): "chase.closed_{}",
    ("hold_new", "rules"): "audit.name_{}", ("hold_step", "state"): "hold.state_{}",
    ("follow_new", "type"): "followup.kind_{}", ("follow_take", "type"): "followup.kind_{}",
    ("follow_take", "why"): "{}", ("follow_done", "type"): "followup.kind_{}",
    ("follow_done", "outcome"): "followup.outcome_{}", ("follow_done", "state"): "followup.state_{}",
    ("import", "type"): "files.kind_{}", ("known", "how"): "workbook.how_{}", ("role", "roles"): "role.{}",
    ("presence", "presence"): "presence.{}", ("setup", "platform"): "platform.{}",
    ("price_settled", "outcome"): "workbook.outcome_{}", ("on_air", "undone"): "workbook.undone_{}",
    ("promise", "step"): "workbook.promise_{}",
    ("lost_inquiry", "step"): "workbook.lost_{}", ("lost_inquiry", "reason"): "lost.reason_{}",
    ("lost_inquiry", "outcome"): "workbook.lost_{}",
    ("need", "step"): "workbook.need_{}", ("need", "sort"): "need.sort_{}",
    ("question", "step"): "workbook.question_{}", ("question", "to"): "ask.to_{}",
    ("question", "type"): "ask.kind_{}", ("question", "reason"): "ask.reason_{}",
    ("shift", "step"): "workbook.shift_{}", ("preflight", "step"): "workbook.preflight_{}",
    ("action_item", "step"): "workbook.action_{}", ("review_entry", "figure"): "entry.figure_{}",
    ("qa", "step"): "workbook.qa_{}", ("qa", "fault"): "qa.fault_{}",
    ("review_entry", "post"): "entry.post_{}", ("feedback", "how"): "feedback.{}",
    ("case", "step"): "case.what_{}", ("case", "type"): "case.kind_{}", ("case", "sort"): "case.type_{}",
    ("case", "cause"): "case.cause_{}", ("case", "outcome"): "case.outcome_{}",
    ("settlement", "unit"): "settlement.unit_{}", ("target", "unit"): "settlement.unit_{}",
    ("preflight", "item"): "preflight.short_{}", ("preflight", "items"): "preflight.short_{}",
}  # fmt: skip
UNTOLD = frozenset([("hold_step", "step"), ("role", "why")])
"""Values that say in code what another value beside them says in words."""


def _details(entry: Entry, lang: str, names: Mapping[str, str]) -> str:
    """What else was noted, in the order noted; a change as `直播价 79 → 75`, people by name, codes in words."""
    told = {name: value for name, value in entry.values.items() if name not in ("number", "name")}
    if entry.kind == "changed" and told.get("field") == "sold_out":
        return said(lang, "review.field_sold_out" if told.get("after") else "review.field_back")
    if entry.kind == "changed" and "field" in told:
        field = line(f"review.field_{told['field']}")
        none = line("review.nothing")
        before, after = told.get("before") or none, told.get("after") or none
        return said(lang, "review.changed", field=field, before=before, after=after)
    words = (_in_words(entry.kind, name, value, lang, names) for name, value in told.items())
    return " · ".join(word for word in words if word)


def _in_words(kind: str, name: str, value: str, lang: str, names: Mapping[str, str]) -> str:
    if (kind, name) in UNTOLD:
        return ""
    form = CODES.get((kind, name), "")
    parts = (form.format(part) for part in value.split(" ")) if form else ()
    if form and value:
        return " ".join(
            said(lang, key) if known(key) else raw for key, raw in zip(parts, value.split(" "), strict=True)
        )
    return " ".join(names.get(part, part) for part in value.split(" "))
