"""A whole schedule, made at full size with the truth about each line, read back in three forms."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tests.tariffs.make_hts import Made, Maker, write
from tests.tariffs.make_hts_rates import COLUMN_2, GENERAL, Part, Printed
from xborder_cli.tables.terms import parse_terms
from xborder_cli.tariffs.usitc import read_hts

if TYPE_CHECKING:
    from xborder_cli.tariffs.line import Line, Tariff

COUNTRIES = {"AU": ("AU", "preference"), "KR": ("KR", "preference"), "P": ("CR", "preference")}
COUNTRIES |= {"D": ("KE", "preference"), "S": ("CA", "USMCA"), "C": ("", "civil-aircraft")}


@pytest.fixture(scope="module")
def made() -> Made:
    return Maker(20261123).make()


@pytest.fixture(scope="module")
def tariff(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Tariff:
    path = tmp_path_factory.mktemp("hts") / "hts_2026_rev_10.json.gz"
    write(made.rows, path)
    return read_hts(path)


class Found:
    """Rows of one programme by code, found as the tables find them: the longest prefix first."""

    def __init__(self, tariff: Tariff, programme: str, origin: str = "", claim: str = "") -> None:
        self.rows: dict[str, Line] = {}
        for line in tariff.lines:
            named = line.origins or ("",)
            if (line.programme, line.claim) == (programme, claim) and origin in named:
                assert line.hs not in self.rows, f"{line.hs} twice"
                self.rows[line.hs] = line

    def at(self, hs: str) -> Line | None:
        ends = range(len(hs), 0, -1)
        return next((self.rows[hs[:end]] for end in ends if hs[:end] in self.rows), None)


def meant(rate: str) -> tuple[Part, ...] | None:
    """Return what a rate of tables says, in the generator's terms; None for words."""
    terms = parse_terms(rate.strip('"'))
    if terms.words:
        return None
    assert terms.low is None
    assert terms.high is None
    out = []
    for part in terms.parts:
        amount = Fraction(*part.amount)
        if part.currency:
            assert part.currency == "USD"
            assert not part.started
            (unit,) = part.units
            out.append(Part(amount, unit=unit, step=Fraction(*part.step)))
        else:
            out.append(Part(amount, of=part.of))
    return tuple(out)


def test_the_file_is_of_full_size_and_its_rows_are_all_accounted_for(made, tariff):
    assert tariff.rows == len(made.rows) == 35_509
    assert tariff.revision == "2026 Revision 10"
    assert set(tariff.words) >= made.truth.keys()
    assert {one.why for one in tariff.unread if "code" in one.why or "rate" in one.why} == set()


@pytest.mark.parametrize("programme", ["mfn", "column_2"])
def test_every_line_has_the_rate_that_was_printed_for_it(made, tariff, programme):
    origin = "BY" if programme == "column_2" else ""
    plain, within = Found(tariff, programme, origin), Found(tariff, programme, origin, "quota")
    wrong = []
    for hs, truth in made.truth.items():
        expected = truth.general if programme == "mfn" else truth.other
        line = (within if truth.quota else plain).at(hs)
        if line is None or meant(line.rate) != expected.parts:
            wrong.append((hs, expected, line))
    assert not wrong, wrong[:5]


def test_a_rate_within_a_quota_is_not_taken_without_its_claim(made, tariff):
    plain, column_2 = Found(tariff, "mfn"), Found(tariff, "column_2", "BY")
    inside = [hs for hs, truth in made.truth.items() if truth.quota]
    assert len(inside) > 50
    for hs in inside:
        assert meant(plain.at(hs).rate) is None
        assert meant(column_2.at(hs).rate) is None


def test_russia_pays_what_its_hook_names_in_place_of_column_2(made, tariff):
    found, within = Found(tariff, "column_2", "RU"), Found(tariff, "column_2", "RU", "quota")
    for hs, truth in made.truth.items():
        line = (within if truth.quota else found).at(hs)
        expected = (Part(Fraction(35, 100), of="base"),) if truth.russia else truth.other.parts
        assert meant(line.rate) == expected, hs


def test_the_china_lists_answer_every_line_by_the_longest_prefix(made, tariff):
    found = Found(tariff, "us_301_cn", "CN")
    wrong = []
    for hs, truth in made.truth.items():
        (part,) = meant(found.at(hs).rate) or (None,)
        if part is None or part.amount != Fraction(str(truth.china)) / 100:
            wrong.append((hs, truth.china, found.at(hs)))
    assert not wrong, (len(wrong), wrong[:5])
    assert len(found.rows) < len(made.truth)


def test_preferences_of_each_country_are_those_of_its_code(made, tariff):
    for code, (country, claim) in COUNTRIES.items():
        found = Found(tariff, "preference", country, claim)
        for hs, truth in made.truth.items():
            line = found.at(hs)
            got = meant(line.rate) if line is not None else None
            free = truth.general.form == "Free"
            if truth.quota or free or code not in truth.special:
                # none, or one that is no better than column 1
                assert line is None or free or got == truth.general.parts, (code, hs)
            elif truth.special[code] is None:
                assert got is None, (code, hs)
            else:
                assert got == (Part(truth.special[code], of="base"),), (code, hs, line)


def test_forms_are_counted_as_they_were_made(made, tariff):
    own = [truth for truth in made.truth.values() if truth.own]
    printed = {"general": [truth.general for truth in own], "column 2": [t.other for t in own]}
    for column, counts in (("general", GENERAL), ("column 2", COLUMN_2)):
        forms = tariff.forms[column]
        sets = sum("entire set" in one.text for one in printed[column])
        assert sum(forms.values()) == sum(counts.values())
        assert forms["Free"] == counts["Free"]
        assert forms["percent"] == counts["percent"] + counts.get("thirds", 0) + sets
        assert forms["each"] == counts["each"]


def test_nearly_all_general_rates_are_numbers_and_all_others_words(made, tariff):
    forms = Counter(tariff.forms["general"])
    words = sum(count for form, count in forms.items() if form.startswith("words"))
    own = [truth.general for truth in made.truth.values() if truth.own]
    assert len(own) == sum(forms.values()) == 11_414
    assert words == sum(printed.parts is None for printed in own)
    assert 1 - words / len(own) >= 0.985
    told = Counter(one.why for one in tariff.unread)
    assert (
        sum(n for why, n in told.items() if why in ("words", "words: unit", "words: part")) == words
    )


def test_the_three_exports_of_the_same_rows_give_the_same(made, tmp_path):
    apart = next(n for n, row in enumerate(made.rows) if row["htsno"].startswith("98"))
    rows = [*made.rows[:5000], *made.rows[apart:]]
    read = {}
    for ending in ("json", "csv", "csv.gz", "xlsx", "windows.csv"):
        path = tmp_path / f"2026HTSRev10.{ending}"
        write(rows, path, windows="windows" in ending)
        read[ending] = read_hts(path)
    first = read["json"]
    assert len(first.lines) > 3000
    for other in read.values():
        assert other.rows == len(rows)
        assert other.revision == "2026 Revision 10"
        assert other.lines == first.lines
        assert other.unread == first.unread
        assert other.forms == first.forms
        assert other.words == first.words
        # without the whole lists in footnotes, a line that none names is not known to be free
        assert {line.programme for line in other.lines} == {"mfn", "column_2", "preference"}
        assert [programme.id for programme in other.programmes] == ["mfn", "column_2", "preference"]
        russia = [line for line in other.lines if "RU" in line.origins]
        assert all(len(line.hs) == 2 and meant(line.rate) is None for line in russia)


def test_notes_say_what_was_not_imported(made, tariff):
    told = " ".join(tariff.notes)
    assert f"9903.88.69 on {made.excluded} lines" in told
    assert "Section 232" in told
    assert "preferences that have lapsed are left out: A on " in told
    lifted = defaultdict(int)
    for row in made.rows:
        for note in row["footnotes"]:
            lifted[note["value"]] += 1
    assert lifted["See 9903.88.69. "] == made.excluded


def test_printed_rates_stay_beside_the_read_ones(made, tariff):
    texts = {row["htsno"].replace(".", ""): row["general"] for row in made.rows}
    for line in tariff.lines:
        if line.programme == "mfn" and line.hs in made.truth and made.truth[line.hs].own:
            printed: Printed = made.truth[line.hs].general
            assert line.printed.replace(" ", "") in _bare(texts[line.hs]), printed


def _bare(text: str) -> str:
    for mark in ("<i>", "</i>", "<p>", "</p>", "<br/>", " ", "\u00a0", "\u200b"):
        text = text.replace(mark, "")
    return text.replace("²", "2")
