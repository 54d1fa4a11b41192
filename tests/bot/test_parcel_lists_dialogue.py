"""物流清单: lists of several carriers stand side by side; what they leave out counts from the first of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from storage.books import RoomBooks
from tests.bot.test_reveal_dialogue import CIPHERED, export, row
from tests.support.evening import MEI, QIANG, SHANGHAI, Shift, evening

FIRST = "6917950000000000011"
HEAD = "快递单号,快递公司,物流状态"
TIMES = f"{HEAD},发货时间,最新物流时间"


def books(shift: Shift) -> RoomBooks:
    return shift.here.bot.runner.view("a1")


def ago(shift: Shift, hours: float) -> str:
    return f"{shift.clock.now().astimezone(SHANGHAI) - timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"


async def sent(shift: Shift, name: str, *lines: str) -> str:
    """The list, some minutes later; what was said of it."""
    await shift.minutes(2)
    return (await shift.sends(MEI, name, "\n".join(lines).encode()))[-1]


def waiting(shift: Shift) -> dict[str, str]:
    """Tracking number -> kind of what is to be seen to."""
    return {one.tracking_no: one.kind for one in books(shift).follow_ups.scan() if one.alive}


async def test_the_list_of_another_carrier_counts_though_its_newest_scan_is_hours_older(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await sent(shift, "圆通.csv", TIMES, f"YT1,圆通,待取件,{ago(shift, 90)},{ago(shift, 1)}")
        said = await sent(shift, "中通.csv", TIMES, f"ZT1,中通,待取件,{ago(shift, 90)},{ago(shift, 4)}")
        assert "催签收 1" in said
        assert waiting(shift) == {"YT1": "pickup", "ZT1": "pickup"}


async def test_an_older_list_sets_no_parcel_back_and_what_only_a_much_older_one_has_is_left(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await sent(shift, "新.csv", TIMES, f"YT1,圆通,已签收,{ago(shift, 90)},{ago(shift, 1)}")
        row = f"YT1,圆通,待取件,{ago(shift, 90)},{ago(shift, 4)}"
        said = await sent(shift, "旧.csv", TIMES, row, f"YT2,圆通,待取件,{ago(shift, 90)},{ago(shift, 3)}")
        assert "其中 1 个包裹已有更新的数据" in said
        assert waiting(shift) == {"YT2": "pickup"}
        said = await sent(shift, "很旧.csv", TIMES, f"YT3,圆通,待取件,{ago(shift, 90)},{ago(shift, 60)}")
        assert "比这份新，所以这份什么都没有改" in said
        assert waiting(shift) == {"YT2": "pickup"}


async def test_a_list_without_a_shipping_time_finds_stuck_parcels_all_the_same(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        lines = (f"{HEAD},最新物流时间", f"YT1,圆通,在途,{ago(shift, 145)}", f"YT2,圆通,在途,{ago(shift, 1)}")
        assert "催物流 1" in await sent(shift, "物流.csv", *lines)
        assert waiting(shift) == {"YT1": "logistics"}


async def test_a_list_with_no_times_at_all_counts_from_the_first_that_told_of_a_parcel(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        lines = (HEAD, "YT1,圆通,在途", "YT2,圆通,待揽收", "YT3,圆通,在途")
        assert "催物流 0" in await sent(shift, "物流.csv", *lines)
        await shift.at("13 21:00")
        await sent(shift, "物流2.csv", *lines)
        assert waiting(shift) == {"YT2": "logistics"}  # not collected for two days
        await shift.at("16 21:00")
        await sent(shift, "物流3.csv", HEAD, "YT1,圆通,在途", "YT2,圆通,已揽收", "YT3,圆通,派件中")
        assert waiting(shift) == {"YT1": "logistics"}  # the others were seen to move
        assert "5 天没有新轨迹" in (await shift.asks(MEI, "接活"))[0]


async def test_a_parcel_the_carrier_has_a_problem_with_is_asked_about_at_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await sent(shift, "物流.csv", TIMES, f"YT1,圆通,疑难,{ago(shift, 5)},{ago(shift, 1)}")
        assert "快递报问题件" in (await shift.asks(QIANG, "接活"))[0]


async def test_the_same_parcel_twice_in_a_list_stands_as_its_newest_scan_says(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        signed = f"YT1,圆通,已签收,{ago(shift, 90)},{ago(shift, 1)}"
        await sent(shift, "物流.csv", TIMES, signed, f"YT1,圆通,待取件,{ago(shift, 90)},{ago(shift, 9)}")
        assert waiting(shift) == {}


async def test_a_refused_parcel_is_asked_about_and_goes_on_as_after_sales(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        order = "6917000000000000001"
        head, sent_at = f"订单号,{TIMES}", ago(shift, 60)
        await sent(shift, "物流.csv", head, f"{order},YT1,圆通,待取件,{sent_at},{ago(shift, 2)}")
        await sent(shift, "物流2.csv", head, f"{order},YT1,圆通,拒收,{sent_at},{ago(shift, 1)}")
        assert waiting(shift) == {"YT1": "logistics"}
        card = (await shift.asks(MEI, "接活"))[0]
        assert "被拒收或正在退回" in card
        assert "需要重新寄出还是退款" in card
        await shift.press(MEI, "转售后处理")
        await shift.press(MEI, "登记售后")
        assert [(one.order_id, one.type) for one in books(shift).cases.scan()] == [(order, "problem")]
        await sent(shift, "物流3.csv", head, f"{order},YT1,圆通,退签,{sent_at},{ago(shift, 0.5)}")
        assert waiting(shift) == {}


async def test_nobody_is_asked_about_the_parcel_of_an_order_whose_money_goes_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await export(shift, row(FIRST, CIPHERED, paid="2026-11-11 19:19:00", status="已关闭"))
        times = f"{ago(shift, 60)},{ago(shift, 1)}"
        await sent(shift, "物流.csv", f"订单号,{TIMES}", f"{FIRST},YT1,圆通,拒收,{times}")
        assert waiting(shift) == {}
