"""Groups, topics, strangers, anonymous admins, several rooms, migration: what Telegram throws at the gate."""

from __future__ import annotations

from pathlib import Path

from bot.rehearsal import samples
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, evening


async def test_who_has_no_private_chat_is_answered_in_the_group_for_thirty_seconds(tmp_path: Path) -> None:
    async with evening(tmp_path, bound=False) as shift:
        await shift.says(BOSS, "/setup 小满优选 抖音")
        shift.here.core.send_text(MEI, shift.group, "到了")
        await shift.here.settle()
        newest = [m for m in shift.here.chat(shift.group) if m.sender_id == MEI][-1]
        await shift.says(BOSS, "/role 客服", reply_to=newest.message_id)
        answer = await shift.says(MEI, "/now")
        assert answer == ["〔小满优选〕还没有场次。把排品表发给我，或发 /live（开播）。"]
        opener = shift.here.last(shift.group).rows[0][0]
        assert opener.url is not None
        assert opener.url.endswith("?start=a1")
        await shift.minutes(1)
        assert "还没有场次。把" not in shift.read(shift.group)  # it removed itself


async def test_a_word_said_by_somebody_it_is_no_command_for_is_just_talk(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert await shift.says(MEI, "开播") == []
        assert await shift.says(OPS, "开播了吗大家") == []
        assert "开播" in (await shift.says(OPS, "开播"))[0]


async def test_an_edited_command_does_not_act_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        message = [m for m in shift.here.chat(shift.group) if m.sender_id == OPS][-1]
        before = len(shift.here.core.said(shift.group))
        shift.here.core.edit_text(OPS, shift.group, message.message_id, "下播")
        await shift.here.settle()
        assert len(shift.here.core.said(shift.group)) == before


async def test_an_anonymous_admin_gets_a_button_and_who_presses_it_acts(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        shift.here.core.promote(shift.group, OPS, anonymous=True)
        await shift.says(OPS, "/live")
        refused = await shift.press(CHEN, "执行：live", shift.group)
        assert refused is not None
        assert "这一步要由" in refused.text
        await shift.press(OPS, "执行：live", shift.group)
        assert "开播 小满优选" in shift.here.last(shift.group).text


async def test_an_export_sent_in_the_group_is_taken_in_and_removed(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:40")
        name, data = samples.export(samples.FIRST_EXPORT)
        await shift.here.sends(MEI, shift.group, name, data)
        assert not [m for m in shift.here.chat(shift.group) if m.document]
        assert "读到 119 单" in shift.read(MEI)
        assert "读到 119 单" not in shift.read(shift.group)


async def test_when_the_group_becomes_a_supergroup_the_room_goes_along(tmp_path: Path) -> None:
    async with evening(tmp_path, supergroup=False) as shift:
        await shift.says(OPS, "开播")
        shift.group = shift.here.core.migrate(shift.group)
        await shift.here.settle()
        assert "已在直播" in (await shift.asks(OPS, "开播"))[0]
        await shift.asks(OPS, "/off")
        assert "下播 小满优选" in shift.read(shift.group)


async def test_in_a_forum_each_kind_of_card_goes_to_its_topic(tmp_path: Path) -> None:
    async with evening(tmp_path, forum=True) as shift:
        topics = shift.here.bot.runner.room("a1").topics  # type: ignore[union-attr]
        assert set(topics) == {"announce", "chase", "anomaly", "aftercare"}
        await shift.says(OPS, "开播", thread=topics["announce"])
        await shift.at("20:40")
        await shift.sends(MEI, *samples.export(samples.FIRST_EXPORT))
        said = shift.here.core.said(shift.group)
        assert [m.thread_id for m in said if m.text.startswith("开播")] == [topics["announce"]]
        assert [m.thread_id for m in said if m.text.startswith("待催")] == [topics["chase"]]


async def test_two_rooms_do_not_see_each_other(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        other = shift.here.core.create_group("二号直播间", [BOSS, QIANG, OPS])
        await shift.here.says(BOSS, other, "/setup 二店 快手")

        def there() -> str:
            return "\n".join(m.text for m in shift.here.core.said(other))

        assert "二店 已绑定本群：快手" in there()
        await shift.here.says(QIANG, other, "/live")  # an agent of the first room is nobody in the second
        assert "还没有角色" in shift.here.last(QIANG).text
        assert "开播 二店" not in there()
        await shift.here.says(BOSS, other, "/live")
        await shift.says(OPS, "开播")
        assert "开播 小满优选" not in there()
        assert "开播 二店" not in shift.read(shift.group)
        assert "〔二店〕" not in shift.read(MEI)
        await shift.asks(MEI, "/room a2")
        assert "二店" not in shift.here.last(MEI).text  # rooms one has no role in are not even named


async def test_the_plain_word_unknown_command_and_help_name_the_cure(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "没看懂" in (await shift.asks(MEI, "你好呀"))[0]
        assert "没有「abc」这个指令" in (await shift.asks(MEI, "/abc"))[0]
        mine, theirs = (await shift.asks(MEI, "/help"))[0], (await shift.asks(OPS, "/help"))[0]
        assert "/chase" in mine
        assert "/price" not in mine
        assert "/price" in theirs
