"""What is typed a little wrong is answered with a sentence that says what to type instead; nothing is done or lost."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening

SHEET = "商品名称,直播价,库存\n丝绒口红,69,200\n纯棉卫衣,129,50\n玫瑰精华水,79,500\n"
ORDER = "6917926768823643751"


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


async def said(shift: Shift, who: int, words: str) -> str:
    """What `who` is answered in private."""
    return "\n".join(await shift.asks(who, words))


async def test_handing_on_without_a_number_says_how_to_name_the_question(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "不知道要转交哪个提问" in await said(shift, OPS, "/swap")
        assert "今晚没有提问 99" in await said(shift, OPS, "/swap 99")


async def test_a_number_no_question_has_is_named_and_nothing_is_answered(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        assert "今晚没有提问 99" in await said(shift, OPS, "/reply 99 可以")
        assert "今晚没有提问 99" in await said(shift, OPS, "/reply 99")
        assert "有回答了" not in shift.read(MEI)


async def test_a_reply_to_the_list_answers_the_question_whose_number_it_begins_with(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        await shift.asks(QIANG, "/ask 1 会掉色吗")
        await shift.asks(OPS, "/asks")
        listed = shift.here.core.said(OPS)[-1]
        await shift.here.says(OPS, OPS, "可以", reply_to=listed.message_id)
        assert "不知道您答的是哪一个" in shift.here.core.said(OPS)[-1].text
        assert "有回答了" not in shift.read(MEI) + shift.read(QIANG)
        await shift.here.says(OPS, OPS, "2 不会", reply_to=listed.message_id)
        assert "不会" in shift.read(QIANG)
        assert "有回答了" in shift.read(QIANG)


async def test_a_page_of_the_knowledge_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/kb 添加 几点下班 | 22点")
        assert "没有第 2 页，一共 1 页" in await said(shift, BOSS, "/kb 2")
        assert "几点下班" in await said(shift, BOSS, "/kb 1")


async def test_removing_knowledge_by_words_shows_the_one_meant_or_says_how(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/kb 添加 几点下班 | 22点")
        await shift.asks(BOSS, "/kb 添加 几点上班 | 9点")
        assert "要删除，请发 /kb，点开那一条" in await said(shift, BOSS, "知识库 删除 1")
        assert "有「几点」的条目有 2 条" in await said(shift, BOSS, "知识库 删除 几点")
        await shift.asks(BOSS, "知识库 删除 下班")
        await shift.press(BOSS, "删除")
        assert "几点下班" not in await said(shift, BOSS, "/kb")
        assert "几点上班" in await said(shift, BOSS, "/kb")


async def test_a_start_may_be_planned_for_a_day_and_taken_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert await shift.says(OPS, "/plan 11-13 20:00-23:00") == [
            "计划 11-13 20:00 开播，到 11-13 23:00（小周）"
        ]
        assert "11-13 20:00 开播，到 11-13 23:00" in await said(shift, OPS, "/plan")
        assert await shift.says(OPS, "/plan 明天 19:30") == ["计划 11-12 19:30 开播，到 11-12 22:30（小周）"]
        assert "已经过了" in await said(shift, OPS, "/plan 11-10 20:00")
        assert "/plan 取消" in await said(shift, OPS, "/plan 13-40 20:00")
        assert await shift.says(OPS, "/plan off") == ["计划开播时间已取消（小周）"]
        assert "不用取消" in await said(shift, OPS, "/plan 取消")
        assert "请写几点开播" in await said(shift, OPS, "/plan")


async def test_an_order_number_alone_asks_what_is_wanted_and_each_is_one_press(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "要做什么" in await said(shift, MEI, ORDER)
        await shift.press(MEI, "登记催付")
        assert ORDER in shift.here.core.said(MEI)[-1].text
        await shift.asks(MEI, ORDER)
        await shift.press(MEI, "查这一单")
        assert "催付" in shift.read(MEI)
        await shift.asks(OPS, ORDER)
        assert "登记催付" not in shift.buttons(OPS)  # not theirs to do
        assert "这一步要由" in await said(shift, CHEN, ORDER)


async def test_hints_for_a_newcomer_are_turned_off_by_name(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/newcomer 小美")
        assert "现在开着的：小美" in await said(shift, BOSS, "/newcomer off")
        assert "小美 的新人提示已关闭" in await said(shift, BOSS, "/newcomer 小美 off")
        assert "没有打开" in await said(shift, BOSS, "/newcomer 小美 关闭")
        assert "现在开着的：—" in await said(shift, BOSS, "/newcomer off")
