"""An unpaid order registered in one line 一行登记, or pasted from the platform's desk."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

from playbooks.chase.rules import rules
from playbooks.model import Model, Money, Refusal
from playbooks.privacy import MASK, has_phone, without_phones


class Registered(Model):
    """What a line says: the order number, the link number or product words, yuan where given, a note.

    `placed`: when the buyer ordered, as it stands there (`20:14`, `2026-11-11 20:14:05`); see `placed_at`.
    """

    order_id: str
    link_no: int | None = None
    product: str = ""
    amount: Money | None = None
    note: str = ""
    note_dropped: bool = False
    """A note was there, and is not kept: it held a phone number."""
    placed: str = ""


def is_order_id(text: str) -> bool:
    """Whether it is an order number and nothing else; eleven digits may be a mobile."""
    line = rules().line
    return bool(re.fullmatch(line.order_id, text)) and not re.fullmatch(line.phone, text)


def is_labelled(text: str) -> bool:
    """Whether it was pasted from the platform's desk: an order number, whole or damaged, stands behind its label."""
    line, said = rules().line, _labelled(_clean(text))["order"]
    return bool(re.search(line.order_id, said) or re.search(line.damaged, said))


def read_line(text: str) -> Registered:
    """`催 6917926768823643751 3号 ¥59`, or fields pasted with labels (`订单编号:…`, `商品:…`, `备注:…`).

    Only order number, product, amount and a note behind its label are kept: the rest of what people paste is
    the buyer's name and address (REQUIREMENTS K08). A note with a phone number in it is such a one, and goes whole.
    Raises Refusal `chase.line_empty`, `chase.order_id_damaged`, `chase.order_id_missing`, `chase.order_id_many`
    (found), `chase.amount_unreadable` (order_id, text), `chase.already_paid`, `chase.not_unpaid` (order_id, status),
    each naming the cure.
    """
    clean = _clean(text)
    if not clean:
        raise Refusal("chase.line_empty")
    fields = _labelled(clean)
    order_id = _order_id(clean, fields["order"])
    _refuse_paid(clean, order_id)
    rest = _rest(clean, order_id)
    pasted = _pasted(clean, fields)
    product = fields["product"] if pasted else _first_word(rest)
    link = re.search(rules().line.link, _of_link(rest, fields["product"]) if pasted else rest)
    if link and not fields["product"]:
        product = ""
    note = fields["note"]
    return Registered(
        order_id=order_id, link_no=int(link.group(1)) if link else None, product=_without_phone(product),
        amount=_read_amount(fields["amount"], rest, order_id), note="" if has_phone(note) else " ".join(note.split()),
        note_dropped=has_phone(note), placed=_placed(clean),
    )  # fmt: skip


def read_lines(text: str) -> tuple[Registered | Refusal, ...]:
    """Several orders at once, one a line: what each line says, or why it cannot be read.

    A single order pasted over several lines (`订单编号:…`, `商品:…`) is one; so is a list with one order number.
    Raises the Refusals of `read_line` where there is only one thing to read.
    """
    each = [line for line in _clean(text).splitlines() if line.strip()]
    numbered = [line for line in each if numbers_in(line)]
    if len(numbered) < 2:
        return (read_line(text),)
    if any(_labelled(line)["order"] for line in numbered):
        each = _blocks(each)
    return tuple(_read_or_why(line) for line in each)


def placed_at(said: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The moment `20:14` or `11-11 20:14` means, never after `now`: the newest such one; None for ''.

    The platform's clock may be some minutes ahead of ours: what it shows then is now.
    Raises Refusal `chase.placed_unreadable` (text) for a date there is not, `chase.placed_future` (text).
    """
    if not said:
        return None
    here = now.astimezone(zone)
    try:
        meant = _meant(said, here)
    except ValueError:
        raise Refusal("chase.placed_unreadable", text=said) from None
    past = [at for at in meant if at <= here]
    if any(here < at <= here + rules().line.ahead for at in meant):
        return here
    if not past:
        raise Refusal("chase.placed_future", text=said)
    return max(past)


def _meant(said: str, here: datetime) -> tuple[datetime, ...]:
    """What a time, a day and time, or a full date and time can stand for, seen from `here`."""
    day, _, clock = said.replace("/", "-").rpartition(" ")
    hour, minute, *second = (int(part) for part in clock.split(":"))
    at = here.replace(hour=hour, minute=minute, second=second[0] if second else 0, microsecond=0)
    if not day.strip():
        return tuple(at + timedelta(days=days) for days in (-1, 0, 1))
    *year, month, date = (int(part) for part in day.split("-"))
    at = at.replace(year=year[0] if year else here.year, month=month, day=date)
    last = at if year else at.replace(year=at.year - 1)
    # In January 12-31 is last year's; in November 11-12 is tomorrow, not an order of a year ago.
    return (at,) if abs(at - here) <= abs(here - last) else (last,)


def numbers_in(text: str) -> list[str]:
    """The order numbers a text holds; no mobile is one."""
    line = rules().line
    return [one for one in re.findall(line.order_id, text) if not re.fullmatch(line.phone, one)]


def _blocks(each: list[str]) -> list[str]:
    """Orders pasted one after the other: each begins at the line with its order number's label."""
    blocks: list[list[str]] = []
    for line in each:
        if not blocks or _labelled(line)["order"]:
            blocks.append([])
        blocks[-1].append(line)
    return ["\n".join(block) for block in blocks]


def _read_or_why(text: str) -> Registered | Refusal:
    try:
        return read_line(text)
    except Refusal as refused:
        return refused


def _placed(text: str) -> str:
    """The time behind its label, else the one time a line holds that stands behind no label."""
    line = rules().line
    for label in line.placed_labels:
        found = re.search(rf"{re.escape(label)}\s*:\s*({line.placed})", text, re.IGNORECASE)
        if found:
            return found[1]
    bare = re.search(line.placed, _without_labelled_times(text))
    return bare[0] if bare else ""


def _without_labelled_times(text: str) -> str:
    """Without the times that stand behind another label: when it was paid or is to ship is not when it was ordered."""
    return re.sub(r"[^\s:,;]{2,8}\s*:\s*(?=\d{1,4}[-/:])[^\n,;]*", " ", text)


def _clean(text: str) -> str:
    """Full-width to half-width, zero-width characters out, #3 as 3号, the command word off."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf").strip()
    plain = re.sub(rules().line.link_sign, r"\1号", plain)
    for word in rules().line.commands:
        if plain.startswith(word):
            return plain[len(word) :].strip()
    return plain


def _labelled(text: str) -> dict[str, str]:
    """The value behind the first known label of each kind, to the end of its line or the next label."""
    line = rules().line
    kinds = {"order": line.order_labels, "product": line.product_labels, "amount": line.amount_labels,
             "note": line.note_labels}  # fmt: skip
    return {kind: _value(text, labels) for kind, labels in kinds.items()}


def _value(text: str, labels: tuple[str, ...]) -> str:
    for label in labels:
        pattern = rf"(?<!\w){re.escape(label)}\s*:\s*([^\n]*?)(?=[\s,;]+[^\s:,;]{{2,8}}\s*:|\n|$)"
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            return found.group(1).strip()
    return ""


def _pasted(text: str, fields: dict[str, str]) -> bool:
    return "\n" in text or any(fields.values())


def _order_id(text: str, labelled: str) -> str:
    """The one order number; a labelled one wins, a mobile number counts only behind the label."""
    line = rules().line
    where = labelled or text
    matches: list[str] = re.findall(line.order_id, where)
    found = tuple(dict.fromkeys(each for each in matches if labelled or not re.fullmatch(line.phone, each)))
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise Refusal("chase.order_id_many", found=found)
    if re.search(line.damaged, where):
        raise Refusal("chase.order_id_damaged")
    raise Refusal("chase.order_id_missing")


def _rest(text: str, order_id: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(order_id)}(?!\w)", " ", text)


def _first_word(rest: str) -> str:
    """What may name the product in one unlabelled line: its first word once the known parts are out."""
    line = rules().line
    for pattern in (line.link, line.amount, line.phone, line.placed):
        rest = re.sub(pattern, " ", rest)
    return next(iter(rest.split()), "")


def _of_link(rest: str, product: str) -> str:
    """Where a paste may name the link number: outside labels, in front of a line, or as the product.

    `文三路 99 号` is an address.
    """
    bare = re.sub(r"[^\s:,;]{2,8}\s*:[^\n]*?(?=[\s,;]+[^\s:,;]{2,8}\s*:|\n|$)", " ", rest)
    led = [line for line in bare.splitlines() if re.match(rules().line.link, line.strip())]
    return " ".join([product, *(led if "\n" in rest else [bare])])


def _refuse_paid(text: str, order_id: str) -> None:
    """What is typed or pasted may itself say that it is not unpaid: nobody is chased after paying."""
    line = rules().line
    words = set(re.split(r"[\s,;:。!]+", text.lower())) if "\n" not in text else set()
    if words & set(line.paid_words) or re.match(r"\d", _value(text, line.paid_labels)):
        raise Refusal("chase.already_paid", order_id=order_id)
    status = _value(text, line.status_labels)
    if status and not any(word in status.lower() for word in line.unpaid_words):
        raise Refusal("chase.not_unpaid", order_id=order_id, status=_without_phone(status.split()[0])[:10])


def _read_amount(labelled: str, rest: str, order_id: str) -> Decimal | None:
    """Yuan, behind its label or where it stands; None where nothing is meant as an amount.

    Raises Refusal `chase.amount_unreadable` where something is that cannot be read: -5, 1e5, NaN, 59.999.
    """
    line = rules().line
    if re.fullmatch(line.money_bare, labelled, re.IGNORECASE):
        return _exact(labelled, order_id)
    for where in (labelled, rest):
        for pattern in (line.money_sign, line.money_unit):
            meant = re.search(pattern, where)
            if meant and (
                re.search(r"\d", meant[1]) or re.fullmatch(line.money_bare, meant[1], re.IGNORECASE)
            ):
                return _exact(meant[1].rstrip(".,"), order_id)
    return None


def _exact(text: str, order_id: str) -> Decimal:
    if not re.fullmatch(rules().line.money, text):
        raise Refusal("chase.amount_unreadable", order_id=order_id, text=text[:12])
    return Decimal(text.replace(",", ""))


def _without_phone(text: str) -> str:
    return " ".join(without_phones(text).replace(MASK, " ").split())
