"""`--url`: where a tariff can be had, written as the address of its source."""

from __future__ import annotations

import json

import pytest

from tests.tariffs.test_uk import measure, write

ADDRESS = "https://example.org/tariffs/ca.csv"
SAID = "  nothing says where the file can be had: --url ADDRESS states it\n"
FLAGS = ("--into", "mine", "--from", "2026-01-01", "--report", "r.json")


@pytest.fixture
def bring_in(xb, tmp_path):
    (tmp_path / "rates.csv").write_text("hs,rate\n6109.10,18 %\n")

    def run(*more, file="rates.csv", tariff=("--tariff", "CA")):
        return xb(["duties", "import", file, *tariff, *FLAGS, *more], folder=tmp_path)

    return run


def told(folder):
    return json.loads((folder / "r.json").read_bytes())["imports"][0]


def warned(xb, folder):
    ran = xb(["rates", "check", "--rates", "mine"], folder=folder)
    assert ran.code in (0, 1), ran.stderr
    return "missing-url" in ran.stdout + ran.stderr


def test_a_list_without_an_address_is_warned_of(xb, bring_in, tmp_path):
    ran = bring_in()
    assert ran.stderr.count(SAID) == 1
    assert (told(tmp_path)["url"], warned(xb, tmp_path)) == ("", True)


def test_an_address_is_written_and_nothing_is_warned_of(xb, bring_in, tmp_path):
    ran = bring_in("--url", ADDRESS)
    assert SAID not in ran.stderr
    assert f'url: "{ADDRESS}"' in (tmp_path / "mine/duties/ca/mfn.yaml").read_text()
    assert (told(tmp_path)["url"], warned(xb, tmp_path)) == (ADDRESS, False)


def test_the_same_file_again_may_state_it_and_keeps_it(xb, bring_in, tmp_path):
    bring_in()
    bring_in("--url", ADDRESS)
    assert not warned(xb, tmp_path)
    kept = (tmp_path / "mine/duties/ca/mfn.yaml").read_bytes()
    ran = bring_in()
    assert (ran.code, SAID in ran.stderr) == (0, False)
    assert "nothing changed: imported on" in ran.stderr
    assert (tmp_path / "mine/duties/ca/mfn.yaml").read_bytes() == kept
    (tmp_path / "rates.csv").write_text("hs,rate\n6109.10,17 %\n")
    assert SAID in bring_in("--revision", "another").stderr  # another file, of who knows where


def test_an_official_file_has_that_of_its_authority_or_the_one_given(xb, bring_in, tmp_path):
    write(tmp_path / "m.csv", [measure("61091000")])
    ran = bring_in(file="m.csv", tariff=())
    assert (SAID in ran.stderr, "data.api.trade.gov.uk" in told(tmp_path)["url"]) == (False, True)
    bring_in("--url", "https://example.org/m", file="m.csv", tariff=())
    assert told(tmp_path)["url"] == "https://example.org/m"
    assert "https://example.org/m" in (tmp_path / "mine/duties/gb/mfn.yaml").read_text()


@pytest.mark.parametrize("text", ["example.org", "https://", "https://a b", "see note 3"])
def test_what_is_no_address_is_refused(bring_in, tmp_path, text):
    ran = bring_in("--url", text)
    assert (ran.code, ran.stderr.splitlines()[0]) == (
        2,
        f'--url: "{text}" is no address [bad-value]',
    )
    assert not (tmp_path / "mine").exists()
