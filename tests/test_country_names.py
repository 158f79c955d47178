"""Countries by the names that people write: of the table, other names, capitals or not."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("GB", "GB"),
        ("gb", "GB"),
        ("UK", "GB"),
        ("united kingdom", "GB"),
        ("USA", "US"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("UAE", "AE"),
    ],
)
def test_a_country_by_name(xb, said, code):
    ran = xb(["duty", "--to", said, "--from", "China", "--value", "20USD", "--format", "json"])
    answer = json.loads(ran.stdout)
    assert answer["market"] == code
    assert answer["shipment"]["from"] == "CN"


def test_no_country_of_that_name(xb):
    ran = xb(["duty", "--to", "Untied Kingdom", "--from", "CN", "--value", "20USD"])
    assert ran.code == 2
    assert "did you mean GB (United Kingdom)?" in ran.stderr
