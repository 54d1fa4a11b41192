"""getUpdates: what an offset confirms, what comes again, what a long poll waits for; and faults thrown in."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.telegram import LostConnection
from tests.rehearsal.telegram_room import AGENT, OPS, call, new_core, refusal, until_polling


@pytest.fixture
def core():
    core = new_core()
    core.start(AGENT)
    return core


async def ids(core, **params):
    return [each["update_id"] for each in await call(core, "getUpdates", timeout=0, **params)]


async def test_what_no_offset_confirmed_is_delivered_again(core):
    core.send_text(AGENT, AGENT, "1")
    first, second = await ids(core)
    assert await ids(core) == [first, second]
    assert core.pending_updates() == 2
    assert await ids(core, offset=second) == [second]
    assert await ids(core, offset=second + 1) == []
    assert core.pending_updates() == 0


async def test_a_negative_offset_keeps_only_the_last(core):
    core.send_text(AGENT, AGENT, "1")
    core.send_text(AGENT, AGENT, "2")
    assert len(await ids(core, offset=-1)) == 1
    assert (await call(core, "getWebhookInfo"))["pending_update_count"] == 1


async def test_at_most_the_limit_comes_at_once(core):
    for number in range(150):
        core.send_text(AGENT, AGENT, str(number))
    assert len(await ids(core, limit=3)) == 3
    assert len(await ids(core)) == 100


async def test_a_long_poll_returns_with_the_first_update(core):
    await call(core, "deleteWebhook", drop_pending_updates=True)
    waiting = asyncio.ensure_future(call(core, "getUpdates", timeout=50))
    await until_polling(core)
    core.send_text(AGENT, AGENT, "在")
    async with asyncio.timeout(120):
        [update] = await waiting
    assert update["message"]["text"] == "在"


async def test_a_long_poll_ends_empty_when_its_time_is_up(core):
    await call(core, "deleteWebhook", drop_pending_updates=True)
    assert await call(core, "getUpdates", timeout=1) == []


async def test_a_second_poll_ends_the_first(core):
    await call(core, "deleteWebhook", drop_pending_updates=True)
    first = asyncio.ensure_future(refusal(core, "getUpdates", timeout=50))
    await until_polling(core)
    assert await call(core, "getUpdates", timeout=0) == []
    assert (await first).startswith("Conflict: terminated by other getUpdates request")


async def test_allowed_updates_hold_until_they_are_given_again(core):
    await call(core, "deleteWebhook", drop_pending_updates=True)
    await ids(core, allowed_updates=["callback_query"])
    core.send_text(AGENT, AGENT, "x")
    assert await ids(core) == []
    await ids(core, allowed_updates=[])
    core.send_text(AGENT, AGENT, "y")
    assert len(await ids(core)) == 1


@given(st.lists(st.integers(1, 12), max_size=12))
def test_updates_are_confirmed_in_order_and_none_is_lost(steps):
    core = new_core()
    for number in range(60):
        core.send_text(AGENT, AGENT, str(number))
    heard: list[str] = []

    async def poll_all():
        offset = 0
        for limit in [*steps, *[100] * 2]:
            for each in await call(core, "getUpdates", timeout=0, offset=offset, limit=limit):
                heard.append(each["message"]["text"])
                offset = each["update_id"] + 1

    asyncio.run(poll_all())
    assert heard == [str(number) for number in range(60)]


async def test_a_fault_hits_the_calls_it_was_meant_for_and_no_more(core):
    core.start(OPS)
    core.faults.throttle(3, method="sendMessage", chat=AGENT, times=2)
    core.faults.refuse(
        403, "Forbidden: bot was blocked by the user", when=lambda given: given.text("text") == "b"
    )
    assert await refusal(core, "sendMessage", chat_id=AGENT, text="a") == "Too Many Requests: retry after 3"
    assert (
        await refusal(core, "sendMessage", chat_id=OPS, text="b") == "Forbidden: bot was blocked by the user"
    )
    assert await refusal(core, "sendMessage", chat_id=AGENT, text="b") == "Too Many Requests: retry after 3"
    await call(core, "sendMessage", chat_id=AGENT, text="b")
    core.faults.refuse(500, "Internal Server Error", times=5)
    core.faults.clear()
    await call(core, "sendMessage", chat_id=AGENT, text="c")


@pytest.mark.parametrize("after_effect", [False, True])
async def test_after_a_lost_call_only_the_world_knows_whether_it_happened(core, after_effect):
    core.faults.lose(after_effect=after_effect)
    with pytest.raises(LostConnection):
        await core.handle(core.token, "sendMessage", {"chat_id": AGENT, "text": "x"})
    assert len(core.said(AGENT)) == int(after_effect)
    assert isinstance(core.calls[-1].error, LostConnection)
