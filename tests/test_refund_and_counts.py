"""What a seller says of himself and of the buyer: `--refund`, parcels of the buyer, `--duty`."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

PARCEL = ["--from", "CN", "--to", "US", "--weight", "0.46kg", "--value", "25USD"]
PARCEL += ["--goods", "t-shirt-cotton"]
RULES = """\
kind: market
id: XA
name: Counted
currency: EUR
source: {title: fictional}
checked: 2026-01-01
entry:
  charges:
    - {code: levy_on_goods, kind: duty, set_by: duty, base: [goods], rate: 10 %, when: {parcels_this_year: at least 3}}
    - {code: turnover, kind: tax, set_by: vat, base: [goods, levy_on_goods], rate: 20 %, when: {parcels_this_half_year: under 6}}
---
kind: countries
source: {title: fictional}
checked: 2026-01-01
countries: |
  code  name     union
  XA    Counted  -
"""  # noqa: E501 - a table, as it is written


@pytest.fixture
def counted(tmp_path):
    (tmp_path / "counted.yaml").write_text(RULES, encoding="utf-8")
    return ["duty", "--to", "XA", "--from", "CN", "--value", "100EUR", "--rates", str(tmp_path)]


def answer(xb, argv):
    ran = xb([*argv, "--format", "json"])
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout)


def test_a_refund_is_a_credit_of_the_seller_on_every_option(xb):
    without = answer(xb, ["quote", *PARCEL])
    found = answer(xb, ["quote", *PARCEL, "--refund", "--purchase-price", "40CNY"])
    assert len(found["options"]) == len(without["options"])
    for option in found["options"]:
        (credit,) = [line for line in option["charges"] if line["code"] == "export_refund"]
        assert (credit["amount"], credit["currency"]) == ("-5.20", "CNY")
        assert (credit["payer"], credit["event"]) == ("seller", "export")


def test_a_refund_of_nothing_is_asked_back(xb):
    ran = xb(["quote", *PARCEL, "--refund"])
    assert ran.code == 2
    assert "--purchase-price" in ran.stderr


@pytest.mark.parametrize(
    ("flags", "duty", "tax"),
    [
        ([], "0.00", "20.00"),
        (["--parcels-this-year", "2"], "0.00", "20.00"),
        (["--parcels-this-year", "3"], "10.00", "22.00"),
        (["--parcels-this-half-year", "5"], "0.00", "20.00"),
        (["--parcels-this-half-year", "6"], "0.00", "0.00"),
        (["--parcels-this-year", "3", "--duty", "4%", "--vat", "5%"], "4.00", "5.20"),
    ],
)
def test_parcels_are_counted_and_rates_set(xb, counted, flags, duty, tax):
    found = answer(xb, [*counted, *flags])
    assert [Decimal(found["duty"]), Decimal(found["tax"])] == [Decimal(duty), Decimal(tax)]
    unstated = [note for note in found["assumptions"] if note.startswith("parcels this")]
    assert len(unstated) == 2 - sum(flag.startswith("--parcels") for flag in flags)


def test_where_no_regime_was_passed_over_one_line_is_left_free(xb, counted):
    ran = xb([*counted, "--format", "table"])
    assert "assumed: " in ran.stdout
    assert "\n\n\n" not in ran.stdout
