"""A group at work on air, for the crash run: six agents and one of ops, set up before the first kill."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.clock import WoundClock
from bot.rehearsal.stage import Stage, stage
from tests.support.crash.wire import Wire

BOSS, OPS = 201, 202
AGENTS = (211, 212, 213, 214, 215, 216)
NAMES = {BOSS: "林主管", OPS: "小周", **{who: f"客服{who}" for who in AGENTS}}
PRODUCTS = 200
SETTING_UP = timedelta(hours=1)


def run_sheet() -> bytes:
    """Enough products that one after another goes on air for the whole run."""
    rows = "".join(f"{number},四件套{number}号款,69,200\n" for number in range(1, PRODUCTS + 1))
    return f"链接号,商品名称,直播价,库存\n{rows}".encode("utf-8-sig")


async def set_up(core: Wire, data: Path) -> int:
    """The group, bound and on air, with everybody signed in; its id. The setting up lies an hour back."""
    for who, name in NAMES.items():
        core.add_user(who, name, username=f"user{who}")
    group = core.create_group("小满优选 服务群", list(NAMES), supergroup=True)
    now = core.now
    clock = WoundClock(now() - SETTING_UP)
    core.now = clock.now
    async with stage(core, clock, data, {BOSS}) as here:
        await _settle_in(here, group)
    core.now = now
    return group


async def _settle_in(here: Stage, group: int) -> None:
    await here.says(BOSS, group, "/setup 小满优选 抖音")
    for who in (OPS, *AGENTS):
        said = here.core.send_text(who, group, "到了")
        await here.says(BOSS, group, f"/role {'运营' if who == OPS else '客服'}", reply_to=said)
    for who in NAMES:
        await here.starts(who)
        await here.says(who, who, "/in")
    await here.sends(OPS, OPS, "排品表.csv", run_sheet())
    await here.presses(OPS, OPS, here.last(OPS).message_id, f"启用这 {PRODUCTS} 款")
    await here.says(OPS, group, "开播")
    await here.wind_by(timedelta(minutes=1))
