"""Money as it is written where a dot parts the thousands: read as what it is, or refused, never a thousandth."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.samples import csv_bytes
from storage.exports import read_orders
from storage.exports.cells import money
from storage.exports.formats import FORMATS
from tests.support.evening import SHANGHAI


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("IDR 150.000", "150000.00"), ("Rp150.000", "150000.00"), ("Rp 1.500.000", "1500000.00"),
        ("150.000₫", "150000.00"), ("VND 99.000", "99000.00"), ("R$ 1.234", "1234.00"), ("R$ 1.234,56", "1234.56"),
        ("R$ 12.50", "12.50"), ("IDR 150000.00", "150000.00"), ("IDR 150,000", "150000.00"),
        ("12.34 USD", "12.34"), ("¥1,234.50", "1234.50"), ("150.00", "150.00"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_its_country_writes_it(written: str, amount: str) -> None:
    assert str(money(written)) == amount


@given(
    st.integers(0, 99_999_999),
    st.sampled_from(["IDR {}", "Rp{}", "Rp. {}", "{}₫", "{} VND", "R$ {}", "BRL {}"]),
)
def test_dots_between_thousands_lose_nothing(amount: int, form: str) -> None:
    written = form.format(f"{amount:,}".replace(",", "."))
    assert money(written) == Decimal(amount)


def test_an_order_in_rupiah_is_taken_in_at_its_amount() -> None:
    form = next(one for one in FORMATS if one.id == "tiktok_shop")
    said = {
        "Order ID": "580000000000000001", "Order Status": "To ship", "SKU ID": "1", "Product Name": "Serum",
        "Quantity": "1", "Order Amount": "IDR 150.000", "SKU Subtotal After Discount": "Rp150.000",
        "Created Time": "06/10/2026 07:00:00", "Paid Time": "06/10/2026 07:00:05",
    }  # fmt: skip
    export = read_orders(
        "a.csv", csv_bytes(form.headings, [[said.get(h, "") for h in form.headings]]), SHANGHAI
    )
    (read,) = export.orders
    assert (read.order.amount, read.order.lines[0].amount) == (Decimal(150_000), Decimal(150_000))
