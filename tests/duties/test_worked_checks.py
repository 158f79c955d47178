"""The worked checks of the stacking rules of the United States, with the programmes that make them.

Each figure is one that the facts print; none was read off the program.
"""

from __future__ import annotations

import json

import pytest

# article, origin, what is claimed, the printed total, the charges that make it
CHECKS = [
    ("610910", "CN", "", "36.5", {"mfn": "16.5", "us_301_cn": "7.5", "us_301_fl": "12.5"}),
    ("610910", "VN", "", "29", {"mfn": "16.5", "us_301_fl": "12.5"}),
    ("610910", "GB", "", "26.5", {"mfn": "16.5", "us_301_fl": "10"}),
    ("610910", "BR", "", "54", {"mfn": "16.5", "us_301_fl": "12.5", "us_301_br": "25"}),
    ("610910", "KE", "", "16.5", {"mfn": "16.5"}),
    ("610910", "DE", "", "16.5", {"mfn": "16.5"}),  # the floor of 10 is met
    ("4202923120", "CN", "", "55.1", {"mfn": "17.6", "us_301_cn": "25", "us_301_fl": "12.5"}),
    ("732393", "CN", "", "27", {"mfn": "2", "us_232": "25"}),
    ("850760", "CN", "", "40.9", {"mfn": "3.4", "us_301_cn": "25", "us_301_fl": "12.5"}),
    ("490199", "CN", "", "7.5", {"us_301_cn": "7.5"}),
    ("610910", "MX", "USMCA", "0", {}),
]


@pytest.mark.parametrize(("hs", "origin", "claim", "total", "parts"), CHECKS)
def test_total_and_its_parts(xb, hs, origin, claim, total, parts):
    argv = ["duties", "show", hs, "--to", "US", "--from", origin, "--on", "2026-11-22"]
    ran = xb([*argv, "--format", "json", *(["--claim", claim] if claim else [])])
    assert ran.code == 0, ran.stderr
    told = json.loads(ran.stdout)
    found = {
        one["code"]: one["percent"]
        for one in told["charges"]
        if one["kind"] == "duty" and one["percent"] != "0"
    }
    assert (told["total"]["percent"], found) == (total, parts)
    # of 10,000.00 USD, so that a hundredth of a percent is a dollar
    assert told["total"]["customs_value"] == "10000.00"
    assert told["total"]["duty"] == f"{float(total) * 100:.2f}"


def test_metal_stands_in_the_place_of_forced_labour(xb):
    argv = ["duties", "show", "732393", "--to", "US", "--from", "CN", "--on", "2026-11-22"]
    told = json.loads(xb([*argv, "--format", "json"]).stdout)
    charges = {one["code"]: one for one in told["charges"]}
    assert charges["us_301_fl"]["result"] == "replaced"
    assert charges["us_301_fl"]["why"] == "replaced: us_232 applies (25 %)"
    (programme,) = charges["us_301_fl"]["programmes"]
    assert [(row["rate"], row["result"]) for row in programme["rows"][:1]] == [
        ("12.5 %", "replaced")
    ]


def test_a_steel_article_of_the_published_example(xb):
    """7326.90.8688 from China, 14,172 USD: 2.9 + 25 + 50 = 77.9 %, 11,039.99 USD."""
    argv = ["duties", "show", "7326908688", "--to", "US", "--from", "CN", "--on", "2026-11-22"]
    told = json.loads(
        xb([*argv, "--set", "mfn=2.9%", "--value", "14172USD", "--format", "json"]).stdout
    )
    assert told["total"]["percent"] == "77.9"
    assert told["total"]["duty"] == "11039.99"
    # without the rate of column 1, which the tables do not have, the total is a least one
    told = json.loads(xb([*argv, "--format", "json"]).stdout)
    assert told["total"]["percent"] is None
    assert (told["total"]["rate"], told["total"]["complete"]) == ("at least 75 %", False)


def test_a_floor_takes_what_is_missing(xb):
    """Valves of Germany: base 2 or 5.6 %, the total is at least 10 %."""
    argv = ["duties", "show", "848180", "--to", "US", "--from", "DE", "--on", "2026-11-22"]
    told = json.loads(xb([*argv, "--set", "mfn=4%", "--format", "json"]).stdout)
    assert told["total"]["percent"] == "10"
    told = json.loads(xb([*argv, "--set", "mfn=12%", "--format", "json"]).stdout)
    assert told["total"]["percent"] == "12"
    stated = next(one for one in told["charges"] if one["code"] == "mfn")
    assert stated["why"] == "stated by the caller (--set)"
