"""The spreadsheet on the rehearsal page: what a person does in it reaches the bot, and what the bot writes is seen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal.evening import EVENING
from bot.rehearsal.page import Page
from bot.rehearsal.serving import listening
from tests.rehearsal.test_page import FITS, PLAYED, Visitor, a_browser, until, visiting

PENDING = "待付款 小满优选"
SHEET = "排品 小满优选"


async def table(visitor: Visitor, tab: str = "") -> dict[str, Any]:
    answer = await visitor.client.get("/table", params={"tab": tab})
    assert answer.status_code == 200
    return dict(answer.json())


async def rows(visitor: Visitor, tab: str = "") -> list[list[str]]:
    return [[cell["text"] for cell in row] for row in (await table(visitor, tab))["grid"]["rows"]]


async def works(visitor: Visitor, **deed: object) -> None:
    answer = await visitor.posts("/table", **deed)
    assert answer.status_code == 200, answer.text


async def bind(visitor: Visitor, *, note: str = "sign_in") -> None:
    await visitor.plays(note)
    await works(visitor, does="shares", role="writer")
    await visitor.does("says", who="lin", where="private", text=f"/gsheet {(await table(visitor))['url']}")
    for _ in range(3):
        await works(visitor, does="waits")


async def test_the_bot_hears_nothing_of_a_spreadsheet_that_is_not_shared(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        await visitor.plays("sign_in")
        before = await table(visitor)
        assert before["shared"] == ""
        assert before["tabs"] == [SHEET]
        await visitor.does("says", who="lin", where="private", text=f"/gsheet {before['url']}")
        await works(visitor, does="waits")
        assert before["address"] in (await visitor.reads("lin", "private")).split("打不开表格")[1]
        assert (await table(visitor))["tabs"] == [SHEET]


async def test_a_wrong_price_is_said_beside_its_row_until_a_person_cures_it(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        await bind(visitor)
        head, *body = await rows(visitor, SHEET)
        wrong = next(at for at, row in enumerate(body, 1) if row[head.index("链接号")] == "7")
        problem, price = head.index("提示"), head.index("直播价")
        assert body[wrong - 1][problem]
        cells = (await table(visitor, SHEET))["grid"]["rows"][wrong]
        assert cells[0]["tinted"]
        await works(visitor, does="types", tab=SHEET, row=wrong, column=price, text="99")
        await works(visitor, does="waits")
        await works(visitor, does="waits")
        assert not "".join((await rows(visitor, SHEET))[wrong][problem:])
        assert "清透防晒乳" in await visitor.reads("lin", "private")


async def test_an_agents_word_typed_in_the_table_reaches_the_order(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        await bind(visitor, note="first_export")
        head, first, *_ = await rows(visitor, PENDING)
        grid = (await table(visitor, PENDING))["grid"]
        state = head.index("状态")
        assert "答应付款" in grid["choices"][str(state)]
        assert state not in grid["ours"]
        assert head.index("金额") in grid["ours"]
        await works(visitor, does="types", tab=PENDING, row=1, column=head.index("备注"), text="晚上九点再付")
        await works(visitor, does="waits")
        books = visitor.here.here.bot.runner.view("a1")
        assert [one.note for one in books.chases.scan() if one.order_id == first[0]] == ["晚上九点再付"]


async def test_while_google_is_out_of_reach_work_goes_on_and_what_was_missed_is_caught_up(
    tmp_path: Path,
) -> None:
    async with visiting(tmp_path) as visitor:
        await bind(visitor)
        await works(visitor, does="fails", on=True)
        assert (await table(visitor))["failing"]
        await visitor.does("says", who="lin", where="private", text="催 6917926768823643751 3号")
        for _ in range(6):
            await works(visitor, does="waits")
        said = await visitor.reads("lin", "private")
        assert said.count("连不上 Google 表格") == 1
        assert not [row for row in await rows(visitor, PENDING) if "6917926768823643751" in row]
        await works(visitor, does="fails", on=False)
        for _ in range(4):
            await works(visitor, does="waits")
        assert "表格恢复同步了" in await visitor.reads("lin", "private")
        assert (await rows(visitor, PENDING))[1][0] == "6917926768823643751"


async def test_rows_are_sorted_inserted_and_deleted_as_people_do(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        names = [row[6] for row in (await rows(visitor))[1:13]]
        await works(visitor, does="sorts", tab=SHEET, column=6)
        assert [row[6] for row in (await rows(visitor))[1:13]] == sorted(names)
        assert (await rows(visitor))[0][0] == "序号"
        await works(visitor, does="inserts", tab=SHEET, row=1)
        assert not "".join((await rows(visitor))[1])
        await works(visitor, does="deletes", tab=SHEET, row=1)
        assert (await rows(visitor))[1][6] == sorted(names)[0]


@pytest.mark.parametrize(
    "deed",
    [
        {"does": "types", "tab": SHEET, "row": -1, "column": 0, "text": "x"},
        {"does": "types", "tab": SHEET, "row": 0, "column": 10**9, "text": "x"},
        {"does": "burns", "tab": SHEET},
        {"does": "shares", "role": "owner"},
    ],
)
async def test_what_nobody_could_do_in_a_spreadsheet_is_refused(tmp_path: Path, deed: dict[str, Any]) -> None:
    async with visiting(tmp_path) as visitor:
        assert (await visitor.posts("/table", **deed)).status_code == 400


async def test_a_tab_that_is_gone_is_said_and_another_shown(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        answer = await visitor.posts("/table", does="deletes", tab="没有", row=0)
        assert answer.status_code == 409
        assert "没有" in answer.json()["error"]
        assert (await table(visitor, "没有"))["tab"] == SHEET


async def test_only_the_page_itself_may_work_in_the_table(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        answer = await visitor.client.post("/table", json={"does": "shares", "role": "writer"})
        assert answer.status_code == 403
        assert (await table(visitor))["shared"] == ""


# -- in a real browser ------------------------------------------------------------------------------


async def test_a_real_browser_edits_the_table_beside_the_chat(tmp_path: Path) -> None:
    async with visiting(tmp_path / "data") as visitor:
        page = Page(visitor.here, EVENING, str(tmp_path))
        async with listening(page) as address:
            await asyncio.to_thread(edit, address, tmp_path)
        assert (await rows(visitor))[1][6] == "换了名字的洁面乳"


TYPE = """(async () => {
  document.querySelector('td[data-at="1:6"]').click();
  const field = document.querySelector("td input");
  field.value = "换了名字的洁面乳";
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  const done = () => document.querySelector('td[data-at="1:6"]')?.textContent === "换了名字的洁面乳";
  while (!done()) await new Promise((later) => setTimeout(later, 20));
  return document.querySelector(".chosen").dataset.at;
})()"""
DRAWN = """(async () => {
  while (!document.querySelector('td[data-at="1:6"]')) await new Promise((later) => setTimeout(later, 20));
})()"""


def edit(address: str, out: Path) -> None:
    with a_browser(out / "profile") as one:
        one.size(1280, 800)
        one.open(f"{address}/#table")
        one.ask(PLAYED % until("sign_in"))
        one.ask(DRAWN)
        assert one.ask(FITS)
        assert "小满优选 服务群" in one.ask("document.body.innerText")
        assert one.ask(TYPE) == "2:6"
        one.size(390, 844)
        one.open(f"{address}/?phone#table&panel")
        one.ask(DRAWN)
        assert one.ask(FITS)
