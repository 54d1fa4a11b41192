"""Two rooms live at once: words typed in private act in no room the person did not mean."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import BOSS, MEI, OPS, Shift, evening

SHEET = "链接号,商品名称,直播价\n1,{name},{price}\n"


async def two_rooms(shift: Shift) -> int:
    """小满 sells 面霜 for 79, 海盐 sells 洁面 for 45, both live with the same ops; the second group's id."""
    other = shift.here.core.create_group("海盐 服务群", [BOSS, OPS, MEI])
    await shift.here.says(BOSS, other, "/setup 海盐优选 快手")
    shift.here.core.send_text(OPS, other, "到了")
    await shift.here.settle()
    message = [m for m in shift.here.chat(other) if m.sender_id == OPS][-1]
    await shift.here.says(BOSS, other, "/role 运营", reply_to=message.message_id)
    await shift.at("20:00")
    for group, name, price in ((shift.group, "面霜", 79), (other, "洁面", 45)):
        await shift.here.says(OPS, group, "/in")
        await shift.asks(OPS, "/room " + ("a1" if group == shift.group else "a2"))
        await shift.sends(OPS, "排品表.csv", SHEET.format(name=name, price=price).encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.here.says(OPS, group, "开播")
    return other


def price(shift: Shift, room: str) -> str:
    (listing,) = shift.here.bot.runner.view(room).listings.scan()
    return str(listing.offer.live_price)


async def test_a_price_typed_in_private_after_words_in_another_group_is_asked_about(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        other = await two_rooms(shift)
        await shift.minutes(20)
        await shift.here.says(OPS, other, "/now")
        before = len(shift.here.core.said(other))
        (asked,) = await shift.asks(OPS, "改价 1 40")
        assert "2 个直播间在播" in asked
        assert "/price 1 40" in asked
        assert len(shift.here.core.said(other)) == before
        assert (price(shift, "a1"), price(shift, "a2")) == ("79.00", "45.00")
        await shift.press(OPS, "给 小满优选")
        assert (price(shift, "a1"), price(shift, "a2")) == ("40.00", "45.00")
        assert "79.00 → 40.00" in shift.here.core.said(shift.group)[-1].text


async def test_the_next_words_mean_the_room_just_acted_in_and_the_answer_names_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await two_rooms(shift)
        await shift.minutes(20)
        await shift.asks(OPS, "改价 1 40")
        await shift.press(OPS, "给 海盐优选")
        said = await shift.asks(OPS, "改价 1 41")
        assert said == ["〔海盐优选〕已办：/price 1 41"]
        assert (price(shift, "a1"), price(shift, "a2")) == ("79.00", "41.00")
        await shift.minutes(6)
        assert "2 个直播间在播" in (await shift.asks(OPS, "撤销"))[0]


async def test_a_question_is_answered_once_and_ended_by_other_words(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await two_rooms(shift)
        await shift.minutes(20)
        await shift.asks(OPS, "改价 1 40")
        await shift.press(OPS, "给 小满优选")
        again = await shift.press(OPS, "给 海盐优选")
        assert again is not None
        assert "这个问题已经过了，什么都没改" in again.text
        assert price(shift, "a2") == "45.00"
        await shift.minutes(6)
        await shift.asks(OPS, "改价 1 30")
        await shift.asks(OPS, "改价 1 35")
        await shift.press(OPS, "给 海盐优选")
        assert (price(shift, "a1"), price(shift, "a2")) == ("40.00", "35.00")


async def test_a_file_in_private_goes_to_the_room_pressed(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await two_rooms(shift)
        await shift.minutes(20)
        data = SHEET.format(name="面霜", price=69).encode("utf-8-sig")
        (asked,) = await shift.sends(OPS, "新排品.csv", data)
        assert "「新排品.csv」是给哪个直播间的" in asked
        await shift.press(OPS, "给 小满优选")
        await shift.press(OPS, "启用")
        assert (price(shift, "a1"), price(shift, "a2")) == ("69.00", "45.00")


async def test_who_works_in_one_room_is_asked_nothing_and_help_names_the_way_to_switch(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await two_rooms(shift)
        await shift.minutes(20)
        assert "直播间在播" not in " ".join(await shift.asks(MEI, "/break"))
        assert "/room" in (await shift.asks(MEI, "/help"))[0]
