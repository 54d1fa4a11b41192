"""What is known already is told to who asks it again, before ops are asked: tonight's answer, the shop's knowledge."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from playbooks import questions
from playbooks.questions import Asking, Question, Said
from tests.support.evening import BOSS, MEI, OPS, QIANG, START, Shift, evening

SHEET = "商品名称,直播价,库存\n丝绒口红,69,200\n纯棉卫衣,129,50\n玫瑰精华水,79,500\n"


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


async def asked_and_answered(shift: Shift) -> None:
    await shift.asks(MEI, "/ask 3 敏感肌能用吗")
    await shift.asks(OPS, "/reply 1 可以，先在耳后试用")
    await shift.minutes(1)


def copied(shift: Shift, who: int) -> list[str]:
    """What the newest message offers to copy."""
    return [b.copied for row in shift.here.last(who).rows for b in row if b.copied]


async def test_a_question_answered_tonight_is_told_its_answer_and_ops_are_not_asked_again(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await asked_and_answered(shift)
        before = len(shift.here.core.said(OPS))
        told = (await shift.asks(QIANG, "/ask 3 敏感肌可以用吗？"))[0]
        assert "已有答案" in told
        assert "小周 20:00 答" in told
        assert copied(shift, QIANG) == ["可以，先在耳后试用"]
        assert len(shift.here.core.said(OPS)) == before
        assert "待答 0" in (await shift.asks(OPS, "/asks"))[0]


async def test_one_tap_asks_all_the_same_and_ops_see_what_was_told(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await asked_and_answered(shift)
        await shift.asks(QIANG, "/ask 3 敏感肌可以用吗")
        await shift.press(QIANG, "还是要问")
        card = shift.here.core.said(OPS)[-1]
        assert "提问 2" in card.text
        assert "已有的答案「可以，先在耳后试用」不够" in card.text
        assert "还是要问" not in shift.buttons(QIANG)
        await shift.here.says(OPS, OPS, "孕妇不行", reply_to=card.message_id)
        assert "孕妇不行" in shift.read(QIANG)


async def test_who_asks_on_joins_somebody_who_has_just_asked_on(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await asked_and_answered(shift)
        await shift.asks(QIANG, "/ask 3 敏感肌可以用吗")
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        await shift.press(QIANG, "还是要问")
        await shift.press(MEI, "还是要问")
        assert "待答 1" in (await shift.asks(OPS, "/asks"))[0]
        assert "已有人问过" in shift.read(MEI)
        assert "还是要问" not in shift.buttons(MEI)


async def test_an_answer_from_before_a_price_change_is_told_as_older(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 两瓶有优惠吗")
        await shift.asks(OPS, "/reply 1 没有")
        await shift.minutes(1)
        assert "可能是旧的" not in (await shift.asks(QIANG, "/ask 3 两瓶有优惠吗"))[0]
        await shift.says(OPS, "改价 3 69")
        assert "20:01 第 2 版" in (await shift.asks(QIANG, "/ask 3 两瓶有优惠吗"))[0]


async def test_what_the_shop_knows_is_told_and_another_product_or_number_is_asked(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(BOSS, "/kb 添加 能机洗吗 | 可以，水温不超过30度 | 2号")
        await shift.asks(BOSS, "/kb 添加 可以开发票吗 | 可以，下单后联系客服")
        assert copied_of(await shift.asks(MEI, "/ask 2 可以机洗吗"), shift, MEI) == ["可以，水温不超过30度"]
        assert copied_of(await shift.asks(MEI, "/ask 1 能开发票吗"), shift, MEI) == ["可以，下单后联系客服"]
        assert "已有答案" not in (await shift.asks(MEI, "/ask 1 能机洗吗"))[0]
        assert "提问 1" in shift.read(OPS)


def copied_of(said: list[str], shift: Shift, who: int) -> list[str]:
    assert "已有答案" in said[0]
    return copied(shift, who)


async def test_what_was_told_counts_as_no_question_in_the_review_nor_as_a_surge(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await asked_and_answered(shift)
        await shift.minutes(10)
        for _ in range(4):
            await shift.asks(QIANG, "/ask 3 敏感肌能用吗")
        assert "提问 0.0" in (await shift.asks(BOSS, "/surge"))[0]
        await shift.says(OPS, "下播")
        kept = shift.here.bot.runner.view("a1").questions.scan()
        figures = questions.answer_times(kept, timedelta(minutes=3))
        assert (figures.asked, figures.answered, figures.unanswered) == (1, 1, 0)


@given(
    st.text(alphabet="敏感肌能不用吗23件", min_size=1, max_size=8),
    st.text(alphabet="敏感肌能不用吗23件", max_size=8),
)
def test_an_answer_is_only_told_for_the_same_product_and_is_the_newest(one: str, other: str) -> None:
    def said(text: str, number: int, product: str) -> Question:
        at = START + timedelta(minutes=number)
        by = (Said(who="1", at=at, text=text),)
        answers = (Said(who="2", at=at, text=str(number)),)
        return Question(
            id=f"q{number}", broadcast="b", number=number, kind="product", to="ops", product=product, asks=by,
            answers=answers, state="answered", since=at,
        )  # fmt: skip

    known = [said(one, 1, "口红"), said(one, 2, "口红"), said(other, 3, "卫衣")]
    asking = Asking(to="ops", named=False, kind="product", link_no=1, product="口红", text=one)
    found = questions.answered(asking, known)
    alike = questions.likeness(one, one) >= questions.rules().alike
    assert (found.number if found else None) == (2 if alike else None)
