"""How long unpaid orders live, by the platform they are from: never the room's for another's."""

from __future__ import annotations

from pathlib import Path

from tests.support.chases import ONE, TWO, chased, clock, export, unpaid
from tests.support.chases import keep as put
from tests.support.evening import BOSS, CHEN, MEI, OPS, Shift, evening

PDD = "261111123456789"


async def test_an_order_from_another_platform_does_not_live_as_those_of_the_room(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        told = "\n".join(await export(shift, "pinduoduo", PDD))
        assert "还不知道拼多多的未付订单几分钟失效" in told
        assert shift.read(BOSS).count("拼多多的未付订单多久失效") == 1
        card = (await shift.asks(MEI, "/chase"))[0]
        assert PDD in card
        assert "失效时间未知" in card
        await shift.press(BOSS, "60 分钟")
        assert "付款时限已设：拼多多的未付订单 60 分钟后失效" in shift.read(BOSS)
        assert clock(chased(shift, PDD).expires_at) == "21:17"
        assert "60 分钟" not in shift.buttons(BOSS)
        await shift.asks(MEI, f"催 {ONE} 20:20")
        assert clock(chased(shift, ONE).expires_at) == "20:50"  # the room's own is as it was


async def test_each_platform_is_asked_about_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await export(shift, "pinduoduo", PDD)
        await shift.minutes(10)
        await export(shift, "pinduoduo", PDD[:-1] + "8")
        await export(shift, "taobao_classic", "2345678901234567890")
        asked = shift.read(BOSS)
        assert asked.count("拼多多的未付订单多久失效") == 1
        assert asked.count("淘宝的未付订单多久失效") == 1
        await shift.says(BOSS, "付款时限 淘宝 45")
        assert "付款时限已设：淘宝的未付订单 45 分钟后失效" in shift.read(shift.group)
        assert chased(shift, PDD).expires_at is None


async def test_an_erp_export_holds_orders_of_the_rooms_own_platform(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        told = "\n".join(await export(shift, "jushuitan", ONE))
        assert "几分钟失效" not in told
        assert "多久失效" not in shift.read(BOSS)
        one = chased(shift, ONE)
        assert (one.platform, clock(one.expires_at)) == ("douyin", "20:47")


async def test_an_erps_orders_of_a_pinduoduo_room_are_reached_as_pinduoduo_lets_them_be(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path, bound=False) as shift:
        await boss_alone(shift, "拼多多")
        await shift.at("20:22")
        await export(shift, "jushuitan", PDD, who=BOSS)
        card = (await shift.asks(BOSS, "/chase"))[0]
        assert "电话 不适用" in card
        assert "这个平台只能点提醒付款，不能留言" in card


async def test_a_tmall_rooms_export_is_not_that_of_another_platform(tmp_path: Path) -> None:
    async with evening(tmp_path, bound=False) as shift:
        await boss_alone(shift, "天猫")
        await shift.says(BOSS, "付款时限 30")
        await shift.at("20:22")
        await export(shift, "taobao_classic", ONE, who=BOSS)
        assert clock(chased(shift, ONE).expires_at) == "20:47"


async def test_an_order_registered_by_hand_is_taken_for_the_platform_its_export_names(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        assert "电话 待做" in (await shift.asks(MEI, f"催 {PDD}"))[0]
        await export(shift, "pinduoduo", PDD)
        assert "电话 不适用" in (await shift.asks(MEI, "/chase"))[0]
        again = (await shift.asks(MEI, f"催 {PDD} 20:17"))[0]
        assert "失效时间未知" in again


async def test_a_life_set_for_a_product_is_that_of_the_rooms_platform(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        sheet = "链接号,商品名,直播价\n1,玫瑰精华水,79\n"
        await shift.sends(OPS, "排品表.csv", sheet.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.at("20:00")
        await shift.says(OPS, "开播")
        await shift.says(BOSS, "付款时限 1号 120")
        await shift.says(BOSS, "付款时限 拼多多 40")
        await shift.at("20:22")
        await export(shift, "pinduoduo", PDD)
        await export(shift, "douyin", TWO)
        assert [clock(chased(shift, number).expires_at) for number in (PDD, TWO)] == ["20:57", "22:17"]


async def test_only_managers_are_asked_and_only_they_set_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await put(shift, unpaid(shift, ONE))
        await export(shift, "pinduoduo", PDD)
        assert "多久失效" not in "".join(shift.read(who) for who in (OPS, MEI, CHEN))
        await shift.asks(MEI, "/life 拼多多 5")
        assert chased(shift, PDD).expires_at is None


async def boss_alone(shift: Shift, platform: str) -> None:
    """A room on `platform` with its manager alone."""
    await shift.says(BOSS, f"/setup 小满优选 {platform}")
    await shift.here.starts(BOSS)
    await shift.asks(BOSS, "/in")


async def test_before_its_group_is_complete_a_pinduoduo_order_takes_no_remark_and_the_card_says_why(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path, bound=False) as shift:
        await boss_alone(shift, "拼多多")
        await shift.at("20:22")
        await put(shift, unpaid(shift, PDD, platform="pinduoduo"))
        assert "备注 不适用" in (await shift.asks(BOSS, "/chase"))[0]
        await shift.press(BOSS, "提醒付款")
        await shift.press(BOSS, "没接没回")
        card = shift.here.last(BOSS).text
        assert "没成团的订单加不了备注" in card
        assert "插紫旗" not in card
        assert "备注已贴" not in shift.buttons(BOSS)
        for words in (f"/remark {PDD} 买家没回", f"/step a1-c{PDD} remark"):
            assert "平台不让加备注；付款成团后再备注" in (await shift.asks(BOSS, words))[0]
