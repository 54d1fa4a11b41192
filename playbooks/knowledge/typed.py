"""Knowledge as people type it: an entry on one line, or a handbook with headings."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from playbooks.knowledge.model import rules
from playbooks.model import Model, Moment, Refusal
from playbooks.privacy import checked_note

BAR = re.compile(r"\s*[|｜]\s*")
LISTED = re.compile(r"[、,，;；/]+")
NUMBER = re.compile(r"#?\d{1,3}\s*号?")
DATE = re.compile(r"(?:(\d{4})[-./年])?(\d{1,2})[-./月](\d{1,2})日?")
HEADING = re.compile(r"#{1,6}\s+(.+)")
ASKS = re.compile(r"^(?:问|Q)\s*[:：.]\s*", re.IGNORECASE)
PARTINGS = tuple(map(re.compile, (r"[|｜]", r"(?:答|\bA)\s*[:：.]", r"(?<=[?？])")))
"""Where an answer begins, surest first."""
LONG_PAST = timedelta(days=180)
HEADINGS_A_HANDBOOK = 200


class Typed(Model):
    """An entry as typed; `product` is the word for a product, not looked up yet."""

    question: str
    answer: str
    aliases: tuple[str, ...] = ()
    product: str = ""
    valid_until: Moment | None = None


def read_entry(text: str, now: datetime, zone: ZoneInfo) -> Typed:
    """`问题 | 答案 | 又叫 a、b | 3号 | 到 12-31`, what comes after the answer in any order or not at all.

    A date holds to the end of that day. Raises Refusal `kb.usage`, `kb.long_question`, `kb.long_answer`,
    `kb.part`, `kb.date`, `kb.past`, or `common.personal_note` where a phone number is in it.
    """
    question, answer, *more = [*BAR.split(checked_note(text.strip())), "", ""]
    question = " ".join(question.split())
    if not question or not answer:
        raise Refusal("kb.usage")
    _check_lengths(question, answer)
    fields: dict[str, object] = {}
    for part in filter(None, more):
        fields |= _part(part, now, zone)
    return Typed.model_validate({"question": question, "answer": answer, **fields})


def read_new_answer(text: str, question: str, answer: str, now: datetime, zone: ZoneInfo) -> Typed:
    """What a manager writes in place of an entry's `answer`: a new one, `新答案 到 12-31` with a date, or `到 12-31` or
    `又叫 a、b` alone, which leave the answer as it is.

    Raises Refusal as `read_entry` does, also for a date that is over.
    """
    said = text.strip()
    words = "|".join(map(re.escape, sorted(rules().until, key=len, reverse=True)))
    dated = re.fullmatch(
        rf"(.*?)(?:^|[\s,，;；。])\s*((?:{words})\s*{DATE.pattern})", said, re.DOTALL | re.IGNORECASE
    )
    if dated:
        said, parts = dated[1].strip(), [dated[2]]
    elif _begins(said, rules().alias):
        said, parts = "", [said]
    else:
        parts = []
    return read_entry(" | ".join([question, said or answer, *parts]), now, zone)


def _check_lengths(question: str, answer: str) -> None:
    if len(question) > rules().longest_question:
        raise Refusal("kb.long_question", most=rules().longest_question)
    if len(answer) > rules().longest_answer:
        raise Refusal("kb.long_answer", most=rules().longest_answer)


def _part(part: str, now: datetime, zone: ZoneInfo) -> dict[str, object]:
    known = rules()
    if word := _begins(part, known.alias):
        names = [name.strip() for name in LISTED.split(part.removeprefix(word)) if name.strip()]
        return {"aliases": tuple(name[: known.longest_question] for name in names[: known.most_aliases])}
    if word := _begins(part, known.until):
        return {"valid_until": _until(part.removeprefix(word).strip(), now, zone)}
    if word := _begins(part, known.product):
        return {"product": part.removeprefix(word).strip()}
    if NUMBER.fullmatch(part):
        return {"product": part}
    raise Refusal("kb.part", text=part[:20])


def _begins(part: str, words: tuple[str, ...]) -> str:
    return next((word for word in sorted(words, key=len, reverse=True) if part.startswith(word)), "")


def _until(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The end of the day `12-31`, of next year where it is long past, or `2026-12-31`.

    A day of the last months is refused as a slip: nobody keeps an answer for nearly a year by writing yesterday.
    """
    found = DATE.fullmatch(text)
    here = now.astimezone(zone).date()
    try:
        if found is None:
            raise ValueError(text)
        day = date(int(found[1] or here.year), int(found[2]), int(found[3]))
        if not found[1] and day < here - LONG_PAST:
            day = day.replace(year=here.year + 1)
    except ValueError:
        raise Refusal("kb.date", text=text[:20]) from None
    if day < here:
        raise Refusal("kb.past", text=text[:20])
    return datetime.combine(day + timedelta(days=1), time(), zone)


def read_faq(said: str) -> tuple[str, str]:
    """(question, answer) of a line of the run sheet's FAQ: `能机洗吗？可以`, `问：能机洗吗 答：可以`.

    What cannot be parted is both.
    """
    bare = ASKS.sub("", said.strip())
    for parting in PARTINGS:
        question, *rest = parting.split(bare, maxsplit=1)
        if rest and question.strip() and rest[0].strip():
            return question.strip(), rest[0].strip()
    return bare, bare


def read_handbook(text: str) -> list[Typed]:
    """A pasted handbook: each `# heading` with the paragraphs under it, long ones in several entries, numbered.

    Raises Refusal `kb.handbook_usage` where there is no heading or nothing under one, and `common.personal_note`.
    """
    chapters: list[tuple[str, list[str]]] = []
    for line in checked_note(text.strip()).splitlines():
        heading = HEADING.fullmatch(line.strip())
        if heading:
            chapters.append((heading[1].strip()[: rules().longest_question - 3], []))
        elif chapters:
            chapters[-1][1].append(line)
        elif line.strip():
            raise Refusal("kb.handbook_usage")
    found = [entry for heading, lines in chapters for entry in _chapter(heading, "\n".join(lines))]
    if not found or len(found) > HEADINGS_A_HANDBOOK:
        raise Refusal("kb.handbook_usage")
    return found


def _chapter(heading: str, text: str) -> list[Typed]:
    """A chapter in entries no longer than an answer may be, parted between paragraphs where that suffices."""
    longest = rules().longest_answer
    answers = [""]
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        for piece in (paragraph[at : at + longest] for at in range(0, len(paragraph), longest)):
            if len(answers[-1]) + len(piece) + 2 > longest:
                answers.append("")
            answers[-1] = f"{answers[-1]}\n\n{piece}".strip()
    return [
        Typed(question=heading if n == 1 else f"{heading} {n}", answer=answer)
        for n, answer in enumerate(answers, 1)
        if answer
    ]
