"""The HTTP front: JSON, form and multipart bodies mean the same; wrong tokens, downloads, clean closing."""

from __future__ import annotations

import asyncio
import json
import signal

import httpx
import pytest

from bot.rehearsal.telegram import serve
from tests.rehearsal.telegram_room import AGENT, new_core, until_polling

BODY = {
    "chat_id": AGENT,
    "text": "在吗",
    "reply_markup": {"inline_keyboard": [[{"text": "在", "callback_data": "y"}]]},
}
FORM = {name: value if isinstance(value, str) else json.dumps(value) for name, value in BODY.items()}


@pytest.fixture
def core():
    core = new_core()
    core.start(AGENT)
    return core


@pytest.fixture
async def client(core):
    async with serve(core) as base, httpx.AsyncClient(base_url=base, trust_env=False) as client:
        yield client


@pytest.mark.parametrize(
    "sent", [{"json": BODY}, {"data": FORM}, {"data": FORM, "files": {"unused": b""}}, {"params": FORM}]
)
async def test_every_way_to_write_a_call_means_the_same(core, client, sent):
    answer = (await client.post(f"/bot{core.token}/sendMessage", **sent)).json()
    assert answer["ok"] is True
    [message] = core.said(AGENT)
    assert (message.text, message.buttons[0].data) == ("在吗", "y")
    assert {name: core.calls[-1].params[name] for name in ("text", "reply_markup")} == {
        name: BODY[name] for name in ("text", "reply_markup")
    }


async def test_refusals_carry_their_code_as_the_status(core, client):
    answer = await client.post(f"/bot{core.token}/sendMessage", json={"chat_id": AGENT, "text": ""})
    assert (answer.status_code, answer.json()["description"]) == (400, "Bad Request: message text is empty")
    wrong = await client.post("/bot1:wrong/getMe")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    unknown = await client.get(f"/bot{core.token}/getPigeon")
    assert (unknown.status_code, unknown.json()["description"]) == (404, "Not Found: method not found")
    broken = await client.post(
        f"/bot{core.token}/getMe", content="{", headers={"content-type": "application/json"}
    )
    assert (broken.status_code, broken.json()["ok"]) == (400, False)


async def test_a_file_goes_up_and_comes_down_again(core, client):
    parts = {"document": ("拦截单.csv", "单号\n6917".encode(), "text/csv")}
    sent = (await client.post(f"/bot{core.token}/sendDocument", data={"chat_id": AGENT}, files=parts)).json()
    file_id = sent["result"]["document"]["file_id"]
    path = (await client.get(f"/bot{core.token}/getFile", params={"file_id": file_id})).json()["result"][
        "file_path"
    ]
    assert (await client.get(f"/file/bot{core.token}/{path}")).content.decode() == "单号\n6917"
    assert (await client.get(f"/file/bot1:wrong/{path}")).status_code == 401
    assert (await client.get(f"/file/bot{core.token}/documents/none")).status_code == 404


async def test_a_lost_answer_breaks_the_connection(core, client):
    core.faults.lose(after_effect=True, timed_out=False)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post(f"/bot{core.token}/sendMessage", json=BODY)
    assert [each.text for each in core.said(AGENT)] == ["在吗"]


async def test_closing_ends_a_long_poll_and_leaves_signals_alone():
    core = new_core()
    before = signal.getsignal(signal.SIGINT)
    async with asyncio.timeout(120), httpx.AsyncClient(trust_env=False) as client:
        async with serve(core) as base:
            poll = asyncio.ensure_future(
                client.get(f"{base}/bot{core.token}/getUpdates?timeout=50", timeout=120)
            )
            await until_polling(core)
            assert signal.getsignal(signal.SIGINT) is before
        assert (await poll).json() == {"ok": True, "result": []}
    with pytest.raises(httpx.ConnectError):
        async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
            await client.get("/")
    async with serve(core) as base, httpx.AsyncClient(base_url=base, trust_env=False) as client:
        core.start(AGENT)
        assert len((await client.get(f"/bot{core.token}/getUpdates?timeout=50")).json()["result"]) == 1
