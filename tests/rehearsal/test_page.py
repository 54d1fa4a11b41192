"""The page: what a person does in the browser reaches the bot, and what the bot says reaches the browser."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.rehearsal.evening import EVENING
from bot.rehearsal.page import OWN, Page
from bot.rehearsal.samples import runsheet_xlsx
from bot.rehearsal.serving import listening
from bot.rehearsal.show import Show, show
from tests.support.browser import Browser, browser, chromium

HOME = "http://127.0.0.1"
Json = dict[str, Any]


class Visitor:
    """Somebody at the page, speaking to it as its script does."""

    def __init__(self, client: httpx.AsyncClient, here: Show) -> None:
        self.client = client
        self.here = here

    async def posts(self, path: str, **body: object) -> httpx.Response:
        return await self.client.post(path, json=body, headers={OWN: "1"})

    async def does(self, does: str, **deed: object) -> Json:
        answer = await self.posts("/act", does=does, **deed)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def sees(self, who: str = "lin", where: str = "group") -> Json:
        answer = await self.client.get("/view", params={"who": who, "where": where})
        assert answer.status_code == 200
        return dict(answer.json())

    async def reads(self, who: str = "lin", where: str = "group") -> str:
        return "\n".join(message["text"] for message in (await self.sees(who, where))["chat"]["messages"])

    async def plays(self, note: str) -> None:
        """The script up to and with the step of that note."""
        notes = [step.note for act in EVENING for step in act.steps]
        answer = await self.posts("/script", until=notes.index(note))
        assert answer.status_code == 200, answer.text


@asynccontextmanager
async def visiting(data: Path, lang: str = "zh-CN", base: str = HOME) -> AsyncIterator[Visitor]:
    async with show(data, lang) as here:
        transport = httpx.ASGITransport(Page(here, EVENING, str(data)).app())
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            yield Visitor(client, here)


# -- deeds ------------------------------------------------------------------------------------------


async def test_what_is_written_on_the_page_stands_in_the_chat_with_the_bots_answer(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        await visitor.does("says", who="lin", where="group", text="/setup 小满优选 抖音")
        view = await visitor.sees()
        mine = next(message for message in view["chat"]["messages"] if message["mine"] and message["text"])
        assert (mine["text"], mine["sender"], mine["time"]) == ("/setup 小满优选 抖音", "林主管", "19:20")
        assert "小满优选 已绑定本群" in await visitor.reads()
        assert "还没有场次" in view["chat"]["pinned"]["text"]


async def test_markup_comes_as_entities_so_nothing_anybody_writes_becomes_html(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        await visitor.does("says", who="mei", where="group", text="<b onclick=x>你好</b>")
        last = (await visitor.sees())["chat"]["messages"][-1]
        assert last["text"] == "<b onclick=x>你好</b>"
        assert last["entities"] == []


async def test_a_button_is_pressed_and_its_toast_comes_back(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        await visitor.plays("price_changed")
        card = next(m for m in reversed((await visitor.sees("mei"))["chat"]["messages"]) if m["rows"])
        words = card["rows"][0][0]["data"].partition(":")[2]
        answer = await visitor.does("presses", who="mei", where="group", words=words, message=card["id"])
        assert answer["toast"] == "已记下：您已知悉。"
        assert not answer["alert"]


async def test_a_lookup_by_button_is_an_alert(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        await visitor.plays("on_air")
        answer = await visitor.does("presses", who="mei", where="group", words="promo 1")
        assert answer["alert"]
        assert "¥29.90" in answer["toast"]


async def test_a_file_that_lies_ready_and_ones_own_are_both_read(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        await visitor.plays("sign_in")
        await visitor.does("sends", who="zhou", where="private", sample="runsheet")
        assert "第 9 行「直播价」" in await visitor.reads("zhou", "private")
        asked = {"who": "zhou", "where": "private", "name": "我的排品.xlsx"}
        content = runsheet_xlsx(corrected=True)
        answer = await visitor.client.post("/upload", params=asked, content=content, headers={OWN: "1"})
        assert answer.status_code == 200
        assert "我的排品.xlsx 读到 12 款" in await visitor.reads("zhou", "private")
        sent = [m for m in (await visitor.sees("zhou", "private"))["chat"]["messages"] if m["document"]][-1]
        file = await visitor.client.get(sent["document"]["url"])
        assert file.content == content
        assert file.headers["content-disposition"].startswith("attachment")


async def test_what_no_client_offers_is_said_and_changes_nothing(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        before = (await visitor.sees())["version"]
        answer = await visitor.posts("/act", does="presses", who="mei", where="group", words="known *")
        assert answer.status_code == 409
        assert "没有这个按钮" in answer.json()["error"]
        assert (await visitor.posts("/act", does="flies", who="mei")).status_code == 400
        assert (await visitor.posts("/act", does="says", who="mei", text=" ")).status_code == 409
        assert (await visitor.sees())["version"] == before


# -- script, clock, troubles ------------------------------------------------------------------------


async def test_the_script_is_played_step_by_step_and_can_be_left(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        await visitor.posts("/script")
        assert (await visitor.sees())["position"] == 1
        assert "小满优选 已绑定本群" in await visitor.reads()
        await visitor.posts("/script", skip=True)
        assert (await visitor.sees())["position"] == 2
        assert "到了" not in await visitor.reads()


async def test_the_clock_is_wound_on_and_never_back(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        await visitor.does("winds", minutes=15)
        assert (await visitor.sees())["now"] == "2026-11-11T19:35:00+08:00"
        await visitor.does("winds", to="2026-11-11T21:00:00+08:00")
        assert (await visitor.sees())["now"] == "2026-11-11T21:00:00+08:00"
        back = await visitor.posts("/act", does="winds", to="2026-11-11T20:00:00+08:00")
        assert back.json()["error"] == "演练时钟只能往后拨。"


async def test_winding_to_what_is_due_brings_the_promise_back(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        await visitor.plays("remark")
        while (await visitor.sees())["now"] < "2026-11-11T20:47":  # what was changed on air is due before it
            await visitor.does("winds")
        assert (await visitor.sees())["now"] == "2026-11-11T20:48:00+08:00"
        assert "约定的 20:48 到了" in await visitor.reads("mei", "private")


async def test_a_throttled_group_waits_ten_seconds_while_private_chats_go_on(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        await visitor.plays("on_air")
        await visitor.posts("/trouble", kind="throttled")
        await visitor.does("says", who="zhou", where="group", text="/on 2")
        await visitor.does("says", who="mei", where="private", text="3")
        assert "正在讲 2号 玻尿酸保湿面膜\n直播价" not in await visitor.reads()
        assert "3号 烟酰胺精华液" in await visitor.reads("mei", "private")
        view = await visitor.sees()
        assert view["troubles"]["active"] == ["throttled"]
        assert view["troubles"]["hits"][0]["chat"] == "小满优选 服务群"
        await visitor.does("winds")
        assert (await visitor.sees())["now"] == "2026-11-11T20:00:10+08:00"
        assert (await visitor.sees())["troubles"]["active"] == []
        await visitor.does("winds", minutes=1)
        assert "正在讲 2号" in await visitor.reads()


@pytest.mark.parametrize(("kind", "copies"), [("slow", 2), ("lost", 1)])
async def test_a_message_that_ran_into_trouble_arrives_in_the_end(
    tmp_path: Path, kind: str, copies: int
) -> None:
    async with visiting(tmp_path) as visitor:
        await visitor.plays("on_air")
        await visitor.posts("/trouble", kind=kind)
        await visitor.does("says", who="zhou", where="group", text="/on 2")
        await visitor.does("winds", minutes=1)
        view = await visitor.sees()
        cards = [m["text"] for m in view["chat"]["messages"] if m["id"] != view["chat"]["pinned"]["id"]]
        arrived = [text for text in cards if "正在讲 2号 玻尿酸保湿面膜" in text]
        assert len(arrived) == copies
        assert view["troubles"]["hits"][0]["kind"] == kind
        if kind == "slow":
            assert arrived[-1].startswith("（重发）")


async def test_the_browser_hears_of_every_change(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        page = Page(visitor.here, EVENING, str(tmp_path))
        heard = page.versions()
        first = await anext(heard)
        await visitor.does("says", who="mei", where="group", text="到了")
        assert int((await anext(heard)).removeprefix("data: ")) > int(first.removeprefix("data: "))
        page.closing.set()
        rest = [told async for told in heard]
        assert len(rest) <= 1


# -- who is served ----------------------------------------------------------------------------------


async def test_only_a_browser_on_this_machine_is_served(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        for host, status in (
            ("shop.example", 400),
            ("127.0.0.1.shop.example", 400),
            ("localhost:8080", 200),
            ("127.0.0.1:80", 200),
        ):
            answer = await visitor.client.get("/view?who=lin", headers={"host": host})
            assert answer.status_code == status, host


async def test_only_the_page_itself_may_act(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        deed = {"does": "says", "who": "lin", "where": "group", "text": "你好"}
        foreign: tuple[dict[str, str], ...] = ({}, {OWN: "1", "origin": "http://shop.example"})
        for headers in foreign:
            answer = await visitor.client.post("/act", json=deed, headers=headers)
            assert answer.status_code == 403
        assert "你好" not in await visitor.reads()
        own = {OWN: "1", "origin": HOME}
        assert (await visitor.client.post("/act", json=deed, headers=own)).status_code == 200


async def test_the_page_needs_nothing_from_outside(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        for path in ("/", "/page.js", "/messages.js", "/table.js", "/page.css", "/table.css"):
            answer = await visitor.client.get(path)
            assert answer.status_code == 200
            outside = answer.text.replace("http://www.w3.org/2000/svg", "")
            assert "//" not in outside.replace("// ", "").replace("https?:\\/\\/", ""), path
            assert "default-src 'self'" in answer.headers["content-security-policy"]
        font = await visitor.client.get("/font.otf")
        assert font.content.startswith(b"OTTO")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_every_text_the_page_asks_for_is_there(tmp_path: Path, lang: str) -> None:
    async with visiting(tmp_path, lang) as visitor:
        texts = (await visitor.client.get("/setting")).json()["texts"]
        parts = [await visitor.client.get(path) for path in ("/page.js", "/messages.js", "/table.js")]
        script = "".join(part.text for part in parts)
        page = (await visitor.client.get("/")).text
        asked = set(re.findall(r'\bt\("([a-z_]+)"', script)) | set(re.findall(r'data-text="([a-z_]+)"', page))
        assert asked
        assert not asked - texts.keys()


# -- in a real browser ------------------------------------------------------------------------------


@contextmanager
def a_browser(profile: Path) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        assert os.environ.get("REQUIRE_BROWSER") != "1", "REQUIRE_BROWSER=1, but no Chromium is installed"
        pytest.skip("NOT TESTED: the page in a real browser, because no Chromium is installed")
    with browser(path, profile) as one:
        yield one
    shutil.rmtree(profile, ignore_errors=True)


FITS = "document.documentElement.scrollWidth <= window.innerWidth"
NEXT = """(async () => {
  document.getElementById("next").click();
  const done = () => document.getElementById("count").textContent.startsWith("%d/");
  while (!done()) await new Promise((later) => setTimeout(later, 20));
})()"""

PLAYED = (
    "fetch('/script', {method: 'POST', headers: {'x-rehearsal': '1'}, body: '%s'}).then((one) => one.text())"
)


async def test_a_real_browser_shows_the_chat_and_plays_the_script(tmp_path: Path) -> None:
    async with visiting(tmp_path / "data") as visitor:
        page = Page(visitor.here, EVENING, str(tmp_path))
        async with listening(page) as address:
            await asyncio.to_thread(look_around, address, tmp_path)


def look_around(address: str, out: Path) -> None:
    with a_browser(out / "profile") as one:
        one.size(1280, 800)
        one.open(address)
        one.ask(NEXT % 1)
        text = one.ask("document.body.innerText")
        for sentence in ("shiftbot", "林主管", "小满优选 服务群", "已绑定本群", "演练时钟", "11月11日 19:20"):
            assert sentence in text, sentence
        assert one.ask(FITS)
        one.ask(PLAYED % until("known_looked_up"))
        one.size(390, 844)
        one.open(f"{address}/?phone#who=zhou&where=private")
        assert one.ask(FITS)
        assert "下一个：2号" in one.ask("document.getElementById('messages').innerText")
        assert one.picture(out / "phone.png").startswith(b"\x89PNG")


def until(note: str) -> str:
    notes = [step.note for act in EVENING for step in act.steps]
    return json.dumps({"until": notes.index(note)})
