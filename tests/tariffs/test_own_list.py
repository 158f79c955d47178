"""A list of one's own through the command: what it says, what it leaves of the bundled tables."""

from __future__ import annotations

import json

import pytest

LIST = """\
hs;origin;rate
6109;CN;12,5 %
6110;;3 %
6110;;4 %
61x;;4 %
610;;4 %
6111;;-3 %
6112;XX;5 %
"""


def test_what_is_not_understood_adds_up_and_fits_the_terminal(xb, tmp_path):
    (tmp_path / "own.csv").write_text(LIST)
    flags = ["--tariff", "CA", "--into", "mine", "--from", "2026-11-01", "--no-color"]
    ran = xb(["duties", "import", "own.csv", *flags], folder=tmp_path, terminal=True)
    assert ran.code == 1
    lines = ran.stderr.splitlines()
    told = " ".join(line.strip() for line in lines)
    assert (
        "not understood: left out 3 (bad-hs 2, bad-origin 1), kept in words 3 (bad-rate 1,"
        " two-rates 2)"
    ) in told
    assert "rows: read 3, bad-hs 2, in words 1, bad-origin 1" in told
    assert max(map(len, lines)) <= 80
    assert "..." not in ran.stderr
    assert "if a spreadsheet dropped the 0 in front, write 0610" in told
    assert "numbers of rates have a decimal comma" in told
    piped = xb(["duties", "import", "own.csv", *flags, "--dry-run"], folder=tmp_path)
    assert any(len(line) > 80 for line in piped.stderr.splitlines())
    assert "..." not in piped.stderr


def test_one_row_of_ones_own_does_not_take_the_rest_of_a_market(xb, tmp_path):
    (tmp_path / "own.csv").write_text("hs,origin,rate\n640391,CN,5 %\n")
    duty = ["duty", "--to", "CA", "--from", "CN", "--value", "100CAD", "--on", "2026-11-20"]
    rate = ["--hs", "610910", "--format", "json"]
    before = json.loads(xb([*duty, *rate], folder=tmp_path).stdout)
    flags = ["--tariff", "CA", "--into", "mine", "--from", "2026-11-01"]
    ran = xb(["duties", "import", "own.csv", *flags], folder=tmp_path)
    assert "mfn: beside it" in ran.stderr
    after = json.loads(xb([*duty, *rate, "--rates", "mine"], folder=tmp_path).stdout)
    assert rates_in(after) == rates_in(before) != []
    own = json.loads(
        xb([*duty, "--hs", "640391", "--format", "json", "--rates", "mine"], folder=tmp_path).stdout
    )
    assert "5 %" in rates_in(own)
    whole = xb(["duties", "import", "own.csv", *flags, "--whole"], folder=tmp_path)
    assert (whole.code, "beside it" in whole.stderr) == (0, False)
    gone = xb([*duty, *rate, "--rates", "mine"], folder=tmp_path).stdout
    assert "no mfn rate" in gone


def rates_in(answer):
    """Every rate of a charge of code duty, wherever it stands."""
    if isinstance(answer, dict):
        mine = [answer["rate"]] if answer.get("code") == "duty" and "rate" in answer else []
        return mine + [rate for value in answer.values() for rate in rates_in(value)]
    if isinstance(answer, list):
        return [rate for value in answer for rate in rates_in(value)]
    return []


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--tariff", "CN", "--programme", "mfnn"], "did you mean mfn?"),
        (["--tariff", "ZZ"], "no market reads a tariff ZZ"),
        (["--tariff", "CA", "--programme", "nonsense"], "known are "),
    ],
)
def test_a_programme_that_nobody_looks_up_is_kept_with_a_warning(xb, tmp_path, flags, words):
    (tmp_path / "own.csv").write_text("hs,origin,rate\n640391,VN,5 %\n")
    ran = xb(["duties", "import", "own.csv", *flags, "--into", "mine", "-q"], folder=tmp_path)
    assert ran.code == 0
    assert ran.stderr.startswith("  warning: no market")
    assert words in ran.stderr
    assert "to price with them" not in ran.stderr
    assert list((tmp_path / "mine").rglob("*.yaml"))
