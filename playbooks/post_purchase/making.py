"""One message a buyer, made from what is said of each product bought (REQUIREMENTS D03, H22)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from playbooks import quick
from playbooks.model import Refusal
from playbooks.post_purchase.model import Bought, OwnText
from playbooks.post_purchase.rules import Frame, kind_of, rules
from playbooks.post_purchase.wording import check
from playbooks.privacy import checked_note, has_phone


def message(
    bought: Sequence[Bought], own: Mapping[str, OwnText], platform: str, lang: str
) -> tuple[str, ...]:
    """The parts of a message about everything `bought`; the same sentence is said once for all products.

    `own`: a manager's sentences by product name. `lang`: of the room, which its buyers read. A product is not called by
    a name that may not be said to a buyer: people write anything into a title.
    """
    frame, terms = rules().frame[lang], quick.terms(platform, lang)
    called = {one.name: one.name for one in bought if _may_be_said(one.name)}
    names = frame.several.join(called)
    greeting = frame.greeting if names else frame.greeting_bare
    said = [greeting.format_map({**terms, "names": names})]
    for field in ("use", "receipt"):
        said += _told(
            [(called.get(one.name, ""), _sentence(one, own, field, lang, terms)) for one in bought], frame
        )
    closing = frame.closing_on(platform).format_map(terms)
    return (*_parts(said, frame.between, quick.rules(lang).part), closing)


def _may_be_said(name: str) -> bool:
    if not name or has_phone(name):
        return False
    try:
        check(name)
    except Refusal:
        return False
    return True


def _parts(sentences: Iterable[str], between: str, longest: int) -> list[str]:
    """As many sentences in a part as fit; only one too long for a part is itself parted."""
    parts: list[str] = []
    for sentence in sentences:
        if parts and len(parts[-1]) + len(between) + len(sentence) <= longest:
            parts[-1] += between + sentence
        else:
            parts += quick.in_parts(sentence, longest)
    return parts


def _sentence(
    one: Bought, own: Mapping[str, OwnText], field: str, lang: str, terms: Mapping[str, str]
) -> str:
    """What is said of a product: the manager's words as they stand, else its kind's in the platform's terms."""
    written: str = getattr(own[one.name], field) if one.name in own else ""
    kinds: dict[str, str] = getattr(kind_of(one.category), field)
    return _ended(written, lang) or kinds[lang].format_map(terms)


def _ended(text: str, lang: str) -> str:
    """A sentence with its end, so that another may follow."""
    end = quick.rules(lang).joins.end
    return text if not text or text[-1] in "。！？.!?" else f"{text}{end}"


def _told(sentences: Iterable[tuple[str, str]], frame: Frame) -> list[str]:
    """Each sentence once; where there are several, with the products each is about."""
    about: dict[str, list[str]] = {}
    for name, sentence in sentences:
        about.setdefault(sentence, []).append(name)
    if len(about) == 1:
        return list(about)
    return [
        frame.about.format(name=frame.several.join(dict.fromkeys(filter(None, names))), text=sentence)
        if any(names)
        else sentence
        for sentence, names in about.items()
    ]


def read_own(text: str) -> tuple[str, str]:
    """(use, on receipt) of `用法 | 签收注意`; either may be left out.

    Raises Refusal `postbuy.empty`, `postbuy.long`, `postbuy.never_*`, or `common.personal_note` where a phone is in it.
    """
    use, _, receipt = text.replace("｜", "|").partition("|")
    parts = " ".join(use.split()), " ".join(receipt.split())
    if not any(parts):
        raise Refusal("postbuy.empty")
    for part in parts:
        if len(part) > rules().longest:
            raise Refusal("postbuy.long", most=rules().longest)
        check(checked_note(part))
    return parts
