"""How right addresses are read, counted over the labelled ones of `tests/data/addresses`.

Three levels are right when each level that is labelled is; renamed and merged divisions may be said by the name of then
or of today, a municipality with or without 市. A false alarm is a certain mention of another place in the text of an
order whose fields are the labels.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from playbooks.addresses import divisions, history
from playbooks.addresses.divisions import Division
from playbooks.addresses.parse import parse
from playbooks.addresses.scan import Mention, scan

DATA = Path(__file__).parents[1] / "data" / "addresses"
LEVELS = ("province", "city", "district")
SPLICES = (
    "麻烦改地址：{}",
    "寄到{}",
    "不寄原来的了，{}，谢谢",
    "这单送给朋友，地址是{}",
    "{} 请发这里",
)
Case = dict[str, Any]
Places = tuple[str, str, str]


def cases(name: str) -> list[Case]:
    """The labelled addresses of a set: express, hard or wuhan2020."""
    lines = (DATA / f"address_{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def said(text: str) -> Places:
    found = parse(text)
    return found.province, found.city, found.district


def right(found: Places, case: Case, *, today: bool = True) -> bool:
    """Whether every level labelled is right; without `today` only by the very name of the label."""
    return all(
        level not in case or _same(case[level], name, today=today)
        for level, name in zip(LEVELS, found, strict=True)
    )


def _same(label: str, name: str, *, today: bool) -> bool:
    if name == label or (label and name == f"{label}市"):
        return True
    return today and name in {unit.name for unit in history.formerly(label)}


def wrong(rows: list[Case], how: Callable[[str], Places] = said, *, today: bool = True) -> list[Case]:
    return [case for case in rows if not right(how(case["text"]), case, today=today)]


def fields(case: Case) -> Division | None:
    """The innermost division the labels name."""
    province = divisions.province(case.get("province", ""))
    city = divisions.city(case.get("city", ""), province) if province else None
    outer = city or province
    return divisions.district(case.get("district", ""), outer) or outer if outer else None


def elsewhere(mention: Mention, place: Division) -> bool:
    """Whether it says for certain another place: neither in `place` nor around it, today or since 1990."""
    if not mention.sure:
        return False
    inner = mention.sure[-1]
    return not (history.lies_or_lay_in(inner, place) or history.lies_or_lay_in(place, inner))


def accused(text: str, place: Division) -> list[str]:
    """What of the text is held against an order to `place`."""
    return [text[one.start : one.end] for one in scan(text) if elsewhere(one, place)]


def consistent() -> Iterator[tuple[Case, str, Division]]:
    """(case, text, place) of every order made of a labelled address: fields = labels, text = the rest."""
    for name in ("express", "wuhan2020"):
        for case in cases(name):
            place = fields(case)
            if place is not None:
                yield case, case.get("detail", case["text"]), place


def spliced(seed: int = 20261122, times: int = 3) -> Iterator[tuple[str, Division]]:
    """(message, place) of orders whose buyer names an address of another city, in full or by short names."""
    random, rows = Random(seed), [case for case in cases("express") if case.get("city")]
    for case in rows * times:
        other = random.choice(rows)
        place = fields({level: case[level] for level in ("province", "city")})
        if place is not None and other["city"] != case["city"]:
            yield random.choice(SPLICES).format(written(other, random)), place


def written(case: Case, random: Random) -> str:
    """An address as people write one: as labelled, without its province, or with short names."""
    inner = f"{case.get('district', '')}{case['detail']}"
    short = divisions.stem(case["province"]) + divisions.stem(case["city"])
    return random.choice((case["text"], case["city"] + inner, short + inner))
