"""A second opinion on every outgoing call: aiogram's models of the Bot API, strict about unknown fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from aiogram import methods
from aiogram.methods import TelegramMethod
from pydantic import BaseModel, ValidationError

from bot.rehearsal.telegram import Call, TelegramCore

MODELS: dict[str, type[TelegramMethod[Any]]] = {
    name.lower(): model
    for name, model in vars(methods).items()
    if isinstance(model, type) and issubclass(model, TelegramMethod)
}


class Referee:
    """Watches a core from now on; what it finds wrong stands in `objections`, one sentence a call."""

    def __init__(self, core: TelegramCore) -> None:
        self.objections: list[str] = []
        core.listeners.append(self.watch)

    def watch(self, call: Call) -> None:
        """Check one call, refused and lost ones too: the bot meant to make them."""
        self.objections += [f"{call.method}: {why}" for why in objections(call.method, call.params)]

    def verify(self) -> None:
        """Fail the test if anything was wrong."""
        assert not self.objections, "\n".join(self.objections)


@contextmanager
def refereed(core: TelegramCore) -> Iterator[TelegramCore]:
    """Run a block (or, in a fixture, a test) under a referee, and fail at its end if it objects."""
    referee = Referee(core)
    yield core
    referee.verify()


def objections(method: str, params: dict[str, Any]) -> list[str]:
    """What is wrong with a call: an unknown method, a value of the wrong shape, an unknown field anywhere."""
    model = MODELS.get(method.lower())
    if model is None:
        return ["no such method"]
    try:
        parsed = model.model_validate(params)
    except ValidationError as wrong:
        return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in wrong.errors()]
    return [f"{path}: no such field" for path in unknown_fields(parsed, "")]


def unknown_fields(value: object, path: str) -> Iterator[str]:
    """The paths of fields aiogram does not know, in `value` and everything below it."""
    if isinstance(value, BaseModel):
        yield from (f"{path}{name}" for name in value.model_extra or ())
        given = ((name, each) for name, each in value.__dict__.items() if each is not None)
        yield from _below(given, path)
    elif isinstance(value, list | tuple):
        yield from _below(((str(place), each) for place, each in enumerate(value)), path)


def _below(fields: Iterable[tuple[str, object]], path: str) -> Iterator[str]:
    for name, value in fields:
        yield from unknown_fields(value, f"{path}{name}.")
