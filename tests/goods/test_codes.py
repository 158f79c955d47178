"""An HS code has 6 to 10 digits, whoever reads it; a search takes the beginning of one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.duty_entries import book
from xborder_cli.core.intake import understand
from xborder_cli.errors import UsageError
from xborder_cli.goods.rates import consignment
from xborder_cli.units import parse_day

ON = ["--on", "2026-11-22"]
WAYS = (
    lambda code: ["goods", "search", code, "--to", "US", *ON],
    lambda code: ["goods", "search", "--hs", code, "--to", "US", *ON],
    lambda code: ["duties", "show", code, "--to", "US", "--from", "CN", *ON],
    lambda code: ["duties", "history", code, "--to", "US", "--from", "CN", "--until", "2026-11-22"],
    lambda code: ["duty", "--hs", code, "--to", "US", "--from", "CN", "--value", "90USD", *ON],
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("code", ["61091000123", "610910001234"])
def test_more_than_ten_digits_are_refused(xb, way, code):
    ran = xb(way(code))
    assert ran.code == 2, ran.stdout
    assert f'"{code}" has {len(code)} digits; an HS code has 6 to 10 [bad-hs]' in ran.stderr


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("code", ["610910", "6109.10.00", "6109 10 00 12"])
def test_six_to_ten_are_read_with_dots_and_blanks(xb, way, code):
    ran = xb(way(code))
    assert (ran.code, "bad-hs" in ran.stderr) == (0, False)


@pytest.mark.parametrize(
    ("digits", "taken"),
    [("61091", False), ("610910", True), ("6109100012", True), ("61091000123", False)],
)
def test_the_core_says_and_does_the_same(digits, taken):
    made = replace(consignment("CN", parse_day("2026-11-22"), hs=digits), destination="US")
    if taken:
        assert understand(book(), made, need_weight=False).shipment.items[0].hs == digits
        return
    with pytest.raises(UsageError) as raised:
        understand(book(), made, need_weight=False)
    (problem,) = raised.value.problems
    assert (problem.code, problem.fix) == ("bad-hs", "write 6 to 10 digits, such as 610910")
