"""`shiftbot rehearse --play evening`: everybody reads what they must, the review's files come, every time the same."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image

from bot.rehearsal import main
from bot.rehearsal.cast import CAST
from bot.rehearsal.evening import EVENING
from bot.rehearsal.script import Act, presses, step
from bot.rehearsal.show import show
from bot.texts import LANGUAGES, known
from tests.support.rules_fired import silent_rules

READ = {
    "[群]": (
        "小满优选 已绑定本群",
        "今晚排品 12 款",
        "开播 小满优选",
        "正在讲 1号 氨基酸温和洁面乳",
        "直播价 29.90 → 27.90",
        "2 人全部已知悉",
        "赠品 旅行装身体乳30ml → 无",
        "快下播了（计划 22:24，现在不忙）",
        "11号 蒸汽眼罩 已记为断码",
        "不能照发的订单：要拦 29 单",
        "收尾 林主管 · 交下一班 42 单",
        "直播复盘",
        "待跟进",
    ),
    "[私聊 小周]": (
        "第 9 行「直播价」：直播价 129.00 元高于日常价 119.00 元",
        "还没开播。请先发 /live（开播）",
        "请回复新价格",
        "已被 Excel 改成数字",
        "「客服排班表.csv」认不出是什么表",
        "今天的订单导出",
        "虚拟号 2026-11-10 已过期",
        "抖音，数据时间 22:20",
        "09:00 打单前请再发一次订单导出",
        "读到 60 个包裹",
    ),
    "[私聊 小美]": (
        "3号 烟酰胺精华液",
        "订单 6917920181100000317",
        "备注（插紫旗）：11-11 20:24 小美 第1次 答应付款20:48",
        "由 阿强 跟进到",
        "双地址：「江苏省苏州市吴中区木渎镇」",
        "请回复买家的原话",
        "已交下一班",
        "催签收",
        "我手上 ",
    ),
    "[私聊 阿强]": (
        "订单 6917920351100000643",
        "第1次 不付款 嫌价格高或赠品少",
        "换快递",
        "3 单已记为：店铺承担运费",
        "林主管 同意：订单",
    ),
    "[私聊 林主管]": (
        "还在直播，不能收尾。请先发 /off（下播）。",
        "误报：平台上地址正常",
        "今晚要您看的",
        "还有 28 单没有着落，不能收尾",
        "省市区不一致：查出 3，照办 1，误报 1 · 准 50%",
        "具名放行",
        "催回 3 单",
        "[图片 ",
        "review-2026-11-11-v1.xlsx",
    ),
    "[私聊 老陈]": ("拦截清单 28 单", "已拦截", "前发出，现在还没有发货"),
}
"""What somebody must have read in the end, by the place it stands in."""


def said_in(transcript: str, place: str) -> str:
    """Every entry of the transcript in one place, its further lines included."""
    entries = transcript.replace("\n        ", "\r").split("\n")
    return "\n".join(entry.replace("\r", "\n") for entry in entries if place in entry)


async def played(out: Path, lang: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert await main.play("evening", out, lang) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


async def test_the_played_evening_tells_everybody_what_they_must_know_in_the_same_words_every_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    transcript = await played(tmp_path, "zh-CN", capsys)
    for place, sentences in READ.items():
        there = said_in(transcript, place)
        for sentence in sentences:
            assert sentence in there, f"{place}: {sentence}"
    with Image.open(BytesIO((tmp_path / "review.png").read_bytes())) as picture:
        assert picture.format == "PNG"
        assert picture.width == 1080
    workbook = load_workbook(tmp_path / "review.xlsx", read_only=True)
    assert len(workbook.sheetnames) > 1
    workbook.close()
    assert await played_again(tmp_path / "again", capsys) in transcript


async def played_again(data: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The dialogue of the same evening played once more.

    Its orders were recovered, lost and refused, and every rule of the audit found something somebody reads.
    """
    async with show(data, "zh-CN") as here:
        assert await main.dialogue(EVENING, here)
        runner = here.here.bot.runner
        (room,) = (key for key in runner.store.rooms() if runner.room(key))
        chases = list(runner.view(room).chases.scan())
        assert silent_rules(here) == set()
    contacted = [one for one in chases if one.first_contact_at]
    assert {one.state for one in contacted} >= {"paid", "lost"}
    assert any(one.answer == "refused" and one.reason == "price" for one in contacted)
    return capsys.readouterr().out


async def test_an_english_room_is_played_in_english(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    transcript = await played(tmp_path, "en", capsys)
    assert "[group]" in transcript
    assert "Lin: /setup 小满优选 douyin en" in transcript
    assert "[私聊" not in transcript


async def test_a_step_that_cannot_be_played_ends_it_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stuck = Act(key="before", steps=(step("19:20", "live", presses("zhou", "live")),))
    assert await main.play_acts((stuck,), tmp_path, "zh-CN") == 1
    assert "演不下去：现在没有这个按钮：live" in capsys.readouterr().err
    assert not (tmp_path / "review.png").exists()


def test_time_only_goes_on_and_every_step_is_explained_in_both_languages() -> None:
    steps = [one for act in EVENING for one in act.steps]
    assert [one.at for one in steps] == sorted(one.at for one in steps)
    assert {who for one in steps for who in one.who} == {person.key for person in CAST}
    for key in [f"act.{act.key}" for act in EVENING] + [f"note.{one.note}" for one in steps]:
        assert known(f"rehearsal.{key}"), key
    assert set(LANGUAGES) == {"zh-CN", "en"}
