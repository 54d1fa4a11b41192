"""The referee objects to what the Bot API does not know, and only to that."""

from __future__ import annotations

import pytest

from tests.rehearsal.telegram_room import AGENT, call, new_core
from tests.support.referee import Referee, objections, refereed

BUTTON = {"text": "x", "callback_data": "y"}


@pytest.mark.parametrize(
    ("method", "params", "about"),
    [
        ("sendMessage", {"chat_id": "1", "text": "x", "colour": "red"}, "colour: no such field"),
        ("sendMessage", {"chat_id": "1"}, "text: Field required"),
        ("sendMessage", {"chat_id": "1", "text": "x",
                         "reply_markup": {"inline_keyboard": [[{**BUTTON, "colour": "red"}]]}},
         "reply_markup.inline_keyboard.0.0.colour: no such field"),
        ("getUpdates", {"patience": 3}, "patience: no such field"),
        ("setMyCommands", {"commands": [{"command": "x"}]}, "commands.0.description: Field required"),
        ("sendPigeon", {}, "no such method"),
    ],
)  # fmt: skip
def test_unknown_methods_fields_and_missing_ones_are_named(method, params, about):
    assert objections(method, params) == [about]


def test_a_proper_call_meets_no_objection():
    params = {"chat_id": "1", "text": "x", "parse_mode": "HTML", "message_thread_id": "3"}
    params |= {"reply_markup": {"inline_keyboard": [[BUTTON]]}, "reply_parameters": {"message_id": 3}}
    assert objections("SENDMESSAGE", params) == []


async def test_a_test_under_the_referee_fails_at_its_end():
    core = new_core()
    core.start(AGENT)
    with pytest.raises(AssertionError, match="sendMessage: mood: no such field"), refereed(core):
        await call(core, "sendMessage", chat_id=AGENT, text="x", mood="good")


async def test_refused_calls_are_refereed_too():
    core = new_core()
    referee = Referee(core)
    await core.handle(core.token, "sendMessage", {"chat_id": "1"})
    assert referee.objections == ["sendMessage: text: Field required"]
