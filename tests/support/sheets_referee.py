"""Judges every call to the in-process Google by Google's own discovery document: method, parameters, body, answer."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from bot.rehearsal.sheets import Answer, Google

FILE = Path(__file__).parents[1] / "data" / "sheets" / "sheets.v4.trimmed.json"
KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,), "boolean": (bool,), "integer": (int,), "number": (int, float), "array": (list,),
    "object": (dict,),
}  # fmt: skip


@cache
def document() -> dict[str, Any]:
    """The trimmed document; it names its source."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def refereed(google: Google) -> Google:
    """`google`, whose every call is judged from now on. AssertionError names the method and the field."""
    google.listeners.append(judge)
    return google


def judge(method: str, path: str, body: Any, answer: Answer) -> None:
    """One call and its answer."""
    parts = urlsplit(path)
    name, about = _method(method, unquote(parts.path.lstrip("/")))
    known = {**document()["parameters"], **about["parameters"]}
    for one, values in parse_qs(parts.query).items():
        assert one in known, f"{name}: no parameter {one}"
        for value in values:
            assert value in known[one].get("enum", [value]), f"{name}: {one}={value}"
    if "request" in about:
        fits(body, about["request"], name)
    if answer.status == 200:
        fits(answer.body, about["response"], f"{name} answers")


def _method(method: str, path: str) -> tuple[str, dict[str, Any]]:
    for name, about in document()["methods"].items():
        if about["httpMethod"] == method and re.fullmatch(
            re.sub(r"\{\w+\}", "[^/:]+", about["flatPath"]), path
        ):
            return name, about
    raise AssertionError(f"no method {method} {path}")


def fits(said: Any, schema: dict[str, Any], where: str) -> None:
    """`said` against a schema: no field it does not name, each of its type, enums among theirs."""
    schema = document()["schemas"][schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type", "any")
    if kind == "any":
        return
    assert isinstance(said, KINDS[kind]), f"{where}: {said!r} is no {kind}"
    assert kind == "boolean" or not isinstance(said, bool), f"{where}: {said!r} is no {kind}"
    if "enum" in schema:
        assert said in schema["enum"], f"{where}: {said!r}"
    if kind == "array":
        for at, one in enumerate(said):
            fits(one, schema["items"], f"{where}[{at}]")
    if kind == "object":
        for name, value in said.items():
            known = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            assert known is not None, f"{where}: no field {name}"
            fits(value, known, f"{where}.{name}")
