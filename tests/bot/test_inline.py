"""`@bot 词` in any chat: what may be told a buyer, for those with a role, of their room alone, ready to send."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.rehearsal.telegram import Article, TelegramCore
from tests.support.evening import BOSS, CHEN, MEI, OPS, START, Shift, evening

SHEET = """商品名称,直播价,库存,限购,优惠机制,赠品,规格,发货时间,售后,常见问题
玫瑰精华水,79,500,2,拍1发3,小样,150ml,48,支持退换,敏感肌可以用吗？可以先在耳后试用
丝绒口红,69,200,,,,豆沙色,24,,
"""
STRANGER = 900


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


async def offered(shift: Shift, who: int, words: str) -> tuple[Article, ...]:
    """What `who` is shown for `@bot words`."""
    query = shift.here.core.query_inline(who, words)
    await shift.here.settle()
    assert query.results is not None
    assert query.personal  # another person's roles, or room, may differ
    assert query.cache_seconds <= 10  # a price may change at any moment
    return query.results


async def test_words_find_what_q_finds_with_the_room_in_the_list_and_not_in_the_text(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        for words in ("敏感肌", "mingan", "敏感机"):
            first = (await offered(shift, MEI, words))[0]
            assert "可以先在耳后试用" in first.text, words
            assert "1号 玫瑰精华水" in first.title
            assert first.description.startswith("〔小满优选〕")
            assert "小满优选" not in first.text
        assert any("付款后24小时内发货" in one.text for one in await offered(shift, CHEN, "口红发货"))


async def test_a_number_or_nothing_gives_a_product_s_replies_with_the_price_in_force(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert await offered(shift, MEI, "") == ()  # nothing is on air yet
        assert await offered(shift, MEI, "9") == ()
        await shift.says(OPS, "/on 2")
        assert all("2号 丝绒口红" in one.title for one in await offered(shift, MEI, ""))
        assert any("69元" in one.text for one in await offered(shift, MEI, "2号"))
        await shift.says(OPS, "改价 2 59")
        texts = [one.text for one in await offered(shift, MEI, "2")]
        assert any("59元" in text for text in texts)
        assert not any("69元" in text for text in texts)


async def test_whoever_has_no_role_is_shown_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        shift.here.core.add_user(STRANGER, "路人")
        for words in ("", "1", "敏感肌", "航天飞机"):
            assert await offered(shift, STRANGER, words) == ()
        await shift.here.starts(STRANGER)  # known to the bot, but of no room
        assert await offered(shift, STRANGER, "敏感肌") == ()


async def test_each_room_s_people_are_shown_their_room_only(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        other = shift.here.core.create_group(
            "别家 服务群", [BOSS, STRANGER := shift.here.core.add_user(901, "小何")]
        )
        await shift.here.says(BOSS, other, "/setup 别家店 抖音")
        shift.here.core.send_text(STRANGER, other, "到了")
        await shift.here.settle()
        message = [m for m in shift.here.chat(other) if m.sender_id == STRANGER][-1]
        await shift.here.says(BOSS, other, "/role 客服", reply_to=message.message_id)
        await shift.here.says(BOSS, other, "/kb 添加 敏感肌能用吗 | 别家的答案")
        theirs = await offered(shift, STRANGER, "敏感肌")
        assert [one.text for one in theirs] == ["别家的答案"]
        assert theirs[0].description.startswith("〔别家店〕")
        assert "别家" not in "".join(one.text for one in await offered(shift, MEI, "敏感肌"))
        # The manager of both is shown the one they last worked in.
        assert {one.text for one in await offered(shift, BOSS, "敏感肌")} == {"别家的答案"}
        await shift.says(BOSS, "/now")
        assert "别家" not in "".join(one.text for one in await offered(shift, BOSS, "敏感肌"))


async def test_where_nothing_is_found_there_are_words_to_hold_on_with(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        (only,) = await offered(shift, MEI, "航天飞机")
        assert only.title == "请稍等"
        assert "请稍等" in only.text
        assert "航天飞机" not in only.text


async def test_a_long_answer_is_whole_and_hits_beyond_a_list_s_length_stay_away(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        long = "先用温水洗净，再取适量涂抹，轻轻按摩到吸收为止。" * 20
        await shift.asks(BOSS, f"/kb 添加 怎么用 | {long}")
        first = (await offered(shift, MEI, "怎么用"))[0]
        assert first.text.replace("\n", "") == long
        assert len(first.description) < 150
        for number in range(60):
            await shift.asks(BOSS, f"/kb 添加 尺码问题{number} | 尺码答案{number}")
        assert 1 < len(await offered(shift, MEI, "尺码问题")) <= 20


async def test_no_buyer_s_order_is_found_and_what_was_typed_is_in_no_result(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "催 6917000000000000001 1号 13800012345")
        for words in ("6917000000000000001", "13800012345", "13800012345 敏感肌"):
            shown = "".join(
                f"{one.title}{one.description}{one.text}" for one in await offered(shift, MEI, words)
            )
            assert "6917" not in shown
            assert "1380001" not in shown


async def test_a_result_sent_to_the_bot_or_the_group_is_nothing_asked_of_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(BOSS, "/kb 添加 怎么下播 | 下播")  # the very word of a command
        article = next(one for one in await offered(shift, OPS, "怎么下播") if one.text == "下播")
        for chat in (shift.group, OPS):
            before = len(shift.here.core.said(chat))
            shift.here.core.choose(OPS, chat, article)
            await shift.here.settle()
            assert len(shift.here.core.said(chat)) == before
        assert "直播中" in shift.board()


async def test_a_query_answered_too_late_is_no_fault(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        query = shift.here.core.query_inline(MEI, "敏感肌")
        shift.clock.wind(shift.clock.now() + timedelta(minutes=1))
        await shift.here.settle()
        assert query.results is None
        assert await offered(shift, MEI, "敏感肌")


async def test_the_stage_refuses_what_telegram_refuses_of_a_list() -> None:
    core = TelegramCore(lambda: START)
    core.add_user(MEI, "小美")
    article = {
        "type": "article",
        "id": "1",
        "title": "快递",
        "input_message_content": {"message_text": "中通"},
    }
    lists = {
        "RESULTS_TOO_MUCH": [{**article, "id": str(n)} for n in range(51)],
        "RESULT_ID_DUPLICATE": [article, article],
        "RESULT_ID_INVALID": [{**article, "id": "x" * 65}],
        "ARTICLE_TITLE_EMPTY": [{**article, "title": ""}],
        "MESSAGE_EMPTY": [{**article, "input_message_content": {"message_text": " "}}],
        "MESSAGE_TOO_LONG": [{**article, "input_message_content": {"message_text": "字" * 4097}}],
        "can't parse inline query result": [{**article, "type": "photo"}],
    }
    for why, results in lists.items():
        given = {"inline_query_id": core.query_inline(MEI, "快递").id, "results": results}
        status, body = await core.handle(core.token, "answerInlineQuery", given)
        assert (status, why in body["description"]) == (400, True), why
    given["results"] = [article]
    assert (await core.handle(core.token, "answerInlineQuery", given))[0] == 200
