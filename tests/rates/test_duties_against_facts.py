"""Duties gathered from the official tariffs, carried here as literals, against the shipped tables.

The literals come from a second reading of what was gathered, apart from how the tables were made.
The finder below is written from docs/tables.md alone: of the rows of the day, the longest prefix,
then a named origin, then a row with a condition.
"""

from __future__ import annotations

import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from xborder_cli.tables.load import load_tables

if TYPE_CHECKING:
    from xborder_cli.core.rule import ProgrammeRow, Term, Terms, Test
    from xborder_cli.tables.tables import Tables

RATES = Path(__file__).parents[2] / "rates"

# tariff, programme, code, origin, day, rate ("-": no row, "words": a rate that only words tell)
PRINTED = [
    ("US", "mfn", "0409000035", "CN", "2026-11-22", "0.019 USD / kg"),
    ("US", "mfn", "2204215040", "CN", "2026-11-22", "0.063 USD / litre"),
    ("US", "mfn", "0802120005", "CN", "2026-11-22", "0.24 USD / kg"),
    ("US", "mfn", "8211930060", "CN", "2026-11-22", "0.03 USD / item + 5.4 %"),
    ("US", "mfn", "8211922000", "CN", "2026-11-22", "0.008 USD / item + 4.6 %"),
    ("US", "mfn", "9608100000", "CN", "2026-11-22", "0.008 USD / item + 5.4 %"),
    ("US", "mfn", "2106902800", "CN", "2026-11-22", "0.131 USD / kg"),
    ("US", "mfn", "2106908700", "CN", "2026-11-22", "0.288 USD / kg + 8.5 %"),
    ("US", "mfn", "6402991600", "CN", "2026-11-22", "0.9 USD / pair + 37.5 %"),
    ("US", "mfn", "9507304000", "CN", "2026-11-22", "0.24 USD / item"),
    ("US", "mfn", "9615111000", "CN", "2026-11-22", "0.144 USD / 144 item + 2 %"),
    ("US", "us_301_cn", "6109100012", "CN", "2026-11-22", "7.5 %"),
    ("US", "us_301_cn", "6115969020", "CN", "2026-11-22", "0 %"),
    ("US", "us_301_cn", "6404119020", "CN", "2026-11-22", "7.5 %"),
    ("US", "us_301_cn", "6307909875", "CN", "2026-11-22", "50 %"),
    ("US", "us_301_cn", "8518302000", "CN", "2026-11-22", "0 %"),
    ("US", "us_301_cn", "8517620090", "CN", "2026-11-22", "7.5 %"),
    ("US", "us_301_cn", "8471602000", "CN", "2026-11-22", "0 %"),
    ("US", "us_301_cn", "8525894000", "CN", "2026-11-22", "7.5 %"),
    ("US", "us_301_cn", "8471300100", "CN", "2026-11-22", "0 %"),
    ("US", "us_301_cn", "6303922030", "CN", "2026-11-22", "7.5 %"),
    ("US", "us_301_cn", "9507306000", "CN", "2026-11-22", "7.5 %"),
    ("US", "us_301_cn", "4911912040", "CN", "2026-11-22", "0 %"),
    ("US", "us_301_cn", "4901990092", "CN", "2026-11-22", "7.5 %"),
    ("US", "us_301_cn", "6704200000", "CN", "2026-11-22", "0 %"),
    ("US", "us_301_cn", "8541430010", "CN", "2026-11-22", "50 %"),
    ("US", "us_301_cn", "7323930045", "CN", "2026-11-22", "0 %"),
    ("US", "us_301_cn", "6109100012", "VN", "2026-11-22", "-"),
    ("US", "us_301_fl", "8517130000", "CN", "2026-11-22", "0 %"),
    ("US", "us_301_fl", "6109100012", "CN", "2026-11-22", "12.5 %"),
    ("US", "us_301_fl", "4901990092", "CN", "2026-11-22", "0 %"),
    ("US", "us_301_fl", "0901210020", "CN", "2026-11-22", "0 %"),
    ("US", "us_301_fl", "8471300100", "CN", "2026-11-22", "0 %"),
    ("US", "us_301_fl", "6109100012", "VN", "2026-11-22", "12.5 %"),
    ("US", "us_301_fl", "6109100012", "GB", "2026-11-22", "10 %"),
    ("US", "us_301_fl", "6109100012", "KE", "2026-11-22", "-"),
    ("US", "us_301_fl", "8517130000", "DE", "2026-11-22", "0 %"),
    ("US", "us_301_fl", "8708305030", "BR", "2026-11-22", "12.5 %"),
    ("US", "us_301_fl", "6109100012", "CN", "2026-07-23", "-"),
    ("US", "us_301_fl_floor", "8481803010", "KR", "2026-11-22", "12.5 %"),
    ("US", "us_301_fl_floor", "8481803010", "CH", "2026-11-22", "12.5 %"),
    ("US", "us_301_fl_floor", "8481803010", "TW", "2026-11-22", "10 %"),
    ("US", "us_301_br", "6109100012", "BR", "2026-11-22", "25 %"),
    ("US", "us_122", "6109100012", "CN", "2026-05-01", "10 %"),
    ("US", "us_122", "6109100012", "CN", "2026-07-24", "-"),
    ("US", "us_232_floor", "8401400000", "CN", "2026-11-22", "15 %"),
    ("US", "us_232_floor", "8424899000", "CN", "2026-11-22", "15 %"),
    ("US", "us_232_floor", "8429110010", "CN", "2026-11-22", "15 %"),
    ("US", "us_232_floor", "8701100150", "CN", "2026-11-22", "15 %"),
    ("EU", "mfn", "61091000", "CN", "2026-11-22", "12 %"),
    ("EU", "mfn", "640299", "CN", "2026-11-22", "16.8 %"),
    ("EU", "mfn", "22042106", "CN", "2026-11-22", "32 EUR / 100 litre"),
    ("EU", "mfn", "19023010", "CN", "2026-11-22", "6.4 % + 24.6 EUR / 100 kg"),
    ("EU", "mfn", "871160", "CN", "2026-11-22", "6 %"),
    ("EU", "mfn", "420292", "CN", "2026-11-22", "2.7 %"),
    ("EU", "antidumping", "6911100090", "CN", "2026-11-22", "79 %"),
    ("EU", "antidumping", "691110", "CN", "2026-01-15", "36.1 %"),
    ("EU", "antidumping", "691110", "VN", "2026-11-22", "-"),
    ("GB", "mfn", "6109100010", "CN", "2026-11-22", "12 %"),
    ("GB", "mfn", "6403999110", "CN", "2026-11-22", "8 %"),
    ("GB", "mfn", "22042106", "CN", "2026-11-22", "26 GBP / 100 litre"),
    ("GB", "mfn", "9102110000", "CN", "2026-11-22", "0.2 GBP / item"),
    ("GB", "mfn", "19023010", "CN", "2026-11-22", "6 % + 20 GBP / 100 kg"),
    ("CA", "mfn", "610910", "CN", "2026-11-22", "18 %"),
    ("CA", "mfn", "640411", "CN", "2026-11-22", "18 %"),
    ("CA", "mfn", "220421", "CN", "2026-11-22", "0.0187 CAD / litre"),
    ("AU", "mfn", "61091000", "CN", "2026-11-22", "5 %"),
    ("AU", "mfn", "190531", "CN", "2026-11-22", "5 %"),
    ("AU", "mfn", "22042130", "CN", "2026-11-22", "5 % + 107.99 AUD / litre_alcohol"),
    ("JP", "mfn", "610910", "CN", "2026-11-22", "10.9 %"),
    ("JP", "mfn", "42022100", "CN", "2026-11-22", "10 %"),
    ("JP", "mfn", "620520", "CN", "2026-11-22", "7.4 %"),
    ("CN", "mfn", "610910", "JP", "2026-11-22", "6 %"),
    ("CN", "mfn", "330499", "JP", "2026-11-22", "1 %"),
    ("CN", "mfn", "190110", "JP", "2026-11-22", "15 %"),
    ("CN", "mfn", "871160", "JP", "2026-11-22", "45 %"),
    ("CN", "provisional", "190110", "JP", "2026-11-22", "5 %"),
    ("CN", "provisional", "220830", "JP", "2026-11-22", "5 %"),
    ("CN", "us_additional", "330499", "US", "2026-11-22", "10 %"),
    ("CN", "us_additional", "330499", "JP", "2026-11-22", "-"),
    ("KR", "mfn", "610910", "CN", "2026-11-22", "13 %"),
    ("IN", "in_aidc", "640411", "CN", "2026-11-22", "18.5 %"),
    ("HK", "mfn", "610910", "CN", "2026-11-22", "0 %"),
    ("SG", "mfn", "610910", "CN", "2026-11-22", "0 %"),
    ("IN", "mfn", "610910", "CN", "2026-11-22", "20 %"),
    ("IN", "mfn", "640411", "CN", "2026-11-22", "20 %"),
    ("BR", "mfn", "610910", "CN", "2026-11-22", "35 %"),
    ("ZA", "mfn", "610910", "CN", "2026-11-22", "45 %"),
    ("AE", "mfn", "610910", "CN", "2026-11-22", "5 %"),
    ("SA", "mfn", "610910", "CN", "2026-11-22", "5 %"),
]

PARTS_AND_CLAMPS = [
    (
        "US",
        "mfn",
        "9102111000",
        "CN",
        "2026-11-22",
        "0.44 USD / item + 6 % of case + 14 % of strap + 5.3 % of battery",
    ),
    (
        "US",
        "mfn",
        "9102114500",
        "CN",
        "2026-11-22",
        "0.4 USD / item + 8.5 % of case + 2.8 % of strap + 5.3 % of battery",
    ),
    (
        "US",
        "mfn",
        "9105218000",
        "CN",
        "2026-11-22",
        "0.3 USD / item + 6.9 % of case + 5.3 % of battery",
    ),
    ("US", "mfn", "6505000800", "CN", "2026-11-22", "0.135 USD / kg + 6.3 % + 0.019 USD / item"),
    ("US", "mfn", "2208908000", "CN", "2026-11-22", "0.211 USD / 0.5 litre_alcohol"),
    ("US", "mfn", "8206000000", "CN", "2026-11-22", "words"),
    ("US", "mfn", "2106905200", "CN", "2026-11-22", "words"),
    ("US", "mfn", "6109100012", "CN", "2025-12-31", "16.5 %"),
    ("US", "mfn", "6109100012", "CN", "2023-12-31", "-"),
    ("US", "column_2", "6109100012", "RU", "2026-11-22", "words"),
    ("US", "us_338", "6109100012", "CA", "2026-11-22", "words"),
    ("US", "us_301_fl_floor", "8481803010", "DE", "2026-11-22", "10 %"),
    ("US", "us_232", "8708305030", "DE", "2026-11-22", "0 %"),
    ("US", "us_232_floor", "8708305030", "DE", "2026-11-22", "15 %"),
    ("US", "us_232_floor", "8708305030", "CN", "2026-11-22", "-"),
    ("US", "us_232", "7323930045", "GB", "2026-11-22", "15 %"),
    ("US", "us_232", "8544429090", "CN", "2026-03-01", "-"),  # the market asks for the metal
    ("US", "us_232", "8806240000", "CN", "2026-11-22", "100 %"),
    ("US", "us_232", "8806220000", "CN", "2026-09-02", "-"),
    ("EU", "mfn", "91021100", "CN", "2026-11-22", "4.5 % min 0.3 EUR / item max 0.8 EUR / item"),
    (
        "EU",
        "mfn",
        "17049030",
        "CN",
        "2026-11-22",
        "9.1 % + 45.1 EUR / 100 kg max 18.9 % + 16.5 EUR / 100 kg",
    ),
    ("EU", "mfn", "22089091", "CN", "2026-11-22", "1 EUR / vol_hl + 6.4 EUR / 100 litre"),
    ("EU", "mfn", "190531", "CN", "2026-11-22", "words"),
    ("EU", "antidumping", "8711601000", "CN", "2026-11-22", "62.1 % + 17.2 %"),
    ("EU", "antidumping", "8712003000", "LK", "2026-11-22", "48.5 %"),
    ("GB", "mfn", "22089091", "CN", "2026-11-22", "0.8 GBP / vol_hl + 5.3 GBP / 100 litre"),
    ("JP", "mfn", "640399", "CN", "2026-11-22", "30 % min 4300 JPY / pair"),
    ("JP", "mfn", "220421", "FR", "2026-11-22", "15 % min 67 JPY / litre max 125 JPY / litre"),
    ("AU", "mfn", "85183090", "CN", "2026-11-22", "0 %"),
    ("IN", "in_sws", "610910", "CN", "2026-11-22", "10 %"),
    ("IN", "in_sws", "640411", "CN", "2026-11-22", "0 %"),
]

# tariff, programme, code, origin, what the line says, rate on 2026-11-22
WITH_CONDITIONS = [
    ("US", "preference", "6109100012", "MX", {"claim": "USMCA"}, "0 %"),
    ("US", "preference", "6109100012", "MX", {}, "-"),
    ("US", "preference", "6109100012", "KR", {"claim": "preference"}, "0 %"),
    ("US", "us_232", "8708305030", "MX", {"claim": "USMCA"}, "0 %"),
    ("US", "us_232", "8708305030", "MX", {}, "25 %"),
    ("US", "us_232", "9403608093", "CN", {}, "-"),
    ("US", "us_232", "9403608093", "CN", {"trait": "kitchen_cabinet"}, "25 %"),
    ("US", "us_301_cn", "851762", "CN", {"goods": "router"}, "25 %"),
    ("US", "us_301_cn", "851762", "CN", {"goods": "smartwatch"}, "7.5 %"),
    ("US", "us_301_cn", "630392", "CN", {"goods": "curtain"}, "7.5 %"),
    ("US", "us_301_fl", "847130", "CN", {"goods": "laptop"}, "0 %"),
    ("US", "us_301_fl", "851713", "CN", {"goods": "smartphone"}, "0 %"),
    ("US", "us_232", "732393", "CN", {"goods": "cookware-stainless"}, "25 %"),
    ("US", "us_232", "940161", "DE", {"goods": "chair-upholstered-wood"}, "0 %"),
    ("US", "us_232_floor", "940161", "DE", {"goods": "chair-upholstered-wood"}, "15 %"),
    ("EU", "antidumping", "871160", "CN", {"goods": "e-bike"}, "62.1 % + 17.2 %"),
    ("EU", "antidumping", "871160", "CN", {"goods": "e-scooter"}, "-"),
    ("GB", "antidumping", "8711601000", "CN", {}, "-"),
    ("GB", "antidumping", "8711601000", "CN", {"trait": "folding"}, "62.1 % + 17.2 %"),
    ("AU", "preference", "610910", "CN", {"claim": "preference"}, "0 %"),
    ("AU", "preference", "392410", "CA", {"claim": "preference"}, "0 %"),
    ("AU", "preference", "22083000", "CN", {"claim": "preference"}, "words"),
    ("AU", "preference", "22042130", "CN", {"claim": "preference"}, "107.99 AUD / litre_alcohol"),
    ("EU", "preference", "090230", "JP", {"claim": "preference"}, "words"),
    ("EU", "preference", "851762", "JP", {"claim": "preference"}, "0 %"),
    ("EU", "preference", "640411", "VN", {"claim": "preference"}, "words"),
    ("JP", "preference", "610910", "CN", {"claim": "preference"}, "6.8 %"),
]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Load the duties and what they refer to, and nothing that others may be editing."""
    folder = tmp_path_factory.mktemp("rates")
    for name in ("countries.yaml", "currencies.yaml", "goods.yaml", "modes.yaml"):
        shutil.copy(RATES / name, folder / name)
    for name in ("duties", "fx"):
        shutil.copytree(RATES / name, folder / name)
    return load_tables([folder])


def day_number(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def holds(test: Test, line: dict[str, str]) -> bool:
    assert test.kind == "is"
    return line.get(test.name, "") in test.values


def find(
    rows: tuple[ProgrammeRow, ...], code: str, origin: str, on: str, line: dict[str, str]
) -> ProgrammeRow | None:
    day = day_number(on)
    fitting = [
        row
        for row in rows
        if code.startswith(row.hs)
        and row.origin in ("", origin)
        and row.since <= day
        and (row.until is None or day <= row.until)
        and all(holds(test, line) for test in row.when)
    ]
    if not fitting:
        return None
    best = max((len(row.hs), row.origin != "", bool(row.when)) for row in fitting)
    first, *others = [
        row for row in fitting if (len(row.hs), row.origin != "", bool(row.when)) == best
    ]
    assert not others, f"{code} {origin}: two rows hold at once, lines {first.provenance.line}, ..."
    return first


def plain(number: Fraction) -> str:
    """Return a number with a finite decimal expansion as a person writes it."""
    for digits in range(12):
        if (number * 10**digits).denominator == 1:
            text = str(int(number * 10**digits)).rjust(digits + 1, "0")
            return f"{text[:-digits]}.{text[-digits:]}" if digits else text
    raise AssertionError(number)


def term_text(term: Term) -> str:
    amount = Fraction(*term.amount)
    if not term.currency:
        share = f"{plain(amount * 100)} %"
        return share if term.of in ("", "base") else f"{share} of {term.of}"
    text = f"{plain(amount)} {term.currency}"
    if not term.units:
        return text
    step = Fraction(*term.step)
    return f"{text} / {'' if step == 1 else plain(step) + ' '}{' '.join(term.units)}"


def terms_text(terms: Terms) -> str:
    if terms.words:
        return "words"
    text = " + ".join(term_text(term) for term in terms.parts)
    if terms.low is not None:
        text += f" min {terms_text(terms.low)}"
    if terms.high is not None:
        text += f" max {terms_text(terms.high)}"
    return text


@pytest.mark.parametrize(
    ("tariff", "programme", "code", "origin", "on", "rate"), PRINTED + PARTS_AND_CLAMPS
)
def test_a_printed_rate_is_found(
    tables: Tables, tariff: str, programme: str, code: str, origin: str, on: str, rate: str
) -> None:
    row = find(tables.programmes[tariff, programme].rows, code, origin, on, {})
    assert (terms_text(row.terms) if row else "-") == rate


@pytest.mark.parametrize(("tariff", "programme", "code", "origin", "line", "rate"), WITH_CONDITIONS)
def test_a_row_holds_under_its_condition(
    tables: Tables,
    tariff: str,
    programme: str,
    code: str,
    origin: str,
    line: dict[str, str],
    rate: str,
) -> None:
    row = find(tables.programmes[tariff, programme].rows, code, origin, "2026-11-22", line)
    assert (terms_text(row.terms) if row else "-") == rate


def test_no_row_of_mfn_is_a_gap(tables: Tables) -> None:
    for (_, identity), programme in tables.programmes.items():
        if identity == "mfn":
            assert programme.default == "gap"


def test_every_row_says_who_and_since_when(tables: Tables) -> None:
    for programme in tables.programmes.values():
        for row in programme.rows:
            assert row.provenance.url.startswith("http"), row
            assert row.provenance.checked, row
            assert row.since, row


def test_additions_and_totals_of_section_232_never_meet(tables: Tables) -> None:
    """A code finds a rate above 0 in one of the two programmes at most."""
    adds = tables.programmes["US", "us_232"].rows
    totals = tables.programmes["US", "us_232_floor"].rows
    lines = {row.hs.ljust(10, "0") for row in (*adds, *totals)}
    for code in sorted(lines):
        for origin in ("CN", "DE", "GB", "JP", "MX", "TW"):
            found = [find(rows, code, origin, "2026-11-22", {}) for rows in (adds, totals)]
            above = [row for row in found if row and terms_text(row.terms) not in ("0 %", "words")]
            assert len(above) <= 1, (code, origin)


def test_a_smartphone_and_a_shirt_from_china(tables: Tables) -> None:
    """Column 1 and both section 301 programmes: 0 for the phone, 36.5 % for the shirt."""

    def total(code: str) -> Fraction:
        sum_of = Fraction(0)
        for identity in ("mfn", "us_301_cn", "us_301_fl"):
            row = find(tables.programmes["US", identity].rows, code, "CN", "2026-11-22", {})
            assert row is not None
            sum_of += Fraction(*row.terms.parts[0].amount)
        return sum_of

    assert total("8517130000") == 0
    assert total("6109100012") == Fraction(365, 1000)
    assert total("4202923120") == Fraction(551, 1000)
    assert total("8507600090") == Fraction(409, 1000)
